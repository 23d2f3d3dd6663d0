//! Analysis of deviance: whether the terms by which nested fits differ belong in the model.

use glm_core::special::{chi2_sf, f_sf};
use glm_solvers::{CovarianceType, DispersionSource, Fit};

use crate::Error;

/// A larger model's deviance may exceed a smaller one's by so much of it, by the tolerance of the fits.
const FITTED: f64 = 1e-8;
/// And by so much of the null deviance, by rounding.
const ROUNDING: f64 = 1e-12;
/// The same data give the same null deviance to so much of it.
const SAME_DATA: f64 = 1e-6;

/// What a comparison needs of a fit.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, irls};
/// use glm_stats::{FitSummary, compare};
/// // Two groups of counts: twice the log-likelihood ratio against one mean is 2 Σ y ln(mean of group/mean of all).
/// let (group, y) = ([0.0, 0.0, 1.0, 1.0], vec![2.0, 4.0, 10.0, 8.0]);
/// let (design, poisson) = (Dense::with_intercept([&group[..]])?, spec::response("poisson(log)")?);
/// let fit = FitSummary::from(&irls().fit(&Problem::new(&design, &*poisson, y)?)?);
/// let null = fit.null_model().ok_or("no null model")?;
/// let table = compare(&[null, fit], None)?;
/// let statistic = table.rows[1].change.and_then(|change| change.statistic).ok_or("no test")?;
/// assert!((statistic - 2.0 * (6.0 * 0.5_f64.ln() + 18.0 * 1.5_f64.ln())).abs() < 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FitSummary {
    /// The response's name, `poisson(log)`.
    pub response: String,
    /// Observations.
    pub n_used: usize,
    /// Twice the loss.
    pub deviance: f64,
    /// Observations minus the rank.
    pub df_residual: usize,
    /// The deviance of the intercept-only model, or without an intercept of η = offset; `None` where it has no fit.
    pub null_deviance: Option<f64>,
    /// The degrees of freedom of that model.
    pub df_null: usize,
    /// φ; `None` without residual degrees of freedom.
    pub dispersion: Option<f64>,
    /// Whether φ was estimated, rather than known or given.
    pub is_dispersion_estimated: bool,
    /// Whether the rows are a sample with unequal probabilities.
    pub is_sample: bool,
}

impl From<&Fit> for FitSummary {
    fn from(fit: &Fit) -> Self {
        Self {
            response: fit.response.clone(),
            n_used: fit.n_used,
            deviance: fit.deviance,
            df_residual: fit.df_residual,
            null_deviance: (!fit.null_deviance.is_nan()).then_some(fit.null_deviance),
            df_null: fit.df_null,
            dispersion: fit.dispersion,
            is_dispersion_estimated: !matches!(
                fit.dispersion_source,
                DispersionSource::Known | DispersionSource::Fixed
            ),
            is_sample: fit.covariance_type == CovarianceType::Robust,
        }
    }
}

impl FitSummary {
    /// The null model of this one, as far as a comparison needs it; `None` where it has no fit.
    #[must_use]
    pub fn null_model(&self) -> Option<Self> {
        let dispersion = self.dispersion.filter(|_| !self.is_dispersion_estimated);
        Some(Self { deviance: self.null_deviance?, df_residual: self.df_null, dispersion, ..self.clone() })
    }
}

/// What a difference of deviances is referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// (D₀ − D₁)/φ is χ² on the difference of the degrees of freedom: the likelihood-ratio test where φ is known.
    LikelihoodRatio,
    /// (D₀ − D₁)/(φ̂ d) is F on d, the difference, and the degrees of freedom of φ̂; exact for Gaussian responses with the
    /// identity link. Where φ is known these are infinitely many, and the test is the other one.
    F,
    /// gᵀI⁻¹g/φ is χ² on the difference of the degrees of freedom, by [`score_statistic`](crate::score_statistic) of the
    /// larger model at the smaller fit: Rao's test. R's `anova(…, test = "Rao")` prints gᵀI⁻¹g and divides for the p-value.
    Score,
}

/// The comparison of one fit with the one before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Residual degrees of freedom of the fit before, minus those of this one; negative where the models shrink.
    pub df: isize,
    /// Deviance of the fit before, minus that of this one.
    pub deviance: f64,
    /// χ² or F; `None` where the two are the same model.
    pub statistic: Option<f64>,
    /// The probability of a statistic as large or larger if the smaller model is true, with a relative error below 1e-13
    /// for the statistic as it is.
    pub p_value: Option<f64>,
}

/// One fit of a table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DevianceRow {
    /// Residual degrees of freedom.
    pub df_residual: usize,
    /// The deviance.
    pub deviance: f64,
    /// Against the fit before; `None` for the first.
    pub change: Option<Change>,
}

/// An analysis of deviance.
#[derive(Debug, Clone, PartialEq)]
pub struct DevianceTable {
    /// What the statistics are.
    pub test: Test,
    /// φ of the largest model, by which all of them are scaled.
    pub dispersion: f64,
    /// The degrees of freedom of φ, infinitely many where it is known.
    pub df_dispersion: f64,
    /// One row per fit, in their order.
    pub rows: Vec<DevianceRow>,
}

/// Compares each fit with the one before it, as R's `anova` of several fits does: by default with F where the dispersion is
/// estimated and by the likelihood ratio where it is not, the dispersion being that of the largest model, the one with the
/// fewest residual degrees of freedom.
///
/// That the models are nested is for the caller to know; what can be seen from their numbers is refused.
///
/// # Errors
///
/// [`Error::TooFewFits`]; fits that cannot be compared: [`Error::DifferentResponses`], [`Error::DifferentRows`],
/// [`Error::DifferentData`], [`Error::Sampled`], [`Error::NotNested`]; [`Error::NoDispersion`]; [`Error::Scores`] for
/// [`Test::Score`], which needs more than summaries and is [`compare_by_score`].
pub fn compare(fits: &[FitSummary], test: Option<Test>) -> Result<DevianceTable, Error> {
    table(fits, test, &[])
}

/// As [`compare`], by Rao's score test: `scores` has [`score_statistic`](crate::score_statistic) of the larger model at the
/// smaller fit for each pair of fits that follow each other.
///
/// # Errors
///
/// As [`compare`]; [`Error::Scores`] for another number of scores than of pairs.
pub fn compare_by_score(fits: &[FitSummary], scores: &[f64]) -> Result<DevianceTable, Error> {
    table(fits, Some(Test::Score), scores)
}

fn table(fits: &[FitSummary], test: Option<Test>, scores: &[f64]) -> Result<DevianceTable, Error> {
    let [first, rest @ ..] = fits else { return Err(Error::TooFewFits { found: 0 }) };
    if rest.is_empty() {
        return Err(Error::TooFewFits { found: 1 });
    }
    for (fit, summary) in fits.iter().enumerate() {
        check_comparable(fit, summary, first)?;
    }
    let before = |a: usize, b: usize| if fits[b].df_residual < fits[a].df_residual { b } else { a };
    let largest = (1..fits.len()).fold(0, before);
    let Some(dispersion) = fits[largest].dispersion else { return Err(Error::NoDispersion { fit: largest }) };
    let is_estimated = fits[largest].is_dispersion_estimated;
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    let df_dispersion = if is_estimated { fits[largest].df_residual as f64 } else { f64::INFINITY };
    let test = test.unwrap_or(if is_estimated { Test::F } else { Test::LikelihoodRatio });
    if test == Test::Score && scores.len() != rest.len() {
        return Err(Error::Scores { expected: rest.len(), found: scores.len() });
    }
    let row = |fit: &FitSummary, change| DevianceRow { df_residual: fit.df_residual, deviance: fit.deviance, change };
    let mut rows = vec![row(first, None)];
    for (fit, pair) in fits.windows(2).enumerate() {
        let scale = Scale { test, score: scores.get(fit).copied(), phi: dispersion, df_phi: df_dispersion };
        let change = change(fit + 1, pair, &scale)?;
        rows.push(row(&pair[1], Some(change)));
    }
    Ok(DevianceTable { test, dispersion, df_dispersion, rows })
}

/// Refuses a fit that is of other data or another family than the first.
fn check_comparable(fit: usize, summary: &FitSummary, first: &FitSummary) -> Result<(), Error> {
    if summary.is_sample {
        return Err(Error::Sampled { fit });
    }
    if summary.response != first.response {
        let (response, first) = (summary.response.clone(), first.response.clone());
        return Err(Error::DifferentResponses { fit, response, first });
    }
    if summary.n_used != first.n_used {
        return Err(Error::DifferentRows { fit, n_used: summary.n_used, first: first.n_used });
    }
    // With an intercept and without, null models differ on the same data, too.
    match (summary.null_deviance, first.null_deviance) {
        (Some(null_deviance), Some(first_null)) if summary.df_null == first.df_null => {
            let same = (null_deviance - first_null).abs() <= SAME_DATA * null_deviance.max(first_null);
            if same { Ok(()) } else { Err(Error::DifferentData { fit, null_deviance, first: first_null }) }
        }
        _ => Ok(()),
    }
}

/// What a pair of fits is measured with.
struct Scale {
    test: Test,
    /// gᵀI⁻¹g, for the score test.
    score: Option<f64>,
    phi: f64,
    df_phi: f64,
}

/// What the second of a pair of fits changes.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "a number of rows is far below 2^53")]
fn change(fit: usize, pair: &[FitSummary], scale: &Scale) -> Result<Change, Error> {
    let (before, after) = (&pair[0], &pair[1]);
    let (smaller, larger) = if after.df_residual <= before.df_residual { (before, after) } else { (after, before) };
    let (df, gain) = (smaller.df_residual - larger.df_residual, smaller.deviance - larger.deviance);
    let slack = FITTED * smaller.deviance + ROUNDING * smaller.null_deviance.unwrap_or(0.0);
    if gain < -slack || (df == 0 && gain > slack) {
        return Err(Error::NotNested { fit, df, larger: larger.deviance, smaller: smaller.deviance });
    }
    let chi_square = |size: f64| (size / scale.phi, chi2_sf(size / scale.phi, df as f64));
    let (statistic, p_value) = match scale.test {
        Test::LikelihoodRatio => chi_square(gain),
        Test::Score => chi_square(scale.score.unwrap_or(f64::NAN)),
        Test::F => {
            let statistic = gain / scale.phi / df as f64;
            (statistic, f_sf(statistic, df as f64, scale.df_phi))
        }
    };
    let exists = |value: f64| (df > 0 && !value.is_nan()).then_some(value);
    Ok(Change {
        df: before.df_residual as isize - after.df_residual as isize,
        deviance: before.deviance - after.deviance,
        statistic: exists(statistic),
        p_value: exists(p_value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(deviance: f64, df_residual: usize) -> FitSummary {
        FitSummary {
            response: "gaussian(identity)".to_owned(),
            n_used: 13,
            deviance,
            df_residual,
            null_deviance: Some(100.0),
            df_null: 12,
            dispersion: Some(deviance / df_residual as f64),
            is_dispersion_estimated: true,
            is_sample: false,
        }
    }

    fn known(deviance: f64, df_residual: usize) -> FitSummary {
        let response = "poisson(log)".to_owned();
        FitSummary { response, dispersion: Some(1.0), is_dispersion_estimated: false, ..summary(deviance, df_residual) }
    }

    #[test]
    fn two_more_parameters_have_closed_forms() {
        // P(χ²₂ > x) = e^(−x/2), and P(F₂,ₙ > f) = (1 + 2f/n)^(−n/2).
        let table = compare(&[known(30.0, 12), known(20.0, 10)], None).unwrap();
        let change = table.rows[1].change.unwrap();
        assert_eq!((table.test, change.df, change.statistic), (Test::LikelihoodRatio, 2, Some(10.0)));
        assert!((change.p_value.unwrap() / (-5.0_f64).exp() - 1.0).abs() < 1e-13);
        let table = compare(&[summary(30.0, 12), summary(20.0, 10)], None).unwrap();
        let change = table.rows[1].change.unwrap();
        assert_eq!(
            (table.test, table.dispersion, table.df_dispersion, change.statistic),
            (Test::F, 2.0, 10.0, Some(2.5))
        );
        assert!((change.p_value.unwrap() / 1.5_f64.powi(-5) - 1.0).abs() < 1e-13);
    }

    #[test]
    fn the_scale_is_that_of_the_largest_model_in_any_order() {
        let fits = [summary(30.0, 12), summary(20.0, 10), summary(12.0, 8)];
        let up = compare(&fits, None).unwrap();
        let down = compare(&[fits[2].clone(), fits[1].clone(), fits[0].clone()], None).unwrap();
        assert_eq!((up.dispersion, down.dispersion), (1.5, 1.5));
        let (up, down) = (up.rows[2].change.unwrap(), down.rows[1].change.unwrap());
        assert_eq!((up.df, up.deviance, down.df, down.deviance), (2, 8.0, -2, -8.0));
        assert_eq!((up.statistic, up.p_value), (down.statistic, down.p_value));
    }

    #[test]
    fn a_known_dispersion_has_infinitely_many_degrees_of_freedom() {
        let p = |test| compare(&[known(30.0, 12), known(20.0, 9)], Some(test)).unwrap().rows[1].change.unwrap().p_value;
        assert_eq!(p(Test::F), p(Test::LikelihoodRatio));
    }

    #[test]
    fn scores_are_scaled_by_the_dispersion_of_the_largest_model() {
        let table = compare_by_score(&[summary(30.0, 12), summary(20.0, 10)], &[8.0]).unwrap();
        let change = table.rows[1].change.unwrap();
        assert_eq!((table.test, table.dispersion, change.statistic), (Test::Score, 2.0, Some(4.0)));
        assert!((change.p_value.unwrap() / (-2.0_f64).exp() - 1.0).abs() < 1e-13);
        let fits = [known(30.0, 12), known(20.0, 10), known(19.0, 9)];
        assert_eq!(compare_by_score(&fits, &[8.0]), Err(Error::Scores { expected: 2, found: 1 }));
        assert_eq!(compare(&fits, Some(Test::Score)), Err(Error::Scores { expected: 2, found: 0 }));
    }

    #[test]
    fn the_same_model_twice_has_no_test() {
        let change = compare(&[summary(20.0, 10), summary(20.0 + 1e-9, 10)], None).unwrap().rows[1].change.unwrap();
        assert_eq!((change.df, change.statistic, change.p_value), (0, None, None));
    }

    #[test]
    fn what_cannot_be_compared_is_refused() {
        let refused = |change: fn(&mut FitSummary)| {
            let mut second = summary(20.0, 10);
            change(&mut second);
            compare(&[summary(30.0, 12), second], None).unwrap_err()
        };
        assert!(matches!(refused(|fit| fit.response = "gamma(log)".into()), Error::DifferentResponses { fit: 1, .. }));
        assert!(matches!(refused(|fit| fit.n_used = 12), Error::DifferentRows { fit: 1, n_used: 12, first: 13 }));
        assert!(matches!(refused(|fit| fit.null_deviance = Some(101.0)), Error::DifferentData { fit: 1, .. }));
        assert!(matches!(refused(|fit| fit.is_sample = true), Error::Sampled { fit: 1 }));
        assert!(matches!(refused(|fit| fit.dispersion = None), Error::NoDispersion { fit: 1 }));
        assert!(matches!(refused(|fit| fit.deviance = 31.0), Error::NotNested { fit: 1, df: 2, .. }));
        assert!(matches!(refused(|fit| fit.df_residual = 12), Error::NotNested { fit: 1, df: 0, .. }));
        for found in [0, 1] {
            assert_eq!(compare(&vec![summary(1.0, 1); found], None), Err(Error::TooFewFits { found }));
        }
    }

    #[test]
    fn another_null_model_is_no_sign_of_other_data() {
        let no_intercept = FitSummary { df_null: 13, null_deviance: Some(500.0), ..summary(20.0, 10) };
        assert!(compare(&[no_intercept, summary(15.0, 9)], None).is_ok());
    }
}

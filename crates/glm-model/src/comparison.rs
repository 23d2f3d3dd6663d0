//! Comparison of models on the data that they were fitted to: whether these are the data, and Rao's score test.

use glm_core::{Design, Response};
use glm_frame::{Columns, Frame};
use glm_stats::{DevianceTable, Estimates, FitSummary, Test, compare_by_score, outside_span, score_statistic};

use crate::evaluation;
use crate::model::Fitted;
use crate::rows::{Kind, Rows};
use crate::{Error, Model};

/// Departure of a deviance from that of the fit, by the tolerance of fits, and as a share of the null deviance, by rounding.
const DEVIANCE: (f64, f64) = (1e-8, 1e-12);
/// Relative difference of offsets that are computed in two ways.
const OFFSET: f64 = 1e-12;

/// Compares each model with the one before it, as [`glm_stats::compare`] does, on the data that all of them were fitted to;
/// each model comes with a table of them, which may be one and the same. That these are the data is checked: each model
/// must find its own number of observations and its own deviance in them, and all the same responses, weights and offset.
///
/// For [`Test::Score`] the larger model's gradient and expected information are taken at the linear predictors of the
/// smaller one, which must be within it: each of its columns a combination of columns of the larger.
///
/// ```
/// use glm_model::{Frame, ModelSpec, ReadOptions, compare_on};
/// use glm_stats::Test;
/// let frame = Frame::from_bytes(b"y,x\n1,0\n0,0\n1,0\n0,0\n1,1\n1,1\n0,1\n1,1\n", &ReadOptions::default())?;
/// let fit = |formula: &str| ModelSpec::new(formula).family("binomial").fit(&frame);
/// let (null, full) = (fit("y ~ 1")?, fit("y ~ x")?);
/// let table = compare_on(&[(&null, &frame), (&full, &frame)], Some(Test::Score))?;
/// // Pearson's chi-square of the table 2 2, 3 1: 8·(2·1 − 2·3)²/(4·4·5·3).
/// let score = table.rows[1].change.and_then(|change| change.statistic);
/// assert!(score.is_some_and(|score| (score - 8.0 * 16.0 / 240.0).abs() < 1e-12));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// As [`glm_stats::compare`], in [`Error::Inference`]; [`Error::OtherData`] and [`Error::UnlikeData`] where the data are not
/// those of the fits; [`Error::NotWithin`]; [`Error::Usage`] for a network or ordered classes, and for the score of a fit
/// that is not at the maximum because its bias was reduced; what reading the columns can raise.
pub fn compare_on(models: &[(&Model, &Frame)], test: Option<Test>) -> Result<DevianceTable, Error> {
    let columns = models.iter().map(|(model, frame)| model.design.columns_and_response(frame));
    let columns: Vec<Columns<'_>> = columns.collect::<Result<_, _>>()?;
    let compared = models.iter().zip(&columns).map(|((model, frame), columns)| Compared::of(model, frame, columns));
    let compared: Vec<Compared<'_>> = compared.collect::<Result<_, _>>()?;
    for pair in compared.windows(2) {
        pair[0].check_alike(&pair[1])?;
    }
    let fits: Vec<FitSummary> = compared.iter().map(|compared| compared.fit.clone()).collect();
    match test {
        Some(Test::Score) => {
            glm_stats::compare(&fits, None)?;
            let scores: Vec<f64> = compared.windows(2).map(score).collect::<Result<_, _>>()?;
            Ok(compare_by_score(&fits, &scores)?)
        }
        test => Ok(glm_stats::compare(&fits, test)?),
    }
}

/// A model and what the data are to it.
struct Compared<'a> {
    model: &'a Model,
    fit: &'a FitSummary,
    estimates: &'a Estimates,
    response: Box<dyn Response>,
    columns: &'a Columns<'a>,
    rows: Rows<'a>,
    /// The linear predictors of the fit.
    eta: Vec<f64>,
}

impl<'a> Compared<'a> {
    fn of(model: &'a Model, frame: &Frame, columns: &'a Columns<'a>) -> Result<Self, Error> {
        let Fitted::Regression { estimates, comparison } = &model.fitted else {
            let message = "a network and ordered classes have no deviance table; compare regressions".to_owned();
            return Err(Error::Usage { message });
        };
        let label = model.design.response_label().unwrap_or_default();
        let rows = Rows::of(&model.spec, &Kind::of(&model.spec)?, columns, label)?;
        let response = model.fitted.response()?;
        evaluation::check(&*response, &rows.y, (frame, columns), label)?;
        let eta = model.fitted.eta(frame, columns)?;
        let compared = Self { model, fit: comparison, estimates, response, columns, rows, eta };
        compared.check_fit()?;
        Ok(compared)
    }

    /// Refuses data in which the model finds other numbers than in those of its fit.
    fn check_fit(&self) -> Result<(), Error> {
        let other = |what, here, fitted| {
            let formula = self.model.spec.formula.clone();
            Err(Error::OtherData { formula, what, here, fitted })
        };
        let design = self.columns.design()?;
        let problem = self.problem(&*design)?;
        let (here, fitted) = (problem.n_used(), self.fit.n_used);
        #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
        if here != fitted {
            return other("number of observations", here as f64, fitted as f64);
        }
        let weights = self.weights();
        let (here, fitted) =
            (evaluation::deviance(&*self.response, &self.rows.y, &weights, &self.eta), self.fit.deviance);
        let slack = DEVIANCE.0 * fitted + DEVIANCE.1 * self.fit.null_deviance.unwrap_or(0.0);
        if (here - fitted).abs() <= slack { Ok(()) } else { other("deviance", here, fitted) }
    }

    /// Refuses another model of other rows, responses, weights or offset.
    fn check_alike(&self, other: &Self) -> Result<(), Error> {
        let used =
            |compared: &Self| (0..compared.columns.n_rows()).map(|row| compared.columns.row(row)).collect::<Vec<_>>();
        let [own, others] = [self, other].map(|compared| compared.columns.offset().unwrap_or_default());
        let same = |row: usize| {
            let of = |offset: &[f64]| offset.get(row).copied().unwrap_or(0.0);
            (of(own) - of(others)).abs() <= OFFSET * of(own).abs()
        };
        let what = match () {
            () if used(self) != used(other) => "the rows that they use",
            () if self.rows.y != other.rows.y => "the responses",
            () if self.weights() != other.weights() => "the weights",
            () if !(0..self.rows.y.len()).all(same) => "the offset",
            () => return Ok(()),
        };
        let formula = |compared: &Self| compared.model.spec.formula.clone();
        Err(Error::UnlikeData { first: formula(self), second: formula(other), what })
    }

    fn weights(&self) -> Vec<f64> {
        self.rows.total().unwrap_or_else(|| vec![1.0; self.rows.y.len()])
    }

    fn problem<'b>(&'b self, design: &'b dyn Design) -> Result<glm_solvers::Problem<'b>, Error> {
        let problem = self.rows.problem(design, &*self.response, None);
        problem.map_err(|error| Error::Solver(Box::new(error)))
    }
}

/// gᵀI⁻¹g of the larger of two models at the fit of the smaller.
fn score(pair: &[Compared<'_>]) -> Result<f64, Error> {
    let (smaller, larger) =
        if pair[1].fit.df_residual <= pair[0].fit.df_residual { (&pair[0], &pair[1]) } else { (&pair[1], &pair[0]) };
    if smaller.model.spec.bias_reduction {
        let message = "where bias is reduced the fit is not at the maximum, and the score test needs that".to_owned();
        return Err(Error::Usage { message });
    }
    let (design, own) = (larger.columns.design()?, smaller.columns.design()?);
    let problem = larger.problem(&*design)?;
    if let Some(column) = outside_span(&*own, &*design, |row| problem.weight(row) > 0.0)? {
        let formula = |compared: &Compared<'_>| compared.model.spec.formula.clone();
        let term = smaller.model.design.names()[column].clone();
        return Err(Error::NotWithin { smaller: formula(smaller), larger: formula(larger), term });
    }
    let coefficients = larger.estimates.coefficients().iter().enumerate();
    let kept: Vec<usize> = coefficients.filter(|(_, value)| !value.is_nan()).map(|(place, _)| place).collect();
    // Rows of weight zero are absent, whatever their linear predictors.
    let n = larger.rows.y.len();
    let present = |place: usize, eta: f64| if problem.weight(place % n) > 0.0 { eta } else { 0.0 };
    let eta: Vec<f64> = smaller.eta.iter().enumerate().map(|(place, eta)| present(place, *eta)).collect();
    Ok(score_statistic(&problem, &eta, &kept)?)
}

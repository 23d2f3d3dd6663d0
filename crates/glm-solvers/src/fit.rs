//! A fit: estimates, their covariance, the goodness of fit, and the certificate without which it cannot be made.

use faer::Mat;
use glm_core::special::Twofold;
use glm_core::{At, Expansion, LikelihoodDispersion, Order};

use crate::aliasing::Aliasing;
use crate::dispersion::{self, Goodness};
use crate::null::null_deviance;
use crate::refine::refined_inverse;
use crate::run::Run;
use crate::sandwich::robust_covariance;
use crate::target::{Target, free_means};
use crate::totals::{Common, LogLikelihood, NewtonStep, Totals};
use crate::{
    Certificate, CovarianceType, DispersionSource, Error, Existence, Factor, Factorisation, Outcome, Problem, Warning,
};

/// Above this condition number of √W·X the covariance is taken from QR: Cholesky would leave fewer than 8 digits.
pub(crate) const SAFE_CONDITION: f64 = 1e3;
/// Above this condition number standard errors have fewer than about 8 digits, however they are computed.
pub(crate) const ILL_CONDITIONED: f64 = 1e8;
/// How much better the null model must fit, relative to its deviance, to prove that the point is no minimum.
const BEATEN: f64 = 1e-6;

/// Above this condition number of √W·X a Newton step proves nothing about existence.
const BALANCED_CONDITION: f64 = 1e6;

/// What a solver returns. It holds no data.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The solver's name.
    pub solver: &'static str,
    /// The response's name, `poisson(log)`.
    pub response: String,
    /// One estimate per column of the design, the intercept first, predictor by predictor; NaN where the column is
    /// aliased.
    pub coefficients: Vec<f64>,
    /// Linear predictors of a row: coefficients per column of the design.
    pub n_predictors: usize,
    /// Standard errors, the root of the diagonal of `covariance`, from the expected information; NaN where the column is aliased or φ is missing.
    pub std_errors: Vec<f64>,
    /// φ (XᵀWX)⁻¹ for the columns that are not aliased, in their order; robust with sampling weights.
    pub covariance: Mat<f64>,
    /// What rounding took from the covariance, where that was found in twice the precision: for variances xᵀVx that are small
    /// beside their terms. To be `None` where another covariance takes its place.
    pub covariance_low: Option<Mat<f64>>,
    /// What the covariance and the standard errors rest on.
    pub covariance_type: CovarianceType,
    /// Coefficients whose columns are linear combinations of columns before them, by their place in `coefficients`.
    pub aliased: Vec<usize>,
    /// Twice the loss: Σ w d(y, μ).
    pub deviance: f64,
    /// The deviance of the intercept-only model with the same weights and offset; without an intercept, of η = offset.
    /// NaN where that model has no fit.
    pub null_deviance: f64,
    /// Observations minus the rank; with k classes, observations times k − 1 minus the rank.
    pub df_residual: usize,
    /// Observations minus one for the intercept; with k classes, times k − 1.
    pub df_null: usize,
    /// The number of coefficients that are not aliased.
    pub rank: usize,
    /// Rows of the design.
    pub n_rows: usize,
    /// Observations: rows of positive weight, each as often as its frequency says.
    pub n_used: usize,
    /// φ: known, or estimated; `None` without residual degrees of freedom.
    pub dispersion: Option<f64>,
    /// How φ was found.
    pub dispersion_source: DispersionSource,
    /// Σ w (y − μ)²/V(μ); for classes, `Σ w Σ_c ([y = c] − μ_c)²/μ_c`.
    pub pearson_chisq: f64,
    /// By R's conventions: at RSS/n for the Gaussian, at deviance/Σw for gamma and inverse Gaussian; `None` for quasi
    /// families, for counts that are not whole and with sampling weights. For classes, −loss. Where φ is found by maximum
    /// likelihood, at that φ, Σ ln f(y; μ, φ/w).
    pub log_likelihood: Option<f64>,
    /// −2 log L + 2 k, k counting an estimated dispersion.
    pub aic: Option<f64>,
    /// −2 log L + k ln n, n the observations; for classes, whose weights are frequencies to R, Σ w.
    pub bic: Option<f64>,
    /// What is known about the returned point.
    pub certificate: Certificate,
    /// What is odd but not wrong.
    pub warnings: Vec<Warning>,
    /// What the aliased columns are made of.
    pub(crate) aliasing: Option<Aliasing>,
}

impl Fit {
    /// Measures the point that a run ended at.
    // Over budget: a list of the fields of a fit.
    pub(crate) fn new(solver: &'static str, run: Run<'_>, outcome: Outcome) -> Result<Self, Error> {
        let (problem, params, kept) = (run.problem, &run.params, run.start.factor.kept());
        let (at, factor) = final_information(&run)?;
        let (rank, n_used, deviance) = (kept.len(), problem.n_used(), 2.0 * at.loss);
        let intercept = usize::from(problem.design().has_intercept());
        let free = free_means(problem.response());
        let df_residual = (n_used * free).saturating_sub(rank);
        let (inverse, mut certificate) = certify(&run, &at, factor.as_ref(), outcome);
        let totals = totals(&run, &at, factor.as_ref(), &mut certificate)?;
        let refined = factor.as_ref().and_then(|_| refined_inverse(&run));
        let inverse = refined.as_ref().map_or(inverse, |exact| Mat::from_fn(rank, rank, |i, j| exact[(i, j)].value()));
        let goodness = Goodness { pearson: totals.pearson, deviance, df: df_residual };
        let dispersion = dispersion::estimate(problem, run.place(), &goodness, certificate.converged())?;
        let phi = dispersion.unwrap_or(f64::NAN);
        let (covariance_type, covariance) = match &factor {
            Some(factor) if problem.is_sample() => (CovarianceType::Robust, robust(&run, factor)?),
            _ => (CovarianceType::Model, times(phi, inverse)),
        };
        let model = covariance_type == CovarianceType::Model && phi.is_finite();
        let covariance_low = refined.filter(|_| model).map(|exact| lost(&exact, phi, &covariance));
        let mut fit = Self {
            solver,
            response: problem.response().name(),
            coefficients: scatter(kept, params.len(), |_, j| params[j]),
            n_predictors: problem.response().n_predictors(),
            std_errors: scatter(kept, params.len(), |i, _| covariance[(i, i)].sqrt()),
            covariance,
            covariance_low,
            covariance_type,
            aliased: (0..params.len()).filter(|j| !kept.contains(j)).collect(),
            deviance,
            null_deviance: run.start.known.null_deviance.map_or_else(|| null_deviance(problem, deviance), Ok)?,
            df_residual,
            df_null: (n_used - intercept.min(n_used)) * free,
            rank,
            n_rows: problem.y().len(),
            n_used,
            dispersion,
            dispersion_source: DispersionSource::of(problem),
            pearson_chisq: totals.pearson,
            log_likelihood: None,
            aic: None,
            bic: None,
            certificate,
            warnings: Vec::new(),
            aliasing: aliasing(problem, kept)?,
        };
        fit.add_likelihood(problem, run.place())?;
        fit.add_warnings(problem, &totals);
        Ok(fit)
    }

    /// A point that the null model beats is no minimum of the deviance, however small its score. (Where all responses are
    /// the same, both deviances are rounding errors.)
    pub(crate) fn compare_with_null(&mut self) {
        let constant = self.warnings.iter().any(|warning| matches!(warning, Warning::ConstantResponse { .. }));
        let beaten = self.deviance > self.null_deviance * (1.0 + BEATEN);
        if beaten && !constant && self.certificate.outcome == Outcome::Converged {
            self.certificate.outcome = Outcome::LocalMinimum;
        }
    }

    /// Log-likelihood, AIC and BIC, where the family has a likelihood.
    #[expect(clippy::cast_precision_loss, reason = "numbers of rows and columns are far below 2^53")]
    fn add_likelihood(&mut self, problem: &Problem<'_>, at: At<'_>) -> Result<(), Error> {
        if problem.is_sample() {
            return Ok(());
        }
        let Some(family) = problem.response().family() else {
            if problem.response().is_categorical() {
                self.set_likelihood(Some(-0.5 * self.deviance), self.rank as f64, problem.total_weight());
            }
            return Ok(());
        };
        let known = matches!(family.dispersion(), glm_core::Dispersion::Known(_));
        let phi = match (family.likelihood_dispersion(), family.dispersion()) {
            (LikelihoodDispersion::DeviancePerRow, _) => self.deviance / self.n_used as f64,
            (LikelihoodDispersion::DeviancePerWeight, _) => self.deviance / problem.total_weight(),
            (LikelihoodDispersion::Reported, glm_core::Dispersion::Known(phi)) => phi,
            (LikelihoodDispersion::Reported, _) => self.dispersion.unwrap_or(f64::NAN),
        };
        let sum = match self.dispersion_source {
            DispersionSource::MaximumLikelihood => dispersion::log_likelihood(problem, at, self.dispersion)?,
            _ => LogLikelihood::below_saturated(problem, family, at, 0.5 * self.deviance, phi)?,
        };
        let has_density = family.exponential().is_some_and(|model| model.ln_base(1.0, 1.0).is_some());
        if let Some(row) = sum.missing.filter(|_| has_density) {
            self.warnings.push(Warning::NotACount { row, value: problem.y()[row] });
        }
        let log_likelihood = (sum.missing.is_none() && sum.total.is_finite()).then_some(sum.total);
        self.set_likelihood(log_likelihood, (self.rank + usize::from(!known)) as f64, self.n_used as f64);
        Ok(())
    }

    /// The log-likelihood and what follows from it with k parameters and n observations.
    pub(crate) fn set_likelihood(&mut self, log_likelihood: Option<f64>, k: f64, n: f64) {
        self.log_likelihood = log_likelihood;
        self.aic = log_likelihood.map(|value| -2.0 * value + 2.0 * k);
        self.bic = log_likelihood.map(|value| -2.0 * value + k * n.ln());
    }

    fn add_warnings(&mut self, problem: &Problem<'_>, totals: &Totals) {
        let certificate = &self.certificate;
        if !self.aliased.is_empty() {
            self.warnings.push(Warning::Aliased { columns: self.aliased.clone() });
        }
        if let Common::Value(value) = totals.common {
            self.warnings.push(Warning::ConstantResponse { value });
        }
        if self.df_residual == 0 && problem.known_dispersion().is_none() {
            self.warnings.push(Warning::NoResidualDf);
        }
        if certificate.condition_number > ILL_CONDITIONED {
            self.warnings.push(Warning::IllConditioned { condition_number: certificate.condition_number });
        }
        if certificate.outcome == Outcome::RoundingFloor {
            self.warnings.push(Warning::RoundingFloor { score_norm: certificate.score_norm });
        }
    }

    /// The parameters as the solver used them: zero where a column is aliased.
    #[must_use]
    pub fn params(&self) -> Vec<f64> {
        self.coefficients.iter().map(|value| if value.is_nan() { 0.0 } else { *value }).collect()
    }
}

/// The expected information at the last point and its factor, by QR where a Gram would lose too many digits.
fn final_information(run: &Run<'_>) -> Result<(Expansion, Option<Factor>), Error> {
    let (kept, wanted) = (run.start.factor.kept(), run.start.wanted);
    let mut last = match run.source.order {
        Order::Root => run.at.clone(),
        _ if wanted == Some(Factorisation::Qr) => run.expand(Order::Root)?,
        Order::Expected => run.at.clone(),
        _ => run.expand(Order::Expected)?,
    };
    let mut factor = Factor::new(&last.information, kept);
    let safe =
        |factor: &Factor| wanted.is_some() || factor.kind() == Factorisation::Qr || factor.condition() < SAFE_CONDITION;
    if !factor.as_ref().is_some_and(safe) {
        last = run.expand(Order::Root)?;
        factor = Factor::new(&last.information, kept);
    }
    Ok((last, factor))
}

/// Sums over the rows, which may prove on the way that a maximum exists.
fn totals(run: &Run<'_>, at: &Expansion, factor: Option<&Factor>, known: &mut Certificate) -> Result<Totals, Error> {
    let step = balancing_step(at, factor, known);
    let totals = match Totals::of_expansion(run.problem, at, step.as_ref()) {
        Some(totals) => totals,
        None => Totals::at(run.problem, run.place(), step.as_ref())?,
    };
    if totals.balanced {
        known.existence = Existence::Proved;
    }
    Ok(totals)
}

/// Newton's step where it may prove that a maximum exists: where the score is small, and the information so far from
/// singular that rounding errors cannot make a step along which it vanishes look short.
pub(crate) fn balancing_step(at: &Expansion, factor: Option<&Factor>, known: &Certificate) -> Option<NewtonStep> {
    let trusted = known.converged() && known.condition_number < BALANCED_CONDITION;
    let factor = factor.filter(|_| trusted)?;
    let direction = factor.solve(&at.gradient).iter().map(|value| -value).collect();
    Some(NewtonStep { direction, length: factor.score_norm(&at.gradient) })
}

/// (XᵀWX)⁻¹ and what is known about the point.
pub(crate) fn certify<T: Target>(
    run: &Run<'_, T>,
    at: &Expansion,
    factor: Option<&Factor>,
    outcome: Outcome,
) -> (Mat<f64>, Certificate) {
    let rank = run.start.factor.kept().len();
    let (inverse, condition_number) = match factor {
        Some(factor) => factor.inverse(),
        None => (Mat::from_fn(rank, rank, |_, _| f64::NAN), f64::INFINITY),
    };
    let score = factor.map_or(f64::NAN, |factor| factor.score_norm(&at.gradient));
    let visible = factor.map_or(run.deviation(), |factor| run.visible_deviation(factor));
    // What is not a number satisfies no tolerance, though it may look as if it did.
    let sound = score.is_finite() && (2.0 * at.loss).is_finite();
    let certificate = Certificate {
        outcome: if sound || !outcome.converged() { outcome } else { Outcome::Overflow },
        iterations: run.iterations(),
        halvings: run.halvings,
        score_norm: if score == 0.0 { 0.0 } else { score / visible },
        decrement: 0.5 * score * score,
        condition_number,
        factorisation: factor.map_or(Factorisation::Qr, Factor::kind),
        trace: run.trace.clone(),
        existence: Existence::NotCertified,
        fallback: None,
        escape: None,
    };
    (inverse, certificate)
}

/// φ (XᵀWX)⁻¹ less its values in working precision.
fn lost(exact: &Mat<Twofold>, phi: f64, rounded: &Mat<f64>) -> Mat<f64> {
    Mat::from_fn(rounded.nrows(), rounded.ncols(), |i, j| {
        (exact[(i, j)].scale(phi) - Twofold::from(rounded[(i, j)])).value()
    })
}

/// φ (XᵀWX)⁻¹.
fn times(phi: f64, mut inverse: Mat<f64>) -> Mat<f64> {
    for j in 0..inverse.ncols() {
        inverse.col_as_slice_mut(j).iter_mut().for_each(|value| *value *= phi);
    }
    inverse
}

fn robust(run: &Run<'_>, factor: &Factor) -> Result<Mat<f64>, Error> {
    let (problem, place) = (run.problem, run.place());
    robust_covariance(factor, problem.y().len(), problem.n_used(), &|rows| problem.scores(place, rows))
}

/// The equations of the aliased columns, which are the same for every predictor.
fn aliasing(problem: &Problem<'_>, kept: &[usize]) -> Result<Option<Aliasing>, Error> {
    let design = problem.design();
    let aliased: Vec<usize> = (0..design.n_cols()).filter(|column| !kept.contains(column)).collect();
    Aliasing::of(design, &|row| problem.weight(row), &aliased, false)
}

/// Values for the kept columns, NaN elsewhere.
pub(crate) fn scatter(kept: &[usize], n: usize, value: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let mut all = vec![f64::NAN; n];
    for (i, j) in kept.iter().enumerate() {
        all[*j] = value(i, *j);
    }
    all
}

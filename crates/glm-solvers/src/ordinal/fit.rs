//! An ordinal fit: thresholds and coefficients, their covariance, the goodness of fit, and the certificate.

use faer::Mat;
use glm_core::{At, Cumulative, Design, Expansion, Order, Precision, Response, Work, blocks};

use super::Ordinal;
use crate::aliasing::{Aliasing, not_estimable};
use crate::class_weights::deviance_of_shares;
use crate::fit::{ILL_CONDITIONED, SAFE_CONDITION, balancing_step, certify, scatter};
use crate::problem::check_length;
use crate::run::Run;
use crate::sandwich::robust_covariance;
use crate::start::Start;
use crate::target::Target;
use crate::{Certificate, CovarianceType, Error, Existence, Factor, Outcome, Warning, newton_raphson};

/// What fitting an [`Ordinal`] model returns. It holds no data.
#[derive(Debug, Clone)]
pub struct OrdinalFit {
    /// The solver's name.
    pub solver: &'static str,
    /// The classes and the link.
    pub response: Cumulative,
    /// θ₀ < … < θ_(k−2).
    pub thresholds: Vec<f64>,
    /// β, one per column of the design; NaN where the column is aliased.
    pub coefficients: Vec<f64>,
    /// Standard errors of thresholds, then coefficients, from the observed information (for a cauchit on a design so close
    /// to collinear that only a QR factor can be trusted, from the expected one); NaN where the column is aliased.
    pub std_errors: Vec<f64>,
    /// The covariance of thresholds, then of the coefficients that are not aliased, in their order; robust with sampling
    /// weights.
    pub covariance: Mat<f64>,
    /// What the covariance and the standard errors rest on.
    pub covariance_type: CovarianceType,
    /// Columns of the design that are linear combinations of the constant and the columns before them.
    pub aliased: Vec<usize>,
    /// −2 log L.
    pub deviance: f64,
    /// −2 log L of the thresholds alone, with the same weights and offset; NaN where that model has no fit.
    pub null_deviance: f64,
    /// log L; `None` with sampling weights, as are AIC and BIC.
    pub log_likelihood: Option<f64>,
    /// −2 log L + 2 rank.
    pub aic: Option<f64>,
    /// −2 log L + rank · ln Σw: the weights are frequencies, as in R.
    pub bic: Option<f64>,
    /// Thresholds and coefficients that are not aliased: R's effective degrees of freedom.
    pub rank: usize,
    /// Observations times k − 1, minus the rank.
    pub df_residual: usize,
    /// Rows of the design.
    pub n_rows: usize,
    /// Observations: rows of positive weight, each as often as its frequency says.
    pub n_used: usize,
    /// What is known about the returned point.
    pub certificate: Certificate,
    /// What is odd but not wrong.
    pub warnings: Vec<Warning>,
    /// What the aliased columns are made of.
    aliasing: Option<Aliasing>,
}

impl OrdinalFit {
    /// Measures the point that a run ended at.
    // Over budget: a list of the fields of a fit.
    #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
    pub(super) fn new(solver: &'static str, run: &Run<'_, Ordinal<'_>>, outcome: Outcome) -> Result<Self, Error> {
        let (problem, kept) = (run.problem, run.start.factor.kept());
        let (q, n, rank) = (problem.n_thresholds(), run.params.len(), kept.len());
        let (at, factor) = final_information(run)?;
        let (inverse, mut certificate) = certify(run, &at, factor.as_ref(), outcome);
        let (covariance_type, covariance) = match &factor {
            Some(factor) if problem.weights.are_sampled() => (CovarianceType::Robust, robust(run, factor)?),
            _ => (CovarianceType::Model, inverse),
        };
        // Where the design is ill-conditioned the information may be the expected one.
        let step = balancing_step(&at, factor.as_ref(), &certificate).filter(|_| !run.start.ill_conditioned);
        if step.map_or(Ok(false), |step| problem.is_balanced(&run.params, &step.direction))? {
            certificate.existence = Existence::Proved;
        }
        let deviance = 2.0 * at.loss;
        let with_likelihood = |value: f64| (!problem.weights.are_sampled()).then_some(value);
        let aliased: Vec<usize> = (q..n).filter(|j| !kept.contains(j)).map(|j| j - q).collect();
        let total_weight: f64 = problem.class_weights().iter().sum();
        let mut params = scatter(kept, n, |_, j| run.params[j]);
        let coefficients = params.split_off(q);
        let mut fit = Self {
            solver,
            response: problem.response,
            thresholds: params,
            coefficients,
            std_errors: scatter(kept, n, |i, _| covariance[(i, i)].sqrt()),
            covariance,
            covariance_type,
            aliasing: Aliasing::of(problem.design, &|row| problem.weight(row), &aliased, true)?,
            aliased,
            deviance,
            null_deviance: null_deviance(problem)?,
            log_likelihood: with_likelihood(-at.loss),
            aic: with_likelihood(deviance + 2.0 * rank as f64),
            bic: with_likelihood(deviance + rank as f64 * total_weight.ln()),
            rank,
            df_residual: problem.n_observations().saturating_sub(rank),
            n_rows: problem.y.len(),
            n_used: problem.n_observations() / q,
            certificate,
            warnings: Vec::new(),
        };
        fit.add_warnings();
        Ok(fit)
    }

    fn add_warnings(&mut self) {
        let Certificate { condition_number, score_norm, outcome, .. } = self.certificate;
        if !self.aliased.is_empty() {
            self.warnings.push(Warning::Aliased { columns: self.aliased.clone() });
        }
        if condition_number > ILL_CONDITIONED {
            self.warnings.push(Warning::IllConditioned { condition_number });
        }
        if outcome == Outcome::RoundingFloor {
            self.warnings.push(Warning::RoundingFloor { score_norm });
        }
    }

    /// x'β + offset for each row of a design with the same columns (an empty offset is none); NaN where it is [not
    /// estimable](Self::not_estimable).
    ///
    /// # Errors
    ///
    /// Another number of columns, an offset of the wrong length.
    pub fn linear_predictor(&self, design: &dyn Design, offset: &[f64]) -> Result<Vec<f64>, Error> {
        let n = design.n_rows();
        check_length("the row of the design", self.coefficients.len(), design.n_cols())?;
        let mut eta = if offset.is_empty() { vec![0.0; n] } else { offset.to_vec() };
        check_length("offset", n, eta.len())?;
        let slopes: Vec<f64> =
            self.coefficients.iter().map(|value| if value.is_nan() { 0.0 } else { *value }).collect();
        let mut work = Work::new();
        for rows in blocks(0..n) {
            design.add_eta(rows.clone(), &slopes, &mut eta[rows], &mut work);
        }
        not_estimable(self.aliasing.as_ref(), design).into_iter().for_each(|row| eta[row] = f64::NAN);
        Ok(eta)
    }

    /// The rows of a design with the same columns whose probabilities the fit does not determine, because a column that was
    /// aliased when it was fitted is not the same combination of the others there.
    ///
    /// # Errors
    ///
    /// Another number of columns.
    pub fn not_estimable(&self, design: &dyn Design) -> Result<Vec<usize>, Error> {
        check_length("the row of the design", self.coefficients.len(), design.n_cols())?;
        Ok(not_estimable(self.aliasing.as_ref(), design))
    }

    /// The class probabilities of each row of a design with the same columns, class by class.
    ///
    /// # Errors
    ///
    /// As [`linear_predictor`](Self::linear_predictor).
    pub fn predict(&self, design: &dyn Design, offset: &[f64]) -> Result<Vec<f64>, Error> {
        let eta = self.linear_predictor(design, offset)?;
        let cuts: Vec<f64> =
            self.thresholds.iter().flat_map(|threshold| eta.iter().map(move |eta| threshold - eta)).collect();
        let mut mu = vec![0.0; eta.len() * self.response.classes()];
        self.response.mean(&cuts, &mut mu);
        Ok(mu)
    }
}

fn robust(run: &Run<'_, Ordinal<'_>>, factor: &Factor) -> Result<Mat<f64>, Error> {
    let (problem, params) = (run.problem, &run.params);
    let n = problem.weights.n_observations(problem.y.len());
    robust_covariance(factor, problem.y.len(), n, &|rows| problem.scores(params, rows))
}

/// The observed information at the last point and its factor, by QR where a Gram would lose too many digits.
fn final_information(run: &Run<'_, Ordinal<'_>>) -> Result<(Expansion, Option<Factor>), Error> {
    let kept = run.start.factor.kept();
    let at = run.expand(Order::Observed)?;
    let factor = Factor::new(&at.information, kept);
    if factor.as_ref().is_some_and(|factor| factor.inverse().1 < SAFE_CONDITION) {
        return Ok((at, factor));
    }
    let rooted = match run.problem.with_observed_root(&run.params, run.precision())? {
        None if run.start.ill_conditioned => run.expand(Order::Root)?,
        None => return Ok((at, factor)),
        Some(rooted) => rooted,
    };
    let factor = Factor::new(&rooted.information, kept);
    Ok((rooted, factor))
}

/// The deviance of the thresholds alone: in closed form without an offset, otherwise by the same loop on those columns.
fn null_deviance(problem: &Ordinal<'_>) -> Result<f64, Error> {
    if problem.offset.is_empty() {
        return Ok(deviance_of_shares(&problem.class_weights()));
    }
    let params = problem.start()?;
    let at = problem.expand_at(At::Params(&params), Order::Expected, Precision::Plain)?;
    let thresholds: Vec<usize> = (0..problem.n_thresholds()).collect();
    let Some(factor) = Factor::new(&at.information, &thresholds) else { return Ok(f64::NAN) };
    let start = Start::well_conditioned(params, factor.clone(), factor);
    let (run, outcome) = newton_raphson().run(problem, start)?;
    Ok(if outcome.converged() { 2.0 * run.at.loss } else { f64::NAN })
}

//! Bias-reduced fits: the estimate that solves an adjusted score, finite also where the maximum of the likelihood is not.
//!
//! Both estimators solve U(β) + ½ Σ hᵢ aᵢ xᵢ = 0, where U is the score, h the leverages of √W·X(XᵀWX)⁻¹Xᵀ√W and a the
//! rate that tells them apart; with μ′ and μ″ the derivatives of μ in η and W = w μ′²/V:
//!
//! | estimator | aᵢ | with the canonical link |
//! |---|---|---|
//! | [`BiasReduction::MeanAdjustedScore`] | μ″/μ′ | V′ |
//! | [`BiasReduction::Jeffreys`] | d ln W/dη = 2 μ″/μ′ − V′μ′/V | V′ |
//!
//! The leverages do not depend on the dispersion φ, and U does, so that φ must be known.

mod adjustment;
mod newton;
mod search;

mod crossing;
mod likelihood_ratio;
mod profile_interval;
mod restriction;

pub use likelihood_ratio::LikelihoodRatio;
pub use profile_interval::ProfileInterval;

use crate::descent::{Descent, Newton};
use crate::run::Run;
use crate::start::Start;
use crate::totals::LogLikelihood;
use crate::{Error, Fit, Outcome, Problem, Warning};
use adjustment::Target;
use glm_core::{Family, Link};
use search::{Found, search};

/// Which estimator reduces the bias.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BiasReduction {
    /// The root of the score adjusted so that the bias of order 1/n vanishes (Firth, Biometrika 80, 1993; Kosmidis and
    /// Firth, Biometrika 96, 2009). Off the canonical link it maximises nothing: what the search makes small is
    /// ½ U*ᵀ I⁻¹ U*, U* being the adjusted score.
    MeanAdjustedScore,
    /// The maximum of log L + ½ ln |I(β)|, the likelihood times Jeffreys' prior.
    Jeffreys,
}

impl BiasReduction {
    /// The name by which a fit calls its solver.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MeanAdjustedScore => "mean-adjusted-score",
            Self::Jeffreys => "jeffreys",
        }
    }
}

/// A bias-reduced fit.
#[derive(Debug, Clone)]
pub struct BiasReducedFit {
    /// Everything at the bias-reduced estimate: covariance φ (XᵀWX)⁻¹, deviance, log-likelihood (not its maximum).
    ///
    /// The certificate is on the adjusted score: `score_norm` is √(U*ᵀ I⁻¹ U*) and `trace` holds what the search made
    /// small, ½ U*ᵀ I⁻¹ U* or, for Jeffreys, half the deviance over φ minus ½ ln |XᵀWX|.
    pub fit: Fit,
    /// What was asked for.
    pub estimator: BiasReduction,
    /// log L + ½ ln |XᵀWX/φ| of the columns that are not aliased, at the known φ, for [`BiasReduction::Jeffreys`];
    /// `None` for the adjusted score and where there is no likelihood. Its differences between estimates on the same
    /// columns are free of the columns' units, its value is not.
    pub penalised_log_likelihood: Option<f64>,
}

/// Fits with reduced bias, by quasi-Fisher scoring β ← β + I⁻¹U* with step halving and, where that converges slowly, by
/// Newton's steps with a Jacobian from differences, until √(U*ᵀ I⁻¹ U*) ≤ 1e-10.
///
/// For binomial responses with any of the links logit, probit, cloglog, loglog and cauchit, and for Poisson with log, no
/// response was met without an estimate. Where the link lets means leave their domain there may be none: Jeffreys'
/// prior for Poisson with the identity link is unbounded at a mean of zero.
///
/// Wald intervals mislead where the estimate is finite by the adjustment alone (separated data):
/// [`BiasReducedFit::profile_interval`] and [`BiasReducedFit::likelihood_ratio_test`] do not.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{BiasReduction, Problem, fit_bias_reduced};
/// // Separated at x = 0: the maximum of the likelihood is at infinity.
/// let x = [-3.0, -2.0, -1.0, 1.0, 2.0, 3.0];
/// let (design, response) = (Dense::with_intercept([&x[..]])?, spec::response("binomial(probit)")?);
/// let problem = Problem::new(&design, &*response, vec![0.0, 0.0, 0.0, 1.0, 1.0, 1.0])?;
/// let fit = fit_bias_reduced(&problem, BiasReduction::MeanAdjustedScore)?.fit;
/// assert!(fit.coefficients[1] > 0.5 && fit.coefficients[1] < 1.0);
/// # Ok::<(), glm_solvers::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::DispersionNotKnown`]; [`Error::Sampled`]; [`Error::NoFamilyAndLink`] for a coupled response; [`Error::NoValidStart`];
/// [`Error::NotConverged`] with the best iterate.
pub fn fit_bias_reduced(problem: &Problem<'_>, estimator: BiasReduction) -> Result<BiasReducedFit, Error> {
    let (family, link, dispersion) = parts(problem)?;
    let start = Start::find(problem, None, &Newton::FISHER)?;
    let target = Target { problem, start: &start, free: start.factor.kept(), estimator, family, link, dispersion };
    let found = search(&target)?;
    let penalised_log_likelihood = match estimator {
        BiasReduction::MeanAdjustedScore => None,
        BiasReduction::Jeffreys => {
            let sum = LogLikelihood::at(problem, family, glm_core::At::Params(&found.at.params), dispersion)?;
            let penalty = 0.5 * found.at.ln_determinant(dispersion);
            sum.missing.is_none().then_some(sum.total + penalty).filter(|value| value.is_finite())
        }
    };
    let fit = describe(&target, found)?;
    match fit.certificate.converged() {
        true => Ok(BiasReducedFit { fit, estimator, penalised_log_likelihood }),
        false => Err(Error::NotConverged(Box::new(fit))),
    }
}

/// The family, the link and the known dispersion.
fn parts<'p>(problem: &'p Problem<'_>) -> Result<(&'p dyn Family, &'p dyn Link, f64), Error> {
    let name = || problem.response().name();
    let (Some(family), Some(link)) = (problem.response().family(), problem.response().link()) else {
        return Err(Error::NoFamilyAndLink { method: "bias reduction", response: name() });
    };
    if problem.is_sample() {
        return Err(Error::Sampled { method: "bias reduction" });
    }
    let Some(dispersion) = problem.known_dispersion() else {
        return Err(Error::DispersionNotKnown { method: "bias reduction", response: name() });
    };
    Ok((family, link, dispersion))
}

/// The fit at the point that was found, certified on the adjusted score.
fn describe(target: &Target<'_>, found: Found) -> Result<Fit, Error> {
    let start = Start { params: found.at.params, ..target.start.clone() };
    let run = Run::begin(target.problem, Newton::FISHER.begin(&start.factor), start)?;
    // Whether the plain score is small says nothing here; whether the point is sound does.
    let mut fit = Fit::new(target.estimator.name(), run, Outcome::Converged)?;
    let (certificate, score_norm) = (&mut fit.certificate, found.at.score_norm);
    if certificate.converged() {
        certificate.outcome = found.outcome;
    }
    certificate.score_norm = score_norm;
    certificate.decrement = 0.5 * target.dispersion * score_norm * score_norm;
    certificate.iterations = found.trace.len() - 1;
    certificate.halvings = found.halvings;
    certificate.trace = found.trace;
    if certificate.outcome == Outcome::RoundingFloor {
        fit.warnings.push(Warning::RoundingFloor { score_norm });
    }
    Ok(fit)
}

//! Robust covariances of regressions: HC0 and HC1.
//!
//! The sandwich of samples with equal probabilities is n/(n − 1) times HC0, White's `I⁻¹ (Σ sᵢ sᵢᵀ) I⁻¹`; HC1 is n/(n − p)
//! times HC0. Estimates, deviance and likelihood stay those of the model, and statistics are referred to what the model's
//! are: z where the dispersion is known, t where it is estimated.

use glm_solvers::{DispersionEstimate, Error as Solver, Fit, Problem, Solver as Method, Weights};

use crate::rows::Kind;
use crate::{CovarianceChoice, Error, ModelSpec, WeightsKind};

/// Refuses covariances that are not built, and those that two settings ask for in two ways.
pub(crate) fn check(spec: &ModelSpec, kind: &Kind) -> Result<(), Error> {
    let advice = "use model, hc0 or hc1; or sampling weights, whose covariance is robust";
    match &spec.covariance {
        CovarianceChoice::Model => Ok(()),
        CovarianceChoice::Hc0 | CovarianceChoice::Hc1 => {
            let name = spec.covariance.name();
            let elsewhere = |what: &str| Err(Error::NotBuilt { what: format!("the covariance {name} {what}"), advice });
            match () {
                () if !spec.hidden.is_empty() => elsewhere("of a network"),
                () if !matches!(kind, Kind::Plain(_)) => elsewhere(&format!("of {}", kind.name())),
                () if spec.bias_reduction => elsewhere("with bias reduction"),
                () if spec.weights_kind == WeightsKind::Probability && spec.weights.is_some() => {
                    let message = format!("with sampling weights the covariance is robust already; leave {name} out");
                    Err(Error::Usage { message })
                }
                () => Ok(()),
            }
        }
        choice => Err(Error::NotBuilt { what: format!("the covariance {}", choice.name()), advice }),
    }
}

/// The fit with the covariance that is asked for.
#[expect(clippy::cast_precision_loss, reason = "numbers of rows and columns are far below 2^53")]
pub(crate) fn with_covariance(
    mut fit: Fit,
    problem: Problem<'_>,
    solver: Method,
    choice: &CovarianceChoice,
) -> Result<Fit, Solver> {
    let (n, p) = (fit.n_used as f64, fit.rank as f64);
    let factor = match choice {
        CovarianceChoice::Hc0 => (n - 1.0) / n,
        CovarianceChoice::Hc1 => (n - 1.0) / (n - p),
        _ => return Ok(fit),
    };
    let equal = Weights::Probability(vec![1.0; fit.n_rows]);
    let problem = problem.with_dispersion(DispersionEstimate::Family)?.with_weights(equal)?;
    let sample = solver.with_start(fit.params()).fit(&problem)?;
    fit.covariance = sample.covariance;
    for j in 0..fit.rank {
        (0..fit.rank).for_each(|i| fit.covariance[(i, j)] *= factor);
    }
    fit.std_errors = sample.std_errors.iter().map(|error| error * factor.sqrt()).collect();
    Ok(fit)
}

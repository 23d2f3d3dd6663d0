//! Negative binomial regression with θ estimated: maximum likelihood in β and θ together.
//!
//! β and θ are orthogonal in the expected information, so that alternating between them converges in a few rounds: β at
//! the present θ by any solver, θ at the present means by Newton's method on ln θ.

use glm_core::{Activation, Glm, Interval, Link, Mean, NegativeBinomial, Point, Poisson, special};

use crate::{Error, Fit, Outcome, Problem, Solver};

/// Rounds of alternation; three to six are usual.
const MAX_ROUNDS: usize = 100;
/// Change of ln θ at which alternation ends.
const TOLERANCE: f64 = 1e-11;
/// θ in units of the largest mean beyond which V = μ + μ²/θ is Poisson's to six digits, and the likelihood flat.
const POISSON: f64 = 1e6;

/// A negative binomial fit and its θ.
#[derive(Debug, Clone)]
pub struct NegativeBinomialFit {
    /// β at θ̂: standard errors treat θ as fixed (it is orthogonal to β), AIC and BIC count it as a parameter. In the
    /// Poisson limit, the Poisson fit.
    pub fit: Fit,
    /// θ̂; `None` in the Poisson limit, where the likelihood still rises as θ → ∞.
    pub theta: Option<f64>,
    /// From the observed information for θ at the fitted means, as MASS has it; `None` with sampling weights.
    pub theta_std_error: Option<f64>,
    /// Rounds of alternation.
    pub rounds: usize,
}

/// Fits counts with V = μ + μ²/θ, θ unknown. The problem's own response gives way to the family with this link.
///
/// ```
/// use glm_core::{Dense, Log, spec};
/// use glm_solvers::{Problem, fit_negative_binomial, irls};
/// let x: Vec<f64> = (0..40).map(|i| f64::from(i) / 40.0).collect();
/// let y = (0..40).map(|i| f64::from((i * i * 7) % 11 * (i % 3))).collect();
/// let (design, poisson) = (Dense::with_intercept([&x[..]])?, spec::response("poisson(log)")?);
/// let fitted = fit_negative_binomial(&irls(), &Problem::new(&design, &*poisson, y)?, &Log)?;
/// assert!(fitted.theta.is_some_and(|theta| theta > 0.1 && theta < 10.0));
/// # Ok::<(), glm_solvers::Error>(())
/// ```
///
/// # Errors
///
/// Those of the solver; [`Error::NotConverged`] where alternation does not end.
pub fn fit_negative_binomial(
    solver: &Solver,
    problem: &Problem<'_>,
    link: &dyn Link,
) -> Result<NegativeBinomialFit, Error> {
    let poisson = Glm::new(Poisson, Borrowed(link))?;
    let problem_at_limit = problem.with_response(&poisson)?;
    let mut fit = solver.fit(&problem_at_limit)?;
    let mut mu = fit.fitted(&problem_at_limit)?;
    let counts = Counts { problem };
    if counts.excess(&mu) <= 0.0 {
        return Ok(NegativeBinomialFit { fit, theta: None, theta_std_error: None, rounds: 0 });
    }
    let mut theta = counts.moment_estimate(&mu);
    for rounds in 1..=MAX_ROUNDS {
        let next = counts.maximise(theta, &mu);
        if next > POISSON * mu.iter().copied().fold(1.0, f64::max) {
            let fit = solver.fit(&problem_at_limit)?;
            return Ok(NegativeBinomialFit { fit, theta: None, theta_std_error: None, rounds });
        }
        let settled = (next / theta).ln().abs() <= TOLERANCE;
        theta = next;
        let response = Glm::new(NegativeBinomial::new(theta)?, Borrowed(link))?;
        let problem_at_theta = problem.with_response(&response)?;
        fit = solver.fit_from(&problem_at_theta, Some(&fit.params()))?;
        mu = fit.fitted(&problem_at_theta)?;
        if settled {
            count_parameter(&mut fit);
            let std_error = || counts.information(theta, &mu).sqrt().recip();
            let theta_std_error = (!problem.is_sample()).then(std_error);
            return Ok(NegativeBinomialFit { fit, theta: Some(theta), theta_std_error, rounds });
        }
    }
    fit.certificate.outcome = Outcome::IterationLimit;
    Err(Error::NotConverged(Box::new(fit)))
}

/// AIC and BIC with one more parameter, the family's own.
#[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
pub(crate) fn count_parameter(fit: &mut Fit) {
    fit.aic = fit.aic.map(|aic| aic + 2.0);
    fit.bic = fit.bic.map(|bic| bic + (fit.n_used as f64).ln());
}

/// The rows of positive weight, and what θ sees of them.
struct Counts<'a> {
    problem: &'a Problem<'a>,
}

impl Counts<'_> {
    fn sum(&self, mu: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
        let rows = self.problem.y().iter().zip(mu).enumerate().filter(|(row, _)| self.problem.weight(*row) > 0.0);
        rows.map(|(row, (y, mu))| self.problem.weight(row) * term(*y, *mu)).sum()
    }

    /// Σ w [(y − μ)² − y], twice the slope of the log-likelihood in 1/θ at the Poisson limit.
    fn excess(&self, mu: &[f64]) -> f64 {
        self.sum(mu, |y, mu| (y - mu) * (y - mu) - y)
    }

    /// Σ w / Σ w (y/μ − 1)².
    fn moment_estimate(&self, mu: &[f64]) -> f64 {
        self.sum(mu, |_, _| 1.0) / self.sum(mu, |y, mu| (y / mu - 1.0) * (y / mu - 1.0))
    }

    /// ∂ log L/∂θ = Σ w [ψ(y + θ) − ψ(θ) − ln(1 + μ/θ) + (μ − y)/(μ + θ)].
    fn score(&self, theta: f64, mu: &[f64]) -> f64 {
        self.sum(mu, |y, mu| digamma_difference(y, theta) - (mu / theta).ln_1p() + (mu - y) / (mu + theta))
    }

    /// −∂² log L/∂θ² = Σ w [ψ′(θ) − ψ′(y + θ) − 1/θ + 2/(μ + θ) − (y + θ)/(μ + θ)²].
    fn information(&self, theta: f64, mu: &[f64]) -> f64 {
        let at_theta = special::trigamma(theta);
        self.sum(mu, |y, mu| {
            let total = mu + theta;
            at_theta - special::trigamma(y + theta) - theta.recip() + 2.0 / total - (y + theta) / (total * total)
        })
    }

    /// θ at which the score vanishes, by Newton's method on ln θ; where the curvature in ln θ is not negative, or the step
    /// is longer than one, a step of one in the direction of the score.
    fn maximise(&self, start: f64, mu: &[f64]) -> f64 {
        let mut theta = start;
        for _ in 0..MAX_ROUNDS {
            let score = theta * self.score(theta, mu);
            let curvature = theta * theta * self.information(theta, mu) - score;
            let newton = score / curvature;
            let step = if curvature > 0.0 && newton.abs() < 1.0 { newton } else { score.signum() };
            theta *= step.exp();
            if step.abs() <= 0.1 * TOLERANCE {
                break;
            }
        }
        theta
    }
}

/// ψ(y + θ) − ψ(θ); for small whole counts the sum Σ 1/(θ + k), in which nothing cancels.
fn digamma_difference(y: f64, theta: f64) -> f64 {
    if y <= 64.0 && y.fract() == 0.0 {
        let terms = std::iter::successors(Some(theta), |at| Some(at + 1.0)).take_while(|at| *at < theta + y - 0.5);
        return terms.map(f64::recip).sum();
    }
    special::digamma(y + theta) - special::digamma(theta)
}

/// A link that somebody else owns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Borrowed<'a>(pub(crate) &'a dyn Link);

impl Activation for Borrowed<'_> {
    fn mu(&self, eta: f64) -> f64 {
        self.0.mu(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        self.0.dmu_deta(eta)
    }
    fn name(&self) -> String {
        self.0.name()
    }
}

impl Link for Borrowed<'_> {
    fn eta(&self, mean: Mean) -> f64 {
        self.0.eta(mean)
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        self.0.d2mu_deta2(eta)
    }
    fn range(&self) -> Interval {
        self.0.range()
    }
    fn domain(&self) -> Interval {
        self.0.domain()
    }
    fn at(&self, eta: f64) -> Point {
        self.0.at(eta)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_of_digamma_agree_where_they_meet() {
        for theta in [0.3, 2.0, 50.0] {
            let by_sum = digamma_difference(64.0, theta);
            let by_function = special::digamma(64.0 + theta) - special::digamma(theta);
            assert!((by_sum / by_function - 1.0).abs() < 1e-13, "{theta}: {by_sum} {by_function}");
        }
    }
}

//! The negative binomial family: overdispersed counts, V(μ) = μ + μ²/θ.

use crate::family::poisson::count;
use crate::family::power_variance::Positive;
use crate::recession::falls_to_zero;
use crate::vector::{self, LogNegativeBinomial};
use crate::{Dispersion, Error, Exponential, Family, Interval, Mean, Order, Point, Recession, Unit, Units, special};

/// Overdispersed counts of known θ (R's `size`): V = μ + μ²/θ, φ = 1.
///
/// d = 2 [y ln(y/μ) − (y + θ) ln((y + θ)/(μ + θ))]; the natural parameter is ln(μ/(μ + θ)) and its cumulant
/// −θ ln(1 − e^·). Responses that are not whole numbers are fitted but have no log-likelihood.
///
/// ```
/// use glm_core::{Family, Mean, NegativeBinomial};
/// let family = NegativeBinomial::new(2.0)?;
/// assert_eq!(family.variance(Mean::from(4.0)), 12.0);
/// assert_eq!(family.name(), "negative-binomial(2)");
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NegativeBinomial {
    theta: f64,
}

impl NegativeBinomial {
    /// The family of the given θ; as θ → ∞ it becomes the Poisson.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] unless θ is positive and finite.
    pub fn new(theta: f64) -> Result<Self, Error> {
        if theta > 0.0 && theta.is_finite() {
            return Ok(Self { theta });
        }
        let allowed = "positive and finite (the Poisson is the limit at infinity)";
        Err(Error::InvalidParameter { of: "negative binomial family", parameter: "theta", value: theta, allowed })
    }

    /// θ, the shape of the gamma distribution that the Poisson means have.
    #[must_use]
    pub fn size(&self) -> f64 {
        self.theta
    }
}

/// ln(1 + x) − x with the ratio 1 + x known in its own right, for x near −1.
fn ln_minus(x: f64, ratio: f64) -> f64 {
    if x > -0.5 { special::ln_1p_minus(x) } else { ratio.ln() - x }
}

/// Half the unit deviance as the sum of two terms that are never negative, so that nothing cancels for any θ:
/// −y L(θ(μ − y)/(y(μ + θ))) − θ L((y − μ)/(μ + θ)) with L(x) = ln(1 + x) − x.
fn half_deviance(theta: f64, y: f64, mu: f64, ln_mu: f64) -> f64 {
    if y == 0.0 {
        return theta * (mu / theta).ln_1p();
    }
    let (from, to) = (mu + theta, y + theta);
    let odds = theta * ((mu - y) / y) / from;
    let counts = if odds > -0.5 {
        special::ln_1p_minus(odds)
    } else if mu.is_normal() {
        ((mu / y) * (to / from)).ln() - odds
    } else {
        ln_mu - y.ln() + (to / from).ln() - odds
    };
    -y * counts - theta * ln_minus((y - mu) / from, to / from)
}

/// ln of the probability of `y` at its own mean, in Stirling's form.
fn ln_saturated(theta: f64, y: f64) -> f64 {
    if y == 0.0 {
        return 0.0;
    }
    let total = y + theta;
    0.5 * (theta / (std::f64::consts::TAU * y * total)).ln() + special::stirling_error(total)
        - special::stirling_error(theta)
        - special::stirling_error(y)
}

impl Family for NegativeBinomial {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu * (1.0 + mean.mu / self.theta)
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        1.0 + 2.0 * mean.mu / self.theta
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        2.0 * half_deviance(self.theta, y, mean.mu, mean.mu.ln())
    }
    fn support(&self) -> Interval {
        Interval::NON_NEGATIVE
    }
    fn name(&self) -> String {
        format!("negative-binomial({})", self.theta)
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        half_deviance(self.theta, y, at.mu, at.ln_mu.value)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        let ratio = at.mu / self.theta;
        let weight = (1.0 + ratio).recip();
        let positive = Positive {
            weight,
            weighted_mean: weight * at.mu,
            elasticity: -ratio * weight,
            dweight_at_zero: -self.theta.recip(),
        };
        positive.unit(self.half_deviance(y, at), y, at)
    }
    fn log_link_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        let kernel = LogNegativeBinomial { theta: self.theta, observed: order == Order::Observed };
        vector::units(&kernel, y, eta, order, out);
        true
    }
    /// y, or 1/6 where y = 0: the mustart of R's `negative.binomial`.
    fn starting_mean(&self, y: f64, _weight: f64) -> Mean {
        Mean::from(if y == 0.0 { 1.0 / 6.0 } else { y })
    }
    fn dispersion(&self) -> Dispersion {
        Dispersion::Known(1.0)
    }
    /// weight · ln NB(y; μ, θ); none for a `y` that is not a whole number.
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, _dispersion: f64) -> Option<f64> {
        Some(weight * self.ln_density(count(y)?, mean, 1.0)?)
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        Some(falls_to_zero(y))
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for NegativeBinomial {
    fn theta(&self, mean: Mean) -> f64 {
        -(self.theta / mean.mu).ln_1p()
    }
    fn cumulant(&self, theta: f64) -> f64 {
        -self.theta * special::ln_1m_exp(theta)
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean::from(self.theta / (-theta).exp_m1())
    }
    /// ln C(y + θ − 1, y); with φ ≠ 1, y/φ is a count of mean μ/φ and size θ/φ.
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64> {
        let (y, theta) = (y / dispersion, self.theta / dispersion);
        let entropy = if y == 0.0 { 0.0 } else { y * (theta / y).ln_1p() + theta * (y / theta).ln_1p() };
        Some(ln_saturated(theta, y) + entropy)
    }
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        let kernel = half_deviance(self.theta, y, mean.mu, mean.mu.ln());
        Some(ln_saturated(self.theta / dispersion, y / dispersion) - kernel / dispersion)
    }
}

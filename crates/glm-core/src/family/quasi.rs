//! Quasi-likelihood: a variance function V(μ) = μ^p and nothing more.

use crate::family::power_variance::{Positive, half_deviance, support};
use crate::recession::falls_to_zero;
use crate::{Error, Exponential, Family, Gaussian, Interval, Mean, Point, Recession, Unit};

/// V = μ^p for any finite p; φ is estimated and there is no likelihood.
///
/// The quasi-deviance is d = 2 ∫ (y − t) t^(−p) dt from μ to y. Means are positive, or any real number for p = 0;
/// responses are non-negative for p < 2 and positive from there on.
///
/// ```
/// use glm_core::{Family, Mean, Quasi};
/// let family = Quasi::new(3.0)?;
/// assert_eq!(family.variance(Mean::from(2.0)), 8.0);
/// assert!((family.unit_deviance(1.0, Mean::from(2.0)) - 0.25).abs() < 1e-15); // (y − μ)²/(yμ²)
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quasi {
    power: f64,
}

impl Quasi {
    /// The variance function μ^`power`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] unless the power is finite.
    pub fn new(power: f64) -> Result<Self, Error> {
        if power.is_finite() {
            return Ok(Self { power });
        }
        Err(Error::InvalidParameter { of: "quasi family", parameter: "power", value: power, allowed: "finite" })
    }

    /// p.
    #[must_use]
    pub fn power(&self) -> f64 {
        self.power
    }
}

impl Family for Quasi {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu.powf(self.power)
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        if self.power == 0.0 { 0.0 } else { self.power * mean.mu.powf(self.power - 1.0) }
    }
    fn variance_power(&self) -> Option<f64> {
        Some(self.power)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        if self.power == 0.0 {
            return Gaussian.unit_deviance(y, mean);
        }
        2.0 * half_deviance(self.power, y, mean.mu, mean.mu.ln())
    }
    fn support(&self) -> Interval {
        if self.power == 0.0 { Interval::REAL } else { support(self.power) }
    }
    fn name(&self) -> String {
        format!("quasi({})", self.power)
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        if self.power == 0.0 {
            return Gaussian.half_deviance(y, at);
        }
        half_deviance(self.power, y, at.mu, at.ln_mu.value)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        if self.power == 0.0 {
            return Gaussian.unit(y, at);
        }
        Positive::power(self.power, at).unit(self.half_deviance(y, at), y, at)
    }
    /// y, or 0.1 where y = 0: the mustart of R's `quasi`; for p = 0 always y.
    fn starting_mean(&self, y: f64, _weight: f64) -> Mean {
        Mean::from(if y == 0.0 && self.power != 0.0 { 0.1 } else { y })
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        match self.power {
            0.0 => Gaussian.recession(y),
            1.0..2.0 => Some(falls_to_zero(y)),
            2.0 => Some(Recession::Fixed),
            _ => None,
        }
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for Quasi {
    /// μ^(1−p)/(1 − p); ln μ for p = 1.
    fn theta(&self, mean: Mean) -> f64 {
        let a = 1.0 - self.power;
        if a == 0.0 { mean.mu.ln() } else { mean.mu.powf(a) / a }
    }
    /// μ^(2−p)/(2 − p) at the mean of θ; ln μ for p = 2.
    fn cumulant(&self, theta: f64) -> f64 {
        let (mu, b) = (self.mean(theta).mu, 2.0 - self.power);
        if b == 0.0 { mu.ln() } else { mu.powf(b) / b }
    }
    fn mean(&self, theta: f64) -> Mean {
        let a = 1.0 - self.power;
        Mean::from(if a == 0.0 {
            theta.exp()
        } else if self.power == 0.0 {
            theta
        } else {
            (a * theta).powf(a.recip())
        })
    }
    fn ln_base(&self, _y: f64, _dispersion: f64) -> Option<f64> {
        None
    }
}

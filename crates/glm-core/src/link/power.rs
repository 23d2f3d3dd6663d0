//! The power link, η = μ^λ.

use crate::{Activation, Error, Interval, Link, Log, Logarithm, Mean, Point};

/// η = μ^λ with λ ≠ 0, so μ = η^(1/λ); μ^(1−p) is canonical for the Tweedie family of variance power p.
///
/// Domain: η > 0.
///
/// ```
/// use glm_core::{Activation, Power};
/// let cube_root = Power::new(1.0 / 3.0)?;
/// assert!((cube_root.mu(2.0) - 8.0).abs() < 1e-14);
/// assert!(Power::new(0.0).is_err());
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Power {
    exponent: f64,
}

impl Power {
    /// The link μ^`exponent`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] unless the exponent is finite and not zero; the limit at zero is [`Log`].
    pub fn new(exponent: f64) -> Result<Self, Error> {
        if exponent.is_finite() && exponent != 0.0 {
            return Ok(Self { exponent });
        }
        let allowed = "finite and not zero (the log link is the limit at zero)";
        Err(Error::InvalidParameter { of: "power link", parameter: "exponent", value: exponent, allowed })
    }

    /// The canonical link of the power variance μ^p, μ^(1−p), for p ≠ 1.
    pub(crate) const fn canonical(variance_power: f64) -> Self {
        Self { exponent: 1.0 - variance_power }
    }

    /// λ.
    #[must_use]
    pub fn exponent(&self) -> f64 {
        self.exponent
    }
}

impl Activation for Power {
    fn mu(&self, eta: f64) -> f64 {
        eta.powf(self.exponent.recip())
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        self.mu(eta) / eta / self.exponent
    }
    fn name(&self) -> String {
        format!("power({})", self.exponent)
    }
}

impl Link for Power {
    fn eta(&self, mean: Mean) -> f64 {
        // Near one the complement carries the digits.
        if mean.complement.abs() < 0.5 { (self.exponent * Log.eta(mean)).exp() } else { mean.mu.powf(self.exponent) }
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        let root = self.exponent.recip();
        root * (root - 1.0) * (self.mu(eta) / eta / eta)
    }
    fn range(&self) -> Interval {
        Interval::POSITIVE
    }
    fn domain(&self) -> Interval {
        Interval::POSITIVE
    }
    fn at(&self, eta: f64) -> Point {
        let root = self.exponent.recip();
        let mu = self.mu(eta);
        let ln_mu = root * eta.ln();
        let mean = Mean { mu, complement: if ln_mu.abs() < 1.0 { -ln_mu.exp_m1() } else { 1.0 - mu } };
        let slope = mu / eta;
        point(mean, root * slope, root * (root - 1.0) * (slope / eta), root, eta)
    }
}

/// The point of μ = η^`root`, whose logarithm is root · ln η, from a mean with an accurate complement.
pub(super) fn point(mean: Mean, dmu: f64, d2mu: f64, root: f64, eta: f64) -> Point {
    let d1 = root / eta;
    Point { ln_mu: Logarithm { value: root * eta.ln(), d1, d2: -d1 / eta }, ..Point::from_mean(mean, dmu, d2mu) }
}

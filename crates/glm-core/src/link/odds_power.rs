//! The odds-power link, η = ((μ/(1 − μ))^λ − 1)/λ.

use crate::{Activation, Error, Interval, Link, Logarithm, Logit, Mean, Point, special};

/// η = ((μ/(1 − μ))^λ − 1)/λ with λ ≠ 0: a power of the odds, with the logit as its limit at λ = 0.
///
/// Domain: 1 + λη > 0. The log odds are u = ln(1 + λη)/λ, so this is the logit link in u.
///
/// ```
/// use glm_core::{Activation, OddsPower};
/// let odds = OddsPower::new(1.0)?;
/// assert!((odds.mu(2.0) - 0.75).abs() < 1e-15); // the odds are three to one
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OddsPower {
    exponent: f64,
}

impl OddsPower {
    /// The link ((μ/(1 − μ))^`exponent` − 1)/`exponent`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] unless the exponent is finite and not zero; the limit at zero is [`Logit`].
    pub fn new(exponent: f64) -> Result<Self, Error> {
        if exponent.is_finite() && exponent != 0.0 {
            return Ok(Self { exponent });
        }
        let allowed = "finite and not zero (the logit link is the limit at zero)";
        Err(Error::InvalidParameter { of: "odds-power link", parameter: "exponent", value: exponent, allowed })
    }

    /// λ.
    #[must_use]
    pub fn exponent(&self) -> f64 {
        self.exponent
    }

    /// The log odds u = ln(1 + λη)/λ and du/dη = 1/(1 + λη).
    fn log_odds(&self, eta: f64) -> (f64, f64) {
        let inner = self.exponent * eta;
        (inner.ln_1p() / self.exponent, (1.0 + inner).recip())
    }
}

impl Activation for OddsPower {
    fn mu(&self, eta: f64) -> f64 {
        special::sigmoid(self.log_odds(eta).0)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        let (u, du) = self.log_odds(eta);
        Logit.dmu_deta(u) * du
    }
    fn name(&self) -> String {
        format!("odds-power({})", self.exponent)
    }
}

impl Link for OddsPower {
    fn eta(&self, mean: Mean) -> f64 {
        (self.exponent * Logit.eta(mean)).exp_m1() / self.exponent
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        self.at(eta).d2mu
    }
    fn range(&self) -> Interval {
        Interval::UNIT_OPEN
    }
    fn domain(&self) -> Interval {
        let edge = -self.exponent.recip();
        if self.exponent > 0.0 { Interval::open(edge, f64::INFINITY) } else { Interval::open(f64::NEG_INFINITY, edge) }
    }
    fn at(&self, eta: f64) -> Point {
        let (u, du) = self.log_odds(eta);
        let d2u = -self.exponent * du * du;
        let inner = Logit.at(u);
        let chain = |d1: f64, d2: f64| (d1 * du, d2 * du * du + d1 * d2u);
        let logarithm = |log: Logarithm| {
            let (d1, d2) = chain(log.d1, log.d2);
            Logarithm { value: log.value, d1, d2 }
        };
        let (dmu, d2mu) = chain(inner.dmu, inner.d2mu);
        Point { dmu, d2mu, ln_mu: logarithm(inner.ln_mu), ln_complement: logarithm(inner.ln_complement), ..inner }
    }
}

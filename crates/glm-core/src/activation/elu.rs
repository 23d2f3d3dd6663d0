//! The exponential linear unit, μ = η above zero and a(e^η − 1) below.

use crate::{Activation, Error};

/// μ = η for η > 0 and `scale` · (e^η − 1) elsewhere; 1 is the customary scale, and the smooth one.
///
/// ```
/// use glm_core::{Activation, Elu};
/// assert_eq!(Elu::default().mu(-800.0), -1.0);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elu {
    scale: f64,
}

impl Elu {
    /// The unit that tends to −`scale` far below zero.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] unless the scale is positive and finite.
    pub fn new(scale: f64) -> Result<Self, Error> {
        if scale > 0.0 && scale.is_finite() {
            return Ok(Self { scale });
        }
        Err(Error::InvalidParameter { of: "elu", parameter: "scale", value: scale, allowed: "positive and finite" })
    }
}

impl Default for Elu {
    fn default() -> Self {
        Self { scale: 1.0 }
    }
}

impl Activation for Elu {
    fn mu(&self, eta: f64) -> f64 {
        if eta > 0.0 { eta } else { self.scale * eta.exp_m1() }
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        if eta > 0.0 { 1.0 } else { self.scale * eta.exp() }
    }
    fn name(&self) -> String {
        format!("elu({})", self.scale)
    }
    fn pull_back(&self, eta: &[f64], mu: &[f64], delta: &mut [f64]) {
        for ((delta, eta), mu) in delta.iter_mut().zip(eta).zip(mu) {
            *delta *= if *eta > 0.0 { 1.0 } else { mu + self.scale };
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "the caller asked for single precision")]
    fn pull_back_f32(&self, eta: &[f32], mu: &[f32], delta: &mut [f32]) {
        let scale = self.scale as f32;
        for ((delta, eta), mu) in delta.iter_mut().zip(eta).zip(mu) {
            *delta *= if *eta > 0.0 { 1.0 } else { mu + scale };
        }
    }
}

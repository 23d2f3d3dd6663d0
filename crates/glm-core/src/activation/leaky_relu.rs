//! The leaky rectified linear unit, μ = η above zero and a·η below.

use crate::{Activation, Error};

/// μ = η for η > 0 and `slope` · η elsewhere; 0.01 is the customary slope.
///
/// ```
/// use glm_core::{Activation, LeakyRelu};
/// assert_eq!(LeakyRelu::default().mu(-2.0), -0.02);
/// assert_eq!(LeakyRelu::new(0.25)?.mu(-2.0), -0.5);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LeakyRelu {
    slope: f64,
}

impl LeakyRelu {
    /// The unit of the given slope below zero.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] unless 0 ≤ `slope` ≤ 1.
    pub fn new(slope: f64) -> Result<Self, Error> {
        if (0.0..=1.0).contains(&slope) {
            return Ok(Self { slope });
        }
        Err(Error::InvalidParameter { of: "leaky relu", parameter: "slope", value: slope, allowed: "between 0 and 1" })
    }
}

impl Default for LeakyRelu {
    fn default() -> Self {
        Self { slope: 0.01 }
    }
}

impl Activation for LeakyRelu {
    fn mu(&self, eta: f64) -> f64 {
        if eta > 0.0 { eta } else { self.slope * eta }
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        if eta > 0.0 { 1.0 } else { self.slope }
    }
    fn name(&self) -> String {
        format!("leaky-relu({})", self.slope)
    }
    #[expect(clippy::cast_possible_truncation, reason = "the caller asked for single precision")]
    fn mu_into_f32(&self, eta: &[f32], mu: &mut [f32]) {
        let slope = self.slope as f32;
        for (mu, eta) in mu.iter_mut().zip(eta) {
            *mu = if *eta > 0.0 { *eta } else { slope * eta };
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "the caller asked for single precision")]
    fn pull_back_f32(&self, eta: &[f32], _mu: &[f32], delta: &mut [f32]) {
        let slope = self.slope as f32;
        for (delta, eta) in delta.iter_mut().zip(eta) {
            *delta *= if *eta > 0.0 { 1.0 } else { slope };
        }
    }
}

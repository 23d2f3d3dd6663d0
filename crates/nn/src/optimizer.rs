//! Optimisers: what a step makes of a gradient. The rules are PyTorch's, so that rates carry over.

mod adam;
mod rmsprop;
mod sgd;

pub use adam::{Adam, AdamW};
pub use rmsprop::RmsProp;
pub use sgd::Sgd;

use std::fmt;

use glm_core::Scalar;

use crate::Error;
use crate::error::check_setting;

/// A rule that turns gradients into steps. The rule is a value; what it remembers from step to step is in [`Steps`].
///
/// Check an optimiser of your own with [`laws::optimizer`](crate::laws::optimizer).
pub trait Optimizer<S: Scalar>: fmt::Debug + Send + Sync {
    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for the first that is not allowed.
    fn check(&self) -> Result<(), Error>;

    /// Begins, with nothing remembered.
    fn begin(&self, n_params: usize) -> Box<dyn Steps<S>>;
}

/// A run of an optimiser.
pub trait Steps<S>: fmt::Debug + Send {
    /// Moves the parameters; the gradient is that of the batch's mean loss.
    fn step(&mut self, params: &mut [S], gradient: &[S]);
}

/// An optimiser in both storages, which is what [`Training`](crate::Training) holds.
pub trait AnyOptimizer: Optimizer<f32> + Optimizer<f64> {}

impl<O: Optimizer<f32> + Optimizer<f64>> AnyOptimizer for O {}

fn check_rate(rate: f64) -> Result<(), Error> {
    check_setting("the learning rate", rate, rate > 0.0 && rate.is_finite(), "above 0")
}

fn check_fraction(what: &'static str, value: f64) -> Result<(), Error> {
    check_setting(what, value, (0.0..1.0).contains(&value), "at least 0 and below 1")
}

fn check_epsilon(epsilon: f64) -> Result<(), Error> {
    check_setting("epsilon", epsilon, epsilon > 0.0 && epsilon.is_finite(), "above 0")
}

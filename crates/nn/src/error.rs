//! What can be wrong with a network, its data or its training, and what to do about it.

use crate::Trained;

/// Everything that `nn` can refuse.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The data are not fit for a regression.
    #[error(transparent)]
    Core(#[from] glm_core::Error),
    /// A setting outside its domain.
    #[error("{what} is {value}; it must be {allowed}")]
    Setting {
        /// The setting's name.
        what: &'static str,
        /// The value given.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// Two parts that must fit together do not.
    #[error("{what}: {found} given where {expected} are needed; {advice}")]
    Mismatch {
        /// What was counted.
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many were given.
        found: usize,
        /// What to do.
        advice: &'static str,
    },
    /// Cross-entropy of a response that is not a probability.
    #[error("{response} is not a probability model, so it has no cross-entropy; read its loss instead")]
    NoCrossEntropy {
        /// The response's name.
        response: String,
    },
    /// The loss, or a parameter, stopped being finite.
    #[error("the loss stopped being finite in epoch {epoch}; lower the learning rate, or standardise the features")]
    Diverged {
        /// The epoch, counted from one.
        epoch: usize,
        /// The best network met before, its parameters widened exactly to `f64`.
        best: Box<Trained<f64>>,
    },
}

/// Refuses a setting that is not allowed.
pub(crate) fn check_setting(what: &'static str, value: f64, ok: bool, allowed: &'static str) -> Result<(), Error> {
    if ok { Ok(()) } else { Err(Error::Setting { what, value, allowed }) }
}

//! Why there is no fit; whatever was reached is in the error.

use crate::Fit;

/// Everything that `glm-solvers` can refuse or fail at.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input is wrong.
    #[error(transparent)]
    Input(#[from] glm_core::Error),
    /// The iteration stopped before the score was small; the best iterate is inside, with its certificate.
    #[error(
        "{} did not converge: {}; the best iterate is in the error", .0.solver, .0.certificate.outcome
    )]
    NotConverged(Box<Fit>),
    /// The start that the caller gave has a linear predictor or mean outside its domain.
    #[error("the starting values give {response} a linear predictor or a mean outside its domain; choose others")]
    InvalidStart {
        /// The response's name.
        response: String,
    },
    /// No starting point inside the domain was found.
    #[error(
        "no starting values were found at which every mean of {response} is inside its domain; \
         give some with `with_start`, or choose a link whose means cannot leave it"
    )]
    NoValidStart {
        /// The response's name.
        response: String,
    },
    /// A method that needs to know the dispersion, and a family that does not.
    #[error(
        "{method} needs to know the dispersion of {response}; give one by \
         `with_dispersion(DispersionEstimate::Fixed(..))`"
    )]
    DispersionNotKnown {
        /// The method.
        method: &'static str,
        /// The response's name.
        response: String,
    },
    /// A method for one family and one link, and a response without them.
    #[error("{method} needs a family and a link, and {response} has not both; use a response with one predictor")]
    NoFamilyAndLink {
        /// The method.
        method: &'static str,
        /// The response's name.
        response: String,
    },
    /// A setting of the solver that cannot be.
    #[error("{setting} = {value} is not allowed; it must be {allowed}")]
    InvalidSetting {
        /// The setting.
        setting: &'static str,
        /// The value given.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
}

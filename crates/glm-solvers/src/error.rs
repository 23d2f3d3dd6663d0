//! Why there is no fit; whatever was reached is in the error.

use crate::{Boundary, Fit, OrdinalFit, Separation};

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
    /// The iteration of an ordinal model stopped before the score was small; the best iterate is inside.
    #[error(
        "{} did not converge: {}; the best iterate is in the error", .0.solver, .0.certificate.outcome
    )]
    OrdinalNotConverged(Box<OrdinalFit>),
    /// An ordinal model's design has an intercept.
    #[error(
        "the design has an intercept, but the thresholds of an ordinal response take its place; build it without one"
    )]
    Intercept,
    /// The likelihood has no finite maximum; the columns and rows that show it are inside, with the last iterate.
    #[error("{0}")]
    Separation(Box<Separation>),
    /// The same of an ordinal model.
    #[error("{0}")]
    OrdinalSeparation(Box<Separation<OrdinalFit>>),
    /// The maximum lies on the edge of the domain; the estimate, and the rows and multipliers that prove it, are inside.
    #[error("{0}")]
    Boundary(Box<Boundary>),
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
    /// A class that no row of positive weight is in: its probability is zero and its parameters are infinite.
    #[error(
        "no row of positive weight is in class {class} of the {classes} classes; leave it out and renumber the rest"
    )]
    EmptyClass {
        /// The class, from zero.
        class: usize,
        /// The number of classes.
        classes: usize,
    },
    /// No parameters give every row a mean inside its domain.
    #[error(
        "no coefficients give every mean of {response} a value inside its domain: already rows {rows:?} contradict each \
         other; choose a link whose means cannot leave it, or look at the offset"
    )]
    Infeasible {
        /// The response's name.
        response: String,
        /// Rows, from zero, that no coefficients can satisfy together.
        rows: Vec<usize>,
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

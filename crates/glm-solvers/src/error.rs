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
    /// A column's squares overflow or underflow, so that nothing can be said of its span.
    #[error(
        "column {column} of the design has numbers like {value:e}, whose squares are beyond the range of numbers; \
         divide it by a constant"
    )]
    ColumnScale {
        /// The column, from 0.
        column: usize,
        /// Its largest number on the rows in use.
        value: f64,
    },
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
    /// A frequency that is no whole number.
    #[error(
        "the frequency {value} at row {row} is no whole number below 2^53: a row cannot stand for so many equal rows; \
         `Weights::Analytic` divides the variance, `Weights::Probability` is for samples"
    )]
    FractionalFrequency {
        /// Row, from zero.
        row: usize,
        /// Its frequency.
        value: f64,
    },
    /// A method that needs a likelihood, and rows sampled with unequal probabilities.
    #[error(
        "{method} needs a likelihood, and sampling weights leave none; use `Weights::Frequency` or `Weights::Analytic` if \
         the numbers are not sampling weights"
    )]
    Sampled {
        /// The method.
        method: &'static str,
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
    /// A test or an interval of an adjusted score that is not the slope of a penalised likelihood.
    #[error(
        "the adjusted score of {response} is the slope of no penalised likelihood, because its link is not the canonical \
         one; fit with `BiasReduction::Jeffreys` for likelihood-ratio tests and profile intervals"
    )]
    NoPenalisedLikelihood {
        /// The response's name.
        response: String,
    },
    /// A fit and a problem that do not belong together.
    #[error(
        "the estimate is not that of this problem, where its adjusted score is {score_norm} standard errors; pass the \
         problem that was fitted, with its response, weights, offset and dispersion"
    )]
    NotTheFittedProblem {
        /// √(U*ᵀ I⁻¹ U*) at the estimate, on the problem that was passed.
        score_norm: f64,
    },
    /// A coefficient that cannot be held at a value.
    #[error("coefficient {column} cannot be held at {value}: {reason}")]
    InvalidRestriction {
        /// Its place in the coefficients, from zero.
        column: usize,
        /// The value given; NaN where it was to be held at one after another.
        value: f64,
        /// Why, and what to do.
        reason: &'static str,
    },
    /// Some coefficients were held, and the others' best values were not found.
    #[error(
        "with {} no maximum of the penalised likelihood was found: {}; for an interval, ask for a lower level, or fit \
         with a link whose means cannot leave their domain", held(.fixed), lost(.best.as_deref())
    )]
    Restricted {
        /// The coefficients that were held, by their place from zero, and their values.
        fixed: Vec<(usize, f64)>,
        /// The best iterate of the last search; `None` where none found a point inside the domain to start from.
        best: Option<Box<Fit>>,
    },
    /// An estimate that is a maximum of the penalised likelihood, but not its greatest.
    #[error(
        "with {} the penalised likelihood is {excess} higher than at the estimate, which is then only a local maximum \
         and can be the centre of no test or interval", held(.fixed)
    )]
    LocalMaximum {
        /// The coefficients that were held, by their place from zero, and their values.
        fixed: Vec<(usize, f64)>,
        /// By how much log L + ½ ln |I(β)| is higher.
        excess: f64,
    },
    /// Maximum likelihood of a dispersion that no likelihood depends on.
    #[error("the dispersion of {response} has no maximum-likelihood estimate: {reason}")]
    NoDispersionLikelihood {
        /// The response's name.
        response: String,
        /// Why, and what to do instead.
        reason: &'static str,
    },
    /// A likelihood that rises without bound as φ → 0, for every residual is zero or a rounding error.
    #[error(
        "{response} fits every row exactly, so its likelihood has no maximum in the dispersion; leave out columns, or use \
         `DispersionEstimate::Pearson`"
    )]
    ExactFit {
        /// The response's name.
        response: String,
    },
    /// The gamma shape of a response that is not gamma.
    #[error("{response} has no gamma shape; use a gamma family, or `DispersionEstimate::MaximumLikelihood`")]
    NotGamma {
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

/// `coefficient 2 = 0, coefficient 3 = 1.5`.
fn held(fixed: &[(usize, f64)]) -> String {
    let each: Vec<String> = fixed.iter().map(|(column, value)| format!("coefficient {column} = {value}")).collect();
    each.join(", ")
}

/// Why a search with coefficients held found no maximum.
fn lost(best: Option<&Fit>) -> String {
    best.map_or_else(|| "a mean leaves its domain".to_owned(), |fit| fit.certificate.outcome.to_string())
}

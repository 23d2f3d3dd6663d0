//! What can be wrong with the input, with the place and the value, and what to do about it.

use crate::{Interval, Scalar, kernel};

/// Everything that `glm-core` can refuse.
///
/// Rows and columns count from zero, as slices do; the intercept, where there is one, is column 0 of the design but is
/// never named here, because it cannot be wrong: `column` is the index in what the caller passed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A number that must be finite is not.
    #[error("{what} is {value} at row {row}{}; remove or impute such rows before fitting", column_text(*column))]
    NotFinite {
        /// Which input: "x", "y", "weights", "offset" or "start".
        what: &'static str,
        /// Row, from zero.
        row: usize,
        /// Column of the caller's matrix, from zero, where there is one.
        column: Option<usize>,
        /// The value found.
        value: f64,
    },
    /// A response value that the family cannot produce.
    #[error("y is {value} at row {row}, outside the support {support} of {family}")]
    OutsideSupport {
        /// Row, from zero.
        row: usize,
        /// The value found.
        value: f64,
        /// The values that are allowed.
        support: Interval,
        /// The family's name.
        family: String,
    },
    /// A class label that is not one of 0, 1, …, k − 1.
    #[error("y is {value} at row {row}; a class is one of the whole numbers 0 to {}", classes - 1)]
    NotAClass {
        /// Row, from zero.
        row: usize,
        /// The value found.
        value: f64,
        /// The number of classes.
        classes: usize,
    },
    /// A negative prior weight.
    #[error("the weight at row {row} is {value}; prior weights are zero or positive")]
    NegativeWeight {
        /// Row, from zero.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// Weights that leave no observation.
    #[error("all weights are zero, so there is nothing to fit")]
    AllWeightsZero,
    /// No observation at all.
    #[error("there are no rows")]
    NoRows,
    /// No column at all.
    #[error("the design has no columns; ask for an intercept or add a column")]
    NoColumns,
    /// Two inputs that must have the same length do not.
    #[error("{what} has {found} values but {expected} are needed")]
    LengthMismatch {
        /// Which input.
        what: &'static str,
        /// How many values are needed.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// A code that is not one of 0, 1, …, levels − 1.
    #[error("the code at row {row} is {code}; with {levels} levels, codes are whole numbers below {levels}")]
    UnknownLevel {
        /// Row, from zero.
        row: usize,
        /// The code found.
        code: u32,
        /// The number of levels.
        levels: usize,
    },
    /// Compressed rows or columns whose starts or indices cannot be right.
    #[error("at place {place}, among the {what}, is {found}; it must be {allowed}")]
    InvalidSparsity {
        /// "rows" or "columns": where these start, or their indices.
        what: &'static str,
        /// The place in the slice of starts or of indices.
        place: usize,
        /// The value found.
        found: usize,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// A parameter of a family, link or activation outside its domain.
    #[error("{of}: {parameter} = {value} is not allowed; it must be {allowed}")]
    InvalidParameter {
        /// The family, link, activation or setting.
        of: &'static str,
        /// The parameter's name.
        parameter: &'static str,
        /// The value given.
        value: f64,
        /// What is allowed, in words.
        allowed: &'static str,
    },
    /// A family and a link that do not fit together.
    #[error(
        "the {link} link gives means in {range}, but {family} has means in {domain}; choose a link that covers them: \
         {valid}"
    )]
    InvalidPair {
        /// The family's name.
        family: String,
        /// The link's name.
        link: String,
        /// Means that the link can reach.
        range: Interval,
        /// Means that the family has.
        domain: Interval,
        /// The names of the links that would do.
        valid: String,
    },
    /// A name that is not known.
    #[error("there is no {kind} called `{name}`; there are: {known}")]
    UnknownName {
        /// "family", "link" or "activation".
        kind: &'static str,
        /// What was asked for.
        name: String,
        /// What exists.
        known: String,
    },
}

fn column_text(column: Option<usize>) -> String {
    column.map_or_else(String::new, |column| format!(", column {column}"))
}

/// Checks that every value is finite and names the first that is not.
pub(crate) fn check_finite<S: Scalar>(what: &'static str, values: &[S], column: Option<usize>) -> Result<(), Error> {
    if kernel::all_finite(values) {
        return Ok(());
    }
    match values.iter().position(|value| !value.to_f64().is_finite()) {
        Some(row) => Err(Error::NotFinite { what, row, column, value: values[row].to_f64() }),
        None => Ok(()),
    }
}

/// Checks that a slice has the length that the rows ask for.
pub(crate) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found { Ok(()) } else { Err(Error::LengthMismatch { what, expected, found }) }
}

//! What cannot be scored, and where.

use thiserror::Error;

/// Why a score could not be computed; rows are counted from zero.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// There are no rows.
    #[error("there are no rows to score")]
    Empty,
    /// Two columns differ in length.
    #[error("{what} has {found} rows but the outcome has {expected}; pass columns of the same rows")]
    Length {
        /// The column that differs: `"prediction"` or `"weights"`.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length of the outcome.
        expected: usize,
    },
    /// A value is NaN or, where that means nothing, infinite.
    #[error("{what} is {value} in row {row}; drop or repair the row before scoring")]
    NotFinite {
        /// The column: `"outcome"`, `"prediction"` or `"weights"`.
        what: &'static str,
        /// The row, from zero.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// A probability or a proportion is outside `[0, 1]`.
    #[error("{what} is {value} in row {row}, outside [0, 1]; a logit goes to log_loss_from_logits")]
    OutsideUnit {
        /// The column: `"outcome"` or `"prediction"`.
        what: &'static str,
        /// The row, from zero.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// An outcome is neither 0 nor 1.
    #[error("outcome is {value} in row {row}, neither 0 nor 1; code the two classes as 0 and 1")]
    NotBinary {
        /// The row, from zero.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// A weight is negative.
    #[error("weights is {value} in row {row}; a weight is zero or positive")]
    NegativeWeight {
        /// The row, from zero.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// Every weight is zero.
    #[error("every weight is zero, so the score is 0/0")]
    NoWeight,
    /// All rows of positive weight have the same outcome, so no pair can be ranked.
    #[error("every row of positive weight has outcome {class}; the AUC compares rows of both classes")]
    OneClass {
        /// The only class present, 0 or 1.
        class: u8,
    },
    /// Zero bins were asked for.
    #[error("a calibration table needs at least one bin")]
    NoBins,
}

//! What can be wrong with a table, a formula or both.

use crate::Fault;

/// Errors of this crate. Rows are counted from zero; messages count from one, as a file does.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The formula, with its place.
    #[error(transparent)]
    Formula(#[from] Fault),
    /// Two columns of one name.
    #[error("the data have two columns named `{column}`; rename one")]
    DuplicateColumn {
        /// Their name.
        column: String,
    },
    /// A column of another length.
    #[error("the column `{column}` has {got} rows where the first has {expected}")]
    LengthMismatch {
        /// Its name.
        column: String,
        /// The rows of the first.
        expected: usize,
        /// Its rows.
        got: usize,
    },
}

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
    /// A column that is needed and not there.
    #[error("the data have no column `{column}`{}", suggestion.as_ref().map_or(String::new(), |name| format!("; is it `{name}`?")))]
    NoColumn {
        /// Its name.
        column: String,
        /// The column that was probably meant.
        suggestion: Option<String>,
    },
    /// A category where numbers are needed.
    #[error("the column `{column}` is needed as numbers but has `{level}` in row {}", row + 1)]
    NotNumbers {
        /// Its name.
        column: String,
        /// The first row that is no number.
        row: usize,
        /// What it has there.
        level: String,
    },
    /// Missing values where they are not allowed.
    #[error("{rows} of {n_rows} rows have missing values ({}), the first in row {}; omit them or fill them in",
        columns.iter().map(|(name, count)| format!("{count} in `{name}`")).collect::<Vec<_>>().join(", "), first_row + 1)]
    MissingValues {
        /// How many rows have any.
        rows: usize,
        /// Of how many.
        n_rows: usize,
        /// The first of them.
        first_row: usize,
        /// The columns that have any, and how many.
        columns: Vec<(String, usize)>,
    },
    /// Nothing is left without the rows that have missing values.
    #[error("none of the {n_rows} rows is complete")]
    NoCompleteRows {
        /// How many there are.
        n_rows: usize,
    },
    /// An expression that is not finite although its columns are there.
    #[error("`{expression}` is {value} in row {}; correct the data or the formula", row + 1)]
    NotFinite {
        /// The expression, as the formula has it.
        expression: String,
        /// The first row in which it is not finite.
        row: usize,
        /// Its value there.
        value: f64,
    },
    /// A level that the data of the fit did not have.
    #[error("`{column}` has the level `{level}` in row {}, which the data of the fit did not have; known are {}",
        row + 1, some(levels))]
    UnseenLevel {
        /// The variable.
        column: String,
        /// The first such row.
        row: usize,
        /// The level.
        level: String,
        /// The levels that the fit knew.
        levels: Vec<String>,
    },
    /// A category that says nothing, having one level or none.
    #[error("the category `{column}` has {}, so it has no effect to estimate; leave it out of the formula",
        level.as_ref().map_or("no level".to_owned(), |level| format!("only the level `{level}`")))]
    OneLevel {
        /// The variable.
        column: String,
        /// Its level, if it has one.
        level: Option<String>,
    },
    /// A term of more columns than a computer could hold.
    #[error(
        "`{term}` makes {columns} columns, more than {most}; is one of its variables a number or a name of each row?"
    )]
    TooManyColumns {
        /// The term or variable.
        term: String,
        /// Its columns.
        columns: usize,
        /// How many may be.
        most: usize,
    },
    /// A formula without a response where one is needed.
    #[error("the formula has no response; write one before `~`")]
    NoResponse,
    /// A saved design that contradicts itself.
    #[error("the saved design is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: String,
    },
    /// The columns do not make a design.
    #[error(transparent)]
    Design(#[from] glm_core::Error),
}

/// The first few of a list of names.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

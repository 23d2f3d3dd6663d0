//! What can be wrong with a table, a formula or both.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Fault, Place};

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
    /// A file that is not there.
    #[error("there is no file {}", file.display())]
    NoSuchFile {
        /// Its name.
        file: PathBuf,
    },
    /// A file or stream that cannot be read.
    #[error("cannot read {}: {message}", named(file.as_deref()))]
    Io {
        /// Its name.
        file: Option<PathBuf>,
        /// What kind of failure.
        kind: io::ErrorKind,
        /// The system's words.
        message: String,
    },
    /// A compressed file or a Parquet file that stops before its end.
    #[error("{} ends too early: it is not complete; get it again", named(file.as_deref()))]
    Truncated {
        /// Its name.
        file: Option<PathBuf>,
    },
    /// A file of a kind that we do not read.
    #[error("{} is {found}: {advice}", named(file.as_deref()))]
    Format {
        /// Its name.
        file: Option<PathBuf>,
        /// What it is.
        found: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A file without anything in it.
    #[error("{} is empty; a header line with the names of the columns is needed, then the rows", named(file.as_deref()))]
    EmptyFile {
        /// Its name.
        file: Option<PathBuf>,
    },
    /// A file without rows.
    #[error("{} has a header but no rows", named(file.as_deref()))]
    HeaderOnly {
        /// Its name.
        file: Option<PathBuf>,
    },
    /// A column without a name.
    #[error(
        "{}: column {position} has no name; name it, or say which columns to read (row names, as R and pandas write \
         them, are not needed)",
        named(file.as_deref())
    )]
    UnnamedColumn {
        /// The file.
        file: Option<PathBuf>,
        /// Its place, the first being 1.
        position: usize,
    },
    /// A column that is not there.
    #[error("{} has no column `{column}`{}", named(file.as_deref()), meant(nearest.as_deref()))]
    NoSuchColumn {
        /// The file.
        file: Option<PathBuf>,
        /// The name.
        column: String,
        /// A column of nearly that name.
        nearest: Option<String>,
    },
    /// A line with too few or too many fields.
    #[error("{place}: {got} fields where the header has {expected}")]
    Ragged {
        /// The line.
        place: Box<Place>,
        /// The columns of the header.
        expected: usize,
        /// The fields of the line.
        got: usize,
    },
    /// Bytes that are no UTF-8.
    #[error("{place}: not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// Where.
        place: Box<Place>,
    },
    /// A quote that is never closed.
    #[error("{place}: a quote is opened in this record and never closed")]
    UnterminatedQuote {
        /// The line where the record begins.
        place: Box<Place>,
    },
    /// Text between the end of a quoted field and the delimiter.
    #[error("{place}: text follows a closing quote; a quote within quotes is written twice")]
    StrayQuote {
        /// Where.
        place: Box<Place>,
    },
    /// A record longer than any of a table.
    #[error("{place}: longer than {megabytes} MB; this is not a CSV file")]
    LongLine {
        /// Where it begins.
        place: Box<Place>,
        /// The limit.
        megabytes: usize,
    },
    /// Text in a column of numbers.
    #[error("{place}: `{value}` is not a number; if the column is a category, say so in the schema")]
    TextInNumbers {
        /// Where.
        place: Box<Place>,
        /// The text.
        value: String,
    },
    /// An infinite number, or one too large for 64 bits.
    #[error("{place}: {value} is infinite; a regression needs finite numbers (write NA for a missing value)")]
    Infinite {
        /// Where.
        place: Box<Place>,
        /// As it is written.
        value: String,
    },
    /// A value that is not among the given levels.
    #[error("{place}: `{value}` is not one of the levels given{}", meant(nearest.as_deref()))]
    UnknownLevel {
        /// Where.
        place: Box<Place>,
        /// The value.
        value: String,
        /// A level of nearly that name.
        nearest: Option<String>,
    },
    /// A Parquet file that cannot be read although it is whole.
    #[error("cannot read {} as Parquet: {message}", named(file.as_deref()))]
    Parquet {
        /// Its name.
        file: Option<PathBuf>,
        /// The words of the library.
        message: String,
    },
    /// A batch whose columns are not those of the first.
    #[error("batch {} has other columns or types than the first", number + 1)]
    BatchColumns {
        /// Which, the first being 0.
        number: usize,
    },
    /// A column of a type that is neither number nor category.
    #[error("{place} has the type {found}; {advice}")]
    ColumnKind {
        /// The file and the column.
        place: Box<Place>,
        /// The type.
        found: String,
        /// What to do.
        advice: &'static str,
    },
    /// A schema that is not what a schema should be.
    #[error("the schema, line {line}, column {column}: {message}")]
    Schema {
        /// The line of the JSON.
        line: usize,
        /// The column of that line.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A schema with an empty list of levels.
    #[error("the schema gives the column `{column}` no levels; leave `levels` out to take those of the data")]
    EmptyLevels {
        /// The column.
        column: String,
    },
    /// A schema that names a level twice.
    #[error("the schema names the level `{level}` of the column `{column}` twice")]
    DuplicateLevel {
        /// The column.
        column: String,
        /// The level.
        level: String,
    },
    /// A column whose type must be known before it is read in parts.
    #[error("the schema says nothing of the column `{column}`; a file read in parts cannot be inferred")]
    UntypedColumn {
        /// The column.
        column: String,
    },
}

impl Error {
    pub(crate) fn io(file: Option<&Path>, error: &io::Error) -> Self {
        match (error.kind(), file) {
            (io::ErrorKind::NotFound, Some(file)) => Self::NoSuchFile { file: file.to_owned() },
            (io::ErrorKind::UnexpectedEof, _) => Self::Truncated { file: file.map(Path::to_owned) },
            (kind, _) => Self::Io { file: file.map(Path::to_owned), kind, message: error.to_string() },
        }
    }
}

fn named(file: Option<&Path>) -> String {
    file.map_or_else(|| "the input".to_owned(), |file| file.display().to_string())
}

fn meant(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; did you mean `{nearest}`?"))
}

/// The first few of a list of names.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

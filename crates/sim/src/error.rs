//! What cannot be simulated, split or standardised, and why.

/// Why data could not be drawn, split or standardised; rows and columns are counted from zero.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A parameter of a distribution is outside its domain.
    #[error("{name} is {value}, but it must be {domain}")]
    Parameter {
        /// The parameter, as the function names it.
        name: &'static str,
        /// The value given.
        value: f64,
        /// The domain, in words.
        domain: &'static str,
    },
    /// A draw is too large for an `f64`.
    #[error("a draw at mean {mean} overflows; simulate on a smaller scale")]
    DrawOverflow {
        /// The mean asked for.
        mean: f64,
    },
    /// A split would leave the training or the test part without rows.
    #[error("{n_rows} rows with {test} for testing leave a part empty; ask for between 1 and one less than all rows")]
    EmptyPart {
        /// The number of rows.
        n_rows: usize,
        /// The number of test rows asked for.
        test: usize,
    },
    /// The number of folds is not between 2 and the number of rows.
    #[error("{n_rows} rows cannot be cut into {folds} folds; ask for between 2 and as many as there are rows")]
    Folds {
        /// The number of rows.
        n_rows: usize,
        /// The number of folds asked for.
        folds: usize,
    },
    /// A row number is beyond the end of a column.
    #[error("row {row} was asked of a column with {n_rows} rows; gather rows of the data that was split")]
    Row {
        /// The row number.
        row: usize,
        /// The number of rows of the column.
        n_rows: usize,
    },
    /// A column, or the weights, differs in length from the first column.
    #[error("{what} {column} has {found} rows, the first column has {expected}; pass columns of the same rows")]
    Length {
        /// `"column"` or `"weights of column"`.
        what: &'static str,
        /// The column, from zero.
        column: usize,
        /// Its length.
        found: usize,
        /// The length expected.
        expected: usize,
    },
    /// The number of columns is not the number that was fitted.
    #[error("{found} columns were given to a standardisation fitted on {expected}")]
    Columns {
        /// The number of columns given.
        found: usize,
        /// The number of columns fitted.
        expected: usize,
    },
    /// A value is NaN or infinite.
    #[error("column {column} is {value} in row {row}; drop or repair the row first")]
    NotFinite {
        /// The column, from zero.
        column: usize,
        /// The row, from zero.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// A weight is negative, NaN or infinite.
    #[error("the weight of row {row} is {value}; a weight is finite and not negative")]
    Weight {
        /// The row, from zero.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// Fewer than two rows have positive weight, so there is no standard deviation.
    #[error("{rows} rows of positive weight have no standard deviation; two are needed at least")]
    TooFewRows {
        /// The number of rows of positive weight.
        rows: usize,
    },
    /// A column does not vary, so it has no scale.
    #[error("column {column} is {value} in every row of positive weight and has no scale; leave it out")]
    ConstantColumn {
        /// The column, from zero.
        column: usize,
        /// Its only value.
        value: f64,
    },
    /// The mean or standard deviation of a column overflows.
    #[error("the mean or standard deviation of column {column} overflows; change its unit")]
    Overflow {
        /// The column, from zero.
        column: usize,
    },
}

//! What an expression is on a table: one number, or columns of numbers.

use std::borrow::Cow;

/// A number for all rows, or columns; a plain column of the table is borrowed.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    /// The same in every row.
    Number(f64),
    /// Of equal length.
    Columns(Vec<Cow<'a, [f64]>>),
}

impl<'a> Value<'a> {
    pub(crate) fn of(column: Cow<'a, [f64]>) -> Self {
        Self::Columns(vec![column])
    }

    pub(crate) fn map(self, function: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Number(x) => Self::Number(function(x)),
            Self::Columns(mut columns) => {
                for column in &mut columns {
                    match column {
                        Cow::Owned(values) => values.iter_mut().for_each(|x| *x = function(*x)),
                        Cow::Borrowed(values) => *column = values.iter().map(|x| function(*x)).collect(),
                    }
                }
                Self::Columns(columns)
            }
        }
    }

    /// Element by element; a single column goes with each of several.
    pub(crate) fn zip(self, other: Self, function: impl Fn(f64, f64) -> f64) -> Self {
        match (self, other) {
            (Self::Number(a), other) => other.map(|b| function(a, b)),
            (this, Self::Number(b)) => this.map(|a| function(a, b)),
            (Self::Columns(a), Self::Columns(b)) => {
                let pair = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| function(*a, *b)).collect();
                let n = a.len().max(b.len());
                assert!([1, n].contains(&a.len()) && [1, n].contains(&b.len()), "columns are matched when compiled");
                let at = |columns: &[Cow<'a, [f64]>], i: usize| columns[i.min(columns.len() - 1)].clone();
                Self::Columns((0..n).map(|i| pair(&at(&a, i), &at(&b, i))).collect())
            }
        }
    }

    /// The columns, a number being repeated in each row.
    pub(crate) fn columns(self, n_rows: usize) -> Vec<Cow<'a, [f64]>> {
        match self {
            Self::Number(value) => vec![Cow::Owned(vec![value; n_rows])],
            Self::Columns(columns) => columns,
        }
    }

    /// The first column.
    pub(crate) fn single(self, n_rows: usize) -> Cow<'a, [f64]> {
        self.columns(n_rows).swap_remove(0)
    }
}

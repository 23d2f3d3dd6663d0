//! A table: named columns of numbers and categories, as many rows in each.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::place::Origin;
use crate::{Error, Place};

/// A missing category: the code that is no level's place.
pub const MISSING: u32 = u32::MAX;

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; NaN where the value is missing.
    Numbers(Vec<f64>),
    /// One of several levels.
    Categories(Factor),
}

/// Categories: a code per row, which is the place of its level.
#[derive(Debug, Clone, PartialEq)]
pub struct Factor {
    /// [`MISSING`] where the value is missing.
    pub codes: Vec<u32>,
    /// The levels in their order, the first being R's reference.
    pub levels: Vec<String>,
    /// Whether the order means something, so that contrasts are polynomial unless told otherwise.
    pub ordered: bool,
    /// The contrasts that were asked for beside the data.
    pub contrasts: Option<Contrasts>,
}

/// How the levels of a category become columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contrasts {
    /// Against a reference level, R's `contr.treatment`.
    Treatment,
    /// Deviations from the mean, `contr.sum`.
    Sum,
    /// Against the mean of the levels before, `contr.helmert`.
    Helmert,
    /// Orthogonal polynomials in the order of the levels, `contr.poly`.
    Poly,
}

/// Named columns of equal length.
///
/// ```
/// use glm_frame::{Column, Frame};
/// let frame = Frame::new(vec![("x".into(), Column::Numbers(vec![1.0, 2.0]))])?;
/// assert_eq!((frame.n_rows(), frame.names().next()), (2, Some("x")));
/// # Ok::<(), glm_frame::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    n_rows: usize,
    columns: Vec<(String, Column)>,
    origin: Origin,
}

impl Column {
    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Categories(factor) => factor.codes.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the value of a row is missing.
    #[must_use]
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(values) => values[row].is_nan(),
            Self::Categories(factor) => factor.codes[row] == MISSING,
        }
    }
}

impl Frame {
    /// Of these columns.
    ///
    /// # Errors
    ///
    /// [`Error::DuplicateColumn`] and [`Error::LengthMismatch`] with the name.
    pub fn new(columns: Vec<(String, Column)>) -> Result<Self, Error> {
        let n_rows = columns.first().map_or(0, |(_, column)| column.len());
        for (i, (name, column)) in columns.iter().enumerate() {
            if columns[..i].iter().any(|(other, _)| other == name) {
                return Err(Error::DuplicateColumn { column: name.clone() });
            }
            if column.len() != n_rows {
                return Err(Error::LengthMismatch { column: name.clone(), expected: n_rows, got: column.len() });
            }
        }
        Ok(Self { n_rows, columns, origin: Origin::default() })
    }

    /// Columns that were read, of so many rows even if there are none.
    pub(crate) fn with_origin(columns: Vec<(String, Column)>, n_rows: usize, origin: Origin) -> Result<Self, Error> {
        let frame = Self::new(columns)?;
        assert!(frame.columns.is_empty() || frame.n_rows == n_rows, "each row that is read adds to each column");
        Ok(Self { n_rows, origin, ..frame })
    }

    /// Where a row came from, for messages: file and line of the file, the first being 1, or the row of the file
    /// where there are no lines.
    #[must_use]
    pub fn place(&self, row: usize) -> Place {
        let place = Place::new(self.origin.file.as_deref());
        match self.line(row) {
            Some(line) => place.line(line),
            None => place.row(self.origin.first_row + row),
        }
    }

    /// The line of the file on which a row begins, the first being 1, if the rows came from text.
    #[must_use]
    pub fn line(&self, row: usize) -> Option<usize> {
        self.origin.line(row)
    }

    /// The file that the rows came from, if they did.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.origin.file.as_deref()
    }

    /// The number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The names of the columns, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// A column by its name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|(other, _)| other == name).map(|(_, column)| column)
    }

    /// The columns and their names.
    #[must_use]
    pub fn into_columns(self) -> Vec<(String, Column)> {
        self.columns
    }
}

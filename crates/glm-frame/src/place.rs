//! Where in the data: the file and its line, so that a message can be acted on.

use std::fmt;
use std::path::{Path, PathBuf};

/// A place in the data, for messages: file, line of the file (or row, where there are no lines) and column, as far as
/// they are known.
///
/// ```
/// use glm_frame::Place;
/// let place = Place { file: Some("a.csv".into()), line: Some(7), row: None, column: Some("age".into()) };
/// assert_eq!(place.to_string(), "a.csv, line 7, column `age`");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, if the data came from one.
    pub file: Option<PathBuf>,
    /// The line of the file, the first being 1; the line where the row begins, or the field if it is known.
    pub line: Option<usize>,
    /// The row of the data, the first being 0, where there are no lines to count. Printed from 1.
    pub row: Option<usize>,
    /// The name of the column.
    pub column: Option<String>,
}

/// Where the rows of a frame came from: 16 bytes for each row that does not begin one line after the row before.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Origin {
    pub(crate) file: Option<PathBuf>,
    /// The place of the frame's first row among the rows of the file.
    pub(crate) first_row: usize,
    lines: Vec<(usize, usize)>,
}

impl Place {
    pub(crate) fn new(file: Option<&Path>) -> Self {
        Self { file: file.map(Path::to_owned), ..Self::default() }
    }

    pub(crate) fn line(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }

    pub(crate) fn row(self, row: usize) -> Self {
        Self { row: Some(row), ..self }
    }

    pub(crate) fn column(self, column: &str) -> Self {
        Self { column: Some(column.to_owned()), ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}", file.display())?,
            None => f.write_str("the input")?,
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        } else if let Some(row) = self.row {
            write!(f, ", row {}", row + 1)?;
        }
        self.column.iter().try_for_each(|column| write!(f, ", column `{column}`"))
    }
}

impl Origin {
    pub(crate) fn new(file: Option<&Path>, first_row: usize) -> Self {
        Self { file: file.map(Path::to_owned), first_row, lines: Vec::new() }
    }

    /// Says that the next row, `row` of the frame, begins on `line`.
    #[inline]
    pub(crate) fn begin(&mut self, row: usize, line: usize) {
        if self.line(row) != Some(line) {
            self.lines.push((row, line));
        }
    }

    /// The line on which a row begins, if there are lines. Fast for the last rows.
    #[inline]
    pub(crate) fn line(&self, row: usize) -> Option<usize> {
        let (first, line) = match self.lines.last() {
            Some(&last) if last.0 <= row => last,
            _ => self.lines[..self.lines.partition_point(|&(first, _)| first <= row)].last().copied()?,
        };
        Some(line + row - first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_jumps_are_recorded() {
        let mut origin = Origin::new(None, 0);
        let lines = [2, 3, 4, 7, 8, 12];
        lines.iter().enumerate().for_each(|(row, &line)| origin.begin(row, line));
        assert_eq!(origin.lines, [(0, 2), (3, 7), (5, 12)]);
        let read: Vec<usize> = (0..6).map(|row| origin.line(row).unwrap()).collect();
        assert_eq!(read, lines);
    }
}

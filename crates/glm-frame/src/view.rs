//! A table, or those of its rows that are used.

use std::borrow::Cow;

use crate::nearest::nearest;
use crate::node::truths;
use crate::{Column, Error, Factor, Frame, MISSING};

/// The rows of a table that are used.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    frame: &'a Frame,
    /// The rows that are used, unless all are.
    kept: Option<Vec<usize>>,
}

impl<'a> View<'a> {
    /// All rows.
    pub(crate) fn all(frame: &'a Frame) -> Self {
        Self { frame, kept: None }
    }

    /// All rows but these, which ascend.
    pub(crate) fn without(frame: &'a Frame, omitted: &[usize]) -> Self {
        if omitted.is_empty() {
            return Self::all(frame);
        }
        let mut omitted = omitted.iter().peekable();
        let kept = (0..frame.n_rows()).filter(|row| omitted.next_if(|next| *next == row).is_none()).collect();
        Self { frame, kept: Some(kept) }
    }

    /// One row.
    pub(crate) fn only(frame: &'a Frame, row: usize) -> Self {
        Self { frame, kept: Some(vec![row]) }
    }

    /// The number of rows that are used.
    pub(crate) fn n_rows(&self) -> usize {
        self.kept.as_ref().map_or(self.frame.n_rows(), Vec::len)
    }

    /// The row of the table that a used row is.
    pub(crate) fn row(&self, used: usize) -> usize {
        self.kept.as_ref().map_or(used, |kept| kept[used])
    }

    /// The used ones of the table's values.
    pub(crate) fn take<T: Copy>(&self, values: Cow<'a, [T]>) -> Cow<'a, [T]> {
        match &self.kept {
            None => values,
            Some(kept) => kept.iter().map(|row| values[*row]).collect(),
        }
    }

    /// A column of the table.
    pub(crate) fn column(&self, name: &str) -> Result<&'a Column, Error> {
        column(self.frame, name)
    }

    /// A column as numbers: borrowed if all rows are used; of TRUE and FALSE, 1 and 0.
    pub(crate) fn numbers(&self, name: &str) -> Result<Cow<'a, [f64]>, Error> {
        let factor = match self.column(name)? {
            Column::Numbers(values) => return Ok(self.take(Cow::Borrowed(values))),
            Column::Categories(factor) => factor,
        };
        if let Some(truths) = truths(&factor.levels) {
            let number = |code: &u32| truths.get(*code as usize).copied().unwrap_or(f64::NAN);
            return Ok(self.take(factor.codes.iter().map(number).collect()));
        }
        match factor.codes.iter().position(|code| *code != MISSING) {
            None => Ok(Cow::Owned(vec![f64::NAN; self.n_rows()])),
            Some(row) => {
                let level = level(factor, row).unwrap_or_default().to_owned();
                Err(Error::NotNumbers { column: name.to_owned(), row, level })
            }
        }
    }

    /// 1 where a category is among these levels, or where it is not; NaN where it is missing.
    pub(crate) fn among(&self, name: &str, levels: &[String], among: bool) -> Result<Vec<f64>, Error> {
        let yes = |found: bool| f64::from(u8::from(found == among));
        let values: Vec<f64> = match self.column(name)? {
            Column::Categories(factor) => {
                let found: Vec<f64> = factor.levels.iter().map(|level| yes(levels.contains(level))).collect();
                factor.codes.iter().map(|code| found.get(*code as usize).copied().unwrap_or(f64::NAN)).collect()
            }
            Column::Numbers(values) => {
                let found = |x: &f64| if x.is_nan() { *x } else { yes(levels.contains(&crate::category::text(*x))) };
                values.iter().map(found).collect()
            }
        };
        Ok(self.take(Cow::Owned(values)).into_owned())
    }
}

/// A column of a table, or an error with the name that was probably meant.
pub(crate) fn column<'a>(frame: &'a Frame, name: &str) -> Result<&'a Column, Error> {
    frame.column(name).ok_or_else(|| Error::NoColumn {
        column: name.to_owned(),
        suggestion: nearest(name, frame.names()).map(ToOwned::to_owned),
    })
}

/// The level in a row, unless it is missing.
pub(crate) fn level(factor: &Factor, row: usize) -> Option<&str> {
    factor.levels.get(factor.codes[row] as usize).map(String::as_str)
}

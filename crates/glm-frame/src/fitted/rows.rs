//! The rows that have all that is needed.

use super::FittedDesign;
use crate::category::Category;
use crate::variable::Variable;
use crate::view::{View, column};
use crate::{Column, Error, Frame, MISSING, Missing, Unseen};

/// The rows in which something is missing.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    /// They ascend.
    pub(super) omitted: Vec<usize>,
    /// The columns in which anything is missing, and how often.
    columns: Vec<(String, usize)>,
}

impl Rows {
    /// Those of a table; with the response and further columns if it is for a fit.
    pub(super) fn of(fitted: &FittedDesign, frame: &Frame, fit: bool) -> Result<Self, Error> {
        let mut search = Search { frame, missing: Vec::new(), columns: Vec::new() };
        for input in fitted.inputs().iter().filter(|input| fit || input.predicts) {
            search.column(&input.name)?;
        }
        let saved = &fitted.saved;
        let categories = saved.variables.iter().filter_map(Variable::category);
        let response = saved.response.as_ref().filter(|_| fit).and_then(|response| response.category());
        for category in categories.chain(response) {
            search.category(category, saved.options.unseen)?;
        }
        let omitted = search.missing.iter().enumerate().filter(|(_, missing)| **missing).map(|(row, _)| row).collect();
        Ok(Self { omitted, columns: search.columns })
    }

    /// By a policy, rows with missing values are an error or not; no row at all always is.
    pub(super) fn allowed(self, policy: Missing, n_rows: usize) -> Result<Self, Error> {
        match self.omitted.first() {
            Some(first) if policy == Missing::Error => {
                Err(Error::MissingValues { rows: self.omitted.len(), n_rows, first_row: *first, columns: self.columns })
            }
            Some(_) if self.omitted.len() == n_rows => Err(Error::NoCompleteRows { n_rows }),
            _ => Ok(self),
        }
    }
}

struct Search<'a> {
    frame: &'a Frame,
    /// Empty while nothing is missing.
    missing: Vec<bool>,
    columns: Vec<(String, usize)>,
}

impl Search<'_> {
    fn column(&mut self, name: &str) -> Result<(), Error> {
        match column(self.frame, name)? {
            Column::Numbers(values) => self.mark(name, values, |value| value.is_nan()),
            Column::Categories(factor) => self.mark(name, &factor.codes, |code| *code == MISSING),
        }
        Ok(())
    }

    /// A category can miss values that its columns have: levels that it does not know. Where a row misses something
    /// else anyway, they do not matter.
    fn category(&mut self, category: &Category, unseen: Unseen) -> Result<(), Error> {
        let codes = category.codes(&View::all(self.frame), Unseen::Missing)?;
        let is_new = |(row, code): &(usize, &u32)| **code == MISSING && self.missing.get(*row) != Some(&true);
        let rows: Vec<usize> = codes.iter().enumerate().filter(is_new).map(|(row, _)| row).collect();
        let Some(first) = rows.first() else { return Ok(()) };
        if category.policy(unseen) == Unseen::Error {
            category.codes(&View::only(self.frame, *first), Unseen::Error)?;
        }
        self.missing.resize(self.frame.n_rows(), false);
        rows.iter().for_each(|row| self.missing[*row] = true);
        self.columns.push((category.label.clone(), rows.len()));
        Ok(())
    }

    fn mark<T>(&mut self, name: &str, values: &[T], is_missing: impl Fn(&T) -> bool) {
        let count = values.iter().filter(|value| is_missing(value)).count();
        if count > 0 {
            self.columns.push((name.to_owned(), count));
            self.missing.resize(values.len(), false);
            self.missing.iter_mut().zip(values).for_each(|(missing, value)| *missing |= is_missing(value));
        }
    }
}

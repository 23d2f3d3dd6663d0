//! What the rows allow, as distinct forms of the parameters: each may rise, or fall, or neither, for ever.

use std::collections::HashMap;

use glm_core::{Design, Recession, Rise, blocks};

use super::nonnegative::Rows;
use crate::Problem;

/// Distinct forms of some parameters: the differences of linear predictors that rows of positive weight allow to rise.
///
/// With one predictor a row gives one form, xᵢ itself; a row of one of k classes gives up to k − 1.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(super) rows: Rows,
    /// What the loss of all that share the form allows.
    pub(super) recession: Vec<Recession>,
    /// Rows of the design, ascending, each with a form of its own.
    pub(super) members: Vec<(usize, usize)>,
    seen: HashMap<Vec<u64>, usize>,
}

impl Pattern {
    /// Of no rows yet, on that many parameters.
    pub(crate) fn new(width: usize) -> Self {
        let rows = Rows { width, values: Vec::new() };
        Self { rows, recession: Vec::new(), members: Vec::new(), seen: HashMap::new() }
    }

    /// Of a problem, on some of its parameters; `None` where the response has no theorem about existence.
    pub(super) fn of(problem: &Problem<'_>, params: &[usize]) -> Option<Self> {
        let (response, y, p) = (problem.response(), problem.y(), problem.design().n_cols());
        if response.n_predictors() == 1 {
            return Self::of_rows(problem, params, |row| response.recession(y[row]));
        }
        let used = |row: &usize| problem.weight(*row) > 0.0;
        if !(0..y.len()).filter(used).all(|row| response.rises(y[row]).is_some()) {
            return None;
        }
        let (mut pattern, columns) = (Self::new(params.len()), (0..p).collect::<Vec<_>>());
        let mut form = vec![0.0; params.len()];
        for_each_row(problem, &columns, |row, x| {
            for rise in response.rises(y[row]).into_iter().flatten() {
                form.iter_mut().zip(params).for_each(|(form, j)| *form = share(rise, j / p) * x[j % p]);
                pattern.add(row, &form, Recession::Upward);
            }
        });
        Some(pattern)
    }

    /// Of a problem with one predictor, whose rows allow what is said of them; `None` where of one in use nothing is.
    pub(super) fn of_rows(
        problem: &Problem<'_>,
        columns: &[usize],
        recession: impl Fn(usize) -> Option<Recession>,
    ) -> Option<Self> {
        let used = |row: &usize| problem.weight(*row) > 0.0;
        if !(0..problem.y().len()).filter(used).all(|row| recession(row).is_some()) {
            return None;
        }
        let mut pattern = Self::new(columns.len());
        for_each_row(problem, columns, |row, x| {
            if let Some(own) = recession(row) {
                pattern.add(row, x, own);
            }
        });
        Some(pattern)
    }

    /// Adds what a row allows of one form.
    pub(crate) fn add(&mut self, row: usize, form: &[f64], allowed: Recession) {
        // A form and its negative are one.
        let negative = form.iter().find(|value| **value != 0.0).is_some_and(|value| *value < 0.0);
        let sign = if negative { -1.0 } else { 1.0 };
        let own = match allowed {
            Recession::Upward if negative => Recession::Downward,
            Recession::Downward if negative => Recession::Upward,
            own => own,
        };
        // Minus zero is zero.
        let key = form.iter().map(|value| (sign * value + 0.0).to_bits()).collect();
        let index = *self.seen.entry(key).or_insert(self.recession.len());
        if index == self.recession.len() {
            self.rows.values.extend(form.iter().map(|value| sign * value));
            self.recession.push(own);
        } else if self.recession[index] != own {
            self.recession[index] = Recession::Fixed;
        }
        self.members.push((row, index));
    }

    /// The sign that makes a movement of a form one in which the loss never rises.
    pub(super) fn sign(&self, index: usize) -> f64 {
        if self.recession[index] == Recession::Downward { -1.0 } else { 1.0 }
    }
}

/// The factor of a predictor in a difference.
pub(crate) fn share(rise: Rise, predictor: usize) -> f64 {
    let is = |own: Option<usize>| f64::from(u8::from(own == Some(predictor)));
    is(rise.up) - is(rise.down)
}

/// Visits the rows of positive weight, on some columns.
pub(crate) fn for_each_row(problem: &Problem<'_>, columns: &[usize], visit: impl FnMut(usize, &[f64])) {
    for_each_row_of(problem.design(), |row| problem.weight(row) > 0.0, columns, visit);
}

/// Visits some rows of a design, on some columns.
pub(crate) fn for_each_row_of(
    design: &dyn Design,
    used: impl Fn(usize) -> bool,
    columns: &[usize],
    mut visit: impl FnMut(usize, &[f64]),
) {
    let p = design.n_cols();
    let mut x = vec![0.0; columns.len()];
    let mut block = Vec::new();
    for rows in blocks(0..design.n_rows()) {
        let m = rows.len();
        block.resize(m * p, 0.0);
        design.dense(rows.clone(), &mut block[..m * p]);
        for (i, row) in rows.enumerate().filter(|(_, row)| used(*row)) {
            x.iter_mut().zip(columns).for_each(|(x, j)| *x = block[j * m + i]);
            visit(row, &x);
        }
    }
}

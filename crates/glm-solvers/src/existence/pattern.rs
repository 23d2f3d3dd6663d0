//! The distinct rows of a design, each with the directions in which its loss never rises.

use std::collections::HashMap;

use glm_core::{Recession, blocks};

use super::nonnegative::Rows;
use crate::Problem;

/// Distinct rows of positive weight, on some columns.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) rows: Rows,
    /// What the loss of all that share the row allows.
    pub(super) recession: Vec<Recession>,
    /// The distinct row of each row of the design; `None` for weight zero.
    pub(super) member: Vec<Option<usize>>,
}

impl Pattern {
    /// `None` where a row in use has no recession; by the theorem it is that of its response.
    pub(super) fn of(
        problem: &Problem<'_>,
        columns: &[usize],
        recession: impl Fn(usize) -> Option<Recession>,
    ) -> Option<Self> {
        let y = problem.y();
        let used = |row: &usize| problem.weight(*row) > 0.0;
        if problem.response().n_predictors() > 1 || !(0..y.len()).filter(used).all(|row| recession(row).is_some()) {
            return None;
        }
        let mut pattern = Self {
            rows: Rows { width: columns.len(), values: Vec::new() },
            recession: Vec::new(),
            member: vec![None; y.len()],
        };
        let mut seen: HashMap<Vec<u64>, usize> = HashMap::new();
        for_each_row(problem, columns, |row, x| {
            let Some(own) = recession(row) else { return };
            // Minus zero is zero.
            let index = *seen.entry(x.iter().map(|value| (value + 0.0).to_bits()).collect()).or_insert_with(|| {
                pattern.rows.values.extend_from_slice(x);
                pattern.recession.push(own);
                pattern.recession.len() - 1
            });
            if pattern.recession[index] != own {
                pattern.recession[index] = Recession::Fixed;
            }
            pattern.member[row] = Some(index);
        });
        Some(pattern)
    }

    /// The sign that makes a movement of η one in which the loss never rises.
    pub(super) fn sign(&self, index: usize) -> f64 {
        if self.recession[index] == Recession::Downward { -1.0 } else { 1.0 }
    }
}

/// Visits the rows of positive weight, on some columns.
pub(crate) fn for_each_row(problem: &Problem<'_>, columns: &[usize], mut visit: impl FnMut(usize, &[f64])) {
    let p = problem.design().n_cols();
    let mut x = vec![0.0; columns.len()];
    let mut block = Vec::new();
    for rows in blocks(0..problem.y().len()) {
        let m = rows.len();
        block.resize(m * p, 0.0);
        problem.design().dense(rows.clone(), &mut block[..m * p]);
        for (i, row) in rows.enumerate().filter(|(_, row)| problem.weight(*row) > 0.0) {
            x.iter_mut().zip(columns).for_each(|(x, j)| *x = block[j * m + i]);
            visit(row, &x);
        }
    }
}

//! Columns that separate the data by themselves, as that of a level without events does: found in one look at the design,
//! without a table of its rows.

use glm_core::{Recession, Work, blocks};

use super::Found;
use crate::Problem;
use crate::separation::Towards;

/// All such columns of a problem with one predictor. Together they separate as well, since each moves a row to its side or
/// not at all; what else may separate the data is not looked for.
pub(super) fn alone(problem: &Problem<'_>, columns: &[usize]) -> Option<Found> {
    let (design, n_rows) = (problem.design(), problem.y().len());
    let mut direction = vec![0.0; design.n_cols()];
    one_sided(problem, columns).into_iter().for_each(|(j, sign)| direction[j] = sign);
    let (mut rows, mut work) = (Vec::new(), Work::new());
    for block in blocks(0..n_rows) {
        let mut step = vec![0.0; block.len()];
        design.add_eta(block.clone(), &direction, &mut step, &mut work);
        rows.extend(
            block.zip(step).filter(|(row, step)| *step != 0.0 && problem.weight(*row) > 0.0).map(|(row, _)| row),
        );
    }
    let moved = columns.iter().filter(|j| direction[**j] != 0.0).map(|j| (*j, Towards::of(direction[*j]))).collect();
    let complete = rows.len() == problem.n_used();
    (!rows.is_empty()).then_some(Found { complete, columns: moved, rows, direction })
}

/// The columns whose rows of positive weight other than zero may all be moved by one sign of their coefficient, with it.
fn one_sided(problem: &Problem<'_>, columns: &[usize]) -> Vec<(usize, f64)> {
    let (design, y, p) = (problem.design(), problem.y(), problem.design().n_cols());
    let allows = |row: usize| match problem.response().recession(y[row]) {
        _ if problem.weight(row) <= 0.0 => [true, true],
        Some(Recession::Upward) => [true, false],
        Some(Recession::Downward) => [false, true],
        Some(Recession::Fixed) | None => [false, false],
    };
    let mut open: Vec<(usize, [bool; 2])> = columns.iter().map(|j| (*j, [true, true])).collect();
    let mut x = Vec::new();
    for rows in blocks(0..y.len()) {
        if open.is_empty() {
            break;
        }
        let m = rows.len();
        let allowed: Vec<[bool; 2]> = rows.clone().map(allows).collect();
        x.resize(m * p, 0.0);
        design.dense(rows, &mut x[..m * p]);
        open.retain_mut(|(j, may)| {
            for (x, [up, down]) in x[*j * m..(*j + 1) * m].iter().zip(&allowed) {
                let [rise, fall] = if *x < 0.0 { [down, up] } else { [up, down] };
                *may = if *x == 0.0 { *may } else { [may[0] && *rise, may[1] && *fall] };
            }
            may[0] || may[1]
        });
    }
    open.into_iter().filter(|(_, may)| may[0] != may[1]).map(|(j, may)| (j, if may[0] { 1.0 } else { -1.0 })).collect()
}

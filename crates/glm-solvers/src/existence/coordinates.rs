//! Coordinates in which rows of any scale, on columns of any scale and correlation, are alike.

use glm_core::{BLOCK, Root, kernel};

use super::nonnegative::{Rows, norm, remove};
use crate::independent_columns;

/// A column whose distance from the span of those before it is less than this share of its length is left out.
const ALIAS: f64 = 1e-11;
/// Rounds of scaling rows and columns.
const ROUNDS: usize = 2;

/// X = diag(row scales) · Q · (map to β)⁻¹, where the rows of Q have unit length and its columns are nearly orthogonal.
///
/// A sign or a zero of xᵢᵀd is one of qᵢᵀt for d = map(t), whatever the scales.
#[derive(Debug)]
pub(super) struct Coordinates {
    pub(super) rows: Rows,
    /// Relative rounding error of the rows.
    pub(super) tolerance: f64,
    /// The columns of X that the coordinates span, and their scales.
    kept: Vec<usize>,
    scales: Vec<f64>,
    root: Vec<f64>,
    /// Orthonormal directions to which t is confined; empty while it is free.
    basis: Vec<Vec<f64>>,
}

impl Coordinates {
    /// Of the rows of a matrix; `None` where no column is left.
    pub(super) fn of(x: &Rows) -> Option<Self> {
        let (mut rows, mut scales) = equilibrated(x);
        let root = root_of(&rows);
        let kept = independent_columns(&root, ALIAS);
        if kept.is_empty() {
            return None;
        }
        if kept.len() < rows.width {
            scales = kept.iter().map(|j| scales[*j]).collect();
            let values = rows.iter().flat_map(|row| kept.iter().map(|j| row[*j])).collect();
            rows = Rows { width: kept.len(), values };
        }
        let root = root_of(&rows);
        let k = rows.width;
        let root: Vec<f64> = (0..k).flat_map(|j| root.column(j).iter().copied().chain(vec![0.0; k - 1 - j])).collect();
        for row in rows.values.chunks_exact_mut(k) {
            solve_transposed(&root, row);
        }
        normalise(&mut rows);
        let tolerance = (64.0 * f64::EPSILON * condition(&root, k)).max(1e-11);
        Some(Self { rows, tolerance, kept, scales, root, basis: Vec::new() })
    }

    /// The same with t confined to the directions in which none of these rows moves; rows that then cannot move have
    /// length zero. `None` where no direction is left.
    pub(super) fn without(mut self, fixed: impl Fn(usize) -> bool) -> Option<Self> {
        let k = self.rows.width;
        let candidates = (0..self.rows.len()).filter(|i| fixed(*i)).map(|i| self.rows.row(i).to_vec()).collect();
        let mut span = Vec::new();
        extend(&mut span, candidates, self.tolerance.max(1e-9));
        let spanned = span.len();
        let units = (0..k).map(|j| (0..k).map(|i| if i == j { 1.0 } else { 0.0 }).collect()).collect();
        extend(&mut span, units, 1e-6);
        self.basis = span.split_off(spanned);
        if self.basis.is_empty() {
            return None;
        }
        let (basis, cutoff) = (&self.basis, self.tolerance.max(1e-9));
        let project = |row: &[f64]| -> Vec<f64> {
            let reduced: Vec<f64> = basis.iter().map(|direction| kernel::dot(direction, row)).collect();
            if norm(&reduced) <= cutoff { vec![0.0; basis.len()] } else { reduced }
        };
        let values = self.rows.iter().flat_map(project).collect();
        self.rows = Rows { width: basis.len(), values };
        normalise(&mut self.rows);
        Some(self)
    }

    /// The direction of β, by the columns of X, that t stands for; elements at the level of rounding errors are zero.
    pub(super) fn direction(&self, t: &[f64], width: usize) -> Vec<f64> {
        let k = self.kept.len();
        let mut d = if self.basis.is_empty() { t.to_vec() } else { vec![0.0; k] };
        self.basis.iter().zip(t).for_each(|(direction, t)| kernel::axpy(*t, direction, &mut d));
        for j in (0..k).rev() {
            d[j] /= self.root[j * k + j];
            let (head, tail) = d.split_at_mut(j);
            kernel::axpy(-tail[0], &self.root[j * k..j * k + j], head);
        }
        let largest = d.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
        let mut direction = vec![0.0; width];
        for ((j, d), scale) in self.kept.iter().zip(d).zip(&self.scales) {
            direction[*j] = if d.abs() <= 100.0 * self.tolerance * largest { 0.0 } else { d * scale };
        }
        direction
    }

    /// The unit row whose product with t has the sign of the direction's element for a column of X.
    pub(super) fn element(&self, column: usize) -> Option<Vec<f64>> {
        let k = self.kept.len();
        let mut row = vec![0.0; k];
        row[self.kept.iter().position(|j| *j == column)?] = 1.0;
        solve_transposed(&self.root, &mut row);
        if !self.basis.is_empty() {
            row = self.basis.iter().map(|direction| kernel::dot(direction, &row)).collect();
        }
        let length = norm(&row);
        row.iter_mut().for_each(|value| *value /= length);
        (length > 0.0).then_some(row)
    }
}

/// Rows and columns scaled until the geometric mean of their elements other than zero is about one, then rows of unit
/// length; and what the columns were multiplied by. A mean, because one outlying row says nothing about the others.
fn equilibrated(x: &Rows) -> (Rows, Vec<f64>) {
    let mut rows = x.clone();
    let mut scales = vec![1.0; x.width];
    for _ in 0..ROUNDS {
        let mut sums = vec![(0.0, 0); x.width];
        for row in rows.values.chunks_exact_mut(x.width) {
            let mut sum = (0.0, 0);
            row.iter().for_each(|value| add_logarithm(&mut sum, *value));
            let factor = inverse_mean(sum);
            row.iter_mut().for_each(|value| *value *= factor);
            sums.iter_mut().zip(&*row).for_each(|(sum, value)| add_logarithm(sum, *value));
        }
        let factors: Vec<f64> = sums.into_iter().map(inverse_mean).collect();
        for row in rows.values.chunks_exact_mut(x.width) {
            row.iter_mut().zip(&factors).for_each(|(value, factor)| *value *= factor);
        }
        scales.iter_mut().zip(&factors).for_each(|(scale, factor)| *scale *= factor);
    }
    normalise(&mut rows);
    (rows, scales)
}

fn add_logarithm(sum: &mut (f64, usize), value: f64) {
    if value != 0.0 {
        *sum = (sum.0 + value.abs().ln(), sum.1 + 1);
    }
}

fn inverse_mean((sum, count): (f64, usize)) -> f64 {
    if count == 0 { 1.0 } else { (-sum / count as f64).exp() }
}

fn normalise(rows: &mut Rows) {
    for row in rows.values.chunks_exact_mut(rows.width.max(1)) {
        let length = norm(row);
        if length > 0.0 {
            row.iter_mut().for_each(|value| *value /= length);
        }
    }
}

fn root_of(rows: &Rows) -> Root {
    let mut root = Root::zeros(rows.width);
    let mut scratch = Vec::new();
    for block in rows.values.chunks(BLOCK * rows.width) {
        let m = block.len() / rows.width;
        let columns: Vec<f64> = (0..rows.width).flat_map(|j| (0..m).map(move |i| block[i * rows.width + j])).collect();
        root.add_block(&columns, &vec![1.0; m], &mut scratch);
    }
    root
}

/// q with qR = x, in place.
fn solve_transposed(root: &[f64], x: &mut [f64]) {
    let k = x.len();
    for j in 0..k {
        let (head, tail) = x.split_at_mut(j);
        tail[0] = (tail[0] - kernel::dot(&root[j * k..j * k + j], head)) / root[j * k + j];
    }
}

/// An estimate of the condition number of an upper triangle: of its columns scaled to unit length, by the pivots.
fn condition(root: &[f64], k: usize) -> f64 {
    let share = |j: usize| norm(&root[j * k..=j * k + j]) / root[j * k + j].abs();
    (0..k).map(share).fold(1.0, f64::max)
}

/// Adds to an orthonormal basis what the candidates span beyond it, the longest remainder first.
pub(crate) fn extend(basis: &mut Vec<Vec<f64>>, mut candidates: Vec<Vec<f64>>, tolerance: f64) {
    candidates.iter_mut().for_each(|candidate| drop(remove(basis, candidate)));
    loop {
        let longest = candidates.iter().map(|c| norm(c)).enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((best, length)) = longest.filter(|(_, length)| *length > tolerance) else { return };
        let mut direction = candidates.swap_remove(best);
        direction.iter_mut().for_each(|value| *value /= length);
        remove(basis, &mut direction);
        let length = norm(&direction);
        direction.iter_mut().for_each(|value| *value /= length);
        for candidate in &mut candidates {
            kernel::axpy(-kernel::dot(&direction, candidate), &direction, candidate);
        }
        basis.push(direction);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_do_not_matter() {
        let plain = [1.0, 2.0, 1.0, -3.0, 1.0, 0.5, 1.0, 7.0];
        let scaled: Vec<f64> =
            plain.chunks(2).zip([1.0, 1e6, 1e-7, 3.0]).flat_map(|(x, s)| [x[0] * s, x[1] * s * 1e9]).collect();
        let of = |values: &[f64]| Coordinates::of(&Rows { width: 2, values: values.to_vec() }).unwrap();
        for values in [&plain[..], &scaled] {
            let at = of(values);
            assert!(at.tolerance < 1e-10);
            for t in [[1.0, 0.3], [-0.2, 5.0]] {
                let d = at.direction(&t, 2);
                for (q, x) in at.rows.iter().zip(values.chunks(2)) {
                    let (a, b) = (kernel::dot(q, &t), x[0] * d[0] + x[1] * d[1]);
                    assert!(a * b > 0.0, "{a} {b}");
                }
            }
        }
    }

    #[test]
    fn what_is_fixed_does_not_move() {
        let values = vec![1.0, 2.0, 1.0, 1.0, 2.0, 3.0, 1.0, 0.0, 1.0, 1.0, -1.0, 0.0];
        let at = Coordinates::of(&Rows { width: 3, values: values.clone() }).unwrap().without(|i| i < 1).unwrap();
        assert_eq!(at.rows.width, 2);
        let d = at.direction(&[0.6, 0.8], 3);
        assert!(kernel::dot(&values[..3], &d).abs() < 1e-13 && norm(&d) > 0.1);
        assert!(at.rows.row(0).iter().all(|value| *value == 0.0));
    }
}

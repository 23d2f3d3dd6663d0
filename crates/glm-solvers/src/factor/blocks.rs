//! A large triangular factor, block by block, and the columns with which it need not be computed at all.

use std::ops::Range;

use faer::Mat;
use glm_core::{Gram, kernel};

/// Columns that are transposed at a time.
const TILE: usize = 16;

/// The kept columns, those of the largest set that is orthogonal whatever the weights first, and how many these are;
/// where they are too few to gain from it, all in the given order.
pub(super) fn orthogonal_first(gram: &Gram, kept: &[usize]) -> (Vec<usize>, usize) {
    let count = |range: &Range<usize>| kept.iter().filter(|j| range.contains(j)).count();
    let largest = gram.exclusive().iter().map(|range| (count(range), range)).max_by_key(|(count, _)| *count);
    match largest {
        Some((units, range)) if 4 * units >= kept.len() => {
            let (mut order, others): (Vec<usize>, Vec<usize>) = kept.iter().partition(|j| range.contains(j));
            order.extend(others);
            (order, units)
        }
        _ => (kept.to_vec(), 0),
    }
}

/// R by columns; `None` where the matrix is not positive definite.
pub(super) fn by_columns(k: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    let mut r = vec![0.0; k * k];
    for j in 0..k {
        for i in 0..j {
            let (head, column) = r.split_at_mut(j * k);
            let product = kernel::dot(&head[i * k..i * k + i], &column[..i]);
            column[i] = (entry(i, j) - product) / head[i * k + i];
        }
        let above = &r[j * k..j * k + j];
        let value = entry(j, j) - kernel::dot(above, above);
        if value > 0.0 {
            r[j * k + j] = value.sqrt();
        } else {
            return None;
        }
    }
    Some(r)
}

/// The columns of R after its unit columns, in blocks, whose sums are in another order: B, and C with
/// `CᵀC = A − BᵀB`.
pub(super) fn in_blocks(k: usize, units: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Vec<f64>> {
    let d = k - units;
    let (mut b, mut l) = (vec![0.0; units * d], vec![0.0; d * d]);
    for j in 0..d {
        (0..units).for_each(|i| b[j * units + i] = entry(i, units + j));
        (j..d).for_each(|i| l[j * d + i] = entry(units + i, units + j));
    }
    if units > 0 {
        let mut products = vec![0.0; d * d];
        kernel::add_lower_gram(&mut products, &b, &b, units, d);
        kernel::axpy(-1.0, &products, &mut l);
    }
    if !kernel::cholesky(&mut l, d) {
        return None;
    }
    let mut r = vec![0.0; k * d];
    mirror(&l, d, &mut r, units);
    r.chunks_exact_mut(k).zip(b.chunks_exact(units.max(1))).for_each(|(r, b)| r[..units].copy_from_slice(b));
    Some(r)
}

/// The columns of R⁻¹ after its unit columns.
pub(super) fn inverse_in_blocks(r: &[f64], k: usize, units: usize) -> Vec<f64> {
    let d = k - units;
    let mut inverse = vec![0.0; k * d];
    if units == 0 {
        kernel::invert_upper(&mut inverse, r, k);
        return inverse;
    }
    let part = |rows: Range<usize>| -> Vec<f64> { r.chunks_exact(k).flat_map(|r| &r[rows.clone()]).copied().collect() };
    let (b, mut c, mut above) = (part(0..units), vec![0.0; d * d], vec![0.0; units * d]);
    kernel::invert_upper(&mut c, &part(units..k), d);
    kernel::multiply(&mut above, false, &b, &c, (units, d, d));
    for (j, inverse) in inverse.chunks_exact_mut(k).enumerate() {
        inverse[..units].iter_mut().zip(&above[j * units..]).for_each(|(inverse, above)| *inverse = -above);
        inverse[units..].copy_from_slice(&c[j * d..(j + 1) * d]);
    }
    inverse
}

/// The symmetric matrix of order n with these elements (i, j), i ≥ j.
pub(super) fn symmetric(n: usize, element: impl Fn(usize, usize) -> f64) -> Mat<f64> {
    let mut matrix = Mat::zeros(n, n);
    for j in 0..n {
        matrix.col_as_slice_mut(j).iter_mut().enumerate().skip(j).for_each(|(i, value)| *value = element(i, j));
    }
    for first in (0..n).step_by(TILE) {
        for j in 0..(first + TILE).min(n) {
            for i in first.max(j + 1)..(first + TILE).min(n) {
                matrix[(j, i)] = matrix[(i, j)];
            }
        }
    }
    matrix
}

/// Writes the transpose of a lower triangle of order d below the first `skip` rows of a matrix of d columns.
fn mirror(l: &[f64], d: usize, r: &mut [f64], skip: usize) {
    // In tiles, of which reading and writing use whole cache lines.
    for first in (0..d).step_by(TILE) {
        for (j, column) in l.chunks_exact(d).enumerate() {
            for i in first.max(j)..(first + TILE).min(d) {
                r[i * (d + skip) + skip + j] = column[i];
            }
        }
    }
}

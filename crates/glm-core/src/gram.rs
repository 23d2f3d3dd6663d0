//! Curvature in the parameters: XᵀWX as a lower triangle, or a root of it.

use crate::kernel;

/// XᵀWX, of which the lower triangle is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Gram {
    n: usize,
    /// Column-major n×n; only the lower triangle means anything.
    values: Vec<f64>,
}

impl Gram {
    /// The zero matrix of order `n`.
    #[must_use]
    pub fn zeros(n: usize) -> Self {
        Self { n, values: vec![0.0; n * n] }
    }

    /// The order.
    #[must_use]
    pub fn n(&self) -> usize {
        self.n
    }

    /// The element (i, j) of the symmetric matrix.
    #[must_use]
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.values[i.min(j) * self.n + i.max(j)]
    }

    /// The diagonal.
    pub fn diagonal(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.n).map(|j| self.values[j * self.n + j])
    }

    /// Adds XᵀWX for a block: `x` is column-major rows×n, `weight` has one value per row of either sign.
    pub fn add_block(&mut self, x: &[f64], weight: &[f64], scratch: &mut Vec<f64>) {
        let rows = weight.len();
        scratch.resize(rows * self.n, 0.0);
        for (scaled, column) in scratch.chunks_exact_mut(rows).zip(x.chunks_exact(rows)) {
            for (scaled, (x, weight)) in scaled.iter_mut().zip(column.iter().zip(weight)) {
                *scaled = x * weight;
            }
        }
        kernel::add_lower_gram(&mut self.values, x, scratch, rows, self.n);
    }

    /// Adds the symmetric `block` at block position (a, b), a ≥ b, both counted in blocks of its order.
    pub fn add_at(&mut self, block: &Self, a: usize, b: usize) {
        let p = block.n;
        for j in 0..p {
            for i in if a == b { j } else { 0 }..p {
                self.values[(b * p + j) * self.n + a * p + i] += block.get(i, j);
            }
        }
    }

    /// Adds to the element (i, j), which is the element (j, i).
    pub fn add(&mut self, i: usize, j: usize, value: f64) {
        self.values[i.min(j) * self.n + i.max(j)] += value;
    }

    /// Adds `ridge` to the diagonal.
    pub fn add_diagonal(&mut self, ridge: &[f64]) {
        for (j, ridge) in ridge.iter().enumerate() {
            self.values[j * self.n + j] += ridge;
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        let columns = self.values.chunks_exact_mut(self.n.max(1)).zip(other.values.chunks_exact(self.n.max(1)));
        for (j, (a, b)) in columns.enumerate() {
            kernel::axpy(1.0, &b[j..], &mut a[j..]);
        }
    }

    /// The elements, column-major, of which only the lower triangle means anything.
    pub(crate) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// Sets every element to zero.
    pub fn clear(&mut self) {
        self.values.fill(0.0);
    }
}

/// An upper triangular R with RᵀR = XᵀWX, found by orthogonal transformations of √W·X without forming XᵀWX; it keeps
/// twice the digits of a Cholesky factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Root {
    n: usize,
    /// Column-major n×n; only the upper triangle means anything.
    values: Vec<f64>,
}

impl Root {
    /// The zero matrix of order `n`.
    #[must_use]
    pub fn zeros(n: usize) -> Self {
        Self { n, values: vec![0.0; n * n] }
    }

    /// The order.
    #[must_use]
    pub fn n(&self) -> usize {
        self.n
    }

    /// Column j from row 0 to row j.
    #[must_use]
    pub fn column(&self, j: usize) -> &[f64] {
        &self.values[j * self.n..=j * self.n + j]
    }

    /// Stacks √W·X for a block: `x` is column-major rows×n, `weight` has one non-negative value per row.
    pub fn add_block(&mut self, x: &[f64], weight: &[f64], scratch: &mut Vec<f64>) {
        let rows = weight.len();
        scratch.resize(rows * self.n, 0.0);
        for (scaled, column) in scratch.chunks_exact_mut(rows).zip(x.chunks_exact(rows)) {
            for (scaled, (x, weight)) in scaled.iter_mut().zip(column.iter().zip(weight)) {
                *scaled = x * weight.sqrt();
            }
        }
        kernel::stack_root(&mut self.values, scratch, rows, self.n);
    }

    /// Adds `ridge` ≥ 0 to the diagonal of RᵀR.
    pub fn add_diagonal(&mut self, ridge: &[f64]) {
        let mut rows = vec![0.0; self.n * self.n];
        for (j, ridge) in ridge.iter().enumerate() {
            rows[j * self.n + j] = ridge.sqrt();
        }
        kernel::stack_root(&mut self.values, &mut rows, self.n, self.n);
    }

    /// Stacks another root.
    pub fn merge(&mut self, other: &Self) {
        let mut rows = vec![0.0; self.n * self.n];
        for j in 0..self.n {
            rows[j * self.n..=j * self.n + j].copy_from_slice(other.column(j));
        }
        kernel::stack_root(&mut self.values, &mut rows, self.n, self.n);
    }

    /// Sets every element to zero.
    pub fn clear(&mut self) {
        self.values.fill(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_of_a_merge_squares_to_the_merge() {
        let x: Vec<f64> = (0..20).map(|i| (f64::from(i) * 0.7).sin()).collect();
        let weight: Vec<f64> = (0..10).map(|i| 0.5 + f64::from(i)).collect();
        let (mut gram, mut root, mut scratch) = (Gram::zeros(2), Root::zeros(2), Vec::new());
        for _ in 0..2 {
            let (mut more_gram, mut more_root) = (Gram::zeros(2), Root::zeros(2));
            more_gram.add_block(&x, &weight, &mut scratch);
            more_root.add_block(&x, &weight, &mut scratch);
            gram.merge(&more_gram);
            root.merge(&more_root);
        }
        gram.add_diagonal(&[0.25, 0.5]);
        root.add_diagonal(&[0.25, 0.5]);
        for (i, j) in [(0, 0), (1, 0), (1, 1)] {
            let square = kernel::dot(&root.column(i)[..=j], root.column(j));
            assert!((square - gram.get(i, j)).abs() < 1e-12 * gram.get(i, i), "({i}, {j})");
        }
    }
}

//! Curvature in the parameters: XᵀWX as a lower triangle, or a root of it.

mod layout;

pub use layout::GramLayout;

use std::ops::Range;

use crate::{kernel, vector};
use layout::Columns;

/// Up to this order our own tiles are faster than faer's triangular product with its packed and scaled copies: by a third
/// at p = 20 and 50, by a fifth at 160; at 200 they are slower by a tenth (AVX2).
const OWN_KERNEL: usize = 176;

/// XᵀWX, of which the lower triangle is kept, or what of it may be other than zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Gram {
    n: usize,
    /// Column-major n×n, only the lower triangle meaning anything; or by `columns`.
    values: Vec<f64>,
    columns: Option<Columns>,
}

impl Gram {
    /// The zero matrix of order `n`.
    #[must_use]
    pub fn zeros(n: usize) -> Self {
        Self { n, values: vec![0.0; n * n], columns: None }
    }

    /// The zero matrix of order `n`, laid out as a design asks for; it becomes a dense lower triangle when something is
    /// added that the layout has no place for.
    #[must_use]
    pub fn with_layout(n: usize, layout: &GramLayout) -> Self {
        match layout {
            GramLayout::Lower => Self::zeros(n),
            GramLayout::Exclusive(ranges) => {
                let columns = Columns::new(ranges, n);
                Self { n, values: vec![0.0; columns.n_elements()], columns: Some(columns) }
            }
        }
    }

    /// The order.
    #[must_use]
    pub fn n(&self) -> usize {
        self.n
    }

    /// The element (i, j) of the symmetric matrix.
    #[must_use]
    #[inline]
    pub fn get(&self, i: usize, j: usize) -> f64 {
        self.place(i.max(j), i.min(j)).map_or(0.0, |place| self.values[place])
    }

    /// Where the element (i, j) is, i ≥ j; `None` where it is zero whatever the weights.
    #[inline]
    pub(crate) fn place(&self, i: usize, j: usize) -> Option<usize> {
        match &self.columns {
            None => Some(j * self.n + i),
            Some(columns) => columns.place(i, j),
        }
    }

    /// The diagonal.
    pub fn diagonal(&self) -> impl Iterator<Item = f64> + '_ {
        (0..self.n).map(|j| self.get(j, j))
    }

    /// Adds XᵀWX for a block: `x` is column-major rows×n, `weight` has one value per row of either sign.
    pub fn add_block(&mut self, x: &[f64], weight: &[f64], scratch: &mut Vec<f64>) {
        let rows = weight.len();
        if self.add_columns(x.chunks_exact(rows.max(1)), weight, scratch) {
            return;
        }
        scratch.resize(rows * self.n, 0.0);
        for (scaled, column) in scratch.chunks_exact_mut(rows).zip(x.chunks_exact(rows)) {
            for (scaled, (x, weight)) in scaled.iter_mut().zip(column.iter().zip(weight)) {
                *scaled = x * weight;
            }
        }
        kernel::add_lower_gram(&mut self.values, x, scratch, rows, self.n);
    }

    /// Adds XᵀWX for columns where they are, one for each row of the Gram; false, and nothing added, where they are so
    /// many that they are better packed into a block first.
    pub(crate) fn add_columns<'x>(
        &mut self,
        columns: impl Iterator<Item = &'x [f64]>,
        weight: &[f64],
        scratch: &mut Vec<f64>,
    ) -> bool {
        self.make_lower();
        let mut slices: [&[f64]; OWN_KERNEL] = [&[]; OWN_KERNEL];
        let own = self.n <= OWN_KERNEL;
        if own {
            slices.iter_mut().zip(columns).for_each(|(slice, column)| *slice = column);
            vector::add_lower_gram(&mut self.values, &slices[..self.n], weight, scratch);
        }
        own
    }

    /// Adds the symmetric `block` at block position (a, b), a ≥ b, both counted in blocks of its order.
    pub fn add_at(&mut self, block: &Self, a: usize, b: usize) {
        self.make_lower();
        let p = block.n;
        for j in 0..p {
            for i in if a == b { j } else { 0 }..p {
                self.values[(b * p + j) * self.n + a * p + i] += block.get(i, j);
            }
        }
    }

    /// Adds to the element (i, j), which is the element (j, i).
    pub fn add(&mut self, i: usize, j: usize, value: f64) {
        let (i, j) = (i.max(j), i.min(j));
        if self.place(i, j).is_none() {
            self.make_lower();
        }
        if let Some(place) = self.place(i, j) {
            self.values[place] += value;
        }
    }

    /// Adds `ridge` to the diagonal.
    pub fn add_diagonal(&mut self, ridge: &[f64]) {
        for (j, ridge) in ridge.iter().enumerate() {
            self.add(j, j, *ridge);
        }
    }

    /// Multiplies every element.
    pub fn scale(&mut self, factor: f64) {
        self.values.iter_mut().for_each(|value| *value *= factor);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        if self.columns.is_some() && self.columns == other.columns {
            return kernel::axpy(1.0, &other.values, &mut self.values);
        }
        self.make_lower();
        for (j, column) in self.values.chunks_exact_mut(self.n.max(1)).enumerate() {
            match &other.columns {
                None => kernel::axpy(1.0, &other.values[j * self.n + j..(j + 1) * self.n], &mut column[j..]),
                Some(_) => column.iter_mut().enumerate().skip(j).for_each(|(i, value)| *value += other.get(i, j)),
            }
        }
    }

    /// Sets every element to zero.
    pub fn clear(&mut self) {
        self.values.fill(0.0);
    }

    /// Ranges of columns that are orthogonal whatever the weights, as far as the layout tells.
    #[must_use]
    pub fn exclusive(&self) -> &[Range<usize>] {
        self.columns.as_ref().map_or(&[], Columns::ranges)
    }

    /// Adds so many places behind all others, for what belongs nowhere.
    pub(crate) fn add_spare(&mut self, places: usize) {
        assert!(
            self.values.len() < u32::MAX as usize,
            "a Gram of 34 GB, in which a row in no category would find a place"
        );
        self.values.reserve_exact(places);
        self.values.resize(self.values.len() + places, 0.0);
    }

    /// Takes them away again.
    pub(crate) fn remove_spare(&mut self, places: usize) {
        self.values.truncate(self.values.len() - places);
    }

    /// Where the elements are is for [`place`](Self::place) to say.
    pub(crate) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// Whether its places are those of this layout.
    pub(crate) fn is_laid_out(&self, layout: &GramLayout) -> bool {
        match (&self.columns, layout) {
            (None, GramLayout::Lower) => true,
            (Some(columns), GramLayout::Exclusive(ranges)) => columns.ranges() == ranges,
            _ => false,
        }
    }

    /// Gives the zeros their places back.
    pub(crate) fn make_lower(&mut self) {
        if self.columns.is_some() {
            let mut lower = Self::zeros(self.n);
            lower.merge(self);
            *self = lower;
        }
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

    /// Multiplies every element.
    pub fn scale(&mut self, factor: f64) {
        self.values.iter_mut().for_each(|value| *value *= factor);
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
    fn a_layout_without_zeros_is_the_same_matrix() {
        let layout = GramLayout::Exclusive(vec![1..3, 4..6]);
        let entries = [(0, 0, 2.0), (3, 1, -1.0), (5, 2, 0.5), (2, 2, 4.0), (3, 3, 7.0), (5, 5, 1.0), (1, 0, 3.0)];
        let filled = |mut gram: Gram| {
            entries.iter().for_each(|(i, j, value)| gram.add(*i, *j, *value));
            gram
        };
        let (lower, own) = (filled(Gram::zeros(6)), filled(Gram::with_layout(6, &layout)));
        assert_eq!(own.values.len(), layout.n_elements(6));
        let same = |a: &Gram, b: &Gram| (0..36).all(|k| a.get(k / 6, k % 6).to_bits() == b.get(k / 6, k % 6).to_bits());
        assert!(same(&lower, &own) && own.columns.is_some());
        let (mut twice, mut both_ways, mut lower_twice) = (own.clone(), lower.clone(), lower.clone());
        twice.merge(&own);
        both_ways.merge(&own);
        lower_twice.merge(&lower);
        assert!(same(&twice, &lower_twice) && same(&both_ways, &lower_twice) && twice.columns.is_some());
        // What has no place makes one.
        twice.add(2, 1, 9.0);
        lower_twice.add(2, 1, 9.0);
        assert_eq!(twice, lower_twice);
    }

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

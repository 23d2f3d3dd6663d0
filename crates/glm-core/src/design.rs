//! The X side: what a pass over the rows needs of a design matrix, and no more.

mod dense;
mod element;
mod mixed;
mod sparse;

pub use dense::Dense;
pub use element::Element;
pub(crate) use mixed::Block;
pub use mixed::{Categories, Mixed, Term};
pub use sparse::Sparse;

use std::fmt;
use std::ops::Range;

use crate::vector::{add_scaled, dots};
use crate::{GROUP, Gram, GramLayout, Precision, Work, kernel};

/// A design matrix of n rows and p columns, the intercept counting as column 0.
///
/// The methods add to what they are given. All default to [`dense`](Self::dense), which is the definition; a design
/// with structure (columns, categories, sparsity) overrides them. Every value must be finite; constructors check it.
pub trait Design: fmt::Debug + Send + Sync {
    /// n.
    fn n_rows(&self) -> usize;

    /// p, with the intercept.
    fn n_cols(&self) -> usize;

    /// Writes the rows as a column-major block, `rows.len()` × p.
    fn dense(&self, rows: Range<usize>, out: &mut [f64]);

    /// Whether column 0 is the intercept.
    fn has_intercept(&self) -> bool;

    /// How the Gram is laid out.
    fn gram_layout(&self) -> GramLayout {
        GramLayout::Lower
    }

    /// Columns of zeros and ones of which no row has more than one one, as a factor's: ranges that ascend and do not
    /// overlap. None need be told; steps of such columns can be better than Newton's.
    fn indicators(&self) -> Vec<Range<usize>> {
        Vec::new()
    }

    /// Rows of a group, by which sums over the rows are cut and merged ([`fold_rows`](crate::fold_rows)): [`GROUP`] times
    /// a power of two that depends on the columns alone, larger where merging Grams would cost more than summing them.
    fn rows_per_group(&self) -> usize {
        GROUP
    }

    /// What XᵀWX costs beside the rest of a pass over the rows, as a multiple of that; the number of passes with XᵀWX is
    /// chosen by it, and nothing else rests on it. The default is what was measured of columns of numbers.
    #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
    fn gram_cost(&self) -> f64 {
        let p = self.n_cols() as f64;
        p * p / (15.0 * p + 240.0)
    }

    /// η += X·params.
    fn add_eta(&self, rows: Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        let precision = work.precision;
        let x = work.dense_block(self, rows);
        add_columns(x.chunks_exact(eta.len()), params, eta, precision);
    }

    /// gradient += Xᵀ·slope.
    fn add_gradient(&self, rows: Range<usize>, slope: &[f64], gradient: &mut [f64], work: &mut Work) {
        let precision = work.precision;
        let x = work.dense_block(self, rows);
        add_products(x.chunks_exact(slope.len()), slope, gradient, precision);
    }

    /// gram += Xᵀ·diag(weight)·X over rows that fit in a [`BLOCK`](crate::BLOCK); weights may be negative.
    fn add_gram(&self, rows: Range<usize>, weight: &[f64], gram: &mut Gram, work: &mut Work) {
        work.dense_block(self, rows);
        gram.add_block(&work.x, weight, &mut work.scratch);
    }

    /// outᵢ = xᵢᵀ V xᵢ for the symmetric V in column-major `v`: leverage, and the variance of η.
    fn quadratic(&self, rows: Range<usize>, v: &[f64], out: &mut [f64], work: &mut Work) {
        let (m, p) = (rows.len(), self.n_cols());
        work.dense_block(self, rows);
        work.scratch.resize(m * p, 0.0);
        kernel::multiply(&mut work.scratch, false, &work.x, v, (m, p, p));
        out.fill(0.0);
        for (x, product) in work.x.chunks_exact(m).zip(work.scratch.chunks_exact(m)) {
            for (out, (x, product)) in out.iter_mut().zip(x.iter().zip(product)) {
                *out += x * product;
            }
        }
    }
}

/// η += Σ paramⱼ · columnⱼ.
fn add_columns<'x>(columns: impl Iterator<Item = &'x [f64]>, params: &[f64], eta: &mut [f64], precision: Precision) {
    match precision {
        Precision::Plain => add_columns_plain(columns, params, eta),
        Precision::Compensated => {
            let mut error = vec![0.0; eta.len()];
            columns.zip(params).for_each(|(column, param)| kernel::axpy_compensated(*param, column, eta, &mut error));
            eta.iter_mut().zip(&error).for_each(|(eta, error)| *eta += error);
        }
    }
}

/// η += Σ paramⱼ · columnⱼ in plain `f64`.
fn add_columns_plain<'x, T: Element>(columns: impl Iterator<Item = &'x [T]>, params: &[f64], eta: &mut [f64]) {
    let mut pairs = columns.zip(params);
    loop {
        let (group, scales, count) = next_columns::<T, 8>(pairs.by_ref().map(|(column, param)| (column, *param)));
        match count {
            8 => add_scaled(scales, group, eta),
            _ => return add_few(&group[..count], &scales, eta),
        }
    }
}

/// η += Σ scaleⱼ · columnⱼ for fewer than eight columns.
fn add_few<T: Element>(columns: &[&[T]], scales: &[f64; 8], eta: &mut [f64]) {
    let (mut columns, mut scales) = (columns, &scales[..]);
    if let ([a, b, c, d, rest @ ..], [p, q, r, s, others @ ..]) = (columns, scales) {
        add_scaled([*p, *q, *r, *s], [a, b, c, d], eta);
        (columns, scales) = (rest, others);
    }
    match (columns, scales) {
        ([a, b, c, ..], [p, q, r, ..]) => add_scaled([*p, *q, *r], [a, b, c], eta),
        ([a, b], [p, q, ..]) => add_scaled([*p, *q], [a, b], eta),
        ([a], [p, ..]) => add_scaled([*p], [a], eta),
        _ => {}
    }
}

/// The next K columns with what belongs to them, or as many as there are.
fn next_columns<'x, T, const K: usize>(
    mut pairs: impl Iterator<Item = (&'x [T], f64)>,
) -> ([&'x [T]; K], [f64; K], usize) {
    let (mut columns, mut numbers, mut count): ([&[T]; K], _, _) = ([&[]; K], [0.0; K], 0);
    while count < K
        && let Some((column, number)) = pairs.next()
    {
        (columns[count], numbers[count]) = (column, number);
        count += 1;
    }
    (columns, numbers, count)
}

/// gradientⱼ += columnⱼ · slope.
fn add_products<'x>(
    columns: impl Iterator<Item = &'x [f64]>,
    slope: &[f64],
    gradient: &mut [f64],
    precision: Precision,
) {
    match precision {
        Precision::Plain => add_products_plain(columns, slope, gradient),
        Precision::Compensated => {
            let pairs = columns.zip(gradient);
            pairs.for_each(|(column, gradient)| *gradient += kernel::dot_compensated(column, slope));
        }
    }
}

/// gradientⱼ += columnⱼ · slope in plain `f64`.
fn add_products_plain<'x, T: Element>(mut columns: impl Iterator<Item = &'x [T]>, slope: &[f64], gradient: &mut [f64]) {
    for gradient in gradient.chunks_mut(4) {
        let (group, _, count) = next_columns::<T, 4>(columns.by_ref().map(|column| (column, 0.0)));
        let [a, b, c, _] = group;
        let mut products = [0.0; 4];
        match count {
            4 => products = dots(group, slope),
            3 => products[..3].copy_from_slice(&dots([a, b, c], slope)),
            2 => products[..2].copy_from_slice(&dots([a, b], slope)),
            1 => products[..1].copy_from_slice(&dots([a], slope)),
            _ => {}
        }
        gradient.iter_mut().zip(&products[..count]).for_each(|(gradient, product)| *gradient += product);
    }
}

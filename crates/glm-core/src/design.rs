//! The X side: what a pass over the rows needs of a design matrix, and no more.

mod dense;
mod mixed;
mod sparse;

pub use dense::Dense;
pub use mixed::{Categories, Mixed, Term};
pub use sparse::Sparse;

use std::fmt;
use std::ops::Range;

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

    /// Rows of a group, by which sums over the rows are cut and merged ([`fold_rows`](crate::fold_rows)): [`GROUP`] times
    /// a power of two that depends on the columns alone, larger where merging Grams would cost more than summing them.
    fn rows_per_group(&self) -> usize {
        GROUP
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

    /// gram += Xᵀ·diag(weight)·X; weights may be negative.
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
        Precision::Plain => columns.zip(params).for_each(|(column, param)| kernel::axpy(*param, column, eta)),
        Precision::Compensated => {
            let mut error = vec![0.0; eta.len()];
            columns.zip(params).for_each(|(column, param)| kernel::axpy_compensated(*param, column, eta, &mut error));
            eta.iter_mut().zip(&error).for_each(|(eta, error)| *eta += error);
        }
    }
}

/// gradientⱼ += columnⱼ · slope.
fn add_products<'x>(
    columns: impl Iterator<Item = &'x [f64]>,
    slope: &[f64],
    gradient: &mut [f64],
    precision: Precision,
) {
    let dot = if precision == Precision::Plain { kernel::dot } else { kernel::dot_compensated };
    columns.zip(gradient).for_each(|(column, gradient)| *gradient += dot(column, slope));
}

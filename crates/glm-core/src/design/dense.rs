//! A dense design: columns of numbers, borrowed where they are, with or without an intercept.

use std::ops::Range;

use crate::design::{add_columns, add_products};
use crate::error::{check_finite, check_length};
use crate::{BLOCK, Design, Error, Gram, Precision, Work, kernel};

/// The column of an intercept.
const ONES: [f64; BLOCK] = [1.0; BLOCK];

/// Columns of numbers and, if wanted, an intercept that nobody has to add as a column of ones.
///
/// The columns stay where they are: slices of a column-major matrix (`x.chunks_exact(n)`), or of separate vectors.
///
/// ```
/// use glm_core::{Dense, Design};
/// let x = [1.0, 2.0, 3.0, 0.0, 1.0, 0.0]; // two columns of three rows
/// let design = Dense::with_intercept(x.chunks_exact(3))?;
/// assert_eq!((design.n_rows(), design.n_cols()), (3, 3));
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Dense<'a> {
    columns: Vec<&'a [f64]>,
    n_rows: usize,
    intercept: bool,
}

impl<'a> Dense<'a> {
    /// An intercept and these columns.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] with row and column, [`Error::LengthMismatch`], [`Error::NoRows`], [`Error::NoColumns`]
    /// where no column tells the number of rows (use [`intercept_only`](Self::intercept_only)).
    pub fn with_intercept(columns: impl IntoIterator<Item = &'a [f64]>) -> Result<Self, Error> {
        Self::new(columns.into_iter().collect(), true)
    }

    /// These columns alone; the intercept, if any, is among them.
    ///
    /// # Errors
    ///
    /// As [`with_intercept`](Self::with_intercept).
    pub fn without_intercept(columns: impl IntoIterator<Item = &'a [f64]>) -> Result<Self, Error> {
        Self::new(columns.into_iter().collect(), false)
    }

    /// The null model's design: an intercept for each of `n_rows` rows.
    ///
    /// # Errors
    ///
    /// [`Error::NoRows`].
    pub fn intercept_only(n_rows: usize) -> Result<Self, Error> {
        if n_rows == 0 { Err(Error::NoRows) } else { Ok(Self { columns: Vec::new(), n_rows, intercept: true }) }
    }

    fn new(columns: Vec<&'a [f64]>, intercept: bool) -> Result<Self, Error> {
        let n_rows = columns.first().ok_or(Error::NoColumns)?.len();
        if n_rows == 0 {
            return Err(Error::NoRows);
        }
        for (index, column) in columns.iter().enumerate() {
            check_length("x", n_rows, column.len())?;
            check_finite("x", column, Some(index))?;
        }
        Ok(Self { columns, n_rows, intercept })
    }

    /// The caller's columns, without the intercept.
    #[must_use]
    pub fn columns(&self) -> &[&'a [f64]] {
        &self.columns
    }
}

impl Design for Dense<'_> {
    fn n_rows(&self) -> usize {
        self.n_rows
    }
    fn n_cols(&self) -> usize {
        self.columns.len() + usize::from(self.intercept)
    }
    fn has_intercept(&self) -> bool {
        self.intercept
    }
    fn dense(&self, rows: Range<usize>, out: &mut [f64]) {
        let mut blocks = out.chunks_exact_mut(rows.len());
        if self.intercept
            && let Some(block) = blocks.next()
        {
            block.fill(1.0);
        }
        for (block, column) in blocks.zip(&self.columns) {
            block.copy_from_slice(&column[rows.clone()]);
        }
    }
    fn add_eta(&self, rows: Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        if work.precision == Precision::Compensated && self.intercept {
            // The constant's own rounding error has to be carried too, so the column of ones is taken as it is.
            let block = work.dense_block(self, rows);
            return add_columns(block.chunks_exact(eta.len()), params, eta, Precision::Compensated);
        }
        let (constant, params) = params.split_at(usize::from(self.intercept));
        if let [constant] = constant {
            eta.iter_mut().for_each(|eta| *eta += constant);
        }
        add_columns(self.columns.iter().map(|column| &column[rows.clone()]), params, eta, work.precision);
    }
    fn add_gradient(&self, rows: Range<usize>, slope: &[f64], gradient: &mut [f64], work: &mut Work) {
        if work.precision == Precision::Compensated && self.intercept {
            let block = work.dense_block(self, rows);
            return add_products(block.chunks_exact(slope.len()), slope, gradient, Precision::Compensated);
        }
        let (constant, gradient) = gradient.split_at_mut(usize::from(self.intercept));
        if let [constant] = constant {
            *constant += kernel::sum(slope);
        }
        add_products(self.columns.iter().map(|column| &column[rows.clone()]), slope, gradient, work.precision);
    }
    fn add_gram(&self, rows: Range<usize>, weight: &[f64], gram: &mut Gram, work: &mut Work) {
        let ones = self.intercept.then(|| &ONES[..rows.len()]);
        let columns = ones.into_iter().chain(self.columns.iter().map(|column| &column[rows.clone()]));
        if !gram.add_columns(columns, weight, &mut work.scratch) {
            work.dense_block(self, rows);
            gram.add_block(&work.x, weight, &mut work.scratch);
        }
    }
}

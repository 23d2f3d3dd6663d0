//! A dense design: columns of numbers, borrowed where they are, with or without an intercept.

use std::ops::Range;

use crate::design::element::Element;
use crate::design::{add_columns, add_columns_plain, add_products, add_products_plain};
use crate::error::{check_finite, check_length};
use crate::vector::widen;
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
///
/// # Storage
///
/// Columns of `f32` take half the memory. Passes for loss and gradient, where reading it is most of the work, take a quarter
/// to a third less time; passes with XᵀWX, which is arithmetic, take the same. Only the storage is of single precision:
/// every number is taken as what it is, a few rows at a time, and every product and sum is in `f64`. So a fit has the bits
/// of the fit to the same numbers in columns of `f64`.
///
/// ```
/// use glm_core::{Dense, Design};
/// let x: [f32; 6] = [0.1, 2.0, 3.0, 0.0, 1.0, 0.0];
/// let design = Dense::with_intercept(x.chunks_exact(3))?;
/// let mut row = [0.0; 3];
/// design.dense(0..1, &mut row);
/// assert_eq!(row, [1.0, f64::from(0.1_f32), 0.0]);
/// # Ok::<(), glm_core::Error>(())
/// ```
///
/// What is lost is lost by whoever rounds to `f32`: up to 2⁻²⁴ = 6·10⁻⁸ of each number. Coefficients change, relative to
/// the largest in units of the columns' scales, by about that times the condition number of the columns scaled to equal
/// length (with the intercept): by less than 10⁻⁶ for columns that are far from dependent, and mostly far less than a
/// standard error. Keep in `f64`, or subtract an origin from, what varies little about a large value, since that makes
/// the condition number large (years, dates, temperatures in kelvin), and whole numbers beyond 2²⁴ = 16 777 216, which
/// `f32` does not tell apart (identifiers, amounts in cents).
#[derive(Debug, Clone, PartialEq)]
pub struct Dense<'a, T = f64> {
    columns: Vec<&'a [T]>,
    n_rows: usize,
    intercept: bool,
}

impl Dense<'_> {
    /// The null model's design: an intercept for each of `n_rows` rows.
    ///
    /// # Errors
    ///
    /// [`Error::NoRows`].
    pub fn intercept_only(n_rows: usize) -> Result<Self, Error> {
        if n_rows == 0 { Err(Error::NoRows) } else { Ok(Self { columns: Vec::new(), n_rows, intercept: true }) }
    }
}

impl<'a, T: Element> Dense<'a, T> {
    /// An intercept and these columns.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] with row and column, [`Error::LengthMismatch`], [`Error::NoRows`], [`Error::NoColumns`]
    /// where no column tells the number of rows (use [`intercept_only`](Dense::intercept_only)).
    pub fn with_intercept(columns: impl IntoIterator<Item = &'a [T]>) -> Result<Self, Error> {
        Self::new(columns.into_iter().collect(), true)
    }

    /// These columns alone; the intercept, if any, is among them.
    ///
    /// # Errors
    ///
    /// As [`with_intercept`](Self::with_intercept).
    pub fn without_intercept(columns: impl IntoIterator<Item = &'a [T]>) -> Result<Self, Error> {
        Self::new(columns.into_iter().collect(), false)
    }

    fn new(columns: Vec<&'a [T]>, intercept: bool) -> Result<Self, Error> {
        let n_rows = columns.first().ok_or(Error::NoColumns)?.len();
        if n_rows == 0 {
            return Err(Error::NoRows);
        }
        columns.iter().try_for_each(|column| check_length("x", n_rows, column.len()))?;
        if !kernel::are_finite(&columns) {
            columns.iter().enumerate().try_for_each(|(index, column)| check_finite("x", column, Some(index)))?;
        }
        Ok(Self { columns, n_rows, intercept })
    }

    /// The caller's columns, without the intercept.
    #[must_use]
    pub fn columns(&self) -> &[&'a [T]] {
        &self.columns
    }
}

impl<T: Element> Design for Dense<'_, T> {
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
        let (ones, columns) = out.split_at_mut(rows.len() * usize::from(self.intercept));
        ones.fill(1.0);
        write(&self.columns, &rows, columns, rows.len());
    }
    fn add_eta(&self, rows: Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        if work.precision == Precision::Compensated {
            // The constant's own rounding error has to be carried too, so the column of ones is taken as it is.
            let block = work.dense_block(self, rows);
            return add_columns(block.chunks_exact(eta.len()), params, eta, Precision::Compensated);
        }
        let (constant, params) = params.split_at(usize::from(self.intercept));
        if let [constant] = constant {
            eta.iter_mut().for_each(|eta| *eta += constant);
        }
        add_columns_plain(self.columns.iter().map(|column| &column[rows.clone()]), params, eta);
    }
    fn add_gradient(&self, rows: Range<usize>, slope: &[f64], gradient: &mut [f64], work: &mut Work) {
        if work.precision == Precision::Compensated {
            let block = work.dense_block(self, rows);
            return add_products(block.chunks_exact(slope.len()), slope, gradient, Precision::Compensated);
        }
        let (constant, gradient) = gradient.split_at_mut(usize::from(self.intercept));
        if let [constant] = constant {
            *constant += kernel::sum(slope);
        }
        add_products_plain(self.columns.iter().map(|column| &column[rows.clone()]), slope, gradient);
    }
    fn add_gram(&self, rows: Range<usize>, weight: &[f64], gram: &mut Gram, work: &mut Work) {
        let (m, stride) = (rows.len(), rows.len().next_multiple_of(8) + 8);
        if T::as_f64s(&[]).is_none() {
            // Columns a power of two apart would share few places in the cache, hence the eight numbers in between.
            work.x.resize(stride * self.columns.len(), 0.0);
            write(&self.columns, &rows, &mut work.x, stride);
        }
        let columns = self.columns.iter().enumerate().map(|(j, column)| {
            T::as_f64s(&column[rows.clone()]).unwrap_or_else(|| &work.x[j * stride..j * stride + m])
        });
        let ones = self.intercept.then(|| &ONES[..m]);
        if !gram.add_columns(ones.into_iter().chain(columns), weight, &mut work.scratch) {
            work.dense_block(self, rows);
            gram.add_block(&work.x, weight, &mut work.scratch);
        }
    }
}

/// Writes these rows of the columns, each column `stride` numbers after the one before.
fn write<T: Element>(columns: &[&[T]], rows: &Range<usize>, out: &mut [f64], stride: usize) {
    for (out, column) in out.chunks_mut(stride.max(1)).zip(columns) {
        widen(&column[rows.clone()], &mut out[..rows.len()]);
    }
}

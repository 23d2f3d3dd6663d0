//! A term of a design: a product of numbers and factors.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::categories::{Categories, NONE};
use crate::Error;
use crate::error::{check_finite, check_length};

/// A column of numbers, a factor, or an interaction of any number of these: the elementwise products of their columns,
/// the columns of the first factor running fastest, as in R.
///
/// ```
/// use glm_core::{Categories, Mixed, Design, Term};
/// let (dose, sex, clinic) = ([0.5, 1.0, 2.0, 4.0], [0, 1, 0, 1], [0, 1, 2, 2]);
/// let (sex, clinic) = (Categories::treatment(&sex, 2)?, Categories::treatment(&clinic, 3)?);
/// let design = Mixed::new(4).intercept().term(&dose)?.term(Term::from(&dose).by(&sex))?.term(Term::from(&sex).by(&clinic))?;
/// assert_eq!(design.n_cols(), 1 + 1 + 1 + 2);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Term<'a> {
    numbers: Vec<&'a [f64]>,
    factors: Vec<Categories<'a>>,
}

impl<'a> From<&'a [f64]> for Term<'a> {
    fn from(numbers: &'a [f64]) -> Self {
        Self { numbers: vec![numbers], factors: Vec::new() }
    }
}

impl<'a> From<&'a Vec<f64>> for Term<'a> {
    fn from(numbers: &'a Vec<f64>) -> Self {
        Self::from(&numbers[..])
    }
}

impl<'a, const N: usize> From<&'a [f64; N]> for Term<'a> {
    fn from(numbers: &'a [f64; N]) -> Self {
        Self::from(&numbers[..])
    }
}

impl<'a> From<Categories<'a>> for Term<'a> {
    fn from(factor: Categories<'a>) -> Self {
        Self { numbers: Vec::new(), factors: vec![factor] }
    }
}

impl<'a> From<&Categories<'a>> for Term<'a> {
    fn from(factor: &Categories<'a>) -> Self {
        Self::from(factor.clone())
    }
}

impl<'a> Term<'a> {
    /// The interaction with another term.
    #[must_use]
    pub fn by(mut self, other: impl Into<Self>) -> Self {
        let other = other.into();
        self.numbers.extend(other.numbers);
        self.factors.extend(other.factors);
        self
    }

    /// The number of columns.
    #[must_use]
    pub fn n_cols(&self) -> usize {
        self.factors.iter().map(Categories::n_cols).product()
    }

    #[expect(clippy::cast_precision_loss, reason = "numbers of levels are far below 2^53")]
    pub(super) fn check(&self, n_rows: usize, index: usize) -> Result<(), Error> {
        let n_cols = self.factors.iter().map(|factor| factor.n_cols() as f64).product::<f64>();
        if n_cols >= f64::from(NONE) {
            let (of, parameter, allowed) = ("an interaction", "number of columns", "below 2^32 − 1");
            return Err(Error::InvalidParameter { of, parameter, value: n_cols, allowed });
        }
        for numbers in &self.numbers {
            check_length("x", n_rows, numbers.len())?;
            check_finite("x", numbers, Some(index))?;
        }
        self.factors.iter().try_for_each(|factor| check_length("codes", n_rows, factor.codes().len()))
    }

    /// Whether a row is in at most one column, which then has there the product of the numbers.
    pub(super) fn is_coded(&self) -> bool {
        !self.factors.is_empty() && self.factors.iter().all(|factor| factor.column_of().is_some())
    }

    /// The column itself, where it is one of numbers.
    pub(super) fn column(&self) -> Option<&'a [f64]> {
        match (&self.numbers[..], &self.factors[..]) {
            ([numbers], []) => Some(numbers),
            _ => None,
        }
    }

    pub(super) fn has_numbers(&self) -> bool {
        !self.numbers.is_empty()
    }

    /// Multiplies by the numbers.
    pub(super) fn multiply(&self, rows: Range<usize>, out: &mut [f64]) {
        for numbers in &self.numbers {
            out.iter_mut().zip(&numbers[rows.clone()]).for_each(|(out, x)| *out *= x);
        }
    }

    /// Writes the column of the term that each row is in, or [`NONE`]; of a term that is coded.
    pub(super) fn places(&self, rows: Range<usize>, out: &mut [u32]) {
        pulp::Arch::new().dispatch(WritePlaces { factors: &self.factors, rows, out });
    }

    /// Writes the columns, rows × columns.
    pub(super) fn write(&self, rows: Range<usize>, out: &mut [f64]) {
        let m = rows.len();
        if let Some(column) = self.column() {
            return out.copy_from_slice(&column[rows]);
        }
        for (j, out) in out.chunks_exact_mut(m).enumerate() {
            out.fill(1.0);
            self.multiply(rows.clone(), out);
            let mut rest = j;
            for factor in &self.factors {
                let column = rest % factor.n_cols();
                rest /= factor.n_cols();
                let codes = &factor.codes()[rows.clone()];
                out.iter_mut().zip(codes).for_each(|(out, code)| *out *= factor.element(*code as usize, column));
            }
        }
    }
}

struct WritePlaces<'a> {
    factors: &'a [Categories<'a>],
    rows: Range<usize>,
    out: &'a mut [u32],
}

impl WithSimd for WritePlaces<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { factors, rows, out } = self;
        let mut stride = 1_u32;
        for (place, factor) in factors.iter().enumerate() {
            let Some(column_of) = factor.column_of() else { continue };
            let columns = factor.codes()[rows.clone()].iter().map(|code| column_of(*code));
            if place == 0 {
                out.iter_mut().zip(columns).for_each(|(out, column)| *out = column);
            } else {
                for (out, column) in out.iter_mut().zip(columns) {
                    *out = if column == NONE || *out == NONE { NONE } else { *out + stride * column };
                }
            }
            // All columns together have places.
            stride = stride.saturating_mul(u32::try_from(factor.n_cols()).unwrap_or(NONE));
        }
    }
}

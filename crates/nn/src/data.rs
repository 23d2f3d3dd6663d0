//! Rows to learn from, validated once: features, responses, prior weights and offsets.

use glm_core::{Dense, Design, Error as CoreError};

use crate::Error;

/// Features, one or several responses, prior weights and offsets; borrowed where they are.
///
/// ```
/// let x = [1.0, 2.0, 3.0, 0.0, 1.0, f64::NAN]; // two columns of three rows
/// let y = [0.0, 1.0, 1.0];
/// let error = nn::Data::new(x.chunks_exact(3), &y).unwrap_err();
/// assert_eq!(error.to_string(), "x is NaN at row 2, column 1; remove or impute such rows before fitting");
/// ```
#[derive(Debug, Clone)]
pub struct Data<'a> {
    x: Dense<'a>,
    y: &'a [f64],
    weights: &'a [f64],
    offset: &'a [f64],
}

impl<'a> Data<'a> {
    /// Columns of features and the response; for several responses side by side, `y` is n×q, column by column.
    ///
    /// # Errors
    ///
    /// [`Error::Core`]: [`NotFinite`](CoreError::NotFinite) with row and column,
    /// [`LengthMismatch`](CoreError::LengthMismatch), [`NoRows`](CoreError::NoRows), [`NoColumns`](CoreError::NoColumns).
    pub fn new(columns: impl IntoIterator<Item = &'a [f64]>, y: &'a [f64]) -> Result<Self, Error> {
        let x = Dense::with_intercept(columns)?;
        check_columns("y", y, x.n_rows())?;
        Ok(Self { x, y, weights: &[], offset: &[] })
    }

    /// Features and offsets alone, to predict from.
    pub(crate) fn without_response(
        columns: impl IntoIterator<Item = &'a [f64]>,
        offset: &'a [f64],
    ) -> Result<Self, Error> {
        let x = Dense::with_intercept(columns)?;
        let data = Self { x, y: &[], weights: &[], offset: &[] };
        if offset.is_empty() { Ok(data) } else { data.with_offset(offset) }
    }

    /// One prior weight per row; a row of weight zero is absent.
    ///
    /// # Errors
    ///
    /// [`Error::Core`]: wrong length, a weight that is negative or not finite, or no positive weight.
    pub fn with_weights(mut self, weights: &'a [f64]) -> Result<Self, Error> {
        check_finite("weights", weights)?;
        let (expected, found) = (self.n_rows(), weights.len());
        if expected != found {
            return Err(CoreError::LengthMismatch { what: "weights", expected, found }.into());
        }
        if let Some(row) = weights.iter().position(|weight| *weight < 0.0) {
            return Err(CoreError::NegativeWeight { row, value: weights[row] }.into());
        }
        if weights.iter().all(|weight| *weight <= 0.0) {
            return Err(CoreError::AllWeightsZero.into());
        }
        self.weights = weights;
        Ok(self)
    }

    /// One offset per row and linear predictor of the output, predictor by predictor; it is added to the top linear
    /// predictors.
    ///
    /// # Errors
    ///
    /// [`Error::Core`]: an offset that is not finite, or a number of them that is not a multiple of the rows.
    pub fn with_offset(mut self, offset: &'a [f64]) -> Result<Self, Error> {
        check_columns("offset", offset, self.n_rows())?;
        self.offset = offset;
        Ok(self)
    }

    /// n.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.x.n_rows()
    }

    /// p, the intercept not counted.
    #[must_use]
    pub fn n_features(&self) -> usize {
        self.x.columns().len()
    }

    /// The features, with the intercept that a GLM on them has.
    #[must_use]
    pub fn design(&self) -> &Dense<'a> {
        &self.x
    }

    /// The columns of features.
    #[must_use]
    pub fn columns(&self) -> &[&'a [f64]] {
        self.x.columns()
    }

    /// The responses, column by column.
    #[must_use]
    pub fn y(&self) -> &'a [f64] {
        self.y
    }

    /// The prior weights; empty means all one.
    #[must_use]
    pub fn weights(&self) -> &'a [f64] {
        self.weights
    }

    /// The offsets, predictor by predictor; empty means none.
    #[must_use]
    pub fn offset(&self) -> &'a [f64] {
        self.offset
    }

    /// The sum of the prior weights.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "row counts are below 2^53")]
    pub fn total_weight(&self) -> f64 {
        if self.weights.is_empty() { self.n_rows() as f64 } else { glm_core::kernel::sum(self.weights) }
    }
}

/// Checks that there is at least one whole column of finite values.
fn check_columns(what: &'static str, values: &[f64], n_rows: usize) -> Result<(), Error> {
    if values.is_empty() || !values.len().is_multiple_of(n_rows) {
        return Err(CoreError::LengthMismatch { what, expected: n_rows, found: values.len() }.into());
    }
    check_finite(what, values)
}

fn check_finite(what: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(CoreError::NotFinite { what, row, column: None, value: values[row] }.into()),
        None => Ok(()),
    }
}

//! The top of a network: a response, or several of one kind side by side.

use std::sync::Arc;

use glm_core::Response;

use crate::dense::check_width;
use crate::{Data, Error};

/// What the top block's linear predictors mean: every [`Response`] is an output, alone or several side by side.
///
/// There is no activation here. A response gives ∂loss/∂η itself, so that a canonical top has μ − y with nothing divided.
#[derive(Debug, Clone)]
pub struct Output {
    response: Arc<dyn Response>,
    columns: usize,
}

impl Output {
    /// One response.
    #[must_use]
    pub fn new(response: Box<dyn Response>) -> Self {
        Self { response: response.into(), columns: 1 }
    }

    /// `columns` responses of one kind; y then has as many columns.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where there are no columns.
    pub fn side_by_side(response: Box<dyn Response>, columns: usize) -> Result<Self, Error> {
        check_width(columns)?;
        Ok(Self { response: response.into(), columns })
    }

    /// The response.
    #[must_use]
    pub fn response(&self) -> &dyn Response {
        &*self.response
    }

    /// Columns of y.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Linear predictors per row.
    #[must_use]
    pub fn n_predictors(&self) -> usize {
        self.columns * self.response.n_predictors()
    }

    /// Means per row.
    #[must_use]
    pub fn n_means(&self) -> usize {
        self.columns * self.response.n_means()
    }

    /// Checks that the data have the right number of responses and offsets, and that the responses are possible.
    pub(crate) fn check(&self, data: &Data<'_>) -> Result<(), Error> {
        let n = data.n_rows();
        let (expected, found) = (self.columns, data.y().len() / n);
        if expected != found {
            let advice = "give y one column per response of the output";
            return Err(Error::Mismatch { what: "columns of y", expected, found, advice });
        }
        self.check_offset(data)?;
        data.y().chunks_exact(n).try_for_each(|y| Ok(self.response.check(y)?))
    }

    /// Checks that there are offsets for all linear predictors or for none.
    pub(crate) fn check_offset(&self, data: &Data<'_>) -> Result<(), Error> {
        let (expected, found) = (self.n_predictors(), data.offset().len() / data.n_rows());
        let advice = "give one offset per row and linear predictor";
        let ok = found == 0 || expected == found;
        if ok { Ok(()) } else { Err(Error::Mismatch { what: "columns of the offset", expected, found, advice }) }
    }
}

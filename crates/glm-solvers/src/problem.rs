//! A regression problem: a design, a response and the data, validated once.

use glm_core::{
    At, Batch, Design, Dispersion, Expansion, Objective, Order, Precision, Response, Work, accumulate, fold_rows,
};

use crate::{DispersionEstimate, Error};

/// Design, response, y, prior weights and offset. It owns y, weights and offset, borrows the design and the response,
/// and cannot exist unvalidated.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, irls};
/// let x = [0.0, 1.0, 2.0, 3.0, 4.0];
/// let design = Dense::with_intercept([&x[..]])?;
/// let response = spec::response("poisson(log)")?;
/// let problem = Problem::new(&design, &*response, vec![1.0, 1.0, 3.0, 4.0, 9.0])?;
/// let fit = irls().fit(&problem)?;
/// assert!(fit.certificate.converged() && fit.coefficients[1] > 0.0);
/// # Ok::<(), glm_solvers::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Problem<'a> {
    design: &'a dyn Design,
    response: &'a dyn Response,
    y: Vec<f64>,
    weights: Vec<f64>,
    offset: Vec<f64>,
    dispersion: DispersionEstimate,
}

impl<'a> Problem<'a> {
    /// A problem with unit weights and no offset.
    ///
    /// # Errors
    ///
    /// [`glm_core::Error`] in [`Error::Input`]: y not finite, outside the support, or of the wrong length.
    pub fn new(design: &'a dyn Design, response: &'a dyn Response, y: Vec<f64>) -> Result<Self, Error> {
        check_length("y", design.n_rows(), y.len())?;
        response.check(&y)?;
        let (weights, offset) = (Vec::new(), Vec::new());
        Ok(Self { design, response, y, weights, offset, dispersion: DispersionEstimate::Family })
    }

    /// With prior weights w: Var(yᵢ) = φ V(μᵢ)/wᵢ. A row of weight zero is absent.
    ///
    /// # Errors
    ///
    /// Negative, not finite, all zero, or of the wrong length.
    pub fn with_weights(mut self, weights: Vec<f64>) -> Result<Self, Error> {
        check_weights(self.y.len(), &weights)?;
        self.weights = weights;
        Ok(self)
    }

    /// With an offset: a known part of η, one value per row and predictor.
    ///
    /// # Errors
    ///
    /// Not finite, or of the wrong length.
    pub fn with_offset(mut self, offset: Vec<f64>) -> Result<Self, Error> {
        check_length("offset", self.y.len() * self.response.n_predictors(), offset.len())?;
        check_finite("offset", &offset)?;
        // An offset of zeros is none, and the null model then has a closed form.
        self.offset = if offset.iter().all(|value| *value == 0.0) { Vec::new() } else { offset };
        Ok(self)
    }

    /// With another way to find the dispersion.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSetting`] for a fixed dispersion that is not positive and finite.
    pub fn with_dispersion(mut self, dispersion: DispersionEstimate) -> Result<Self, Error> {
        if let DispersionEstimate::Fixed(value) = dispersion
            && !(value.is_finite() && value > 0.0)
        {
            return Err(Error::InvalidSetting { setting: "dispersion", value, allowed: "positive and finite" });
        }
        self.dispersion = dispersion;
        Ok(self)
    }

    /// The same data under another response: what an outer loop over a family's own parameter needs.
    ///
    /// # Errors
    ///
    /// y outside the new support.
    pub fn with_response<'b>(&self, response: &'b dyn Response) -> Result<Problem<'b>, Error>
    where
        'a: 'b,
    {
        response.check(&self.y)?;
        let (y, weights, offset) = (self.y.clone(), self.weights.clone(), self.offset.clone());
        Ok(Problem { design: self.design, response, y, weights, offset, dispersion: self.dispersion })
    }

    /// The same data on another design of as many rows.
    ///
    /// # Errors
    ///
    /// Another number of rows.
    pub fn with_design<'b>(&self, design: &'b dyn Design) -> Result<Problem<'b>, Error>
    where
        'a: 'b,
    {
        check_length("y", design.n_rows(), self.y.len())?;
        let (y, weights, offset) = (self.y.clone(), self.weights.clone(), self.offset.clone());
        Ok(Problem { design, response: self.response, y, weights, offset, dispersion: self.dispersion })
    }

    /// The design.
    #[must_use]
    pub fn design(&self) -> &'a dyn Design {
        self.design
    }

    /// The response.
    #[must_use]
    pub fn response(&self) -> &'a dyn Response {
        self.response
    }

    /// y.
    #[must_use]
    pub fn y(&self) -> &[f64] {
        &self.y
    }

    /// The prior weights; empty means all one.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The offset; empty means none.
    #[must_use]
    pub fn offset(&self) -> &[f64] {
        &self.offset
    }

    /// How the dispersion is found.
    #[must_use]
    pub fn dispersion(&self) -> DispersionEstimate {
        self.dispersion
    }

    /// The dispersion, where it need not be estimated.
    #[must_use]
    pub fn known_dispersion(&self) -> Option<f64> {
        match (self.dispersion, self.response.family().map(|family| family.dispersion())) {
            (DispersionEstimate::Fixed(value), _) => Some(value),
            (DispersionEstimate::Family, Some(Dispersion::Known(value))) => Some(value),
            (DispersionEstimate::Family, None) => Some(1.0),
            _ => None,
        }
    }

    /// The weight of a row.
    #[must_use]
    pub fn weight(&self, row: usize) -> f64 {
        self.weights.get(row).copied().unwrap_or(1.0)
    }

    /// The number of rows of positive weight.
    #[must_use]
    pub fn n_used(&self) -> usize {
        if self.weights.is_empty() { self.y.len() } else { self.weights.iter().filter(|w| **w > 0.0).count() }
    }

    /// The rows as the pass over them sees them.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        Batch { design: self.design, y: &self.y, weights: &self.weights, offset: &self.offset }
    }

    /// The expansion at parameters or at the response's start, bit for bit the same on any number of threads.
    ///
    /// # Errors
    ///
    /// What reading the design can raise.
    pub fn expand(&self, at: At<'_>, order: Order, precision: Precision) -> Result<Expansion, glm_core::Error> {
        let group = |rows| {
            let mut into = Expansion::zeros(order, self.n_params());
            let mut work = Work::with_precision(precision);
            accumulate(self.response, self.batch(), rows, at, order, &mut work, &mut into);
            Ok(into)
        };
        fold_rows(self.y.len(), &group)
    }
}

impl Objective for Problem<'_> {
    fn n_params(&self) -> usize {
        self.design.n_cols() * self.response.n_predictors()
    }

    fn evaluate(&self, params: &[f64], order: Order, into: &mut Expansion) -> Result<(), glm_core::Error> {
        *into = self.expand(At::Params(params), order, Precision::Plain)?;
        Ok(())
    }
}

pub(crate) fn check_weights(rows: usize, weights: &[f64]) -> Result<(), glm_core::Error> {
    check_length("weights", rows, weights.len())?;
    check_finite("weights", weights)?;
    if let Some(row) = weights.iter().position(|weight| *weight < 0.0) {
        return Err(glm_core::Error::NegativeWeight { row, value: weights[row] });
    }
    if weights.iter().all(|weight| *weight == 0.0) { Err(glm_core::Error::AllWeightsZero) } else { Ok(()) }
}

pub(crate) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), glm_core::Error> {
    if expected == found { Ok(()) } else { Err(glm_core::Error::LengthMismatch { what, expected, found }) }
}

pub(crate) fn check_finite(what: &'static str, values: &[f64]) -> Result<(), glm_core::Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(glm_core::Error::NotFinite { what, row, column: None, value: values[row] }),
        None => Ok(()),
    }
}

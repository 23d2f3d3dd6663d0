//! A regression problem: a design, a response and the data, validated once.

use std::ops::Range;

use glm_core::{
    At, Batch, Design, Dispersion, Expansion, Objective, Order, Precision, Response, Units, Work, accumulate,
    fold_rows_by, linear_predictors,
};

use crate::sandwich::Scores;
use crate::weights::RowWeights;
use crate::{DispersionEstimate, Error, Weights};

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
    weights: RowWeights,
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
        let (weights, offset) = (RowWeights::default(), Vec::new());
        Ok(Self { design, response, y, weights, offset, dispersion: DispersionEstimate::Family })
    }

    /// With [`Weights`] of a type: plain numbers are prior weights, Var(yᵢ) = φ V(μᵢ)/wᵢ. Those of another type are kept, and
    /// multiply. A row of weight zero is absent.
    ///
    /// # Errors
    ///
    /// Negative, not finite, all zero, or of the wrong length; [`Error::FractionalFrequency`].
    pub fn with_weights(mut self, weights: impl Into<Weights>) -> Result<Self, Error> {
        self.weights = self.weights.with(self.y.len(), weights.into())?;
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

    /// What the loss of each row is multiplied by, the product of its weights of every type; empty means all one.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        self.weights.product()
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

    /// What the loss of a row is multiplied by.
    #[must_use]
    pub fn weight(&self, row: usize) -> f64 {
        self.weights.weight(row)
    }

    /// The analytic weight of a row, w in Var(y) = φ V(μ)/w.
    #[must_use]
    pub fn prior_weight(&self, row: usize) -> f64 {
        self.weights.prior(row)
    }

    /// How many equal rows a row stands for.
    #[must_use]
    pub fn frequency(&self, row: usize) -> f64 {
        self.weights.frequency(row)
    }

    /// Whether the rows are a sample with unequal probabilities: there is then no likelihood, and covariances are robust.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        self.weights.are_sampled()
    }

    /// The number of observations: rows of positive weight, each as often as its frequency says.
    #[must_use]
    pub fn n_used(&self) -> usize {
        self.weights.n_observations(self.y.len())
    }

    /// The rows as the pass over them sees them.
    #[must_use]
    pub fn batch(&self) -> Batch<'_> {
        Batch { design: self.design, y: &self.y, weights: self.weights.product(), offset: &self.offset }
    }

    /// The expansion at parameters or at the response's start, bit for bit the same on any number of threads.
    ///
    /// # Errors
    ///
    /// What reading the design can raise.
    pub fn expand(&self, at: At<'_>, order: Order, precision: Precision) -> Result<Expansion, glm_core::Error> {
        let group = |rows| {
            let mut into = Expansion::of_design(order, self.design, self.response.n_predictors());
            let mut work = Work::with_precision(precision);
            accumulate(self.response, self.batch(), rows, at, order, &mut work, &mut into);
            Ok(into)
        };
        fold_rows_by(self.design.rows_per_group(), self.y.len(), &group)
    }
}

impl Problem<'_> {
    /// How many equal rows each of these stands for, none where the weight is zero.
    pub(crate) fn times(&self, rows: Range<usize>) -> Vec<f64> {
        self.weights.times(rows)
    }

    /// The analytic weights of these rows.
    pub(crate) fn prior_weights(&self, rows: Range<usize>) -> Vec<f64> {
        self.weights.priors(rows)
    }

    /// The sum of the weights.
    pub(crate) fn total_weight(&self) -> f64 {
        self.weights.total(self.y.len())
    }

    /// The scores of rows, one column per parameter, and how often each row counts.
    pub(crate) fn scores(&self, at: At<'_>, rows: Range<usize>) -> Scores {
        let (m, q, p) = (rows.len(), self.response.n_predictors(), self.design.n_cols());
        let (mut eta, mut loss, mut slope) = (vec![0.0; m * q], vec![0.0; m], vec![0.0; m * q]);
        let (mut curvature, mut x) = (vec![0.0; m * q * (q + 1) / 2], vec![0.0; m * p]);
        linear_predictors(self.response, self.batch(), rows.clone(), at, &mut eta, &mut Work::new());
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        self.response.units(&self.y[rows.clone()], &eta, Order::Gradient, units);
        self.design.dense(rows.clone(), &mut x);
        let times = self.weights.times(rows.clone());
        for slope in slope.chunks_exact_mut(m) {
            for (i, row) in rows.clone().enumerate() {
                slope[i] = if times[i] > 0.0 { slope[i] * self.weight(row) / times[i] } else { 0.0 };
            }
        }
        let products = slope.chunks_exact(m).flat_map(|slope| x.chunks_exact(m).map(move |x| (slope, x)));
        let of_rows = products.flat_map(|(slope, x)| slope.iter().zip(x).map(|(slope, x)| slope * x)).collect();
        Scores { of_rows, times }
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

pub(crate) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), glm_core::Error> {
    if expected == found { Ok(()) } else { Err(glm_core::Error::LengthMismatch { what, expected, found }) }
}

pub(crate) fn check_finite(what: &'static str, values: &[f64]) -> Result<(), glm_core::Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(glm_core::Error::NotFinite { what, row, column: None, value: values[row] }),
        None => Ok(()),
    }
}

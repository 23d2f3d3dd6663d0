//! A response: a family and a link, joined, and the only thing that solvers and networks see of either.

mod canonical;
mod class;
mod cumulative;
mod general;
mod softmax;

pub use canonical::CanonicalGlm;
pub use cumulative::{Cumulative, CumulativeLink};
pub use general::Glm;
pub use softmax::Softmax;

use std::fmt;
use std::ops::Range;

use crate::error::check_finite;
use crate::{Error, Family, Link, Recession, Rise, Unit, kernel};

/// What is wanted at a point; the last three are curvatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// The loss alone.
    Loss,
    /// Loss and gradient.
    Gradient,
    /// With the expected (Fisher) information, XᵀWX.
    Expected,
    /// With the observed information, the Hessian of the loss.
    Observed,
    /// With a triangular R such that RᵀR is the expected information, found without ever forming XᵀWX.
    Root,
}

/// Where a response writes loss, slope and curvature of a block of rows, before prior weights.
///
/// `loss` has m values. `slope` has m·q and `curvature` m·q(q + 1)/2, predictor by predictor (for curvature: the lower
/// triangle, column by column), where q is [`Response::n_predictors`]. What the order does not ask for is not read.
#[derive(Debug)]
pub struct Units<'a> {
    /// Half the unit deviance of each row.
    pub loss: &'a mut [f64],
    /// ∂loss/∂η.
    pub slope: &'a mut [f64],
    /// Expected or observed ∂²loss/∂η², as ordered.
    pub curvature: &'a mut [f64],
}

impl Units<'_> {
    /// The part of some rows, for a response with one predictor.
    pub(crate) fn rows(&mut self, rows: Range<usize>, order: Order) -> Units<'_> {
        let wanted = |wanted: bool| if wanted { rows.clone() } else { 0..0 };
        let (slope, curvature) = (wanted(order >= Order::Gradient), wanted(order >= Order::Expected));
        Units { loss: &mut self.loss[rows], slope: &mut self.slope[slope], curvature: &mut self.curvature[curvature] }
    }

    /// Writes what the order asks for of a row.
    pub fn write(&mut self, row: usize, order: Order, unit: Unit) {
        self.loss[row] = unit.loss;
        if order >= Order::Gradient {
            self.slope[row] = unit.slope;
        }
        match order {
            Order::Expected | Order::Root => self.curvature[row] = unit.expected,
            Order::Observed => self.curvature[row] = unit.observed,
            Order::Loss | Order::Gradient => {}
        }
    }
}

/// A family and a link, joined; a block of rows at a time.
///
/// `eta` holds m·q linear predictors, predictor by predictor. A linear predictor outside the domain gets an infinite
/// loss. Check a response of your own with [`laws::response`](crate::laws::response).
pub trait Response: fmt::Debug + Send + Sync {
    /// Loss, slope and curvature of each row at its linear predictor.
    fn units(&self, y: &[f64], eta: &[f64], order: Order, out: Units<'_>);

    /// The mean of each row.
    fn mean(&self, eta: &[f64], mu: &mut [f64]);

    /// Linear predictors to start from; R's starting means need the weights (empty means all one).
    fn start(&self, y: &[f64], weights: &[f64], eta: &mut [f64]);

    /// The name by which specifications and reports call it: `poisson(log)`.
    fn name(&self) -> String;

    /// Linear predictors per row; one, unless the response is coupled.
    fn n_predictors(&self) -> usize {
        1
    }

    /// Means per row; as many as predictors, unless told otherwise (softmax with a baseline has one more).
    fn n_means(&self) -> usize {
        self.n_predictors()
    }

    /// Support, variance, log-likelihood and dispersion, where there is a family.
    fn family(&self) -> Option<&dyn Family> {
        None
    }

    /// The link, where there is one: what carries a prediction between the scales of η and μ.
    fn link(&self) -> Option<&dyn Link> {
        None
    }

    /// Whether y is the number of a class, with a mean for each class and −ln of the mean of its own class for a loss:
    /// then −loss is a log-likelihood.
    fn is_categorical(&self) -> bool {
        false
    }

    /// Whether the link is the canonical one, so that observed and expected curvature are the same.
    fn is_canonical(&self) -> bool {
        false
    }

    /// Whether the loss depends on y and η through η − y alone, as that of least squares does.
    fn is_location(&self) -> bool {
        false
    }

    /// The directions of a single η in which the loss at `y` never rises, where the loss is infinite or grows without bound in
    /// every other direction. `None`, unless told otherwise: then nothing is known about the existence of a maximum.
    fn recession(&self, y: f64) -> Option<Recession> {
        let _ = y;
        None
    }

    /// The same for coupled predictors: the differences that may rise for ever and on which alone the loss at `y` depends.
    fn rises(&self, y: f64) -> Option<Vec<Rise>> {
        self.recession(y).filter(|_| self.n_predictors() == 1).map(Recession::rises)
    }

    /// Checks that every response value is finite and possible.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] and [`Error::OutsideSupport`], with the row and the value.
    fn check(&self, y: &[f64]) -> Result<(), Error> {
        check_finite("y", y, None)?;
        let Some(family) = self.family() else { return Ok(()) };
        let support = family.support();
        if !kernel::any(y, |value| !support.contains(value)) {
            return Ok(());
        }
        match y.iter().position(|value| !support.contains(*value)) {
            Some(row) => Err(Error::OutsideSupport { row, value: y[row], support, family: family.name() }),
            None => Ok(()),
        }
    }
}

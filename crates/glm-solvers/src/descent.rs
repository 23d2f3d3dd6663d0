//! A descent chooses a direction; which curvature it asks for is all that tells the classical methods apart.

mod gradient;
mod lbfgs;

pub use gradient::GradientDescent;
pub use lbfgs::Lbfgs;

use std::fmt;

use glm_core::{Expansion, Order};

use crate::Factor;

/// A rule for directions; [`begin`](Self::begin) makes the state of one run.
pub trait Descent: fmt::Debug + Send + Sync {
    /// A fresh state for one run. The factor is that of the information at the start, on the columns that are kept: it
    /// gives first-order methods the scale of each column.
    fn begin(&self, start: &Factor) -> Box<dyn Direction>;
}

/// The directions of one run.
pub trait Direction: fmt::Debug {
    /// What must be known at a point to find the direction there.
    fn order(&self) -> Order;

    /// The direction at `params`; `None` where the curvature is not positive definite.
    fn step(&mut self, params: &[f64], at: &Expansion) -> Option<Step>;

    /// Forgets the moves so far, because no length of the step they led to made the loss fall; false where there is
    /// nothing to forget.
    fn forget(&mut self) -> bool {
        false
    }
}

/// A direction and what it promises.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The full step, zero in the columns left out.
    pub direction: Vec<f64>,
    /// −gᵀd > 0: the decrease of the loss per unit of step, to first order.
    pub decrease: f64,
    /// √(gᵀ I⁻¹ g) in the information that the direction has; for first-order methods, that of the start.
    pub residual: f64,
    /// Σ |βⱼ| √Iⱼⱼ in the same information: the scale of rounding errors in the residual.
    pub size: f64,
}

/// Newton's step −I⁻¹g with the information that the order names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newton {
    order: Order,
}

impl Newton {
    /// Newton–Raphson: observed information, by Cholesky of the Gram.
    pub const RAPHSON: Self = Self { order: Order::Observed };
    /// Fisher scoring: expected information, by Cholesky of the Gram.
    pub const FISHER: Self = Self { order: Order::Expected };
    /// Iteratively reweighted least squares: expected information, by QR of the weighted design.
    pub const IRLS: Self = Self { order: Order::Root };
}

impl Descent for Newton {
    fn begin(&self, start: &Factor) -> Box<dyn Direction> {
        Box::new(NewtonDirection { order: self.order, start: start.clone() })
    }
}

#[derive(Debug)]
struct NewtonDirection {
    order: Order,
    start: Factor,
}

impl Direction for NewtonDirection {
    fn order(&self) -> Order {
        self.order
    }

    fn step(&mut self, params: &[f64], at: &Expansion) -> Option<Step> {
        let factor = Factor::new(&at.information, self.start.kept())?;
        let residual = factor.score_norm(&at.gradient);
        let mut direction = factor.solve(&at.gradient);
        direction.iter_mut().for_each(|value| *value = -*value);
        Some(Step { direction, decrease: residual * residual, residual, size: factor.size(params) })
    }
}

//! Gradient descent: no curvature at all.

use glm_core::{Expansion, Order, kernel};

use crate::{Descent, Direction, Factor, Step};

/// Steepest descent, at a fixed rate or with a line search.
///
/// With a rate r it is the textbook's β ← β − r·∂loss/∂β, every step accepted, the loss being the sum over rows. With a
/// line search the columns are scaled to unit information at the start, and the trial step is Barzilai and Borwein's
/// (IMA J. Numer. Anal. 8, 1988), halved while the loss does not fall enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GradientDescent {
    /// The fixed rate, or `None` for a line search.
    pub rate: Option<f64>,
}

impl Descent for GradientDescent {
    fn begin(&self, start: &Factor) -> Box<dyn Direction> {
        Box::new(GradientDirection { rate: self.rate, start: start.clone(), diagonal: start.diagonal(), last: None })
    }
}

#[derive(Debug)]
struct GradientDirection {
    rate: Option<f64>,
    start: Factor,
    diagonal: Vec<f64>,
    last: Option<(Vec<f64>, Vec<f64>)>,
}

impl GradientDirection {
    /// sᵀDs/sᵀy of the last move s and the change y of the gradient; one at the start and where curvature is negative.
    fn trial(&self, params: &[f64], gradient: &[f64]) -> f64 {
        let Some((last_params, last_gradient)) = &self.last else { return 1.0 };
        let (mut length, mut curvature) = (0.0, 0.0);
        for j in self.start.kept() {
            let moved = params[*j] - last_params[*j];
            length += moved * moved * self.diagonal[*j];
            curvature += moved * (gradient[*j] - last_gradient[*j]);
        }
        if curvature > 0.0 && length > 0.0 { length / curvature } else { 1.0 }
    }
}

impl Direction for GradientDirection {
    fn order(&self) -> Order {
        Order::Gradient
    }

    fn step(&mut self, params: &[f64], at: &Expansion) -> Option<Step> {
        let trial = self.trial(params, &at.gradient);
        let mut direction = vec![0.0; params.len()];
        for j in self.start.kept() {
            direction[*j] = -at.gradient[*j] * self.rate.unwrap_or(trial / self.diagonal[*j]);
        }
        self.last = Some((params.to_vec(), at.gradient.clone()));
        Some(first_order_step(&self.start, params, &at.gradient, direction))
    }
}

/// What a first-order direction promises, measured in the information of the start.
pub(crate) fn first_order_step(start: &Factor, params: &[f64], gradient: &[f64], direction: Vec<f64>) -> Step {
    Step {
        decrease: -kernel::dot(gradient, &direction),
        residual: start.score_norm(gradient),
        size: start.size(params),
        direction,
    }
}

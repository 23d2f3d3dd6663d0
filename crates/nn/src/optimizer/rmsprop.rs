//! RMSprop: each parameter's step is divided by the root of its recent mean squared gradient.

use glm_core::Scalar;

use super::{check_epsilon, check_fraction, check_rate};
use crate::{Error, Optimizer, Steps};

/// s = alpha·s + (1 − alpha)·g², params −= rate·g/(√s + epsilon).
///
/// Reference: Tieleman & Hinton, Neural Networks for Machine Learning, lecture 6.5 (2012), in PyTorch's form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RmsProp {
    /// The learning rate, above zero.
    pub rate: f64,
    /// In [0, 1): how much of the mean square is kept.
    pub alpha: f64,
    /// Above zero; keeps the divisor from vanishing.
    pub epsilon: f64,
}

impl RmsProp {
    /// alpha = 0.99, epsilon = 1e-8.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { rate, alpha: 0.99, epsilon: 1e-8 }
    }
}

#[derive(Debug)]
struct Run<S> {
    rate: S,
    alpha: S,
    rest: S,
    epsilon: S,
    square: Vec<S>,
}

impl<S: Scalar> Optimizer<S> for RmsProp {
    fn check(&self) -> Result<(), Error> {
        check_rate(self.rate)?;
        check_fraction("alpha", self.alpha)?;
        check_epsilon(self.epsilon)
    }
    fn begin(&self, n_params: usize) -> Box<dyn Steps<S>> {
        Box::new(Run {
            rate: S::from_f64(self.rate),
            alpha: S::from_f64(self.alpha),
            rest: S::from_f64(1.0 - self.alpha),
            epsilon: S::from_f64(self.epsilon),
            square: vec![S::default(); n_params],
        })
    }
}

impl<S: Scalar> Steps<S> for Run<S> {
    fn step(&mut self, params: &mut [S], gradient: &[S]) {
        for ((param, slope), square) in params.iter_mut().zip(gradient).zip(&mut self.square) {
            *square = self.alpha * *square + self.rest * *slope * *slope;
            *param -= self.rate * *slope / (S::sqrt_impl(square) + self.epsilon);
        }
    }
}

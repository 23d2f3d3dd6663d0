//! Gradient descent, with momentum and Nesterov's variant of it.

use glm_core::Scalar;

use super::{check_fraction, check_rate};
use crate::error::check_setting;
use crate::{Error, Optimizer, Steps};

/// v = momentum·v + g (v = g at the first step), params −= rate·v; with Nesterov's rule params −= rate·(g + momentum·v).
///
/// Reference: Sutskever et al., Proceedings of Machine Learning Research 28 (2013), 1139–1147, in PyTorch's form.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sgd {
    /// The learning rate, above zero.
    pub rate: f64,
    /// In [0, 1); zero is plain gradient descent.
    pub momentum: f64,
    /// Whether the step looks ahead; needs momentum.
    pub nesterov: bool,
}

impl Sgd {
    /// Plain gradient descent.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { rate, momentum: 0.0, nesterov: false }
    }
}

#[derive(Debug)]
struct Run<S> {
    rate: S,
    momentum: S,
    nesterov: bool,
    velocity: Vec<S>,
}

impl<S: Scalar> Optimizer<S> for Sgd {
    fn check(&self) -> Result<(), Error> {
        check_rate(self.rate)?;
        check_fraction("the momentum", self.momentum)?;
        let ok = !self.nesterov || self.momentum > 0.0;
        check_setting("the momentum of Nesterov's rule", self.momentum, ok, "above 0 and below 1")
    }
    fn begin(&self, n_params: usize) -> Box<dyn Steps<S>> {
        // With v = 0 before the first step, momentum·v + g is g.
        let len = if self.momentum > 0.0 { n_params } else { 0 };
        Box::new(Run {
            rate: S::from_f64(self.rate),
            momentum: S::from_f64(self.momentum),
            nesterov: self.nesterov,
            velocity: vec![S::default(); len],
        })
    }
}

impl<S: Scalar> Steps<S> for Run<S> {
    fn step(&mut self, params: &mut [S], gradient: &[S]) {
        let (rate, momentum) = (self.rate, self.momentum);
        if self.velocity.is_empty() {
            for (param, slope) in params.iter_mut().zip(gradient) {
                *param -= rate * *slope;
            }
            return;
        }
        for ((param, slope), velocity) in params.iter_mut().zip(gradient).zip(&mut self.velocity) {
            *velocity = momentum * *velocity + *slope;
            *param -= rate * if self.nesterov { *slope + momentum * *velocity } else { *velocity };
        }
    }
}

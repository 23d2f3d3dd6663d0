//! Adam: momentum and a divisor for each parameter, both corrected for having started at zero; and AdamW.

use glm_core::Scalar;

use super::{check_epsilon, check_fraction, check_rate};
use crate::error::check_setting;
use crate::{Error, Optimizer, Steps};

/// m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², params −= rate·m̂/(√v̂ + epsilon) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ).
///
/// Reference: Kingma & Ba, ICLR (2015), algorithm 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adam {
    /// The learning rate, above zero.
    pub rate: f64,
    /// β₁ in [0, 1).
    pub beta1: f64,
    /// β₂ in [0, 1).
    pub beta2: f64,
    /// Above zero; keeps the divisor from vanishing.
    pub epsilon: f64,
}

/// Adam after params *= 1 − rate·decay; the decay takes intercepts too, as PyTorch's does.
///
/// Reference: Loshchilov & Hutter, ICLR (2019), algorithm 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamW {
    /// The rule of the step.
    pub adam: Adam,
    /// At least zero.
    pub decay: f64,
}

impl Adam {
    /// β₁ = 0.9, β₂ = 0.999, epsilon = 1e-8.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
    }

    fn check(&self) -> Result<(), Error> {
        check_rate(self.rate)?;
        check_fraction("beta1", self.beta1)?;
        check_fraction("beta2", self.beta2)?;
        check_epsilon(self.epsilon)
    }

    fn run<S: Scalar>(&self, decay: f64, n_params: usize) -> Run<S> {
        let zeros = || vec![S::default(); n_params];
        Run { adam: *self, decay, powers: (1.0, 1.0), mean: zeros(), square: zeros() }
    }
}

impl AdamW {
    /// Adam's settings and a decay of 0.01.
    #[must_use]
    pub fn new(rate: f64) -> Self {
        Self { adam: Adam::new(rate), decay: 0.01 }
    }
}

#[derive(Debug)]
struct Run<S> {
    adam: Adam,
    decay: f64,
    /// β₁ᵗ and β₂ᵗ.
    powers: (f64, f64),
    mean: Vec<S>,
    square: Vec<S>,
}

impl<S: Scalar> Optimizer<S> for Adam {
    fn check(&self) -> Result<(), Error> {
        Adam::check(self)
    }
    fn begin(&self, n_params: usize) -> Box<dyn Steps<S>> {
        Box::new(self.run(0.0, n_params))
    }
}

impl<S: Scalar> Optimizer<S> for AdamW {
    fn check(&self) -> Result<(), Error> {
        self.adam.check()?;
        check_setting("the decay", self.decay, self.decay >= 0.0 && self.decay.is_finite(), "at least 0")
    }
    fn begin(&self, n_params: usize) -> Box<dyn Steps<S>> {
        Box::new(self.adam.run(self.decay, n_params))
    }
}

impl<S: Scalar> Steps<S> for Run<S> {
    fn step(&mut self, params: &mut [S], gradient: &[S]) {
        let Adam { rate, beta1, beta2, epsilon } = self.adam;
        self.powers = (self.powers.0 * beta1, self.powers.1 * beta2);
        let kept = S::from_f64(1.0 - rate * self.decay);
        let (rate, root) =
            (S::from_f64(rate / (1.0 - self.powers.0)), S::from_f64((1.0 - self.powers.1).sqrt().recip()));
        let (rest1, rest2) = (S::from_f64(1.0 - beta1), S::from_f64(1.0 - beta2));
        let (beta1, beta2, epsilon) = (S::from_f64(beta1), S::from_f64(beta2), S::from_f64(epsilon));
        let memory = self.mean.iter_mut().zip(&mut self.square);
        for ((param, slope), (mean, square)) in params.iter_mut().zip(gradient).zip(memory) {
            *mean = beta1 * *mean + rest1 * *slope;
            *square = beta2 * *square + rest2 * *slope * *slope;
            *param = kept * *param - rate * *mean / (root * S::sqrt_impl(square) + epsilon);
        }
    }
}

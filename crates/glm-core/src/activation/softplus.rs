//! The softplus, μ = ln(1 + e^η): a smooth rectifier whose derivative is the sigmoid.

use crate::activation::exponential;
use crate::{Activation, special};

/// μ = ln(1 + e^η), exact in both tails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Softplus;

impl Activation for Softplus {
    fn mu(&self, eta: f64) -> f64 {
        special::softplus(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        special::sigmoid(eta)
    }
    fn pull_back_f32(&self, eta: &[f32], _mu: &[f32], delta: &mut [f32]) {
        for (delta, eta) in delta.iter_mut().zip(eta) {
            *delta *= exponential::sigmoid(*eta);
        }
    }
}

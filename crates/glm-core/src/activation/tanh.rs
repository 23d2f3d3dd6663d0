//! The hyperbolic tangent, μ = tanh η.

use crate::Activation;
use crate::activation::exponential;

/// μ = tanh η = 2σ(2η) − 1; the derivative is 1 − μ².
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tanh;

impl Activation for Tanh {
    fn mu(&self, eta: f64) -> f64 {
        eta.tanh()
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        // 1/cosh², which keeps its digits where 1 − tanh² has cancelled.
        let fall = eta.cosh().recip();
        fall * fall
    }
    fn pull_back(&self, _eta: &[f64], mu: &[f64], delta: &mut [f64]) {
        for (delta, mu) in delta.iter_mut().zip(mu) {
            *delta *= (1.0 - mu) * (1.0 + mu);
        }
    }
    fn mu_into_f32(&self, eta: &[f32], mu: &mut [f32]) {
        for (mu, eta) in mu.iter_mut().zip(eta) {
            *mu = exponential::tanh(*eta);
        }
    }
    fn pull_back_f32(&self, _eta: &[f32], mu: &[f32], delta: &mut [f32]) {
        for (delta, mu) in delta.iter_mut().zip(mu) {
            *delta *= (1.0 - mu) * (1.0 + mu);
        }
    }
}

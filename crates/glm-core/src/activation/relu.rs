//! The rectified linear unit, μ = max(0, η).

use crate::Activation;

/// μ = max(0, η), with derivative 0 at η = 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relu;

impl Activation for Relu {
    fn mu(&self, eta: f64) -> f64 {
        // Not max(), which would turn NaN into zero.
        if eta < 0.0 { 0.0 } else { eta }
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        if eta > 0.0 { 1.0 } else { 0.0 }
    }
    fn mu_into_f32(&self, eta: &[f32], mu: &mut [f32]) {
        for (mu, eta) in mu.iter_mut().zip(eta) {
            *mu = if *eta < 0.0 { 0.0 } else { *eta };
        }
    }
    fn pull_back_f32(&self, eta: &[f32], _mu: &[f32], delta: &mut [f32]) {
        for (delta, eta) in delta.iter_mut().zip(eta) {
            *delta = if *eta > 0.0 { *delta } else { 0.0 };
        }
    }
}

//! The identity link, η = μ.

use crate::{Activation, Interval, Link, Mean, Point};

/// η = μ; canonical for the Gaussian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Identity;

impl Activation for Identity {
    fn mu(&self, eta: f64) -> f64 {
        eta
    }
    fn dmu_deta(&self, _eta: f64) -> f64 {
        1.0
    }
    fn mu_into(&self, eta: &[f64], mu: &mut [f64]) {
        mu.copy_from_slice(eta);
    }
    fn pull_back(&self, _eta: &[f64], _mu: &[f64], _delta: &mut [f64]) {}
    fn mu_into_f32(&self, eta: &[f32], mu: &mut [f32]) {
        mu.copy_from_slice(eta);
    }
    fn pull_back_f32(&self, _eta: &[f32], _mu: &[f32], _delta: &mut [f32]) {}
}

impl Link for Identity {
    fn eta(&self, mean: Mean) -> f64 {
        mean.mu
    }
    fn d2mu_deta2(&self, _eta: f64) -> f64 {
        0.0
    }
    fn range(&self) -> Interval {
        Interval::REAL
    }
    fn is_identity(&self) -> bool {
        true
    }
    fn eta_into(&self, mu: &[f64], eta: &mut [f64]) {
        eta.copy_from_slice(mu);
    }
    fn at(&self, eta: f64) -> Point {
        Point::from_mean(Mean::from(eta), 1.0, 0.0)
    }
}

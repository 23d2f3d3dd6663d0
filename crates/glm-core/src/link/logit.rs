//! The logit link, η = ln(μ/(1 − μ)), whose inverse is the sigmoid.

use crate::activation::exponential;
use crate::points::POINTS;
use crate::{Activation, Interval, Link, Logarithm, Mean, Point, special, vector};

/// η = ln(μ/(1 − μ)); canonical for the binomial. As an activation it is the sigmoid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Logit;

impl Activation for Logit {
    fn mu(&self, eta: f64) -> f64 {
        special::sigmoid(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        special::sigmoid(eta) * special::sigmoid(-eta)
    }
    fn pull_back(&self, _eta: &[f64], mu: &[f64], delta: &mut [f64]) {
        for (delta, mu) in delta.iter_mut().zip(mu) {
            *delta *= mu * (1.0 - mu);
        }
    }
    fn mu_into_f32(&self, eta: &[f32], mu: &mut [f32]) {
        for (mu, eta) in mu.iter_mut().zip(eta) {
            *mu = exponential::sigmoid(*eta);
        }
    }
    fn pull_back_f32(&self, _eta: &[f32], mu: &[f32], delta: &mut [f32]) {
        for (delta, mu) in delta.iter_mut().zip(mu) {
            *delta *= mu * (1.0 - mu);
        }
    }
}

impl Link for Logit {
    fn eta(&self, mean: Mean) -> f64 {
        // Near one half the two logarithms cancel; 2 artanh(μ − (1 − μ)) does not.
        let difference = mean.mu - mean.complement;
        if difference.abs() < 0.5 { 2.0 * difference.atanh() } else { mean.mu.ln() - mean.complement.ln() }
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        let (mu, complement) = (special::sigmoid(eta), special::sigmoid(-eta));
        mu * complement * (complement - mu)
    }
    fn range(&self) -> Interval {
        Interval::UNIT_OPEN
    }
    fn eta_into(&self, mu: &[f64], eta: &mut [f64]) {
        let mut odds = [0.0; POINTS];
        for (mu, eta) in mu.chunks(POINTS).zip(eta.chunks_mut(POINTS)) {
            let odds = &mut odds[..mu.len()];
            odds.iter_mut().zip(mu).for_each(|(odds, mu)| *odds = mu / (1.0 - mu));
            vector::ln(odds, eta);
        }
    }
    fn at(&self, eta: f64) -> Point {
        let (mu, complement) = (special::sigmoid(eta), special::sigmoid(-eta));
        let variance = mu * complement;
        Point {
            mu,
            complement,
            dmu: variance,
            d2mu: variance * (complement - mu),
            ln_mu: Logarithm { value: -special::softplus(-eta), d1: complement, d2: -variance },
            ln_complement: Logarithm { value: -special::softplus(eta), d1: -mu, d2: -variance },
        }
    }
}

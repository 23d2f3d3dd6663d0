//! The log link, η = ln μ.

use crate::{Activation, Interval, Link, Logarithm, Mean, Point, Points, special, vector};

/// η = ln μ; canonical for the Poisson, customary for gamma, Tweedie and negative binomial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Log;

impl Activation for Log {
    fn mu(&self, eta: f64) -> f64 {
        eta.exp()
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        eta.exp()
    }
    fn pull_back(&self, _eta: &[f64], mu: &[f64], delta: &mut [f64]) {
        for (delta, mu) in delta.iter_mut().zip(mu) {
            *delta *= mu;
        }
    }
}

impl Link for Log {
    fn eta(&self, mean: Mean) -> f64 {
        // Near one the complement carries the digits (ln μ = ln(1 − (1 − μ))).
        if mean.complement.abs() < 0.5 { (-mean.complement).ln_1p() } else { mean.mu.ln() }
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        eta.exp()
    }
    fn range(&self) -> Interval {
        Interval::POSITIVE
    }
    fn is_log(&self) -> bool {
        true
    }
    fn eta_into(&self, mu: &[f64], eta: &mut [f64]) {
        vector::ln(mu, eta);
    }
    fn at_block(&self, eta: &[f64], points: &mut Points) {
        if points.tails {
            eta.iter().enumerate().for_each(|(row, eta)| points.set(row, self.at(*eta)));
        } else {
            vector::fill(&vector::LogPoints, eta, points);
        }
    }
    fn at(&self, eta: f64) -> Point {
        let mu = eta.exp();
        let complement = if eta.abs() < 1.0 { -eta.exp_m1() } else { 1.0 - mu };
        // ln(1 − μ) exists for η ≤ 0 only; families with means above one do not read it.
        let value = if eta < 0.0 { special::ln_1m_exp(eta) } else { complement.ln() };
        let rate = -mu / complement;
        Point {
            mu,
            complement,
            dmu: mu,
            d2mu: mu,
            ln_mu: Logarithm { value: eta, d1: 1.0, d2: 0.0 },
            ln_complement: Logarithm { value, d1: rate, d2: rate / complement },
        }
    }
}

//! The complementary log-log link, η = ln(−ln(1 − μ)).

use crate::{Activation, Interval, Link, Logarithm, Mean, Point, Points, special, vector};

/// η = ln(−ln(1 − μ)), so 1 − μ = exp(−e^η): the probability that a Poisson count of mean e^η is not zero.
///
/// Domain: all reals; ln(1 − μ) = −e^η exactly, and everything else has relative error below 1e-14 until it underflows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cloglog;

impl Activation for Cloglog {
    fn mu(&self, eta: f64) -> f64 {
        special::cloglog_mean(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        let t = eta.exp();
        faded(t, t)
    }
}

impl Link for Cloglog {
    fn eta(&self, mean: Mean) -> f64 {
        if mean.mu < 0.5 { special::cloglog(mean.mu) } else { (-mean.complement.ln()).ln() }
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        let t = eta.exp();
        faded(t * (1.0 - t), t)
    }
    fn range(&self) -> Interval {
        Interval::UNIT_OPEN
    }
    fn at_block(&self, eta: &[f64], points: &mut Points) {
        vector::fill(&vector::CloglogPoints, eta, points);
    }
    fn at(&self, eta: f64) -> Point {
        let t = eta.exp();
        let (rate, drop) = rate_and_drop(t);
        Point {
            mu: special::cloglog_mean(eta),
            complement: (-t).exp(),
            dmu: faded(t, t),
            d2mu: faded(t * (1.0 - t), t),
            ln_mu: Logarithm { value: special::ln_cloglog_mean(eta), d1: rate, d2: rate * drop },
            ln_complement: Logarithm { value: -t, d1: -t, d2: -t },
        }
    }
}

/// `factor` · e^(−t), zero where the exponential has underflowed even though the factor has overflowed.
fn faded(factor: f64, t: f64) -> f64 {
    let fade = (-t).exp();
    if fade == 0.0 { 0.0 } else { factor * fade }
}

/// With t = e^η: r = d ln μ/dη = t/(e^t − 1), and 1 − t − r, which times r is the second derivative.
///
/// Where t is small the difference cancels and its Bernoulli series takes over:
/// r = 1 − t/2 + Σ B₂ₖ t²ᵏ/(2k)!, seven terms, the first one left out being below 1e-17 at t = ½.
fn rate_and_drop(t: f64) -> (f64, f64) {
    const SERIES: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30_240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
        1.0 / 74_724_249_600.0,
    ];
    if t < 0.5 {
        let square = t * t;
        let even = square * SERIES.iter().rev().fold(0.0, |sum, term| sum * square + term);
        return (1.0 - 0.5 * t + even, -0.5 * t - even);
    }
    let growth = t.exp_m1();
    if growth.is_infinite() {
        return (0.0, f64::MIN);
    }
    let rate = t / growth;
    (rate, 1.0 - t - rate)
}

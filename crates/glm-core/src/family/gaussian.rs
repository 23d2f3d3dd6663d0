//! The Gaussian family: V(μ) = 1.

use std::f64::consts::{PI, TAU};

use crate::family::sum_of_shares;
use crate::{
    Canonical, Exponential, Family, Identity, Interval, LikelihoodDispersion, Mean, Order, Point, Recession, Unit,
    Units, kernel, vector,
};

/// Normal errors: V = 1, d = (y − μ)², b(θ) = θ²/2, θ = μ, φ = σ².
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gaussian;

impl Family for Gaussian {
    fn variance(&self, _mean: Mean) -> f64 {
        1.0
    }
    fn dvariance_dmu(&self, _mean: Mean) -> f64 {
        0.0
    }
    fn variance_power(&self) -> Option<f64> {
        Some(0.0)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        (y - mean.mu) * (y - mean.mu)
    }
    fn support(&self) -> Interval {
        Interval::REAL
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        let residual = at.mu - y;
        let expected = at.dmu * at.dmu;
        Unit {
            loss: 0.5 * residual * residual,
            slope: residual * at.dmu,
            expected,
            observed: expected + residual * at.d2mu,
        }
    }
    fn is_location(&self) -> bool {
        true
    }
    fn likelihood_dispersion(&self) -> LikelihoodDispersion {
        LikelihoodDispersion::DeviancePerRow
    }
    /// ln N(y; μ, φ/w).
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, dispersion: f64) -> Option<f64> {
        self.ln_density(y, mean, dispersion / weight)
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    fn saturated_log_likelihood(&self, y: &[f64], weights: &[f64], times: &[f64], dispersion: f64) -> Option<f64> {
        let own = (TAU * dispersion).ln();
        if weights.is_empty() {
            let count = if times.is_empty() { y.len() as f64 } else { kernel::sum(times) };
            return Some(-0.5 * own * count);
        }
        sum_of_shares(weights, weights, times, |_, w| Some(-0.5 * (own - w.ln())))
    }
    fn recession(&self, _y: f64) -> Option<Recession> {
        Some(Recession::Fixed)
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for Gaussian {
    fn theta(&self, mean: Mean) -> f64 {
        mean.mu
    }
    fn cumulant(&self, theta: f64) -> f64 {
        0.5 * theta * theta
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean::from(theta)
    }
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64> {
        Some(-0.5 * (y * y / dispersion + (2.0 * PI * dispersion).ln()))
    }
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        Some(-0.5 * (self.unit_deviance(y, mean) / dispersion + (2.0 * PI * dispersion).ln()))
    }
    /// ½ (d/φ − 1).
    fn dispersion_score(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        Some(0.5 * (self.unit_deviance(y, mean) / dispersion - 1.0))
    }
}

impl Canonical for Gaussian {
    type Link = Identity;
    fn canonical_link(&self) -> Identity {
        Identity
    }
    fn canonical_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        vector::units(&vector::Squares, y, eta, order, out);
        true
    }
}

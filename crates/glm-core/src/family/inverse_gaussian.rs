//! The inverse Gaussian family: positive responses with a heavy upper tail, V(μ) = μ³.

use std::f64::consts::TAU;

use crate::family::power_variance::{Positive, inverse_gaussian_half_deviance};
use crate::family::sum_of_shares;
use crate::{Canonical, Exponential, Family, Interval, InverseSquared, LikelihoodDispersion, Mean, Point, Unit};

/// Positive responses: V = μ³, d = (y − μ)²/(yμ²), θ = −1/(2μ²), b(θ) = −√(−2θ), φ = 1/shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InverseGaussian;

impl Family for InverseGaussian {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu * mean.mu * mean.mu
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        3.0 * mean.mu * mean.mu
    }
    fn variance_power(&self) -> Option<f64> {
        Some(3.0)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        2.0 * inverse_gaussian_half_deviance(y, mean.mu, mean.mu.ln())
    }
    fn support(&self) -> Interval {
        Interval::POSITIVE
    }
    fn name(&self) -> String {
        "inverse-gaussian".to_owned()
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        inverse_gaussian_half_deviance(y, at.mu, at.ln_mu.value)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        Positive::power(3.0, at).unit(self.half_deviance(y, at), y, at)
    }
    fn likelihood_dispersion(&self) -> LikelihoodDispersion {
        LikelihoodDispersion::DeviancePerWeight
    }
    /// weight · ln IG(y; μ, φ), as R has it: the weight does not divide the dispersion.
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, dispersion: f64) -> Option<f64> {
        Some(weight * self.ln_density(y, mean, dispersion)?)
    }
    fn saturated_log_likelihood(&self, y: &[f64], weights: &[f64], times: &[f64], dispersion: f64) -> Option<f64> {
        sum_of_shares(y, weights, times, |y, w| Some(w * ln_saturated(y, dispersion)))
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

/// −½ ln(2πφy³).
fn ln_saturated(y: f64, dispersion: f64) -> f64 {
    -0.5 * ((TAU * dispersion).ln() + 3.0 * y.ln())
}

impl Exponential for InverseGaussian {
    fn theta(&self, mean: Mean) -> f64 {
        -0.5 * (mean.mu * mean.mu).recip()
    }
    fn cumulant(&self, theta: f64) -> f64 {
        -(-2.0 * theta).sqrt()
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean::from((-2.0 * theta).sqrt().recip())
    }
    /// −½ [ln(2πφy³) + 1/(φy)].
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64> {
        Some(ln_saturated(y, dispersion) - 0.5 / (dispersion * y))
    }
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        Some(ln_saturated(y, dispersion) - 0.5 * self.unit_deviance(y, mean) / dispersion)
    }
    /// ½ (d/φ − 1).
    fn dispersion_score(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        Some(0.5 * (self.unit_deviance(y, mean) / dispersion - 1.0))
    }
}

impl Canonical for InverseGaussian {
    type Link = InverseSquared;
    fn canonical_link(&self) -> InverseSquared {
        InverseSquared
    }
    /// θ = −η/2.
    fn scale(&self) -> f64 {
        -0.5
    }
}

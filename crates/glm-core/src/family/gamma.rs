//! The gamma family: positive responses of constant coefficient of variation, V(μ) = μ².

use std::f64::consts::TAU;

use crate::family::power_variance::{Positive, gamma_half_deviance};
use crate::{
    Canonical, Exponential, Family, Interval, Inverse, LikelihoodDispersion, Mean, Order, Point, Points, Recession,
    Unit, Units, kernel, special, vector,
};

/// Positive responses: V = μ², d = 2 [y/μ − 1 − ln(y/μ)], θ = −1/μ, b(θ) = −ln(−θ), φ = 1/shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gamma;

/// ln of the gamma density of shape 1/φ at y = μ, less −ln y: ½ ln(shape/2π) − δ(shape).
fn ln_saturated(dispersion: f64) -> f64 {
    -0.5 * (TAU * dispersion).ln() - special::stirling_error(dispersion.recip())
}

impl Family for Gamma {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu * mean.mu
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        2.0 * mean.mu
    }
    fn variance_power(&self) -> Option<f64> {
        Some(2.0)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        2.0 * gamma_half_deviance(y, mean.mu, mean.mu.ln())
    }
    fn support(&self) -> Interval {
        Interval::POSITIVE
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        gamma_half_deviance(y, at.mu, at.ln_mu.value)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        Positive::power(2.0, at).unit(self.half_deviance(y, at), y, at)
    }
    fn units(&self, y: &[f64], at: &Points, order: Order, out: &mut Units<'_>) {
        vector::gamma(y, at, order, out);
    }
    fn likelihood_dispersion(&self) -> LikelihoodDispersion {
        LikelihoodDispersion::DeviancePerWeight
    }
    /// weight · ln Gamma(y; shape 1/φ, scale μφ), as R has it: the weight does not divide the dispersion.
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, dispersion: f64) -> Option<f64> {
        Some(weight * self.ln_density(y, mean, dispersion)?)
    }
    fn saturated_log_likelihood(&self, y: &[f64], weights: &[f64], times: &[f64], dispersion: f64) -> Option<f64> {
        let (own, mut logarithms) = (ln_saturated(dispersion), vec![0.0; y.len()]);
        vector::ln(y, &mut logarithms);
        if weights.is_empty() && times.is_empty() {
            logarithms.iter_mut().for_each(|ln_y| *ln_y = own - *ln_y);
            return Some(kernel::sum(&logarithms));
        }
        let of_row = |numbers: &[f64], row: usize| numbers.get(row).copied().unwrap_or(1.0);
        let rows = logarithms.iter().enumerate().filter(|(row, _)| of_row(times, *row) > 0.0);
        Some(rows.map(|(row, ln_y)| of_row(times, row) * of_row(weights, row) * (own - ln_y)).sum())
    }
    fn recession(&self, _y: f64) -> Option<Recession> {
        Some(Recession::Fixed)
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for Gamma {
    fn theta(&self, mean: Mean) -> f64 {
        -mean.mu.recip()
    }
    fn cumulant(&self, theta: f64) -> f64 {
        -(-theta).ln()
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean::from(-theta.recip())
    }
    /// (1/φ) ln(y/φ) − ln y − ln Γ(1/φ).
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64> {
        Some(ln_saturated(dispersion) + (1.0 + y.ln()) / dispersion - y.ln())
    }
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        Some(ln_saturated(dispersion) - gamma_half_deviance(y, mean.mu, mean.mu.ln()) / dispersion - y.ln())
    }
    /// α (d/2 − [ln α − ψ(α)]) with the shape α = 1/φ.
    fn dispersion_score(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        let half_deviance = gamma_half_deviance(y, mean.mu, mean.mu.ln());
        Some((half_deviance - special::ln_minus_digamma(dispersion.recip())) / dispersion)
    }
}

impl Canonical for Gamma {
    type Link = Inverse;
    fn canonical_link(&self) -> Inverse {
        Inverse
    }
    /// θ = −η.
    fn scale(&self) -> f64 {
        -1.0
    }
}

//! The Poisson family: counts, V(μ) = μ.

use crate::family::power_variance::{Positive, poisson_half_deviance};
use crate::family::sum_of_shares;
use crate::recession::falls_to_zero;
use crate::{
    Canonical, Dispersion, Exponential, Family, Interval, Log, Mean, Order, Point, Recession, Unit, Units, special,
    vector,
};

/// Counts: V = μ, d = 2 [y ln(y/μ) − (y − μ)], θ = ln μ, b(θ) = e^θ, φ = 1.
///
/// Responses that are not whole numbers are fitted (a rate with its exposure as the weight is one) but have no
/// log-likelihood. As an exponential dispersion model with φ ≠ 1, y/φ is a Poisson count of mean μ/φ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Poisson;

/// ln of the Poisson probability of `y` at its own mean, in Stirling's form: −ln √(2πy) − δ(y).
pub(super) fn ln_saturated(y: f64) -> f64 {
    if y == 0.0 { 0.0 } else { -0.5 * (std::f64::consts::TAU * y).ln() - special::stirling_error(y) }
}

/// The whole number that `y` is, to R's tolerance of 1e-9 relative (decimal thousands such as 3.929·1000 are meant).
pub(super) fn count(y: f64) -> Option<f64> {
    if (y - y.round()).abs() <= 1e-9 * y.max(1.0) { Some(y.round()) } else { None }
}

impl Family for Poisson {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu
    }
    fn dvariance_dmu(&self, _mean: Mean) -> f64 {
        1.0
    }
    fn variance_power(&self) -> Option<f64> {
        Some(1.0)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        2.0 * special::deviance_kernel(y, mean.mu)
    }
    fn support(&self) -> Interval {
        Interval::NON_NEGATIVE
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        poisson_half_deviance(y, at.mu, at.ln_mu.value)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        let positive = Positive { weight: 1.0, weighted_mean: at.mu, elasticity: 0.0, dweight_at_zero: 0.0 };
        positive.unit(self.half_deviance(y, at), y, at)
    }
    /// y + 0.1, R's mustart.
    fn starting_mean(&self, y: f64, _weight: f64) -> Mean {
        Mean::from(y + 0.1)
    }
    fn dispersion(&self) -> Dispersion {
        Dispersion::Known(1.0)
    }
    /// weight · ln Poisson(y; μ); none for a `y` that is not a whole number.
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, _dispersion: f64) -> Option<f64> {
        Some(weight * self.ln_density(count(y)?, mean, 1.0)?)
    }
    fn saturated_log_likelihood(&self, y: &[f64], weights: &[f64], times: &[f64], _dispersion: f64) -> Option<f64> {
        sum_of_shares(y, weights, times, |y, w| (y.fract() == 0.0).then(|| w * ln_saturated(y)))
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        Some(falls_to_zero(y))
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for Poisson {
    fn theta(&self, mean: Mean) -> f64 {
        crate::Link::eta(&Log, mean)
    }
    fn cumulant(&self, theta: f64) -> f64 {
        theta.exp()
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean { mu: theta.exp(), complement: -theta.exp_m1() }
    }
    /// −(y/φ) ln φ − ln Γ(y/φ + 1).
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64> {
        Some(ln_saturated(y / dispersion) - (special::xlogy(y, y) - y) / dispersion)
    }
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        Some(ln_saturated(y / dispersion) - special::deviance_kernel(y, mean.mu) / dispersion)
    }
}

impl Canonical for Poisson {
    type Link = Log;
    fn canonical_link(&self) -> Log {
        Log
    }
    fn canonical_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        vector::units(&vector::Counts, y, eta, order, out);
        true
    }
}

//! The quasi-Poisson family: the Poisson mean and variance with a dispersion of its own.

use crate::{Canonical, Exponential, Family, Interval, Log, Mean, Order, Point, Poisson, Recession, Unit, Units};

/// Counts that scatter φ times as much as the Poisson: V = μ, φ estimated, no likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuasiPoisson;

impl Family for QuasiPoisson {
    fn variance(&self, mean: Mean) -> f64 {
        Poisson.variance(mean)
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        Poisson.dvariance_dmu(mean)
    }
    fn variance_power(&self) -> Option<f64> {
        Some(1.0)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        Poisson.unit_deviance(y, mean)
    }
    fn support(&self) -> Interval {
        Poisson.support()
    }
    fn name(&self) -> String {
        "quasi-poisson".to_owned()
    }
    fn residual(&self, y: f64, mean: Mean) -> f64 {
        Poisson.residual(y, mean)
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        Poisson.half_deviance(y, at)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        Poisson.unit(y, at)
    }
    /// y + 0.1, as for the Poisson.
    fn starting_mean(&self, y: f64, weight: f64) -> Mean {
        Poisson.starting_mean(y, weight)
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        Poisson.recession(y)
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for QuasiPoisson {
    fn theta(&self, mean: Mean) -> f64 {
        Poisson.theta(mean)
    }
    fn cumulant(&self, theta: f64) -> f64 {
        Poisson.cumulant(theta)
    }
    fn mean(&self, theta: f64) -> Mean {
        Poisson.mean(theta)
    }
    fn ln_base(&self, _y: f64, _dispersion: f64) -> Option<f64> {
        None
    }
}

impl Canonical for QuasiPoisson {
    type Link = Log;
    fn canonical_link(&self) -> Log {
        Log
    }
    fn canonical_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        Poisson.canonical_units(y, eta, order, out)
    }
}

//! The quasi-binomial family: the binomial mean and variance with a dispersion of its own.

use crate::{
    Binomial, Canonical, Exponential, Family, Interval, Logit, Mean, Order, Point, Points, Recession, Unit, Units,
};

/// Proportions that scatter φ times as much as the binomial: V = μ(1 − μ), φ estimated, no likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuasiBinomial;

impl Family for QuasiBinomial {
    fn variance(&self, mean: Mean) -> f64 {
        Binomial.variance(mean)
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        Binomial.dvariance_dmu(mean)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        Binomial.unit_deviance(y, mean)
    }
    fn support(&self) -> Interval {
        Binomial.support()
    }
    fn name(&self) -> String {
        "quasi-binomial".to_owned()
    }
    fn residual(&self, y: f64, mean: Mean) -> f64 {
        Binomial.residual(y, mean)
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        Binomial.half_deviance(y, at)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        Binomial.unit(y, at)
    }
    fn units(&self, y: &[f64], at: &Points, order: Order, out: &mut Units<'_>) {
        Binomial.units(y, at, order, out);
    }
    /// (w y + ½)/(w + 1), as for the binomial.
    fn starting_mean(&self, y: f64, weight: f64) -> Mean {
        Binomial.starting_mean(y, weight)
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        Binomial.recession(y)
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for QuasiBinomial {
    fn theta(&self, mean: Mean) -> f64 {
        Binomial.theta(mean)
    }
    fn cumulant(&self, theta: f64) -> f64 {
        Binomial.cumulant(theta)
    }
    fn mean(&self, theta: f64) -> Mean {
        Binomial.mean(theta)
    }
    fn ln_base(&self, _y: f64, _dispersion: f64) -> Option<f64> {
        None
    }
}

impl Canonical for QuasiBinomial {
    type Link = Logit;
    fn canonical_link(&self) -> Logit {
        Logit
    }
    fn canonical_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        Binomial.canonical_units(y, eta, order, out)
    }
}

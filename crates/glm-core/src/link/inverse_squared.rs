//! The inverse-squared link, η = 1/μ².

use crate::link::power::point;
use crate::{Activation, Interval, Link, Mean, Point};

/// η = 1/μ²; canonical for the inverse Gaussian family (θ = −η/2).
///
/// Domain: η > 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InverseSquared;

impl Activation for InverseSquared {
    fn mu(&self, eta: f64) -> f64 {
        eta.sqrt().recip()
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        -0.5 * self.mu(eta) / eta
    }
    fn name(&self) -> String {
        "inverse-squared".to_owned()
    }
}

impl Link for InverseSquared {
    fn eta(&self, mean: Mean) -> f64 {
        let root = mean.mu.recip();
        root * root
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        0.75 * self.mu(eta) / eta / eta
    }
    fn range(&self) -> Interval {
        Interval::POSITIVE
    }
    fn domain(&self) -> Interval {
        Interval::POSITIVE
    }
    fn at(&self, eta: f64) -> Point {
        let root = eta.sqrt();
        let mean = Mean { mu: root.recip(), complement: (eta - 1.0) / (root * (root + 1.0)) };
        point(mean, self.dmu_deta(eta), self.d2mu_deta2(eta), -0.5, eta)
    }
}

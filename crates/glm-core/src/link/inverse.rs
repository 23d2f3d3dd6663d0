//! The inverse link, η = 1/μ.

use crate::link::power::point;
use crate::{Activation, Interval, Link, Mean, Point};

/// η = 1/μ; canonical for the gamma family (θ = −η).
///
/// Domain: every η but zero, where the mean is infinite and so outside every family's domain. A negative η gives a
/// negative mean, which a Gaussian response may have and a gamma response may not: the family's mean domain decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Inverse;

impl Activation for Inverse {
    fn mu(&self, eta: f64) -> f64 {
        eta.recip()
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        -(eta * eta).recip()
    }
}

impl Link for Inverse {
    fn eta(&self, mean: Mean) -> f64 {
        mean.mu.recip()
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        2.0 * (eta * eta * eta).recip()
    }
    fn range(&self) -> Interval {
        Interval::REAL
    }
    fn at(&self, eta: f64) -> Point {
        let mean = Mean { mu: eta.recip(), complement: (eta - 1.0) / eta };
        point(mean, self.dmu_deta(eta), self.d2mu_deta2(eta), -1.0, eta)
    }
}

//! The square-root link, η = √μ.

use crate::link::power::point;
use crate::{Activation, Interval, Link, Mean, Point};

/// η = √μ, which makes the variance of a Poisson count nearly constant.
///
/// Domain: η > 0, as in R; the square of a negative η would be a mean too, but another one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sqrt;

impl Activation for Sqrt {
    fn mu(&self, eta: f64) -> f64 {
        eta * eta
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        2.0 * eta
    }
}

impl Link for Sqrt {
    fn eta(&self, mean: Mean) -> f64 {
        mean.mu.sqrt()
    }
    fn d2mu_deta2(&self, _eta: f64) -> f64 {
        2.0
    }
    fn range(&self) -> Interval {
        Interval::POSITIVE
    }
    fn domain(&self) -> Interval {
        Interval::POSITIVE
    }
    fn at(&self, eta: f64) -> Point {
        let mean = Mean { mu: eta * eta, complement: (1.0 - eta) * (1.0 + eta) };
        point(mean, 2.0 * eta, 2.0, 2.0, eta)
    }
}

//! How to add a family, a link and an activation of your own, with the public API only.
//!
//! The geometric family counts failures before the first success. Four methods suffice to fit it; the cumulant makes it
//! an exponential family; its canonical link makes the canonical form of the response available. The laws of
//! `glm_core::laws` prove each step.

use glm_core::laws::{self, Measure};
use glm_core::{
    Activation, Canonical, CanonicalGlm, Dispersion, Exponential, Family, Glm, Interval, Link, Log, Mean, Order,
    Response, Units,
};

/// Failures before the first success: V = μ + μ².
#[derive(Debug, Clone, Copy)]
struct Geometric;

impl Family for Geometric {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu * (1.0 + mean.mu)
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        1.0 + 2.0 * mean.mu
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        let own = if y > 0.0 { y * (y / mean.mu).ln() } else { 0.0 };
        // Rounding may leave a difference of two equal terms a hair below zero.
        (2.0 * (own - (y + 1.0) * ((y - mean.mu) / (mean.mu + 1.0)).ln_1p())).max(0.0)
    }
    fn support(&self) -> Interval {
        Interval::NON_NEGATIVE
    }
    // That is all. The rest is provided, and overridden where we know better:
    fn dispersion(&self) -> Dispersion {
        Dispersion::Known(1.0)
    }
    fn starting_mean(&self, y: f64, _weight: f64) -> Mean {
        Mean::from(y + 0.5)
    }
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, _dispersion: f64) -> Option<f64> {
        Some(weight * (y * (mean.mu / (1.0 + mean.mu)).ln() - mean.mu.ln_1p()))
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for Geometric {
    /// θ = ln(μ/(1 + μ)), the log of the probability of failure.
    fn theta(&self, mean: Mean) -> f64 {
        -(1.0 / mean.mu).ln_1p()
    }
    fn cumulant(&self, theta: f64) -> f64 {
        -(-theta.exp_m1()).ln()
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean::from(1.0 / (-theta).exp_m1())
    }
    /// P(y) = (1 − e^θ) e^(yθ), so there is nothing left over.
    fn ln_base(&self, _y: f64, _dispersion: f64) -> Option<f64> {
        Some(0.0)
    }
}

/// η = ln(μ/(1 + μ)), which is θ; the linear predictor has to be negative.
#[derive(Debug, Clone, Copy)]
struct LogFailure;

impl Activation for LogFailure {
    fn mu(&self, eta: f64) -> f64 {
        1.0 / (-eta).exp_m1()
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        let mu = self.mu(eta);
        mu * (1.0 + mu)
    }
    fn name(&self) -> String {
        "log-failure".to_owned()
    }
}

impl Link for LogFailure {
    fn eta(&self, mean: Mean) -> f64 {
        Geometric.theta(mean)
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        let mu = self.mu(eta);
        mu * (1.0 + mu) * (1.0 + 2.0 * mu)
    }
    fn range(&self) -> Interval {
        Interval::POSITIVE
    }
    fn domain(&self) -> Interval {
        Interval::open(f64::NEG_INFINITY, 0.0)
    }
}

impl Canonical for Geometric {
    type Link = LogFailure;
    fn canonical_link(&self) -> LogFailure {
        LogFailure
    }
}

/// An activation needs two methods: here the softsign.
#[derive(Debug)]
struct Softsign;

impl Activation for Softsign {
    fn mu(&self, eta: f64) -> f64 {
        eta / (1.0 + eta.abs())
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        (1.0 + eta.abs()).powi(-2)
    }
}

#[test]
fn they_obey_the_laws() {
    laws::activation(&Softsign);
    laws::link(&LogFailure);
    laws::family(&Geometric);
    laws::exponential(&Geometric);
    laws::density(&Geometric, Measure::Lattice, 1.0);
    laws::canonical(Geometric);
    laws::response(&CanonicalGlm::new(Geometric), &[0.0, 1.0, 5.0]);
    laws::response(&Glm::new(Geometric, Log).unwrap(), &[0.0, 1.0, 5.0]);
}

#[test]
fn it_can_be_fitted() {
    // Fisher scoring for the mean of 0, 1, 5 through the log link: the maximum is at ln 2.
    let response = Glm::new(Geometric, Log).unwrap();
    let y = [0.0, 1.0, 5.0];
    let mut eta = 0.0;
    for _ in 0..20 {
        let (mut loss, mut slope, mut curvature) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        let out = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        response.units(&y, &[eta; 3], Order::Expected, out);
        eta -= slope.iter().sum::<f64>() / curvature.iter().sum::<f64>();
    }
    assert!((eta - std::f64::consts::LN_2).abs() < 1e-14, "{eta}");
}

/// A family with an error in it: the variance of the Poisson with the deviance of the geometric.
#[derive(Debug)]
struct Wrong;

impl Family for Wrong {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu
    }
    fn dvariance_dmu(&self, _mean: Mean) -> f64 {
        1.0
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        Geometric.unit_deviance(y, mean)
    }
    fn support(&self) -> Interval {
        Interval::NON_NEGATIVE
    }
}

#[test]
#[should_panic(expected = "∂d/∂μ = −2(y − μ)/V")]
fn the_laws_find_errors() {
    laws::family(&Wrong);
}

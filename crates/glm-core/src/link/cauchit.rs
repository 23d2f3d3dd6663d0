//! The cauchit link, η = tan(π(μ − ½)).

use crate::{Activation, Interval, Link, Logarithm, Mean, Point, special};

/// η = tan(π(μ − ½)), the Cauchy quantile; its tails are so heavy that an outlying response costs little.
///
/// Domain: all reals. Relative error below 1e-14 in both tails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cauchit;

impl Activation for Cauchit {
    fn mu(&self, eta: f64) -> f64 {
        special::cauchy_cdf(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        special::cauchy_pdf(eta)
    }
}

impl Link for Cauchit {
    fn eta(&self, mean: Mean) -> f64 {
        if mean.mu < 0.5 { special::cauchy_quantile(mean.mu) } else { -special::cauchy_quantile(mean.complement) }
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        // −2η/(π(1 + η²)²), ordered so that η² does not overflow before the density underflows.
        -2.0 * special::cauchy_pdf(eta) / (eta + eta.recip())
    }
    fn range(&self) -> Interval {
        Interval::UNIT_OPEN
    }
    fn at(&self, eta: f64) -> Point {
        let (mu, complement) = (special::cauchy_cdf(eta), special::cauchy_cdf(-eta));
        let (dmu, d2mu) = (self.dmu_deta(eta), self.d2mu_deta2(eta));
        let (ln_mu, ln_complement) = (special::ln_cauchy_cdf(eta), special::ln_cauchy_cdf(-eta));
        Point {
            mu,
            complement,
            dmu,
            d2mu,
            ln_mu: Logarithm { value: ln_mu, ..Logarithm::of(mu, dmu, d2mu) },
            ln_complement: Logarithm { value: ln_complement, ..Logarithm::of(complement, -dmu, -d2mu) },
        }
    }
}

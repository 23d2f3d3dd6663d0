//! The log-log link, η = −ln(−ln μ): the complementary log-log link seen in a mirror.

use crate::{Activation, Cloglog, Interval, Link, Logarithm, Mean, Point, special};

/// η = −ln(−ln μ), so μ = exp(−e^(−η)), the Gumbel distribution function.
///
/// Domain: all reals; ln μ = −e^(−η) exactly. Everything is [`Cloglog`] at −η with μ and 1 − μ exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loglog;

impl Activation for Loglog {
    fn mu(&self, eta: f64) -> f64 {
        (-(-eta).exp()).exp()
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        Cloglog.dmu_deta(-eta)
    }
}

impl Link for Loglog {
    fn eta(&self, mean: Mean) -> f64 {
        -Cloglog.eta(Mean { mu: mean.complement, complement: mean.mu })
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        -Cloglog.d2mu_deta2(-eta)
    }
    fn range(&self) -> Interval {
        Interval::UNIT_OPEN
    }
    fn at(&self, eta: f64) -> Point {
        let mirrored = |log: Logarithm| Logarithm { d1: -log.d1, ..log };
        let point = Cloglog.at(-eta);
        Point {
            mu: point.complement,
            complement: special::cloglog_mean(-eta),
            dmu: point.dmu,
            d2mu: -point.d2mu,
            ln_mu: mirrored(point.ln_complement),
            ln_complement: mirrored(point.ln_mu),
        }
    }
}

//! The probit link, η = Φ⁻¹(μ).

use crate::{Activation, Interval, Link, Logarithm, Mean, Point, Points, special, vector};

/// η = Φ⁻¹(μ), the standard normal quantile.
///
/// Domain: all reals. μ, 1 − μ and their logarithms have relative error below 1e-14 in both tails, and so have the
/// derivatives of the logarithms, which are Mills ratios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Probit;

impl Activation for Probit {
    fn mu(&self, eta: f64) -> f64 {
        special::normal_cdf(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        special::normal_pdf(eta)
    }
}

impl Link for Probit {
    fn eta(&self, mean: Mean) -> f64 {
        if mean.mu < 0.5 { special::normal_quantile(mean.mu) } else { -special::normal_quantile(mean.complement) }
    }
    fn d2mu_deta2(&self, eta: f64) -> f64 {
        -eta * special::normal_pdf(eta)
    }
    fn range(&self) -> Interval {
        Interval::UNIT_OPEN
    }
    fn at_block(&self, eta: &[f64], points: &mut Points) {
        vector::fill(&vector::ProbitPoints, eta, points);
    }
    fn at(&self, eta: f64) -> Point {
        let density = special::normal_pdf(eta);
        let ((lower, lower_excess), (upper, upper_excess)) = (mills(eta), mills(-eta));
        Point {
            mu: special::normal_cdf(eta),
            complement: special::normal_cdf(-eta),
            dmu: density,
            d2mu: -eta * density,
            ln_mu: Logarithm { value: special::ln_normal_cdf(eta), d1: lower, d2: -lower * lower_excess },
            ln_complement: Logarithm { value: special::ln_normal_cdf(-eta), d1: -upper, d2: -upper * upper_excess },
        }
    }
}

/// The inverse Mills ratio m = φ(x)/Φ(x) and its excess over the asymptote, m + x > 0.
///
/// Far to the left m + x is about −1/x and the sum would cancel. Laplace's continued fraction gives it directly:
/// m = −x + 1/(−x + 2/(−x + 3/(−x + …))), of which 16 + 240/x² terms leave
/// less than rounding does.
fn mills(x: f64) -> (f64, f64) {
    if x > -2.0 {
        let ratio = special::inverse_mills_ratio(x);
        return (ratio, ratio + x);
    }
    let t = -x;
    let terms = 16.0 + (240.0 / (t * t)).ceil();
    // What is left out is closed by its fixed point, tail = t + k/tail.
    let (mut k, mut tail) = (terms, 0.5 * (t + (t * t + 4.0 * terms).sqrt()));
    while k > 1.0 {
        tail = t + k / tail;
        k -= 1.0;
    }
    let excess = tail.recip();
    (t + excess, excess)
}

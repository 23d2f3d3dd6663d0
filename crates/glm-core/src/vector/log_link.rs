//! Families with the log link, in one kernel each: those of variance V = μᵖ, and the negative binomial.

use pulp::Simd;

use super::deviance::ln_ratio;
use super::exponential::{exp_m1_ordinary, exp_of_sum_ordinary, exp_ordinary};
use super::families::gamma_loss;
use super::lanes::Lanes;
use super::logarithm::{bend, ln_1p_ordinary};
use super::sweep::Formula;
use super::{Counts, units};
use crate::{Order, Units};

/// Writes what the order asks for of each (y, η); false, and nothing, for powers outside [1, 3].
pub(crate) fn power_units(p: f64, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
    let observed = order == Order::Observed;
    match p {
        1.0 => units(&Counts, y, eta, order, out),
        2.0 => units(&LogGamma { observed }, y, eta, order, out),
        1.0..=3.0 => units(&LogPower::new(p, observed), y, eta, order, out),
        _ => return false,
    }
    true
}

/// p = 2, for |η| ≤ 700.
struct LogGamma {
    observed: bool,
}

impl Formula<2, 3> for LogGamma {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, eta]: [Lanes<S>; 2]) -> [Lanes<S>; 3] {
        let one = eta.splat(1.0);
        let (loss, slope) = gamma_loss(y, exp_ordinary(eta));
        let curvature = if self.observed { one - slope } else { one };
        [eta.abs().at_most(eta.splat(700.0)).or_nan(loss), slope, curvature]
    }
}

/// Any p in [1, 3] but 1 and 2, for |η| ≤ 300 and |ln(y/μ)| ≤ 40.
///
/// With b = 2 − p and s = ln(y/μ), the loss ∫ (y − t) t⁻ᵖ dt from μ to y is μᵇ Σ cₘ sᵐ/m! from m = 2 on, c₂ = 1 and
/// cₘ₊₁ = 1 + b cₘ, where |s| < 0.7; elsewhere μᵇ [y/μ (e^((b − 1) s) − 1)/(b − 1) − (e^(b s) − 1)/b]; and μᵇ/b for y = 0.
struct LogPower {
    b: f64,
    observed: bool,
    /// cₘ/m! from m = 2 on, as many as count for |s| < 0.7 and |b| ≤ 1.
    series: [f64; 17],
}

impl LogPower {
    fn new(p: f64, observed: bool) -> Self {
        let b = 2.0 - p;
        let (mut series, mut coefficient, mut factorial) = ([0.0; 17], 1.0, 2.0);
        for (m, term) in (3..).zip(&mut series) {
            *term = coefficient / factorial;
            coefficient = 1.0 + b * coefficient;
            factorial *= f64::from(m);
        }
        Self { b, observed, series }
    }
}

impl Formula<2, 3> for LogPower {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, eta]: [Lanes<S>; 2]) -> [Lanes<S>; 3] {
        let (zero, one, b) = (y.splat(0.0), y.splat(1.0), y.splat(self.b));
        let mu = exp_ordinary(eta);
        let exponent = eta * b;
        let mu_to_b = exp_of_sum_ordinary(exponent, eta.mul_add(b, -exponent));
        let (none, reciprocal) = (y.equals(zero), one / mu);
        let positive = none.select(mu, y);
        let s = ln_ratio(positive, mu);
        let near = s * s * s.polynomial(&self.series);
        let first = positive * reciprocal * (exp_m1_ordinary((b - one) * s) / (b - one));
        let far = first - exp_m1_ordinary(b * s) / b;
        let shape = s.abs().less_than(s.splat(0.7)).select(near, far);
        let at_zero = if self.b > 0.0 { one / b } else { one.splat(f64::NAN) };
        let loss = mu_to_b * none.select(at_zero, shape);
        let ordinary = s.abs().at_most(s.splat(40.0)).and(eta.abs().at_most(eta.splat(300.0)));
        let slope = (mu - y) * (mu_to_b * reciprocal);
        let curvature = if self.observed { (b - one).mul_add(slope, mu_to_b) } else { mu_to_b };
        [ordinary.or_nan(loss), slope, curvature]
    }
}

/// The negative binomial, V = μ + μ²/θ, for |η| ≤ 300.
///
/// With δ = μ − y, a = δ/(y + θ) and b = −aθ/μ the loss is θ ln(1 + a) + y ln(1 + b), and where |δ| < 0.3 y, where these
/// cancel, θδ²/(μ(y + θ)) − θ L(a) − y L(b) with L(x) = x − ln(1 + x).
pub(crate) struct LogNegativeBinomial {
    pub(crate) theta: f64,
    pub(crate) observed: bool,
}

impl Formula<2, 3> for LogNegativeBinomial {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, eta]: [Lanes<S>; 2]) -> [Lanes<S>; 3] {
        let (zero, theta) = (y.splat(0.0), y.splat(self.theta));
        let mu = exp_ordinary(eta);
        let (sum, difference) = (y + theta, mu - y);
        let a = difference / sum;
        let share = theta / mu;
        let none = y.equals(zero);
        let b = none.select(zero, -(a * share));
        let near = difference * a * share - theta * bend(a) - y * bend(b);
        let far = theta * ln_1p_ordinary(a) + y * ln_1p_ordinary(b);
        let close = difference.abs().less_than(y * 0.3);
        let weight = theta / (mu + theta);
        let expected = mu * weight;
        let curvature = if self.observed { expected * (sum / (mu + theta)) } else { expected };
        let ordinary = eta.abs().at_most(eta.splat(300.0)).and(y.at_most(y.splat(1e100)));
        [ordinary.or_nan(close.select(near, far)), difference * weight, curvature]
    }
}

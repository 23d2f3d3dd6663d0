//! Links whose points are found a register at a time. A row that a formula does not do has NaN for its mean.

use pulp::Simd;

use super::exponential::{exp_m1_ordinary, exp_ordinary};
use super::lanes::Lanes;
use super::logarithm::{ln_1p_ordinary, ln_ordinary};
use super::normal::{density, mills_excess_ordinary};
use super::sweep::{Formula, sweep};
use crate::Points;

/// Of η: μ, 1 − μ, μ′, μ″, then ln μ and ln(1 − μ) with two derivatives each.
pub(crate) fn fill<F: Formula<1, 10>>(formula: &F, eta: &[f64], at: &mut Points) {
    let m = eta.len();
    let ([a, b, c], [d, e, f]) = (&mut at.ln_mu, &mut at.ln_complement);
    let first = [&mut at.mu[..m], &mut at.complement[..m], &mut at.dmu[..m], &mut at.d2mu[..m]];
    let [mu, complement, dmu, d2mu] = first;
    let output =
        [mu, complement, dmu, d2mu, &mut a[..m], &mut b[..m], &mut c[..m], &mut d[..m], &mut e[..m], &mut f[..m]];
    sweep(formula, [eta], output);
}

/// η = ln μ for |η| ≤ 700, without the logarithm of 1 − μ.
pub(crate) struct LogPoints;

impl Formula<1, 10> for LogPoints {
    #[inline(always)]
    fn at<S: Simd>(&self, [eta]: [Lanes<S>; 1]) -> [Lanes<S>; 10] {
        let mu = eta.abs().at_most(eta.splat(700.0)).or_nan(exp_ordinary(eta));
        let (zero, one, none) = (eta.splat(0.0), eta.splat(1.0), eta.splat(f64::NAN));
        [mu, -exp_m1_ordinary(eta), mu, mu, eta, one, zero, none, none, none]
    }
}

/// η = Φ⁻¹(μ) for |η| ≤ 37.
pub(crate) struct ProbitPoints;

impl Formula<1, 10> for ProbitPoints {
    #[inline(always)]
    fn at<S: Simd>(&self, [eta]: [Lanes<S>; 1]) -> [Lanes<S>; 10] {
        const SQRT_2PI: f64 = 2.506_628_274_631_000_7;
        let (one, t) = (eta.splat(1.0), eta.abs());
        let (phi, excess) = (density(eta), mills_excess_ordinary(t));
        let mills = t + excess;
        let tail = phi / mills;
        let body = one - tail;
        let ln_tail = -(t * 0.5).mul_add(t, ln_ordinary(mills * SQRT_2PI));
        let ln_body = ln_1p_ordinary(-tail);
        // φ/Φ at −t, which is `mills` with its excess over t, and at t.
        let other = phi / body;
        let (bend, other_bend) = (mills * excess, other * (other + t));
        let upper = eta.splat(0.0).less_than(eta);
        let mu = t.at_most(t.splat(37.0)).or_nan(upper.select(body, tail));
        [
            mu,
            upper.select(tail, body),
            phi,
            -eta * phi,
            upper.select(ln_body, ln_tail),
            upper.select(other, mills),
            -upper.select(other_bend, bend),
            upper.select(ln_tail, ln_body),
            -upper.select(mills, other),
            -upper.select(bend, other_bend),
        ]
    }
}

/// η = ln(−ln(1 − μ)) for −700 ≤ η ≤ 6.5.
pub(crate) struct CloglogPoints;

/// B₂ₖ/(2k)! from k = 1 on: t/(e^t − 1) = 1 − t/2 + Σ B₂ₖ t²ᵏ/(2k)!.
const BERNOULLI: [f64; 7] = [
    1.0 / 12.0,
    -1.0 / 720.0,
    1.0 / 30_240.0,
    -1.0 / 1_209_600.0,
    1.0 / 47_900_160.0,
    -691.0 / 1_307_674_368_000.0,
    1.0 / 74_724_249_600.0,
];

impl Formula<1, 10> for CloglogPoints {
    #[inline(always)]
    fn at<S: Simd>(&self, [eta]: [Lanes<S>; 1]) -> [Lanes<S>; 10] {
        let (zero, one) = (eta.splat(0.0), eta.splat(1.0));
        let t = exp_ordinary(eta);
        let complement = exp_ordinary(-t);
        let mu = -exp_m1_ordinary(-t);
        let dmu = t * complement;
        // Where t is small, 1 − t − rate would cancel.
        let small = t.less_than(t.splat(0.5));
        let square = t * t;
        let even = square * square.polynomial(&BERNOULLI);
        let half = t * 0.5;
        let quotient = dmu / mu;
        let rate = small.select((one - half) + even, quotient);
        let drop = small.select(-half - even, (one - t) - quotient);
        // ln μ is η + ln(μ/t) to the left, which keeps the digits of η, and ln(1 − (1 − μ)) where μ is above one half.
        let left = eta.less_than(eta.splat(-1.0));
        let logarithm = left.select(eta, zero) + ln_ordinary(left.select(mu / t, mu));
        let right = t.splat(std::f64::consts::LN_2).at_most(t);
        let ln_mu = right.select(ln_1p_ordinary(-complement), logarithm);
        let ordinary = eta.splat(-700.0).at_most(eta).and(eta.at_most(eta.splat(6.5)));
        [ordinary.or_nan(mu), complement, dmu, dmu * (one - t), ln_mu, rate, rate * drop, -t, -t, -t]
    }
}

//! Exponentials of registers: e^x, e^x − 1 and the hyperbolic tangent.
//!
//! x = n ln 2 + r with |r| ≤ ½ ln 2, and e^r = 1 + r + r² q(r) with q a polynomial of degree 9 (interpolation at Chebyshev
//! nodes, relative error of e^r below 2e-17).

use pulp::Simd;

use super::lanes::Lanes;
use super::pair::Pair;

/// ln 2 in two parts, the first with so many zeros at its end that n times it is exact.
pub(super) const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
/// ln 2 less its first part.
pub(super) const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// q, from the constant up.
const Q: [f64; 10] = [
    0.500_000_000_000_000_1,
    0.166_666_666_666_666_69,
    0.041_666_666_666_624_04,
    0.008_333_333_333_330_055,
    0.001_388_888_891_725_875_9,
    0.000_198_412_698_630_882_55,
    2.480_152_122_598_643_2e-5,
    2.755_726_840_619_079_5e-6,
    2.762_012_171_738_193_3e-7,
    2.510_041_108_201_49e-8,
];

/// Adding it rounds to a whole number and leaves that number, plus 1023, in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0 + 1023.0;

/// e^(high + low) = (1 + `head` + `rest`) · 2^n, `rest` being the smaller part.
struct Reduced<S: Simd> {
    head: Lanes<S>,
    rest: Lanes<S>,
    /// n + 1023 in the lowest bits.
    biased: Lanes<S>,
}

/// For |high| ≤ 1000 and |low| far below 1.
#[inline(always)]
fn reduce<S: Simd>(high: Lanes<S>, low: Lanes<S>) -> Reduced<S> {
    let biased = high.mul_add(high.splat(std::f64::consts::LOG2_E), high.splat(ROUND));
    let exponent = biased - ROUND;
    let exact = exponent.negate_mul_add(high.splat(LN_2_HIGH), high);
    let correction = exponent.negate_mul_add(high.splat(LN_2_LOW), low);
    let head = exact + correction;
    let lost = (exact - head) + correction;
    let rest = (head * head).mul_add(head.polynomial(&Q), lost);
    Reduced { head, rest, biased }
}

/// 2^n from the sum of n + 1023 and [`ROUND`]; the exponent has to be that of a normal number.
#[inline(always)]
fn power_of_two<S: Simd>(biased: Lanes<S>) -> Lanes<S> {
    biased.map_bits(|bits| bits << 52)
}

/// e^x for |x| ≤ 708, where neither x nor the value is out of the ordinary; below 1 ulp.
#[inline(always)]
pub(crate) fn exp_ordinary<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    exp_of_sum_ordinary(x, x.splat(0.0))
}

/// e^(high + low), on the same terms.
#[inline(always)]
pub(crate) fn exp_of_sum_ordinary<S: Simd>(high: Lanes<S>, low: Lanes<S>) -> Lanes<S> {
    let Reduced { head, rest, biased } = reduce(high, low);
    let scale = power_of_two(biased);
    (head + rest).mul_add(scale, scale)
}

/// e^(high + low) for any high: 0, subnormal, +∞ and NaN where they are due.
#[inline(always)]
pub(crate) fn exp_of_sum<S: Simd>(high: Lanes<S>, low: Lanes<S>) -> Lanes<S> {
    let high = confine(high, 800.0);
    let Reduced { head, rest, biased } = reduce(high, low);
    // 2^n in two factors, so that a value beyond the largest or below the smallest normal number is rounded once.
    let negative = high.less_than(high.splat(0.0));
    let (up, down) = (high.splat(2.0_f64.powi(200)), high.splat(2.0_f64.powi(-200)));
    let shifted = power_of_two(biased + negative.select(high.splat(200.0), high.splat(-200.0)));
    (head + rest).mul_add(shifted, shifted) * negative.select(down, up)
}

/// e^(high + low) = `unscaled` · 2^n to a tenth of a unit in the last place.
pub(super) struct Exponential<S: Simd> {
    /// Between 0.7 and 1.5, of which the low part is up to 0.06.
    pub(super) unscaled: Pair<S>,
    /// n + 1023 in the lowest bits.
    biased: Lanes<S>,
}

impl<S: Simd> Exponential<S> {
    /// For −800 ≤ high ≤ 0.
    #[inline(always)]
    pub(super) fn of_sum(high: Lanes<S>, low: Lanes<S>) -> Self {
        let Reduced { head, rest, biased } = reduce(high, low);
        let one = head + 1.0;
        Self { unscaled: Pair::new(one, (head - (one - 1.0)) + rest), biased }
    }

    /// factor · 2^n, rounded once where it is subnormal.
    #[inline(always)]
    pub(super) fn scale(&self, factor: Lanes<S>) -> Lanes<S> {
        factor * power_of_two(self.biased + 200.0) * 2.0_f64.powi(-200)
    }
}

/// e^x for any x.
#[inline(always)]
pub(crate) fn exp<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    exp_of_sum(x, x.splat(0.0))
}

/// e^x − 1 for |x| ≤ 708; +0 at both zeros.
#[inline(always)]
pub(crate) fn exp_m1_ordinary<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let Reduced { head, rest, biased } = reduce(x, x.splat(0.0));
    let scale = power_of_two(biased);
    rest.mul_add(scale, head.mul_add(scale, scale - 1.0))
}

/// e^x − 1 for any x.
#[inline(always)]
pub(crate) fn exp_m1<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    // Below −40 the value is −1 and above 60 it is e^x, to the last digit.
    let (low, high) = (x.splat(-40.0), x.splat(60.0));
    let confined = x.less_than(low).select(low, high.less_than(x).select(high, x));
    let value = exp_m1_ordinary(confined);
    let value = high.less_than(x).select(exp(x), value);
    x.equals(x.splat(0.0)).select(x, value)
}

/// tanh x = t/(t + 2) with t = e^2|x| − 1, and the sign of x.
///
/// One Newton step with what rounding took from t, from t + 2 and from the quotient q; 1/(t + 2) is (1 − q)/2.
#[inline(always)]
pub(crate) fn tanh<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let size = x.abs();
    // From 19.1 on the value is 1 to the last digit.
    let size = size.splat(20.0).less_than(size).select(size.splat(20.0), size);
    let Reduced { head, rest, biased } = reduce(size + size, size.splat(0.0));
    let scale = power_of_two(biased);
    let first = head.mul_add(scale, scale - 1.0);
    let t = rest.mul_add(scale, first);
    let t_lost = rest.mul_add(scale, first - t);
    let sum = t + 2.0;
    let part = sum - t;
    let sum_lost = (t - (sum - part)) + (sum.splat(2.0) - part);
    let q = t / sum;
    let complement = q.splat(1.0) - q;
    let residual = t_lost.mul_add(complement, q.negate_mul_add(sum_lost, q.negate_mul_add(sum, t)));
    (residual * 0.5).mul_add(complement, q).copysign(x)
}

/// x between −bound and bound; NaN stays NaN.
#[inline(always)]
fn confine<S: Simd>(x: Lanes<S>, bound: f64) -> Lanes<S> {
    let (low, high) = (x.splat(-bound), x.splat(bound));
    x.less_than(low).select(low, high.less_than(x).select(high, x))
}

//! Logarithms of registers: ln x and ln(1 + x).
//!
//! x = 2^k m with m between √½ and √2. With f = m − 1, s = f/(2 + f) and z = s²,
//! ln m = f − (f²/2 − s (f²/2 + z P(z))), where P is the series of 2 atanh s after its first term: a polynomial of
//! degree 6 (interpolation at Chebyshev nodes, relative error of ln m below 5e-18). The arrangement is that of FDLIBM's
//! `log` (Ng, 1993): what is rounded is small beside the result.

use pulp::Simd;

use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::lanes::Lanes;
use super::pair::Pair;

/// P for z ≤ 0.0294.
const P: [f64; 7] = [
    0.666_666_666_666_667,
    0.399_999_999_998_994_5,
    0.285_714_286_260_014_27,
    0.222_222_111_305_607_26,
    0.181_828_894_337_575_15,
    0.153_317_113_466_729_97,
    0.146_165_764_216_443_87,
];

/// P for z ≤ 1/9.
const P_WIDE: [f64; 11] = [
    0.666_666_666_666_666_6,
    0.399_999_999_999_995_25,
    0.285_714_285_716_001,
    0.222_222_221_982_367_7,
    0.181_818_198_979_627_14,
    0.153_845_439_648_605_5,
    0.133_351_786_314_492_57,
    0.117_342_790_613_031_97,
    0.108_451_783_948_800_15,
    0.074_921_437_955_507_67,
    0.156_305_778_009_228_5,
];

const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const ROOT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const EXPONENT_BITS: u64 = 0xfff0_0000_0000_0000;
/// A number whose lowest bits, as an integer, are added to 2^52.
const WHOLE_BITS: u64 = 0x4330_0000_0000_0000;
/// 2^52 + 1023.
const WHOLE: f64 = 4_503_599_627_370_496.0 + 1023.0;

/// (k, m) of a positive normal number.
#[inline(always)]
fn split<S: Simd>(x: Lanes<S>) -> (Lanes<S>, Lanes<S>) {
    const SHIFT: u64 = ONE_BITS - ROOT_HALF_BITS;
    let exponent = x.map_bits(|bits| (bits.wrapping_add(SHIFT) >> 52) | WHOLE_BITS) - WHOLE;
    let mantissa =
        x.map_bits(|bits| bits.wrapping_sub(bits.wrapping_add(SHIFT) & EXPONENT_BITS).wrapping_add(ONE_BITS));
    (exponent, mantissa)
}

/// f²/2, and s (f²/2 + z P(z)), for −0.293 ≤ f ≤ 0.415: ln(1 + f) = f − (first − second).
#[inline(always)]
fn bend_parts<S: Simd>(f: Lanes<S>) -> (Lanes<S>, Lanes<S>) {
    let s = f / (f + 2.0);
    let z = s * s;
    let half_square = f * f * 0.5;
    (half_square, s * z.mul_add(z.polynomial(&P), half_square))
}

/// ln x for a positive normal x; below 1 ulp.
#[inline(always)]
pub(crate) fn ln_ordinary<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (k, m) = split(x);
    ln_of_parts(k, m - 1.0, x.splat(0.0))
}

/// k ln 2 + ln(1 + f) + correction.
#[inline(always)]
fn ln_of_parts<S: Simd>(k: Lanes<S>, f: Lanes<S>, correction: Lanes<S>) -> Lanes<S> {
    let (half_square, rest) = bend_parts(f);
    let low = k.mul_add(k.splat(LN_2_LOW), rest + correction);
    k.mul_add(k.splat(LN_2_HIGH), f - (half_square - low))
}

/// ln x for any x.
#[inline(always)]
pub(crate) fn ln<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (zero, infinity) = (x.splat(0.0), x.splat(f64::INFINITY));
    let tiny = x.less_than(x.splat(f64::MIN_POSITIVE));
    let (k, m) = split(tiny.select(x * 2.0_f64.powi(54), x));
    let value = ln_of_parts(k - tiny.select(x.splat(54.0), zero), m - 1.0, zero);
    let regular = zero.less_than(x).and(x.less_than(infinity));
    let edge = x.equals(infinity).select(infinity, x.splat(f64::NAN));
    let edge = x.equals(zero).select(-infinity, edge);
    regular.select(value, edge)
}

/// ln(1 + x) for any x.
#[inline(always)]
pub(crate) fn ln_1p<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (zero, infinity, minus_one) = (x.splat(0.0), x.splat(f64::INFINITY), x.splat(-1.0));
    let value = ln_1p_ordinary(x);
    let regular = minus_one.less_than(x).and(x.less_than(infinity));
    let edge = x.equals(infinity).select(infinity, x.splat(f64::NAN));
    let edge = x.equals(minus_one).select(-infinity, edge);
    x.equals(zero).select(x, regular.select(value, edge))
}

/// ln(1 + x) for −1 < x < ∞.
#[inline(always)]
pub(crate) fn ln_1p_ordinary<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let zero = x.splat(0.0);
    let sum = x + 1.0;
    let (k, m) = split(sum);
    // What rounding took from the sum (Knuth), which counts where x itself does not take the place of m − 1.
    let part = sum - 1.0;
    let lost = (x.splat(1.0) - (sum - part)) + (x - part);
    let near = k.equals(zero);
    let f = near.select(x, m - 1.0);
    ln_of_parts(k, f, near.select(zero, lost / sum))
}

/// ln x + a·b for a positive normal x, of which both terms have one sign. Where x is close to 1, its high part may be 1
/// and its low part all that is left.
#[inline(always)]
pub(super) fn ln_plus<S: Simd>(x: Pair<S>, a: Lanes<S>, b: Lanes<S>) -> Lanes<S> {
    let (k, m) = split(x.high);
    // Where x is not halved or doubled, m − 1 and the low part are joined before anything is rounded.
    let near = k.equals(k.splat(0.0));
    let distance = m - 1.0;
    let f = near.select(distance + x.low, distance);
    let correction = near.select(x.low - (f - distance), x.low) / x.high;
    let (half_square, rest) = bend_parts(f);
    let low = k.mul_add(k.splat(LN_2_LOW), rest + correction);
    a.mul_add(b, k * LN_2_HIGH) + (f - (half_square - low))
}

/// ln(1 + x) for 0 ≤ x ≤ 1, with x/(2 + x) ≤ ⅓ and a longer polynomial in place of the powers of two.
#[inline(always)]
pub(crate) fn ln_1p_unit<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let s = x / (x + 2.0);
    let z = s * s;
    let half_square = x * x * 0.5;
    x - (half_square - s * z.mul_add(z.polynomial(&P_WIDE), half_square))
}

/// x − ln(1 + x), which is s (x − s² P(s²)), for −½ ≤ x ≤ 1; without loss next to zero.
#[inline(always)]
pub(crate) fn bend<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let s = x / (x + 2.0);
    let z = s * s;
    s * z.negate_mul_add(z.polynomial(&P_WIDE), x)
}

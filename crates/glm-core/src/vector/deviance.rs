//! The kernel of the deviances of Poisson, binomial and gamma, and the logarithm of a ratio, with one division each.
//!
//! y (w − 1 − ln w) with w = μ/y. With w = 2^k m, m between ⅔ and 3/2, and s = (m − 1)/(m + 1), z = s²,
//! ln m = 2 s + s z P(z) and m − 1 − 2 s = s (m − 1), so that it is the sum of
//! y (w − m − k ln 2), zero for k = 0, and of s (y (m − 1) − y z P(z)): each is small where the whole is, and
//! y (m − 1) = 2^−k μ − y is exact. P is the series of 2 atanh s after its first term: a polynomial of degree 7
//! (interpolation at Chebyshev nodes, error below 3e-17).

use pulp::Simd;

use super::exponential::{LN_2_HIGH, LN_2_LOW};
use super::lanes::{Lanes, Mask};

/// P for z ≤ 0.0401.
const P: [f64; 8] = [
    0.666_666_666_666_666_6,
    0.400_000_000_000_079_4,
    0.285_714_285_672_759_36,
    0.222_222_230_483_515_9,
    0.181_817_376_263_029_38,
    0.153_888_678_056_137_16,
    0.132_097_082_420_594_62,
    0.136_090_302_628_584_99,
];

/// Half a power of two, in bits: k is log₂ w, taken as linear between powers of two in both numbers, rounded.
const HALF: u64 = 1 << 51;
/// Added to k, so that it is never negative.
const BIAS: u64 = 2048;
/// A number whose lowest bits, as an integer, are added to 2^52.
const WHOLE_BITS: u64 = 0x4330_0000_0000_0000;
/// 2^52 + [`BIAS`].
const WHOLE: f64 = 4_503_599_627_370_496.0 + 2048.0;

/// μ/y = 2^k (1 + s)/(1 − s).
struct Ratio<S: Simd> {
    k: Lanes<S>,
    s: Lanes<S>,
    /// s².
    z: Lanes<S>,
    /// 2^−k μ.
    scaled: Lanes<S>,
    /// 2^−k μ − y.
    difference: Lanes<S>,
    /// Whether both numbers and their ratio are ordinary ones.
    ordinary: Mask<S>,
}

#[inline(always)]
fn ratio<S: Simd>(mu: Lanes<S>, y: Lanes<S>) -> Ratio<S> {
    let biased = mu.map_bits_with(y, |mu, y| mu.wrapping_sub(y).wrapping_add((BIAS << 52) + HALF) >> 52);
    let k = biased.map_bits(|k| k | WHOLE_BITS) - WHOLE;
    let scaled = mu * biased.map_bits(|k| (BIAS + 1023).wrapping_sub(k) << 52);
    let difference = scaled - y;
    let s = difference / (scaled + y);
    let ordinary = s.abs().at_most(s.splat(0.2001)).and(k.abs().at_most(k.splat(1000.0)));
    Ratio { k, s, z: s * s, scaled, difference, ordinary }
}

/// y ln(y/μ) − (y − μ) for y > 0 and μ > 0; NaN where one of them or their ratio is not an ordinary number.
#[inline(always)]
pub(crate) fn deviance_kernel<S: Simd>(y: Lanes<S>, mu: Lanes<S>) -> Lanes<S> {
    let Ratio { k, s, z, scaled, difference, ordinary } = ratio(mu, y);
    let near = s * (y * z).negate_mul_add(z.polynomial(&P), difference);
    let far = (k * LN_2_LOW).negate_mul_add(y, (k * LN_2_HIGH).negate_mul_add(y, mu - scaled));
    ordinary.or_nan(near + far)
}

/// ln(y/μ), accurate next to zero as elsewhere, on the same terms.
#[inline(always)]
pub(crate) fn ln_ratio<S: Simd>(y: Lanes<S>, mu: Lanes<S>) -> Lanes<S> {
    let Ratio { k, s, z, ordinary, .. } = ratio(y, mu);
    let rest = (s * z).mul_add(z.polynomial(&P), s + s);
    ordinary.or_nan(k.mul_add(k.splat(LN_2_HIGH), k.mul_add(k.splat(LN_2_LOW), rest)))
}

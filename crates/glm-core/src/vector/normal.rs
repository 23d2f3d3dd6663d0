//! The standard normal distribution of registers, through the excess E(t) = φ(t)/Φ(−t) − t of the Mills ratio's inverse
//! over its asymptote.
//!
//! For 0 ≤ t ≤ 40, (t + 3) E(t) is a polynomial of degree 26 in (t − 4)/(t + 4) (interpolation at Chebyshev nodes,
//! relative error 2e-17); beyond, the asymptotic series 1/t − 2/t³ + 10/t⁵ − 74/t⁷ + …. Everything else is a sum of terms
//! of one sign: φ/Φ = t + E, Φ(−t) = φ/(t + E), −ln Φ(−t) = t²/2 + ln(√(2π) (t + E)). What rounding takes from the terms
//! is carried along up to the last sum; the error of the excess, 0.8 ulp at t = 0 and less elsewhere, stays.

use pulp::Simd;

use super::exponential::Exponential;
use super::lanes::Lanes;
use super::logarithm::ln_plus;
use super::pair::Pair;

/// The polynomial's constant.
const EXCESS_CENTRE: f64 = 1.579_250_011_426_297_5;
/// The others, from the linear one up.
const EXCESS: [f64; 26] = [
    -0.808_821_794_339_898_5,
    0.203_936_553_140_541_15,
    0.109_322_774_908_238_55,
    -0.112_506_689_053_575_39,
    0.012_212_647_760_478_833,
    0.031_912_420_000_795_85,
    -0.014_243_331_561_182_706,
    -0.006_527_572_804_750_965,
    0.006_405_160_779_020_367,
    0.000_668_287_450_536_514_1,
    -0.002_221_765_083_048_418,
    0.000_209_781_928_447_566_8,
    0.000_656_661_032_108_169_9,
    -0.000_169_970_249_741_133_02,
    -0.000_167_691_945_228_977_78,
    7.305_680_210_400_473e-5,
    3.550_364_561_367_792_5e-5,
    -2.467_670_685_596_391e-5,
    -5.256_232_397_940_863e-6,
    7.080_655_910_715_77e-6,
    8.208_678_424_528_775e-8,
    -1.748_292_165_482_663_6e-6,
    2.136_334_056_627_355_8e-7,
    3.493_016_376_801_542e-7,
    -4.591_503_180_757_442_5e-8,
    -4.242_172_492_568_935e-8,
];

/// The numerators of t E(t) in powers of 1/t².
const ASYMPTOTIC: [f64; 7] = [1.0, -2.0, 10.0, -74.0, 706.0, -8162.0, 110_410.0];

const FRAC_1_SQRT_2PI: f64 = 0.398_942_280_401_432_7;
/// 1/√(2π) beyond its 53 bits.
const FRAC_1_SQRT_2PI_LOW: f64 = -2.492_327_202_277_73e-17;

/// Up to here the polynomial holds; Φ(−t) is zero before.
const END: f64 = 40.0;

/// |x|, or 40 where that is larger: the density is zero there, and the square's low half would not be finite.
#[inline(always)]
fn size_in_range<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let size = x.abs();
    size.splat(END).less_than(size).select(size.splat(END), size)
}

/// e^(−t²/2) for 0 ≤ t ≤ 40, the square kept to twice the precision.
#[inline(always)]
fn bell<S: Simd>(t: Lanes<S>) -> Exponential<S> {
    let square = Pair::product(t, t);
    Exponential::of_sum(square.high * -0.5, square.low * -0.5)
}

/// φ(x) = exp(−x²/2)/√(2π).
#[inline(always)]
pub(crate) fn density<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (bell, factor) = (bell(size_in_range(x)), x.splat(FRAC_1_SQRT_2PI));
    let Pair { high, low } = bell.unscaled;
    bell.scale(high.mul_add(factor, low.mul_add(factor, high * FRAC_1_SQRT_2PI_LOW)))
}

/// E(t) for 0 ≤ t ≤ 40.
#[inline(always)]
pub(crate) fn mills_excess_ordinary<S: Simd>(t: Lanes<S>) -> Lanes<S> {
    let u = (t - 4.0) / (t + 4.0);
    u.mul_add(u.polynomial(&EXCESS), t.splat(EXCESS_CENTRE)) / (t + 3.0)
}

/// t + E(t) as a quotient, (t (t + 3) + (t + 3) E(t)) over t + 3, for 0 ≤ t ≤ 40 and u = (t − 4)/(t + 4).
#[inline(always)]
fn inverse_mills<S: Simd>(t: Lanes<S>, u: Lanes<S>) -> [Pair<S>; 2] {
    let high = t + 3.0;
    let shifted = Pair::new(high, t - (high - 3.0));
    let (bend, centre) = (u.polynomial(&EXCESS), t.splat(EXCESS_CENTRE));
    let excess = u.mul_add(bend, centre);
    // The centre is between half the excess and twice, so that their difference is exact.
    let excess_low = u.mul_add(bend, centre - excess);
    let product = Pair::product(high, t);
    let low = shifted.low.mul_add(t, product.low + excess_low);
    [Pair::sum(product.high, excess).plus_low(low), shifted]
}

/// Φ(x).
#[inline(always)]
pub(crate) fn cdf<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let t = size_in_range(x);
    let bell = bell(t);
    let [numerator, denominator] = inverse_mills(t, (t - 4.0) / (t + 4.0));
    let factor = Pair::splat(x, FRAC_1_SQRT_2PI, FRAC_1_SQRT_2PI_LOW);
    let quotient = denominator.times(factor).times(bell.unscaled).over(numerator);
    let tail = bell.scale(quotient.high + quotient.low);
    x.splat(0.0).less_than(x).select(x.splat(1.0) - tail, tail)
}

/// ln Φ(x).
#[inline(always)]
pub(crate) fn ln_cdf<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (zero, one, size, t) = (x.splat(0.0), x.splat(1.0), x.abs(), size_in_range(x));
    let (far, upper) = (x.less_than(x.splat(-END)), zero.less_than(x));
    // One division for the arguments of the polynomial and of the series.
    let u = far.select(one, t - 4.0) / far.select(size, t + 4.0);
    let [numerator, denominator] = inverse_mills(t, u);
    let series = size + u * (u * u).polynomial(&ASYMPTOTIC);
    let numerator = Pair::select(far, Pair::new(series, zero), numerator);
    let denominator = Pair::select(far, Pair::new(one, zero), denominator).times(Pair::splat(
        x,
        FRAC_1_SQRT_2PI,
        FRAC_1_SQRT_2PI_LOW,
    ));
    // One division for √(2π) (t + E) and, where x > 0, for Φ(−t).
    let bell = bell(t);
    let dividend = Pair::select(upper, denominator.times(bell.unscaled.rounded()), numerator);
    let quotient = dividend.over(Pair::select(upper, numerator, denominator));
    // 1 − Φ(−t) and what rounding took, or the quotient itself.
    let tail = bell.scale(quotient.high);
    let body = one - tail;
    let lost = ((one - body) - tail) - bell.scale(quotient.low);
    let argument = Pair::select(upper, Pair::new(body, lost), quotient);
    let value = ln_plus(argument, upper.select(zero, size * 0.5), upper.select(zero, size));
    // Where the square overflows, the logarithm may be that of an infinity.
    x.less_than(x.splat(-1.4e154)).select(x.splat(f64::NEG_INFINITY), -value.abs())
}

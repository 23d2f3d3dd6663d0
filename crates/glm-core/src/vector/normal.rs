//! The standard normal distribution of registers, through the excess E(t) = φ(t)/Φ(−t) − t of the Mills ratio's inverse
//! over its asymptote.
//!
//! For 0 ≤ t ≤ 40, (t + 3) E(t) is a polynomial of degree 26 in (t − 4)/(t + 4) (interpolation at Chebyshev nodes,
//! relative error 2e-17); beyond, the asymptotic series 1/t − 2/t³ + 10/t⁵ − 74/t⁷ + …. Everything else is a sum of terms
//! of one sign: φ/Φ = t + E, Φ(−t) = φ/(t + E), −ln Φ(−t) = t²/2 + ln(√(2π) (t + E)).

use pulp::Simd;

use super::exponential::exp_of_sum;
use super::lanes::Lanes;
use super::logarithm::ln_1p_ordinary;

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
const SQRT_2PI: f64 = 2.506_628_274_631_000_7;

/// Up to here the polynomial holds; Φ(−t) is zero before.
const END: f64 = 40.0;

/// φ(x) = exp(−x²/2)/√(2π), the square kept to twice the precision.
#[inline(always)]
pub(crate) fn density<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    // Beyond 40 the density is zero, and the square's low half would not be finite.
    let size = x.abs();
    let t = size.splat(END).less_than(size).select(size.splat(END), size);
    let square = t * t;
    let low = t.mul_add(t, -square);
    let value = exp_of_sum(square * -0.5, low * -0.5);
    value.mul_add(value.splat(FRAC_1_SQRT_2PI), value * FRAC_1_SQRT_2PI_LOW)
}

/// E(t) for 0 ≤ t ≤ 40.
#[inline(always)]
pub(crate) fn mills_excess_ordinary<S: Simd>(t: Lanes<S>) -> Lanes<S> {
    let u = (t - 4.0) / (t + 4.0);
    u.mul_add(u.polynomial(&EXCESS), t.splat(EXCESS_CENTRE)) / (t + 3.0)
}

/// E(t) for t ≥ 0.
#[inline(always)]
pub(crate) fn mills_excess<S: Simd>(t: Lanes<S>) -> Lanes<S> {
    let inverse = t.splat(1.0) / t;
    let series = inverse * (inverse * inverse).polynomial(&ASYMPTOTIC);
    t.splat(END).less_than(t).select(series, mills_excess_ordinary(t))
}

/// Φ(x).
#[inline(always)]
pub(crate) fn cdf<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (zero, size) = (x.splat(0.0), x.abs());
    let t = size.splat(END).less_than(size).select(size.splat(END), size);
    let tail = density(x) / (t + mills_excess_ordinary(t));
    zero.less_than(x).select(x.splat(1.0) - tail, tail)
}

/// ln Φ(x).
#[inline(always)]
pub(crate) fn ln_cdf<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (zero, t) = (x.splat(0.0), x.abs());
    let inverse_mills = t + mills_excess(t);
    let upper = zero.less_than(x);
    let tail = density(x) / inverse_mills;
    // ln √(2π) inside the logarithm: its argument is at least 2, and its distance from 1 exact enough.
    let argument = upper.select(-tail, inverse_mills.mul_add(x.splat(SQRT_2PI), x.splat(-1.0)));
    let logarithm = ln_1p_ordinary(argument);
    let value = upper.select(logarithm.abs(), (t * t).mul_add(x.splat(0.5), logarithm));
    // Where the square overflows, the logarithm may be that of an infinity.
    x.less_than(x.splat(-1.4e154)).select(x.splat(f64::NEG_INFINITY), -value)
}

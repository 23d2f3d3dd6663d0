//! The standard normal distribution, exact in both tails: the probit link, its inverse and its Mills ratio.

use super::error_function::{erfcx, exp_square};
use super::logarithm::ln_1m_exp;
use std::f64::consts::{FRAC_1_SQRT_2, LN_2, PI, SQRT_2};

/// `1/√(2π)`.
const FRAC_1_SQRT_2PI: f64 = 0.398_942_280_401_432_7;
/// `ln √(2π)`.
const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;
/// `ln 2` beyond its 53 bits.
const LN_2_LOW: f64 = 2.319_046_813_846_299_6e-17;

/// The standard normal density `exp(-x²/2)/√(2π)`.
///
/// Domain: all reals. Relative error below 1e-15 wherever the value is a normal number.
///
/// ```
/// assert!((glm_core::special::normal_pdf(0.0) - 0.3989422804014327).abs() < 1e-16);
/// ```
#[inline]
#[must_use]
pub fn normal_pdf(x: f64) -> f64 {
    if x.abs() > 40.0 { 0.0 } else { FRAC_1_SQRT_2PI * exp_square(x, -0.5) }
}

/// The logarithm of [`normal_pdf`], `-x²/2 - ln √(2π)`.
///
/// Domain: all reals. Relative error below 4e-16.
///
/// ```
/// assert_eq!(glm_core::special::ln_normal_pdf(1e10), -5e19);
/// ```
#[inline]
#[must_use]
pub fn ln_normal_pdf(x: f64) -> f64 {
    -0.5 * x * x - LN_SQRT_2PI
}

/// The standard normal distribution function `Φ(x)`.
///
/// Domain: all reals. Relative error below 2e-15 wherever the value is a normal number (`x > -37.5`). It is
/// `erfc(-x/√2)/2` with the rounding of `x/√2`, which the tail would magnify by `x²`, put back.
///
/// ```
/// use glm_core::special::normal_cdf;
/// assert_eq!(normal_cdf(0.0), 0.5);
/// assert!((normal_cdf(-37.0) / 5.725571222524577e-300 - 1.0).abs() < 2e-15);
/// ```
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    let t = -x * FRAC_1_SQRT_2;
    let value = 0.5 * libm::erfc(t);
    if t < 1.0 || value == 0.0 {
        return value;
    }
    // -d ln erfc(t)/dt lies between t + √(t² + 4/π) and t + √(t² + 2); two digits of it are enough.
    value - value * scaling_error(-x, t) * (t + (t * t + 1.6).sqrt())
}

/// `x/√2 - t`, the rounding error of `t = x * FRAC_1_SQRT_2` (Dekker's product, and the constant to 106 bits).
fn scaling_error(x: f64, t: f64) -> f64 {
    const HEAD: f64 = 0.707_106_769_084_930_4;
    const TAIL: f64 = FRAC_1_SQRT_2 - HEAD;
    const REST: f64 = -4.833_646_656_726_457e-17;
    let head = f64::from_bits(x.to_bits() & 0xffff_ffff_f800_0000);
    let tail = x - head;
    ((head * HEAD - t) + head * TAIL + tail * HEAD) + tail * TAIL + x * REST
}

/// The upper tail of the standard normal distribution, `1 - Φ(x) = Φ(-x)`.
///
/// Domain and accuracy of [`normal_cdf`].
///
/// ```
/// assert!((glm_core::special::normal_sf(10.0) / 7.619853024160526e-24 - 1.0).abs() < 2e-15);
/// ```
#[must_use]
pub fn normal_sf(x: f64) -> f64 {
    normal_cdf(-x)
}

/// The logarithm of the standard normal distribution function, `ln Φ(x)`; `ln(1 - Φ(x))` is `ln_normal_cdf(-x)`.
///
/// Domain: all reals, finite down to `x = -1e154`. Relative error below 2e-15 in both tails.
///
/// ```
/// use glm_core::special::ln_normal_cdf;
/// assert!((ln_normal_cdf(-750.0) / -281257.5390135175 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_normal_cdf(x: f64) -> f64 {
    if x > 0.0 {
        (-normal_cdf(-x)).ln_1p()
    } else if x > -10.0 {
        normal_cdf(x).ln()
    } else {
        (0.5 * erfcx(-x * FRAC_1_SQRT_2)).ln() - 0.5 * x * x
    }
}

/// The inverse Mills ratio of the lower tail, `φ(x)/Φ(x)`, which is `d ln Φ(x)/dx`.
///
/// Domain: all reals: about `-x` far to the left, and underflowing with `φ(x)` to the right. Relative error below
/// 2e-15 wherever the value is a normal number.
///
/// ```
/// use glm_core::special::inverse_mills_ratio;
/// assert!((inverse_mills_ratio(-750.0) / 750.0013333285926 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn inverse_mills_ratio(x: f64) -> f64 {
    if x < 0.0 {
        let scaled = erfcx(-x * FRAC_1_SQRT_2);
        // √(2/π); erfcx underflows to 0 only for x = -inf.
        0.797_884_560_802_865_4 / scaled
    } else {
        normal_pdf(x) / normal_cdf(x)
    }
}

/// The standard normal quantile `Φ⁻¹(p)`.
///
/// Given the complement `q = 1 - p`, the quantile is `-normal_quantile(q)`, and that is exact in the upper tail.
///
/// Domain: `0 <= p <= 1`, with infinities at the ends; NaN outside. Relative error below 2e-15: Halley's method on
/// `erf` in the middle and on `ln Φ` in the tails.
///
/// ```
/// use glm_core::special::normal_quantile;
/// assert_eq!(normal_quantile(0.5), 0.0);
/// assert!((normal_quantile(1e-300) / -37.0470962993612 - 1.0).abs() < 2e-15);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p < 0.25 {
        quantile_of_ln_tail(p.ln())
    } else if p > 0.75 {
        -quantile_of_ln_tail((1.0 - p).ln())
    } else {
        quantile_of_centre(p - 0.5)
    }
}

/// The standard normal quantile of a probability given by its logarithm, `Φ⁻¹(e^ln_p)`.
///
/// Domain: `ln_p <= 0`, with infinities at the ends; NaN for `ln_p > 0`. Relative error below 2e-15 for every
/// `ln_p`, be `e^ln_p` far below the smallest number or `1 - e^ln_p` below the spacing of numbers near 1.
///
/// ```
/// use glm_core::special::normal_quantile_of_ln;
/// assert!((normal_quantile_of_ln(-281257.5390135175) / -750.0 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn normal_quantile_of_ln(ln_p: f64) -> f64 {
    if ln_p.is_nan() || ln_p > 0.0 {
        f64::NAN
    } else if ln_p < -1.4 {
        quantile_of_ln_tail(ln_p)
    } else if ln_p > -0.29 {
        -quantile_of_ln_tail(ln_1m_exp(ln_p))
    } else {
        quantile_of_centre(0.5 * ((ln_p + LN_2) + LN_2_LOW).exp_m1())
    }
}

/// Solves `ln Φ(x) = ln_p` for `ln_p < -1.3` by Halley's method from the start of Abramowitz & Stegun 26.2.23.
fn quantile_of_ln_tail(ln_p: f64) -> f64 {
    if ln_p == f64::NEG_INFINITY {
        return f64::NEG_INFINITY;
    }
    let t = SQRT_2 * (-ln_p).sqrt();
    let start = if t < 100.0 {
        t - (2.515_517 + t * (0.802_853 + t * 0.010_328)) / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)))
    } else {
        t - (t * (2.0 * PI).sqrt()).ln() / t
    };
    let mut x = -start;
    // The error goes from 5e-4 to 1e-10 to the last digit; the third step only repairs roundings.
    for _ in 0..3 {
        let mills = inverse_mills_ratio(x);
        let newton = (ln_normal_cdf(x) - ln_p) / mills;
        // ln Φ has second derivative -mills (mills + x).
        let step = newton / (1.0 + 0.5 * newton * (mills + x));
        x -= step;
        if step.abs() <= 4e-9 * x.abs() {
            break;
        }
    }
    x
}

/// Solves `Φ(x) - 1/2 = d` for `|d| <= 0.27` by Halley's method on `erf`, from three terms of the inverse series.
fn quantile_of_centre(d: f64) -> f64 {
    let z = SQRT_2 * PI.sqrt() * d;
    let zz = z * z;
    let mut x = z * (1.0 + zz * (1.0 / 6.0 + zz * (7.0 / 120.0 + zz * (127.0 / 5040.0))));
    for _ in 0..3 {
        let newton = (0.5 * libm::erf(x * FRAC_1_SQRT_2) - d) / normal_pdf(x);
        let step = newton / (1.0 + 0.5 * newton * x);
        x -= step;
        if step.abs() <= 4e-9 * x.abs() {
            break;
        }
    }
    x
}

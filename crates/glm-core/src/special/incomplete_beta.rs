//! The regularised incomplete beta function `I_x(a, b)`: the distribution function behind t, F and the binomial.

use super::cancellation::stirling_error;
use super::error_function::erfcx;
use super::gamma_function::ln_gamma_ratio;
use super::tail::Tail;
use super::twofold::Twofold;
use std::f64::consts::PI;

/// The fraction needs about `6 √min(a, b)` terms at its slowest, under [`UNIFORM`]; a guard, not a tolerance.
const TERMS: u32 = 200_000;
/// From this size of the smaller parameter on the uniform expansion is used.
const UNIFORM: f64 = 1e8;

/// The regularised incomplete beta function `I_x(a, b) = ∫_0^x t^(a-1) (1-t)^(b-1) dt / B(a, b)`.
///
/// Domain: `a, b > 0`, `0 <= x <= 1`; NaN outside. Relative error below 1e-13 down to the smallest normal number for
/// parameters up to 1e15, the two of them of any ratio. The continued fraction of DLMF 8.17.22 contracted to its even
/// part, on the side of the mean where it converges, with a Loader-type prefactor to twice the working precision; for
/// `min(a, b) >= 1e8` the uniform expansion of DLMF 8.18.9. Parameters above 1e20 may exhaust even that precision: NaN.
///
/// ```
/// use glm_core::special::beta_inc;
/// assert!((beta_inc(2.0, 1.0, 0.3) - 0.09).abs() < 1e-15);
/// assert!(beta_inc(2.0, 1.0, 1.3).is_nan());
/// ```
#[must_use]
pub fn beta_inc(a: f64, b: f64, x: f64) -> f64 {
    beta_tail_at(a, b, x).cdf()
}

/// The complement `1 - I_x(a, b) = I_(1-x)(b, a)`, for the `x` given and not for a rounded `1 - x`.
///
/// Domain and accuracy of [`beta_inc`].
///
/// ```
/// assert!((glm_core::special::beta_inc_complement(1.0, 1.0, 0.25) - 0.75).abs() < 1e-15);
/// ```
#[must_use]
pub fn beta_inc_complement(a: f64, b: f64, x: f64) -> f64 {
    beta_tail_at(a, b, x).sf()
}

/// The logarithm of [`beta_inc`], finite where that underflows.
///
/// Domain of [`beta_inc`]. Relative error below 1e-13.
///
/// ```
/// assert!((glm_core::special::ln_beta_inc(500.0, 1.0, 1e-3) - 500.0 * 1e-3_f64.ln()).abs() < 1e-11);
/// ```
#[must_use]
pub fn ln_beta_inc(a: f64, b: f64, x: f64) -> f64 {
    beta_tail_at(a, b, x).ln_cdf()
}

/// The logarithm of [`beta_inc_complement`], finite where that underflows.
///
/// Domain of [`beta_inc`]. Relative error below 1e-13.
///
/// ```
/// let value = glm_core::special::ln_beta_inc_complement(1.0, 500.0, 0.999);
/// assert!((value - 500.0 * 0.001_f64.ln()).abs() < 1e-9);
/// ```
#[must_use]
pub fn ln_beta_inc_complement(a: f64, b: f64, x: f64) -> f64 {
    beta_tail_at(a, b, x).ln_sf()
}

/// The beta distribution at `x`.
fn beta_tail_at(a: f64, b: f64, x: f64) -> Tail {
    if !(0.0..=1.0).contains(&x) {
        return Tail::lower(f64::NAN);
    }
    beta_tail(a, b, x.into(), Twofold::sum(1.0, -x))
}

/// The beta distribution at odds `x/(1-x)`, both `x` and `1-x` to full relative precision.
pub(crate) fn beta_tail_at_odds(a: f64, b: f64, odds: Twofold) -> Tail {
    if odds.high.is_infinite() {
        return beta_tail(a, b, 1.0.into(), 0.0.into());
    }
    let total = odds.add(1.0.into());
    beta_tail(a, b, odds.divide(total), Twofold::from(1.0).divide(total))
}

/// The beta distribution at `x = 1 - y`, by the tail that can be computed directly.
pub(crate) fn beta_tail(a: f64, b: f64, x: Twofold, y: Twofold) -> Tail {
    if !(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite()) || x.high.is_nan() || y.high.is_nan() {
        Tail::lower(f64::NAN)
    } else if x.high <= 0.0 {
        Tail::lower(0.0)
    } else if y.high <= 0.0 {
        Tail::upper(0.0)
    } else if a.min(b) >= UNIFORM {
        uniform(a, b, x, y)
    } else if (a + 1.0) * y.high >= (b + 1.0) * x.high {
        left_tail(a, b, x, y)
    } else {
        left_tail(b, a, y, x).flipped()
    }
}

/// The beta distribution for `x <= (a+1)/(a+b+2)`.
fn left_tail(a: f64, b: f64, x: Twofold, y: Twofold) -> Tail {
    let (ln_scale, factor) = density(a, b, x, y);
    let tail = Tail { ln_scale, factor: factor / fraction(a, b, x, y), is_lower: true };
    if a < 1.0 && tail.value() > 0.75 { Tail::upper(small_shape_complement(a, b, x)) } else { tail }
}

/// `x^a y^b / B(a, b)` as `e^ln_scale factor`.
pub(crate) fn density(a: f64, b: f64, x: Twofold, y: Twofold) -> (Twofold, f64) {
    if a < 1.0 || b < 1.0 {
        // 1/B = s Γ(s+l)/(Γ(s+1) Γ(l)) for the smaller s and the larger l of the two.
        let (s, l) = if a < b { (a, b) } else { (b, a) };
        let ln_power = x.ln().scale(a).add(y.ln().scale(b));
        return (ln_power.add((ln_gamma_ratio(l, s) - ln_gamma_ratio(1.0, s)).into()), s);
    }
    let n = Twofold::sum(a, b);
    let left = x.multiply(n).divide(a.into()).ln().scale(a);
    let right = y.multiply(n).divide(b.into()).ln().scale(b);
    let remainders = stirling_error(n.high) - stirling_error(a) - stirling_error(b);
    (left.add(right).add(remainders.into()), (a / n.high).sqrt() * (b / (2.0 * PI)).sqrt())
}

/// The denominator of `I_x = (x^a y^b/B) / (β_0 + α_1/(β_1 + α_2/(β_2 + …)))`, by Lentz's method.
///
/// Didonato & Morris (1992), eq. (9). `λ = a y - b x` is formed exactly: near the mean everything hangs on it.
fn fraction(a: f64, b: f64, x: Twofold, y: Twofold) -> f64 {
    let lambda = y.scale(a).subtract(x.scale(b)).value();
    let (x, one_and_y) = (x.high, 1.0 + y.high);
    let mut value = a / (a + 1.0) * (lambda + 1.0);
    let mut c = value;
    let mut d = 0.0;
    let mut settled = 0;
    for m in 1..TERMS {
        let m = f64::from(m);
        let (below, above) = (a + 2.0 * m - 1.0, a + 2.0 * m + 1.0);
        let step = m * (b - m) * x / below;
        let alpha = (a + m - 1.0) / below * (a + b + m - 1.0) * x * step;
        let beta = m + step + (a + m) / above * (lambda + 1.0 + m * one_and_y);
        d = (beta + alpha * d).recip();
        c = beta + alpha / c;
        let delta = c * d;
        value *= delta;
        // Roundings may keep the factor an ulp or two from 1 for ever.
        settled += u32::from((delta - 1.0).abs() <= 7e-16);
        if (delta - 1.0).abs() <= 2.3e-16 || settled > 100 {
            break;
        }
    }
    value
}

/// `I_x ~ erfc(-η √(n/2))/2 + e^(-nη²/2)/√(2πn) c_0(η)`, `n = a + b`, with an error of order `min(a, b)^(-3/2)` of the
/// second term's scale, for `c_0 = 1/η - 1/w`, `w = (x - a/n)/s`, `s² = a b/n²`.
fn uniform(a: f64, b: f64, x: Twofold, y: Twofold) -> Tail {
    let sum = Twofold::sum(a, b);
    let n = sum.high;
    let (x_mean, y_mean) = (a / n, b / n);
    let s = (x_mean * y_mean).sqrt();
    let w = x.scale(b).subtract(y.scale(a)).value() / n / s;
    let left = x.multiply(sum).divide(a.into()).ln().scale(a);
    let exponent = left.add(y.multiply(sum).divide(b.into()).ln().scale(b));
    let z = (-exponent.value()).max(0.0).sqrt();
    let c = if z < 0.05 {
        // 1/η and 1/w cancel: the series in w.
        (y_mean - x_mean) / (3.0 * s) - (1.0 - s * s) / (12.0 * s * s) * w
    } else {
        (n / 2.0).sqrt() / z.copysign(w) - w.recip()
    };
    let correction = c / (2.0 * PI * n).sqrt();
    let is_lower = w < 0.0;
    let factor = 0.5 * erfcx(z) + if is_lower { correction } else { -correction };
    Tail { ln_scale: exponent, factor, is_lower }
}

/// `1 - I_x` for `a < 1` where it is small: `1 - x^a/(a B) (1 + a Σ (1-b)_n x^n/(n! (a+n)))` without the 1.
fn small_shape_complement(a: f64, b: f64, x: Twofold) -> f64 {
    let ln_power = a * x.ln().value() + (ln_gamma_ratio(b, a) - ln_gamma_ratio(1.0, a));
    let (mut sum, mut term) = (0.0_f64, 1.0_f64);
    for n in 1..2000 {
        let n = f64::from(n);
        term *= (n - b) / n * x.high;
        sum += term / (a + n);
        if term.abs() <= 1e-17 * sum.abs() {
            break;
        }
    }
    -ln_power.exp_m1() - ln_power.exp() * a * sum
}

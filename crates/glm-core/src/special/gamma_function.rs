//! The gamma function's logarithm, its derivatives, and the beta function and binomial coefficients made of it.

use super::cancellation::{ln_1p_minus, stirling_error};
use std::f64::consts::PI;

/// `ln √(2π)`.
const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;
/// The positive root of the digamma function, to 32 digits in two parts.
const ROOT: f64 = 1.461_632_144_968_362_2;
const ROOT_LOW: f64 = 9.549_995_429_965_697e-17;
/// From here on the asymptotic series hold every digit.
const LARGE: f64 = 10.0;
/// `B_2k / 2k`.
const BERNOULLI: [f64; 10] = [
    1.0 / 12.0,
    -1.0 / 120.0,
    1.0 / 252.0,
    -1.0 / 240.0,
    1.0 / 132.0,
    -691.0 / 32_760.0,
    1.0 / 12.0,
    -3617.0 / 8160.0,
    43_867.0 / 14_364.0,
    -174_611.0 / 6600.0,
];

/// The logarithm of the gamma function, `ln Γ(x)`, from libm.
///
/// Domain: `x > 0`, with `+inf` at 0 and at the poles; for negative `x` it is `ln |Γ(x)|`. Relative error below 1e-15
/// for `x > 0`, near the roots 1 and 2 too.
///
/// ```
/// use glm_core::special::ln_gamma;
/// assert!((ln_gamma(0.5) - 0.5 * std::f64::consts::PI.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// The digamma function `ψ(x) = d ln Γ(x)/dx`.
///
/// Domain: all reals but 0 and the negative integers, where it is NaN. Relative error below 2e-15 for `x > 0`, at the
/// root 1.4616… too: `ψ(x) - ψ(root)` is written term by term as a multiple of `x - root`. For negative `x` by
/// reflection, with an error of 1e-14 of the larger term.
///
/// ```
/// use glm_core::special::digamma;
/// assert!((digamma(1.0) + 0.5772156649015329).abs() < 1e-15);
/// ```
#[must_use]
pub fn digamma(x: f64) -> f64 {
    if x >= LARGE {
        let z = (x * x).recip();
        x.ln() - 0.5 / x - z * polynomial(&BERNOULLI, z)
    } else if x > 0.0 {
        digamma_from_root(x)
    } else if x.fract() == 0.0 {
        f64::NAN
    } else {
        digamma(1.0 - x) - PI / (PI * (x - x.round())).tan()
    }
}

/// `ψ(x) - ψ(root) = h (Σ_{k<10} 1/((x+k)(root+k)) + [ψ(a+h) - ψ(a)]/h)` with `h = x - root`, `a = root + 10`.
fn digamma_from_root(x: f64) -> f64 {
    let h = (x - ROOT) - ROOT_LOW;
    let mut sum = 0.0;
    for k in 0..10 {
        let k = f64::from(k);
        sum += ((x + k) * (ROOT + k)).recip();
    }
    let (a, b) = (ROOT + LARGE, x + LARGE);
    let (u, v) = ((a * a).recip(), (b * b).recip());
    // u p(u) - v p(v) over h, by the divided difference of z p(z): (u - v) = h (a + b) u v.
    let (mut p, mut difference) = (0.0, 0.0);
    for c in BERNOULLI.iter().rev() {
        difference = difference * v + p;
        p = p * u + c;
    }
    difference = difference * v + p;
    let logarithm = if h.abs() < 1e-20 { a.recip() } else { (h / a).ln_1p() / h };
    h * (sum + logarithm + 0.5 / (a * b) + difference * (a + b) * u * v)
}

/// The trigamma function `ψ'(x) = d² ln Γ(x)/dx²`.
///
/// Domain: all reals but 0 and the negative integers, where it is `+inf`. Relative error below 2e-15 for `x > 0`, for
/// every term is positive; for negative `x` by reflection, 1e-14.
///
/// ```
/// use glm_core::special::trigamma;
/// assert!((trigamma(1.0) - std::f64::consts::PI.powi(2) / 6.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    if x <= 0.0 {
        if x.fract() == 0.0 {
            return f64::INFINITY;
        }
        let s = (PI * (x - x.round())).sin() / PI;
        return (s * s).recip() - trigamma(1.0 - x);
    }
    let mut sum = 0.0;
    let mut m = x;
    while m < LARGE {
        sum += (m * m).recip();
        m += 1.0;
    }
    let z = m.recip() / m;
    sum + (1.0 + 0.5 / m + z * trigamma_series(z)) / m
}

/// `ln x - ψ(x)`, about `1/(2x)`: what the maximum-likelihood shape of a gamma distribution is found from.
///
/// Domain: `x >= 0`, with `+inf` at 0; NaN below. Relative error below 2e-15 at every size. From 10 on the asymptotic
/// series without its logarithm; below, the recurrence by `1/x - ln(1 + 1/x)`, whose terms are all positive.
///
/// ```
/// use glm_core::special::ln_minus_digamma;
/// assert!((ln_minus_digamma(1.0) / 0.5772156649015329 - 1.0).abs() < 2e-15);
/// assert!((ln_minus_digamma(1e12) / 5.000000000000833e-13 - 1.0).abs() < 2e-15);
/// ```
#[must_use]
pub fn ln_minus_digamma(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let (mut sum, mut m) = (0.0, x);
    while m < LARGE {
        sum -= ln_1p_minus(m.recip());
        m += 1.0;
    }
    let z = m.recip() / m;
    sum + 0.5 / m + z * polynomial(&BERNOULLI, z)
}

/// `ψ'(x) - 1/x`, about `1/(2x²)`: minus the derivative of [`ln_minus_digamma`].
///
/// Domain: `x >= 0`, with `+inf` at 0; NaN below. Relative error below 2e-15 where neither x² nor its reciprocal
/// overflows. From 10 on the asymptotic series without its first term; below, the recurrence by `1/(x² (x + 1))`.
///
/// ```
/// use glm_core::special::trigamma_minus_recip;
/// assert!((trigamma_minus_recip(1.0) / 0.6449340668482264 - 1.0).abs() < 2e-15);
/// assert!((trigamma_minus_recip(1e12) / 5e-25 - 1.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn trigamma_minus_recip(x: f64) -> f64 {
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let (mut sum, mut m) = (0.0, x);
    while m < LARGE {
        sum += (m * m * (m + 1.0)).recip();
        m += 1.0;
    }
    let z = m.recip() / m;
    sum + z * (0.5 + trigamma_series(z) / m)
}

/// `Σ B_2k z^(k-1)`: each coefficient of [`BERNOULLI`] times its 2k, for `-z d/dz of z p(z)` is what is left of trigamma.
fn trigamma_series(z: f64) -> f64 {
    BERNOULLI.iter().enumerate().rev().fold(0.0, |sum, (k, c)| sum * z + 2.0 * (k as f64 + 1.0) * c)
}

fn polynomial(coefficients: &[f64], z: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * z + c)
}

/// `ln Γ(b + a) - ln Γ(b)` for `0 <= a <= 1`, `b > 0`: its error is 1e-15 of `a`, however small, where `b` is moderate.
pub(crate) fn ln_gamma_ratio(b: f64, a: f64) -> f64 {
    let mut shift = 0.0;
    let mut m = b;
    while m < LARGE {
        shift += (a / m).ln_1p();
        m += 1.0;
    }
    // Stirling's remainders by the divided difference of n p(1/n²): 1/(m+a) - 1/m = -a/(m (m+a)).
    let n = m + a;
    let (u, v) = ((m * m).recip(), (n * n).recip());
    let (mut p, mut difference) = (0.0, 0.0);
    for (k, c) in BERNOULLI.iter().enumerate().rev() {
        difference = difference * v + p;
        p = p * u + c / (2.0 * k as f64 + 1.0);
    }
    // p(v)/n - p(u)/m with p(v) = p(u) - (u - v) difference, u - v = a (m + n) u v.
    let remainder = -a * (p / (m * n) + difference * (m + n) * u * v / n);
    (m - 0.5) * (a / m).ln_1p() + a * (n.ln() - 1.0) + remainder - shift
}

/// The logarithm of the beta function, `ln B(a, b) = ln Γ(a) + ln Γ(b) - ln Γ(a+b)`.
///
/// Domain: `a, b >= 0`, with `+inf` at 0; NaN outside. Error below 2e-15 of `max(1, |value|)`, for parameters of any
/// two sizes: the gamma functions of large arguments never cancel, only their Stirling remainders meet.
///
/// ```
/// use glm_core::special::ln_beta;
/// assert!((ln_beta(1e10, 1.0) + 1e10_f64.ln()).abs() < 1e-14);
/// ```
#[must_use]
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    if a < 0.0 || a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 {
        f64::INFINITY
    } else if b == f64::INFINITY {
        f64::NEG_INFINITY
    } else if a < 1.0 {
        // 1/(a B) = Γ(a+b)/(Γ(a+1) Γ(b)).
        ln_gamma_ratio(1.0, a) - ln_gamma_ratio(b, a) - a.ln()
    } else {
        let remainders = stirling_error(a) + stirling_error(b) - stirling_error(a + b);
        let ln_odds = if a < 0.1 * b { a.ln() - (a + b).ln() } else { (a / (a + b)).ln() };
        LN_SQRT_2PI - 0.5 * b.ln() + (a - 0.5) * ln_odds - b * (a / b).ln_1p() + remainders
    }
}

/// The logarithm of a factorial, `ln n! = ln Γ(n + 1)`, for real `n`.
///
/// Domain: `n >= 0`; NaN below. Relative error below 1e-15, but where `n` is so small that `n + 1` rounds.
///
/// ```
/// assert!((glm_core::special::ln_factorial(5.0) - 120.0_f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_factorial(n: f64) -> f64 {
    if n < 0.0 {
        f64::NAN
    } else if n < 0.5 {
        ln_gamma_ratio(1.0, n)
    } else {
        libm::lgamma(n + 1.0)
    }
}

/// The logarithm of a binomial coefficient, `ln C(n, k)`, for real `n` and `k`.
///
/// Domain: `0 <= k <= n`; NaN outside. Error below 4e-15 of `max(1, ln n, |value|)`.
///
/// ```
/// use glm_core::special::ln_choose;
/// assert!((ln_choose(5.0, 2.0) - 10.0_f64.ln()).abs() < 1e-14);
/// assert_eq!(ln_choose(7.0, 0.0), 0.0);
/// ```
#[must_use]
pub fn ln_choose(n: f64, k: f64) -> f64 {
    if !(0.0..=n).contains(&k) {
        f64::NAN
    } else if k == 0.0 || n - k == 0.0 {
        0.0
    } else {
        -(n + 1.0).ln() - ln_beta(n - k + 1.0, k + 1.0)
    }
}

//! Logarithms written so that nothing cancels: `ln(1 - e^x)`, `x ln y`, `ln Σ e^x` and the complementary log-log pair.

use std::f64::consts::LN_2;

/// The logarithm of a complement, `ln(1 - e^x)`: from `ln p` to `ln(1 - p)`.
///
/// Domain: `x <= 0`, with `-inf` at 0; NaN for `x > 0`. Relative error below 1e-15 in the left tail and near 0.
/// The switch at `-ln 2` is Mächler's (2012, "Accurately computing log(1 - exp(-|a|))").
///
/// ```
/// use glm_core::special::ln_1m_exp;
/// assert_eq!(ln_1m_exp(-1e-20), 1e-20_f64.ln());
/// assert_eq!(ln_1m_exp(-100.0), -(-100.0_f64).exp());
/// ```
#[inline]
#[must_use]
pub fn ln_1m_exp(x: f64) -> f64 {
    if x > -LN_2 { (-x.exp_m1()).ln() } else { (-x.exp()).ln_1p() }
}

/// The product `x ln y`, with `0 ln 0 = 0`.
///
/// Domain: `y >= 0`; NaN for `y < 0` and for a NaN argument, even when `x = 0`. Relative error below 1e-15 in `ln y`.
///
/// ```
/// use glm_core::special::xlogy;
/// assert_eq!(xlogy(0.0, 0.0), 0.0);
/// assert_eq!(xlogy(2.0, 1.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn xlogy(x: f64, y: f64) -> f64 {
    if x == 0.0 && y >= 0.0 { 0.0 } else { x * y.ln() }
}

/// The logarithm of a sum of exponentials, `ln Σ e^(x_i)`, which neither overflows nor underflows.
///
/// The empty sum and a sum of `-inf` give `-inf`; any `+inf` gives `+inf`; any NaN gives NaN. The error is a few
/// units in the last place of `max x` plus that of the remainder `ln(1 + Σ e^(x_i - max))`, in which the largest
/// term does not take part: `log_sum_exp(&[0.0, -40.0])` is `e^-40`, not 0.
///
/// ```
/// use glm_core::special::log_sum_exp;
/// assert_eq!(log_sum_exp(&[1000.0, 1000.0]), 1000.0 + 2.0_f64.ln());
/// assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
/// ```
#[must_use]
pub fn log_sum_exp(x: &[f64]) -> f64 {
    if x.iter().any(|v| v.is_nan()) {
        return f64::NAN;
    }
    let mut largest = 0;
    for (i, v) in x.iter().enumerate() {
        if *v > x[largest] {
            largest = i;
        }
    }
    let Some(&max) = x.get(largest) else {
        return f64::NEG_INFINITY;
    };
    if max.is_infinite() {
        return max;
    }
    let rest: f64 = x.iter().enumerate().filter(|(i, _)| *i != largest).map(|(_, v)| (v - max).exp()).sum();
    max + rest.ln_1p()
}

/// The mean under the complementary log-log link, `1 - exp(-e^x)`, the inverse of [`cloglog`].
///
/// Domain: all reals. Relative error below 1e-15 in the left tail; the right complement is `(-x.exp()).exp()`.
///
/// ```
/// assert_eq!(glm_core::special::cloglog_mean(-40.0), (-40.0_f64).exp());
/// ```
#[inline]
#[must_use]
pub fn cloglog_mean(x: f64) -> f64 {
    -(-x.exp()).exp_m1()
}

/// The logarithm of [`cloglog_mean`], `ln(1 - exp(-e^x))`, finite as far as `x` is.
///
/// Domain: all reals. About `x` in the left tail, relative error below 2e-15; about
/// `-exp(-e^x)` in the right one, relative error below `2.3e-16 e^x`, the rounding of the exponent.
///
/// ```
/// assert_eq!(glm_core::special::ln_cloglog_mean(-1e6), -1e6);
/// ```
#[inline]
#[must_use]
pub fn ln_cloglog_mean(x: f64) -> f64 {
    let t = x.exp();
    if x >= -1.0 {
        ln_1m_exp(-t)
    } else if t > 0.0 {
        // ln t + ln((1 - e^-t)/t): the first term is x itself, so that x keeps its last digits.
        x + (-(-t).exp_m1() / t).ln()
    } else {
        x
    }
}

/// The complementary log-log `ln(-ln(1 - p))`.
///
/// Domain: `0 <= p <= 1`, with infinities at the ends; NaN outside. Error below 1e-15 of `max(1, |value|)`.
///
/// ```
/// use glm_core::special::cloglog;
/// assert_eq!(cloglog(1e-300), 1e-300_f64.ln());
/// ```
#[inline]
#[must_use]
pub fn cloglog(p: f64) -> f64 {
    (-(-p).ln_1p()).ln()
}

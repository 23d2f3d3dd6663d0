//! The Cauchy distribution, exact in both tails: the cauchit link and its inverse.

use std::f64::consts::{FRAC_1_PI, PI};

/// The standard Cauchy density `1/(π (1 + x²))`.
///
/// Domain: all reals. Relative error below 1e-15.
///
/// ```
/// assert_eq!(glm_core::special::cauchy_pdf(0.0), std::f64::consts::FRAC_1_PI);
/// ```
#[inline]
#[must_use]
pub fn cauchy_pdf(x: f64) -> f64 {
    if x.abs() > 1e10 { FRAC_1_PI / x / x } else { FRAC_1_PI / (1.0 + x * x) }
}

/// The standard Cauchy distribution function `1/2 + atan(x)/π`.
///
/// Domain: all reals. Relative error below 1e-15; the left tail is `atan(-1/x)/π`. The upper tail is `cauchy_cdf(-x)`.
///
/// ```
/// use glm_core::special::cauchy_cdf;
/// assert!((cauchy_cdf(-1e100) * 1e100 * std::f64::consts::PI - 1.0).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn cauchy_cdf(x: f64) -> f64 {
    if x < -1.0 { FRAC_1_PI * (-1.0 / x).atan() } else { 0.5 + FRAC_1_PI * x.atan() }
}

/// The logarithm of [`cauchy_cdf`].
///
/// Domain: all reals. Relative error below 1e-15 in both tails.
///
/// ```
/// assert!((glm_core::special::ln_cauchy_cdf(0.0) + std::f64::consts::LN_2).abs() < 1e-16);
/// ```
#[inline]
#[must_use]
pub fn ln_cauchy_cdf(x: f64) -> f64 {
    if x > 0.0 { (-cauchy_cdf(-x)).ln_1p() } else { cauchy_cdf(x).ln() }
}

/// The Cauchy quantile `tan(π (p - 1/2))`, the inverse of [`cauchy_cdf`].
///
/// Given the complement `q = 1 - p`, the quantile is `-cauchy_quantile(q)`.
///
/// Domain: `0 <= p <= 1`, with infinities at the ends; NaN outside. Relative error below 1e-15.
///
/// ```
/// use glm_core::special::cauchy_quantile;
/// assert_eq!(cauchy_quantile(0.5), 0.0);
/// assert!((cauchy_quantile(1e-100) * std::f64::consts::PI * 1e-100 + 1.0).abs() < 1e-15);
/// ```
#[inline]
#[must_use]
pub fn cauchy_quantile(p: f64) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        f64::NAN
    } else if p < 0.25 {
        -1.0 / (PI * p).tan()
    } else if p > 0.75 {
        1.0 / (PI * (1.0 - p)).tan()
    } else {
        (PI * (p - 0.5)).tan()
    }
}

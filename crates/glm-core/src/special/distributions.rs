//! The distributions of tests: chi-squared, Student's t and Snedecor's F, by `cdf`, `sf`, `ln_sf` and quantiles.

use super::gamma_function::ln_beta;
use super::incomplete_beta::beta_tail_at_odds;
use super::incomplete_gamma::gamma_tail;
use super::normal::{ln_normal_cdf, normal_cdf, normal_quantile};
use super::quantile::{Target, beta_odds_quantile, gamma_quantile, gamma_quantile_upper};
use super::tail::Tail;
use super::twofold::Twofold;

/// Where a t statistic is so large that its tail is a power of it.
const FAR: f64 = 1e140;

/// The chi-squared distribution function with `df` degrees of freedom, `P(df/2, x/2)`.
///
/// Domain: all real `x` (0 for `x <= 0`), `df >= 0`; NaN outside. Relative error below 1e-13.
///
/// ```
/// assert!((glm_core::special::chi2_cdf(3.841458820694124, 1.0) - 0.95).abs() < 1e-14);
/// ```
#[must_use]
pub fn chi2_cdf(x: f64, df: f64) -> f64 {
    chi2_tail(x, df).cdf()
}

/// The upper tail of the chi-squared distribution, `Q(df/2, x/2)`: the p-value of a deviance test.
///
/// Domain and accuracy of [`chi2_cdf`].
///
/// ```
/// let p = glm_core::special::chi2_sf(1400.0, 2.0);
/// assert!((p / (-700.0_f64).exp() - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn chi2_sf(x: f64, df: f64) -> f64 {
    chi2_tail(x, df).sf()
}

/// The logarithm of [`chi2_sf`].
///
/// Domain and accuracy of [`chi2_cdf`].
///
/// ```
/// assert!((glm_core::special::ln_chi2_sf(1e5, 2.0) + 5e4).abs() < 1e-9);
/// ```
#[must_use]
pub fn ln_chi2_sf(x: f64, df: f64) -> f64 {
    chi2_tail(x, df).ln_sf()
}

/// The chi-squared quantile: the `x` with `chi2_cdf(x, df) = p`.
///
/// Domain: `0 <= p <= 1`, `df >= 0`; NaN outside. Accuracy of [`gamma_quantile`] with `a = df/2`.
///
/// ```
/// assert!((glm_core::special::chi2_quantile(0.95, 1.0) / 3.841458820694124 - 1.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn chi2_quantile(p: f64, df: f64) -> f64 {
    2.0 * gamma_quantile(p, 0.5 * df)
}

/// The upper chi-squared quantile: the `x` with `chi2_sf(x, df) = q`.
///
/// Domain and accuracy of [`chi2_quantile`].
///
/// ```
/// let x = glm_core::special::chi2_quantile_upper(1e-20, 2.0);
/// assert!((x / (-2.0 * 1e-20_f64.ln()) - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn chi2_quantile_upper(q: f64, df: f64) -> f64 {
    2.0 * gamma_quantile_upper(q, 0.5 * df)
}

fn chi2_tail(x: f64, df: f64) -> Tail {
    gamma_tail(0.5 * df, if x < 0.0 { 0.0 } else { 0.5 * x })
}

/// Student's t distribution function with `df` degrees of freedom.
///
/// Domain: all real `t`, `df > 0`, not only integers; `df = +inf` is the normal distribution; NaN outside. Relative error
/// below 1e-13 in both tails; the upper tail is `t_cdf(-t, df)`.
///
/// ```
/// use glm_core::special::t_cdf;
/// assert!((t_cdf(-1.0, 1.0) - 0.25).abs() < 1e-15);
/// ```
#[must_use]
pub fn t_cdf(t: f64, df: f64) -> f64 {
    if df == f64::INFINITY {
        return normal_cdf(t);
    }
    let tail = t_square_tail(t, df);
    if t <= 0.0 { 0.5 * tail.sf() } else { 0.5 + 0.5 * tail.cdf() }
}

/// The upper tail of Student's t distribution, `t_cdf(-t, df)`.
///
/// Domain and accuracy of [`t_cdf`].
///
/// ```
/// assert!((glm_core::special::t_sf(1.0, 1.0) - 0.25).abs() < 1e-15);
/// ```
#[must_use]
pub fn t_sf(t: f64, df: f64) -> f64 {
    t_cdf(-t, df)
}

/// The logarithm of [`t_sf`], finite where that underflows.
///
/// Domain and accuracy of [`t_cdf`].
///
/// ```
/// assert!((glm_core::special::ln_t_sf(0.0, 3.0) + std::f64::consts::LN_2).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_t_sf(t: f64, df: f64) -> f64 {
    if df == f64::INFINITY {
        ln_normal_cdf(-t)
    } else if t >= 0.0 {
        let tail = t_square_tail(t, df);
        tail.ln_sf() - std::f64::consts::LN_2
    } else {
        (-t_cdf(t, df)).ln_1p()
    }
}

/// Student's t quantile: the `t` with `t_cdf(t, df) = p`.
///
/// Given the complement `q = 1 - p`, the quantile is `-t_quantile(q, df)`. Domain: `0 <= p <= 1`, `df > 0`; NaN outside.
/// Relative error below 1e-13 times `max(1, 1/df)`, and beyond 1e150 `|ln t| 1e-15`.
///
/// ```
/// use glm_core::special::t_quantile;
/// assert!((t_quantile(0.75, 1.0) - 1.0).abs() < 1e-14);
/// assert_eq!(t_quantile(0.5, 7.5), 0.0);
/// ```
#[must_use]
pub fn t_quantile(p: f64, df: f64) -> f64 {
    if df == f64::INFINITY {
        return normal_quantile(p);
    }
    if !(0.0..=1.0).contains(&p) || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    // P(T² > t²) is twice the smaller tail; near the centre P(T² < t²) = |2p - 1| is the one that is exact.
    let tail = p.min(1.0 - p);
    let target = if tail < 0.25 { Target::of_upper(2.0 * tail) } else { Target::of_lower((2.0 * p - 1.0).abs()) };
    let odds = beta_odds_quantile(target, 0.5, 0.5 * df);
    let size = if odds < 1e300 {
        df.sqrt() * odds.sqrt()
    } else {
        // The tail is a power: 2 p = (df/t²)^(df/2)/(df/2 B(df/2, 1/2)).
        let ln_p = (2.0 * tail).ln() + (0.5 * df).ln() + ln_beta(0.5 * df, 0.5);
        (0.5 * df.ln() - ln_p / df).exp()
    };
    if p < 0.5 { -size } else { size }
}

/// `T²/df` is the odds of a beta variable of parameters 1/2 and df/2.
fn t_square_tail(t: f64, df: f64) -> Tail {
    if t.is_infinite() && df > 0.0 {
        return Tail::upper(0.0);
    }
    if t.abs() > FAR && df < FAR {
        // t² would overflow; out here the tail is a power of t, and t/2^300 is still far out.
        let tail = t_square_tail(t * (-300.0_f64).exp2(), df);
        let tail = if tail.is_lower { Tail::upper(tail.sf()) } else { tail };
        let shift = Twofold::product(-300.0 * std::f64::consts::LN_2, df);
        return Tail { ln_scale: tail.ln_scale.add(shift), ..tail };
    }
    beta_tail_at_odds(0.5, 0.5 * df, Twofold::product(t, t).divide(df.into()))
}

/// Snedecor's F distribution function with `df1` and `df2` degrees of freedom.
///
/// Domain: all real `x` (0 for `x <= 0`), `df1, df2 > 0`; an infinite `df2` is `chi2_cdf(df1 x, df1)`; NaN outside.
/// Relative error below 1e-13 for degrees of freedom up to 1e15 and `x df1/df2` below 1e300.
///
/// ```
/// assert!((glm_core::special::f_cdf(1.0, 4.0, 4.0) - 0.5).abs() < 1e-15);
/// ```
#[must_use]
pub fn f_cdf(x: f64, df1: f64, df2: f64) -> f64 {
    f_tail(x, df1, df2).cdf()
}

/// The upper tail of the F distribution: the p-value of an analysis of deviance with an estimated dispersion.
///
/// Domain and accuracy of [`f_cdf`].
///
/// ```
/// assert!((glm_core::special::f_sf(4.0, 2.0, 2.0) - 0.2).abs() < 1e-15);
/// ```
#[must_use]
pub fn f_sf(x: f64, df1: f64, df2: f64) -> f64 {
    f_tail(x, df1, df2).sf()
}

/// The logarithm of [`f_sf`].
///
/// Domain and accuracy of [`f_cdf`].
///
/// ```
/// assert!((glm_core::special::ln_f_sf(4.0, 2.0, 2.0) - 0.2_f64.ln()).abs() < 1e-15);
/// ```
#[must_use]
pub fn ln_f_sf(x: f64, df1: f64, df2: f64) -> f64 {
    f_tail(x, df1, df2).ln_sf()
}

/// The F quantile: the `x` with `f_cdf(x, df1, df2) = p`.
///
/// Domain: `0 <= p <= 1`, `df1, df2 > 0`, `df2` perhaps infinite; NaN outside. Relative error below 1e-13 times
/// `max(1, 2/df1, 2/df2)`. Given the complement `q = 1 - p`, the quantile is `1/f_quantile(q, df2, df1)`.
///
/// ```
/// assert!((glm_core::special::f_quantile(0.8, 2.0, 2.0) - 4.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn f_quantile(p: f64, df1: f64, df2: f64) -> f64 {
    if df2 == f64::INFINITY {
        return chi2_quantile(p, df1) / df1;
    }
    let odds = beta_odds_quantile(Target::of_lower(p), 0.5 * df1, 0.5 * df2);
    // 0 and infinity stay what they are, whatever df2/df1 overflows to.
    if odds == 0.0 || odds.is_infinite() { odds } else { odds * (df2 / df1) }
}

fn f_tail(x: f64, df1: f64, df2: f64) -> Tail {
    let x = if x < 0.0 { 0.0 } else { x };
    if df2 == f64::INFINITY {
        return chi2_tail(df1 * x, df1);
    }
    beta_tail_at_odds(0.5 * df1, 0.5 * df2, Twofold::product(x, df1).divide(df2.into()))
}

//! The differences behind every deviance: `ln(1 + x) - x`, the Poisson deviance kernel and Stirling's remainder.

/// The bend of the logarithm, `ln(1 + x) - x`, which is `-x²/2 + x³/3 - …` near 0.
///
/// Half the unit deviance of the gamma family is `-ln_1p_minus((y - mu)/mu)`.
///
/// Domain: `x >= -1`, with `-inf` at -1; NaN below. Relative error below 2e-15 everywhere. With `r = x/(2 + x)` the
/// value is `r (2 r² (1/3 + r²/5 + …) - x)`: the terms of `2 atanh r` after the part that cancels is gone.
///
/// ```
/// use glm_core::special::ln_1p_minus;
/// assert_eq!(ln_1p_minus(1e-100), -0.5e-200);
/// assert_eq!(ln_1p_minus(0.0), 0.0);
/// ```
#[inline]
#[must_use]
pub fn ln_1p_minus(x: f64) -> f64 {
    let r = x / (2.0 + x);
    if !(-0.4..=0.4).contains(&r) || x.is_infinite() {
        return if x == f64::INFINITY { f64::NEG_INFINITY } else { x.ln_1p() - x };
    }
    let rr = r * r;
    r * (2.0 * rr * atanh_tail(rr) - x)
}

/// `1/3 + z/5 + z²/7 + …`, which is `(atanh(√z)/√z - 1)/z`; for `0 <= z <= 0.55`.
pub(crate) fn atanh_tail(z: f64) -> f64 {
    let mut sum = 1.0 / 3.0;
    let mut power = z;
    let mut odd = 5.0;
    loop {
        let term = power / odd;
        sum += term;
        if term < 1e-17 {
            return sum;
        }
        power *= z;
        odd += 2.0;
    }
}

/// Half the Poisson unit deviance, `y ln(y/mu) - (y - mu)`, with no cancellation where `y` and `mu` are close.
///
/// Also Loader's `bd0`, the exponent of the binomial and gamma densities (Loader, 2000, "Fast and accurate
/// computation of binomial probabilities"). Never negative; `mu` at `y = 0`; `+inf` at `mu = 0 < y`.
///
/// Domain: `y >= 0`, `mu >= 0`; NaN outside. Relative error below 2e-15.
///
/// ```
/// use glm_core::special::deviance_kernel;
/// assert_eq!(deviance_kernel(0.0, 3.0), 3.0);
/// assert_eq!(deviance_kernel(3.0, 3.0), 0.0);
/// assert!((deviance_kernel(1e8 + 1.0, 1e8) / 4.99999998333e-9 - 1.0).abs() < 1e-11);
/// ```
#[inline]
#[must_use]
pub fn deviance_kernel(y: f64, mu: f64) -> f64 {
    if y > 0.0 && mu > 0.0 {
        if y.is_infinite() || mu.is_infinite() {
            return if y.is_finite() || mu.is_finite() { f64::INFINITY } else { f64::NAN };
        }
        // |mu - y| <= 0.4 (mu + y), the range of the series in ln_1p_minus; mu - y is then exact or nearly so.
        if (mu - y).abs() <= 0.4 * mu + 0.4 * y {
            return -y * ln_1p_minus((mu - y) / y);
        }
        let ratio = y / mu;
        let ln_ratio = if ratio.is_normal() { ratio.ln() } else { y.ln() - mu.ln() };
        y * ln_ratio - (y - mu)
    } else if y == 0.0 && mu >= 0.0 {
        mu
    } else if y > 0.0 && mu == 0.0 {
        f64::INFINITY
    } else {
        f64::NAN
    }
}

/// What Stirling's formula leaves over, `ln Γ(n+1) - (n + 1/2) ln n + n - ln √(2π)`, about `1/(12 n)`.
///
/// Domain: `n >= 0`, with `+inf` at 0; NaN below. Relative error below 1e-15. From 10 on the asymptotic series; below,
/// the recurrence `δ(n) - δ(n+1) = (n + 1/2) ln(1 + 1/n) - 1`, whose terms are all positive.
///
/// ```
/// use glm_core::special::stirling_error;
/// assert!((stirling_error(1.0) / 0.08106146679532726 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn stirling_error(n: f64) -> f64 {
    if n < 0.0 {
        return f64::NAN;
    }
    let mut m = n;
    let mut sum = 0.0;
    while m < 10.0 {
        sum += stirling_step(m);
        m += 1.0;
    }
    sum + stirling_series(m)
}

/// `δ(n) - δ(n+1) = atanh(r)/r - 1` with `r = 1/(2n + 1)`.
fn stirling_step(n: f64) -> f64 {
    if n < 0.2 {
        return (n + 0.5) * (n.recip().ln_1p()) - 1.0;
    }
    let r = (2.0 * n + 1.0).recip();
    r * r * atanh_tail(r * r)
}

/// `Σ B_2k / (2k (2k-1) n^(2k-1))`, nine terms: for `n >= 10`.
fn stirling_series(n: f64) -> f64 {
    const COEFFICIENTS: [f64; 9] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
        43_867.0 / 244_188.0,
    ];
    let z = (n * n).recip();
    COEFFICIENTS.iter().rev().fold(0.0, |sum, c| sum * z + c) / n
}

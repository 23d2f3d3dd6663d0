//! The scaled complementary error function `erfcx`, and squares and halvings of the exponent that lose no digit.

/// `√π`.
const SQRT_PI: f64 = 1.772_453_850_905_516;

/// The scaled complementary error function `e^(x²) erfc(x)`, about `1/(x √π)` for large `x`.
///
/// Domain: all reals; `+inf` for `x < -26.64`, where the value exceeds the largest number. Relative error below 2e-15
/// for `x >= 0`. Below 10 the product itself with `erfc` from libm and the square kept exact; above, the asymptotic
/// series of Abramowitz & Stegun 7.1.23.
///
/// ```
/// use glm_core::special::erfcx;
/// assert_eq!(erfcx(0.0), 1.0);
/// assert!((erfcx(1e8) / 5.641895835477563e-9 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn erfcx(x: f64) -> f64 {
    if x < 10.0 {
        return if x < -27.0 { f64::INFINITY } else { exp_square(x, 1.0) * libm::erfc(x) };
    }
    // Σ (-1)^k (2k-1)!!/(2x²)^k, twelve terms: the first one left out is below 1e-16 at x = 10.
    let z = 0.5 / x / x;
    let mut sum = 1.0;
    for k in (1..=12).rev() {
        sum = 1.0 - f64::from(2 * k - 1) * z * sum;
    }
    sum / (x * SQRT_PI)
}

/// `exp(scale x²)` for `scale` a power of two or its negative: `x` is split so that the square of its head is exact,
/// for an error of `|x²| ε` in the exponent would be as large a relative error of the result.
#[inline]
pub(crate) fn exp_square(x: f64, scale: f64) -> f64 {
    let head = f64::from_bits(x.to_bits() & 0xffff_ffff_0000_0000);
    let tail = (x - head) * (x + head);
    (scale * head * head).exp() * (scale * tail).exp()
}

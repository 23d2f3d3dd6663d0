//! Numbers of twice the working precision: for the exponents of densities, where an error of `1e-16` of an exponent of
//! 700 is an error of `1e-13` of the density, and for the last digits of ill-conditioned least squares.

use std::ops::{Add, Div, Mul, Sub};

use super::cancellation::atanh_tail;

/// An unevaluated sum `high + low` with `|low|` at most half a unit in the last place of `high`: about 32 digits.
///
/// Sums, products and quotients have a relative error below `1e-31`.
///
/// ```
/// use glm_core::special::Twofold;
/// let third = Twofold::from(1.0) / Twofold::from(3.0);
/// assert!((third.scale(3.0) - Twofold::from(1.0)).value().abs() < 1e-31);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Twofold {
    /// The number rounded to working precision.
    pub high: f64,
    /// What rounding took.
    pub low: f64,
}

/// `ln 2` to 32 digits.
const LN_2: Twofold = Twofold { high: std::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };

impl From<f64> for Twofold {
    fn from(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }
}

impl Twofold {
    /// The exact sum of two numbers (Knuth).
    #[must_use]
    pub fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        if !high.is_finite() {
            return high.into();
        }
        let b_part = high - a;
        Self { high, low: (a - (high - b_part)) + (b - b_part) }
    }

    /// The exact product of two numbers (Dekker), by halving the significands; infinities and NaN pass through.
    #[must_use]
    pub fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
        let low = ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2;
        Self { high, low: if low.is_finite() { low } else { 0.0 } }
    }

    pub(crate) fn add(self, other: Self) -> Self {
        let s = Self::sum(self.high, other.high);
        let t = Self::sum(self.low, other.low);
        let s = renormalise(s.high, s.low + t.high);
        renormalise(s.high, s.low + t.low)
    }

    pub(crate) fn subtract(self, other: Self) -> Self {
        self.add(other.negate())
    }

    pub(crate) fn negate(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }

    pub(crate) fn multiply(self, other: Self) -> Self {
        let p = Self::product(self.high, other.high);
        if !p.high.is_finite() {
            return p;
        }
        renormalise(p.high, p.low + (self.high * other.low + self.low * other.high))
    }

    /// self · factor.
    #[must_use]
    pub fn scale(self, factor: f64) -> Self {
        self.multiply(factor.into())
    }

    pub(crate) fn divide(self, other: Self) -> Self {
        let first = self.high / other.high;
        if !first.is_finite() {
            return first.into();
        }
        let rest = self.subtract(other.scale(first));
        let second = rest.high / other.high;
        let rest = rest.subtract(other.scale(second));
        renormalise(first, second).add((rest.high / other.high).into())
    }

    /// The sum in working precision.
    #[must_use]
    pub fn value(self) -> f64 {
        self.high + self.low
    }

    /// `e^(high + low)` in working precision.
    pub(crate) fn exp(self) -> f64 {
        let e = self.high.exp();
        e + e * self.low
    }

    /// The natural logarithm of a positive number, for `m = 2^-k self` in `(0.7, 1.42)` from `2 atanh((m-1)/(m+1))`.
    ///
    /// Absolute error below `1e-16 |m - 1|³` beside 31 digits of the whole: the terms after the first need only
    /// working precision. Subnormal arguments are scaled by `2^54` first;
    /// `-inf` at 0.
    pub(crate) fn ln(self) -> Self {
        if self.high <= 0.0 || !self.high.is_finite() {
            return self.high.ln().into();
        }
        if self.high < f64::MIN_POSITIVE {
            let scale = 2.0_f64.powi(54);
            let scaled = Self { high: self.high * scale, low: self.low * scale };
            return scaled.ln().subtract(LN_2.scale(54.0));
        }
        let (_, mut exponent) = libm::frexp(self.high);
        let mut m = Self { high: libm::scalbn(self.high, -exponent), low: libm::scalbn(self.low, -exponent) };
        if m.high < std::f64::consts::FRAC_1_SQRT_2 {
            m = Self { high: 2.0 * m.high, low: 2.0 * m.low };
            exponent -= 1;
        }
        let s = m.subtract(1.0.into()).divide(m.add(1.0.into()));
        let ss = s.high * s.high;
        let tail = Twofold::from(2.0 * s.high * ss * atanh_tail(ss));
        LN_2.scale(f64::from(exponent)).add(tail.add(s.scale(2.0)))
    }
}

impl Add for Twofold {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.add(other)
    }
}

impl Sub for Twofold {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.subtract(other)
    }
}

impl Mul for Twofold {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        self.multiply(other)
    }
}

impl Div for Twofold {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        self.divide(other)
    }
}

/// The number as a sum of 26 and 27 bits.
fn halves(a: f64) -> (f64, f64) {
    let head = f64::from_bits(a.to_bits() & 0xffff_ffff_f800_0000);
    (head, a - head)
}

/// The sum of `high` and a much smaller `low`.
fn renormalise(high: f64, low: f64) -> Twofold {
    let sum = high + low;
    // An infinity carries no rounding error: inf - inf would make it NaN.
    Twofold { high: sum, low: if sum.is_finite() { low - (sum - high) } else { 0.0 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_beyond_working_precision() {
        // ln 3 = 1.0986122886681098 - 9.07129723500153e-17…; ln(1 + 2^-40) from its series.
        let ln_3 = Twofold::from(3.0).ln();
        assert_eq!(ln_3.high.to_bits(), 1.098_612_288_668_109_8_f64.to_bits());
        assert!((ln_3.low + 9.071_297_235_001_53e-17).abs() < 1e-18, "{}", ln_3.low);
        let h = 2.0_f64.powi(-40);
        let near_one = Twofold::from(1.0 + h).ln().subtract((h - 0.5 * h * h).into()).value();
        assert!((near_one / (h * h * h / 3.0) - 1.0).abs() < 1e-3, "{near_one}");
        let tiny = Twofold::from(5e-324).ln().value();
        assert!((tiny / -744.440_071_921_381_3 - 1.0).abs() < 1e-15, "{tiny}");
    }
}

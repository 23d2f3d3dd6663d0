//! Registers of numbers in twice the precision, where a formula would otherwise lose its last digit.

use pulp::Simd;

use super::lanes::{Lanes, Mask};

/// A number as the sum of two, the second being what rounding took from the first.
pub(super) struct Pair<S: Simd> {
    pub(super) high: Lanes<S>,
    pub(super) low: Lanes<S>,
}

impl<S: Simd> Clone for Pair<S> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Simd> Copy for Pair<S> {}

impl<S: Simd> Pair<S> {
    #[inline(always)]
    pub(super) fn new(high: Lanes<S>, low: Lanes<S>) -> Self {
        Self { high, low }
    }

    /// The constant in every lane.
    #[inline(always)]
    pub(super) fn splat(like: Lanes<S>, high: f64, low: f64) -> Self {
        Self { high: like.splat(high), low: like.splat(low) }
    }

    /// a + b (Knuth).
    #[inline(always)]
    pub(super) fn sum(a: Lanes<S>, b: Lanes<S>) -> Self {
        let high = a + b;
        let part = high - a;
        Self { high, low: (a - (high - part)) + (b - part) }
    }

    /// a · b.
    #[inline(always)]
    pub(super) fn product(a: Lanes<S>, b: Lanes<S>) -> Self {
        let high = a * b;
        Self { high, low: a.mul_add(b, -high) }
    }

    /// The same number with as much as possible in its high part, which has to be the larger one.
    #[inline(always)]
    pub(super) fn rounded(self) -> Self {
        let high = self.high + self.low;
        Self { high, low: self.low - (high - self.high) }
    }

    /// self + low, for what is small beside self.
    #[inline(always)]
    pub(super) fn plus_low(self, low: Lanes<S>) -> Self {
        Self { high: self.high, low: self.low + low }
    }

    /// self · other.
    #[inline(always)]
    pub(super) fn times(self, other: Self) -> Self {
        let Self { high, low } = Self::product(self.high, other.high);
        Self { high, low: self.low.mul_add(other.high, self.high.mul_add(other.low, low)) }
    }

    /// self / other: a quotient that is wrong by two units in the last place at most, and one Newton step from there.
    #[inline(always)]
    pub(super) fn over(self, other: Self) -> Self {
        let inverse = self.high.splat(1.0) / other.high;
        let quotient = self.high * inverse;
        let rest = quotient.negate_mul_add(other.low, quotient.negate_mul_add(other.high, self.high) + self.low);
        Self { high: quotient, low: rest * inverse }
    }

    /// One number where yes, the other where no.
    #[inline(always)]
    pub(super) fn select(mask: Mask<S>, yes: Self, no: Self) -> Self {
        Self { high: mask.select(yes.high, no.high), low: mask.select(yes.low, no.low) }
    }
}

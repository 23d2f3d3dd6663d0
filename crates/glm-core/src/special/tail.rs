//! A probability known through one of its tails: the tail that is computed keeps its relative accuracy, the other is
//! its complement.

use super::twofold::Twofold;

/// The probability `factor e^ln_scale` of one tail.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail {
    pub(crate) ln_scale: Twofold,
    pub(crate) factor: f64,
    /// Whether it is the lower tail, `P(X <= x)`.
    pub(crate) is_lower: bool,
}

impl Tail {
    /// The lower tail by its value.
    pub(crate) fn lower(value: f64) -> Self {
        Self { ln_scale: 0.0.into(), factor: value, is_lower: true }
    }

    /// The upper tail by its value.
    pub(crate) fn upper(value: f64) -> Self {
        Self { ln_scale: 0.0.into(), factor: value, is_lower: false }
    }

    /// The same number as the other tail.
    pub(crate) fn flipped(self) -> Self {
        Self { is_lower: !self.is_lower, ..self }
    }

    pub(crate) fn value(self) -> f64 {
        self.ln_scale.exp() * self.factor
    }

    pub(crate) fn cdf(self) -> f64 {
        if self.is_lower { self.value() } else { 1.0 - self.value() }
    }

    pub(crate) fn ln_cdf(self) -> f64 {
        if self.is_lower { self.ln_value() } else { (-self.value()).ln_1p() }
    }

    pub(crate) fn sf(self) -> f64 {
        self.flipped().cdf()
    }

    pub(crate) fn ln_sf(self) -> f64 {
        self.flipped().ln_cdf()
    }

    fn ln_value(self) -> f64 {
        // Near 1 the logarithm of the value is the better conditioned; far below, the sum.
        let value = self.value();
        if value > 1e-3 { value.ln() } else { self.ln_scale.high + (self.ln_scale.low + self.factor.ln()) }
    }
}

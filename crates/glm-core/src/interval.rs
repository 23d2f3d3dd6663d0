//! An interval of the real line: the support of a family, the domain of a mean, the range of a link.

use std::fmt;

/// An interval with each end open or closed; infinite ends are open.
///
/// ```
/// use glm_core::Interval;
/// assert!(Interval::NON_NEGATIVE.contains(0.0));
/// assert!(!Interval::POSITIVE.contains(0.0));
/// assert_eq!(Interval::UNIT_OPEN.to_string(), "(0, 1)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
    /// Whether the lower end belongs to the interval.
    pub lower_closed: bool,
    /// Whether the upper end belongs to the interval.
    pub upper_closed: bool,
}

impl Interval {
    /// (−∞, ∞).
    pub const REAL: Self = Self::open(f64::NEG_INFINITY, f64::INFINITY);
    /// (0, ∞).
    pub const POSITIVE: Self = Self::open(0.0, f64::INFINITY);
    /// [0, ∞).
    pub const NON_NEGATIVE: Self = Self { lower: 0.0, upper: f64::INFINITY, lower_closed: true, upper_closed: false };
    /// (0, 1).
    pub const UNIT_OPEN: Self = Self::open(0.0, 1.0);
    /// [0, 1].
    pub const UNIT_CLOSED: Self = Self { lower: 0.0, upper: 1.0, lower_closed: true, upper_closed: true };

    /// The open interval (lower, upper).
    #[must_use]
    pub const fn open(lower: f64, upper: f64) -> Self {
        Self { lower, upper, lower_closed: false, upper_closed: false }
    }

    /// Whether `value` lies in the interval; NaN lies in none, and neither does an infinity.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.lower_closed { value >= self.lower } else { value > self.lower };
        let below = if self.upper_closed { value <= self.upper } else { value < self.upper };
        above && below
    }

    /// The same interval without its ends.
    #[must_use]
    pub const fn interior(&self) -> Self {
        Self::open(self.lower, self.upper)
    }

    /// Whether every interior point of `other` is an interior point of this interval.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.lower <= other.lower && self.upper >= other.upper
    }

    /// About `n` points inside, dense where tests need them: near finite ends and around zero and one.
    #[must_use]
    pub fn grid(&self, n: usize) -> Vec<f64> {
        let inside = |t: f64| match (self.lower.is_finite(), self.upper.is_finite()) {
            (true, true) => self.lower + (self.upper - self.lower) / (1.0 + (-t).exp()),
            (true, false) => self.lower + t.exp(),
            (false, true) => self.upper - (-t).exp(),
            (false, false) => t.sinh(),
        };
        let step = 12.0 / (n.max(2) - 1) as f64;
        (0..n.max(2)).map(|i| inside(-6.0 + step * i as f64)).filter(|value| self.contains(*value)).collect()
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |value: f64| match value {
            f64::INFINITY => "∞".to_owned(),
            f64::NEG_INFINITY => "−∞".to_owned(),
            _ => value.to_string(),
        };
        let (open, close) = (if self.lower_closed { '[' } else { '(' }, if self.upper_closed { ']' } else { ')' });
        write!(f, "{open}{}, {}{close}", end(self.lower), end(self.upper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_infinities() {
        assert!(Interval::UNIT_CLOSED.contains(1.0) && !Interval::UNIT_OPEN.contains(1.0));
        assert!(!Interval::REAL.contains(f64::NAN) && !Interval::REAL.contains(f64::INFINITY));
        assert_eq!(Interval::NON_NEGATIVE.to_string(), "[0, ∞)");
    }

    #[test]
    fn grids_stay_inside() {
        for interval in
            [Interval::REAL, Interval::POSITIVE, Interval::UNIT_OPEN, Interval::open(f64::NEG_INFINITY, 0.0)]
        {
            let grid = interval.grid(25);
            assert!(grid.len() == 25 && grid.iter().all(|value| interval.contains(*value)), "{interval}");
        }
    }
}

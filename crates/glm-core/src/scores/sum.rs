//! Compensated summation, so that a score does not depend on the order of the rows.

/// A running sum with Neumaier's correction: the error is `2ε|Σx| + O(nε²) Σ|x|`, whatever the order.
///
/// Source: Neumaier (1974), "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen". Unlike the plain
/// form it survives infinite terms: a sum with +∞ in it is +∞, not NaN.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    pub(super) fn add(&mut self, term: f64) {
        let next = self.sum + term;
        self.lost += if self.sum.abs() >= term.abs() { (self.sum - next) + term } else { (term - next) + self.sum };
        self.sum = next;
    }

    pub(super) fn value(self) -> f64 {
        if self.sum.is_finite() { self.sum + self.lost } else { self.sum }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(terms: &[f64], expected: f64) {
        let mut sum = Sum::default();
        terms.iter().for_each(|&term| sum.add(term));
        assert_eq!(sum.value().to_bits(), expected.to_bits(), "{terms:?}");
    }

    #[test]
    fn cancellation_leaves_what_is_left() {
        check(&[1.0, 1e100, 1.0, -1e100], 2.0);
        check(&[1e16, 1.0, 1.0, -1e16], 2.0);
        check(&[], 0.0);
    }

    #[test]
    fn infinity_is_not_nan() {
        check(&[1.0, f64::INFINITY, 2.0], f64::INFINITY);
    }
}

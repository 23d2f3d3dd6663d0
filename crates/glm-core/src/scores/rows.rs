//! The checks that every score makes of its rows, and the weighted mean that most of them are.

use super::error::ScoreError;
use super::sum::Sum;

/// Same length as the outcome, and at least one row.
pub(super) fn same_length(y: &[f64], prediction: &[f64]) -> Result<(), ScoreError> {
    match y.len() {
        0 => Err(ScoreError::Empty),
        expected if prediction.len() == expected => Ok(()),
        expected => Err(ScoreError::Length { what: "prediction", found: prediction.len(), expected }),
    }
}

pub(super) fn not_nan(what: &'static str, values: &[f64]) -> Result<(), ScoreError> {
    first(values, |v| !v.is_nan(), |row, value| ScoreError::NotFinite { what, row, value })
}

pub(super) fn finite(what: &'static str, values: &[f64]) -> Result<(), ScoreError> {
    first(values, f64::is_finite, |row, value| ScoreError::NotFinite { what, row, value })
}

/// In the closed unit interval; NaN and infinities are reported as such.
pub(super) fn unit(what: &'static str, values: &[f64]) -> Result<(), ScoreError> {
    finite(what, values)?;
    first(values, |v| (0.0..=1.0).contains(&v), |row, value| ScoreError::OutsideUnit { what, row, value })
}

/// Exactly 0 or 1.
pub(super) fn binary(y: &[f64]) -> Result<(), ScoreError> {
    finite("outcome", y)?;
    #[expect(clippy::float_cmp, reason = "class labels are exact")]
    first(y, |v| v == 0.0 || v == 1.0, |row, value| ScoreError::NotBinary { row, value })
}

fn first(
    values: &[f64],
    good: impl Fn(f64) -> bool,
    error: impl Fn(usize, f64) -> ScoreError,
) -> Result<(), ScoreError> {
    match values.iter().position(|&value| !good(value)) {
        Some(row) => Err(error(row, values[row])),
        None => Ok(()),
    }
}

/// Validated prior weights; none means one for every row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights<'a>(Option<&'a [f64]>);

impl<'a> Weights<'a> {
    /// Checks that there are `n` weights, finite, none negative and not all zero.
    pub(super) fn new(weights: Option<&'a [f64]>, n: usize) -> Result<Self, ScoreError> {
        let Some(values) = weights else { return Ok(Self(None)) };
        if values.len() != n {
            return Err(ScoreError::Length { what: "weights", found: values.len(), expected: n });
        }
        finite("weights", values)?;
        first(values, |w| w >= 0.0, |row, value| ScoreError::NegativeWeight { row, value })?;
        if values.iter().all(|&w| w == 0.0) { Err(ScoreError::NoWeight) } else { Ok(Self(weights)) }
    }

    pub(super) fn at(self, row: usize) -> f64 {
        self.0.map_or(1.0, |weights| weights[row])
    }

    /// A power of two that brings the largest weight of these rows near 1, so that sums of weights neither overflow
    /// nor vanish; multiplying by it is exact. It is 1 for ordinary weights.
    pub(super) fn scale(self, rows: impl Iterator<Item = usize>) -> f64 {
        let largest = rows.map(|row| self.at(row)).fold(0.0, f64::max);
        if largest > 1e200 {
            f64::from_bits((1023 - 900) << 52) // 2^-900
        } else if largest < 1e-100 {
            f64::from_bits((1023 + 900) << 52) // 2^900
        } else {
            1.0
        }
    }
}

/// The weighted mean of `value(row)` over the rows of positive weight.
pub(super) fn mean(weights: Weights<'_>, n: usize, value: impl Fn(usize) -> f64) -> f64 {
    let scale = weights.scale(0..n);
    let (mut total, mut sum) = (Sum::default(), Sum::default());
    for row in 0..n {
        let weight = scale * weights.at(row);
        if weight > 0.0 {
            total.add(weight);
            sum.add(weight * value(row));
        }
    }
    sum.value() / total.value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_validated() {
        let check = |w: &[f64]| Weights::new(Some(w), 2).err();
        assert_eq!(check(&[1.0]), Some(ScoreError::Length { what: "weights", found: 1, expected: 2 }));
        assert_eq!(check(&[1.0, -2.0]), Some(ScoreError::NegativeWeight { row: 1, value: -2.0 }));
        assert_eq!(check(&[0.0, 0.0]), Some(ScoreError::NoWeight));
        assert!(matches!(check(&[f64::NAN, 1.0]), Some(ScoreError::NotFinite { what: "weights", row: 0, .. })));
        assert!(matches!(check(&[1.0, f64::INFINITY]), Some(ScoreError::NotFinite { row: 1, .. })));
        assert_eq!(check(&[0.0, 1.0]), None);
    }

    #[test]
    fn extreme_weights_still_make_a_mean() {
        let values = [1.0, 2.0, 4.0];
        for unit in [1.0, 1e308, 5e-324, 1e-300] {
            let w = [unit; 3];
            let found = mean(Weights::new(Some(&w), 3).unwrap(), 3, |row| values[row]);
            assert!((found - 7.0 / 3.0).abs() < 1e-15, "{unit}: {found}");
        }
    }

    #[test]
    fn messages_say_where_and_what_to_do() {
        let error = ScoreError::OutsideUnit { what: "prediction", row: 3, value: 1.5 };
        assert_eq!(
            error.to_string(),
            "prediction is 1.5 in row 3, outside [0, 1]; a logit goes to log_loss_from_logits"
        );
    }
}

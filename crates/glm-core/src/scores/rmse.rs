//! The mean squared error and its root.

use super::error::ScoreError;
use super::rows;

/// The mean of `(y − μ)²`, weighted.
///
/// Domain: finite `y` and `predicted`. Relative error below 1e-15 given the residuals; a residual above 1e154
/// overflows to `+∞` here, not in [`rmse`].
///
/// # Errors
///
/// No rows, lengths that differ, a value that is NaN or infinite, or bad weights.
///
/// ```
/// use glm_core::scores::mean_squared_error;
///
/// assert_eq!(mean_squared_error(&[1.0, 2.0], &[1.0, 4.0], None)?, 2.0);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn mean_squared_error(y: &[f64], predicted: &[f64], weights: Option<&[f64]>) -> Result<f64, ScoreError> {
    let weights = validated(y, predicted, weights)?;
    Ok(rows::mean(weights, y.len(), |row| (y[row] - predicted[row]).powi(2)))
}

/// The root mean squared error, `√ mean of (y − μ)²`, weighted: in the units of `y`.
///
/// Domain: finite `y` and `predicted`, with finite differences. Relative error below 1e-15; the squares neither
/// overflow nor vanish, because residuals are scaled by their largest.
///
/// # Errors
///
/// No rows, lengths that differ, a value that is NaN or infinite, or bad weights.
///
/// ```
/// use glm_core::scores::rmse;
///
/// assert_eq!(rmse(&[0.0, 0.0], &[3e200, 3e200], None)?, 3e200);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn rmse(y: &[f64], predicted: &[f64], weights: Option<&[f64]>) -> Result<f64, ScoreError> {
    let weights = validated(y, predicted, weights)?;
    let used = (0..y.len()).filter(|&row| weights.at(row) > 0.0);
    let largest = used.map(|row| (y[row] - predicted[row]).abs()).fold(0.0, f64::max);
    if largest == 0.0 || largest.is_infinite() {
        return Ok(largest);
    }
    Ok(largest * rows::mean(weights, y.len(), |row| ((y[row] - predicted[row]) / largest).powi(2)).sqrt())
}

fn validated<'a>(y: &[f64], predicted: &[f64], weights: Option<&'a [f64]>) -> Result<rows::Weights<'a>, ScoreError> {
    rows::same_length(y, predicted)?;
    rows::finite("outcome", y)?;
    rows::finite("prediction", predicted)?;
    rows::Weights::new(weights, y.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn closed_forms() {
        assert_eq!(mean_squared_error(&[1.0, 2.0, 3.0], &[1.0, 0.0, 0.0], None), Ok(13.0 / 3.0));
        assert_eq!(mean_squared_error(&[1.0, 2.0, 3.0], &[1.0, 0.0, 0.0], Some(&[2.0, 1.0, 1.0])), Ok(13.0 / 4.0));
        assert_eq!(rmse(&[3.0, 4.0], &[0.0, 0.0], None), Ok(12.5_f64.sqrt()));
        assert_eq!(rmse(&[3.0], &[3.0], None), Ok(0.0));
    }

    #[test]
    fn squares_that_do_not_fit_are_scaled_first() {
        let tiny = rmse(&[3e-200, 4e-200], &[0.0, 0.0], None).unwrap();
        assert!((tiny / 1e-200 - 12.5_f64.sqrt()).abs() < 1e-14, "{tiny}");
        assert_eq!(mean_squared_error(&[1e200], &[0.0], None), Ok(f64::INFINITY));
    }

    #[test]
    fn bad_rows_are_named() {
        assert_eq!(rmse(&[], &[], None), Err(ScoreError::Empty));
        let length = ScoreError::Length { what: "prediction", found: 2, expected: 1 };
        assert_eq!(rmse(&[1.0], &[1.0, 2.0], None), Err(length));
        let infinite = ScoreError::NotFinite { what: "prediction", row: 1, value: f64::INFINITY };
        assert_eq!(mean_squared_error(&[1.0, 2.0], &[1.0, f64::INFINITY], None), Err(infinite));
        let outcome = mean_squared_error(&[1.0, f64::NAN], &[1.0, 1.0], None);
        assert!(matches!(outcome, Err(ScoreError::NotFinite { what: "outcome", row: 1, .. })));
    }

    proptest! {
        #![proptest_config(crate::scores::seeded())]

        #[test]
        fn order_does_not_matter_and_weight_is_repetition(
            rows in proptest::collection::vec((-1e3_f64..1e3, 1_u8..4), 1..40), magnitude in -8_i32..8,
        ) {
            let stretch = |row: usize| if row.is_multiple_of(3) { 10_f64.powi(magnitude) } else { 1.0 };
            let y: Vec<f64> = rows.iter().enumerate().map(|(i, r)| r.0 * stretch(i)).collect();
            let zero = vec![0.0; y.len()];
            let w: Vec<f64> = rows.iter().map(|r| f64::from(r.1)).collect();
            let once = mean_squared_error(&y, &zero, Some(&w)).unwrap();
            let backwards: Vec<f64> = y.iter().rev().copied().collect();
            let w_backwards: Vec<f64> = w.iter().rev().copied().collect();
            let turned = mean_squared_error(&backwards, &zero, Some(&w_backwards)).unwrap();
            prop_assert!((turned - once).abs() <= 4e-16 * once);
            let repeated: Vec<f64> = rows.iter().zip(&y).flat_map(|(r, &y)| (0..r.1).map(move |_| y)).collect();
            let found = mean_squared_error(&repeated, &vec![0.0; repeated.len()], None).unwrap();
            prop_assert!((found - once).abs() <= 1e-15 * once);
            prop_assert!((rmse(&y, &zero, Some(&w)).unwrap() - once.sqrt()).abs() <= 1e-15 * once.sqrt());
        }
    }
}

//! The Brier score of predicted probabilities.

use super::error::ScoreError;
use super::rows;

/// The mean of `y (1 − p)² + (1 − y) p²`, weighted: for `y` 0 or 1 that is `(y − p)²`.
///
/// Source: Brier (1950), in the form for two classes that lies between 0 and 1. Written so that it is linear in `y`, a
/// proportion with its number of trials as weight scores exactly as the trials written out.
///
/// Domain: `y` and `probability` in `[0, 1]`. Relative error below 1e-15.
///
/// # Errors
///
/// No rows, lengths that differ, a value that is NaN or outside `[0, 1]`, or bad weights.
///
/// ```
/// use glm_core::scores::brier_score;
///
/// assert_eq!(brier_score(&[0.0, 1.0], &[0.5, 1.0], None)?, 0.125);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn brier_score(y: &[f64], probability: &[f64], weights: Option<&[f64]>) -> Result<f64, ScoreError> {
    rows::same_length(y, probability)?;
    rows::unit("outcome", y)?;
    rows::unit("prediction", probability)?;
    let weights = rows::Weights::new(weights, y.len())?;
    Ok(rows::mean(weights, y.len(), |row| {
        let (y, p) = (y[row], probability[row]);
        y * (1.0 - p) * (1.0 - p) + (1.0 - y) * p * p
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        let check = |y: &[f64], p: &[f64], w: Option<&[f64]>, expected: f64| {
            let found = brier_score(y, p, w).unwrap();
            assert!((found - expected).abs() < 1e-16, "{found} is not {expected}");
        };
        check(&[0.0, 1.0], &[0.0, 1.0], None, 0.0);
        check(&[0.0, 1.0], &[1.0, 0.0], None, 1.0);
        check(&[0.0, 1.0, 1.0], &[0.1, 0.8, 0.3], None, (0.01 + 0.04 + 0.49) / 3.0);
        check(&[0.0, 1.0], &[0.5, 0.25], Some(&[3.0, 1.0]), (0.75 + 0.5625) / 4.0);
        // Three of four at p = 1/2: each trial scores 1/4, so the group does too.
        check(&[0.75], &[0.5], Some(&[4.0]), 0.25);
        // At the right probability the score is the variance p (1 - p).
        check(&[0.2], &[0.2], None, 0.16);
    }

    #[test]
    fn bad_rows_are_named() {
        let outside = ScoreError::OutsideUnit { what: "prediction", row: 0, value: -0.5 };
        assert_eq!(brier_score(&[0.0], &[-0.5], None), Err(outside));
        assert_eq!(brier_score(&[], &[], None), Err(ScoreError::Empty));
        assert_eq!(brier_score(&[0.0], &[0.5], Some(&[0.0])), Err(ScoreError::NoWeight));
    }
}

//! The log-loss (cross-entropy) of predicted probabilities, from the probabilities or from their logits.

use super::error::ScoreError;
use super::rows;

/// The mean of `−y ln p − (1 − y) ln(1 − p)`, weighted.
///
/// Also called the cross-entropy: the negative log-likelihood of Bernoulli outcomes, per unit of weight. `y` may be a
/// proportion with its number of trials as weight, which scores exactly as the trials written out.
///
/// Domain: `y` and `probability` in `[0, 1]`. Nothing is clamped: `p = 0` where `y > 0`, or `p = 1` where `y < 1`,
/// gives `+∞`. Relative error below 1e-15. A probability within 1e-16 of 1 cannot be written in an `f64`; where the
/// linear predictor is at hand use [`log_loss_from_logits`].
///
/// # Errors
///
/// No rows, lengths that differ, a value that is NaN or outside `[0, 1]`, or bad weights.
///
/// ```
/// use glm_core::scores::log_loss;
///
/// let coin = log_loss(&[0.0, 1.0], &[0.5, 0.5], None)?;
/// assert!((coin - 2_f64.ln()).abs() < 1e-16);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn log_loss(y: &[f64], probability: &[f64], weights: Option<&[f64]>) -> Result<f64, ScoreError> {
    rows::same_length(y, probability)?;
    rows::unit("outcome", y)?;
    rows::unit("prediction", probability)?;
    let weights = rows::Weights::new(weights, y.len())?;
    Ok(rows::mean(weights, y.len(), |row| {
        let p = probability[row];
        mix(y[row], || -p.ln(), || -(-p).ln_1p())
    }))
}

/// The log-loss of `p = 1/(1 + e^−η)` from its logit: the mean of `y ln(1 + e^−η) + (1 − y) ln(1 + e^η)`, weighted.
///
/// Equal to [`log_loss`] of the probabilities but without loss of the tails: at `η = 40` and `y = 0` it is 40, where
/// the probability has already rounded to 1. `η = ±∞` is the certain prediction: 0 where it is right, `+∞` where it is
/// not.
///
/// Domain: `y` in `[0, 1]`; `eta` any number but NaN. Relative error below 1e-15.
///
/// # Errors
///
/// No rows, lengths that differ, an outcome outside `[0, 1]`, a NaN logit, or bad weights.
///
/// ```
/// use glm_core::scores::log_loss_from_logits;
///
/// assert_eq!(log_loss_from_logits(&[0.0], &[1000.0], None)?, 1000.0);
/// # Ok::<(), glm_core::scores::ScoreError>(())
/// ```
pub fn log_loss_from_logits(y: &[f64], eta: &[f64], weights: Option<&[f64]>) -> Result<f64, ScoreError> {
    rows::same_length(y, eta)?;
    rows::unit("outcome", y)?;
    rows::not_nan("prediction", eta)?;
    let weights = rows::Weights::new(weights, y.len())?;
    Ok(rows::mean(weights, y.len(), |row| mix(y[row], || softplus(-eta[row]), || softplus(eta[row]))))
}

/// `y · one + (1 − y) · zero`, where a factor of zero leaves its term out (it may be infinite).
fn mix(y: f64, one: impl Fn() -> f64, zero: impl Fn() -> f64) -> f64 {
    let positive = if y > 0.0 { y * one() } else { 0.0 };
    let negative = if y < 1.0 { (1.0 - y) * zero() } else { 0.0 };
    positive + negative
}

/// `ln(1 + e^t)`, with nothing lost at either end.
fn softplus(t: f64) -> f64 {
    t.max(0.0) + (-t.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{found} is not {expected}");
    }

    #[test]
    fn closed_forms() {
        close(log_loss(&[1.0, 0.0], &[0.25, 0.25], None).unwrap(), (4_f64.ln() + (4.0_f64 / 3.0).ln()) / 2.0);
        close(log_loss(&[0.25], &[0.25], None).unwrap(), 0.25 * 4_f64.ln() + 0.75 * (4.0_f64 / 3.0).ln());
        close(log_loss(&[0.0], &[1e-20], None).unwrap(), 1e-20);
        assert_eq!(log_loss(&[0.0, 1.0], &[0.0, 1.0], None), Ok(0.0));
    }

    #[test]
    fn certain_and_wrong_is_infinite_unless_it_has_no_weight() {
        let y = [1.0, 0.0, 1.0];
        let p = [0.5, 1.0, 0.0];
        assert_eq!(log_loss(&y, &p, None), Ok(f64::INFINITY));
        close(log_loss(&y, &p, Some(&[3.0, 0.0, 0.0])).unwrap(), 2_f64.ln());
        let eta = [0.0, f64::INFINITY, f64::NEG_INFINITY];
        assert_eq!(log_loss_from_logits(&y, &eta, None), Ok(f64::INFINITY));
        assert_eq!(log_loss_from_logits(&[0.0], &[f64::NEG_INFINITY], None), Ok(0.0));
    }

    #[test]
    fn the_tails_of_the_logits() {
        let check =
            |y: f64, eta: f64, expected: f64| close(log_loss_from_logits(&[y], &[eta], None).unwrap(), expected);
        check(0.0, 40.0, 40.0);
        check(1.0, 40.0, 4.248_354_255_291_589e-18); // e^-40
        check(0.0, -700.0, 9.859_676_543_759_77e-305); // e^-700
        check(1.0, -1e300, 1e300);
        check(0.5, 0.0, std::f64::consts::LN_2);
    }

    #[test]
    fn bad_rows_are_named() {
        assert_eq!(log_loss(&[], &[], None), Err(ScoreError::Empty));
        let outside = |what, value| Err(ScoreError::OutsideUnit { what, row: 1, value });
        assert_eq!(log_loss(&[0.0, 1.0], &[0.5, 1.5], None), outside("prediction", 1.5));
        assert_eq!(log_loss(&[0.0, -1.0], &[0.5, 0.5], None), outside("outcome", -1.0));
        assert_eq!(log_loss_from_logits(&[0.0, 2.0], &[0.5, 0.5], None), outside("outcome", 2.0));
        let nan = log_loss_from_logits(&[0.0], &[f64::NAN], None);
        assert!(matches!(nan, Err(ScoreError::NotFinite { what: "prediction", row: 0, .. })));
    }

    proptest! {
        #![proptest_config(crate::scores::seeded())]

        #[test]
        fn logits_agree_with_probabilities(
            rows in proptest::collection::vec((0.0_f64..=1.0, -20.0_f64..20.0, 0.1_f64..3.0), 1..50),
        ) {
            let y: Vec<f64> = rows.iter().map(|r| r.0).collect();
            let eta: Vec<f64> = rows.iter().map(|r| r.1).collect();
            let w: Vec<f64> = rows.iter().map(|r| r.2).collect();
            let p: Vec<f64> = eta.iter().map(|e| 1.0 / (1.0 + (-e).exp())).collect();
            let (a, b) = (log_loss_from_logits(&y, &eta, Some(&w)).unwrap(), log_loss(&y, &p, Some(&w)).unwrap());
            // 1 - p carries an absolute error of 1e-16, relative to e^-20 = 2e-9.
            prop_assert!((a - b).abs() < 1e-7 * a);
        }

        #[test]
        fn a_proportion_is_its_trials_written_out(yes in 0_u32..5, no in 1_u32..5, p in 0.01_f64..0.99) {
            let trials = f64::from(yes + no);
            let grouped = log_loss(&[f64::from(yes) / trials], &[p], Some(&[trials])).unwrap();
            let y: Vec<f64> = (0..yes + no).map(|k| f64::from(u8::from(k < yes))).collect();
            let single = log_loss(&y, &vec![p; y.len()], None).unwrap();
            prop_assert!((grouped - single).abs() < 1e-14 * single);
        }
    }
}

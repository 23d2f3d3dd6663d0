//! Scores: how good a prediction is, judged from the outcome and the prediction alone.
//!
//! | score | outcome `y` | prediction | best | formula (every mean is weighted) |
//! |---|---|---|---|---|
//! | [`auc`] | 0 or 1 | any number, ±∞ too | 1 | `P(score₁ > score₀) + ½ P(score₁ = score₀)` |
//! | [`log_loss`] | in `[0, 1]` | probability | 0 for 0/1 | `mean of −y ln p − (1 − y) ln(1 − p)` |
//! | [`log_loss_from_logits`] | in `[0, 1]` | `η = logit p` | 0 for 0/1 | the same, without losing the tails |
//! | [`brier_score`] | in `[0, 1]` | probability | 0 for 0/1 | `mean of y (1 − p)² + (1 − y) p²` |
//! | [`mean_squared_error`] | finite | finite | 0 | `mean of (y − μ)²` |
//! | [`rmse`] | finite | finite | 0 | `√ mean of (y − μ)²` |
//! | [`calibration`] | finite | finite | | mean observed beside mean predicted, bin by bin |
//!
//! The rules are the same for all of them.
//!
//! * Prior weights are optional; a weight of 2 means the same as the row written twice. A row of weight zero adds
//!   nothing, even where its loss is infinite, but it is still validated.
//! * Sums are compensated, so the order of the rows changes a score by rounding only: a few units in the last place.
//! * Nothing is clamped. A certain prediction that is wrong has an infinite log-loss.
//! * What cannot be scored is a [`ScoreError`] that names the row.

mod auc;
mod brier;
mod calibration;
mod error;
mod log_loss;
mod rank;
mod rmse;
mod rows;
mod sum;

pub use auc::auc;
pub use brier::brier_score;
pub use calibration::{CalibrationBin, calibration, calibration_by_deciles};
pub use error::ScoreError;
pub use log_loss::{log_loss, log_loss_from_logits};
pub use rmse::{mean_squared_error, rmse};

/// The settings of the property tests: the same cases on every run.
#[cfg(test)]
fn seeded() -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, RngSeed};
    Config { rng_seed: RngSeed::Fixed(20_261), failure_persistence: None, ..Config::default() }
}

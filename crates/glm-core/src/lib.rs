//! (being written)

pub mod scores;

pub use scores::{
    CalibrationBin, ScoreError, auc, brier_score, calibration, calibration_by_deciles, log_loss, log_loss_from_logits,
    mean_squared_error, rmse,
};

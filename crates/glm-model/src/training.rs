//! How a network is trained, as plain settings.

use serde::{Deserialize, Serialize};

/// How a network is trained: Adam on batches of shuffled rows, everything random from one seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Training {
    /// Passes over the rows.
    pub epochs: usize,
    /// Adam's learning rate.
    pub rate: f64,
    /// Rows per step; all rows where there are fewer.
    pub batch: usize,
    /// λ of the penalty ½λ‖W‖² on all weights and no intercept.
    pub l2: f64,
    /// The probability with which a feature of a layer is dropped in training.
    pub dropout: f64,
    /// The share of rows that early stopping watches and training does not see; none without `patience`.
    pub validation: f64,
    /// Epochs without a better validation loss after which training goes back to the best.
    pub patience: Option<usize>,
    /// Where everything random comes from.
    pub seed: u64,
}

impl Default for Training {
    fn default() -> Self {
        Self { epochs: 200, rate: 3e-3, batch: 64, l2: 0.0, dropout: 0.0, validation: 0.1, patience: None, seed: 0 }
    }
}

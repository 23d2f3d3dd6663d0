//! How to train: the settings, as a value.

use std::sync::Arc;

use crate::error::check_setting;
use crate::{Adam, AnyOptimizer, Data, Error, Initial};

/// How to train. All but the optimiser has a default.
///
/// ```
/// use nn::{BatchSize, EarlyStopping, Sgd, Training};
/// let training = Training {
///     epochs: 200,
///     batch_size: BatchSize::Rows(32),
///     early_stopping: Some(EarlyStopping { patience: 10, min_delta: 0.0 }),
///     ..Training::with(Sgd { rate: 0.1, momentum: 0.9, nesterov: true })
/// };
/// # let _ = training;
/// ```
#[derive(Debug, Clone)]
pub struct Training {
    /// What a step makes of a gradient.
    pub optimizer: Arc<dyn AnyOptimizer>,
    /// Passes over the rows, at most; 100 by default.
    pub epochs: usize,
    /// Rows per step; the last batch of an epoch may be shorter. 32 by default.
    pub batch_size: BatchSize,
    /// λ ≥ 0 of the penalty ½λ‖W‖² on all weights and no intercept, added to the reduced loss at every step. Zero, which is
    /// none, by default.
    pub l2: f64,
    /// Whether steps see the mean loss of a batch or the sum; the mean by default.
    pub reduction: Reduction,
    /// When to give up on a better validation loss; never, by default. Needs validation rows.
    pub early_stopping: Option<EarlyStopping>,
    /// Starting parameters.
    pub initial: Initial,
    /// Whether each epoch reads the rows in an order of its own; by default it does. A full batch has no order.
    pub shuffle: bool,
    /// Where all randomness comes from.
    pub seed: u64,
}

/// Rows per step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchSize {
    /// All.
    Full,
    /// At least one.
    Rows(usize),
}

/// What a step makes of a batch's loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reduction {
    /// Divided by the batch's total weight.
    #[default]
    Mean,
    /// As it is.
    Sum,
}

/// Stops when the validation loss has not fallen by more than `min_delta` for `patience` epochs, and goes back to the
/// parameters of the best epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlyStopping {
    /// At least one.
    pub patience: usize,
    /// At least zero.
    pub min_delta: f64,
}

/// What the validation loss is found on.
#[derive(Debug, Clone, Copy, Default)]
pub enum Validation<'a> {
    /// Nothing.
    #[default]
    None,
    /// A random part of the data, in (0, 1), which is then not trained on.
    Split(f64),
    /// Other data.
    Data(&'a Data<'a>),
}

impl Training {
    /// The defaults with an optimiser.
    #[must_use]
    pub fn with(optimizer: impl AnyOptimizer + 'static) -> Self {
        Self {
            optimizer: Arc::new(optimizer),
            epochs: 100,
            batch_size: BatchSize::Rows(32),
            l2: 0.0,
            reduction: Reduction::Mean,
            early_stopping: None,
            initial: Initial::default(),
            shuffle: true,
            seed: 0,
        }
    }

    /// Checks all settings but the optimiser's and the starting parameters.
    pub(crate) fn check(&self, validation: Validation<'_>) -> Result<(), Error> {
        check_setting("the number of epochs", 0.0, self.epochs > 0, "at least 1")?;
        check_setting("the batch size", 0.0, self.batch_size != BatchSize::Rows(0), "at least 1")?;
        check_setting("the L2 penalty", self.l2, self.l2 >= 0.0 && self.l2.is_finite(), "at least 0")?;
        if let Some(EarlyStopping { patience, min_delta }) = self.early_stopping {
            check_setting("the patience", 0.0, patience > 0, "at least 1")?;
            check_setting("min_delta", min_delta, min_delta >= 0.0 && min_delta.is_finite(), "at least 0")?;
            let validated = !matches!(validation, Validation::None);
            check_setting("the share of validation rows", 0.0, validated, "above 0 where training is to stop early")?;
        }
        if let Validation::Split(share) = validation {
            check_setting("the share of validation rows", share, share > 0.0 && share < 1.0, "above 0 and below 1")?;
        }
        Ok(())
    }
}

impl Default for Training {
    /// [`Adam`] at a rate of 1e-3.
    fn default() -> Self {
        Self::with(Adam::new(1e-3))
    }
}

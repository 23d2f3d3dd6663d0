//! What happened, epoch by epoch.

use std::fmt;

/// One epoch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// Counted from one.
    pub epoch: usize,
    /// The loss per unit weight over the epoch's batches, each at the parameters before its step and with its dropout; for
    /// full batches without dropout, the training loss before the epoch's one step. No penalty is in it.
    pub training_loss: f64,
    /// ½λ‖W‖² after the epoch; zero without a penalty.
    pub penalty: f64,
    /// The loss per unit weight on the validation rows after the epoch.
    pub validation_loss: Option<f64>,
}

/// The epochs of a training, first to last.
#[derive(Clone, PartialEq, Default)]
pub struct History {
    /// The epochs.
    pub epochs: Vec<Epoch>,
}

impl History {
    /// The last epoch, unless there was none.
    #[must_use]
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    /// The training losses.
    pub fn training_losses(&self) -> impl Iterator<Item = f64> + '_ {
        self.epochs.iter().map(|epoch| epoch.training_loss)
    }

    /// The validation losses, where there was validation.
    pub fn validation_losses(&self) -> impl Iterator<Item = f64> + '_ {
        self.epochs.iter().filter_map(|epoch| epoch.validation_loss)
    }
}

/// The number of epochs and the last of them: an error that holds a thousand should not print them all.
impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").field("len", &self.epochs.len()).field("last", &self.last()).finish()
    }
}

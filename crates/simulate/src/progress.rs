//! A progress bar on the standard error, where that is a terminal.

use std::io::{IsTerminal, stderr};
use std::ops::ControlFlow;

use indicatif::{ProgressBar, ProgressStyle};
use nn::{Epoch, Observer};

/// Makes progress bars, or none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    shown: bool,
}

/// One model being trained; the bar goes when this does.
#[derive(Debug)]
pub(crate) struct Watch(ProgressBar);

impl Progress {
    /// Bars if the standard error is a terminal.
    pub(crate) fn on_stderr() -> Self {
        Self { shown: stderr().is_terminal() }
    }

    /// Watches a training of at most so many epochs.
    pub(crate) fn watch(self, what: &str, epochs: usize) -> Watch {
        let bar = if self.shown { ProgressBar::new(epochs as u64) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{prefix:30} {bar:40} {pos:>5}/{len} {elapsed:>4}  {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(what.to_owned());
        Watch(bar)
    }
}

impl Observer for Watch {
    fn observe(&mut self, epoch: &Epoch) -> ControlFlow<()> {
        if !self.0.is_hidden() {
            let validation = epoch.validation_loss.map_or(String::new(), |loss| format!(", validation {loss:.4}"));
            self.0.set_message(format!("loss {:.4}{validation}", epoch.training_loss));
            self.0.set_position(epoch.epoch as u64);
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

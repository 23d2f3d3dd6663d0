//! A line on the standard error that says what takes so long, where that is a terminal.

use std::io::{IsTerminal, stderr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

/// What is shorter needs no progress.
const PATIENCE: Duration = Duration::from_secs(2);
const REFRESH: Duration = Duration::from_millis(200);

/// Whether progress is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Progress {
    shown: bool,
}

/// Something that may take long; its line goes when this does.
#[derive(Debug)]
pub(crate) struct Task {
    rows: Arc<AtomicU64>,
    line: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Shown if the standard error is a terminal.
    pub(crate) fn on_stderr(quiet: bool) -> Self {
        Self { shown: !quiet && stderr().is_terminal() }
    }

    /// Begins something.
    pub(crate) fn task(self, what: impl Into<String>) -> Task {
        let rows = Arc::new(AtomicU64::new(0));
        let (what, counted) = (what.into(), Arc::clone(&rows));
        let line = self.shown.then(|| {
            let (done, is_done) = channel();
            (done, thread::spawn(move || show(&what, &counted, &is_done)))
        });
        Task { rows, line }
    }
}

impl Task {
    /// Counts rows.
    pub(crate) fn add_rows(&self, rows: usize) {
        self.rows.fetch_add(rows as u64, Ordering::Relaxed);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if let Some((done, line)) = self.line.take() {
            drop(done);
            // A panic of the thread has been told, and concerns a line on a terminal.
            let _ = line.join();
        }
    }
}

/// Shows a line from when patience ends until the sender is dropped.
fn show(what: &str, rows: &AtomicU64, is_done: &Receiver<()>) {
    if is_done.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
        return;
    }
    let line = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {msg}") {
        line.set_style(style);
    }
    line.set_prefix(what.to_owned());
    while is_done.recv_timeout(REFRESH) == Err(RecvTimeoutError::Timeout) {
        match rows.load(Ordering::Relaxed) {
            0 => {}
            rows => line.set_message(format!("{} rows", HumanCount(rows))),
        }
        line.tick();
    }
    line.finish_and_clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_task_ends_at_once() {
        let task = Progress { shown: true }.task("reading");
        task.add_rows(3);
        assert_eq!(task.rows.load(Ordering::Relaxed), 3);
        drop(task);
    }
}

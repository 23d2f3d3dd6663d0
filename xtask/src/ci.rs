//! `cargo xtask ci`: the whole of CI. The list of its steps is the script `.ci/run` and exists nowhere else.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

/// The script prints each step before it runs it, with the seconds since the start; the last line, ours, has the total.
pub(crate) fn run(root: &Path) -> ExitCode {
    let start = Instant::now();
    let code = crate::run(Command::new("bash").arg(root.join(".ci/run")));
    eprintln!("[{} s] the end", start.elapsed().as_secs());
    code
}

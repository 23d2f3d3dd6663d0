//! Runs the command and reads what it says.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// What a run left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `glm` in a directory.
pub(crate) fn glm(directory: &Path, args: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_glm")).current_dir(directory).args(args).output();
    let Output { status, stdout, stderr } = output.unwrap_or_else(|error| panic!("glm does not start: {error}"));
    let text = |bytes| String::from_utf8(bytes).unwrap_or_else(|error| panic!("not UTF-8: {error}"));
    let run = Run { status: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) };
    assert!(!run.stderr.contains("panicked"), "{args:?}: {}", run.stderr);
    run
}

impl Run {
    /// The one JSON object on the standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", self.stdout, self.stderr))
    }
}

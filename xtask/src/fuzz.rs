//! `cargo xtask fuzz`: every fuzz target for a minute, where cargo-fuzz and a nightly compiler are installed.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

const TARGETS: [&str; 3] = ["formula", "csv", "model"];

const MISSING: &str = "\
cargo-fuzz is not installed, so nothing was fuzzed. To have it:

  rustup toolchain install nightly
  cargo install cargo-fuzz

The corpus runs as an ordinary test all the same: cargo test -p glm-model --test corpus
";

/// Runs the targets one after the other; `seconds` is the time for each.
pub(crate) fn run(root: &Path, seconds: Option<&OsStr>) -> ExitCode {
    let seconds = seconds.and_then(OsStr::to_str).unwrap_or("60");
    if seconds.parse::<u32>().is_err() {
        eprintln!("cargo xtask fuzz [SECONDS]: {seconds} is no number of seconds");
        return ExitCode::from(2);
    }
    if !is_installed() {
        eprint!("{MISSING}");
        return ExitCode::FAILURE;
    }
    for target in TARGETS {
        let mut fuzz = Command::new("cargo");
        fuzz.args(["+nightly", "fuzz", "run", target, "--", &format!("-max_total_time={seconds}")]);
        if crate::run(fuzz.current_dir(root.join("fuzz"))) != ExitCode::SUCCESS {
            eprintln!("{target}: what was found is in fuzz/artifacts/{target}; put it into fuzz/corpus/{target}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn is_installed() -> bool {
    let mut fuzz = Command::new("cargo");
    let fuzz = fuzz.args(["+nightly", "fuzz", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    fuzz.status().is_ok_and(|status| status.success())
}

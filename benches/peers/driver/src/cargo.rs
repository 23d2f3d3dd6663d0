//! Building the peers that are written in Rust; one that does not build is missing, and the others are measured.

use std::env;
use std::path::Path;
use std::process::Command;

/// Builds a package of this workspace in the release profile.
///
/// The peers are compiled for this machine's processor, their best configuration; ours as anyone gets it from cargo.
pub(crate) fn build(package: &str) -> Result<(), String> {
    eprintln!("building {package}");
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["build", "--quiet", "--release", "--package", package, "--manifest-path"]).arg(manifest);
    if package != "peer-ours" {
        let flags = env::var("RUSTFLAGS").unwrap_or_default();
        command.env("RUSTFLAGS", format!("{flags} -C target-cpu=native"));
    }
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let reason = words.lines().find(|line| line.starts_with("error")).or_else(|| words.lines().last());
    Err(format!("it does not build: {}", reason.unwrap_or("cargo gave no reason")))
}

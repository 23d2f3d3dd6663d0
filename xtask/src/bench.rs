//! `cargo xtask bench`: the criterion benches, in the release profile.

use std::ffi::OsString;
use std::process::Command;

pub(crate) fn command(args: &[OsString]) -> Command {
    let mut command = crate::cargo();
    command.args(["bench", "--package", "benches"]).args(args);
    command
}

#[cfg(test)]
mod tests {
    #[test]
    fn arguments_go_to_cargo_bench() {
        let command = super::command(&["--bench".into(), "pass".into()]);
        assert_eq!(crate::words(&command), ["bench", "--package", "benches", "--bench", "pass"]);
    }
}

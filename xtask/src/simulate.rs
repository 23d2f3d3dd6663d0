//! `cargo xtask simulate`: runs the program `simulate`, whose standard output is left untouched.

use std::ffi::OsString;
use std::process::Command;

/// `--quiet` keeps cargo's own lines off the terminal; what `simulate --json` prints stays one JSON object.
pub(crate) fn command(args: &[OsString]) -> Command {
    let mut command = crate::cargo();
    command.args(["run", "--quiet", "--package", "simulate", "--"]).args(args);
    command
}

#[cfg(test)]
mod tests {
    #[test]
    fn arguments_go_to_the_program_and_not_to_cargo() {
        let command = super::command(&["--json".into(), "--seed".into(), "7".into()]);
        let expected = ["run", "--quiet", "--package", "simulate", "--", "--json", "--seed", "7"];
        assert_eq!(crate::words(&command), expected);
    }
}

//! `cargo xtask reference`: how close the fits come to the reference cases; `--nist` prints the digits of NIST's sets.

use std::ffi::OsString;
use std::process::Command;

pub(crate) fn command(args: &[OsString]) -> Command {
    let mut command = crate::cargo();
    command.args(["run", "--quiet", "--package", "glm-solvers", "--example", "reference", "--"]).args(args);
    command
}

#[cfg(test)]
mod tests {
    #[test]
    fn arguments_go_to_the_program_and_not_to_cargo() {
        let command = super::command(&["--nist".into()]);
        let expected = ["run", "--quiet", "--package", "glm-solvers", "--example", "reference", "--", "--nist"];
        assert_eq!(crate::words(&command), expected);
    }
}

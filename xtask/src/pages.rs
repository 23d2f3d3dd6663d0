//! `cargo xtask man` and `cargo xtask completions`: what the command `glm` knows of itself, as files for a package.

use std::ffi::OsString;
use std::process::Command;

/// `man DIRECTORY` writes the manual pages, `completions SHELL` prints what the shell needs.
pub(crate) fn command(what: &str, args: &[OsString]) -> Command {
    let mut command = crate::cargo();
    command.args(["run", "--quiet", "--package", "glm-cli", "--", what]).args(args);
    command
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_program_makes_its_own_pages() {
        let command = super::command("man", &["target/man".into()]);
        assert_eq!(crate::words(&command), ["run", "--quiet", "--package", "glm-cli", "--", "man", "target/man"]);
    }
}

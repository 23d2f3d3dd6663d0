//! `cargo xtask test`: every unit test, integration test, example and doctest of the workspace.

use std::ffi::OsString;
use std::process::Command;

/// The benches are left out: they test nothing, clippy compiles them, and criterion's features would make cargo build
/// faer a second time after `cargo xtask simulate`. With `-p` or `--package` among the arguments, only those packages
/// are tested.
pub(crate) fn command(args: &[OsString]) -> Command {
    let mut command = crate::cargo();
    command.arg("test");
    if !chooses_packages(args) {
        command.args(["--workspace", "--exclude", "benches"]);
    }
    command.args(args);
    command
}

fn chooses_packages(args: &[OsString]) -> bool {
    let for_cargo = args.iter().filter_map(|arg| arg.to_str()).take_while(|arg| *arg != "--");
    for_cargo.into_iter().any(|arg| arg == "-p" || arg == "--package" || arg.starts_with("--package="))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    fn check(args: &[&str], expected: &[&str]) {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        assert_eq!(crate::words(&super::command(&args)), expected);
    }

    #[test]
    fn without_arguments_the_whole_workspace() {
        check(&[], &["test", "--workspace", "--exclude", "benches"]);
        check(&["--doc"], &["test", "--workspace", "--exclude", "benches", "--doc"]);
    }

    #[test]
    fn a_chosen_package_is_tested_alone() {
        check(&["-p", "nn", "dropout"], &["test", "-p", "nn", "dropout"]);
        check(&["--package=nn"], &["test", "--package=nn"]);
    }

    #[test]
    fn what_follows_two_dashes_belongs_to_the_tests() {
        check(&["--", "-p"], &["test", "--workspace", "--exclude", "benches", "--", "-p"]);
    }
}

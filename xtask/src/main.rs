//! The workspace's automation, `cargo xtask <command>`: it runs cargo, and depends on no crate, ours or others'.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program's purpose is to talk to whoever runs it")]

mod simulate;

mod test;

mod reference;

mod pages;

mod tidy;

mod ci;

mod bench;

mod fuzz;

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask <command> [arguments]

  simulate [arguments]   simulate data, fit the whole ladder to it and compare (`--help` lists the arguments)
  reference [--nist]     how close the fits come to the reference cases, and to NIST's certified values
  test [arguments]       every test, example and doctest; the arguments go to `cargo test`
  tidy                   the house rules that a program can check
  ci                     the whole of CI, which is the script .ci/run
  bench [arguments]      the benches, kept as a baseline; the arguments go to `cargo bench`
                         --compare leaves the baseline and shows the change; --peers fits with other programs, too
  fuzz [seconds]         the fuzz targets, a minute each, where cargo-fuzz is installed
  man DIRECTORY          the manual pages of the command `glm`, written into a directory
  completions SHELL      what bash, zsh, fish, elvish or powershell needs to complete the arguments of `glm`
  help                   this text
";

fn main() -> ExitCode {
    let mut args = env::args_os().skip(1);
    let command = args.next();
    let rest: Vec<OsString> = args.collect();
    match command.as_deref().and_then(OsStr::to_str) {
        Some("simulate") => run(&mut simulate::command(&rest)),
        Some("reference") => run(&mut reference::command(&rest)),
        Some("test") => run(&mut test::command(&rest)),
        Some("tidy") if rest.is_empty() => tidy::run(&root()),
        Some("ci") if rest.is_empty() => ci::run(&root()),
        Some(what @ ("man" | "completions")) => run(&mut pages::command(what, &rest)),
        Some("bench") => bench::run(&root(), &rest),
        Some("fuzz") if rest.len() <= 1 => fuzz::run(&root(), rest.first().map(OsString::as_os_str)),
        Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{HELP}");
            ExitCode::from(2)
        }
    }
}

/// The repository's root: the directory above this crate's.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs us, so that a toolchain chosen on the command line is kept.
fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command with our standard streams and returns its exit status as ours.
fn run(command: &mut Command) -> ExitCode {
    match command.status() {
        // No code: the command was ended by a signal.
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("cannot run {}: {error}", command.get_program().display());
            ExitCode::FAILURE
        }
    }
}

/// The arguments of a command, for the tests.
#[cfg(test)]
fn words(command: &Command) -> Vec<&str> {
    command.get_args().map(|arg| arg.to_str().unwrap()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Stdio;

    #[test]
    fn the_root_holds_the_workspace_manifest() {
        let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("[workspace]"), "no workspace in {}", root().display());
    }

    #[test]
    fn help_lists_every_command() {
        for command in ["simulate", "reference", "test", "tidy", "ci", "bench", "man", "completions"] {
            assert!(HELP.contains(&format!("\n  {command} ")), "{command} is missing");
        }
    }

    #[test]
    fn exit_statuses_pass_through() {
        let cargo_with =
            |argument| format!("{:?}", run(cargo().arg(argument).stdout(Stdio::null()).stderr(Stdio::null())));
        assert_eq!(cargo_with("--version"), format!("{:?}", ExitCode::SUCCESS));
        // 101 is what cargo returns for a command that it does not know.
        assert_eq!(cargo_with("no-such-command-at-all"), format!("{:?}", ExitCode::from(101)));
    }
}

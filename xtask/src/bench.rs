//! `cargo xtask bench`: the criterion benches, kept as a baseline or compared with one; or, with `--peers`, other programs.

mod compare;

mod peers;

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::SystemTime;

/// The one baseline: what was measured last without `--compare`.
const BASELINE: &str = "main";

/// `--peers` hands the other arguments to the driver of `benches/peers`; `--compare` leaves the baseline as it is and
/// prints the changes.
pub(crate) fn run(root: &Path, args: &[OsString]) -> ExitCode {
    let without = |flag: &str| -> Vec<OsString> { args.iter().filter(|arg| *arg != flag).cloned().collect() };
    if args.iter().any(|arg| arg == "--peers") {
        return crate::run(&mut peers::command(root, &without("--peers")));
    }
    if args.iter().any(|arg| arg == "--compare") {
        let start = SystemTime::now();
        let code = crate::run(&mut command(&without("--compare"), "--baseline-lenient"));
        compare::print(root, BASELINE, start);
        return code;
    }
    crate::run(&mut command(args, "--save-baseline"))
}

/// Arguments go to `cargo bench`, and what follows `--` to criterion; a baseline named there is used instead of ours.
fn command(args: &[OsString], baseline: &str) -> Command {
    let middle = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    let (for_cargo, for_criterion) = args.split_at(middle);
    let mut command = crate::cargo();
    command.args(["bench", "--package", "benches"]).args(for_cargo).arg("--");
    if !for_criterion.iter().any(|arg| arg.to_string_lossy().contains("baseline")) {
        command.args([baseline, BASELINE]);
    }
    command.args(for_criterion.iter().skip(1));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(args: &[&str], expected: &[&str]) {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let expected: Vec<&str> = ["bench", "--package", "benches"].iter().chain(expected).copied().collect();
        assert_eq!(crate::words(&command(&args, "--save-baseline")), expected);
    }

    #[test]
    fn the_baseline_is_saved() {
        check(&[], &["--", "--save-baseline", "main"]);
    }

    #[test]
    fn arguments_go_to_cargo_bench_and_to_criterion() {
        let expected = ["--bench", "layer", "--", "--save-baseline", "main", "--quick"];
        check(&["--bench", "layer", "--", "--quick"], &expected);
        check(&["--", "--save-baseline", "mine"], &["--", "--save-baseline", "mine"]);
    }
}

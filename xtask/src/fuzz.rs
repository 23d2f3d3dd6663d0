//! `cargo xtask fuzz`: every fuzz target for a minute, where cargo-fuzz is installed.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{fs, io};

const TARGETS: [&str; 3] = ["formula", "csv", "model"];

const MISSING: &str = "\
cargo-fuzz is not installed, so nothing was fuzzed. To have it:

  cargo install cargo-fuzz

The stable compiler will do. With a nightly one (rustup toolchain install nightly) the address sanitizer watches, too.
The corpus runs as an ordinary test all the same: cargo test -p glm-model --test corpus
";

const NO_SANITIZER: &str = "There is no nightly compiler, so this is without the address sanitizer: panics, failed \
assertions, overflows, hangs and memory beyond 2 GB are found, but not what unsafe code of dependencies does wrong.";

/// Runs the targets one after the other; `seconds` is the time for each.
pub(crate) fn run(root: &Path, seconds: Option<&OsStr>) -> ExitCode {
    let seconds = seconds.and_then(OsStr::to_str).unwrap_or("60");
    if seconds.parse::<u32>().is_err() {
        eprintln!("cargo xtask fuzz [SECONDS]: {seconds} is no number of seconds");
        return ExitCode::from(2);
    }
    if !succeeds(&["fuzz", "--version"]) {
        eprint!("{MISSING}");
        return ExitCode::FAILURE;
    }
    let nightly = succeeds(&["+nightly", "--version"]);
    if !nightly {
        eprintln!("{NO_SANITIZER}");
    }
    for target in TARGETS {
        match command(root, target, seconds, nightly).map(|mut fuzz| crate::run(&mut fuzz)) {
            Ok(ExitCode::SUCCESS) => {}
            Ok(_) => {
                eprintln!(
                    "{target}: if anything was found it is in fuzz/artifacts/{target}; mend it, make it small by"
                );
                eprintln!("`cargo fuzz tmin {target} FILE`, and put it into fuzz/corpus/{target}");
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("cannot make fuzz/found/{target}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Inputs that reach new code go into `found`, which is not kept; the corpus is only read.
fn command(root: &Path, target: &str, seconds: &str, nightly: bool) -> io::Result<Command> {
    let folder = root.join("fuzz");
    fs::create_dir_all(folder.join("found").join(target))?;
    let mut fuzz = Command::new("cargo");
    match nightly {
        true => fuzz.args(["+nightly", "fuzz", "run", target]),
        // Sanitizers are flags of nightly compilers; coverage, by which libFuzzer finds its way, is not.
        false => fuzz.args(["fuzz", "run", "--sanitizer", "none", target]),
    };
    fuzz.args([format!("found/{target}"), format!("corpus/{target}")]);
    fuzz.args(["--", "-timeout=10", "-dict=words.dict", &format!("-max_total_time={seconds}")]);
    fuzz.current_dir(folder);
    Ok(fuzz)
}

fn succeeds(arguments: &[&str]) -> bool {
    let mut cargo = Command::new("cargo");
    let status = cargo.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

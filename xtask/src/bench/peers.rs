//! `cargo xtask bench --peers`: builds and runs the driver of `benches/peers`, which is a workspace of its own.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The driver builds the peers itself, so that one that does not build is missing and no failure.
pub(super) fn command(root: &Path, args: &[OsString]) -> Command {
    let mut command = crate::cargo();
    command.args(["run", "--quiet", "--release", "--manifest-path"]).arg(root.join("benches/peers/Cargo.toml"));
    command.args(["--package", "driver", "--"]).args(args);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_go_to_the_driver() {
        let command = command(Path::new("here"), &["--quick".into(), "glum".into()]);
        let manifest = Path::new("here").join("benches/peers/Cargo.toml");
        let (before, after) = (["run", "--quiet", "--release", "--manifest-path"], ["--package", "driver", "--"]);
        let words = crate::words(&command);
        assert_eq!((&words[..4], words[4], &words[5..8]), (&before[..], manifest.to_str().unwrap(), &after[..]));
        assert_eq!(words[8..], ["--quick", "glum"]);
    }

    #[test]
    fn the_peers_are_no_members() {
        let manifest = std::fs::read_to_string(crate::root().join("Cargo.toml")).unwrap();
        assert!(manifest.contains("exclude = [\"benches/peers\""), "the peers' dependencies would become ours");
        assert!(crate::root().join("benches/peers/Cargo.lock").is_file(), "the peers' versions are not fixed");
    }
}

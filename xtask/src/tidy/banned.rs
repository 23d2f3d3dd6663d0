//! Words that may stand only in some places: printing, unwrapping, and the libraries behind glm-core's kernels.

use super::Violation;
use super::source::{Source, words};
use super::tree::Tree;

/// Where glm-core may name faer, below its `src/`; a name that ends in `/` is a directory.
const FAER: &[&str] = &["kernel.rs", "kernel/", "scalar.rs"];

/// Where glm-core may name rayon: the one place that knows of threads.
const RAYON: &[&str] = &["rows.rs"];

/// Libraries never print.
pub(super) fn printing(tree: &Tree) -> Vec<Violation> {
    let of_library = |source: &&Source| in_crate(source).is_some_and(|(name, _)| tree.is_library(name));
    let is_banned = |_: &str, word: &str, after: &str| {
        matches!(word, "print" | "println" | "eprint" | "eprintln" | "dbg") && after.starts_with('!')
    };
    tree.sources
        .iter()
        .filter(of_library)
        .flat_map(|source| find(source, "print", is_banned, "libraries never print"))
        .collect()
}

/// Bad input is an error and our own bug an `assert!`, in every crate outside its tests.
pub(super) fn unwrapping(tree: &Tree) -> Vec<Violation> {
    let is_banned = |before: &str, word: &str, _: &str| {
        matches!(word, "unwrap" | "expect" | "unwrap_err" | "expect_err") && before.ends_with(['.', ':'])
    };
    let advice = "return an error, or `assert!` with a message";
    let of_crate = |source: &&Source| in_crate(source).is_some();
    tree.sources.iter().filter(of_crate).flat_map(|source| find(source, "unwrap", is_banned, advice)).collect()
}

/// In glm-core, faer stays behind the kernels and rayon behind the row pass.
pub(super) fn linear_algebra(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in &tree.sources {
        let Some(("glm-core", file)) = in_crate(source) else { continue };
        for (library, homes) in [("faer", FAER), ("rayon", RAYON)] {
            let at_home = |home: &str| file == home || (home.ends_with('/') && file.starts_with(home));
            if !homes.iter().any(|home| at_home(home)) {
                let advice = format!("only {} may use {library}", homes.join(", "));
                violations.extend(find(source, library, |_, word, _| word == library, &advice));
            }
        }
    }
    violations
}

/// The crate below `crates/` whose sources this file belongs to, and its path below `src/`; not its tests.
fn in_crate(source: &Source) -> Option<(&str, &str)> {
    let (name, file) = source.path.strip_prefix("crates/")?.split_once("/src/")?;
    (!source.is_test()).then_some((name, file))
}

/// The words outside tests that `is_banned(before, word, after)`.
fn find(
    source: &Source,
    rule: &'static str,
    is_banned: impl Fn(&str, &str, &str) -> bool,
    advice: &str,
) -> Vec<Violation> {
    let live = &source.live;
    let banned = words(live).filter(|(at, word)| is_banned(&live[..*at], word, &live[at + word.len()..]));
    banned
        .map(|(at, word)| Violation::new(&source.path, source.line(at), rule, format!("`{word}`: {advice}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::expect;

    const LIBRARY: (&str, &str) = ("crates/nn/src/lib.rs", "");

    #[test]
    fn libraries_never_print() {
        let text = "//! println!(\"in a doc\")\nfn f() { dbg!(1);\n  eprintln!(\"a\"); print(\"dbg!\") }";
        let files =
            [LIBRARY, ("crates/nn/src/a.rs", text), ("crates/nn/examples/a.rs", text), ("xtask/src/a.rs", text)];
        let printed = [
            "crates/nn/src/a.rs:2: print: `dbg`: libraries never print",
            "crates/nn/src/a.rs:3: print: `eprintln`: libraries never print",
        ];
        expect(printing, &files, &printed);
    }

    #[test]
    fn programs_and_tests_print() {
        let in_test = "#[cfg(test)]\nmod tests { fn f() { println!(); } }";
        let files =
            [LIBRARY, ("crates/nn/src/a.rs", in_test), ("crates/simulate/src/main.rs", "fn f() { println!() }")];
        expect(printing, &files, &[]);
    }

    #[test]
    fn no_unwrap_outside_tests() {
        let text = "/// x.unwrap()\n#[expect(clippy::unwrap_used)]\nfn f() { a.unwrap_or(b);\nc\n  .expect(\"d\") }\n\
                    #[cfg(test)]\nmod tests { fn g() { a.unwrap() } }\nconst H: X = y.map(Option::unwrap);";
        let files = [("crates/nn/src/a.rs", text), ("crates/nn/tests/a.rs", text), ("crates/nn/src/a/tests.rs", text)];
        let printed = [
            "crates/nn/src/a.rs:5: unwrap: `expect`: return an error, or `assert!` with a message",
            "crates/nn/src/a.rs:8: unwrap: `unwrap`: return an error, or `assert!` with a message",
        ];
        expect(unwrapping, &files, &printed);
    }

    #[test]
    fn faer_and_rayon_stay_at_home() {
        let text = "// faer, rayon\nuse faer::Mat;\nuse rayon::prelude::*;";
        let paths =
            ["kernel.rs", "kernel/gram.rs", "rows.rs", "link.rs"].map(|file| format!("crates/glm-core/src/{file}"));
        let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), text)).collect();
        files.push(("crates/nn/src/block.rs", text));
        let rayon = |file| format!("crates/glm-core/src/{file}:3: rayon: `rayon`: only rows.rs may use rayon");
        let faer = |file| format!("crates/glm-core/src/{file}:2: faer: `faer`: only {} may use faer", FAER.join(", "));
        let printed = [rayon("kernel.rs"), rayon("kernel/gram.rs"), faer("rows.rs"), faer("link.rs"), rayon("link.rs")];
        expect(linear_algebra, &files, &printed.each_ref().map(String::as_str));
    }
}

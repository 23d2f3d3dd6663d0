//! `cargo xtask tidy`: the house rules that a program can check, one module per group of rules.

mod source;

mod tree;

mod headers;

mod budget;

mod banned;

mod manifest;

mod graph;

mod docs;

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use tree::Tree;

/// A broken rule, printed as `path:line: rule: message`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Violation {
    path: String,
    line: usize,
    rule: &'static str,
    message: String,
}

impl Violation {
    fn new(path: &str, line: usize, rule: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, rule, message: message.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.rule, self.message)
    }
}

/// Every check, from the whole tree to its violations.
const CHECKS: &[fn(&Tree) -> Vec<Violation>] = &[
    headers::opening_sentence,
    headers::scripts,
    headers::no_mod_rs,
    budget::file_lines,
    budget::function_lines,
    budget::trait_methods,
    banned::printing,
    banned::unwrapping,
    banned::linear_algebra,
    graph::dependencies,
    docs::architecture,
    docs::readme,
];

/// Prints every violation under `root`; succeeds if there is none.
pub(crate) fn run(root: &Path) -> ExitCode {
    let tree = match Tree::read(root) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("tidy: cannot read {}: {error}", root.display());
            return ExitCode::FAILURE;
        }
    };
    let mut violations: Vec<Violation> = CHECKS.iter().flat_map(|check| check(&tree)).collect();
    violations.sort();
    for violation in &violations {
        println!("{violation}");
    }
    if violations.is_empty() {
        eprintln!("tidy: {} files, {} checks, no violation", tree.len(), CHECKS.len());
        return ExitCode::SUCCESS;
    }
    eprintln!("tidy: {} violations", violations.len());
    ExitCode::FAILURE
}

/// Runs one check on files made of text and compares what it prints, for the tests.
#[cfg(test)]
#[track_caller]
fn expect(check: fn(&Tree) -> Vec<Violation>, files: &[(&str, &str)], printed: &[&str]) {
    let tree = Tree::new(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let found: Vec<String> = check(&tree).iter().map(Violation::to_string).collect();
    assert_eq!(found, printed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_keeps_the_rules_of_a_file() {
        let tree = Tree::read(&crate::root().join("xtask")).unwrap();
        let checks = &CHECKS[..6];
        let found: Vec<String> = checks.iter().flat_map(|check| check(&tree)).map(|v| v.to_string()).collect();
        assert!(tree.len() > 10 && found.is_empty(), "{found:#?}");
    }
}

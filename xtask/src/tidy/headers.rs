//! How a file begins and what it is called; a script in another language begins with a sentence, too.

use super::Violation;
use super::tree::Tree;

/// Every Rust file begins with a `//!` sentence.
pub(super) fn opening_sentence(tree: &Tree) -> Vec<Violation> {
    let silent = tree.sources.iter().filter(|source| {
        let first = source.text.lines().next().unwrap_or_default();
        first.strip_prefix("//!").is_none_or(|sentence| sentence.trim().is_empty())
    });
    silent.map(|source| Violation::new(&source.path, 1, "header", "begin the file with a `//!` sentence")).collect()
}

/// Every script in Python or R begins with a docstring or a comment.
pub(super) fn scripts(tree: &Tree) -> Vec<Violation> {
    let scripts = tree.texts().filter(|(path, _)| path.ends_with(".py") || path.ends_with(".R"));
    let silent = scripts.filter(|(_, text)| !["\"\"\"", "#"].iter().any(|opening| text.starts_with(opening)));
    silent.map(|(path, _)| Violation::new(path, 1, "header", "begin the script with a sentence")).collect()
}

/// A module with children is `foo.rs` beside `foo/`.
pub(super) fn no_mod_rs(tree: &Tree) -> Vec<Violation> {
    let named = tree.sources.iter().filter_map(|source| Some((source, source.path.strip_suffix("/mod.rs")?)));
    named.map(|(source, parent)| Violation::new(&source.path, 1, "mod-rs", format!("call it {parent}.rs"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::expect;

    #[test]
    fn a_file_begins_with_a_sentence() {
        let files = [("a.rs", "//! A sentence.\nfn a() {}"), ("b.rs", "fn b() {}"), ("c.rs", "//!\n//! Late.")];
        let message = ":1: header: begin the file with a `//!` sentence";
        expect(opening_sentence, &files, &[&format!("b.rs{message}"), &format!("c.rs{message}")]);
    }

    #[test]
    fn a_script_begins_with_a_sentence() {
        let files =
            [("a.py", "\"\"\"A sentence.\"\"\"\n"), ("b.R", "# A sentence.\n"), ("c.py", "import d\n"), ("c.md", "C")];
        expect(scripts, &files, &["c.py:1: header: begin the script with a sentence"]);
    }

    #[test]
    fn no_file_is_called_mod_rs() {
        let files = [("src/link/mod.rs", ""), ("src/link.rs", ""), ("src/model.rs", "")];
        expect(no_mod_rs, &files, &["src/link/mod.rs:1: mod-rs: call it src/link.rs"]);
    }
}

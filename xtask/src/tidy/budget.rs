//! Budgets: lines of a file, lines of a function, required methods of a public trait.
//!
//! A breach is allowed where a comment gives its reason after `Over budget:`, in the file's header or above the item.

use super::Violation;
use super::source::{Source, item, words};
use super::tree::Tree;

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 40;
const REQUIRED_METHODS: usize = 4;

/// A file has at most 400 lines, tests included.
pub(super) fn file_lines(tree: &Tree) -> Vec<Violation> {
    let over = tree.sources.iter().filter_map(|source| {
        let lines = source.text.lines().count();
        let header = source.code.find(|c: char| !c.is_whitespace()).unwrap_or(source.code.len());
        let over = lines > FILE_LINES && !has_reason(&source.comments[..header]);
        over.then(|| breach(source, 0, format!("the file has {lines} lines"), FILE_LINES))
    });
    over.collect()
}

/// A function has at most 40 lines, from `fn` to its closing brace.
pub(super) fn function_lines(tree: &Tree) -> Vec<Violation> {
    let over = tree.sources.iter().flat_map(|source| {
        functions(&source.code).filter_map(|function| {
            let lines = source.code[function.start..function.end].lines().count();
            let over = lines > FUNCTION_LINES && !is_excused(source, function.start);
            over.then(|| {
                breach(source, function.start, format!("`{}` has {lines} lines", function.name), FUNCTION_LINES)
            })
        })
    });
    over.collect()
}

/// A public trait has at most four methods without a default.
pub(super) fn trait_methods(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for source in &tree.sources {
        let mut previous = "";
        for (at, word) in words(&source.code) {
            if word == "trait" && previous == "pub" {
                let required = required_methods(&source.code[at..]);
                if required > REQUIRED_METHODS && !is_excused(source, at) {
                    let what = format!("the trait requires {required} methods");
                    violations.push(breach(source, at, what, REQUIRED_METHODS));
                }
            }
            previous = word;
        }
    }
    violations
}

struct Function<'a> {
    name: &'a str,
    start: usize,
    end: usize,
    has_body: bool,
}

/// The functions of `code`, nested ones too; `fn(f64)` is a type and has no name.
fn functions(code: &str) -> impl Iterator<Item = Function<'_>> {
    words(code).filter(|(_, word)| *word == "fn").filter_map(|(start, _)| {
        let after = code[start + 2..].trim_start();
        if !after.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$') {
            return None;
        }
        let body = item(&code[start..])?;
        let (_, name) = words(after).next()?;
        Some(Function { name, start, end: start + body.end, has_body: !body.is_empty() })
    })
}

/// Counts the methods without a body of the trait that `code` begins with.
fn required_methods(code: &str) -> usize {
    let Some(body) = item(code) else { return 0 };
    let mut past = 0;
    let own = functions(&code[body]).filter(|function| {
        let nested = function.start < past;
        past = past.max(function.end);
        !nested && !function.has_body
    });
    own.count()
}

/// Whether a comment between the previous item and this one gives a reason.
fn is_excused(source: &Source, at: usize) -> bool {
    let above = source.code[..at].rfind([';', '{', '}']).map_or(0, |end| end + 1);
    has_reason(&source.comments[above..at])
}

fn has_reason(comments: &str) -> bool {
    let mut reasons = comments.split("Over budget:").skip(1);
    reasons.any(|reason| reason.lines().next().is_some_and(|line| line.contains(char::is_alphabetic)))
}

fn breach(source: &Source, at: usize, what: String, budget: usize) -> Violation {
    let message = format!("{what}, the budget is {budget}; split it, or say why after `Over budget:` in a comment");
    Violation::new(&source.path, source.line(at), "budget", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::expect;

    const ADVICE: &str = "; split it, or say why after `Over budget:` in a comment";

    /// A function of `lines` lines.
    fn function(lines: usize) -> String {
        format!("fn long(x: [f64; 2]) {{\n{}}}\n", "    // '{' \"\n".repeat(lines - 2))
    }

    #[test]
    fn a_file_of_400_lines_is_not_too_long() {
        let (full, over) = ("//!\n".repeat(400), "x\n".repeat(401));
        let excused = format!("//! A table.\n// Over budget: one table, read as a whole.\n{over}");
        let no_reason = format!("//! Over budget:\n{over}");
        let late = format!("{over}// Over budget: too late.\n");
        let files = [("a.rs", &*full), ("b.rs", &*over), ("c.rs", &*excused), ("d.rs", &*no_reason), ("e.rs", &*late)];
        let line = |path, lines| format!("{path}:1: budget: the file has {lines} lines, the budget is 400{ADVICE}");
        let printed = [line("b.rs", 401), line("d.rs", 402), line("e.rs", 402)];
        expect(file_lines, &files, &printed.each_ref().map(String::as_str));
    }

    #[test]
    fn a_function_of_40_lines_is_not_too_long() {
        let (full, over) = (function(40), function(41));
        let text = format!("{full}\n/// One.\n#[inline]\npub {over}");
        let printed = format!("a.rs:44: budget: `long` has 41 lines, the budget is 40{ADVICE}");
        expect(function_lines, &[("a.rs", &text)], &[&printed]);
    }

    #[test]
    fn a_reason_above_a_function_excuses_it_alone() {
        let over = function(41);
        let text = format!("// Over budget: it is one table.\n#[inline]\n{over}\n{over}");
        let printed = format!("a.rs:45: budget: `long` has 41 lines, the budget is 40{ADVICE}");
        expect(function_lines, &[("a.rs", &text)], &[&printed]);
    }

    #[test]
    fn declarations_and_pointers_are_not_functions() {
        let text = "trait T { fn a(&self); }\nstruct S { f: fn(f64) -> f64 }\nfn b() {}";
        let found: Vec<(&str, bool)> = functions(text).map(|function| (function.name, function.has_body)).collect();
        assert_eq!(found, [("a", false), ("b", true)]);
    }

    #[test]
    fn a_public_trait_requires_at_most_four_methods() {
        let methods = |count| "fn m(&self, x: [f64; 2]);\n".repeat(count);
        let four = format!("pub trait A {{ {} fn d(&self) {{ fn inner() {{}} }} }}", methods(4));
        let five = format!("{four}\npub trait B: Send {{ fn d() {{}} {} }}", methods(5));
        let private = format!("pub(crate) trait C {{ {} }}\ntrait D {{ {} }}", methods(5), methods(5));
        let excused = format!("// Over budget: the seam.\npub trait E {{ {} }}", methods(9));
        let printed = format!("b.rs:6: budget: the trait requires 5 methods, the budget is 4{ADVICE}");
        let files = [("a.rs", &*four), ("b.rs", &*five), ("c.rs", &*private), ("d.rs", &*excused)];
        expect(trait_methods, &files, &[&printed]);
    }
}

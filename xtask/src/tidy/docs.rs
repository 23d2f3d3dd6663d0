//! What the pages at the root promise: the map of the crates is complete, and the commands shown are run by CI.

use super::Violation;
use super::tree::Tree;

/// Commands that CI does not run because they run CI.
const RUN_CI: &[&str] = &["cargo xtask ci", ".ci/run"];

/// The commands by which a newcomer meets the project; CI runs them as they are.
const MUST_RUN: &[&str] = &["cargo xtask simulate", "cargo xtask test"];

/// ARCHITECTURE.md names every member of the workspace, and no directory `crates/x` that does not exist.
pub(super) fn architecture(tree: &Tree) -> Vec<Violation> {
    let path = "ARCHITECTURE.md";
    let Some(text) = tree.text(path) else { return vec![missing(path)] };
    let members: Vec<&str> = tree.members().map(|(name, ..)| name).collect();
    let unnamed = members.iter().filter(|name| !names(text).any(|named| named == **name));
    let mut violations: Vec<Violation> =
        unnamed.map(|name| Violation::new(path, 1, "map", format!("the crate {name} is not mentioned"))).collect();
    for (index, line) in text.lines().enumerate() {
        for after in line.split("crates/").skip(1) {
            if let Some(name) = after.starts_with(is_name).then(|| names(after).next()).flatten()
                && !members.contains(&name)
            {
                violations.push(Violation::new(path, index + 1, "map", format!("crates/{name} does not exist")));
            }
        }
    }
    violations
}

/// Every command in the README's `sh` blocks is a line of `.ci/run`, which also runs the newcomer's commands.
pub(super) fn readme(tree: &Tree) -> Vec<Violation> {
    let (Some(readme), Some(script)) = (tree.text("README.md"), tree.text(".ci/run")) else {
        return ["README.md", ".ci/run"].into_iter().filter(|path| tree.text(path).is_none()).map(missing).collect();
    };
    let steps: Vec<&str> = script.lines().map(without_comment).collect();
    let is_run = |command: &&str| steps.contains(command);
    let unknown = shell_lines(readme).filter(|(_, command)| !is_run(command) && !RUN_CI.contains(command));
    let mut violations: Vec<Violation> = unknown
        .map(|(line, command)| Violation::new("README.md", line, "readme", format!("`{command}` is not in .ci/run")))
        .collect();
    let forgotten = MUST_RUN.iter().filter(|command| !is_run(command));
    violations.extend(forgotten.map(|command| Violation::new(".ci/run", 1, "readme", format!("run `{command}`"))));
    violations
}

fn missing(path: &str) -> Violation {
    Violation::new(path, 1, "missing", "the file does not exist")
}

/// The words of a text, where a hyphen belongs to a word: `glm-core` does not mention `core`.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_name(c)).filter(|name| !name.is_empty())
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

/// The commands, with their lines, in blocks fenced as `sh`.
fn shell_lines(markdown: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut in_fence, mut in_shell) = (false, false);
    let lines = markdown.lines().enumerate().filter_map(move |(index, line)| {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            in_fence = !in_fence;
            in_shell = in_fence && language.trim() == "sh";
            return None;
        }
        in_shell.then(|| (index + 1, without_comment(line)))
    });
    lines.filter(|(_, command)| !command.is_empty())
}

/// A shell line without its prompt and comment.
fn without_comment(line: &str) -> &str {
    let line = line.trim();
    let line = line.strip_prefix("$ ").unwrap_or(line);
    if line.starts_with('#') { "" } else { line.split(" #").next().unwrap_or(line).trim() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::expect;

    const SCRIPT: (&str, &str) = (".ci/run", "#!/usr/bin/env bash\ncargo xtask simulate\ncargo xtask test # all\n");

    #[test]
    fn the_map_is_complete_and_true() {
        let map = "The heart: `glm-core`.\nNetworks (crates/nn) and crates/gone; crates/<name>.\n";
        let members = ["crates/nn/Cargo.toml", "crates/core/Cargo.toml", "crates/glm-core/Cargo.toml"];
        let mut files: Vec<(&str, &str)> = members.iter().map(|path| (*path, "")).collect();
        expect(architecture, &files, &["ARCHITECTURE.md:1: missing: the file does not exist"]);
        files.push(("ARCHITECTURE.md", map));
        let printed = [
            "ARCHITECTURE.md:1: map: the crate core is not mentioned",
            "ARCHITECTURE.md:2: map: crates/gone does not exist",
        ];
        expect(architecture, &files, &printed);
    }

    #[test]
    fn the_readme_shows_what_ci_runs() {
        let page = "```rust\nlet a = 1;\n```\n```sh\n# first\n$ cargo xtask simulate   # everything\n\
                      cargo xtask ci\ncargo xtask simulate --fast\n```\ncargo install glm\n";
        let printed = ["README.md:8: readme: `cargo xtask simulate --fast` is not in .ci/run"];
        expect(readme, &[("README.md", page), SCRIPT], &printed);
    }

    #[test]
    fn ci_runs_the_newcomers_commands() {
        let files = [("README.md", ""), (".ci/run", "# cargo xtask test\ncargo xtask simulate --fast\n")];
        let printed = [".ci/run:1: readme: run `cargo xtask simulate`", ".ci/run:1: readme: run `cargo xtask test`"];
        expect(readme, &files, &printed);
        expect(readme, &[SCRIPT], &["README.md:1: missing: the file does not exist"]);
    }
}

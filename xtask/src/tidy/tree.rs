//! The files that the rules read: Rust sources, manifests, Markdown, scripts and the CI script.

use std::path::Path;
use std::{fs, io};

use super::source::Source;

/// The files under one root, by path relative to it, with `/` between directories.
pub(super) struct Tree {
    files: Vec<(String, String)>,
    pub(super) sources: Vec<Source>,
}

impl Tree {
    pub(super) fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let (sources, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| path.ends_with(".rs"));
        let sources = sources.into_iter().map(|(path, text)| Source::new(path, text)).collect();
        Self { files, sources }
    }

    /// Reads what the rules need; `target` and hidden directories are passed by, except `.ci/run`.
    pub(super) fn read(root: &Path) -> io::Result<Self> {
        let mut files = Vec::new();
        collect(root, "", &mut files)?;
        if let Ok(script) = fs::read_to_string(root.join(".ci/run")) {
            files.push((".ci/run".to_owned(), script));
        }
        Ok(Self::new(files))
    }

    pub(super) fn len(&self) -> usize {
        self.files.len() + self.sources.len()
    }

    /// The text of a file that is not Rust.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| known == path).map(|(_, text)| text.as_str())
    }

    /// The files that are not Rust, as `(path, text)`.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The members of the workspace, each as `(name, manifest path, manifest)`: `crates/*`, `benches` and `xtask`.
    pub(super) fn members(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.files.iter().filter_map(|(path, text)| {
            let directory = path.strip_suffix("/Cargo.toml")?;
            let name = directory.strip_prefix("crates/").unwrap_or(directory);
            let is_member = !name.contains('/') && (directory != name || name == "benches" || name == "xtask");
            is_member.then_some((name, path.as_str(), text.as_str()))
        })
    }

    /// Whether `crates/name` is a library.
    pub(super) fn is_library(&self, name: &str) -> bool {
        let root = format!("crates/{name}/src/lib.rs");
        self.sources.iter().any(|source| source.path == root)
    }
}

fn collect(directory: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if name != "target" && !name.starts_with('.') {
                collect(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if [".rs", ".md", ".py", ".R"].iter().any(|end| name.ends_with(end)) || name == "Cargo.toml" {
            files.push((path, fs::read_to_string(entry.path())?));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_crates_benches_and_xtask() {
        let paths = ["Cargo.toml", "crates/nn/Cargo.toml", "benches/Cargo.toml", "benches/peers/Cargo.toml"];
        let tree = Tree::new(paths.map(|path| (path.to_owned(), String::new())));
        let names: Vec<&str> = tree.members().map(|(name, ..)| name).collect();
        assert_eq!(names, ["nn", "benches"]);
    }

    #[test]
    fn the_repository_is_read_from_its_root() {
        let tree = Tree::read(&crate::root()).unwrap();
        assert!(tree.text("Cargo.toml").is_some() && tree.text(".ci/run").is_some(), "a known file is missing");
        assert!(tree.members().any(|(name, ..)| name == "glm-core"), "glm-core is not a member");
        assert!(tree.sources.iter().any(|source| source.path == "xtask/src/tidy/tree.rs"), "this file is missing");
    }
}

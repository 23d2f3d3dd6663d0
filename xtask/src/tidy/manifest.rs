//! The dependency tables of a `Cargo.toml`: just enough TOML to read them.

/// One entry of a dependency table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dependency {
    /// The package's own name, also where it was renamed.
    pub(super) name: String,
    pub(super) table: Table,
    pub(super) optional: bool,
    pub(super) line: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Normal,
    Dev,
    Build,
}

/// The dependencies of one package, those for some platforms only included.
pub(super) fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut table = None;
    let mut depth = 0;
    for (index, line) in manifest.lines().enumerate() {
        let line = without_comment(line).trim();
        if depth == 0 && line.starts_with('[') {
            table = dependency_table(line.trim_matches(['[', ']']));
            if let Some((table, Some(name))) = &table {
                found.push(Dependency { name: name.clone(), table: *table, optional: false, line: index + 1 });
            }
        } else if let Some((table, in_own_table)) = table.as_ref().map(|(table, name)| (*table, name.is_some())) {
            if let (0, false, Some((key, _))) = (depth, in_own_table, line.split_once('=')) {
                let name = key.split('.').next().unwrap_or(key).trim().trim_matches('"').to_owned();
                found.push(Dependency { name, table, optional: false, line: index + 1 });
            }
            if let Some(last) = found.last_mut() {
                refine(last, line);
            }
        }
        depth += line.matches(['[', '{']).count();
        depth -= line.matches([']', '}']).count().min(depth);
    }
    found
}

/// `dependencies` or `target.'…'.dev-dependencies`, or with a name: `dependencies.faer`.
fn dependency_table(header: &str) -> Option<(Table, Option<String>)> {
    let mut parts = header.split('.').map(str::trim).skip_while(|part| !part.ends_with("dependencies"));
    let table = match parts.next()? {
        "dependencies" => Table::Normal,
        "dev-dependencies" => Table::Dev,
        "build-dependencies" => Table::Build,
        _ => return None,
    };
    Some((table, parts.next().map(|name| name.trim_matches('"').to_owned())))
}

/// Reads `optional = true` and `package = "name"` from a line about `dependency`.
fn refine(dependency: &mut Dependency, line: &str) {
    let line: String = line.split_whitespace().collect();
    dependency.optional |= line.contains("optional=true");
    if let Some((_, rest)) = line.split_once("package=\"") {
        dependency.name = rest.split('"').next().unwrap_or(rest).to_owned();
    }
}

/// The line up to a `#` that is not inside a string.
fn without_comment(line: &str) -> &str {
    let is_comment = |(at, _): &(usize, &str)| line[..*at].matches('"').count().is_multiple_of(2);
    line.match_indices('#').find(is_comment).map_or(line, |(at, _)| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(manifest: &str, expected: &[(&str, Table, bool, usize)]) {
        let found = dependencies(manifest);
        let found: Vec<_> = found.iter().map(|d| (d.name.as_str(), d.table, d.optional, d.line)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_three_tables() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\nfaer.workspace = true # faer = 1\n# libm = 1\n\n\
                        [dev-dependencies]\n\"serde\" = \"1\"\n[build-dependencies]\ncc = { version = \"1\" }\n\
                        [features]\nx = []";
        let expected =
            [("faer", Table::Normal, false, 4), ("serde", Table::Dev, false, 8), ("cc", Table::Build, false, 10)];
        check(manifest, &expected);
    }

    #[test]
    fn optional_and_renamed() {
        let manifest =
            "[dependencies]\nserde = { workspace = true, optional=true }\nalgebra = { package = \"faer\" }\n";
        check(manifest, &[("serde", Table::Normal, true, 2), ("faer", Table::Normal, false, 3)]);
    }

    #[test]
    fn entries_of_several_lines() {
        let manifest = "[dependencies]\nclap = { version = \"4\", features = [\n  \"a=b\",\n] }\n\n\
                        [target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n\
                        [dependencies.rand]\nversion = \"1\"\noptional = true\n";
        let expected =
            [("clap", Table::Normal, false, 2), ("libc", Table::Normal, false, 7), ("rand", Table::Normal, true, 8)];
        check(manifest, &expected);
    }
}

//! Dependencies are architecture: which crate may depend on which. A new crate begins with a row here.

use super::Violation;
use super::manifest::{self, Dependency, Table};
use super::tree::Tree;

/// What one crate may depend on.
struct Row {
    name: &'static str,
    ours: &'static [&'static str],
    others: &'static [&'static str],
    /// Only behind a feature.
    optional: &'static [&'static str],
}

const GRAPH: &[Row] = &[
    Row { name: "glm-core", ours: &[], others: &["faer", "libm", "pulp", "rayon", "thiserror"], optional: &["serde"] },
    Row { name: "glm-solvers", ours: &["glm-core"], others: &["faer", "rayon", "thiserror"], optional: &["serde"] },
    Row { name: "glm-stats", ours: &["glm-core", "glm-solvers"], others: &["thiserror"], optional: &["serde"] },
    Row {
        name: "nn",
        ours: &["glm-core"],
        others: &["faer", "rand", "rand_chacha", "thiserror"],
        optional: &["serde"],
    },
    Row {
        name: "glm-frame",
        ours: &["glm-core"],
        others: &[
            "fast-float2",
            "flate2",
            "libm",
            "memchr",
            "rustc-hash",
            "serde",
            "serde_json",
            "strsim",
            "tempfile",
            "thiserror",
        ],
        optional: &["arrow-array", "arrow-schema", "bytes", "parquet"],
    },
    Row {
        name: "glm-model",
        ours: &["glm-core", "glm-frame", "glm-solvers", "glm-stats", "nn"],
        others: &["serde", "serde_json", "tempfile", "thiserror"],
        optional: &[],
    },
    Row { name: "sim", ours: &["glm-core"], others: &["rand", "rand_chacha", "thiserror"], optional: &[] },
    Row {
        name: "simulate",
        ours: &["glm-core", "glm-solvers", "nn", "sim"],
        others: &["anyhow", "clap", "comfy-table", "indicatif", "serde", "serde_json"],
        optional: &[],
    },
    Row {
        name: "glm-cli",
        ours: &["glm-core", "glm-frame", "glm-model", "glm-solvers", "glm-stats", "nn"],
        others: &["clap", "clap_complete", "clap_mangen", "indicatif", "serde_json"],
        optional: &[],
    },
    Row { name: "xtask", ours: &[], others: &[], optional: &[] },
];

/// They compare everything with everything.
const UNRESTRICTED: &str = "benches";

/// What every crate but xtask may use in its tests and examples, beside its dependencies.
const IN_TESTS: &[&str] =
    &["comfy-table", "criterion", "proptest", "rayon", "serde", "serde_json", "stats_alloc", "tempfile"];

/// The crates whose tests may use the simulated data.
const TESTED_ON_SIM: &[&str] = &["glm-solvers", "nn"];

/// Every dependency of every member stands in its row.
pub(super) fn dependencies(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, path, text) in tree.members().filter(|(name, ..)| *name != UNRESTRICTED) {
        let Some(row) = GRAPH.iter().find(|row| row.name == name) else {
            let message = format!("{name} has no row in the table of xtask/src/tidy/graph.rs");
            violations.push(Violation::new(path, 1, "graph", message));
            continue;
        };
        let refused = manifest::dependencies(text).into_iter().filter(|dependency| !allows(row, dependency));
        violations.extend(refused.map(|refused| {
            let message = match refused.table {
                Table::Normal if row.optional.contains(&&*refused.name) => {
                    format!("{name} may depend on {} only with `optional = true`", refused.name)
                }
                Table::Normal => format!("{name} may not depend on {}", refused.name),
                Table::Dev => format!("the tests of {name} may not depend on {}", refused.name),
                Table::Build => format!("{name} may not have build dependencies"),
            };
            Violation::new(path, refused.line, "graph", message)
        }));
    }
    violations
}

fn allows(row: &Row, dependency: &Dependency) -> bool {
    let name = dependency.name.as_str();
    let always = row.ours.contains(&name) || row.others.contains(&name);
    match dependency.table {
        Table::Normal => always || (dependency.optional && row.optional.contains(&name)),
        Table::Dev if row.name == "xtask" => false,
        Table::Dev => always || IN_TESTS.contains(&name) || (name == "sim" && TESTED_ON_SIM.contains(&row.name)),
        Table::Build => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::expect;

    fn check(path: &str, manifest: &str, printed: &[&str]) {
        expect(dependencies, &[(path, manifest)], printed);
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_is_refused() {
        let path = "crates/nn/Cargo.toml";
        check(path, "[dependencies]\nglm-core.workspace = true\nrand.workspace = true\n", &[]);
        let refused = "crates/nn/Cargo.toml:2: graph: nn may not depend on glm-solvers";
        check(path, "[dependencies]\nglm-solvers.workspace = true\n", &[refused]);
        let refused = "crates/nn/Cargo.toml:2: graph: nn may not have build dependencies";
        check(path, "[build-dependencies]\ncc = \"1\"\n", &[refused]);
    }

    #[test]
    fn serde_is_optional_in_libraries() {
        let path = "crates/glm-core/Cargo.toml";
        check(path, "[dependencies]\nserde = { workspace = true, optional = true }\n", &[]);
        let refused = "crates/glm-core/Cargo.toml:2: graph: glm-core may depend on serde only with `optional = true`";
        check(path, "[dependencies]\nserde.workspace = true\n", &[refused]);
    }

    #[test]
    fn tests_may_use_more() {
        let manifest = "[dev-dependencies]\nproptest.workspace = true\nsim.workspace = true\n";
        check("crates/glm-solvers/Cargo.toml", manifest, &[]);
        let refused = "crates/glm-core/Cargo.toml:3: graph: the tests of glm-core may not depend on sim";
        check("crates/glm-core/Cargo.toml", manifest, &[refused]);
        let refused = ["proptest", "sim"].map(|name| format!("graph: the tests of xtask may not depend on {name}"));
        let printed = [format!("xtask/Cargo.toml:2: {}", refused[0]), format!("xtask/Cargo.toml:3: {}", refused[1])];
        check("xtask/Cargo.toml", manifest, &printed.each_ref().map(String::as_str));
    }

    #[test]
    fn a_new_crate_needs_a_row_and_benches_need_none() {
        let refused = "crates/glm-new/Cargo.toml:1: graph: glm-new has no row in the table of xtask/src/tidy/graph.rs";
        check("crates/glm-new/Cargo.toml", "", &[refused]);
        check("benches/Cargo.toml", "[dependencies]\nanything = \"1\"\n", &[]);
    }
}

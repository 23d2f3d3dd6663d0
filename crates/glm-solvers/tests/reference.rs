//! Every reference case with a design, by every second-order solver and L-BFGS or by every estimator, at the case's own
//! tolerance. `cargo xtask reference` prints what is compared here.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[allow(dead_code, reason = "the report reads more of what is measured than this")]
#[path = "common/measure.rs"]
mod measure;
#[path = "common/reference.rs"]
mod reference;

use std::collections::BTreeMap;

use measure::finding::Findings;
use measure::{ELSEWHERE, NOT_YET, measure, names, not_yet};
use reference::{Case, cases, folders, kinds};

fn all_cases() -> Vec<Case> {
    folders().iter().flat_map(|folder| cases(folder)).collect()
}

/// The least number of cases of each kind that is part of the project.
const AT_LEAST: [(&str, usize); 8] = [
    ("behaviour", 7),
    ("bias_reduced", 4),
    ("glm", 77),
    ("multinomial", 2),
    ("negbin_ml", 2),
    ("nist_anova", 4),
    ("nist_linear", 7),
    ("ordinal", 4),
];

#[test]
fn every_case_passes_by_every_solver() {
    let (mut wrong, mut checked) = (Vec::new(), BTreeMap::new());
    for case in all_cases().iter().filter(|case| not_yet(case).is_none()) {
        *checked.entry(case.kind.clone()).or_insert(0) += 1;
        for fit in measure(case) {
            wrong.extend(fit.findings.wrong().map(|what| format!("{} by {}: {what}", case.id, fit.by)));
            let Findings { all, refused } = &fit.findings;
            let compared = case.is_infinite() || !all.is_empty() || !refused.is_empty();
            assert!(compared, "{} by {}: nothing was compared", case.id, fit.by);
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    for (kind, least) in AT_LEAST {
        let found = checked.get(kind).copied().unwrap_or(0);
        assert!(found >= least, "only {found} cases of kind {kind}; is reference/ complete?");
    }
}

#[test]
fn what_is_not_built_yet_is_listed_and_exists() {
    let all = all_cases();
    for (entry, _) in NOT_YET {
        assert!(all.iter().any(|case| names(entry, case)), "{entry} names no case");
    }
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for (kind, test) in ELSEWHERE {
        let text = std::fs::read_to_string(format!("{root}/{test}")).unwrap();
        let selects = text.contains(&format!("\"{kind}\""));
        // The one case of its kind is read by name.
        let reads = *kind == "nn_numerics" && text.contains("nn_extreme_arguments.json");
        assert!(selects || reads, "{test} does not read the cases of kind {kind}");
    }
    let known = |kind: &String| {
        ELSEWHERE.iter().any(|(elsewhere, _)| kind == elsewhere) || all.iter().any(|case| case.kind == *kind)
    };
    let unknown: Vec<String> = folders().iter().flat_map(|folder| kinds(folder)).filter(|kind| !known(kind)).collect();
    assert!(unknown.is_empty(), "nobody checks the cases of kind {unknown:?}");
}

//! Every reference case that has a formula, through the command itself: what it prints as JSON, and what a model that it
//! saved predicts, against R, NIST and arithmetic of 40 to 60 digits.

#[path = "reference/agreement.rs"]
mod agreement;
#[path = "reference/case.rs"]
mod case;
#[path = "common/glm.rs"]
mod command;
#[path = "reference/kinds.rs"]
mod kinds;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use agreement::Agreement;
use case::{Case, cases};
use command::{Run, glm};

/// The kind that the command cannot be asked for, why, and how many cases it has.
const NOT_COVERED: (&str, &str, usize) = ("elastic_net", "these cases have no formula, and the command no penalty", 12);

/// How many cases of each kind must have been compared.
const COVERED: [(&str, usize); 8] = [
    ("behaviour", 7),
    ("bias_reduced", 4),
    ("glm", 77),
    ("multinomial", 2),
    ("negbin_ml", 2),
    ("nist_anova", 4),
    ("nist_linear", 7),
    ("ordinal", 4),
];

/// Fits a case, saves the model, and returns what was printed.
fn fit(case: &Case, directory: &Path) -> Run {
    let data = case.data().display().to_string();
    let arguments = case.arguments(directory);
    let mut all = vec!["fit", data.as_str(), "--format", "json", "--save", "model.json"];
    all.extend(arguments.iter().map(String::as_str));
    glm(directory, &all)
}

fn check(case: &Case) -> Vec<String> {
    let directory = tempfile::tempdir().expect("a directory");
    let mut agreement = Agreement::new(kinds::tolerance(case));
    kinds::check(case, &fit(case, directory.path()), directory.path(), &mut agreement);
    assert!(agreement.compared > 0, "{}: nothing was compared", case.id());
    agreement.found.iter().map(|found| format!("{}: {found}", case.id())).collect()
}

#[test]
fn the_command_agrees_with_every_case() {
    let cases = cases();
    let (kind, why, left_out) = NOT_COVERED;
    assert_eq!(cases.iter().filter(|case| case.kind() == kind).count(), left_out, "{kind}: {why}");
    for (kind, n) in COVERED {
        assert_eq!(cases.iter().filter(|case| case.kind() == kind).count(), n, "{kind}");
    }
    let covered: Vec<&Case> =
        cases.iter().filter(|case| COVERED.iter().any(|(kind, _)| case.kind() == *kind)).collect();
    assert_eq!(covered.len() + left_out, cases.len(), "each case is of a kind that is listed");
    let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(case) = covered.get(next.fetch_add(1, Ordering::Relaxed)) {
            let failed = check(case);
            found.lock().expect("no thread panics while it holds this").extend(failed);
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(2, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let found = found.into_inner().expect("no thread panicked");
    assert!(found.is_empty(), "{} disagreements\n{}", found.len(), found.join("\n"));
}

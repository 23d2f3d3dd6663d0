//! What fits of the reference cases find beside what is expected: the tests assert it, and `cargo xtask reference` prints it.

#[path = "measure/finding.rs"]
pub(crate) mod finding;

#[path = "measure/bias_reduced.rs"]
mod bias_reduced;
#[path = "measure/classes.rs"]
mod classes;
#[path = "measure/glm.rs"]
mod glm;
#[path = "measure/nist.rs"]
pub(crate) mod nist;
#[path = "measure/refusal.rs"]
mod refusal;

use glm_solvers::{Solver, fisher_scoring, irls, lbfgs, newton_raphson};

use crate::reference::Case;
use finding::Findings;

/// Cases that cannot be expressed yet, each with its reason. A case is either here or passes.
pub(crate) const NOT_YET: &[(&str, &str)] = &[("elastic_net:", "penalties are not built yet")];

/// Kinds without a design, each with the test that reads every case of it.
pub(crate) const ELSEWHERE: &[(&str, &str)] = &[
    ("nn_gradient", "crates/nn/tests/reference.rs"),
    ("nn_numerics", "crates/glm-core/tests/reference_links.rs"),
    ("nn_optimizer", "crates/nn/tests/reference.rs"),
];

/// One fit of one case.
#[derive(Debug)]
pub(crate) struct Measured {
    /// The solver or estimator.
    pub(crate) by: &'static str,
    /// All that was compared.
    pub(crate) findings: Findings,
}

/// The methods that every case is fitted by: gradient descent would take its time.
pub(crate) fn solvers() -> [Solver; 4] {
    [irls(), fisher_scoring(), newton_raphson(), lbfgs()]
}

/// Whether an entry of [`NOT_YET`] names a case.
pub(crate) fn names(entry: &str, case: &Case) -> bool {
    entry == format!("{}:{}", case.kind, case.id) || entry == format!("{}:", case.kind)
}

/// Why a case cannot be expressed yet.
pub(crate) fn not_yet(case: &Case) -> Option<&'static str> {
    NOT_YET.iter().find(|(entry, _)| names(entry, case)).map(|(_, reason)| *reason)
}

/// Every fit of a case, by each solver or, where the case is about estimators, by each of these.
pub(crate) fn measure(case: &Case) -> Vec<Measured> {
    if case.kind == "bias_reduced" {
        return bias_reduced::measure(case);
    }
    solvers().into_iter().map(|solver| Measured { by: solver.name(), findings: by_solver(case, solver) }).collect()
}

fn by_solver(case: &Case, solver: Solver) -> Findings {
    let mut findings = Findings::default();
    let result = match case.kind.as_str() {
        "behaviour" if case.is_infinite() => refusal::measure(case, solver, &mut findings),
        "behaviour" => glm::behaviour(case, solver, &mut findings),
        "glm" => glm::glm(case, solver, &mut findings),
        "negbin_ml" => glm::negative_binomial(case, &solver, &mut findings),
        "nist_linear" => nist::linear(case, solver, &mut findings),
        "nist_anova" => nist::anova(case, solver, &mut findings),
        "multinomial" => classes::multinomial(case, &solver, &mut findings),
        "ordinal" => classes::ordinal(case, &solver, &mut findings),
        kind => panic!("{}: unknown kind {kind}", case.id),
    };
    if let Err(error) = result {
        findings.refuse(error.to_string());
    }
    findings
}

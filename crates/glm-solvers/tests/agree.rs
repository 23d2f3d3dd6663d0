//! Every solver on every family with every link: one answer, and the textbook's score vanishes there.

#![expect(clippy::unwrap_used, reason = "a canonical pair is a valid one")]

#[path = "common/close.rs"]
mod close;
#[path = "common/goodness.rs"]
mod goodness;
#[path = "common/pairs.rs"]
mod pairs;
#[path = "common/runner.rs"]
mod runner;
#[path = "common/simulate.rs"]
mod simulate;
#[path = "common/textbook.rs"]
mod textbook;

use std::cell::Cell;

use close::{near, same_coefficients, same_std_errors};
use glm_core::{Binomial, Canonical, CanonicalGlm, Gamma, Gaussian, Glm, InverseGaussian, Poisson};
use glm_core::{QuasiBinomial, QuasiPoisson, Response, Tweedie};
use glm_solvers::{Error, Fit, Problem, Solver, fisher_scoring, gradient_descent, irls, lbfgs, newton_raphson};
use goodness::same_goodness;
use pairs::{Pair, pairs, pairs_of};
use proptest::prelude::any;
use proptest::test_runner::TestCaseError;
use runner::runner;
use simulate::{Data, simulate};
use textbook::{inverse, textbook};

/// A fit that converged and says so in its certificate.
fn fit(solver: &Solver, problem: &Problem<'_>) -> Result<Fit, TestCaseError> {
    let name = problem.response().name();
    let fail = |error: Error| TestCaseError::fail(format!("{name} by {}: {error}", solver.name()));
    let fit = solver.fit(problem).map_err(fail)?;
    let score = fit.certificate.score_norm;
    // At most the loosest tolerance of a solver, measured in the information at the end.
    if fit.certificate.converged() && score <= 2e-8 && fit.certificate.trace.len() == fit.certificate.iterations + 1 {
        return Ok(fit);
    }
    Err(TestCaseError::fail(format!("{name} by {}: {:?}", solver.name(), fit.certificate)))
}

/// The score and the standard errors of a fit are the textbook's.
fn matches_textbook(pair: &Pair, data: &Data, fit: &Fit, score: f64) -> Result<(), TestCaseError> {
    let truth = textbook(pair.family, pair.link, data, &fit.coefficients);
    let phi = fit.dispersion.unwrap_or(f64::NAN);
    let covariance = inverse(&truth.information);
    near("Pearson's chi-square", fit.pearson_chisq, truth.pearson, 1e-10, truth.pearson)?;
    for (j, gradient) in truth.gradient.iter().enumerate() {
        let error = (phi * covariance[j][j]).sqrt();
        let what = format!("{} by {}, column {j}", fit.response, fit.solver);
        near(&format!("score of {what}"), gradient * error / phi, 0.0, score, 1.0)?;
        near(&format!("standard error of {what}"), fit.std_errors[j], error, 1e-7, error)?;
    }
    Ok(())
}

fn all_solvers_agree(pair: &Pair, data: &Data) -> Result<(), TestCaseError> {
    let design = data.design();
    let problem = data.problem(&design, &*pair.response);
    let reference = fit(&newton_raphson(), &problem)?;
    matches_textbook(pair, data, &reference, 1e-8)?;
    for solver in [fisher_scoring(), irls(), lbfgs()] {
        let found = fit(&solver, &problem)?;
        same_coefficients("solvers", &found, &reference, 1e-8)?;
        same_std_errors("solvers", &found, &reference, 1e-7)?;
        same_goodness("solvers", &found, &reference, 1e-8)?;
        matches_textbook(pair, data, &found, 1e-8)?;
    }
    let found = fit(&gradient_descent(), &problem)?;
    same_coefficients("solvers", &found, &reference, 1e-6)?;
    same_std_errors("solvers", &found, &reference, 1e-6)?;
    matches_textbook(pair, data, &found, 1e-7)
}

/// Cases of each pair; a fit that does not converge is a failure, and the fits are counted.
fn check(pairs: &[Pair], cases: u32) {
    let checked = Cell::new(0_usize);
    for pair in pairs {
        let outcome = runner(cases).run(&(150_usize..300, 1_usize..4, any::<u64>()), |(n, slopes, seed)| {
            checked.set(checked.get() + 1);
            all_solvers_agree(pair, &simulate(pair.family, pair.link, n, slopes, seed))
        });
        assert!(outcome.is_ok(), "{} with {}: {outcome:?}", pair.family, pair.link);
    }
    assert_eq!(checked.get(), pairs.len() * cases as usize, "every case of every pair was fitted by every solver");
}

#[test]
fn binomial_proportions_and_zeros_and_ones() {
    check(&pairs_of("binomial"), 12);
}

#[test]
fn every_other_pair() {
    let pairs: Vec<Pair> = pairs().into_iter().filter(|pair| pair.family != "binomial").collect();
    check(&pairs, 6);
}

/// The canonical form and the general one are the same function of β, and at a canonical pair the observed information
/// is the expected one: three solvers, one path.
fn canonical<F: Canonical<Link: 'static> + Clone + 'static>(family: F, names: (&str, &str)) {
    let canonical = CanonicalGlm::new(family.clone());
    let general = Glm::new(family.clone(), family.canonical_link()).unwrap();
    assert_eq!(canonical.name(), general.name(), "one model, two forms");
    let outcome = runner(4).run(&(150_usize..300, 1_usize..4, any::<u64>()), |(n, slopes, seed)| {
        let data = simulate(names.0, names.1, n, slopes, seed);
        let design = data.design();
        let (one, other) = (data.problem(&design, &canonical), data.problem(&design, &general));
        for solver in [newton_raphson(), fisher_scoring(), irls(), lbfgs()] {
            let (one, other) = (fit(&solver, &one)?, fit(&solver, &other)?);
            same_coefficients("forms", &one, &other, 1e-8)?;
            same_std_errors("forms", &one, &other, 1e-8)?;
            same_goodness("forms", &one, &other, 1e-10)?;
        }
        let steps = |solver: Solver| fit(&solver, &one).map(|fit| fit.certificate.iterations);
        let newton = steps(newton_raphson())?;
        proptest::prop_assert_eq!(newton, steps(fisher_scoring())?);
        proptest::prop_assert_eq!(newton, steps(irls())?);
        Ok(())
    });
    assert!(outcome.is_ok(), "{}: {outcome:?}", canonical.name());
}

#[test]
fn canonical_and_general_forms_agree() {
    canonical(Gaussian, ("gaussian", "identity"));
    canonical(Binomial, ("binomial", "logit"));
    canonical(Poisson, ("poisson", "log"));
    canonical(Gamma, ("gamma", "inverse"));
    canonical(InverseGaussian, ("inverse-gaussian", "inverse-squared"));
    canonical(QuasiBinomial, ("quasi-binomial", "logit"));
    canonical(QuasiPoisson, ("quasi-poisson", "log"));
    canonical(Tweedie::new(1.7).unwrap(), ("tweedie(1.7)", "power(-0.7)"));
}

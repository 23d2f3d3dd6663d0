//! One problem, every solver: all must fit it, and to the same coefficients, or all must refuse it.

use glm_core::{Response, spec};
use glm_solvers::{Error, Fit, Problem, Solver, fisher_scoring, gradient_descent, irls, lbfgs, newton_raphson};

use crate::close::same_coefficients;

/// The response of a name.
pub(crate) fn response(name: &str) -> Box<dyn Response> {
    spec::response(name).expect("a known name")
}

/// The five methods.
pub(crate) fn solvers() -> [Solver; 5] {
    [newton_raphson(), fisher_scoring(), irls(), lbfgs(), gradient_descent()]
}

/// The fit of every solver; all must succeed.
pub(crate) fn fits(problem: &Problem<'_>) -> Vec<Fit> {
    let fit = |solver: &Solver| solver.fit(problem).unwrap_or_else(|error| panic!("{}: {error}", solver.name()));
    solvers().iter().map(fit).collect()
}

/// What is wanted of the error of every solver; all must refuse, and for that reason.
pub(crate) fn refusals<T>(problem: &Problem<'_>, wanted: impl Fn(Error) -> Result<T, Error>) -> Vec<T> {
    let refusal = |solver: &Solver| match solver.fit(problem) {
        Err(error) => wanted(error).unwrap_or_else(|error| panic!("{}: {error}", solver.name())),
        Ok(fit) => panic!("{}: {:?} {:?}", solver.name(), fit.coefficients, fit.certificate),
    };
    // Steepest descent would go on for ever.
    let [newton, fisher, irls, lbfgs, gradient] = solvers();
    [newton, fisher, irls, lbfgs, gradient.with_max_iterations(2000)].iter().map(refusal).collect()
}

/// The one answer of every solver.
pub(crate) fn agreed(name: &str, problem: &Problem<'_>) -> Fit {
    let mut fits = fits(problem);
    let first = fits.remove(0);
    for fit in fits {
        let tolerance = if fit.solver == "gradient-descent" { 1e-6 } else { 1e-8 };
        assert!(same_coefficients(name, &fit, &first, tolerance).is_ok(), "{name}: {:?} {:?}", fit, first);
    }
    first
}

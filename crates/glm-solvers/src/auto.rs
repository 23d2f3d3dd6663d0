//! The method that a problem is best fitted by.

use crate::target::is_large;
use crate::{Problem, Solver, fisher_scoring, newton_raphson};

/// Newton–Raphson or Fisher scoring, whichever suits the problem; the fit says which it was.
///
/// | problem | method | because |
/// |---|---|---|
/// | canonical link, classes, least squares | `fisher` | both are the same |
/// | any other link, many rows | `newton` | quadratic convergence: fewer passes over the rows |
/// | any other link, few rows | `fisher` | its information is positive definite everywhere, and passes cost nothing |
///
/// Many rows are 32 768 and more. L-BFGS is never chosen: standard errors need the information at the end, near which a
/// solver keeps the one it has, so that methods that know no curvature save little and converge slowly.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, auto};
/// let x = [0.0, 1.0, 2.0, 3.0];
/// let design = Dense::with_intercept([&x[..]])?;
/// let response = spec::response("poisson")?;
/// let fit = auto().fit(&Problem::new(&design, &*response, vec![1.0, 3.0, 4.0, 9.0])?)?;
/// assert_eq!(fit.solver, "fisher");
/// # Ok::<(), glm_solvers::Error>(())
/// ```
#[must_use]
pub fn auto() -> Solver {
    Solver::automatic()
}

/// The method for a problem.
pub(crate) fn chosen(problem: &Problem<'_>) -> Solver {
    let response = problem.response();
    let quadratic = response.is_canonical() || response.is_location() || response.link().is_none();
    if !quadratic && is_large(problem) { newton_raphson() } else { fisher_scoring() }
}

//! What is tried where a method's own steps came to no end: L-BFGS and then Newton–Raphson from the best point, and both
//! once more from the null model.

use crate::existence::{self, escape};
use crate::start::constants;
use crate::{Error, Fit, Problem, Solver, boundary, lbfgs, newton_raphson};

/// Steps of L-BFGS before Newton–Raphson takes over.
const FIRST_ORDER: usize = 200;
/// Steps of Newton–Raphson.
const SECOND_ORDER: usize = 100;
/// By how much a fit may seem to lie above the point it started from.
const ROUNDING: f64 = 1e-9;

/// The end of a fit that did not converge: one that did, below it; an edge; or the proof that there is neither.
pub(crate) fn rescue(problem: &Problem<'_>, mut best: Fit, allowed: bool) -> Result<Fit, Error> {
    escape::mark(problem, &mut best);
    if best.certificate.escape.is_some() || !allowed {
        return Err(Error::NotConverged(Box::new(best)));
    }
    let solver = best.solver;
    let mut starts = vec![best.params()];
    starts.extend(constants(problem).into_iter().take(1).filter(|start| start.iter().all(|value| value.is_finite())));
    for start in starts {
        let mut from = Some(start);
        for method in [lbfgs().with_max_iterations(FIRST_ORDER), newton_raphson().with_max_iterations(SECOND_ORDER)] {
            let Some(start) = from.take() else { break };
            let Some(found) = attempt(problem, &method, &start)? else { break };
            let below = found.deviance <= best.deviance * (1.0 + ROUNDING);
            if found.certificate.converged() && below {
                return Ok(joined(&best, found, solver, method.name()));
            }
            if let Some(edge) = boundary::find(problem, &found) {
                return Err(Error::Boundary(Box::new(edge)));
            }
            from = Some(found.params());
            if found.deviance < best.deviance {
                best = joined(&best, found, solver, method.name());
            }
        }
    }
    escape::mark(problem, &mut best);
    Err(Error::NotConverged(Box::new(best)))
}

/// Where a method gets to from a start, and what is known there; `None` where it cannot start.
fn attempt(problem: &Problem<'_>, method: &Solver, start: &[f64]) -> Result<Option<Fit>, Error> {
    match method.measured(problem, Some(start)) {
        Ok(fit) => existence::decide(problem, fit).map(Some),
        Err(Error::InvalidStart { .. } | Error::NoValidStart { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The second fit as the end of the first: its trace goes on where the first one's ended, as far as it is lower.
fn joined(first: &Fit, mut second: Fit, solver: &'static str, fallback: &'static str) -> Fit {
    let mut trace = first.certificate.trace.clone();
    let lowest = trace.iter().fold(f64::INFINITY, |a: f64, b| a.min(*b));
    trace.extend(second.certificate.trace.iter().skip(1).filter(|loss| **loss <= lowest));
    second.solver = solver;
    second.certificate.fallback = Some(fallback);
    second.certificate.iterations = trace.len() - 1;
    second.certificate.halvings += first.certificate.halvings;
    second.certificate.trace = trace;
    second
}

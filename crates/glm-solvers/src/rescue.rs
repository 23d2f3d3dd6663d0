//! What is tried where a method's own steps came to no end: L-BFGS from the best point, Newton–Raphson from where that
//! stops, from the null model, and from the response's own start.

use glm_core::{At, Interval, Order, Precision, Units, kernel};

use crate::existence::pattern::for_each_row;
use crate::existence::{self, domain, escape};
use crate::solver::FLOOR;
use crate::start::constants;
use crate::{Error, Factor, Fit, Outcome, Problem, Solver, boundary, irls, lbfgs, newton_raphson};

/// Steps of L-BFGS before Newton–Raphson takes over.
const FIRST_ORDER: usize = 200;
/// Steps of Newton–Raphson.
const SECOND_ORDER: usize = 100;
/// The share of its own linear predictor by which a row may move where a fit is said to have arrived.
const STAYS: f64 = 1e-4;
/// The tolerance of the second-order methods.
const TOLERANCE: f64 = 1e-9;
/// Rounding errors of η, relative to the sum of its terms.
const ROUNDING_OF_ETA: f64 = 16.0 * f64::EPSILON;
/// A score of this many standard errors is too large for a fit.
const VAGUE: f64 = 1e-4;
/// The score above which a fit at the level of rounding errors is none.
const DOUBTFUL: f64 = 1e-2;
/// The share of the null model's deviance below which a fit is perfect.
const PERFECT: f64 = 1e-14;
/// By how much a fit may seem to lie above the point it started from.
const ROUNDING: f64 = 1e-9;

/// The end of a fit that did not converge: one that did, below it; an edge; or the proof that there is neither.
// Over budget: the list of what is tried, and what each attempt may prove.
pub(crate) fn rescue(problem: &Problem<'_>, mut best: Fit, allowed: bool) -> Result<Fit, Error> {
    if arrived(problem, &mut best)? {
        return Ok(best);
    }
    escape::mark(problem, &mut best);
    if best.certificate.escape.is_some() || !allowed {
        return Err(Error::NotConverged(Box::new(best)));
    }
    let solver = best.solver;
    let constant = constants(problem).into_iter().next().filter(|start| start.iter().all(|value| value.is_finite()));
    let (first_order, second_order) =
        (lbfgs().with_max_iterations(FIRST_ORDER), newton_raphson().with_max_iterations(SECOND_ORDER));
    let from_there = Some(best.params());
    // A method without a start of its own goes on where the one before it stopped; the last two begin anew.
    let scoring = irls().with_max_iterations(SECOND_ORDER);
    let attempts = [
        (&first_order, from_there),
        (&second_order, None),
        (&second_order, constant),
        (&second_order, None),
        (&scoring, None),
    ];
    let mut last = None;
    for (place, (method, start)) in attempts.into_iter().enumerate() {
        let start = if place == 1 { last.take() } else { start };
        if start.is_none() && place < 3 {
            continue;
        }
        let Some(mut found) = attempt(problem, method, start.as_deref())? else { continue };
        arrived(problem, &mut found)?;
        let below = found.deviance <= best.deviance * (1.0 + ROUNDING);
        if found.certificate.converged() && below {
            return Ok(joined(&best, found, solver, method.name()));
        }
        if let Some(edge) =
            boundary::find(problem, &found).filter(|edge| edge.fit.deviance <= best.deviance * (1.0 + ROUNDING))
        {
            return Err(Error::Boundary(Box::new(edge)));
        }
        last = Some(found.params());
        if found.deviance < best.deviance {
            best = joined(&best, found, solver, method.name());
        }
    }
    escape::mark(problem, &mut best);
    let (score, outside) = rounding(problem, &best, false);
    let score = score / phi(problem, &best).sqrt();
    if best.certificate.escape.is_none() && (outside || score.is_nan() || score > VAGUE) {
        best.certificate.outcome = Outcome::Cancellation;
    }
    Err(Error::NotConverged(Box::new(best)))
}

/// Takes the word "converged" back where rounding errors alone make a score that is no small one, except where the fit is
/// perfect and its standard errors are rounding errors themselves.
pub(crate) fn doubt(problem: &Problem<'_>, fit: &mut Fit) {
    let worst = if fit.null_deviance.is_finite() { fit.null_deviance } else { 2.0 * fit.certificate.trace[0] };
    if fit.certificate.outcome != Outcome::RoundingFloor {
        return;
    }
    let ((score, outside), phi) = (rounding(problem, fit, true), phi(problem, fit));
    // Coefficients in working precision may not give the deviance that more digits of them did.
    let perfect = problem.known_dispersion().is_none() && fit.deviance + score * score <= PERFECT * worst;
    if !perfect && (outside || !(score / phi.sqrt()).le(&DOUBTFUL)) {
        fit.certificate.outcome = Outcome::Cancellation;
    }
}

/// The score that rounding errors of η alone make, in standard errors at a dispersion of one, and whether they carry a mean
/// over the edge of its domain. An error moves the slope by the observed curvature, which may be far from the expected one.
fn rounding(problem: &Problem<'_>, fit: &Fit, observed: bool) -> (f64, bool) {
    if problem.response().n_predictors() > 1 {
        return (0.0, false);
    }
    let domain = domain::of_response(problem.response()).unwrap_or(Interval::REAL);
    let (params, mut score, mut outside) = (fit.params(), 0.0, false);
    let columns: Vec<usize> = (0..params.len()).collect();
    for_each_row(problem, &columns, |row, x| {
        let offset = problem.offset().get(row).copied().unwrap_or(0.0);
        let terms = || x.iter().zip(&params).map(|(x, b)| x * b);
        let eta = terms().sum::<f64>() + offset;
        let error = ROUNDING_OF_ETA * (terms().map(f64::abs).sum::<f64>() + offset.abs());
        outside |= eta - error <= domain.lower || eta + error >= domain.upper;
        let curvature = |order: Order| {
            let (mut loss, mut slope, mut curvature) = ([0.0], [0.0], [0.0]);
            let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
            problem.response().units(&problem.y()[row..=row], &[eta], order, units);
            curvature[0]
        };
        let expected = curvature(Order::Expected);
        let more = if observed { curvature(Order::Observed).powi(2) / expected } else { 0.0 };
        let more = if more.is_finite() { more } else { 0.0 };
        score += problem.weight(row) * expected.max(more) * error * error;
    });
    (score.sqrt(), outside)
}

fn phi(problem: &Problem<'_>, fit: &Fit) -> f64 {
    problem.known_dispersion().unwrap_or(fit.deviance / fit.df_residual.max(1) as f64)
}

/// Whether a score that is small only beside a curvature which has collapsed since the start, and so said to be that of a
/// linear predictor running off, is at a minimum all the same: the observed information is positive definite there, and
/// its step moves no row by more than [`STAYS`]. Running off, a step has the length of one before it.
fn arrived(problem: &Problem<'_>, fit: &mut Fit) -> Result<bool, Error> {
    let coupled = problem.response().n_predictors() > 1;
    if coupled || fit.certificate.outcome != Outcome::Diverging || !fit.certificate.score_norm.le(&FLOOR) {
        return Ok(false);
    }
    let (params, columns) = (fit.params(), (0..fit.coefficients.len()).collect::<Vec<usize>>());
    let kept: Vec<usize> = columns.iter().copied().filter(|j| !fit.aliased.contains(j)).collect();
    let here = problem.expand(At::Params(&params), Order::Observed, Precision::Compensated)?;
    let Some(step) = Factor::new(&here.information, &kept).map(|factor| factor.solve(&here.gradient)) else {
        return Ok(false);
    };
    let mut stays = true;
    for_each_row(problem, &columns, |row, x| {
        let offset = problem.offset().get(row).copied().unwrap_or(0.0);
        let eta = kernel::dot_compensated(x, &params) + offset;
        stays &= kernel::dot_compensated(x, &step).abs() <= STAYS * eta.abs();
    });
    if stays {
        let tight = fit.certificate.score_norm <= TOLERANCE;
        fit.certificate.outcome = if tight { Outcome::Converged } else { Outcome::RoundingFloor };
        fit.compare_with_null();
    }
    Ok(fit.certificate.converged())
}

/// Where a method gets to from a start, and what is known there; `None` where it cannot start.
fn attempt(problem: &Problem<'_>, method: &Solver, start: Option<&[f64]>) -> Result<Option<Fit>, Error> {
    match method.measured(problem, start) {
        Ok(mut fit) => {
            doubt(problem, &mut fit);
            existence::decide(problem, fit).map(Some)
        }
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

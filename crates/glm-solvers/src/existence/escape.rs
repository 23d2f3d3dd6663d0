//! Directions in which a loss that need not be convex falls for ever from a point on: no theorem, but a fact about each
//! row.

use glm_core::{At, Interval, Order, Precision, Recession, Units};

use super::pattern::Pattern;
use super::{Found, Verdict, verdict};
use crate::{Existence, Fit, Outcome, Problem};

/// How far a row is followed, in units of 1 + |η|: 2^k for k from the first to the last.
const STEPS: std::ops::Range<i32> = -3..40;
/// Rises of a row's loss, relative to it, that are put down to rounding errors.
const NOISE: f64 = 1e-12;

/// Marks a fit that did not converge as diverging where, from where it stands, some direction never makes the loss of any
/// row rise and moves one to which that happens in one direction only; or where going on as far again never makes the sum
/// rise, however often.
pub(crate) fn mark(problem: &Problem<'_>, fit: &mut Fit) {
    let columns: Vec<usize> = (0..fit.coefficients.len()).filter(|j| !fit.aliased.contains(j)).collect();
    if problem.response().n_predictors() > 1 || fit.certificate.existence == Existence::Proved {
        return;
    }
    let Ok(eta) = fit.linear_predictor(problem.design(), problem.offset()) else { return };
    let local = |row: usize| Some(from_here(problem, row, eta[row]));
    let pattern = Pattern::of_rows(problem, &columns, local);
    let direction = match pattern.map(|pattern| verdict(pattern, fit.coefficients.len(), &columns)) {
        Some(Verdict::Separated(Found { direction, .. })) => Some(direction),
        _ => onwards(problem, fit),
    };
    if let Some(direction) = direction {
        fit.certificate.outcome = Outcome::Diverging;
        fit.certificate.escape = Some(direction);
    }
}

/// The estimate as a direction, where the loss never rises along it.
fn onwards(problem: &Problem<'_>, fit: &Fit) -> Option<Vec<f64>> {
    let params = fit.params();
    let mut last = 0.5 * fit.deviance;
    let falls = STEPS.map(|power| 1.0 + 2.0_f64.powi(power)).all(|times| {
        let further: Vec<f64> = params.iter().map(|b| times * b).collect();
        let next = problem.expand(At::Params(&further), Order::Loss, Precision::Plain).map_or(f64::NAN, |at| at.loss);
        let falls = next <= last + NOISE * last.abs();
        last = last.min(next);
        falls
    });
    (falls && params.iter().any(|b| *b != 0.0)).then_some(params)
}

/// The direction of η in which a row's loss never rises from here on, if there is exactly one.
fn from_here(problem: &Problem<'_>, row: usize, eta: f64) -> Recession {
    let downhill = |sign: f64| {
        let mut last = loss(problem, row, eta);
        STEPS.map(|power| eta + sign * 2.0_f64.powi(power) * (1.0 + eta.abs())).all(|further| {
            let next = loss(problem, row, further);
            let falls = next <= last + NOISE * last.abs();
            last = last.min(next);
            falls && next.is_finite()
        })
    };
    let free = problem.response().link().is_none_or(|link| link.domain() == Interval::REAL);
    match (downhill(1.0), downhill(-1.0)) {
        (true, false) => Recession::Upward,
        (false, true) => Recession::Downward,
        // Nothing depends on the row here, but for its sign.
        (true, true) if free && eta < 0.0 => Recession::Downward,
        (true, true) => Recession::Upward,
        (false, false) => Recession::Fixed,
    }
}

fn loss(problem: &Problem<'_>, row: usize, eta: f64) -> f64 {
    let (mut loss, mut slope, mut curvature) = ([0.0], [0.0], [0.0]);
    let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
    problem.response().units(&problem.y()[row..=row], &[eta], Order::Loss, units);
    loss[0]
}

//! Quasi-Fisher scoring: the step I⁻¹U*, halved until the merit falls, and Newton's step where scoring is slow.

use glm_core::kernel;

use super::BiasReduction;
use super::adjustment::{Adjusted, Target};
use super::newton::newton_direction;
use crate::solver::{COLLAPSE, FLOOR};
use crate::{Error, Factor, Outcome};

/// √(U*ᵀ I⁻¹ U*) at which the search ends. Convergence is linear, and the error a few times this.
const TOLERANCE: f64 = 1e-10;
/// Accepted steps; five to twenty are usual.
const MAX_ITERATIONS: usize = 500;
/// Steps of scoring, each as cheap as two passes, before Newton's are tried; and slow steps in a row, at a score that is
/// small enough, that are put down to rounding errors.
const PATIENCE: usize = 10;
/// Share of the adjusted score that a step may leave before the search is called slow.
const SLOW: f64 = 0.3;
/// Halvings of one step before the search gives up.
const MAX_HALVINGS: usize = 40;
/// Armijo's constant.
const SUFFICIENT: f64 = 1e-4;
/// Rise of the penalised likelihood, relative to it, within which the slope along the step decides.
const TIE: f64 = 1e-9;
/// Share of the slope at the start of the step that the slope at its end may then have, with the other sign.
const OVERSHOOT: f64 = 0.8;

/// Where a search ended, and how.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) at: Adjusted,
    pub(super) outcome: Outcome,
    /// The merit at the start and after each accepted step.
    pub(super) trace: Vec<f64>,
    pub(super) halvings: usize,
}

/// Searches from the ordinary start, which separated data do not move to infinity. ½ U*ᵀ I⁻¹ U* can have minima that are
/// not zero; an adjusted score whose search ends in one is searched again from Jeffreys' estimate, which is a maximum.
pub(super) fn search(target: &Target<'_>) -> Result<Found, Error> {
    let start = &target.start.params;
    let found = search_from(target, start)?;
    if found.outcome.converged() || target.estimator == BiasReduction::Jeffreys {
        return Ok(found);
    }
    let jeffreys = search_from(&Target { estimator: BiasReduction::Jeffreys, ..*target }, start)?;
    let again = search_from(target, &jeffreys.at.params)?;
    Ok(if again.outcome.converged() { again } else { found })
}

/// Searches from a point.
pub(super) fn search_from(target: &Target<'_>, start: &[f64]) -> Result<Found, Error> {
    let response = || target.problem.response().name();
    let mut at = target.at(start.to_vec())?.ok_or_else(|| Error::NoValidStart { response: response() })?;
    // Where a profile is followed far out, the weights of the ordinary start are no measure of anything.
    let metric = if target.is_restricted() { at.factor.clone() } else { target.start.metric.clone() };
    let verdict = |at: &Adjusted, outcome| verdict(target, &metric, at, outcome);
    let (mut trace, mut halvings, mut slow, mut stalled) = (vec![at.merit], 0, false, 0);
    let outcome = loop {
        if at.score_norm <= TOLERANCE {
            break verdict(&at, Outcome::Converged);
        }
        if stalled >= PATIENCE {
            break verdict(&at, Outcome::RoundingFloor);
        }
        if trace.len() > MAX_ITERATIONS {
            break Outcome::IterationLimit;
        }
        match advance(target, &at, slow && trace.len() > PATIENCE, &mut halvings)? {
            Some(next) => {
                slow = next.score_norm > SLOW * at.score_norm;
                stalled = if slow && at.score_norm <= FLOOR { stalled + 1 } else { 0 };
                at = next;
            }
            None if at.score_norm <= FLOOR => break verdict(&at, Outcome::RoundingFloor),
            None => break Outcome::NoProgress,
        }
        trace.push(at.merit);
    };
    Ok(Found { at, outcome, trace, halvings })
}

/// The next point, by the scoring step or, where that is slow or fails, by Newton's; `None` where neither does.
fn advance(target: &Target<'_>, at: &Adjusted, slow: bool, halvings: &mut usize) -> Result<Option<Adjusted>, Error> {
    for newton in [slow, !slow] {
        let direction = match newton {
            true => newton_direction(target, at)?,
            false => Some(at.factor.solve(&at.gradient)),
        };
        if let Some(direction) = direction
            && let Some(next) = along(target, at, &direction, halvings)?
        {
            return Ok(Some(next));
        }
    }
    Ok(None)
}

/// The first point good enough among the halvings of a step of −direction.
fn along(
    target: &Target<'_>,
    at: &Adjusted,
    direction: &[f64],
    halvings: &mut usize,
) -> Result<Option<Adjusted>, Error> {
    let promised = match target.estimator {
        BiasReduction::MeanAdjustedScore => at.score_norm * at.score_norm,
        BiasReduction::Jeffreys => kernel::dot(&at.gradient, direction) / target.dispersion,
    };
    if promised <= 0.0 {
        return Ok(None);
    }
    let mut length = 1.0;
    for _ in 0..=MAX_HALVINGS {
        let params = at.params.iter().zip(direction).map(|(b, d)| b - length * d).collect();
        if let Some(next) = target.at(params)?
            && acceptable(target, at, &next, direction, (length, promised))
        {
            return Ok(Some(next));
        }
        *halvings += 1;
        length *= 0.5;
    }
    Ok(None)
}

/// Armijo's rule. The merit of an adjusted score is a square that ends at zero, and resolves every decrease; a penalised
/// likelihood ends at a number whose rounding errors hide the last ones, which the slope along the step still sees.
fn acceptable(
    target: &Target<'_>,
    at: &Adjusted,
    next: &Adjusted,
    direction: &[f64],
    (length, promised): (f64, f64),
) -> bool {
    let rise = next.merit - at.merit;
    if rise <= -SUFFICIENT * length * promised {
        return true;
    }
    let slope = -kernel::dot(&next.gradient, direction) / target.dispersion;
    let tie = TIE * (1.0 + at.merit.abs());
    target.estimator == BiasReduction::Jeffreys && rise <= tie && slope <= OVERSHOOT * promised
}

/// The outcome, unless the score is small only because the information has collapsed or exploded since the start.
fn verdict(target: &Target<'_>, metric: &Factor, at: &Adjusted, outcome: Outcome) -> Outcome {
    let deviation = target.dispersion.sqrt();
    let motion = metric.length(&at.factor.solve(&at.gradient)) / deviation;
    let outer_score = metric.score_norm(&at.gradient) / deviation;
    match () {
        () if motion > COLLAPSE * at.score_norm => Outcome::Diverging,
        () if outer_score > COLLAPSE * at.score_norm && outer_score > FLOOR => Outcome::Boundary,
        () => outcome,
    }
}

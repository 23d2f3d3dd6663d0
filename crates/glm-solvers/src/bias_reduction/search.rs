//! Quasi-Fisher scoring: the step I⁻¹U*, halved until the merit falls.

use glm_core::kernel;

use super::BiasReduction;
use super::adjustment::{Adjusted, Target};
use crate::solver::{COLLAPSE, FLOOR};
use crate::{Error, Outcome};

/// √(U*ᵀ I⁻¹ U*) at which the search ends. Convergence is linear, and the error a few times this.
const TOLERANCE: f64 = 1e-10;
/// Accepted steps; the rate of convergence is about the largest leverage, and five to thirty are usual.
const MAX_ITERATIONS: usize = 1000;
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

/// Searches from the ordinary start, which separated data do not move to infinity.
pub(super) fn search(target: &Target<'_>) -> Result<Found, Error> {
    let response = || target.problem.response().name();
    let start = target.at(target.start.params.clone())?;
    let mut at = start.ok_or_else(|| Error::NoValidStart { response: response() })?;
    let (mut trace, mut halvings) = (vec![at.merit], 0);
    let outcome = loop {
        if at.score_norm <= TOLERANCE {
            break verdict(target, &at, Outcome::Converged);
        }
        if trace.len() > MAX_ITERATIONS {
            break Outcome::IterationLimit;
        }
        match advance(target, &at, &mut halvings)? {
            Some(next) => at = next,
            None if at.score_norm <= FLOOR => break verdict(target, &at, Outcome::RoundingFloor),
            None => break Outcome::NoProgress,
        }
        trace.push(at.merit);
    };
    Ok(Found { at, outcome, trace, halvings })
}

/// The next point; `None` where no length of the step is good enough.
fn advance(target: &Target<'_>, at: &Adjusted, halvings: &mut usize) -> Result<Option<Adjusted>, Error> {
    let direction = at.factor.solve(&at.gradient);
    let mut length = 1.0;
    for _ in 0..=MAX_HALVINGS {
        let params = at.params.iter().zip(&direction).map(|(b, d)| b - length * d).collect();
        if let Some(next) = target.at(params)?
            && acceptable(target, at, &next, &direction, length)
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
fn acceptable(target: &Target<'_>, at: &Adjusted, next: &Adjusted, direction: &[f64], length: f64) -> bool {
    let (rise, promised) = (next.merit - at.merit, at.score_norm * at.score_norm);
    if rise <= -SUFFICIENT * length * promised {
        return true;
    }
    let slope = -kernel::dot(&next.gradient, direction) / target.dispersion;
    let tie = TIE * (1.0 + at.merit.abs());
    target.estimator == BiasReduction::Jeffreys && rise <= tie && slope <= OVERSHOOT * promised
}

/// The outcome, unless the score is small only because the information has collapsed or exploded since the start.
fn verdict(target: &Target<'_>, at: &Adjusted, outcome: Outcome) -> Outcome {
    let (metric, deviation) = (&target.start.metric, target.dispersion.sqrt());
    let motion = metric.length(&at.factor.solve(&at.gradient)) / deviation;
    let outer_score = metric.score_norm(&at.gradient) / deviation;
    match () {
        () if motion > COLLAPSE * at.score_norm => Outcome::Diverging,
        () if outer_score > COLLAPSE * at.score_norm && outer_score > FLOOR => Outcome::Boundary,
        () => outcome,
    }
}

//! The null model: the intercept alone, with the same weights and offset.

use std::convert::Infallible;
use std::ops::Range;

use glm_core::{At, Dense, Family, Mean, Merge, Objective, Order, Precision, Units, blocks, fold_rows, kernel, vector};

use crate::class_weights::{class_weights, deviance_of_shares};
use crate::start::mean_response;
use crate::{Error, Problem, auto};

/// The score of the null model, in standard errors, at which its square, which is what its deviance is off by, is no more
/// than rounding errors.
const ENOUGH: f64 = 1e-7;

/// Its deviance; NaN where it has no fit. `own` is the deviance of the fit itself, which may be the null model.
pub(crate) fn null_deviance(problem: &Problem<'_>, own: f64) -> Result<f64, Error> {
    if let Some(deviance) = of_one_mean(problem) {
        return Ok(deviance);
    }
    match problem.response().family() {
        _ if !problem.design().has_intercept() => {
            let zeros = vec![0.0; problem.n_params()];
            Ok(2.0 * problem.expand(At::Params(&zeros), Order::Loss, Precision::Plain)?.loss)
        }
        None if problem.response().is_categorical() && problem.offset().is_empty() => {
            let classes = problem.response().n_means();
            Ok(deviance_of_shares(&class_weights(problem.y(), |row| problem.weight(row), classes)))
        }
        _ if problem.design().n_cols() == 1 => Ok(own),
        family => match family.and_then(|family| constant_beside_offset(problem, family)) {
            Some(constant) => Ok(2.0 * loss_at(problem, constant)),
            None => fitted(problem),
        },
    }
}

/// Its deviance by its own fit.
fn fitted(problem: &Problem<'_>) -> Result<f64, Error> {
    let design = Dense::intercept_only(problem.y().len())?;
    match auto().with_tolerance(ENOUGH)?.fit(&problem.with_design(&design)?) {
        Ok(fit) => Ok(fit.deviance),
        Err(Error::Input(error)) => Err(error.into()),
        Err(_) => Ok(f64::NAN),
    }
}

/// Its deviance where one mean serves all rows, an intercept without an offset; NaN where it has no fit.
///
/// The score Σ w (y − μ) μ′/V vanishes at the weighted mean, whatever family and link; a mean on the edge of the link's
/// range is a limit, and one beyond it (below zero, with a log link) is no fit.
pub(crate) fn of_one_mean(problem: &Problem<'_>) -> Option<f64> {
    let family = problem.response().family()?;
    if !(problem.design().has_intercept() && problem.offset().is_empty()) {
        return None;
    }
    let mean = Mean::from(mean_response(problem));
    let link = problem.response().link();
    let range = link.map(glm_core::Link::range);
    if range.is_some_and(|range| mean.mu < range.lower || mean.mu > range.upper) {
        return Some(f64::NAN);
    }
    let inside = range.is_some_and(|range| mean.mu > range.lower && mean.mu < range.upper);
    match link.map(|link| link.eta(mean)).filter(|eta| inside && eta.is_finite()) {
        Some(eta) => Some(2.0 * loss_at(problem, eta)),
        None => {
            let rows = problem.y().iter().enumerate().filter(|(row, _)| problem.weight(*row) > 0.0);
            Some(rows.map(|(row, y)| problem.weight(row) * family.unit_deviance(*y, mean)).sum())
        }
    }
}

/// The constant of the null model with an offset o, where it has a closed form: with the log link and V = μᵖ the score
/// Σ w (y − μ) μ¹⁻ᵖ vanishes at exp(constant) = Σ w y exp((1 − p) o)/Σ w exp((2 − p) o); with the identity and V = 1 it is
/// the mean of y − o.
fn constant_beside_offset(problem: &Problem<'_>, family: &dyn Family) -> Option<f64> {
    let (power, link) = (family.variance_power()?, problem.response().link()?);
    let is_mean = link.is_identity() && power == 0.0;
    if problem.response().n_predictors() > 1 || !(is_mean || link.is_log()) {
        return None;
    }
    let group = |rows: Range<usize>| {
        let mut sums = Sums([0.0; 2]);
        for rows in blocks(rows) {
            let (y, offset) = (&problem.y()[rows.clone()], &problem.offset()[rows.clone()]);
            let mut weights: Vec<f64> = rows.map(|row| problem.weight(row)).collect();
            if is_mean {
                let rest: Vec<f64> = y.iter().zip(offset).map(|(y, offset)| y - offset).collect();
                sums.0[0] += kernel::dot(&weights, &rest);
                sums.0[1] += kernel::sum(&weights);
                continue;
            }
            let (above, below) = (exponentials(1.0 - power, offset), exponentials(2.0 - power, offset));
            sums.0[1] += kernel::dot(&weights, &below);
            weights.iter_mut().zip(y).for_each(|(weight, y)| *weight *= y);
            sums.0[0] += kernel::dot(&weights, &above);
        }
        Ok::<_, Infallible>(sums)
    };
    let Ok(Sums([above, below])) = fold_rows(problem.y().len(), &group);
    let constant = if is_mean { above / below } else { (above / below).ln() };
    constant.is_finite().then_some(constant)
}

/// e^(factor · x).
fn exponentials(factor: f64, x: &[f64]) -> Vec<f64> {
    let mut out = vec![1.0; x.len()];
    if factor != 0.0 {
        let scaled: Vec<f64> = x.iter().map(|x| factor * x).collect();
        vector::exp(&scaled, &mut out);
    }
    out
}

/// Σ w times the loss at linear predictors that differ by the offset alone.
fn loss_at(problem: &Problem<'_>, constant: f64) -> f64 {
    let group = |rows: Range<usize>| {
        let mut total = 0.0;
        for rows in blocks(rows) {
            let (mut loss, mut eta, m) = (vec![0.0; rows.len()], vec![constant; rows.len()], rows.len());
            if let Some(offset) = problem.offset().get(rows.clone()) {
                kernel::axpy(1.0, offset, &mut eta);
            }
            let units = Units { loss: &mut loss, slope: &mut vec![0.0; m], curvature: &mut vec![0.0; m] };
            problem.response().units(&problem.y()[rows.clone()], &eta, Order::Loss, units);
            for (loss, weight) in loss.iter_mut().zip(problem.weights().get(rows).unwrap_or(&[])) {
                *loss = if *weight > 0.0 { *loss * weight } else { 0.0 };
            }
            total += kernel::sum(&loss);
        }
        Ok::<_, Infallible>(Sums([total]))
    };
    let Ok(Sums([total])) = fold_rows(problem.y().len(), &group);
    total
}

/// Sums over rows.
struct Sums<const N: usize>([f64; N]);

impl<const N: usize> Merge for Sums<N> {
    fn merge(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }
}

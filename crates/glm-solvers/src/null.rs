//! The null model: the intercept alone, with the same weights and offset.

use std::convert::Infallible;
use std::ops::Range;

use glm_core::{At, Dense, Mean, Merge, Objective, Order, Precision, Units, blocks, fold_rows, kernel};

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
        _ => {
            let design = Dense::intercept_only(problem.y().len())?;
            match auto().with_tolerance(ENOUGH)?.fit(&problem.with_design(&design)?) {
                Ok(fit) => Ok(fit.deviance),
                Err(Error::Input(error)) => Err(error.into()),
                Err(_) => Ok(f64::NAN),
            }
        }
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

/// Σ w times the loss at one linear predictor for all rows.
fn loss_at(problem: &Problem<'_>, eta: f64) -> f64 {
    let group = |rows: Range<usize>| {
        let mut total = 0.0;
        for rows in blocks(rows) {
            let (mut loss, m) = (vec![0.0; rows.len()], rows.len());
            let units = Units { loss: &mut loss, slope: &mut vec![0.0; m], curvature: &mut vec![0.0; m] };
            problem.response().units(&problem.y()[rows.clone()], &vec![eta; m], Order::Loss, units);
            for (loss, row) in loss.iter_mut().zip(rows) {
                let weight = problem.weight(row);
                *loss = if weight > 0.0 { *loss * weight } else { 0.0 };
            }
            total += kernel::sum(&loss);
        }
        Ok::<_, Infallible>(Total(total))
    };
    let Ok(Total(total)) = fold_rows(problem.y().len(), &group);
    total
}

/// A sum.
struct Total(f64);

impl Merge for Total {
    fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }
}

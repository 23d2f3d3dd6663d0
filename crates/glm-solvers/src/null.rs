//! The null model: the intercept alone, with the same weights and offset.

use glm_core::{At, Dense, Mean, Objective, Order, Precision};

use crate::class_weights::{class_weights, deviance_of_shares};
use crate::start::mean_response;
use crate::{Error, Problem, irls};

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
            match irls().fit(&problem.with_design(&design)?) {
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
    let range = problem.response().link().map(glm_core::Link::range);
    if range.is_some_and(|range| mean.mu < range.lower || mean.mu > range.upper) {
        return Some(f64::NAN);
    }
    let rows = problem.y().iter().enumerate().filter(|(row, _)| problem.weight(*row) > 0.0);
    Some(rows.map(|(row, y)| problem.weight(row) * family.unit_deviance(*y, mean)).sum())
}

//! Where a fit starts, and which columns it can tell apart.

use glm_core::{At, Expansion, Mean, Order, Precision};

use crate::factor::independent_columns;
use crate::{Error, Factor, Problem};

/// R's tolerance of `glm`: the share of a column's length that must be outside the span of the columns before it.
const ALIAS: f64 = 1e-11;
/// Below this pivot a Cholesky factor has lost half its digits, and rank and steps are taken from QR.
const SAFE_PIVOT: f64 = 1e-5;

/// A starting point inside the domain, and the factor of the information near it.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) params: Vec<f64>,
    pub(crate) factor: Factor,
    /// Whether the design is too close to collinear for a Gram; steps then rest on QR, and η and the gradient are summed
    /// with compensation, because columns that cancel leave their rounding errors behind.
    pub(crate) ill_conditioned: bool,
}

impl Start {
    /// The caller's parameters, or one step of iteratively reweighted least squares from the response's starting means;
    /// where that step leaves the domain, the intercept-only fit, or a shorter step.
    pub(crate) fn find(problem: &Problem<'_>, given: Option<&[f64]>) -> Result<Self, Error> {
        let at = given.map_or(At::Start, At::Params);
        if let Some(params) = given {
            check_given(problem, params)?;
        }
        let first = problem.expand(at, Order::Expected, Precision::Plain)?;
        if given.is_some() && !first.is_finite() {
            return Err(Error::InvalidStart { response: problem.response().name() });
        }
        let (factor, gradient, ill_conditioned) = factorise(problem, at, first)?;
        let params = match given {
            Some(params) => params.to_vec(),
            None => inside(problem, factor.solve(&gradient).iter().map(|value| -value).collect())?,
        };
        Ok(Self { params, factor, ill_conditioned })
    }

    /// The expansion at parameters, as precise as this design needs.
    pub(crate) fn expand(&self, problem: &Problem<'_>, params: &[f64], order: Order) -> Result<Expansion, Error> {
        let precision = if self.ill_conditioned { Precision::Compensated } else { Precision::Plain };
        Ok(problem.expand(At::Params(params), order, precision)?)
    }
}

fn check_given(problem: &Problem<'_>, params: &[f64]) -> Result<(), Error> {
    let expected = glm_core::Objective::n_params(problem);
    if params.len() != expected {
        return Err(glm_core::Error::LengthMismatch { what: "start", expected, found: params.len() }.into());
    }
    match params.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(glm_core::Error::NotFinite { what: "start", row, column: None, value: params[row] }.into()),
        None => Ok(()),
    }
}

/// The factor at the start: by Cholesky where that is safe, otherwise by QR, which also finds the aliased columns.
fn factorise(problem: &Problem<'_>, at: At<'_>, first: Expansion) -> Result<(Factor, Vec<f64>, bool), Error> {
    let all: Vec<usize> = (0..first.gradient.len()).collect();
    let no_start = || Error::NoValidStart { response: problem.response().name() };
    match Factor::new(&first.information, &all).filter(|factor| factor.smallest_pivot() > SAFE_PIVOT) {
        Some(factor) => Ok((factor, first.gradient, false)),
        None if problem.response().n_predictors() > 1 => {
            let factor = Factor::new(&first.information, &all).ok_or_else(no_start)?;
            Ok((factor, first.gradient, false))
        }
        None => {
            let root = problem.expand(at, Order::Root, Precision::Compensated)?;
            let kept = match &root.information {
                glm_core::Information::Root(root) => independent_columns(root, ALIAS),
                _ => all,
            };
            let factor = Factor::new(&root.information, &kept).ok_or_else(no_start)?;
            let ill_conditioned = factor.smallest_pivot() <= SAFE_PIVOT;
            Ok((factor, root.gradient, ill_conditioned))
        }
    }
}

/// The step, unless the constant model is better; where neither is inside the domain, shorter steps.
fn inside(problem: &Problem<'_>, step: Vec<f64>) -> Result<Vec<f64>, Error> {
    let loss = |params: &[f64]| -> Result<f64, Error> {
        Ok(problem.expand(At::Params(params), Order::Loss, Precision::Plain)?.loss)
    };
    let at_step = loss(&step)?;
    let constant = constant(problem).filter(|params| params.iter().all(|value| value.is_finite()));
    if at_step.is_finite() && constant_loss(problem).is_none_or(|constant| at_step <= constant) {
        return Ok(step);
    }
    if let Some(params) = constant
        && loss(&params)?.is_finite()
    {
        return Ok(params);
    }
    for power in 0..=20 {
        let shorter: Vec<f64> = step.iter().map(|value| value * 0.5_f64.powi(power)).collect();
        if loss(&shorter)?.is_finite() {
            return Ok(shorter);
        }
    }
    Err(Error::NoValidStart { response: problem.response().name() })
}

/// The loss of one mean for all rows, where that is a model: with an intercept and without an offset.
fn constant_loss(problem: &Problem<'_>) -> Option<f64> {
    let possible = problem.design().has_intercept() && problem.offset().is_empty();
    let family = problem.response().family().filter(|_| possible)?;
    let mean = Mean::from(mean_response(problem));
    let rows = problem.y().iter().enumerate().filter(|(row, _)| problem.weight(*row) > 0.0);
    Some(0.5 * rows.map(|(row, y)| problem.weight(row) * family.unit_deviance(*y, mean)).sum::<f64>())
}

/// The intercept at the link of the weighted mean response, everything else zero.
fn constant(problem: &Problem<'_>) -> Option<Vec<f64>> {
    let link = problem.response().link().filter(|_| problem.design().has_intercept())?;
    let mut params = vec![0.0; problem.design().n_cols()];
    params[0] = link.eta(Mean::from(mean_response(problem)));
    Some(params)
}

/// Σ w y / Σ w.
pub(crate) fn mean_response(problem: &Problem<'_>) -> f64 {
    let (mut total, mut weights) = (0.0, 0.0);
    for (row, y) in problem.y().iter().enumerate() {
        total += problem.weight(row) * y;
        weights += problem.weight(row);
    }
    total / weights
}

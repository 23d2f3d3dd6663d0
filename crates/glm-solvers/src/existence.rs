//! Whether a finite maximum of the likelihood exists: a question about the signs of xᵢᵀd alone.
//!
//! Moving β along d never makes the loss of row i rise if xᵢᵀd is zero, or has the sign that the row's
//! [`Recession`](glm_core::Recession) allows; of several predictors, if none of the differences that may rise falls
//! ([`Rise`](glm_core::Rise)). There is no finite maximum if and only if some d with Xd ≠ 0 satisfies all
//! rows. Which of the two holds is decided with a proof: strictly positive multipliers that balance the rows, or such a
//! d, checked on the data themselves. The multipliers mostly come for free, from a Newton step at the fit
//! ([`Totals`](crate::totals::Totals)); only where they do not is [`decide`] asked.

mod alone;
mod cone;
pub(crate) mod coordinates;
pub(crate) mod domain;
pub(crate) mod escape;
pub(crate) mod multipliers;
pub(crate) mod nonnegative;
pub(crate) mod pattern;

use glm_core::{Recession, kernel};

use crate::separation::Towards;
use crate::{Certificate, Error, Existence, Fit, Outcome, Problem, Separation};
use alone::alone;
use cone::{CLEAR, relative_interior};
use coordinates::Coordinates;
use nonnegative::{Rows, norm, shortest};
use pattern::{Pattern, for_each_row};

/// Rows times parameters above which columns that separate the data by themselves are looked for first: a table of the
/// rows takes 32 MB there and more, and what follows takes long.
const LARGE: usize = 1 << 22;

/// The fit with what is known about existence in its certificate, or the separation that it hides.
pub(crate) fn decide(problem: &Problem<'_>, mut fit: Fit) -> Result<Fit, Error> {
    let n = fit.coefficients.len();
    let params: Vec<usize> = (0..n).filter(|j| !fit.aliased.contains(j)).collect();
    let found = examine(&mut fit.certificate, || {
        let large = problem.y().len().saturating_mul(params.len()) > LARGE && problem.response().n_predictors() == 1;
        match Some(()).filter(|()| large).and_then(|()| alone(problem, &params)) {
            Some(found) => Verdict::Separated(found),
            None => Pattern::of(problem, &params).map_or(Verdict::Open, |pattern| verdict(pattern, n, &params)),
        }
    });
    match found.or_else(|| witness(problem, &params, &fit)) {
        None => Ok(fit),
        Some(found) => Err(Error::Separation(Box::new(Separation::of_problem(problem, found, fit)))),
    }
}

/// Decides where a fit has not proved on its way that the maximum exists.
pub(crate) fn examine(certificate: &mut Certificate, verdict: impl FnOnce() -> Verdict) -> Option<Found> {
    if certificate.existence == Existence::Proved {
        return None;
    }
    match verdict() {
        Verdict::Exists => certificate.existence = Existence::Proved,
        Verdict::Open => {}
        Verdict::Separated(found) => {
            if certificate.converged() {
                certificate.outcome = Outcome::Diverging;
            }
            return Some(found);
        }
    }
    None
}

/// What is known about the existence of a finite maximum.
pub(crate) enum Verdict {
    Exists,
    Open,
    Separated(Found),
}

/// A direction in which no loss rises and some fall for ever.
pub(crate) struct Found {
    pub(crate) complete: bool,
    pub(crate) columns: Vec<(usize, Towards)>,
    pub(crate) rows: Vec<usize>,
    pub(crate) direction: Vec<f64>,
}

/// By a pattern on these of the n parameters.
pub(crate) fn verdict(pattern: Pattern, n: usize, params: &[usize]) -> Verdict {
    if pattern.recession.iter().all(|recession| *recession == Recession::Fixed) {
        return Verdict::Exists;
    }
    let Some(free) = Coordinates::of(&pattern.rows) else { return Verdict::Open };
    let Some(at) = free.without(|i| pattern.recession[i] == Recession::Fixed) else { return Verdict::Exists };
    let rows = signed(&pattern, &at);
    let Some(interior) = relative_interior(&rows, at.tolerance) else { return Verdict::Open };
    if !interior.moved.contains(&true) {
        return Verdict::Exists;
    }
    let direction = at.direction(&interior.direction, params.len());
    match moved(&pattern, &direction, interior.error) {
        Some(moved) => Verdict::Separated(found(n, params, &Case { pattern, at, rows, direction }, &moved)),
        None => Verdict::Open,
    }
}

/// The last iterate as its own proof: a β that moves every row to its side, each product exact to twice the precision,
/// separates the data completely. On designs so near collinear that nothing else can be decided it often is one.
fn witness(problem: &Problem<'_>, columns: &[usize], fit: &Fit) -> Option<Found> {
    if problem.response().n_predictors() > 1 || fit.certificate.existence == Existence::Proved {
        return None;
    }
    let (mut rows, direction) = (Vec::new(), fit.params());
    let beta: Vec<f64> = columns.iter().map(|j| direction[*j]).collect();
    let mut separates = true;
    for_each_row(problem, columns, |row, x| {
        let step = kernel::dot_compensated(x, &beta);
        separates &= match problem.response().recession(problem.y()[row]) {
            Some(Recession::Upward) => step > 0.0,
            Some(Recession::Downward) => step < 0.0,
            _ => false,
        };
        rows.push(row);
    });
    let named = columns.iter().filter(|j| direction[**j] != 0.0).map(|j| (*j, Towards::of(direction[*j]))).collect();
    separates.then_some(Found { complete: true, columns: named, rows, direction })
}

/// What there is to say about a separation, on the chosen parameters.
struct Case {
    pattern: Pattern,
    at: Coordinates,
    rows: Rows,
    direction: Vec<f64>,
}

/// The one-sided rows in the given coordinates, turned so that their product with t has to be nonnegative; the others are
/// zero already.
fn signed(pattern: &Pattern, at: &Coordinates) -> Rows {
    let turned = |(i, row): (usize, &[f64])| row.iter().map(|value| pattern.sign(i) * value).collect::<Vec<f64>>();
    Rows { width: at.rows.width, values: at.rows.iter().enumerate().flat_map(turned).collect() }
}

/// Which distinct rows a direction moves, in the data's own numbers; `None` where it moves one the wrong way, or none
/// clearly.
fn moved(pattern: &Pattern, direction: &[f64], tolerance: f64) -> Option<Vec<bool>> {
    let mut moved = Vec::with_capacity(pattern.recession.len());
    for (i, x) in pattern.rows.iter().enumerate() {
        let step = pattern.sign(i) * kernel::dot(x, direction);
        let size: f64 = x.iter().zip(direction).map(|(x, d)| (x * d).abs()).sum();
        let wrong = if pattern.recession[i] == Recession::Fixed { step.abs() } else { -step };
        if wrong > tolerance * size || !step.is_finite() {
            return None;
        }
        moved.push(step > CLEAR * tolerance * size);
    }
    moved.contains(&true).then_some(moved)
}

fn found(n: usize, params: &[usize], case: &Case, moved: &[bool]) -> Found {
    let mut direction = vec![0.0; n];
    params.iter().zip(&case.direction).for_each(|(j, d)| direction[*j] = *d);
    let members = case.pattern.members.iter();
    let mut rows: Vec<usize> = members.filter(|(_, form)| moved[*form]).map(|(row, _)| *row).collect();
    rows.dedup();
    let columns = named(case).into_iter().map(|j| (params[j], Towards::of(case.direction[j]))).collect();
    Found { complete: moved.iter().all(|moved| *moved), columns, rows, direction }
}

/// The columns whose coefficients run off in every such direction, always to the same side; where there are none, one
/// column that separates by itself; failing that, all that take part in the direction found.
fn named(case: &Case) -> Vec<usize> {
    let part: Vec<usize> = (0..case.direction.len()).filter(|j| case.direction[*j] != 0.0).collect();
    let certain: Vec<usize> = part.iter().copied().filter(|j| certain(case, *j)).collect();
    if !certain.is_empty() {
        return certain;
    }
    let alone = |j: &usize| {
        let mut direction = vec![0.0; case.direction.len()];
        direction[*j] = case.direction[*j].signum();
        moved(&case.pattern, &direction, case.at.tolerance).is_some()
    };
    part.iter().copied().find(alone).map_or(part, |j| vec![j])
}

/// Whether no direction that separates moves this column's coefficient to the other side: by Farkas' lemma, whether its
/// element is in the cone of the rows.
fn certain(case: &Case, column: usize) -> bool {
    let Some(element) = case.at.element(column) else { return false };
    let target: Vec<f64> = element.iter().map(|value| -case.direction[column].signum() * value).collect();
    shortest(&case.rows, |_| true, &target).is_some_and(|found| norm(&found.v) <= case.at.tolerance)
}

//! A point at which every mean is inside its domain, or the rows that cannot all be.

use glm_core::{Interval, Mean, Response};

use super::cone::{Deepest, deepest};
use super::coordinates::Coordinates;
use super::nonnegative::Rows;
use super::pattern::for_each_row;
use crate::Problem;

/// Whether some β has every linear predictor inside its domain.
pub(crate) enum Domain {
    /// This one, as far inside as directions from the origin go.
    Inside(Vec<f64>),
    /// None has: no β satisfies even these rows.
    Empty(Vec<usize>),
    /// The response's domain is not known, or is everything, or rounding errors leave it open.
    Unknown,
}

/// The linear predictors with a mean inside the family's domain: an interval, links being monotone. A family whose means
/// are any real number has the link's own domain.
pub(crate) fn of_response(response: &dyn Response) -> Option<Interval> {
    let (family, link) = (response.family()?, response.link()?);
    let (means, range) = (family.mean_domain(), link.range());
    if response.n_predictors() > 1 {
        return None;
    }
    if means == Interval::REAL {
        return Some(link.domain()).filter(|domain| *domain != Interval::REAL);
    }
    let ends = [means.lower.max(range.lower), means.upper.min(range.upper)].map(|mu| link.eta(Mean::from(mu)));
    let interval = Interval::open(ends[0].min(ends[1]), ends[0].max(ends[1]));
    let mut inside = means.grid(9).into_iter().filter(|mu| range.contains(*mu)).map(|mu| link.eta(Mean::from(mu)));
    (ends.iter().all(|end| !end.is_nan()) && inside.all(|eta| interval.contains(eta))).then_some(interval)
}

/// The direction (β, τ), τ > 0, with the greatest least angle to the walls xᵀβ + (offset − end)·τ = 0 of the domain, on
/// some columns; β/τ is then inside.
pub(crate) fn inside(problem: &Problem<'_>, columns: &[usize]) -> Domain {
    let Some(domain) = of_response(problem.response()) else { return Domain::Unknown };
    let width = columns.len() + 1;
    let (mut values, mut owner) = (vec![0.0; width], Vec::new());
    values[columns.len()] = 1.0;
    for_each_row(problem, columns, |row, x| {
        let offset = problem.offset().get(row).copied().unwrap_or(0.0);
        for (end, sign) in [(domain.lower, 1.0), (domain.upper, -1.0)].into_iter().filter(|(end, _)| end.is_finite()) {
            values.extend(x.iter().map(|value| sign * value));
            values.push(sign * (offset - end));
            owner.push(row);
        }
    });
    if owner.is_empty() {
        return Domain::Unknown;
    }
    let Some(at) = Coordinates::of(&Rows { width, values }) else { return Domain::Unknown };
    match deepest(&at.rows, at.tolerance) {
        Deepest::Inside(t) => {
            let mut direction = at.direction(&t, width);
            let scale = direction.pop().unwrap_or(0.0);
            let mut params = vec![0.0; problem.design().n_cols()];
            columns.iter().zip(&direction).for_each(|(j, d)| params[*j] = d / scale);
            Domain::Inside(params)
        }
        Deepest::Nowhere(support) => {
            let mut rows: Vec<usize> =
                support.into_iter().filter_map(|i| owner.get(i.checked_sub(1)?).copied()).collect();
            rows.sort_unstable();
            rows.dedup();
            Domain::Empty(rows)
        }
        Deepest::Open => Domain::Unknown,
    }
}

//! A maximum on the edge of the domain: which means lie on the edge, and the multipliers that prove it.

use std::fmt;

use faer::Mat;
use glm_core::{Dense, Interval, Link, Mean, Order, Units, kernel};

use crate::existence::domain::of_response;
use crate::existence::nonnegative::{Rows, norm, remove, shortest};
use crate::existence::pattern::for_each_row;
use crate::{Error, Fit, Outcome, Problem, newton_raphson};

/// Distances from the edge, relative to that of the furthest row, within which the last iterate takes a row for one on
/// the edge; one after the other, because it may have been stopped close to the maximum or on the way.
const NEAR: [f64; 6] = [1e-9, 1e-6, 1e-3, 3e-2, 0.3, 1.0];
/// What is left of the gradient after the multipliers, relative to the sum of its terms.
const BALANCE: f64 = 1e-7;
/// By how much an edge may seem to lie above the last iterate.
const ABOVE: f64 = 1e-9;
/// Changes of the active set before giving up.
const ROUNDS: usize = 20;

/// The maximum of the likelihood lies on the edge of the domain.
///
/// Over all β whose means are inside their domain or on its edge, the loss is least here: its gradient is a combination
/// Σ λᵢ (∓xᵢ) of the rows on the edge with λ ≥ 0 (Karush, Kuhn and Tucker), which for a convex loss proves it. There are
/// no Wald standard errors: the score does not vanish, and estimates are not normal about the edge.
#[derive(Debug, Clone)]
pub struct Boundary {
    /// The estimate. Standard errors and covariance are NaN, and there is no AIC.
    pub fit: Fit,
    /// The rows whose means are on the edge, in order.
    pub active: Vec<Active>,
}

/// A row on the edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Active {
    /// Row of the design, from zero.
    pub row: usize,
    /// The rate at which the loss would fall if this row's linear predictor were allowed to leave the domain; rows with
    /// the same covariates share theirs, and the first of them carries it; infinite where the slope is at the edge.
    pub multiplier: f64,
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<usize> = self.active.iter().map(|active| active.row).collect();
        write!(
            f,
            "the maximum of {} lies on the edge of its domain, where the means of rows {rows:?} have no variance; Wald \
             standard errors do not hold there, and a link whose means cannot leave the domain has an interior maximum",
            self.fit.response
        )
    }
}

/// The maximum on the edge, where the last iterate of a fit is near one and multipliers prove it.
pub(crate) fn find(problem: &Problem<'_>, fit: &Fit) -> Option<Boundary> {
    let domain = of_response(problem.response()).filter(|_| problem.response().n_predictors() == 1)?;
    let columns: Vec<usize> = (0..fit.coefficients.len()).filter(|j| !fit.aliased.contains(j)).collect();
    let edge = Edge::of(problem, domain, columns)?;
    let start: Vec<f64> = edge.columns.iter().map(|j| fit.coefficients[*j]).collect();
    let mut tried = Vec::new();
    NEAR.iter().find_map(|share| {
        let active = edge.near(&start, *share);
        let fresh = !active.is_empty() && !tried.contains(&active);
        tried.push(active.clone());
        if fresh { search(problem, fit, &edge, &start, active) } else { None }
    })
}

/// Changes the active set, from a guess, until nonnegative multipliers balance the gradient.
fn search(problem: &Problem<'_>, fit: &Fit, edge: &Edge, start: &[f64], mut active: Vec<usize>) -> Option<Boundary> {
    for _ in 0..ROUNDS {
        let params = edge.confined(problem, &active, start)?;
        let pinned = edge.pinned(&params);
        let (multipliers, residual) = edge.multipliers(problem, &params, &pinned)?;
        let kept: Vec<usize> = pinned.iter().zip(&multipliers).filter(|(_, m)| **m > 0.0).map(|(i, _)| *i).collect();
        if residual <= BALANCE {
            let active = pinned.iter().zip(multipliers);
            let active = active.map(|(i, multiplier)| Active { row: edge.owner[*i], multiplier }).collect();
            let at_edge = edge.fit(problem, fit, &params, &pinned, residual);
            // Where the loss is not convex, an edge may balance the gradient far above where the iteration stood.
            let below = at_edge.deviance <= fit.deviance * (1.0 + ABOVE);
            return below.then_some(Boundary { active, fit: at_edge });
        }
        if kept == active || kept.is_empty() {
            return None;
        }
        active = kept;
    }
    None
}

/// The rows with everything that tells how near the edge they are.
struct Edge {
    columns: Vec<usize>,
    rows: Rows,
    /// The design's row of each of these.
    owner: Vec<usize>,
    offset: Vec<f64>,
    /// The end of the domain at which a row's loss stays finite, if there is one; for most families because its y is the
    /// mean there.
    end: Vec<Option<f64>>,
    domain: Interval,
    scales: Vec<f64>,
}

impl Edge {
    fn of(problem: &Problem<'_>, domain: Interval, columns: Vec<usize>) -> Option<Self> {
        let ends = [domain.lower, domain.upper].into_iter().filter(|end| end.is_finite());
        let end_of = |row: usize| ends.clone().find(|end| finite_at(problem, row, *end, domain));
        let rows = Rows { width: columns.len(), values: Vec::new() };
        let scales = vec![0.0_f64; columns.len()];
        let mut edge =
            Self { columns: columns.clone(), rows, owner: vec![], offset: vec![], end: vec![], domain, scales };
        for_each_row(problem, &columns, |row, x| {
            edge.rows.values.extend_from_slice(x);
            edge.owner.push(row);
            edge.offset.push(problem.offset().get(row).copied().unwrap_or(0.0));
            edge.end.push(end_of(row));
            edge.scales.iter_mut().zip(x).for_each(|(scale, x)| *scale = scale.max(x.abs()));
        });
        edge.end.iter().any(Option::is_some).then_some(edge)
    }

    fn eta(&self, i: usize, params: &[f64]) -> f64 {
        kernel::dot(self.rows.row(i), params) + self.offset[i]
    }

    /// How far a row is from its end; infinite where it has none.
    fn distance(&self, i: usize, params: &[f64]) -> f64 {
        self.end[i].map_or(f64::INFINITY, |end| (self.eta(i, params) - end).abs())
    }

    /// The rows that seem to be on the edge.
    fn near(&self, params: &[f64], share: f64) -> Vec<usize> {
        let distances: Vec<f64> = (0..self.owner.len()).map(|i| self.distance(i, params)).collect();
        let furthest = distances.iter().filter(|d| d.is_finite()).fold(0.0, |a: f64, b| a.max(*b));
        (0..distances.len()).filter(|i| distances[*i] <= share * furthest.max(f64::MIN_POSITIVE)).collect()
    }

    /// The rows on the edge, but for rounding errors.
    fn pinned(&self, params: &[f64]) -> Vec<usize> {
        let size = |i: usize| self.rows.row(i).iter().zip(params).map(|(x, b)| (x * b).abs()).sum::<f64>();
        let largest = (0..self.owner.len()).map(size).fold(f64::MIN_POSITIVE, f64::max);
        let allowed = |i: usize| 1e-10 * (size(i) + self.offset[i].abs()) + 1e-15 * largest;
        (0..self.owner.len()).filter(|i| self.distance(*i, params) <= allowed(*i)).collect()
    }

    /// The best β with the active rows on the edge, by a fit of what freedom is left.
    fn confined(&self, problem: &Problem<'_>, active: &[usize], start: &[f64]) -> Option<Vec<f64>> {
        let k = self.columns.len();
        let (mut basis, mut shares): (Vec<Vec<f64>>, Vec<f64>) = (Vec::new(), Vec::new());
        for i in active {
            let mut rest: Vec<f64> = self.rows.row(*i).iter().zip(&self.scales).map(|(x, s)| x / s).collect();
            let (whole, coordinates) = (norm(&rest), remove(&basis, &mut rest));
            let length = norm(&rest);
            if length > 1e-9 * whole {
                rest.iter_mut().for_each(|value| *value /= length);
                basis.push(rest);
                shares.push((self.end[*i]? - self.offset[*i] - kernel::dot(&coordinates, &shares)) / length);
            }
        }
        let free = complement(&basis, k);
        // What of the start is free, and of the rest what the active rows say: no rounding errors where they say zero.
        let whole: Vec<f64> = start.iter().zip(&self.scales).map(|(b, s)| b * s).collect();
        let mut params = vec![0.0; k];
        free.iter().for_each(|direction| kernel::axpy(kernel::dot(direction, &whole), direction, &mut params));
        basis.iter().zip(shares).for_each(|(direction, share)| kernel::axpy(share, direction, &mut params));
        // What rounding errors leave of a coefficient that should be zero would look like a distance from the edge.
        let negligible = 1e-14 * start.iter().zip(&self.scales).fold(0.0, |a: f64, (b, s)| a.max((b * s).abs()));
        params.iter_mut().filter(|b| b.abs() <= negligible).for_each(|b| *b = 0.0);
        params.iter_mut().zip(&self.scales).for_each(|(b, s)| *b /= s);
        if free.is_empty() {
            return Some(params);
        }
        let inner = self.inner(problem, &params, &free, &basis)?;
        for (direction, share) in free.iter().zip(inner) {
            params.iter_mut().zip(direction.iter().zip(&self.scales)).for_each(|(b, (d, s))| *b += share * d / s);
        }
        Some(params)
    }

    /// The fit of the directions that are free, from β as an offset; rows that cannot move are left out.
    fn inner(&self, problem: &Problem<'_>, params: &[f64], free: &[Vec<f64>], basis: &[Vec<f64>]) -> Option<Vec<f64>> {
        let n = problem.y().len();
        let (mut columns, mut offset, mut weights) = (vec![vec![0.0; n]; free.len()], vec![0.0; n], vec![0.0; n]);
        for (i, row) in self.owner.iter().enumerate() {
            let mut scaled: Vec<f64> = self.rows.row(i).iter().zip(&self.scales).map(|(x, s)| x / s).collect();
            columns.iter_mut().zip(free).for_each(|(column, d)| column[*row] = kernel::dot(d, &scaled));
            offset[*row] = self.eta(i, params);
            let whole = norm(&scaled);
            remove(basis, &mut scaled);
            if norm(&scaled) > 1e-9 * whole {
                weights[*row] = problem.weight(*row);
            }
        }
        let design = Dense::without_intercept(columns.iter().map(Vec::as_slice)).ok()?;
        let response = problem.response();
        let inner = Problem::new(&design, response, problem.y().to_vec()).ok()?;
        let inner = inner.with_weights(weights).ok()?.with_offset(offset).ok()?;
        match newton_raphson().fit_alone(&inner) {
            Ok(fit) => Some(fit.params()),
            Err(Error::Boundary(found)) => Some(found.fit.params()),
            Err(_) => None,
        }
    }

    /// Nonnegative multipliers of the pinned rows that balance the gradient as well as they can, and what is left of it
    /// relative to the sum of its terms. A row whose loss rises without bound of its slope has an infinite one, and takes
    /// up whatever the others leave along it.
    // Over budget: the three kinds of rows that make up one balance.
    fn multipliers(&self, problem: &Problem<'_>, params: &[f64], pinned: &[usize]) -> Option<(Vec<f64>, f64)> {
        let k = self.columns.len();
        let (mut gradient, mut size) = (vec![0.0; k], f64::MIN_POSITIVE);
        let (mut steep, mut basis): (Vec<usize>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        for i in 0..self.owner.len() {
            let slope = match self.end[i].filter(|_| pinned.contains(&i)) {
                None => slope_at(problem, self.owner[i], self.eta(i, params))?,
                Some(end) => match self.slope_at_end(problem, i, end)? {
                    f64::INFINITY => {
                        steep.push(i);
                        continue;
                    }
                    slope => slope,
                },
            };
            // A residual of rounding errors alone, as a perfect fit leaves it, is none.
            let terms = self.noise(problem, i, params) / BALANCE;
            for (j, x) in self.scaled(i).iter().enumerate() {
                gradient[j] -= problem.weight(self.owner[i]) * slope * x;
                size += problem.weight(self.owner[i]) * (slope.abs() + terms) * x.abs();
            }
        }
        gradient.iter_mut().for_each(|value| *value /= size);
        crate::existence::coordinates::extend(&mut basis, steep.iter().map(|i| unit(self.scaled(*i))).collect(), 1e-9);
        remove(&basis, &mut gradient);
        let mut wall = Rows { width: k, values: Vec::new() };
        let (mut lengths, mut weak) = (Vec::new(), Vec::new());
        for i in pinned.iter().filter(|i| !steep.contains(i)) {
            let mut scaled = self.scaled(*i);
            let (whole, sign) = (norm(&scaled), if self.end[*i]? <= self.domain.lower { 1.0 } else { -1.0 });
            remove(&basis, &mut scaled);
            if norm(&scaled) > 1e-9 * whole {
                weak.push(*i);
                lengths.push(norm(&scaled));
                wall.values.extend(unit(scaled).iter().map(|value| sign * value));
            }
        }
        let found = shortest(&wall, |_| true, &gradient)?;
        let share = |i: &usize| match weak.iter().position(|w| w == i) {
            _ if steep.contains(i) => f64::INFINITY,
            Some(w) => {
                found.support.iter().position(|s| *s == w).map_or(0.0, |s| found.multipliers[s] * size / lengths[w])
            }
            None => 0.0,
        };
        Some((pinned.iter().map(share).collect(), norm(&found.v)))
    }

    /// A row on scaled columns.
    fn scaled(&self, i: usize) -> Vec<f64> {
        self.rows.row(i).iter().zip(&self.scales).map(|(x, s)| x / s).collect()
    }

    /// The slope of a row's loss at its end: infinite where it grows without bound there, the loss falling towards the
    /// end; `None` where it grows so that the loss rises.
    fn slope_at_end(&self, problem: &Problem<'_>, i: usize, end: f64) -> Option<f64> {
        let row = self.owner[i];
        let [far, near] = [1e8, 1.0].map(|factor| slope_at(problem, row, self.inside_by(end, factor)));
        let (far, near) = (far?, near?);
        let inward = if end <= self.domain.lower { near } else { -near };
        match near.abs() > 10.0 * far.abs() && near.abs() > 1.0 {
            true => (inward > 0.0).then_some(f64::INFINITY),
            false => Some(near),
        }
    }

    /// What the rounding of η can make of a row's slope.
    fn noise(&self, problem: &Problem<'_>, i: usize, params: &[f64]) -> f64 {
        let size: f64 = self.rows.row(i).iter().zip(params).map(|(x, b)| (x * b).abs()).sum();
        let (eta, error) = (self.eta(i, params), 64.0 * f64::EPSILON * (size + self.offset[i].abs()));
        let slope = |eta| slope_at(problem, self.owner[i], eta);
        match (slope(eta), slope(eta + error).or_else(|| slope(eta - error))) {
            (Some(here), Some(there)) => (there - here).abs(),
            _ => 0.0,
        }
    }

    /// For a factor of one, near enough to the end for the slope to be the one there, and far enough for nothing to
    /// underflow.
    fn inside_by(&self, end: f64, factor: f64) -> f64 {
        inside_by(self.domain, end, factor)
    }

    /// The last iterate's fit, moved to the edge.
    fn fit(&self, problem: &Problem<'_>, last: &Fit, params: &[f64], pinned: &[usize], residual: f64) -> Fit {
        let mut fit = last.clone();
        self.columns.iter().zip(params).for_each(|(j, b)| fit.coefficients[*j] = *b);
        fit.std_errors.fill(f64::NAN);
        fit.covariance = Mat::from_fn(fit.rank, fit.rank, |_, _| f64::NAN);
        fit.covariance_low = None;
        let family = problem.response().family();
        let share = |i: usize| {
            let row = self.owner[i];
            let (y, at) = (problem.y()[row], self.eta(i, params));
            let exact = || {
                let end = self.end[i].filter(|_| pinned.contains(&i))?;
                let mean = problem.response().link().map(|link| mean_at_end(link, end))?;
                let deviance = family.map(|family| family.unit_deviance(y, mean))?;
                Some(if deviance.is_finite() {
                    deviance
                } else {
                    2.0 * unit_at(problem, row, self.inside_by(end, 1.0)).0
                })
            };
            problem.weight(row) * exact().unwrap_or_else(|| 2.0 * unit_at(problem, row, at).0)
        };
        fit.deviance = (0..self.owner.len()).map(share).sum();
        (fit.pearson_chisq, fit.log_likelihood, fit.aic, fit.bic) = (f64::NAN, None, None, None);
        fit.dispersion = problem.known_dispersion();
        fit.certificate.outcome = Outcome::Boundary;
        (fit.certificate.score_norm, fit.certificate.decrement) = (residual, f64::NAN);
        fit
    }
}

/// The mean at an end of the domain, exact where it is zero or one.
fn mean_at_end(link: &dyn Link, end: f64) -> Mean {
    let mu = link.mu(end);
    let whole = mu.round();
    Mean::from(if (mu - whole).abs() < 1e-14 { whole } else { mu })
}

/// Whether the loss of a row stays finite up to an end of the domain; where the mean is infinite there, by a limit that a
/// logarithm does not have.
fn finite_at(problem: &Problem<'_>, row: usize, end: f64, domain: Interval) -> bool {
    let (Some(link), Some(family)) = (problem.response().link(), problem.response().family()) else { return false };
    let mean = mean_at_end(link, end);
    if mean.mu.is_finite() {
        return family.unit_deviance(problem.y()[row], mean).is_finite();
    }
    let furthest = if end == 0.0 { 1e60 } else { 1e4 };
    let [far, near] = [furthest, 1.0].map(|factor| unit_at(problem, row, inside_by(domain, end, factor)).0);
    near.is_finite() && (near - far).abs() <= 1e-2 * near.abs() + f64::EPSILON
}

/// Next to an end of the domain.
fn inside_by(domain: Interval, end: f64, factor: f64) -> f64 {
    let distance = factor * (end.abs() * 2.0 * f64::EPSILON).max(1e-100);
    if end <= domain.lower { end + distance } else { end - distance }
}

/// ∂loss/∂η of one row.
fn slope_at(problem: &Problem<'_>, row: usize, eta: f64) -> Option<f64> {
    let (loss, slope) = unit_at(problem, row, eta);
    (loss.is_finite() && slope.is_finite()).then_some(slope)
}

/// Loss and slope of one row.
fn unit_at(problem: &Problem<'_>, row: usize, eta: f64) -> (f64, f64) {
    let (mut loss, mut slope, mut curvature) = ([0.0], [0.0], [0.0]);
    let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
    problem.response().units(&problem.y()[row..=row], &[eta], Order::Gradient, units);
    (loss[0], slope[0])
}

/// A vector of length one.
fn unit(mut vector: Vec<f64>) -> Vec<f64> {
    let length = norm(&vector);
    vector.iter_mut().for_each(|value| *value /= length);
    vector
}

/// Orthonormal directions that complete an orthonormal basis.
fn complement(basis: &[Vec<f64>], k: usize) -> Vec<Vec<f64>> {
    let mut all = basis.to_vec();
    let units = (0..k).map(|j| (0..k).map(|i| f64::from(u8::from(i == j))).collect()).collect();
    crate::existence::coordinates::extend(&mut all, units, 1e-6);
    all.split_off(basis.len())
}

//! Whether what a solver says is true: of a fit, of a separation, of an edge, of an empty domain.

use glm_core::special::Twofold;
use glm_core::{Order, Response, Units};
use glm_solvers::{Boundary, Fit, Outcome, Separation};

use crate::rational::Side;
use crate::recomputed::{distance_from_span, eta, score, sensitivity};
use crate::separated::{self, side};
use crate::tails::{mean_at, slope, split};
use crate::wild::Wild;

/// The score of a fit is small, recomputed; its loss did not rise; what it leaves out is a combination of the rest.
pub(crate) fn of_fit(wild: &Wild, fit: &Fit) -> Result<(), String> {
    let kept: Vec<usize> = (0..fit.coefficients.len()).filter(|j| !fit.aliased.contains(j)).collect();
    // A share of 1e-14 of the null model's deviance, or nothing beside the responses.
    let size = wild.used().map(|row| wild.weight_of(row) * (1.0 + wild.y[row].powi(2))).sum::<f64>();
    let perfect = fit.deviance <= 1e-18 * size
        || !knows_dispersion(wild.family)
            && fit.deviance + 2.0 * noise(wild, &fit.params()) <= 1e-14 * fit.null_deviance;
    let Some(score) = score(wild, &fit.params(), &kept) else {
        // Means of a perfect fit may lie on the edge of their domain, where the information is infinite.
        return if perfect { fell(wild, fit) } else { Err("no information in twice the precision".to_owned()) };
    };
    #[expect(clippy::cast_precision_loss, reason = "a small number of rows")]
    let per_row = fit.deviance / fit.df_residual.max(1) as f64;
    let deviation = if knows_dispersion(wild.family) { 1.0 } else { per_row.sqrt() };
    let tolerance = if fit.certificate.outcome == Outcome::RoundingFloor { 1e-6 } else { 2e-8 };
    let allowed = tolerance * deviation + 64.0 * score.floor;
    if score.norm.is_nan() || score.norm > allowed {
        let (said, norm) = (&fit.certificate, score.norm / deviation);
        let said = (said.outcome, said.score_norm, said.condition_number);
        return Err(format!("score {norm:.1e} (rounding {:.1e}), but {said:?}", score.floor / deviation));
    }
    let at_floor = fit.certificate.outcome == Outcome::RoundingFloor;
    if at_floor && score.floor * 64.0 > deviation && !perfect {
        return Err(format!("rounding errors alone make a score of {:.1e}", score.floor / deviation));
    }
    for column in &fit.aliased {
        let before: Vec<usize> = kept.iter().copied().filter(|j| j < column).collect();
        let distance = distance_from_span(wild, *column, &before);
        if distance > 1e-9 {
            return Err(format!("column {column} is called aliased, but is {distance:.1e} away from the others"));
        }
    }
    if separated::exactly(wild) == Some(true) {
        return Err("in integers some direction separates the rows".to_owned());
    }
    fell(wild, fit)
}

/// The loss at the end is not above that at the start.
pub(crate) fn fell(wild: &Wild, fit: &Fit) -> Result<(), String> {
    let (start, end) = (fit.certificate.trace[0], 0.5 * fit.deviance);
    let noise = noise(wild, &fit.params());
    if end <= start * (1.0 + 1e-9) + noise || start.is_nan() {
        return Ok(());
    }
    Err(format!("the loss rose from {start:e} to {end:e}"))
}

/// What rounding errors of the linear predictors alone make of the loss.
pub(crate) fn noise(wild: &Wild, params: &[f64]) -> f64 {
    let of_row = |row: usize| {
        let (x, offset) = (wild.row(row), wild.offset_of(row));
        let at = mean_at(wild.link, eta(&x, params, offset).value());
        let terms = offset.abs() + x.iter().zip(params).map(|(x, b)| (x * b).abs()).sum::<f64>();
        let ((slope, curvature, _), error) = (slope(wild.family, wild.y[row], &at), 16.0 * f64::EPSILON * terms);
        wild.weight_of(row) * (slope.abs() * error + curvature.abs() * error * error)
    };
    wild.used().map(of_row).filter(|noise| noise.is_finite()).sum()
}

fn knows_dispersion(family: &str) -> bool {
    ["binomial", "poisson", "negative-binomial"].contains(&split(family).0)
}

/// Along the direction no row moves the wrong way, and the rows named do move; by the textbook's table, and in integers
/// where that can be.
pub(crate) fn of_separation(wild: &Wild, found: &Separation) -> Result<(), String> {
    let mut moved = Vec::new();
    for row in wild.used() {
        let x = wild.row(row);
        let step = eta(&x, &found.direction, 0.0).value();
        let size: f64 = x.iter().zip(&found.direction).map(|(x, d)| (x * d).abs()).sum();
        let sign = match side(wild.family, wild.link, wild.y[row]).ok_or("a response without a theorem")? {
            Side::Zero if step.abs() > 1e-8 * size => return Err(format!("row {row} is fixed, but moves")),
            Side::Zero => continue,
            Side::NonNegative => 1.0,
            Side::NonPositive => -1.0,
        };
        if sign * step < -1e-8 * size {
            return Err(format!("row {row} moves the wrong way: {step:.1e} of {size:.1e}"));
        }
        if sign * step > 0.0 && found.rows.contains(&row) {
            moved.push(row);
        }
    }
    if separated::exactly(wild) == Some(false) {
        return Err("in integers no direction separates the rows".to_owned());
    }
    if moved == found.rows && !moved.is_empty() { Ok(()) } else { Err(format!("{:?} do not move", found.rows)) }
}

/// Along the direction that the certificate names the loss never rises, however far, and some row moves.
pub(crate) fn of_escape(wild: &Wild, response: &dyn Response, fit: &Fit) -> Result<(), String> {
    let direction = fit.certificate.escape.as_ref().ok_or("no direction of escape")?;
    let params = fit.params();
    let moves: Vec<(usize, f64, f64)> = wild
        .used()
        .map(|row| {
            let (x, size) =
                (wild.row(row), |x: &[f64]| x.iter().zip(direction).map(|(x, d)| (x * d).abs()).sum::<f64>());
            let (at, step) = (eta(&x, &params, wild.offset_of(row)).value(), eta(&x, direction, 0.0).value());
            (row, at, if step.abs() <= 1e-10 * size(&x) { 0.0 } else { step })
        })
        .collect();
    let furthest = moves.iter().fold(0.0, |a: f64, (_, _, step)| a.max(step.abs()));
    if furthest == 0.0 {
        return Err("no row moves".to_owned());
    }
    let along = |t: f64| -> f64 {
        moves.iter().map(|(row, at, step)| wild.weight_of(*row) * loss(response, wild.y[*row], at + t * step)).sum()
    };
    let mut last = along(0.0);
    for power in -10..40 {
        let next = along(2.0_f64.powi(power) / furthest);
        if next.is_nan() || next > last * (1.0 + 1e-9) {
            return Err(format!("the loss rises from {last} to {next}"));
        }
        last = next;
    }
    Ok(())
}

fn loss(response: &dyn Response, y: f64, eta: f64) -> f64 {
    let (mut loss, mut slope, mut curvature) = ([0.0], [0.0], [0.0]);
    let out = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
    response.units(&[y], &[eta], Order::Loss, out);
    loss[0]
}

/// Rounding errors of the linear predictor leave a score that is no small one, or carry a mean out of its domain.
pub(crate) fn of_cancellation(wild: &Wild, fit: &Fit) -> Result<(), String> {
    let (params, (lower, upper), mut sum) = (fit.params(), ends(wild.family, wild.link), 0.0);
    for row in wild.used() {
        let (x, offset) = (wild.row(row), wild.offset_of(row));
        let at = eta(&x, &params, offset).value();
        let error = 1e-14 * (offset.abs() + x.iter().zip(&params).map(|(x, b)| (x * b).abs()).sum::<f64>());
        if at - error <= lower || at + error >= upper {
            return Ok(());
        }
        sum += wild.weight_of(row) * sensitivity(wild, row, at) * error * error;
    }
    #[expect(clippy::cast_precision_loss, reason = "a small number of rows")]
    let phi = if knows_dispersion(wild.family) { 1.0 } else { fit.deviance / fit.df_residual.max(1) as f64 };
    if sum.sqrt() < 1e-5 * phi.sqrt() {
        Err(format!("rounding errors are only {:.1e}", (sum / phi).sqrt()))
    } else {
        Ok(())
    }
}

/// Where the linear predictors of a family's means end under a link.
pub(crate) fn ends(family: &str, link: &str) -> (f64, f64) {
    let (proportions, real) = (family.ends_with("binomial") && !family.starts_with("neg"), ["gaussian", "quasi(0)"]);
    let free = (f64::NEG_INFINITY, f64::INFINITY);
    match (split(link), proportions) {
        (("identity", _), _) if real.contains(&family) => free,
        (("inverse", _), _) if real.contains(&family) => free,
        (("odds-power", exponent), _) if exponent > 0.0 => (-1.0 / exponent, f64::INFINITY),
        (("odds-power", exponent), _) => (f64::NEG_INFINITY, -1.0 / exponent),
        (("log", _), true) => (f64::NEG_INFINITY, 0.0),
        (("inverse" | "inverse-squared", _), true) => (1.0, f64::INFINITY),
        (("power", exponent), true) if exponent < 0.0 => (1.0, f64::INFINITY),
        (("identity" | "sqrt" | "power", _), true) => (0.0, 1.0),
        (("identity" | "inverse" | "inverse-squared" | "sqrt" | "power", _), false) => (0.0, f64::INFINITY),
        _ => free,
    }
}

/// Active rows are on the edge, their multipliers have the right sign, and they balance the gradient.
// Over budget: one check of a row after the other.
pub(crate) fn of_boundary(wild: &Wild, found: &Boundary) -> Result<(), String> {
    let (params, (lower, upper)) = (found.fit.params(), ends(wild.family, wild.link));
    let mut rest = vec![Twofold::from(0.0); params.len()];
    let mut size = vec![0.0; params.len()];
    let mut unbounded = Vec::new();
    let terms = |row: usize| wild.row(row).iter().zip(&params).map(|(x, b)| (x * b).abs()).sum::<f64>();
    let largest = wild.used().map(terms).fold(0.0, f64::max);
    for row in wild.used() {
        let (x, offset) = (wild.row(row), wild.offset_of(row));
        let at = eta(&x, &params, offset).value();
        let scale = offset.abs() + x.iter().zip(&params).map(|(x, b)| (x * b).abs()).sum::<f64>();
        let active = found.active.iter().find(|active| active.row == row);
        let near = |end: f64| end.is_finite() && (at - end).abs() <= 1e-9 * (scale + end.abs()) + 1e-14 * largest;
        if active.is_some() && !(near(lower) || near(upper)) {
            return Err(format!("row {row} is said to be on the edge, but is at {at}"));
        }
        if at < lower - 1e-9 * scale - 1e-14 * largest || at > upper + 1e-9 * scale + 1e-14 * largest {
            return Err(format!("row {row} is outside, at {at}"));
        }
        let inward = if near(lower) { 1.0 } else { -1.0 };
        let end = if near(lower) { lower } else { upper };
        let inside = |factor: f64| end + inward * factor * (end.abs() * 4e-16).max(1e-100);
        let at = if active.is_some() { inside(1.0) } else { at };
        let slope_at = |at: f64| slope(wild.family, wild.y[row], &mean_at(wild.link, at)).0;
        let (slope, noise) =
            (slope_at(at), (slope_at(at + 3e-14 * (scale + largest + 1e-80) * inward) - slope_at(at)).abs());
        let multiplier = active.map_or(0.0, |active| active.multiplier);
        if multiplier.is_nan()
            || multiplier < 0.0
            || (multiplier.is_infinite() && slope_at(inside(1e8)) * inward <= 0.0)
        {
            return Err(format!("row {row} has the multiplier {multiplier}"));
        }
        let force = if near(lower) { multiplier } else { -multiplier };
        if force.is_infinite() {
            unbounded.push(x);
            continue;
        }
        for j in 0..params.len() {
            rest[j] =
                rest[j] + Twofold::product(wild.weight_of(row), slope).scale(x[j]) - Twofold::product(force, x[j]);
            // Rounding errors are allowed to leave what they can make of the slope.
            size[j] += wild.weight_of(row) * (slope.abs() + 1e6 * noise) * x[j].abs() + (force * x[j]).abs();
        }
    }
    let length = |j: usize| wild.used().map(|row| wild.row(row)[j].powi(2)).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    let kept = (0..params.len()).filter(|j| !found.fit.aliased.contains(j));
    let (mut left, mut whole) = (0.0_f64, 0.0_f64);
    for j in kept {
        left = left.max(rest[j].value().abs() / length(j));
        whole = whole.max(size[j] / length(j));
    }
    if left > 1e-6 * whole && unbounded.is_empty() {
        return Err(format!("the gradient is not balanced: {left:.1e} of {whole:.1e}"));
    }
    Ok(())
}

/// The rows named have no common solution: some nonnegative multiples of their walls, at either end, add up to nothing.
pub(crate) fn of_infeasible(wild: &Wild, rows: &[usize]) -> Result<(), String> {
    let (lower, upper) = ends(wild.family, wild.link);
    let wall = |row: usize, end: f64, sign: f64| -> Vec<f64> {
        wild.row(row).iter().map(|x| sign * x).chain([sign * (wild.offset_of(row) - end)]).collect()
    };
    let p = wild.row(0).len();
    let choices: Vec<Vec<Vec<f64>>> = rows
        .iter()
        .map(|row| {
            [(lower, 1.0), (upper, -1.0)]
                .into_iter()
                .filter(|(end, _)| end.is_finite())
                .map(|(end, sign)| wall(*row, end, sign))
                .collect()
        })
        .collect();
    let mut forward = vec![0.0; p];
    forward.push(1.0);
    let mut chosen = vec![vec![forward]];
    for walls in &choices {
        // One end or, where there are two, either or both.
        chosen = chosen
            .iter()
            .flat_map(|before| {
                let mut next: Vec<Vec<Vec<f64>>> =
                    walls.iter().map(|wall| [&before[..], std::slice::from_ref(wall)].concat()).collect();
                if walls.len() == 2 {
                    next.push([&before[..], &walls[..]].concat());
                }
                next
            })
            .collect();
    }
    let proved = chosen.iter().any(|rows| cancels(rows) || cancels(&rows[1..]));
    if proved { Ok(()) } else { Err(format!("rows {rows:?} are said to contradict each other")) }
}

/// Whether positive multiples of the rows add up to nothing: a null vector of one sign, by elimination.
fn cancels(rows: &[Vec<f64>]) -> bool {
    let (m, width) = (rows.len(), rows[0].len());
    let scale = |j: usize| rows.iter().map(|row| row[j].abs()).fold(f64::MIN_POSITIVE, f64::max);
    let scales: Vec<f64> = (0..width).map(scale).collect();
    // Equations by column of the design, unknowns by row.
    let mut system: Vec<Vec<Twofold>> =
        (0..width).map(|j| rows.iter().map(|row| Twofold::from(row[j] / scales[j])).collect()).collect();
    let mut pivots = Vec::new();
    for unknown in 0..m {
        let step = pivots.len();
        let best = (step..width)
            .max_by(|a, b| system[*a][unknown].value().abs().total_cmp(&system[*b][unknown].value().abs()));
        let Some(best) = best.filter(|best| system[*best][unknown].value().abs() > 1e-11) else { continue };
        system.swap(step, best);
        let pivot = system[step].clone();
        for (i, equation) in system.iter_mut().enumerate().filter(|(i, _)| *i != step) {
            assert!(i < width, "an equation for each column");
            let factor = equation[unknown] / pivot[unknown];
            equation.iter_mut().zip(&pivot).for_each(|(value, pivot)| *value = *value - factor * *pivot);
        }
        pivots.push(unknown);
    }
    let free: Vec<usize> = (0..m).filter(|unknown| !pivots.contains(unknown)).collect();
    // Every free unknown at one: exact where there is a single one, as there is for a minimal set of rows.
    !free.is_empty()
        && pivots.iter().enumerate().all(|(step, unknown)| {
            let sum: f64 = free.iter().map(|free| system[step][*free].value()).sum();
            -sum / system[step][*unknown].value() > -1e-9
        })
}

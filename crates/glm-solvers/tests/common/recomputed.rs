//! The score of a fit recomputed from the data, apart from the solvers: linear predictors, gradient and information in
//! twice the working precision, and a factorisation of its own.

use glm_core::special::Twofold;

use crate::tails::{mean_at, slope};
use crate::truth::ends;
use crate::wild::Wild;

/// The score of some columns at coefficients, and what rounding of the coefficients and of η alone would make of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    /// √(gᵀ I⁻¹ g).
    pub(crate) norm: f64,
    /// ε √Σ w ((c + κ²/c) (|o| + Σ|xβ|)² + parts²/c), κ the observed curvature and c the expected one: no coefficients in
    /// working precision can promise less.
    pub(crate) floor: f64,
}

/// η of a row, in twice the working precision.
pub(crate) fn eta(x: &[f64], coefficients: &[f64], offset: f64) -> Twofold {
    let products = x.iter().zip(coefficients).map(|(x, b)| Twofold::product(*x, *b));
    products.fold(Twofold::from(offset), |sum, product| sum + product)
}

/// c + κ²/c at a linear predictor: what a squared error of η makes of a squared score.
pub(crate) fn sensitivity(wild: &Wild, row: usize, eta: f64) -> f64 {
    let ((slope, curvature, _), nearby) = (slope_at(wild, row, eta), eta + 1e-7 * eta.abs());
    let observed = (slope_at(wild, row, nearby).0 - slope) / (nearby - eta);
    let more = observed * observed / curvature;
    curvature + if more.is_finite() { more } else { 0.0 }
}

fn slope_at(wild: &Wild, row: usize, eta: f64) -> (f64, f64, f64) {
    slope(wild.family, wild.y[row], &mean_at(wild.link, eta))
}

/// The score at coefficients, on the columns that are `kept`; `None` where the information has no factor.
pub(crate) fn score(wild: &Wild, coefficients: &[f64], kept: &[usize]) -> Option<Score> {
    let (k, mut floor) = (kept.len(), 0.0);
    let zero = Twofold::from(0.0);
    let (mut gradient, mut gram) = (vec![zero; k], vec![zero; k * k]);
    for row in wild.used() {
        let (x, offset, weight) = (wild.row(row), wild.offset_of(row), wild.weight_of(row));
        let (lower, upper) = ends(wild.family, wild.link);
        let inside = eta(&x, coefficients, offset).high.max(lower + 1e-100).min(if upper.is_finite() {
            upper - 1e-16 * upper.abs()
        } else {
            upper
        });
        let (slope, curvature, parts) = slope_at(wild, row, inside);
        let size = offset.abs() + x.iter().zip(coefficients).map(|(x, b)| (x * b).abs()).sum::<f64>();
        let known = if curvature > 0.0 { parts * parts / curvature } else { 0.0 };
        floor += weight * (sensitivity(wild, row, inside) * size * size + known);
        for (i, a) in kept.iter().enumerate() {
            gradient[i] = gradient[i] + Twofold::product(weight, slope).scale(x[*a]);
            for (j, b) in kept.iter().enumerate().take(i + 1) {
                gram[j * k + i] = gram[j * k + i] + Twofold::product(weight, curvature).scale(x[*a]).scale(x[*b]);
            }
        }
    }
    let norm = whitened(&mut gram, &mut gradient, k)?;
    Some(Score { norm, floor: f64::EPSILON * floor.sqrt() })
}

/// √(gᵀ I⁻¹ g) by `LDLᵀ` of the lower triangle, in place.
fn whitened(gram: &mut [Twofold], gradient: &mut [Twofold], k: usize) -> Option<f64> {
    let mut sum = 0.0;
    for j in 0..k {
        for i in j..k {
            let value =
                (0..j).fold(gram[j * k + i], |value, l| value - gram[l * k + i] * gram[l * k + j] * gram[l * k + l]);
            gram[j * k + i] = if i == j { value } else { value / gram[j * k + j] };
        }
        let pivot = gram[j * k + j].value();
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        let z = (0..j).fold(gradient[j], |z, l| z - gram[l * k + j] * gradient[l]);
        gradient[j] = z;
        sum += z.value() / pivot * z.value();
    }
    Some(sum.sqrt())
}

/// How far a column is from the span of others, relative to its length, by Gram–Schmidt on columns of unit length; over
/// the rows in use.
pub(crate) fn distance_from_span(wild: &Wild, column: usize, others: &[usize]) -> f64 {
    let of = |column: usize| -> Vec<Twofold> {
        let values: Vec<f64> = wild.used().map(|row| wild.row(row)[column]).collect();
        let largest = values.iter().fold(f64::MIN_POSITIVE, |a: f64, b| a.max(b.abs()));
        values.iter().map(|value| Twofold::from(value / largest)).collect()
    };
    let dot = |a: &[Twofold], b: &[Twofold]| a.iter().zip(b).fold(Twofold::from(0.0), |sum, (a, b)| sum + *a * *b);
    let mut basis: Vec<Vec<Twofold>> = Vec::new();
    let mut distance = 0.0;
    for column in others.iter().copied().chain([column]) {
        let mut rest = of(column);
        let whole = dot(&rest, &rest).value().sqrt();
        for _ in 0..2 {
            for direction in &basis {
                let share = dot(direction, &rest) / dot(direction, direction);
                rest.iter_mut().zip(direction).for_each(|(rest, d)| *rest = *rest - share * *d);
            }
        }
        distance = if whole > 0.0 { dot(&rest, &rest).value().max(0.0).sqrt() / whole } else { 0.0 };
        if distance > 1e-14 {
            basis.push(rest);
        }
    }
    distance
}

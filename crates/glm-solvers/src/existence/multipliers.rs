//! Positive multipliers for what a row allows, from its slopes and a Newton step: they prove that a maximum exists.
//!
//! At a full Newton step d in the curvature C the numbers vᵢ = slopeᵢ + Cᵢ δᵢ, with δᵢ the movement of the row's
//! predictors, balance: Σ wᵢ ∂ηᵢ/∂β vᵢ = 0. Where each −vᵢ is a combination of the row's differences that may rise, all with
//! positive coefficients, these are multipliers that leave no direction to move any of the differences (Stiemke's
//! alternative). On separated data a step moves such differences by about one, and their multipliers vanish.

use glm_core::Rise;

/// The share of a multiplier that the step may change.
const CHANGED: f64 = 0.5;
/// Rounding errors of a sum of slopes, relative to its largest term.
const NOISE: f64 = 64.0 * f64::EPSILON;

/// Slopes, curvature (lower triangles, column by column) and movements of a block of m rows with q coupled predictors.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) slope: &'a [f64],
    pub(crate) curvature: &'a [f64],
    pub(crate) moves: &'a [f64],
    pub(crate) m: usize,
}

impl Block<'_> {
    /// Whether the multipliers of row i are positive, and clearly so: the step changes none by half.
    pub(crate) fn is_balanced(&self, i: usize, rises: &[Rise]) -> bool {
        let before: Vec<f64> = self.slope.iter().skip(i).step_by(self.m).copied().collect();
        let mut after = before.clone();
        let mut curvature = self.curvature.iter().skip(i).step_by(self.m);
        for b in 0..after.len() {
            for (a, entry) in (b..after.len()).zip(&mut curvature) {
                after[a] += entry * self.moves[b * self.m + i];
                if a != b {
                    after[b] += entry * self.moves[a * self.m + i];
                }
            }
        }
        let size = before.iter().chain(&after).fold(0.0, |a: f64, b| a.max(b.abs()));
        let positive = rises.iter().all(|rise| {
            let (multiplier, terms) = multiplier(*rise, rises, &before);
            let change = multiplier - self::multiplier(*rise, rises, &after).0;
            change.abs() < CHANGED * multiplier && (terms == 1 || multiplier > NOISE * size)
        });
        positive && (0..after.len()).all(|k| remainder(k, rises, &after).abs() <= NOISE * size)
    }
}

/// The coefficient of a difference in −v, and of how many elements of v it is the sum: an element of its own, if it has a
/// lower predictor; otherwise what the others leave of that of its upper one.
fn multiplier(rise: Rise, rises: &[Rise], v: &[f64]) -> (f64, usize) {
    match (rise.down, rise.up) {
        (Some(down), _) => (v[down], 1),
        (None, Some(up)) => {
            let others = rises.iter().filter(|other| other.up == rise.up).filter_map(|other| other.down);
            others.fold((-v[up], 1), |(sum, terms), down| (sum - v[down], terms + 1))
        }
        (None, None) => (0.0, 1),
    }
}

/// What the combination leaves of an element of v.
fn remainder(k: usize, rises: &[Rise], v: &[f64]) -> f64 {
    let own = rises.iter().map(|rise| super::pattern::share(*rise, k) * multiplier(*rise, rises, v).0);
    v[k] + own.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use glm_core::{Cumulative, CumulativeLink, Order, Response, Softmax, Units};

    /// The block of one row at its predictors.
    fn balanced(response: &dyn Response, rises: &[Rise], y: f64, eta: &[f64], moves: &[f64], order: Order) -> bool {
        let q = eta.len();
        let (mut loss, mut slope, mut curvature) = ([0.0], vec![0.0; q], vec![0.0; q * (q + 1) / 2]);
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        response.units(&[y], eta, order, units);
        Block { slope: &slope, curvature: &curvature, moves, m: 1 }.is_balanced(0, rises)
    }

    /// Of softmax the multipliers are `μ_k (1 + δ_k − Σ μ_l δ_l)` for each other class k.
    #[test]
    fn softmax_multipliers() {
        let (with, without) = (Softmax::baseline(3).unwrap(), Softmax::new(3).unwrap());
        let eta: [f64; 3] = [0.0, 0.7, -1.1];
        let total: f64 = eta.iter().map(|eta| eta.exp()).sum();
        for moves in [[0.0, 0.3, -0.2], [0.0, 0.9, 0.2], [0.0, -0.9, 0.4], [0.0, 0.3, 0.6], [0.0, 1.2, 1.2]] {
            let mean: f64 = eta.iter().zip(moves).map(|(eta, moves)| eta.exp() / total * moves).sum();
            for y in 0..3 {
                let expected = (0..3).filter(|k| *k != y).all(|k| (moves[k] - mean).abs() < 0.5);
                let y = y as f64;
                let rises = with.rises(y).unwrap();
                assert_eq!(balanced(&with, &rises, y, &eta[1..], &moves[1..], Order::Expected), expected, "{moves:?}");
                let rises = without.rises(y).unwrap();
                assert_eq!(balanced(&without, &rises, y, &eta, &moves, Order::Expected), expected, "{moves:?} {y}");
            }
        }
    }

    /// Expected curvature couples cut points that y is not next to, and then nothing is proved.
    #[test]
    fn cut_points_take_observed_curvature() {
        let response = Cumulative::new(4, CumulativeLink::Logit).unwrap();
        let eta = [-1.0, 0.3, 1.4];
        for y in 0..4 {
            let rises = response.cut_rises(y);
            let at = |moves: &[f64], order| balanced(&response, &rises, y as f64, &eta, moves, order);
            assert!(at(&[0.1, -0.05, 0.1], Order::Observed));
            assert!(!at(&[0.1, -0.05, 0.1], Order::Expected));
            // A step that would take a loss in a single stride to where Newton thinks it is least.
            let stride = |rise: &Rise| (0..3).map(|k| 3.0 * super::super::pattern::share(*rise, k)).collect::<Vec<_>>();
            assert!(rises.iter().all(|rise| !at(&stride(rise), Order::Observed)));
        }
    }
}

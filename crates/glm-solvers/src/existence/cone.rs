//! The cone of directions that a set of rows allows: its relative interior, or the proof that nothing moves.

use glm_core::kernel;

use super::nonnegative::{Rows, norm, shortest};

/// A movement of this many times the rounding errors is one.
pub(super) const CLEAR: f64 = 1e3;

/// A direction t with aᵢᵀt ≥ 0 for every row, and > 0 for as many rows as any direction can move at once.
#[derive(Debug, Clone)]
pub(super) struct Interior {
    /// Zero where no row can be moved.
    pub(super) direction: Vec<f64>,
    pub(super) moved: Vec<bool>,
    /// By how much a row may seem to move the wrong way.
    pub(super) error: f64,
}

/// The relative interior of {t : aᵢᵀt ≥ 0} for rows of unit length.
///
/// The linear programme "maximise Σ aᵢᵀt over the cone" is bounded by the unit ball instead of a box. Its dual is the
/// shortest vector v = Σ (1 + zᵢ) aᵢ with z ≥ 0: where v = 0, the multipliers 1 + z > 0 prove that no direction moves
/// any row (Stiemke's alternative); otherwise t = v/‖v‖ moves some, and the same question is put to the rest. So both
/// answers come with their proof. `None` where rounding errors, of relative size `tolerance`, leave the answer open.
pub(super) fn relative_interior(rows: &Rows, tolerance: f64) -> Option<Interior> {
    let m = rows.len();
    let mut interior = Interior { direction: vec![0.0; rows.width], moved: vec![false; m], error: tolerance };
    for _ in 0..=rows.width {
        let rest: Vec<usize> = (0..m).filter(|i| !interior.moved[*i]).collect();
        let mut sum = vec![0.0; rows.width];
        rest.iter().for_each(|i| kernel::axpy(1.0, rows.row(*i), &mut sum));
        let mut t = shortest(rows, |i| !interior.moved[i], &sum)?.v;
        let length = norm(&t);
        if length <= tolerance * rest.len() as f64 {
            return Some(interior);
        }
        t.iter_mut().for_each(|value| *value /= length);
        let steps: Vec<f64> = rows.iter().map(|row| kernel::dot(row, &t)).collect();
        // The sum of the rows leaves its rounding errors behind when all but a little of it is taken away.
        interior.error = interior.error.max(16.0 * f64::EPSILON * rest.len() as f64 / length);
        let clear = CLEAR * interior.error;
        if rest.iter().any(|i| steps[*i] < -interior.error) || rest.iter().all(|i| steps[*i] <= clear) {
            return None;
        }
        interior.take_up(rows, &t, &steps);
        rest.iter().for_each(|i| interior.moved[*i] = steps[*i] > clear);
    }
    Some(interior)
}

impl Interior {
    /// Adds t to a multiple of the direction so large that the rows moved before stay moved, by half as much at least.
    fn take_up(&mut self, rows: &Rows, t: &[f64], steps: &[f64]) {
        let mut multiple: f64 = 1.0;
        for (i, row) in rows.iter().enumerate().filter(|(i, _)| self.moved[*i]) {
            multiple = multiple.max(-2.0 * steps[i] / kernel::dot(row, &self.direction));
        }
        self.direction.iter_mut().zip(t).for_each(|(d, t)| *d = multiple * *d + t);
        let length = norm(&self.direction);
        self.direction.iter_mut().for_each(|value| *value /= length);
    }
}

/// The answer of [`deepest`].
#[derive(Debug, Clone)]
pub(super) enum Deepest {
    /// This t has every aᵢᵀt > 0.
    Inside(Vec<f64>),
    /// None has: positive multiples of these rows add up to nothing (Gordan's alternative).
    Nowhere(Vec<usize>),
    /// Rounding errors leave it open.
    Open,
}

/// The t with the largest least aᵢᵀt/‖t‖ over rows of unit length: the least distance programme of Lawson and Hanson
/// (ch. 23).
pub(super) fn deepest(rows: &Rows, tolerance: f64) -> Deepest {
    let width = rows.width + 1;
    let scale = std::f64::consts::FRAC_1_SQRT_2;
    let values = rows.iter().flat_map(|row| row.iter().copied().chain([1.0]).map(|value| value * scale)).collect();
    let mut target = vec![0.0; width];
    target[rows.width] = -1.0;
    let Some(found) = shortest(&Rows { width, values }, |_| true, &target) else { return Deepest::Open };
    if norm(&found.v) <= tolerance {
        return Deepest::Nowhere(found.support);
    }
    let (t, margin) = (&found.v[..rows.width], -found.v[rows.width]);
    let inside = margin > 0.0 && rows.iter().all(|row| kernel::dot(row, t) > 0.5 * margin);
    if inside { Deepest::Inside(t.to_vec()) } else { Deepest::Open }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows<const K: usize>(values: &[[f64; K]]) -> Rows {
        let unit = |row: &[f64; K]| row.map(|value| value / norm(row));
        Rows { width: K, values: values.iter().flat_map(unit).collect() }
    }

    #[test]
    fn moves_all_that_can_be_moved_at_once() {
        // t₁ = 0 is forced by the first two rows; then the third moves, and after it the last.
        let example = rows(&[[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [5.0, 1.0, 0.0], [0.0, -40.0, 1.0]]);
        let interior = relative_interior(&example, 1e-12).unwrap();
        assert_eq!(interior.moved, [false, false, true, true]);
        assert!(interior.direction[0].abs() < 1e-12 && interior.direction[1] > 0.0);
        let pointed = rows(&[[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]]);
        assert_eq!(relative_interior(&pointed, 1e-12).unwrap().moved, [false; 3]);
    }

    #[test]
    fn the_deepest_direction_halves_the_angle() {
        let Deepest::Inside(t) = deepest(&rows(&[[1.0, 0.0], [0.0, 1.0]]), 1e-12) else { panic!("a quadrant") };
        assert!((t[0] / t[1] - 1.0).abs() < 1e-14 && t[0] > 0.0);
        let opposite = rows(&[[1.0, 0.0], [-1.0, 0.0]]);
        assert!(matches!(deepest(&opposite, 1e-12), Deepest::Nowhere(support) if support.len() == 2));
        let around = rows(&[[1.0, 0.0], [-1.0, 1.0], [0.0, -1.0]]);
        assert!(matches!(deepest(&around, 1e-12), Deepest::Nowhere(support) if support.len() == 3));
    }
}

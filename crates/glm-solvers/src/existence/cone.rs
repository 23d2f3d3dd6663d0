//! The cone of directions that a set of rows allows: its relative interior, or the proof that nothing moves.

use glm_core::kernel;

use super::nonnegative::{Rows, norm, shortest};

/// The share of its length by which a row must move along a unit direction to count as moved.
const MOVED: f64 = 1e-7;

/// A direction t with aᵢᵀt ≥ 0 for every row, and > 0 for as many rows as any direction can move at once.
#[derive(Debug, Clone)]
pub(super) struct Interior {
    /// Zero where no row can be moved.
    pub(super) direction: Vec<f64>,
    pub(super) moved: Vec<bool>,
}

/// The relative interior of {t : aᵢᵀt ≥ 0} for rows of unit length.
///
/// The linear programme "maximise Σ aᵢᵀt over the cone" is bounded by the unit ball instead of a box. Its dual is the
/// shortest vector v = Σ (1 + zᵢ) aᵢ with z ≥ 0: where v = 0, the multipliers 1 + z > 0 prove that no direction moves
/// any row (Stiemke's alternative); otherwise t = v/‖v‖ moves some, and the same question is put to the rest. So both
/// answers come with their proof. `None` where rounding errors, of relative size `tolerance`, leave the answer open.
pub(super) fn relative_interior(rows: &Rows, tolerance: f64) -> Option<Interior> {
    let m = rows.len();
    let mut interior = Interior { direction: vec![0.0; rows.width], moved: vec![false; m] };
    for _ in 0..=rows.width {
        let rest: Vec<usize> = (0..m).filter(|i| !interior.moved[*i]).collect();
        let mut sum = vec![0.0; rows.width];
        rest.iter().for_each(|i| kernel::axpy(1.0, rows.row(*i), &mut sum));
        let mut t = shortest(rows, |i| !interior.moved[i], &sum)?;
        let length = norm(&t);
        if length <= tolerance * rest.len() as f64 {
            return Some(interior);
        }
        t.iter_mut().for_each(|value| *value /= length);
        let steps: Vec<f64> = rows.iter().map(|row| kernel::dot(row, &t)).collect();
        if rest.iter().any(|i| steps[*i] < -tolerance) || rest.iter().all(|i| steps[*i] <= MOVED) {
            return None;
        }
        interior.take_up(rows, &t, &steps);
        rest.iter().for_each(|i| interior.moved[*i] = steps[*i] > MOVED);
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

/// The t with the largest least aᵢᵀt/‖t‖ over rows of unit length, where some t has them all positive: the least
/// distance programme of Lawson and Hanson (ch. 23). `None` where none has, or rounding errors leave it open.
pub(super) fn deepest(rows: &Rows, tolerance: f64) -> Option<Vec<f64>> {
    let width = rows.width + 1;
    let scale = std::f64::consts::FRAC_1_SQRT_2;
    let values = rows.iter().flat_map(|row| row.iter().copied().chain([1.0]).map(|value| value * scale)).collect();
    let mut target = vec![0.0; width];
    target[rows.width] = -1.0;
    let mut v = shortest(&Rows { width, values }, |_| true, &target)?;
    let margin = -v.pop()?;
    let inside = margin > tolerance * tolerance && rows.iter().all(|row| kernel::dot(row, &v) > 0.5 * margin);
    inside.then_some(v)
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
        let t = deepest(&rows(&[[1.0, 0.0], [0.0, 1.0]]), 1e-12).unwrap();
        assert!((t[0] / t[1] - 1.0).abs() < 1e-14 && t[0] > 0.0);
        assert!(deepest(&rows(&[[1.0, 0.0], [-1.0, 0.0]]), 1e-12).is_none());
        assert!(deepest(&rows(&[[1.0, 0.0], [-1.0, 1.0], [0.0, -1.0]]), 1e-12).is_none());
    }
}

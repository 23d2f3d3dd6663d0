//! Nonnegative least squares: how near a cone comes to a point.

use glm_core::kernel;

/// Above this many rows the next to enter is first looked for among a few.
const MANY: usize = 1000;
/// So many.
const LISTED: usize = 500;

/// Rows of one length, one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub(crate) width: usize,
    pub(crate) values: Vec<f64>,
}

impl Rows {
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.values[i * self.width..(i + 1) * self.width]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width.max(1))
    }
}

/// The answer of [`shortest`].
#[derive(Debug, Clone)]
pub(crate) struct Shortest {
    pub(crate) v: Vec<f64>,
    /// The rows with positive multipliers, linearly independent.
    pub(crate) support: Vec<usize>,
    /// Theirs.
    pub(crate) multipliers: Vec<f64>,
}

/// The shortest v = target + Σ zᵢ aᵢ over z ≥ 0, by the active-set method of Lawson and Hanson (Solving Least Squares
/// Problems, 1974, ch. 23); aᵢ are the rows for which `used` holds, of unit length.
///
/// At the end aᵢᵀv ≥ 0 for all of them: either v = 0, and −target is in the cone, or v proves that it is not. `None`
/// where that many changes of the active set do not suffice; as many as the width usually do.
pub(crate) fn shortest(rows: &Rows, used: impl Fn(usize) -> bool, target: &[f64]) -> Option<Shortest> {
    let noise = 16.0 * f64::EPSILON * (1.0 + norm(target)) * (rows.width as f64).sqrt();
    let (mut passive, mut z): (Vec<usize>, Vec<f64>) = (Vec::new(), Vec::new());
    let (mut v, mut refused, mut list) = (target.to_vec(), Vec::new(), Vec::new());
    for _ in 0..100 * (rows.width + 10) {
        if passive.len() == rows.width || norm(&v) <= noise {
            return Some(Shortest { v, support: passive, multipliers: z });
        }
        let free = |i: &usize| used(*i) && !passive.contains(i) && !refused.contains(i);
        let Some(entering) = steepest(rows, free, &v, -noise, &mut list) else {
            return Some(Shortest { v, support: passive, multipliers: z });
        };
        passive.push(entering);
        z.push(0.0);
        loop {
            let (solution, rest) = least_squares(rows, &passive, target)?;
            v = rest;
            if solution.iter().all(|value| *value > 0.0) {
                z = solution;
                break;
            }
            shorten(&mut passive, &mut z, &solution);
        }
        // A row that enters and leaves at once was pushed in by rounding errors.
        if passive.contains(&entering) {
            refused.clear();
        } else {
            refused.push(entering);
        }
    }
    None
}

/// The free row with the least product below a bound: among those that were steepest when all were last looked at, and
/// where there is none left, or the rows are few, among all.
fn steepest(rows: &Rows, free: impl Fn(&usize) -> bool, v: &[f64], bound: f64, list: &mut Vec<usize>) -> Option<usize> {
    let below = |i: usize| Some((kernel::dot(rows.row(i), v), i)).filter(|(value, _)| *value < bound);
    let order = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0);
    if rows.len() <= MANY {
        return (0..rows.len()).filter_map(below).filter(|(_, i)| free(i)).min_by(order).map(|(_, i)| i);
    }
    let listed = list.iter().copied().filter_map(below).filter(|(_, i)| free(i)).min_by(order);
    if let Some((_, i)) = listed {
        return Some(i);
    }
    let mut all: Vec<(f64, usize)> = (0..rows.len()).filter_map(below).filter(|(_, i)| free(i)).collect();
    if all.len() > LISTED {
        all.select_nth_unstable_by(LISTED, order);
        all.truncate(LISTED);
    }
    *list = all.iter().map(|(_, i)| *i).collect();
    all.into_iter().min_by(order).map(|(_, i)| i)
}

/// Goes from z towards the solution until the first multiplier is zero, and lets go of it.
fn shorten(passive: &mut Vec<usize>, z: &mut Vec<f64>, solution: &[f64]) {
    let ends = z.iter().zip(solution).filter(|(_, s)| **s <= 0.0).map(|(z, s)| z / (z - s));
    let length = ends.fold(1.0, |a: f64, b| if b.is_nan() { 0.0 } else { a.min(b) });
    let mut keep: Vec<bool> = Vec::with_capacity(z.len());
    for (z, s) in z.iter_mut().zip(solution) {
        let stays = *s > 0.0 || (length < 1.0 && *z / (*z - s) > length);
        *z += length * (s - *z);
        keep.push(stays);
    }
    let mut flags = keep.iter();
    passive.retain(|_| flags.next().is_some_and(|stays| *stays));
    let mut flags = keep.iter();
    z.retain(|_| flags.next().is_some_and(|stays| *stays));
}

/// z with the shortest target + Σ zᵢ aᵢ over the passive rows, and that vector, by Gram–Schmidt done twice.
fn least_squares(rows: &Rows, passive: &[usize], target: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    let n = passive.len();
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(n);
    let mut r = vec![0.0; n * n];
    for (j, i) in passive.iter().enumerate() {
        let mut rest = rows.row(*i).to_vec();
        r[j * n..j * n + j].copy_from_slice(&remove(&basis, &mut rest));
        let length = norm(&rest);
        if length <= f64::EPSILON {
            return None;
        }
        r[j * n + j] = length;
        rest.iter_mut().for_each(|value| *value /= length);
        basis.push(rest);
    }
    let mut rest = target.to_vec();
    let mut z: Vec<f64> = remove(&basis, &mut rest).iter().map(|value| -value).collect();
    // What is left may be short, and is to be orthogonal on its own scale.
    let length = norm(&rest);
    if length > 0.0 {
        rest.iter_mut().for_each(|value| *value /= length);
        remove(&basis, &mut rest);
        rest.iter_mut().for_each(|value| *value *= length);
    }
    for j in (0..n).rev() {
        z[j] /= r[j * n + j];
        let (head, tail) = z.split_at_mut(j);
        kernel::axpy(-tail[0], &r[j * n..j * n + j], head);
    }
    Some((z, rest))
}

/// Takes the part of a vector in the span of orthonormal vectors away; returns its coordinates.
pub(crate) fn remove(basis: &[Vec<f64>], vector: &mut [f64]) -> Vec<f64> {
    let mut coordinates = vec![0.0; basis.len()];
    // Twice is enough (Kahan; Parlett, The Symmetric Eigenvalue Problem, §6.9).
    for _ in 0..2 {
        for (coordinate, direction) in coordinates.iter_mut().zip(basis) {
            let share = kernel::dot(direction, vector);
            kernel::axpy(-share, direction, vector);
            *coordinate += share;
        }
    }
    coordinates
}

/// The Euclidean length.
pub(crate) fn norm(vector: &[f64]) -> f64 {
    kernel::dot(vector, vector).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[[f64; 2]]) -> Rows {
        let unit = |row: &[f64; 2]| [row[0] / norm(row), row[1] / norm(row)];
        Rows { width: 2, values: values.iter().flat_map(unit).collect() }
    }

    /// The conditions of Karush, Kuhn and Tucker, on rows so many that not all are looked at each time.
    #[test]
    fn many_rows() {
        let row = |i: usize| {
            let t = i as f64;
            let row = [1.0, 0.9 * (t * 0.37).sin(), 0.9 * (t * 0.11).cos(), (t * 1.7).sin() * (t * 0.05).cos(), 0.3];
            row.map(|value| value / norm(&row))
        };
        let rows = Rows { width: 5, values: (0..20_000).flat_map(row).collect() };
        for target in [[-1.0, 0.5, 0.2, -0.3, 0.4], [-2.0, 0.1, 0.0, 0.1, -0.6], [0.3, -3.0, 1.0, 2.0, -1.0]] {
            let found = shortest(&rows, |i| i % 7 > 0, &target).unwrap();
            let mut sum = target.to_vec();
            for (i, z) in found.support.iter().zip(&found.multipliers) {
                assert!(*z > 0.0 && i % 7 > 0 && kernel::dot(rows.row(*i), &found.v).abs() < 1e-13);
                kernel::axpy(*z, rows.row(*i), &mut sum);
            }
            assert!(sum.iter().zip(&found.v).all(|(sum, v)| (sum - v).abs() < 1e-13), "{sum:?} {:?}", found.v);
            assert!((0..20_000).filter(|i| i % 7 > 0).all(|i| kernel::dot(rows.row(i), &found.v) > -1e-13));
        }
    }

    #[test]
    fn the_cone_reaches_or_stays_away() {
        let quadrant = rows(&[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
        let reached = shortest(&quadrant, |_| true, &[-3.0, -2.0]).unwrap().v;
        assert!(norm(&reached) < 1e-15);
        let away = shortest(&quadrant, |_| true, &[-3.0, 2.0]).unwrap().v;
        assert!((away[0].abs() < 1e-15) && (away[1] - 2.0).abs() < 1e-15);
        let without_first = shortest(&quadrant, |i| i > 0, &[-3.0, 2.0]).unwrap().v;
        assert!((without_first[0] + 0.5).abs() < 1e-15 || without_first[1] > 0.0);
    }
}

//! A triangular factor of the information on scaled columns: solving, inverting, rank and condition.

mod blocks;
mod condition;

use faer::Mat;
use glm_core::{Gram, Information, Root, kernel};

use blocks::{by_columns, in_blocks, inverse_in_blocks, orthogonal_first, symmetric};

/// The order from which blocked kernels are faster.
const BLOCKED: usize = 128;
/// Which factorisation a fit rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factorisation {
    /// Cholesky of the Gram.
    Cholesky,
    /// QR of √W·X.
    Qr,
}

/// R with RᵀR = S⁻¹ I S⁻¹, where I is the information of the kept columns and S its root diagonal: columns have unit
/// length, so that neither rank nor condition depends on their units.
///
/// Columns that are orthogonal whatever the weights, as those of a factor are, come first: R = (I B; 0 C) then has ones
/// and zeros where they are, and only its other columns are found and kept.
#[derive(Debug, Clone)]
pub struct Factor {
    kept: Vec<usize>,
    /// The kept columns in the order of R.
    order: Vec<usize>,
    /// Of each of these.
    scale: Vec<f64>,
    /// How many unit columns R begins with.
    units: usize,
    /// Its other columns, column-major, of `kept.len()` rows.
    r: Vec<f64>,
    n_params: usize,
    kind: Factorisation,
}

impl Factor {
    /// Factorises the information of the kept columns; `None` where it is not positive definite (or not finite).
    #[must_use]
    pub fn new(information: &Information, kept: &[usize]) -> Option<Self> {
        match information {
            Information::Gram(gram) => Self::cholesky(gram, kept),
            Information::Root(root) => Self::root(root, kept),
            _ => None,
        }
    }

    fn cholesky(gram: &Gram, kept: &[usize]) -> Option<Self> {
        let k = kept.len();
        let (order, units) = if k < BLOCKED { (kept.to_vec(), 0) } else { orthogonal_first(gram, kept) };
        let scale: Vec<f64> = order.iter().map(|j| gram.get(*j, *j).sqrt()).collect();
        if !scale.iter().all(|scale| scale.is_finite() && *scale > 0.0) {
            return None;
        }
        let entry = |i: usize, j: usize| gram.get(order[i], order[j]) / (scale[i] * scale[j]);
        let r = if k < BLOCKED { by_columns(k, entry)? } else { in_blocks(k, units, entry)? };
        let (sound, kind, n_params) = (r.iter().all(|value| value.is_finite()), Factorisation::Cholesky, gram.n());
        sound.then(|| Self { kept: kept.to_vec(), order, scale, units, r, n_params, kind })
    }

    fn root(root: &Root, kept: &[usize]) -> Option<Self> {
        let (n, k) = (root.n(), kept.len());
        // Leaving columns out leaves a matrix that is no longer triangular; reflecting it once more makes it so.
        let mut columns = vec![0.0; n * k];
        let mut scale = Vec::with_capacity(k);
        for (target, j) in columns.chunks_exact_mut(n).zip(kept) {
            let column = root.column(*j);
            let norm = kernel::dot(column, column).sqrt();
            scale.push(norm);
            for (target, value) in target.iter_mut().zip(column) {
                *target = value / norm;
            }
        }
        let mut r = vec![0.0; k * k];
        kernel::stack_root(&mut r, &mut columns, n, k);
        let sound = r.iter().all(|v| v.is_finite()) && (0..k).all(|j| r[j * k + j].abs() > f64::EPSILON);
        let kind = Factorisation::Qr;
        sound.then(|| Self { kept: kept.to_vec(), order: kept.to_vec(), scale, units: 0, r, n_params: n, kind })
    }

    /// The factor of so many times the information.
    pub(crate) fn scaled(mut self, ratio: f64) -> Self {
        self.scale.iter_mut().for_each(|scale| *scale *= ratio.sqrt());
        self
    }

    /// Which factorisation this is.
    #[must_use]
    pub fn kind(&self) -> Factorisation {
        self.kind
    }

    /// The columns that are kept.
    #[must_use]
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Column j of R from row 0 to row j, where it is not a unit column.
    fn column(&self, j: usize) -> &[f64] {
        let start = (j - self.units) * self.order.len();
        &self.r[start..=start + j]
    }

    /// The diagonal of R.
    fn pivots(&self) -> impl Iterator<Item = f64> + '_ {
        let others = (self.units..self.order.len()).map(|j| self.column(j)[j].abs());
        std::iter::repeat_n(1.0, self.units).chain(others)
    }

    /// The smallest diagonal element of R: how far the most dependent column is from the span of those before it.
    #[must_use]
    pub fn smallest_pivot(&self) -> f64 {
        self.pivots().fold(f64::INFINITY, f64::min)
    }

    /// ln |I| of the kept columns, 2 Σ ln(sⱼ |rⱼⱼ|).
    #[must_use]
    pub fn ln_determinant(&self) -> f64 {
        self.scale.iter().zip(self.pivots()).map(|(scale, pivot)| 2.0 * (scale.ln() + pivot.ln())).sum()
    }

    /// R⁻ᵀ S⁻¹ g, whose squared length is gᵀ I⁻¹ g.
    #[must_use]
    pub fn whiten(&self, gradient: &[f64]) -> Vec<f64> {
        let mut z: Vec<f64> = self.order.iter().zip(&self.scale).map(|(j, scale)| gradient[*j] / scale).collect();
        self.solve_lower(&mut z);
        z
    }

    /// z ← R⁻ᵀ z.
    fn solve_lower(&self, z: &mut [f64]) {
        for j in self.units..z.len() {
            let column = self.column(j);
            z[j] = (z[j] - kernel::dot(&column[..j], &z[..j])) / column[j];
        }
    }

    /// z ← R⁻¹ z.
    fn solve_upper(&self, z: &mut [f64]) {
        for j in (self.units..z.len()).rev() {
            let column = self.column(j);
            z[j] /= column[j];
            let (head, tail) = z.split_at_mut(j);
            kernel::axpy(-tail[0], &column[..j], head);
        }
    }

    /// √(gᵀ I⁻¹ g), the score in units of standard errors at φ = 1.
    #[must_use]
    pub fn score_norm(&self, gradient: &[f64]) -> f64 {
        let z = self.whiten(gradient);
        kernel::dot(&z, &z).sqrt()
    }

    /// I⁻¹ g, zero in the columns left out.
    #[must_use]
    pub fn solve(&self, gradient: &[f64]) -> Vec<f64> {
        let mut z = self.whiten(gradient);
        self.solve_upper(&mut z);
        let mut solution = vec![0.0; self.n_params];
        for ((j, z), scale) in self.order.iter().zip(z).zip(&self.scale) {
            solution[*j] = z / scale;
        }
        solution
    }

    /// R⁻ᵀ S⁻¹ x for each row x of a column-major block of m rows: a column-major block on the kept columns.
    pub(crate) fn whiten_rows(&self, x: &[f64], m: usize) -> Vec<f64> {
        let k = self.order.len();
        let mut z = vec![0.0; m * k];
        for (j, own) in self.order.iter().enumerate() {
            let (before, rest) = z.split_at_mut(j * m);
            let column = &mut rest[..m];
            kernel::axpy(self.scale[j].recip(), &x[own * m..(own + 1) * m], column);
            if j >= self.units {
                let r = self.column(j);
                for (r, before) in r.iter().zip(before.chunks_exact(m)) {
                    kernel::axpy(-r, before, column);
                }
                column.iter_mut().for_each(|z| *z /= r[j]);
            }
        }
        z
    }

    /// out = xᵀ I⁻¹ x for each row x of a column-major block of m rows, by solving with R: its error grows with the
    /// condition of R, where that of a product with the inverse grows with the square.
    pub(crate) fn quadratic(&self, x: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        for column in self.whiten_rows(x, out.len()).chunks_exact(out.len()) {
            out.iter_mut().zip(column).for_each(|(out, z)| *out += z * z);
        }
    }

    /// S⁻¹ R⁻¹ M R⁻ᵀ S⁻¹ on the kept columns: the covariance of estimates whose whitened scores have covariance M.
    pub(crate) fn unwhiten(&self, middle: &Gram) -> Mat<f64> {
        let k = self.order.len();
        let inverse = self.inverse_root();
        let entry = |i: usize, j: usize| match j.checked_sub(self.units) {
            Some(j) => inverse[j * k + i],
            None => f64::from(u8::from(i == j)),
        };
        let half = Mat::from_fn(k, k, |i, m| (i..k).map(|l| entry(i, l) * middle.get(l, m)).sum::<f64>());
        self.on_kept(|i, j| {
            let (i, j) = (i.max(j), i.min(j));
            (j..k).map(|m| half[(i, m)] * entry(j, m)).sum()
        })
    }

    /// S⁻¹ A S⁻¹, the columns in the order in which they are kept, for a symmetric A in the order of R.
    fn on_kept(&self, a: impl Fn(usize, usize) -> f64) -> Mat<f64> {
        let mut place = vec![0; self.n_params];
        self.order.iter().enumerate().for_each(|(i, j)| place[*j] = i);
        let place: Vec<usize> = self.kept.iter().map(|j| place[*j]).collect();
        symmetric(place.len(), |i, j| {
            let (i, j) = (place[i], place[j]);
            a(i, j) / (self.scale[i] * self.scale[j])
        })
    }

    /// √(dᵀ I d).
    #[must_use]
    pub fn length(&self, direction: &[f64]) -> f64 {
        let scaled: Vec<f64> = self.order.iter().zip(&self.scale).map(|(j, scale)| direction[*j] * scale).collect();
        let product = self.times(&scaled);
        kernel::dot(&product, &product).sqrt()
    }

    /// R z.
    fn times(&self, z: &[f64]) -> Vec<f64> {
        let mut product = vec![0.0; z.len()];
        product[..self.units].copy_from_slice(&z[..self.units]);
        (self.units..z.len()).for_each(|j| kernel::axpy(z[j], self.column(j), &mut product[..=j]));
        product
    }

    /// Σ |dⱼ| √Iⱼⱼ: an upper bound of [`length`](Self::length) that no cancellation between columns can make small.
    #[must_use]
    pub fn size(&self, params: &[f64]) -> f64 {
        self.order.iter().zip(&self.scale).map(|(j, scale)| params[*j].abs() * scale).sum()
    }

    /// The diagonal of the information, with ones for the columns left out.
    #[must_use]
    pub fn diagonal(&self) -> Vec<f64> {
        let mut diagonal = vec![1.0; self.n_params];
        for (j, scale) in self.order.iter().zip(&self.scale) {
            diagonal[*j] = scale * scale;
        }
        diagonal
    }

    /// The columns of R⁻¹ that are not unit columns: those of (I −BC⁻¹; 0 C⁻¹).
    fn inverse_root(&self) -> Vec<f64> {
        let k = self.order.len();
        if k >= BLOCKED {
            return inverse_in_blocks(&self.r, k, self.units);
        }
        let mut inverse = vec![0.0; k * k];
        for j in 0..k {
            let column = &mut inverse[j * k..=j * k + j];
            column[j] = 1.0;
            for i in (0..=j).rev() {
                let r = self.column(i);
                column[i] /= r[i];
                let (head, tail) = column.split_at_mut(i);
                kernel::axpy(-tail[0], &r[..i], head);
            }
        }
        inverse
    }

    /// I⁻¹ of the kept columns and the [`condition`](Self::condition).
    #[must_use]
    pub fn inverse(&self) -> (Mat<f64>, f64) {
        let k = self.order.len();
        let inverse = self.inverse_root();
        let condition = self.condition_by(&inverse);
        if k < BLOCKED {
            let product = |i: usize, j: usize| (i.max(j)..k).map(|l| inverse[l * k + i] * inverse[l * k + j]).sum();
            return (self.on_kept(product), condition);
        }
        // R⁻¹R⁻ᵀ: the unit columns' part is a unit matrix, and the others' a product.
        let mut square = vec![0.0; k * k];
        if self.units == 0 {
            kernel::square_upper(&mut square, &inverse, k);
        } else {
            kernel::lower_by_transpose(&mut square, &inverse, k, k - self.units);
            (0..self.units).for_each(|j| square[j * k + j] += 1.0);
        }
        (self.on_kept(|i, j| square[i.min(j) * k + i.max(j)]), condition)
    }
}

/// The columns of a root that are not linear combinations of those before them, in the given order: R's rule.
///
/// A column is aliased when its distance from the span of the kept columns before it is at most `tolerance` times its
/// own length.
#[must_use]
pub fn independent_columns(root: &Root, tolerance: f64) -> Vec<usize> {
    let n = root.n();
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut kept = Vec::new();
    for j in 0..n {
        let mut rest = vec![0.0; n];
        rest[..=j].copy_from_slice(root.column(j));
        let length = kernel::dot(&rest, &rest).sqrt();
        // Twice is enough (Kahan; Parlett, The Symmetric Eigenvalue Problem, §6.9).
        for _ in 0..2 {
            for direction in &basis {
                kernel::axpy(-kernel::dot(direction, &rest), direction, &mut rest);
            }
        }
        let distance = kernel::dot(&rest, &rest).sqrt();
        if distance > tolerance * length {
            rest.iter_mut().for_each(|value| *value /= distance);
            basis.push(rest);
            kept.push(j);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use glm_core::Order;

    fn example() -> (Vec<f64>, Vec<f64>) {
        let x: Vec<f64> = (0..30).map(|i| ((i * 7 % 13) as f64).sin() * if i < 10 { 1e6 } else { 1.0 }).collect();
        (x, (0..10).map(|i| 0.1 + f64::from(i)).collect())
    }

    #[test]
    fn both_factorisations_solve_and_invert() {
        let (x, weight) = example();
        let mut scratch = Vec::new();
        for order in [Order::Expected, Order::Root] {
            let mut information = Information::zeros(order, 3);
            match &mut information {
                Information::Gram(gram) => gram.add_block(&x, &weight, &mut scratch),
                Information::Root(root) => root.add_block(&x, &weight, &mut scratch),
                _ => panic!("a curvature was asked for"),
            }
            let factor = Factor::new(&information, &[0, 1, 2]).unwrap();
            let truth = [3e-6, -1.0, 2.0];
            let gradient: Vec<f64> = (0..3)
                .map(|a| {
                    (0..10)
                        .map(|i| weight[i] * x[a * 10 + i] * (0..3).map(|b| x[b * 10 + i] * truth[b]).sum::<f64>())
                        .sum()
                })
                .collect();
            for (found, truth) in factor.solve(&gradient).iter().zip(truth) {
                assert!((found - truth).abs() < 1e-9, "{found} {truth}");
            }
            let direct: f64 = gradient.iter().zip(truth).map(|(g, t)| g * t).sum();
            assert!((factor.score_norm(&gradient).powi(2) / direct - 1.0).abs() < 1e-10);
            assert!((factor.length(&truth).powi(2) / direct - 1.0).abs() < 1e-10);
            let (inverse, condition) = factor.inverse();
            let solved = factor.solve(&[0.0, 1.0, 0.0]);
            assert!((0..3).all(|i| (inverse[(i, 1)] - solved[i]).abs() < 1e-12 * solved[i].abs()));
            assert!((1.0..100.0).contains(&condition));
            let mut quadratic = [0.0; 10];
            factor.quadratic(&x, &mut quadratic);
            let leverages: f64 = quadratic.iter().zip(&weight).map(|(quadratic, weight)| quadratic * weight).sum();
            assert!((leverages - 3.0).abs() < 1e-12, "leverages sum to the rank, not {leverages}");
        }
    }

    #[test]
    fn aliased_columns_are_found_in_the_given_order() {
        let (x, _) = example();
        let mut with_sums = x[..10].to_vec();
        with_sums.extend(x[..10].iter().map(|v| 2.0 * v));
        with_sums.extend_from_slice(&x[10..20]);
        with_sums.extend((0..10).map(|i| x[i] * 1e-6 - x[10 + i]));
        let mut root = Root::zeros(4);
        root.add_block(&with_sums, &[1.0; 10], &mut Vec::new());
        assert_eq!(independent_columns(&root, 1e-11), [0, 2]);
    }
}

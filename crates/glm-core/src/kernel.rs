//! The block kernels that GLMs and networks share: the bit equality of a network without hidden layers and a GLM rests
//! on both calling these.
//!
//! Sums run in eight logical lanes whatever the hardware has, so a result does not depend on how the compiler vectorised
//! the loop. Matrices are column-major slices whose columns are `rows` long and touch each other.

mod cholesky;

pub use cholesky::{cholesky, invert_upper, square_upper};

use faer::linalg::matmul::matmul as faer_matmul;
use faer::linalg::matmul::triangular::{BlockStructure, matmul as triangular_matmul};
use faer::{Accum, MatMut, MatRef, Par};
use pulp::{Simd, WithSimd};

use crate::Scalar;
use crate::special::Twofold;

pub(crate) const LANES: usize = 8;

/// Σ aᵢ.
#[must_use]
pub fn sum<S: Scalar>(a: &[S]) -> S {
    let mut lanes = [S::default(); LANES];
    let chunks = a.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += *value;
        }
    }
    for (lane, value) in lanes.iter_mut().zip(rest) {
        *lane += *value;
    }
    fold(lanes)
}

/// Whether `test` holds anywhere, looking at every number so that the loop needs no branches.
pub(crate) fn any(a: &[f64], test: impl Fn(f64) -> bool) -> bool {
    pulp::Arch::new().dispatch(Any { a, test })
}

struct Any<'a, F> {
    a: &'a [f64],
    test: F,
}

impl<F: Fn(f64) -> bool> WithSimd for Any<'_, F> {
    type Output = bool;

    /// One sum of bits, which the compiler may split into lanes as it likes: where it was given lanes, it gathered each.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> bool {
        self.a.iter().fold(0_u64, |seen, value| seen | u64::from((self.test)(*value))) != 0
    }
}

/// Whether every number is finite: 0·a is zero then, and NaN otherwise, which sums keep.
#[must_use]
pub fn all_finite<S: Scalar>(a: &[S]) -> bool {
    let (zero, mut lanes) = (S::default(), [S::default(); 2 * LANES]);
    let chunks = a.chunks_exact(2 * LANES);
    let rest = chunks.remainder().iter().all(|value| value.to_f64().is_finite());
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += zero * *value;
        }
    }
    rest && lanes.iter().all(|lane| *lane == zero)
}

/// Whether every number of these columns, which are of equal length, is finite: four columns at once, since a processor
/// reads several streams faster than one.
pub(crate) fn are_finite<S: Scalar>(columns: &[&[S]]) -> bool {
    let (groups, rest) = columns.as_chunks::<4>();
    groups.iter().all(|group| four_are_finite(group.map(|column| column.as_chunks())))
        && rest.iter().all(|x| all_finite(x))
}

/// A column's numbers, eight by eight, and the rest.
type Chunks<'a, S> = (&'a [[S; LANES]], &'a [S]);

fn four_are_finite<S: Scalar>(columns: [Chunks<'_, S>; 4]) -> bool {
    let (zero, mut lanes) = (S::default(), [[S::default(); LANES]; 4]);
    for row in 0..columns[0].0.len() {
        for (lanes, (chunks, _)) in lanes.iter_mut().zip(columns) {
            lanes.iter_mut().zip(chunks[row]).for_each(|(lane, value)| *lane += zero * value);
        }
    }
    lanes.as_flattened().iter().all(|lane| *lane == zero) && columns.iter().all(|(_, rest)| all_finite(rest))
}

/// Σ aᵢ bᵢ.
#[must_use]
pub fn dot<S: Scalar>(a: &[S], b: &[S]) -> S {
    let mut lanes = [S::default(); LANES];
    let (chunks_a, chunks_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let (rest_a, rest_b) = (chunks_a.remainder(), chunks_b.remainder());
    for (a, b) in chunks_a.zip(chunks_b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    for (lane, (a, b)) in lanes.iter_mut().zip(rest_a.iter().zip(rest_b)) {
        *lane += *a * *b;
    }
    fold(lanes)
}

/// The lanes as a balanced tree.
pub(crate) fn fold<S: Scalar>(lanes: [S; LANES]) -> S {
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// yᵢ += scale · xᵢ.
pub fn axpy<S: Scalar>(scale: S, x: &[S], y: &mut [S]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += scale * *x;
    }
}

/// (yᵢ, errorᵢ) += scale · xᵢ, the error carrying what rounding took from y.
///
/// Reference: Ogita, Rump & Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26 (2005), algorithm 5.3.
pub fn axpy_compensated(scale: f64, x: &[f64], y: &mut [f64], error: &mut [f64]) {
    for ((y, error), x) in y.iter_mut().zip(error).zip(x) {
        let product = Twofold::product(scale, *x);
        let sum = Twofold::sum(*y, product.high);
        *y = sum.high;
        *error += sum.low + product.low;
    }
}

/// Σ aᵢ bᵢ as if in twice the precision, rounded once.
#[must_use]
pub fn dot_compensated(a: &[f64], b: &[f64]) -> f64 {
    let (mut sum, mut error) = (0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        let product = Twofold::product(*a, *b);
        let next = Twofold::sum(sum, product.high);
        sum = next.high;
        error += next.low + product.low;
    }
    sum + error
}

/// out = a·b, or out += a·b; `a` is m×k, `b` is k×n.
pub fn multiply<S: Scalar>(out: &mut [S], add: bool, a: &[S], b: &[S], (m, k, n): (usize, usize, usize)) {
    let out = MatMut::from_column_major_slice_mut(out, m, n);
    let (a, b) = (MatRef::from_column_major_slice(a, m, k), MatRef::from_column_major_slice(b, k, n));
    faer_matmul(out, accum(add), a, b, S::one_impl(), Par::Seq);
    rest_vector_unit();
}

/// out = aᵀ·b, or out += aᵀ·b; `a` is k×m, `b` is k×n.
pub fn multiply_transposed<S: Scalar>(out: &mut [S], add: bool, a: &[S], b: &[S], (m, k, n): (usize, usize, usize)) {
    let out = MatMut::from_column_major_slice_mut(out, m, n);
    let (a, b) = (MatRef::from_column_major_slice(a, k, m), MatRef::from_column_major_slice(b, k, n));
    faer_matmul(out, accum(add), a.transpose(), b, S::one_impl(), Par::Seq);
    rest_vector_unit();
}

/// out = a·bᵀ, or out += a·bᵀ; `a` is m×k, `b` is n×k.
pub fn multiply_by_transpose<S: Scalar>(out: &mut [S], add: bool, a: &[S], b: &[S], (m, k, n): (usize, usize, usize)) {
    let out = MatMut::from_column_major_slice_mut(out, m, n);
    let (a, b) = (MatRef::from_column_major_slice(a, m, k), MatRef::from_column_major_slice(b, n, k));
    faer_matmul(out, accum(add), a, b.transpose(), S::one_impl(), Par::Seq);
    rest_vector_unit();
}

/// Zeroes the upper halves of the wide registers, which the assembly of faer's products leaves in use.
///
/// On processors that switch states between wide and narrow instructions, every call of the C library's `exp` after a
/// product would pay for two switches: 195 ns instead of 7 were measured. The calls here are a few ns for each product.
pub(crate) fn rest_vector_unit() {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        simd.avx._mm256_zeroupper();
    }
}

fn accum(add: bool) -> Accum {
    if add { Accum::Add } else { Accum::Replace }
}

/// The lower triangle of gram += xᵀ·scaled, where `x` and `scaled` are rows×n and `scaled` holds w∘x.
///
/// X·(wX), never √w: observed and off-diagonal curvature may be negative.
pub fn add_lower_gram(gram: &mut [f64], x: &[f64], scaled: &[f64], rows: usize, n: usize) {
    triangular_matmul(
        MatMut::from_column_major_slice_mut(gram, n, n),
        BlockStructure::TriangularLower,
        Accum::Add,
        MatRef::from_column_major_slice(x, rows, n).transpose(),
        BlockStructure::Rectangular,
        MatRef::from_column_major_slice(scaled, rows, n),
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
    rest_vector_unit();
}

/// The lower triangle of out = a·aᵀ, where `a` is m×k.
pub fn lower_by_transpose(out: &mut [f64], a: &[f64], m: usize, k: usize) {
    let a = MatRef::from_column_major_slice(a, m, k);
    triangular_matmul(
        MatMut::from_column_major_slice_mut(out, m, m),
        BlockStructure::TriangularLower,
        Accum::Replace,
        a,
        BlockStructure::Rectangular,
        a.transpose(),
        BlockStructure::Rectangular,
        1.0,
        Par::Seq,
    );
    rest_vector_unit();
}

/// Turns (R, X) into the R of the QR factorisation of R stacked on X, by Householder reflections that leave R's zeros
/// alone. `r` is n×n upper triangular, `x` is rows×n and is destroyed.
///
/// Reference: Golub & Van Loan, Matrix Computations (2013), §5.1 and §5.2.2.
pub fn stack_root(r: &mut [f64], x: &mut [f64], rows: usize, n: usize) {
    for j in 0..n {
        let (head, tail) = x.split_at_mut((j + 1) * rows);
        let reflector = &head[j * rows..];
        let below = dot(reflector, reflector);
        if below <= 0.0 {
            continue;
        }
        let diagonal = r[j * n + j];
        let norm = (diagonal * diagonal + below).sqrt();
        let beta = if diagonal > 0.0 { -norm } else { norm };
        let top = diagonal - beta;
        let tau = 2.0 / (top * top + below);
        r[j * n + j] = beta;
        for (k, column) in tail.chunks_exact_mut(rows).enumerate() {
            let above = &mut r[(j + 1 + k) * n + j];
            let scale = tau * (top * *above + dot(reflector, column));
            *above -= scale * top;
            axpy(-scale, reflector, column);
        }
    }
}

/// Turns the symmetric q×q matrix of each of `rows` rows into its Cholesky factor L, in place; the lower triangles are
/// laid out as a response's curvature is: entry by entry, column by column, `rows` values each.
///
/// The matrices are positive semi-definite: a pivot that rounding alone may have left (at most 1e-14 of its diagonal) is
/// zero, with its column.
pub fn row_roots(curvature: &mut [f64], rows: usize, q: usize) {
    let entry = |a: usize, b: usize| (b * q - b * b.saturating_sub(1) / 2 + a - b) * rows;
    for row in 0..rows {
        for b in 0..q {
            let own: f64 = (0..b).map(|c| curvature[entry(b, c) + row].powi(2)).sum();
            let diagonal = curvature[entry(b, b) + row];
            let root = if diagonal - own > 1e-14 * diagonal { (diagonal - own).sqrt() } else { 0.0 };
            curvature[entry(b, b) + row] = root;
            for a in b + 1..q {
                let shared: f64 = (0..b).map(|c| curvature[entry(a, c) + row] * curvature[entry(b, c) + row]).sum();
                let value = curvature[entry(a, b) + row] - shared;
                curvature[entry(a, b) + row] = if root > 0.0 { value / root } else { 0.0 };
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the numbers are chosen so that every sum is exact")]
mod tests {
    use super::*;

    #[test]
    fn products_match_the_definition() {
        let (a, b) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [1.0, -1.0, 2.0, 0.5, 0.0, 3.0]);
        let mut out = [1.0; 4];
        multiply(&mut out, true, &a, &b, (2, 3, 2));
        assert_eq!(out, [1.0 + 1.0 - 3.0 + 10.0, 1.0 + 2.0 - 4.0 + 12.0, 1.0 + 0.5 + 15.0, 1.0 + 1.0 + 18.0]);
        let mut out = [0.0; 9];
        multiply_by_transpose(&mut out, false, &a[..3], &b[..3], (3, 1, 3));
        assert_eq!(out, [1.0, 2.0, 3.0, -1.0, -2.0, -3.0, 2.0, 4.0, 6.0]);
        let mut out = [0.0; 4];
        multiply_transposed(&mut out, false, &a, &b, (2, 3, 2));
        assert_eq!(out, [5.0, 11.0, 9.5, 20.0]);
    }

    #[test]
    fn one_number_that_is_not_finite_is_seen_wherever_it_is() {
        for len in [0, 1, 15, 16, 17, 40, 133] {
            let mut numbers = vec![f64::MAX; len];
            assert!(all_finite(&numbers) && !any(&numbers, |x| !x.is_finite()), "{len}");
            for at in 0..len {
                for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                    numbers[at] = odd;
                    assert!(!all_finite(&numbers) && any(&numbers, |x| !x.is_finite()), "{odd} at {at} of {len}");
                    let finite = vec![0.5; len];
                    let others: Vec<&[f64]> = (0..7)
                        .map(|column| if column == at % 7 { &numbers } else { &finite })
                        .map(|x| &x[..])
                        .collect();
                    assert!(!are_finite(&others) && are_finite(&[&finite[..]; 5]), "{odd} at {at} of {len}");
                }
                numbers[at] = -f64::MIN_POSITIVE;
            }
        }
    }

    #[test]
    fn compensated_sums_survive_cancellation() {
        let (a, b) = ([1e16, 1.0, -1e16, 3.0], [1.0, 1.0, 1.0, 1e-3]);
        assert_eq!(dot_compensated(&a, &b), 1.003);
        let (mut y, mut error) = ([1.0], [0.0]);
        for scale in [1e17, 1e-3, -1e17] {
            axpy_compensated(scale, &[3.0], &mut y, &mut error);
        }
        assert_eq!(y[0] + error[0], 1.003);
    }

    #[test]
    fn row_roots_square_to_the_rows() {
        // Two rows of order 3, the second of rank 2.
        let (first, second) = ([4.0, 2.0, -2.0, 10.0, 5.0, 6.0], [1.0, 2.0, 3.0, 4.0, 6.0, 34.0]);
        let mut both: Vec<f64> = first.iter().zip(&second).flat_map(|(a, b)| [*a, *b]).collect();
        row_roots(&mut both, 2, 3);
        let found = |row: usize| -> Vec<f64> { both.chunks_exact(2).map(|entry| entry[row]).collect() };
        assert_eq!(found(0), [2.0, 1.0, -1.0, 3.0, 2.0, 1.0]);
        assert_eq!(found(1), [1.0, 2.0, 3.0, 0.0, 0.0, 5.0]);
    }

    #[test]
    fn stacked_root_squares_to_the_gram() {
        let n = 3;
        let x: Vec<f64> = (0..7 * n).map(|i| ((i * 37 % 11) as f64 - 5.0) / 3.0).collect();
        let mut root = vec![0.0; n * n];
        let mut gram = vec![0.0; n * n];
        for _ in 0..2 {
            add_lower_gram(&mut gram, &x, &x, 7, n);
            stack_root(&mut root, &mut x.clone(), 7, n);
        }
        for i in 0..n {
            for j in 0..=i {
                let product: f64 = (0..=j).map(|k| root[i * n + k] * root[j * n + k]).sum();
                assert!((product - gram[j * n + i]).abs() < 1e-13, "({i}, {j}): {product} {}", gram[j * n + i]);
            }
        }
    }
}

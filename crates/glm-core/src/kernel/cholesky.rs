//! Triangular factors of large matrices, in blocks.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::{cholesky_in_place, cholesky_in_place_scratch};
use faer::linalg::matmul::triangular::{BlockStructure, matmul as triangular_matmul};
use faer::linalg::triangular_inverse::invert_upper_triangular;
use faer::{Accum, MatMut, MatRef, Par, Spec};

use super::rest_vector_unit;

/// Replaces the lower triangle of a symmetric matrix by its Cholesky factor L, `A = LLᵀ`, and leaves the rest alone; false
/// where the matrix is not positive definite, or not finite.
#[must_use]
pub fn cholesky(a: &mut [f64], n: usize) -> bool {
    let mut buffer = MemBuffer::new(cholesky_in_place_scratch::<f64>(n, Par::Seq, Spec::default()));
    let a = MatMut::from_column_major_slice_mut(a, n, n);
    let stack = MemStack::new(&mut buffer);
    let info = cholesky_in_place(a, Default::default(), Par::Seq, stack, Spec::default());
    rest_vector_unit();
    info.is_ok()
}

/// The inverse of an upper triangle, itself one; below the diagonal `inverse` is left alone.
pub fn invert_upper(inverse: &mut [f64], r: &[f64], n: usize) {
    let r = MatRef::from_column_major_slice(r, n, n);
    invert_upper_triangular(MatMut::from_column_major_slice_mut(inverse, n, n), r, Par::Seq);
    rest_vector_unit();
}

/// Writes the lower triangle of U·Uᵀ for an upper triangle U.
pub fn square_upper(out: &mut [f64], u: &[f64], n: usize) {
    let u = MatRef::from_column_major_slice(u, n, n);
    triangular_matmul(
        MatMut::from_column_major_slice_mut(out, n, n),
        BlockStructure::TriangularLower,
        Accum::Replace,
        u,
        BlockStructure::TriangularUpper,
        u.transpose(),
        BlockStructure::TriangularLower,
        1.0,
        Par::Seq,
    );
    rest_vector_unit();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factor_and_inverse_are_the_definitions() {
        let n = 150;
        let entry =
            |i: usize, j: usize| if i == j { n as f64 } else { ((i * j) as f64).sin() + (i + j) as f64 / n as f64 };
        let mut l: Vec<f64> = (0..n * n).map(|k| entry(k % n, k / n)).collect();
        assert!(cholesky(&mut l, n));
        let r: Vec<f64> = (0..n * n).map(|k| if k % n <= k / n { l[k % n * n + k / n] } else { 0.0 }).collect();
        let (mut inverse, mut square) = (vec![0.0; n * n], vec![0.0; n * n]);
        invert_upper(&mut inverse, &r, n);
        square_upper(&mut square, &inverse, n);
        for i in 0..n {
            for j in 0..=i {
                let product: f64 = (0..n).map(|k| entry(i, k) * square[k.min(j) * n + k.max(j)]).sum();
                let identity = f64::from(u8::from(i == j));
                assert!((product - identity).abs() < 1e-12, "({i}, {j}): {product}");
            }
        }
        for bad in [-1.0, 0.0, f64::NAN, f64::INFINITY] {
            assert!(!cholesky(&mut [1.0, 0.0, 0.0, bad], 2) || bad == f64::INFINITY, "{bad}");
        }
    }
}

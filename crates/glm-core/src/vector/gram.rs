//! The lower triangle of XᵀWX for a block of rows, in tiles of columns whose sums stay in registers.
//!
//! A tile holds the products of eight or four columns of X with three of WX. WX is never formed whole: the three columns
//! of a tile are scaled into a buffer that stays in the first-level cache while X passes by.

use pulp::{Arch, Simd, WithSimd};

/// Columns of WX in a tile.
const WIDTH: usize = 3;

/// Numbers of X that stay in the second-level cache while every tile passes over them.
const CACHED: usize = 48 * 1024;

/// Rows between packed columns, so that they do not all start in the same line of a cache.
const PADDING: usize = 8;

/// The lower triangle of gram += XᵀWX, for `x` column-major with `weight.len()` rows.
///
/// A result depends on the rows and their order alone, and on the instruction set: sums run in as many lanes as a
/// register has.
pub(crate) fn add_lower_gram(gram: &mut [f64], x: &[f64], weight: &[f64], n: usize, scratch: &mut Vec<f64>) {
    let rows = weight.len();
    assert!(x.len() == rows * n && gram.len() == n * n, "a block or a Gram of another size");
    if n == 0 {
        return;
    }
    // Parts of equal height, at most what is cached.
    let parts = rows.div_ceil((CACHED / n).clamp(64, 512)).max(1);
    let height = rows.div_ceil(parts).next_multiple_of(8);
    let packed = if height < rows { n * (height + PADDING) } else { 0 };
    scratch.resize(WIDTH * height + packed, 0.0);
    Arch::new().dispatch(LowerGram { gram, x, weight, n, height, scratch });
}

struct LowerGram<'a> {
    gram: &'a mut [f64],
    x: &'a [f64],
    weight: &'a [f64],
    n: usize,
    /// Rows that are taken at once.
    height: usize,
    scratch: &'a mut [f64],
}

impl WithSimd for LowerGram<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 { self.run::<S, 8>(simd) } else { self.run::<S, 4>(simd) }
    }
}

impl LowerGram<'_> {
    #[inline(always)]
    fn run<S: Simd, const HEIGHT: usize>(self, simd: S) {
        let Self { gram, x, weight, n, height, scratch } = self;
        let rows = weight.len();
        for start in (0..rows).step_by(height) {
            let end = (start + height).min(rows);
            let weight = &weight[start..end];
            let (scratch, packed) = scratch.split_at_mut(WIDTH * height);
            for (packed, column) in packed.chunks_exact_mut(height + PADDING).zip(x.chunks_exact(rows)) {
                packed[..end - start].copy_from_slice(&column[start..end]);
            }
            let (x, stride) = if packed.is_empty() { (x, rows) } else { (&*packed, height + PADDING) };
            let column = |j: usize| &x[j.min(n - 1) * stride..][..end - start];
            for first in (0..n).step_by(WIDTH) {
                let scaled = &mut scratch[..WIDTH * weight.len()];
                for (k, scaled) in scaled.chunks_exact_mut(weight.len()).enumerate() {
                    multiply(simd, scaled, column(first + k), weight);
                }
                let (b0, rest) = scaled.split_at(weight.len());
                let (b1, b2) = rest.split_at(weight.len());
                for top in (first..n).step_by(HEIGHT) {
                    let mut a = [column(top); HEIGHT];
                    for (k, a) in a.iter_mut().enumerate() {
                        *a = column(top + k);
                    }
                    let tile = products::<S, HEIGHT>(simd, a, [b0, b1, b2]);
                    for j in first..(first + WIDTH).min(n) {
                        for i in top.max(j)..(top + HEIGHT).min(n) {
                            gram[j * n + i] += tile[i - top][j - first];
                        }
                    }
                }
            }
        }
    }
}

/// out = a∘b.
#[inline(always)]
fn multiply<S: Simd>(simd: S, out: &mut [f64], a: &[f64], b: &[f64]) {
    let ((out, out_tail), (a, a_tail), (b, b_tail)) =
        (S::as_mut_simd_f64s(out), S::as_simd_f64s(a), S::as_simd_f64s(b));
    for (out, (a, b)) in out.iter_mut().zip(a.iter().zip(b)) {
        *out = simd.mul_f64s(*a, *b);
    }
    for (out, (a, b)) in out_tail.iter_mut().zip(a_tail.iter().zip(b_tail)) {
        *out = a * b;
    }
}

/// aᵢ · bⱼ for each pair of columns.
#[inline(always)]
fn products<S: Simd, const HEIGHT: usize>(simd: S, a: [&[f64]; HEIGHT], b: [&[f64]; WIDTH]) -> [[f64; WIDTH]; HEIGHT] {
    let count = b[0].len() / S::F64_LANES;
    let full = count * S::F64_LANES;
    let mut sums = [[simd.splat_f64s(0.0); WIDTH]; HEIGHT];
    let mut a_lanes = [S::as_simd_f64s(a[0]).0; HEIGHT];
    for i in 0..HEIGHT {
        a_lanes[i] = &S::as_simd_f64s(a[i]).0[..count];
    }
    let mut b_lanes = [S::as_simd_f64s(b[0]).0; WIDTH];
    for j in 0..WIDTH {
        b_lanes[j] = &S::as_simd_f64s(b[j]).0[..count];
    }
    for row in 0..count {
        let b = [b_lanes[0][row], b_lanes[1][row], b_lanes[2][row]];
        for i in 0..HEIGHT {
            let a = a_lanes[i][row];
            for j in 0..WIDTH {
                sums[i][j] = simd.mul_add_f64s(a, b[j], sums[i][j]);
            }
        }
    }
    let mut out = [[0.0; WIDTH]; HEIGHT];
    for i in 0..HEIGHT {
        for j in 0..WIDTH {
            out[i][j] = simd.reduce_sum_f64s(sums[i][j]);
        }
    }
    for row in full..b[0].len() {
        for i in 0..HEIGHT {
            for j in 0..WIDTH {
                out[i][j] += a[i][row] * b[j][row];
            }
        }
    }
    out
}

//! The lower triangle of XᵀWX for a block of rows, in tiles of columns whose sums stay in registers.
//!
//! A tile holds the products of a few columns of X with three of WX. WX is never formed whole: the tile on the diagonal
//! scales its three columns into a buffer that stays in the first-level cache while the columns below pass by, and a last
//! tile of up to four columns is no higher than these.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

/// Columns of WX in a tile.
const WIDTH: usize = 3;

/// Numbers of X that stay in the second-level cache while every tile passes over them.
const CACHED: usize = 48 * 1024;

/// The lower triangle of gram += XᵀWX, for columns of X with `weight.len()` rows.
///
/// A result depends on the rows and their order alone, and on the instruction set: sums run in as many lanes as a
/// register has.
pub(crate) fn add_lower_gram(gram: &mut [f64], columns: &[&[f64]], weight: &[f64], scratch: &mut Vec<f64>) {
    let (rows, n) = (weight.len(), columns.len());
    assert!(columns.iter().all(|column| column.len() == rows), "columns of another length than the weights");
    assert!(gram.len() == n * n, "a Gram of another size");
    if rows == 0 {
        return;
    }
    // Parts of equal height, at most what is cached.
    let parts = rows.div_ceil((CACHED / n.max(1)).clamp(64, 512)).max(1);
    let height = rows.div_ceil(parts).next_multiple_of(8);
    scratch.resize(WIDTH * height, 0.0);
    for start in (0..rows).step_by(height) {
        let rows = start..(start + height).min(rows);
        let scratch = &mut scratch[..WIDTH * rows.len()];
        Arch::new().dispatch(LowerGram { gram, columns, weight: &weight[rows.clone()], rows, scratch });
    }
}

struct LowerGram<'a> {
    gram: &'a mut [f64],
    columns: &'a [&'a [f64]],
    /// The rows of the columns that are taken.
    rows: Range<usize>,
    /// Theirs.
    weight: &'a [f64],
    scratch: &'a mut [f64],
}

impl WithSimd for LowerGram<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for first in (0..self.columns.len()).step_by(WIDTH) {
            if S::REGISTER_COUNT >= 32 { self.below::<S, 8>(simd, first) } else { self.below::<S, 4>(simd, first) }
        }
    }
}

impl LowerGram<'_> {
    /// The products of three columns of WX, from `first` on, with those columns of X and all after them.
    #[inline(always)]
    fn below<S: Simd, const HEIGHT: usize>(&mut self, simd: S, first: usize) {
        self.diagonal_tile::<S, HEIGHT>(simd, first);
        let n = self.columns.len();
        for top in (first + HEIGHT..n).step_by(HEIGHT) {
            match n - top {
                1 => self.tile::<S, 1>(simd, first, top),
                2 => self.tile::<S, 2>(simd, first, top),
                3 => self.tile::<S, 3>(simd, first, top),
                4 => self.tile::<S, 4>(simd, first, top),
                _ => self.tile::<S, HEIGHT>(simd, first, top),
            }
        }
    }

    #[inline(always)]
    fn diagonal_tile<S: Simd, const HEIGHT: usize>(&mut self, simd: S, first: usize) {
        let a = next_of::<HEIGHT>(self.columns, first, self.rows.clone());
        let mut sums = scaled_products::<S, HEIGHT>(simd, a, self.weight, thirds(self.scratch));
        // The rows that fill no register have been multiplied in all pairs.
        (1..WIDTH).for_each(|j| sums[j][..j].fill(0.0));
        self.add(sums, first, first);
    }

    #[inline(always)]
    fn tile<S: Simd, const HEIGHT: usize>(&mut self, simd: S, first: usize, top: usize) {
        let a = next_of::<HEIGHT>(self.columns, top, self.rows.clone());
        let sums = products::<S, HEIGHT>(simd, a, thirds(self.scratch).map(|third| &*third));
        self.add(sums, first, top);
    }

    /// Adds a tile at the rows from `top` on and the columns from `first` on; what it has above the diagonal is zero.
    #[inline(always)]
    fn add<const HEIGHT: usize>(&mut self, tile: [[f64; HEIGHT]; WIDTH], first: usize, top: usize) {
        let n = self.columns.len();
        for (j, sums) in (first..n).zip(&tile) {
            let column = &mut self.gram[j * n + top..(j + 1) * n];
            match column.first_chunk_mut::<HEIGHT>() {
                Some(column) => (0..HEIGHT).for_each(|i| column[i] += sums[i]),
                None => column.iter_mut().zip(sums).for_each(|(value, sum)| *value += sum),
            }
        }
    }
}

/// These rows of the columns from `top` on, the last one again where there are no more.
#[inline(always)]
fn next_of<'a, const HEIGHT: usize>(columns: &[&'a [f64]], top: usize, rows: Range<usize>) -> [&'a [f64]; HEIGHT] {
    let mut next = [columns[top]; HEIGHT];
    for i in 0..HEIGHT {
        next[i] = &columns[(top + i).min(columns.len() - 1)][rows.clone()];
    }
    next
}

/// The scaled columns.
#[inline(always)]
fn thirds(scratch: &mut [f64]) -> [&mut [f64]; WIDTH] {
    let rows = scratch.len() / WIDTH;
    let (first, rest) = scratch.split_at_mut(rows);
    let (second, third) = rest.split_at_mut(rows);
    [first, second, third]
}

/// aᵢ · (w∘aⱼ) for j ≤ i, with w∘a₀, w∘a₁ and w∘a₂ left in `scaled`.
#[inline(always)]
fn scaled_products<S: Simd, const HEIGHT: usize>(
    simd: S,
    a: [&[f64]; HEIGHT],
    weight: &[f64],
    scaled: [&mut [f64]; WIDTH],
) -> [[f64; HEIGHT]; WIDTH] {
    let (weights, weight_tail) = S::as_simd_f64s(weight);
    let count = weights.len();
    let a_lanes = lanes_of::<S, HEIGHT>(a, count);
    let [(scaled0, tail0), (scaled1, tail1), (scaled2, tail2)] = scaled.map(|scaled| S::as_mut_simd_f64s(scaled));
    let scaled = [&mut scaled0[..count], &mut scaled1[..count], &mut scaled2[..count]];
    let mut sums = [[simd.splat_f64s(0.0); HEIGHT]; WIDTH];
    for row in 0..count {
        let weight = weights[row];
        let mut b = [weight; WIDTH];
        for j in 0..WIDTH {
            b[j] = simd.mul_f64s(a_lanes[j][row], weight);
            scaled[j][row] = b[j];
        }
        for i in 0..HEIGHT {
            let a = a_lanes[i][row];
            for j in 0..WIDTH {
                if j <= i {
                    sums[j][i] = simd.mul_add_f64s(a, b[j], sums[j][i]);
                }
            }
        }
    }
    let mut tails = [tail0, tail1, tail2];
    let full = count * S::F64_LANES;
    for (j, tail) in tails.iter_mut().enumerate() {
        for (k, (tail, weight)) in tail.iter_mut().zip(weight_tail).enumerate() {
            *tail = a[j][full + k] * weight;
        }
    }
    totals(simd, sums, a, [&*tails[0], &*tails[1], &*tails[2]])
}

/// aᵢ · bⱼ for each pair of columns.
#[inline(always)]
fn products<S: Simd, const HEIGHT: usize>(simd: S, a: [&[f64]; HEIGHT], b: [&[f64]; WIDTH]) -> [[f64; HEIGHT]; WIDTH] {
    let count = b[0].len() / S::F64_LANES;
    let (a_lanes, b_lanes) = (lanes_of::<S, HEIGHT>(a, count), lanes_of::<S, WIDTH>(b, count));
    let mut sums = [[simd.splat_f64s(0.0); HEIGHT]; WIDTH];
    for row in 0..count {
        let b = [b_lanes[0][row], b_lanes[1][row], b_lanes[2][row]];
        for i in 0..HEIGHT {
            let a = a_lanes[i][row];
            for j in 0..WIDTH {
                sums[j][i] = simd.mul_add_f64s(a, b[j], sums[j][i]);
            }
        }
    }
    let full = count * S::F64_LANES;
    totals(simd, sums, a, b.map(|b| &b[full..]))
}

/// The first `count` registers of each column.
#[inline(always)]
fn lanes_of<S: Simd, const K: usize>(columns: [&[f64]; K], count: usize) -> [&[S::f64s]; K] {
    let mut lanes = [S::as_simd_f64s(columns[0]).0; K];
    for k in 0..K {
        lanes[k] = &S::as_simd_f64s(columns[k]).0[..count];
    }
    lanes
}

/// The sums over lanes, and the rows that fill no register: the last of a and all of b's tails.
#[inline(always)]
fn totals<S: Simd, const HEIGHT: usize>(
    simd: S,
    sums: [[S::f64s; HEIGHT]; WIDTH],
    a: [&[f64]; HEIGHT],
    b_tails: [&[f64]; WIDTH],
) -> [[f64; HEIGHT]; WIDTH] {
    let mut out = [[0.0; HEIGHT]; WIDTH];
    for j in 0..WIDTH {
        out[j] = across_lanes(simd, sums[j]);
    }
    let rest = b_tails[0].len();
    if rest > 0 {
        for (i, a) in a.iter().enumerate() {
            for (out, b) in out.iter_mut().zip(b_tails) {
                a[a.len() - rest..].iter().zip(b).for_each(|(a, b)| out[i] += a * b);
            }
        }
    }
    out
}

/// The sum of each register's lanes: four registers of four are transposed and added.
#[inline(always)]
fn across_lanes<S: Simd, const HEIGHT: usize>(simd: S, sums: [S::f64s; HEIGHT]) -> [f64; HEIGHT] {
    let mut out = [0.0; HEIGHT];
    if HEIGHT <= 4 && S::F64_LANES == 4 {
        let mut four = [simd.splat_f64s(0.0); 4];
        four[..HEIGHT].copy_from_slice(&sums);
        let [a, b, c, d] = simd.deinterleave_shfl_f64s(four);
        let total = simd.add_f64s(simd.add_f64s(a, c), simd.add_f64s(b, d));
        let mut lanes = [0.0; 4];
        S::as_mut_simd_f64s(&mut lanes).0.fill(total);
        out.copy_from_slice(&lanes[..HEIGHT]);
    } else {
        for i in 0..HEIGHT {
            out[i] = simd.reduce_sum_f64s(sums[i]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::instructions::Instructions;

    /// The tiles of processors with 32 registers, on any.
    struct Tall<'a>(LowerGram<'a>);

    impl WithSimd for Tall<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(mut self, simd: S) {
            (0..self.0.columns.len()).step_by(WIDTH).for_each(|first| self.0.below::<S, 8>(simd, first));
        }
    }

    #[test]
    fn every_tile_on_every_instruction_set_is_the_definition() {
        for (n, rows) in [(1, 5), (2, 64), (3, 3), (4, 100), (7, 129), (12, 31), (13, 77), (22, 40), (35, 512)] {
            let columns: Vec<Vec<f64>> =
                (0..n).map(|j| (0..rows).map(|i| f64::from(i * 31 + j * 17).sin()).collect()).collect();
            let columns: Vec<&[f64]> = columns.iter().map(|column| &column[..]).collect();
            let weight: Vec<f64> = (0..rows).map(|i| f64::from(i).cos()).collect();
            for instructions in Instructions::all() {
                for tall in [false, true] {
                    let mut gram = vec![0.5; columns.len() * columns.len()];
                    let (rows, mut scratch) = (0..weight.len(), vec![0.0; WIDTH * weight.len()]);
                    let (weight, scratch) = (&weight[..], &mut scratch[..]);
                    let operation = LowerGram { gram: &mut gram, columns: &columns, rows, weight, scratch };
                    if tall {
                        instructions.run(Tall(operation));
                    } else {
                        instructions.run(operation);
                    }
                    for j in 0..columns.len() {
                        let above = &gram[j * columns.len()..][..j];
                        assert!(above.iter().all(|above| above.to_bits() == 0.5_f64.to_bits()), "above the diagonal");
                        for i in j..columns.len() {
                            let products = (0..weight.len()).map(|row| columns[i][row] * columns[j][row] * weight[row]);
                            let (expected, found) = (0.5 + products.sum::<f64>(), gram[j * columns.len() + i]);
                            let place = format!(
                                "{instructions:?}, tall: {tall}, ({i}, {j}) of {n} × {rows:?}",
                                rows = weight.len()
                            );
                            assert!((found - expected).abs() < 1e-12, "{place}: {found} {expected}");
                        }
                    }
                }
            }
        }
    }
}

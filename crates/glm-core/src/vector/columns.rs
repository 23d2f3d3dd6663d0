//! Sums of scaled columns, and products of columns with one vector, several columns at a time.
//!
//! The bits are those of [`kernel::axpy`](crate::kernel::axpy) and [`kernel::dot`](crate::kernel::dot), one column after
//! the other: products are rounded before they are added, in the same order and in eight logical lanes. What is saved is
//! the traffic of the vector that the columns share.

use pulp::{Arch, Simd, WithSimd};

use crate::kernel;

/// y += Σ scaleⱼ · columnⱼ.
pub(crate) fn add_scaled<const K: usize>(scales: [f64; K], columns: [&[f64]; K], y: &mut [f64]) {
    assert!(columns.iter().all(|column| column.len() == y.len()), "columns of another length than their sum");
    Arch::new().dispatch(AddScaled { scales, columns, y });
}

struct AddScaled<'a, const K: usize> {
    scales: [f64; K],
    columns: [&'a [f64]; K],
    y: &'a mut [f64],
}

impl<const K: usize> WithSimd for AddScaled<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { scales, columns, y } = self;
        let (y, tail) = S::as_mut_simd_f64s(y);
        let full = y.len() * S::F64_LANES;
        let mut factors = [simd.splat_f64s(0.0); K];
        let mut lanes = [S::as_simd_f64s(columns[0]).0; K];
        for k in 0..K {
            factors[k] = simd.splat_f64s(scales[k]);
            lanes[k] = &S::as_simd_f64s(columns[k]).0[..y.len()];
        }
        for row in 0..y.len() {
            let mut sum = y[row];
            for k in 0..K {
                sum = simd.add_f64s(sum, simd.mul_f64s(factors[k], lanes[k][row]));
            }
            y[row] = sum;
        }
        for (row, y) in tail.iter_mut().enumerate() {
            for k in 0..K {
                *y += scales[k] * columns[k][full + row];
            }
        }
    }
}

/// columnⱼ · x for each column.
pub(crate) fn dots<const K: usize>(columns: [&[f64]; K], x: &[f64]) -> [f64; K] {
    assert!(columns.iter().all(|column| column.len() == x.len()), "columns of another length than the vector");
    Arch::new().dispatch(Dots { columns, x })
}

struct Dots<'a, const K: usize> {
    columns: [&'a [f64]; K],
    x: &'a [f64],
}

impl<const K: usize> WithSimd for Dots<'_, K> {
    type Output = [f64; K];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f64; K] {
        match S::F64_LANES {
            8 => self.run::<S, 1>(simd),
            4 => self.run::<S, 2>(simd),
            2 => self.run::<S, 4>(simd),
            _ => self.run::<S, 8>(simd),
        }
    }
}

impl<const K: usize> Dots<'_, K> {
    /// `PARTS` registers of `S` make eight lanes.
    #[inline(always)]
    fn run<S: Simd, const PARTS: usize>(self, simd: S) -> [f64; K] {
        let Self { columns, x } = self;
        let count = x.len() / kernel::LANES;
        let x_lanes = &S::as_simd_f64s(x).0[..count * PARTS];
        let mut lanes = [x_lanes; K];
        for k in 0..K {
            lanes[k] = &S::as_simd_f64s(columns[k]).0[..count * PARTS];
        }
        let mut sums = [[simd.splat_f64s(0.0); PARTS]; K];
        for step in 0..count {
            for part in 0..PARTS {
                let x = x_lanes[step * PARTS + part];
                for k in 0..K {
                    let product = simd.mul_f64s(lanes[k][step * PARTS + part], x);
                    sums[k][part] = simd.add_f64s(sums[k][part], product);
                }
            }
        }
        let full = count * kernel::LANES;
        let mut out = [0.0; K];
        for k in 0..K {
            let mut lanes = [0.0; kernel::LANES];
            for part in 0..PARTS {
                simd.partial_store_f64s(&mut lanes[part * S::F64_LANES..], sums[k][part]);
            }
            for (lane, row) in lanes.iter_mut().zip(full..x.len()) {
                *lane += columns[k][row] * x[row];
            }
            out[k] = kernel::fold(lanes);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::instructions::Instructions;

    #[test]
    fn the_instruction_set_does_not_change_a_bit() {
        for n in [0, 1, 7, 8, 9, 63, 130] {
            let columns =
                [1.1, 2.3, 0.7].map(|step| -> Vec<f64> { (0..n).map(|i| (f64::from(i) * step).sin()).collect() });
            let columns = [&columns[0][..], &columns[1], &columns[2]];
            let found = Instructions::all().into_iter().map(|instructions| {
                let mut y = vec![0.25; columns[0].len()];
                instructions.run(AddScaled { scales: [0.3, -1.7, 2.1], columns, y: &mut y });
                y.extend(instructions.run(Dots { columns, x: columns[1] }));
                y.into_iter().map(f64::to_bits).collect::<Vec<_>>()
            });
            let found: Vec<_> = found.collect();
            assert!(found.iter().all(|bits| *bits == found[0]), "{n}: {found:?}");
        }
    }
}

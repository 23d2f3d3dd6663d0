//! The sums of columns.rs for columns of `f32`, whose numbers are widened in registers.
//!
//! The bits are those of the same numbers in columns of `f64`.

use pulp::{Arch, Simd, WithSimd, bytemuck};

use crate::kernel::{self, LANES};

/// y += Σ scaleⱼ · columnⱼ.
pub(crate) fn add_scaled_singles<const K: usize>(scales: [f64; K], columns: [&[f32]; K], y: &mut [f64]) {
    assert!(columns.iter().all(|column| column.len() == y.len()), "columns of another length than their sum");
    Arch::new().dispatch(AddScaled { scales, columns, y });
}

/// columnⱼ · x for each column.
pub(crate) fn dots_of_singles<const K: usize>(columns: [&[f32]; K], x: &[f64]) -> [f64; K] {
    assert!(columns.iter().all(|column| column.len() == x.len()), "columns of another length than the vector");
    Arch::new().dispatch(Dots { columns, x })
}

/// out = column.
pub(crate) fn widen(column: &[f32], out: &mut [f64]) {
    assert!(column.len() == out.len(), "a column of another length than its copy");
    Arch::new().dispatch(Widen { column, out });
}

/// Eight numbers in registers.
#[inline(always)]
fn load<S: Simd>(numbers: &[f32; LANES], registers: &mut [S::f64s]) {
    let lanes = bytemuck::cast_slice_mut::<S::f64s, f64>(registers);
    for k in 0..LANES {
        lanes[k] = f64::from(numbers[k]);
    }
}

/// Full groups of eight numbers of each column, and the rest.
type Groups<'a, const K: usize> = ([&'a [[f32; LANES]]; K], [&'a [f32]; K]);

#[inline(always)]
fn groups<const K: usize>(columns: [&[f32]; K], count: usize) -> Groups<'_, K> {
    let (mut heads, mut tails): Groups<'_, K> = ([&[]; K], [&[]; K]);
    for k in 0..K {
        let (head, tail) = columns[k].as_chunks::<LANES>();
        (heads[k], tails[k]) = (&head[..count], tail);
    }
    (heads, tails)
}

struct AddScaled<'a, const K: usize> {
    scales: [f64; K],
    columns: [&'a [f32]; K],
    y: &'a mut [f64],
}

impl<const K: usize> WithSimd for AddScaled<'_, K> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::F64_LANES {
            8 => self.run::<S, 1>(simd),
            4 => self.run::<S, 2>(simd),
            2 => self.run::<S, 4>(simd),
            _ => self.run::<S, 8>(simd),
        }
    }
}

impl<const K: usize> AddScaled<'_, K> {
    /// `PARTS` registers of `S` make a group.
    #[inline(always)]
    fn run<S: Simd, const PARTS: usize>(self, simd: S) {
        let Self { scales, columns, y } = self;
        let (y, y_tail) = y.split_at_mut(y.len() - y.len() % LANES);
        let y = S::as_mut_simd_f64s(y).0;
        let count = y.len() / PARTS;
        let (heads, tails) = groups(columns, count);
        let mut factors = [simd.splat_f64s(0.0); K];
        for k in 0..K {
            factors[k] = simd.splat_f64s(scales[k]);
        }
        let mut numbers = [simd.splat_f64s(0.0); PARTS];
        for step in 0..count {
            let sums = &mut y[step * PARTS..(step + 1) * PARTS];
            let mut sum = numbers;
            sum.copy_from_slice(sums);
            for k in 0..K {
                load::<S>(&heads[k][step], &mut numbers);
                for part in 0..PARTS {
                    sum[part] = simd.add_f64s(sum[part], simd.mul_f64s(factors[k], numbers[part]));
                }
            }
            sums.copy_from_slice(&sum);
        }
        for (row, y) in y_tail.iter_mut().enumerate() {
            for k in 0..K {
                *y += scales[k] * f64::from(tails[k][row]);
            }
        }
    }
}

struct Dots<'a, const K: usize> {
    columns: [&'a [f32]; K],
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
    #[inline(always)]
    fn run<S: Simd, const PARTS: usize>(self, simd: S) -> [f64; K] {
        let Self { columns, x } = self;
        let (x, x_tail) = x.split_at(x.len() - x.len() % LANES);
        let x = S::as_simd_f64s(x).0;
        let count = x.len() / PARTS;
        let (heads, tails) = groups(columns, count);
        let mut sums = [[simd.splat_f64s(0.0); PARTS]; K];
        let mut numbers = [simd.splat_f64s(0.0); PARTS];
        for step in 0..count {
            for k in 0..K {
                load::<S>(&heads[k][step], &mut numbers);
                for part in 0..PARTS {
                    let product = simd.mul_f64s(numbers[part], x[step * PARTS + part]);
                    sums[k][part] = simd.add_f64s(sums[k][part], product);
                }
            }
        }
        let mut out = [0.0; K];
        for k in 0..K {
            let mut lanes = [0.0; LANES];
            for part in 0..PARTS {
                simd.partial_store_f64s(&mut lanes[part * S::F64_LANES..], sums[k][part]);
            }
            for (lane, (number, x)) in lanes.iter_mut().zip(tails[k].iter().zip(x_tail)) {
                *lane += f64::from(*number) * x;
            }
            out[k] = kernel::fold(lanes);
        }
        out
    }
}

struct Widen<'a> {
    column: &'a [f32],
    out: &'a mut [f64],
}

impl WithSimd for Widen<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (out, number) in self.out.iter_mut().zip(self.column) {
            *out = f64::from(*number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::instructions::Instructions;

    #[test]
    #[expect(clippy::cast_possible_truncation, reason = "what is rounded are the numbers of the test")]
    fn the_instruction_set_does_not_change_a_bit() {
        for n in [0, 1, 7, 8, 9, 63, 130] {
            let columns = [1.1, 2.3, 0.7]
                .map(|step| -> Vec<f32> { (0..n).map(|i| (f64::from(i) * step).sin() as f32).collect() });
            let columns = [&columns[0][..], &columns[1], &columns[2]];
            let x: Vec<f64> = (0..n).map(|i| f64::from(i).cos()).collect();
            let found = Instructions::all().into_iter().map(|instructions| {
                let (mut y, mut wide) = (vec![0.25; x.len()], vec![0.0; x.len()]);
                instructions.run(AddScaled { scales: [0.3, -1.7, 2.1], columns, y: &mut y });
                instructions.run(Widen { column: columns[2], out: &mut wide });
                y.extend(instructions.run(Dots { columns, x: &x }));
                y.into_iter().chain(wide).map(f64::to_bits).collect::<Vec<_>>()
            });
            let found: Vec<_> = found.collect();
            assert!(found.iter().all(|bits| *bits == found[0]), "{n}: {found:?}");
        }
    }
}

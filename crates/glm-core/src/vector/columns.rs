//! Sums of scaled columns, and products of columns with one vector, several columns at a time, in `f64` whatever the columns
//! are stored in.
//!
//! The bits are those of [`kernel::axpy`](crate::kernel::axpy) and [`kernel::dot`](crate::kernel::dot) of the widened columns,
//! one after the other: products are rounded before they are added, in the same order and in eight logical lanes. What is
//! saved is the traffic of the vector that the columns share.

use pulp::{Arch, Simd, WithSimd};

use crate::Element;
use crate::kernel::{self, LANES};

/// y += Σ scaleⱼ · columnⱼ.
pub(crate) fn add_scaled<T: Element, const K: usize>(scales: [f64; K], columns: [&[T]; K], y: &mut [f64]) {
    assert!(columns.iter().all(|column| column.len() == y.len()), "columns of another length than their sum");
    Arch::new().dispatch(AddScaled { scales, columns, y });
}

/// columnⱼ · x for each column.
pub(crate) fn dots<T: Element, const K: usize>(columns: [&[T]; K], x: &[f64]) -> [f64; K] {
    assert!(columns.iter().all(|column| column.len() == x.len()), "columns of another length than the vector");
    Arch::new().dispatch(Dots { columns, x })
}

/// out = column.
pub(crate) fn widen<T: Element>(column: &[T], out: &mut [f64]) {
    assert!(column.len() == out.len(), "a column of another length than its copy");
    Arch::new().dispatch(Widen { column, out });
}

/// Full groups of eight numbers of each column, and the rest.
type Groups<'a, T, const K: usize> = ([&'a [[T; LANES]]; K], [&'a [T]; K]);

#[inline(always)]
fn groups<T, const K: usize>(columns: [&[T]; K], count: usize) -> Groups<'_, T, K> {
    let (mut heads, mut tails): Groups<'_, T, K> = ([&[]; K], [&[]; K]);
    for k in 0..K {
        let (head, tail) = columns[k].as_chunks::<LANES>();
        (heads[k], tails[k]) = (&head[..count], tail);
    }
    (heads, tails)
}

struct AddScaled<'a, T, const K: usize> {
    scales: [f64; K],
    columns: [&'a [T]; K],
    y: &'a mut [f64],
}

impl<T: Element, const K: usize> WithSimd for AddScaled<'_, T, K> {
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

impl<T: Element, const K: usize> AddScaled<'_, T, K> {
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
                T::load::<S>(&heads[k][step], &mut numbers);
                for part in 0..PARTS {
                    sum[part] = simd.add_f64s(sum[part], simd.mul_f64s(factors[k], numbers[part]));
                }
            }
            sums.copy_from_slice(&sum);
        }
        for (row, y) in y_tail.iter_mut().enumerate() {
            for k in 0..K {
                *y += scales[k] * tails[k][row].to_f64();
            }
        }
    }
}

struct Dots<'a, T, const K: usize> {
    columns: [&'a [T]; K],
    x: &'a [f64],
}

impl<T: Element, const K: usize> WithSimd for Dots<'_, T, K> {
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

impl<T: Element, const K: usize> Dots<'_, T, K> {
    /// `PARTS` registers of `S` make eight lanes.
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
                T::load::<S>(&heads[k][step], &mut numbers);
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
                *lane += number.to_f64() * x;
            }
            out[k] = kernel::fold(lanes);
        }
        out
    }
}

struct Widen<'a, T> {
    column: &'a [T],
    out: &'a mut [f64],
}

impl<T: Element> WithSimd for Widen<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (out, number) in self.out.iter_mut().zip(self.column) {
            *out = number.to_f64();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::instructions::Instructions;

    #[expect(clippy::cast_possible_truncation, reason = "what is rounded are the numbers of the test")]
    fn single(column: &[f64]) -> Vec<f32> {
        column.iter().map(|number| *number as f32).collect()
    }

    fn bits<T: Element>(columns: [&[T]; 3], x: &[f64], instructions: Instructions) -> Vec<u64> {
        let (mut y, mut wide) = (vec![0.25; x.len()], vec![0.0; x.len()]);
        instructions.run(AddScaled { scales: [0.3, -1.7, 2.1], columns, y: &mut y });
        instructions.run(Widen { column: columns[2], out: &mut wide });
        y.extend(instructions.run(Dots { columns, x }));
        y.into_iter().chain(wide).map(f64::to_bits).collect()
    }

    #[test]
    fn neither_instruction_set_nor_storage_changes_a_bit() {
        for n in [0, 1, 7, 8, 9, 63, 130] {
            let x: Vec<f64> = (0..n).map(|i| f64::from(i).cos()).collect();
            let singles =
                [1.1, 2.3, 0.7].map(|step| single(&(0..n).map(|i| (f64::from(i) * step).sin()).collect::<Vec<f64>>()));
            let widened = [0, 1, 2].map(|k| singles[k].iter().map(|number| f64::from(*number)).collect::<Vec<f64>>());
            let of_singles = [&singles[0][..], &singles[1], &singles[2]];
            let of_doubles = [&widened[0][..], &widened[1], &widened[2]];
            let found = Instructions::all()
                .into_iter()
                .flat_map(|instructions| [bits(of_singles, &x, instructions), bits(of_doubles, &x, instructions)]);
            let found: Vec<_> = found.collect();
            assert!(found.iter().all(|bits| *bits == found[0]), "{n}: {found:?}");
            let mut y = vec![0.25; x.len()];
            for (scale, column) in [0.3, -1.7, 2.1].into_iter().zip(&widened) {
                kernel::axpy(scale, column, &mut y);
            }
            y.extend(widened.iter().map(|column| kernel::dot(column, &x)));
            assert_eq!(found[0][..y.len()], y.into_iter().map(f64::to_bits).collect::<Vec<_>>(), "{n}");
        }
    }
}

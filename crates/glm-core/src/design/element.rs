//! What columns of numbers are stored in, and the passes over them: `f64` as it is, `f32` widened in registers.

use crate::vector::{add_scaled, add_scaled_singles, dots, dots_of_singles, widen};
use crate::{Scalar, kernel};

/// What the columns of [`Dense`](crate::Dense) are stored in: `f32` or `f64`, and nothing else.
pub trait Element: Scalar + Passes {}

impl Element for f32 {}
impl Element for f64 {}

/// Sums in `f64`, with the same bits whatever the storage of the same numbers.
pub trait Passes: Sized {
    /// The numbers where they are, if they are `f64`.
    fn as_f64s(column: &[Self]) -> Option<&[f64]>;

    /// Copies the numbers.
    fn widen(column: &[Self], out: &mut [f64]);

    /// y += Σ scaleⱼ · columnⱼ.
    fn add_scaled<const K: usize>(scales: [f64; K], columns: [&[Self]; K], y: &mut [f64]);

    /// columnⱼ · x for each column.
    fn dots<const K: usize>(columns: [&[Self]; K], x: &[f64]) -> [f64; K];
}

impl Passes for f64 {
    fn as_f64s(column: &[Self]) -> Option<&[Self]> {
        Some(column)
    }
    fn widen(column: &[Self], out: &mut [Self]) {
        out.copy_from_slice(column);
    }
    fn add_scaled<const K: usize>(scales: [Self; K], columns: [&[Self]; K], y: &mut [Self]) {
        if K > 1 {
            return add_scaled(scales, columns, y);
        }
        scales.iter().zip(columns).for_each(|(scale, column)| kernel::axpy(*scale, column, y));
    }
    fn dots<const K: usize>(columns: [&[Self]; K], x: &[Self]) -> [Self; K] {
        if K > 1 { dots(columns, x) } else { columns.map(|column| kernel::dot(column, x)) }
    }
}

impl Passes for f32 {
    fn as_f64s(_column: &[Self]) -> Option<&[f64]> {
        None
    }
    fn widen(column: &[Self], out: &mut [f64]) {
        widen(column, out);
    }
    fn add_scaled<const K: usize>(scales: [f64; K], columns: [&[Self]; K], y: &mut [f64]) {
        add_scaled_singles(scales, columns, y);
    }
    fn dots<const K: usize>(columns: [&[Self]; K], x: &[f64]) -> [f64; K] {
        dots_of_singles(columns, x)
    }
}

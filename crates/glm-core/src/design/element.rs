//! What columns of numbers are stored in: `f64` as it is, `f32` widened in registers.

use pulp::{Simd, bytemuck};

use crate::Scalar;
use crate::kernel::LANES;

/// What the columns of [`Dense`](crate::Dense) are stored in: `f32` or `f64`, and nothing else.
pub trait Element: Scalar + Stored {}

impl Element for f32 {}
impl Element for f64 {}

/// How a stored number becomes an `f64`.
pub trait Stored: Sized {
    /// The numbers where they are, if they are `f64`.
    fn as_f64s(column: &[Self]) -> Option<&[f64]>;

    /// Eight numbers in as many registers as hold eight.
    fn load<S: Simd>(numbers: &[Self; LANES], registers: &mut [S::f64s]);
}

impl Stored for f64 {
    fn as_f64s(column: &[Self]) -> Option<&[Self]> {
        Some(column)
    }
    #[inline(always)]
    fn load<S: Simd>(numbers: &[Self; LANES], registers: &mut [S::f64s]) {
        registers.copy_from_slice(S::as_simd_f64s(numbers).0);
    }
}

impl Stored for f32 {
    fn as_f64s(_column: &[Self]) -> Option<&[f64]> {
        None
    }
    #[inline(always)]
    fn load<S: Simd>(numbers: &[Self; LANES], registers: &mut [S::f64s]) {
        let lanes = bytemuck::cast_slice_mut::<S::f64s, f64>(registers);
        for k in 0..LANES {
            lanes[k] = f64::from(numbers[k]);
        }
    }
}

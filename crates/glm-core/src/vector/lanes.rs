//! Registers of numbers that formulas can be written with; the instruction set is a type parameter.
//!
//! `mul_add` is fused on every instruction set (in software where the processor has none), so a formula gives the same
//! bits whatever it runs on. Everything here has to be inlined into a function that was compiled for its instruction
//! set, hence the attributes: a call that stays a call would cost more than the arithmetic.

use std::ops::{Add, Div, Mul, Neg, Sub};

use pulp::{Simd, bytemuck};

/// The sign bit.
const SIGN: u64 = 1 << 63;

/// Registers that a formula works on at once. One formula is a long chain of operations of which each waits for the last;
/// two of them side by side keep the processor busy.
pub(crate) const REGISTERS: usize = 2;

/// As many numbers as [`REGISTERS`] registers of `S` hold.
pub(crate) struct Lanes<S: Simd> {
    pub(crate) simd: S,
    pub(crate) value: [S::f64s; REGISTERS],
}

impl<S: Simd> Clone for Lanes<S> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Simd> Copy for Lanes<S> {}

/// For each lane, yes or no.
#[derive(Clone, Copy)]
pub(crate) struct Mask<S: Simd> {
    simd: S,
    value: [S::m64s; REGISTERS],
}

impl<S: Simd> Mask<S> {
    /// One number where yes, the other where no.
    #[inline(always)]
    pub(crate) fn select(self, yes: Lanes<S>, no: Lanes<S>) -> Lanes<S> {
        let mut out = no;
        for k in 0..REGISTERS {
            let (yes, no) = (bytemuck::cast(yes.value[k]), bytemuck::cast(no.value[k]));
            out.value[k] = bytemuck::cast(self.simd.select_u64s(self.value[k], yes, no));
        }
        out
    }

    /// `value` where yes, NaN where no.
    #[inline(always)]
    pub(crate) fn or_nan(self, value: Lanes<S>) -> Lanes<S> {
        self.select(value, value.splat(f64::NAN))
    }

    #[inline(always)]
    pub(crate) fn and(mut self, other: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.and_m64s(self.value[k], other.value[k]);
        }
        self
    }

    #[inline(always)]
    pub(crate) fn or(mut self, other: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.or_m64s(self.value[k], other.value[k]);
        }
        self
    }
}

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub(crate) fn zero(simd: S) -> Self {
        Self { simd, value: [simd.splat_f64s(0.0); REGISTERS] }
    }

    /// Takes the first lanes from numbers that fill no more than all.
    #[inline(always)]
    pub(crate) fn load(&mut self, numbers: &[f64]) {
        for k in 0..REGISTERS {
            let start = (k * S::F64_LANES).min(numbers.len());
            let end = (start + S::F64_LANES).min(numbers.len());
            self.value[k] = self.simd.partial_load_f64s(&numbers[start..end]);
        }
    }

    /// Writes as many of the first lanes as there is place for.
    #[inline(always)]
    pub(crate) fn store(self, numbers: &mut [f64]) {
        for k in 0..REGISTERS {
            let start = (k * S::F64_LANES).min(numbers.len());
            let end = (start + S::F64_LANES).min(numbers.len());
            self.simd.partial_store_f64s(&mut numbers[start..end], self.value[k]);
        }
    }

    /// The constant in every lane.
    #[inline(always)]
    pub(crate) fn splat(self, constant: f64) -> Self {
        Self { simd: self.simd, value: [self.simd.splat_f64s(constant); REGISTERS] }
    }

    /// self · factor + term, rounded once.
    #[inline(always)]
    pub(crate) fn mul_add(mut self, factor: Self, term: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.mul_add_f64s(self.value[k], factor.value[k], term.value[k]);
        }
        self
    }

    /// term − self · factor, rounded once.
    #[inline(always)]
    pub(crate) fn negate_mul_add(mut self, factor: Self, term: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.negate_mul_add_f64s(self.value[k], factor.value[k], term.value[k]);
        }
        self
    }

    #[inline(always)]
    pub(crate) fn abs(mut self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] =
                bytemuck::cast(self.simd.and_u64s(bytemuck::cast(self.value[k]), self.simd.splat_u64s(!SIGN)));
        }
        self
    }

    #[inline(always)]
    pub(crate) fn less_than(self, other: Self) -> Mask<S> {
        let mut mask =
            Mask { simd: self.simd, value: [self.simd.less_than_f64s(self.value[0], other.value[0]); REGISTERS] };
        for k in 1..REGISTERS {
            mask.value[k] = self.simd.less_than_f64s(self.value[k], other.value[k]);
        }
        mask
    }

    #[inline(always)]
    pub(crate) fn at_most(self, other: Self) -> Mask<S> {
        let mut mask = Mask {
            simd: self.simd,
            value: [self.simd.less_than_or_equal_f64s(self.value[0], other.value[0]); REGISTERS],
        };
        for k in 1..REGISTERS {
            mask.value[k] = self.simd.less_than_or_equal_f64s(self.value[k], other.value[k]);
        }
        mask
    }

    #[inline(always)]
    pub(crate) fn equals(self, other: Self) -> Mask<S> {
        let mut mask =
            Mask { simd: self.simd, value: [self.simd.equal_f64s(self.value[0], other.value[0]); REGISTERS] };
        for k in 1..REGISTERS {
            mask.value[k] = self.simd.equal_f64s(self.value[k], other.value[k]);
        }
        mask
    }

    /// self with the sign of `sign`.
    #[inline(always)]
    pub(crate) fn copysign(mut self, sign: Self) -> Self {
        let size = self.abs();
        for k in 0..REGISTERS {
            let bit = self.simd.and_u64s(bytemuck::cast(sign.value[k]), self.simd.splat_u64s(SIGN));
            self.value[k] = bytemuck::cast(self.simd.or_u64s(bytemuck::cast(size.value[k]), bit));
        }
        self
    }

    /// Σ coefficients[k] · selfᵏ, even and odd powers apart: half the latency of Horner's rule.
    #[inline(always)]
    pub(crate) fn polynomial<const N: usize>(self, coefficients: &[f64; N]) -> Self {
        let square = self * self;
        let last = N - 1;
        let mut chains = [self.splat(coefficients[last]), self.splat(coefficients[last - 1])];
        let mut k = last - 1;
        while k > 0 {
            k -= 1;
            let chain = (last - k) % 2;
            chains[chain] = chains[chain].mul_add(square, self.splat(coefficients[k]));
        }
        let (even, odd) = if last.is_multiple_of(2) { (chains[0], chains[1]) } else { (chains[1], chains[0]) };
        odd.mul_add(self, even)
    }

    /// The bits of each number and of another's, joined by a function of integers that compiles to a few instructions.
    #[inline(always)]
    pub(crate) fn map_bits_with(mut self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        for k in 0..REGISTERS {
            let (mut bits, others): (S::u64s, S::u64s) =
                (bytemuck::cast(self.value[k]), bytemuck::cast(other.value[k]));
            let lanes = bytemuck::cast_slice_mut::<S::u64s, u64>(std::slice::from_mut(&mut bits));
            for (lane, other) in lanes.iter_mut().zip(bytemuck::cast_slice::<S::u64s, u64>(&[others])) {
                *lane = join(*lane, *other);
            }
            self.value[k] = bytemuck::cast(bits);
        }
        self
    }

    /// The bits of each number, changed by a function of integers that compiles to a few instructions.
    #[inline(always)]
    pub(crate) fn map_bits(mut self, change: impl Fn(u64) -> u64) -> Self {
        for k in 0..REGISTERS {
            let mut bits: S::u64s = bytemuck::cast(self.value[k]);
            for lane in bytemuck::cast_slice_mut::<S::u64s, u64>(std::slice::from_mut(&mut bits)) {
                *lane = change(*lane);
            }
            self.value[k] = bytemuck::cast(bits);
        }
        self
    }
}

impl<S: Simd> Add for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn add(mut self, other: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.add_f64s(self.value[k], other.value[k]);
        }
        self
    }
}

impl<S: Simd> Sub for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn sub(mut self, other: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.sub_f64s(self.value[k], other.value[k]);
        }
        self
    }
}

impl<S: Simd> Mul for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(mut self, other: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.mul_f64s(self.value[k], other.value[k]);
        }
        self
    }
}

impl<S: Simd> Div for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn div(mut self, other: Self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] = self.simd.div_f64s(self.value[k], other.value[k]);
        }
        self
    }
}

impl<S: Simd> Neg for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(mut self) -> Self {
        for k in 0..REGISTERS {
            self.value[k] =
                bytemuck::cast(self.simd.xor_u64s(bytemuck::cast(self.value[k]), self.simd.splat_u64s(SIGN)));
        }
        self
    }
}

impl<S: Simd> Add<f64> for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: f64) -> Self {
        self + self.splat(other)
    }
}

impl<S: Simd> Sub<f64> for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: f64) -> Self {
        self - self.splat(other)
    }
}

impl<S: Simd> Mul<f64> for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: f64) -> Self {
        self * self.splat(other)
    }
}

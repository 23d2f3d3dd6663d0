//! A register of numbers that formulas can be written with; the instruction set is a type parameter.
//!
//! `mul_add` is fused on every instruction set (in software where the processor has none), so a formula gives the same
//! bits whatever it runs on. Everything here has to be inlined into a function that was compiled for its instruction
//! set, hence the attributes: a call that stays a call would cost more than the arithmetic.

use std::ops::{Add, Div, Mul, Neg, Sub};

use pulp::{Simd, bytemuck};

/// The sign bit.
const SIGN: u64 = 1 << 63;

/// As many numbers as a register of `S` holds.
pub(crate) struct Lanes<S: Simd> {
    pub(crate) simd: S,
    pub(crate) value: S::f64s,
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
    value: S::m64s,
}

impl<S: Simd> Mask<S> {
    /// One number where yes, the other where no.
    #[inline(always)]
    pub(crate) fn select(self, yes: Lanes<S>, no: Lanes<S>) -> Lanes<S> {
        let (yes, no) = (yes.to_bits(), no.to_bits());
        Lanes::from_bits(self.simd, self.simd.select_u64s(self.value, yes, no))
    }

    /// `value` where yes, NaN where no.
    #[inline(always)]
    pub(crate) fn or_nan(self, value: Lanes<S>) -> Lanes<S> {
        self.select(value, value.splat(f64::NAN))
    }

    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self { simd: self.simd, value: self.simd.and_m64s(self.value, other.value) }
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        Self { simd: self.simd, value: self.simd.or_m64s(self.value, other.value) }
    }
}

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub(crate) fn new(simd: S, value: S::f64s) -> Self {
        Self { simd, value }
    }

    #[inline(always)]
    fn to_bits(self) -> S::u64s {
        bytemuck::cast(self.value)
    }

    #[inline(always)]
    fn from_bits(simd: S, bits: S::u64s) -> Self {
        Self { simd, value: bytemuck::cast(bits) }
    }

    /// The constant in every lane.
    #[inline(always)]
    pub(crate) fn splat(self, constant: f64) -> Self {
        Self { simd: self.simd, value: self.simd.splat_f64s(constant) }
    }

    /// self · factor + term, rounded once.
    #[inline(always)]
    pub(crate) fn mul_add(self, factor: Self, term: Self) -> Self {
        Self { simd: self.simd, value: self.simd.mul_add_f64s(self.value, factor.value, term.value) }
    }

    /// term − self · factor, rounded once.
    #[inline(always)]
    pub(crate) fn negate_mul_add(self, factor: Self, term: Self) -> Self {
        Self { simd: self.simd, value: self.simd.negate_mul_add_f64s(self.value, factor.value, term.value) }
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        Self::from_bits(self.simd, self.simd.and_u64s(self.to_bits(), self.simd.splat_u64s(!SIGN)))
    }

    #[inline(always)]
    pub(crate) fn less_than(self, other: Self) -> Mask<S> {
        Mask { simd: self.simd, value: self.simd.less_than_f64s(self.value, other.value) }
    }

    #[inline(always)]
    pub(crate) fn at_most(self, other: Self) -> Mask<S> {
        Mask { simd: self.simd, value: self.simd.less_than_or_equal_f64s(self.value, other.value) }
    }

    #[inline(always)]
    pub(crate) fn equals(self, other: Self) -> Mask<S> {
        Mask { simd: self.simd, value: self.simd.equal_f64s(self.value, other.value) }
    }

    /// self with the sign of `sign`.
    #[inline(always)]
    pub(crate) fn copysign(self, sign: Self) -> Self {
        let bit = self.simd.and_u64s(sign.to_bits(), self.simd.splat_u64s(SIGN));
        Self::from_bits(self.simd, self.simd.or_u64s(self.abs().to_bits(), bit))
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

    /// The bits of each number, changed by a function of integers that compiles to a few instructions.
    #[inline(always)]
    pub(crate) fn map_bits(self, change: impl Fn(u64) -> u64) -> Self {
        let mut bits = self.to_bits();
        for lane in bytemuck::cast_slice_mut::<S::u64s, u64>(std::slice::from_mut(&mut bits)) {
            *lane = change(*lane);
        }
        Self::from_bits(self.simd, bits)
    }
}

impl<S: Simd> Add for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self { simd: self.simd, value: self.simd.add_f64s(self.value, other.value) }
    }
}

impl<S: Simd> Sub for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self { simd: self.simd, value: self.simd.sub_f64s(self.value, other.value) }
    }
}

impl<S: Simd> Mul for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self { simd: self.simd, value: self.simd.mul_f64s(self.value, other.value) }
    }
}

impl<S: Simd> Div for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self { simd: self.simd, value: self.simd.div_f64s(self.value, other.value) }
    }
}

impl<S: Simd> Neg for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self::from_bits(self.simd, self.simd.xor_u64s(self.to_bits(), self.simd.splat_u64s(SIGN)))
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

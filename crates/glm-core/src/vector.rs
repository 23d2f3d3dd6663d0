//! Elementary functions of slices, several numbers to an instruction.
//!
//! | function | largest error, ulp |
//! |---|---|
//! | [`exp`], [`ln`], [`ln_1p`], [`normal_pdf`] | 1.0 |
//! | [`exp_m1`], [`normal_cdf`] | 1.5 |
//! | [`tanh`], [`ln_normal_cdf`] | 2.0 |
//!
//! The instruction set, AVX-512, AVX2 or NEON, is chosen once per call, at run time. A number's result does not depend on
//! its place in the slice, on the slice's length, or on the instruction set: multiplications and additions are fused
//! everywhere, in software on processors that cannot (x86 before 2013), which is slow there. Errors are in units of the
//! last place of the result and bound those measured against 60-digit values over the whole domain; NaN, infinities,
//! zeros and subnormal numbers give what the scalar functions give.

mod bernoulli;
mod columns;
mod counts;
mod deviance;
mod exponential;
mod families;
mod gram;
#[cfg(test)]
mod instructions;
mod lanes;
mod links;
mod log_link;
mod logarithm;
mod normal;
mod pair;
mod sweep;

use pulp::Simd;

use lanes::Lanes;
use sweep::{Formula, sweep};

use crate::{Order, Units};

pub(crate) use bernoulli::{Bernoulli, Proportion, are_zero_or_one};
pub(crate) use columns::{add_scaled, dots, widen};
pub(crate) use counts::{Counts, PearsonSquares, Squares};
pub(crate) use families::{binomial, gamma};
pub(crate) use gram::add_lower_gram;
pub(crate) use links::{CloglogPoints, LogPoints, ProbitPoints, fill};
pub(crate) use log_link::{LogNegativeBinomial, power_units};

/// Writes what the order asks for of loss, slope and curvature; a row whose loss is NaN was declined by the formula.
pub(crate) fn units<F: Formula<2, 3>>(formula: &F, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) {
    let Units { loss, slope, curvature } = out;
    match order {
        Order::Loss => sweep(formula, [y, eta], [loss]),
        Order::Gradient => sweep(formula, [y, eta], [loss, slope]),
        Order::Expected | Order::Observed | Order::Root => sweep(formula, [y, eta], [loss, slope, curvature]),
    }
}

/// Writes slope²/curvature of each row, zero where the slope is.
pub(crate) fn pearson_squares(slope: &[f64], curvature: &[f64], squares: &mut [f64]) {
    sweep(&PearsonSquares, [slope, curvature], [squares]);
}

/// A formula of one number, and the public function that applies it to slices.
macro_rules! function {
    ($(#[$doc:meta])* $name:ident, $formula:path) => {
        $(#[$doc])*
        ///
        /// # Panics
        ///
        /// When the slices differ in length.
        pub fn $name(x: &[f64], out: &mut [f64]) {
            struct Apply;
            impl Formula<1, 1> for Apply {
                #[inline(always)]
                fn at<S: Simd>(&self, [x]: [Lanes<S>; 1]) -> [Lanes<S>; 1] {
                    [$formula(x)]
                }
            }
            sweep(&Apply, [x], [out]);
        }
    };
}

function! {
    /// e^x.
    ///
    /// ```
    /// let mut out = [0.0; 3];
    /// glm_core::vector::exp(&[0.0, -800.0, f64::INFINITY], &mut out);
    /// assert_eq!(out, [1.0, 0.0, f64::INFINITY]);
    /// ```
    exp, exponential::exp
}
function! {
    /// e^x − 1.
    exp_m1, exponential::exp_m1
}
function! {
    /// The natural logarithm.
    ln, logarithm::ln
}
function! {
    /// ln(1 + x).
    ln_1p, logarithm::ln_1p
}
function! {
    /// The hyperbolic tangent.
    tanh, exponential::tanh
}
function! {
    /// The standard normal density.
    normal_pdf, normal::density
}
function! {
    /// The standard normal distribution function.
    normal_cdf, normal::cdf
}
function! {
    /// The logarithm of the standard normal distribution function.
    ln_normal_cdf, normal::ln_cdf
}

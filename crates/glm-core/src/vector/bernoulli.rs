//! The fused kernel of the binomial family with its canonical link: one exponential and one logarithm a row.
//!
//! With e = e^−|η|, the larger of μ and 1 − μ is 1/(1 + e) and the smaller is e times that, so neither tail cancels, and
//! −ln of them is ln(1 + e) and |η| + ln(1 + e).

use pulp::Simd;

use super::deviance::deviance_kernel;
use super::exponential::exp_ordinary;
use super::lanes::{Lanes, Mask};
use super::logarithm::ln_1p_unit;
use super::sweep::Formula;
use crate::kernel;

/// Of (y, η), with y either 0 or 1: loss, slope, curvature. A row with another y, or with |η| > 708, has NaN for a loss.
pub(crate) struct Bernoulli;

/// The same for any y from 0 to 1; a y of 0 or 1 gives the same bits.
pub(crate) struct Proportion;

/// Whether every y is 0 or 1.
pub(crate) fn are_zero_or_one(y: &[f64]) -> bool {
    !kernel::any(y, |y| y * (1.0 - y) != 0.0)
}

struct Logistic<S: Simd> {
    mu: Lanes<S>,
    complement: Lanes<S>,
    slope: Lanes<S>,
    curvature: Lanes<S>,
    loss_at_one: Lanes<S>,
    loss_at_zero: Lanes<S>,
    ordinary: Mask<S>,
}

#[inline(always)]
fn logistic<S: Simd>(y: Lanes<S>, eta: Lanes<S>) -> Logistic<S> {
    let (zero, one) = (eta.splat(0.0), eta.splat(1.0));
    let size = eta.abs();
    let e = exp_ordinary(-size);
    let larger = one / (e + 1.0);
    let smaller = e * larger;
    let near_loss = ln_1p_unit(e);
    let far_loss = size + near_loss;
    let upper = zero.less_than(eta);
    let (mu, complement) = (upper.select(larger, smaller), upper.select(smaller, larger));
    Logistic {
        mu,
        complement,
        slope: upper.select((one - y) - complement, mu - y),
        curvature: larger * smaller,
        loss_at_one: upper.select(near_loss, far_loss),
        loss_at_zero: upper.select(far_loss, near_loss),
        ordinary: size.at_most(size.splat(708.0)),
    }
}

impl Formula<2, 3> for Bernoulli {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, eta]: [Lanes<S>; 2]) -> [Lanes<S>; 3] {
        let at = logistic(y, eta);
        let (success, failure) = (y.equals(y.splat(1.0)), y.equals(y.splat(0.0)));
        let loss = success.select(at.loss_at_one, at.loss_at_zero);
        [at.ordinary.and(success.or(failure)).or_nan(loss), at.slope, at.curvature]
    }
}

impl Formula<2, 3> for Proportion {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, eta]: [Lanes<S>; 2]) -> [Lanes<S>; 3] {
        let at = logistic(y, eta);
        let (success, failure) = (y.equals(y.splat(1.0)), y.equals(y.splat(0.0)));
        let inner = failure.or(success).select(y.splat(0.5), y);
        let loss = deviance_kernel(inner, at.mu) + deviance_kernel(y.splat(1.0) - inner, at.complement);
        let loss = failure.select(at.loss_at_zero, success.select(at.loss_at_one, loss));
        [at.ordinary.or_nan(loss), at.slope, at.curvature]
    }
}

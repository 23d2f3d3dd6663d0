//! The fused kernels of the Poisson family with the log link and of the Gaussian with the identity, and Pearson residuals.

use pulp::Simd;

use super::deviance::deviance_kernel;
use super::exponential::exp_ordinary;
use super::lanes::Lanes;
use super::sweep::Formula;

/// Of (y, η): loss, slope, curvature. A row with |η| > 700, or whose y/μ over- or underflows, has NaN for a loss.
pub(crate) struct Counts;

impl Formula<2, 3> for Counts {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, eta]: [Lanes<S>; 2]) -> [Lanes<S>; 3] {
        let mu = exp_ordinary(eta);
        let none = y.equals(y.splat(0.0));
        // A kernel of zero would pass through subnormal numbers, which are slow.
        let loss = none.select(mu, deviance_kernel(none.select(y.splat(1.0), y), mu));
        [eta.abs().at_most(eta.splat(700.0)).or_nan(loss), mu - y, mu]
    }
}

/// Of (y, η): loss, slope, curvature. A row whose loss is not finite has NaN for one.
pub(crate) struct Squares;

impl Formula<2, 3> for Squares {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, eta]: [Lanes<S>; 2]) -> [Lanes<S>; 3] {
        let residual = eta - y;
        let loss = residual * 0.5 * residual;
        [loss.less_than(loss.splat(f64::INFINITY)).or_nan(loss), residual, residual.splat(1.0)]
    }
}

/// Of (slope, curvature): slope²/curvature, zero where the slope is.
pub(crate) struct PearsonSquares;

impl Formula<2, 1> for PearsonSquares {
    #[inline(always)]
    fn at<S: Simd>(&self, [slope, curvature]: [Lanes<S>; 2]) -> [Lanes<S>; 1] {
        let zero = slope.splat(0.0);
        [slope.equals(zero).select(zero, slope * slope / curvature)]
    }
}

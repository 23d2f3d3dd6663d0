//! Families that finish what a link's stage has filled, a register at a time. A row that a formula does not do has NaN
//! for a loss.

use pulp::Simd;

use super::bernoulli::are_zero_or_one;
use super::deviance::deviance_kernel;
use super::lanes::Lanes;
use super::sweep::{Formula, sweep};
use crate::{Order, Points, Units};

/// Writes what the order asks for.
fn write<F: Formula<I, 3>, const I: usize>(formula: &F, input: [&[f64]; I], order: Order, out: &mut Units<'_>) {
    let Units { loss, slope, curvature } = out;
    match order {
        Order::Loss => sweep(formula, input, [loss]),
        Order::Gradient => sweep(formula, input, [loss, slope]),
        Order::Expected | Order::Observed | Order::Root => sweep(formula, input, [loss, slope, curvature]),
    }
}

/// The binomial family with any link that knows its tails.
pub(crate) fn binomial(y: &[f64], at: &Points, order: Order, out: &mut Units<'_>) {
    let m = y.len();
    let ([a, b, c], [d, e, f]) = (&at.ln_mu, &at.ln_complement);
    let input = [y, &at.mu[..m], &at.complement[..m], &a[..m], &b[..m], &c[..m], &d[..m], &e[..m], &f[..m]];
    let observed = order == Order::Observed;
    if are_zero_or_one(y) {
        write(&Binomial::<false> { observed }, input, order, out);
    } else {
        write(&Binomial::<true> { observed }, input, order, out);
    }
}

/// `PROPORTIONS` tells whether some y is neither 0 nor 1.
struct Binomial<const PROPORTIONS: bool> {
    observed: bool,
}

impl<const PROPORTIONS: bool> Formula<9, 3> for Binomial<PROPORTIONS> {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, mu, complement, ln_mu, a1, a2, ln_complement, b1, b2]: [Lanes<S>; 9]) -> [Lanes<S>; 3] {
        let (zero, one) = (y.splat(0.0), y.splat(1.0));
        let (success, failure) = (y.equals(one), y.equals(zero));
        let mix = |at_one: Lanes<S>, at_zero: Lanes<S>| {
            let mixed = if PROPORTIONS { y * at_one + (one - y) * at_zero } else { zero };
            success.select(at_one, failure.select(at_zero, mixed))
        };
        let mut loss = -mix(ln_mu, ln_complement);
        if PROPORTIONS {
            let inner = success.or(failure).select(y.splat(0.5), y);
            let mixed = deviance_kernel(inner, mu) + deviance_kernel(one - inner, complement);
            loss = success.or(failure).select(loss, mixed);
        }
        let curvature = if self.observed {
            -mix(a2, b2)
        } else {
            let void = a1.equals(zero).or(b1.equals(zero));
            void.select(zero, -(a1 * b1))
        };
        [mu.equals(mu).or_nan(loss), -mix(a1, b1), curvature]
    }
}

/// The gamma family with any link.
pub(crate) fn gamma(y: &[f64], at: &Points, order: Order, out: &mut Units<'_>) {
    let m = y.len();
    let input = [y, &at.mu[..m], &at.ln_mu[1][..m], &at.ln_mu[2][..m]];
    write(&Gamma { observed: order == Order::Observed }, input, order, out);
}

struct Gamma {
    observed: bool,
}

impl Formula<4, 3> for Gamma {
    #[inline(always)]
    fn at<S: Simd>(&self, [y, mu, rate, second]: [Lanes<S>; 4]) -> [Lanes<S>; 3] {
        let (loss, residual) = gamma_loss(y, mu);
        let square = rate * rate;
        let curvature = if self.observed { square + residual * (second - square) } else { square };
        [loss, residual * rate, curvature]
    }
}

/// y/μ − 1 − ln(y/μ), and 1 − y/μ.
#[inline(always)]
pub(super) fn gamma_loss<S: Simd>(y: Lanes<S>, mu: Lanes<S>) -> (Lanes<S>, Lanes<S>) {
    let reciprocal = mu.splat(1.0) / mu;
    (deviance_kernel(mu, y) * reciprocal, (mu - y) * reciprocal)
}

//! Quantiles of the gamma and beta distributions: Newton's method on the logarithm of the smaller tail.

use super::gamma_function::{ln_beta, ln_gamma_ratio};
use super::incomplete_beta::{beta_tail_at_odds, density as beta_density};
use super::incomplete_gamma::{density as gamma_density, gamma_tail};
use super::normal::normal_quantile;
use super::tail::Tail;
use super::twofold::Twofold;

/// Newton takes some ten steps and 63 bisections exhaust the digits of `ln x`: a guard, after which `x` is returned.
const STEPS: u32 = 200;

/// The quantile of the gamma distribution of shape `a` and rate 1: the `x` with `P(a, x) = p`.
///
/// Divide by the rate for another one. Domain: `0 <= p <= 1`, `a >= 0`; NaN outside. Relative error below 1e-13 times
/// `max(1, 1/a)`, or times the condition number `p/(x f(x))` where that is larger; 0 where `x` is below the normal numbers. For the upper
/// tail see [`gamma_quantile_upper`].
///
/// ```
/// use glm_core::special::gamma_quantile;
/// assert!((gamma_quantile(0.5, 1.0) - std::f64::consts::LN_2).abs() < 1e-14);
/// ```
#[must_use]
pub fn gamma_quantile(p: f64, a: f64) -> f64 {
    gamma_quantile_of(Target::of_lower(p), a)
}

/// The upper quantile of the gamma distribution of shape `a` and rate 1: the `x` with `Q(a, x) = q`.
///
/// Domain and accuracy of [`gamma_quantile`].
///
/// ```
/// let x = glm_core::special::gamma_quantile_upper(1e-300, 1.0);
/// assert!((x / 690.7755278982137 - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn gamma_quantile_upper(q: f64, a: f64) -> f64 {
    gamma_quantile_of(Target::of_upper(q), a)
}

/// The quantile of the beta distribution: the `x` with `I_x(a, b) = p`.
///
/// Domain: `0 <= p <= 1`, `a, b > 0`; NaN outside. Relative error below 1e-13 times `max(1, 1/a)`, or times the
/// condition number where that is larger; 0 where `x` is below the normal numbers.
///
/// ```
/// use glm_core::special::beta_quantile;
/// assert!((beta_quantile(0.09, 2.0, 1.0) - 0.3).abs() < 1e-14);
/// ```
#[must_use]
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let odds = beta_odds_quantile(Target::of_lower(p), a, b);
    if odds == f64::INFINITY { 1.0 } else { odds / (1.0 + odds) }
}

/// The tail probability a quantile is asked for: always the smaller tail, for the larger has lost it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    probability: f64,
    is_lower: bool,
}

impl Target {
    pub(crate) fn of_lower(p: f64) -> Self {
        if p > 0.5 { Self { probability: 1.0 - p, is_lower: false } } else { Self { probability: p, is_lower: true } }
    }

    pub(crate) fn of_upper(q: f64) -> Self {
        let complement = Self::of_lower(q);
        Self { is_lower: !complement.is_lower, ..complement }
    }

    /// The end of the support, or NaN, where the probability is at or beyond its end.
    fn edge(self) -> Option<f64> {
        if self.probability.is_nan() || self.probability < 0.0 {
            Some(f64::NAN)
        } else if self.probability == 0.0 {
            Some(if self.is_lower { 0.0 } else { f64::INFINITY })
        } else {
            None
        }
    }

    /// `ln` of the tail that is asked for, less its target.
    fn excess(self, tail: Tail) -> f64 {
        self.ln_tail(tail) - self.probability.ln()
    }

    fn ln_tail(self, tail: Tail) -> f64 {
        if self.is_lower { tail.ln_cdf() } else { tail.ln_sf() }
    }

    /// `|d ln(tail)/d ln x|`, the ratio of density to tail, whose scales cancel however far down they are.
    fn slope(self, tail: Tail, (ln_scale, factor): (Twofold, f64)) -> f64 {
        if tail.is_lower == self.is_lower {
            ln_scale.subtract(tail.ln_scale).exp() * factor / tail.factor
        } else {
            ln_scale.exp() * factor / (1.0 - tail.value())
        }
    }

    fn normal_quantile(self) -> f64 {
        let z = normal_quantile(self.probability);
        if self.is_lower { z } else { -z }
    }
}

fn gamma_quantile_of(target: Target, a: f64) -> f64 {
    if a.is_nan() || a < 0.0 || a.is_infinite() {
        return f64::NAN;
    }
    if let Some(edge) = target.edge() {
        return edge;
    }
    if a == 0.0 {
        return 0.0;
    }
    // Wilson & Hilferty's cube, but never below the root of x^a/Γ(a+1) = p, which bounds the quantile from below.
    let ln_p = if target.is_lower { target.probability.ln() } else { (-target.probability).ln_1p() };
    let ln_gamma = if a < 1.0 { ln_gamma_ratio(1.0, a) } else { libm::lgamma(a + 1.0) };
    let ln_bound = (ln_p + ln_gamma) / a;
    let root = 1.0 - 1.0 / (9.0 * a) + target.normal_quantile() / (3.0 * a.sqrt());
    let cube = if root > 0.0 { a * root * root * root } else { 0.0 };
    solve(target, cube.max(ln_bound.exp()), |x| {
        let (ln_scale, factor) = gamma_density(a, x);
        (gamma_tail(a, x), (ln_scale, factor * a))
    })
}

/// The odds `x/(1-x)` of the beta quantile, to full relative precision at both ends.
pub(crate) fn beta_odds_quantile(target: Target, a: f64, b: f64) -> f64 {
    if !(a > 0.0 && b > 0.0 && a.is_finite() && b.is_finite()) {
        return f64::NAN;
    }
    if let Some(edge) = target.edge() {
        return edge;
    }
    // From the left, x^a/(a B) = p; from the right, y^b/(b B) = q; in the middle the logit is about normal.
    let middle = a.ln() - b.ln() + target.normal_quantile() * (1.0 / a + 1.0 / b).sqrt();
    let ln_beta = ln_beta(a, b);
    let ln_end = if target.is_lower {
        (target.probability.ln() + a.ln() + ln_beta) / a
    } else {
        -(target.probability.ln() + b.ln() + ln_beta) / b
    };
    let start = if a > 1.0 && b > 1.0 { middle } else { ln_end };
    solve(target, start.exp(), |odds| {
        let total = Twofold::sum(1.0, odds);
        let (x, y) = (Twofold::from(odds).divide(total), Twofold::from(1.0).divide(total));
        (beta_tail_at_odds(a, b, odds.into()), beta_density(a, b, x, y))
    })
}

/// Solves for a positive `x` where a tail meets its target, given the tail and the density of `ln x` or `logit x`
/// as `e^ln_scale factor`; a bracket of `ln x` is kept and halved when Newton's step leaves it or is not half the last. 0 and infinity where `x`
/// is not a normal number.
// Over budget: one loop, whose state is the bracket.
fn solve(target: Target, start: f64, at: impl Fn(f64) -> (Tail, (Twofold, f64))) -> f64 {
    let (smallest, largest) = (f64::MIN_POSITIVE, f64::MAX / 4.0);
    let is_left_of = |x: f64| (target.excess(at(x).0) >= 0.0) == target.is_lower;
    let (mut low, mut high) = (smallest.ln(), largest.ln());
    let mut x = start.clamp(smallest, largest);
    let mut last = f64::INFINITY;
    let mut has_met_an_end = false;
    for _ in 0..STEPS {
        if !(1e-290..=1e290).contains(&x) && !has_met_an_end {
            if is_left_of(smallest) {
                return 0.0;
            } else if !is_left_of(largest) {
                return f64::INFINITY;
            }
            has_met_an_end = true;
        }
        let (tail, density) = at(x);
        let excess = target.excess(tail);
        if excess.is_nan() {
            return f64::NAN;
        }
        let ln_x = x.ln();
        if (excess < 0.0) == target.is_lower {
            low = ln_x;
        } else {
            high = ln_x;
        }
        let slope = target.slope(tail, density);
        let step = if target.is_lower { -excess / slope } else { excess / slope };
        // The error a step leaves is about step² d ln(slope)/d ln x, and ln tail bends by its slope squared at the most.
        if step.abs() * (step.abs() + excess.abs()) <= 1e-17 {
            return x * step.exp();
        }
        if (low..=high).contains(&(ln_x + step)) && step.abs() < 0.5 * last {
            last = step.abs();
            x *= step.exp();
        } else {
            last = 0.5 * (high - low);
            x = (0.5 * (low + high)).exp();
        }
        if high - low <= 1e-16 {
            return x;
        }
    }
    x
}

//! The binomial family: proportions y of successes in w trials, V(μ) = μ(1 − μ).

use std::f64::consts::TAU;

use crate::family::sum_of_shares;
use crate::{
    Canonical, Dispersion, Exponential, Family, Interval, LikelihoodDispersion, Logit, Mean, Order, Point, Points,
    Recession, Unit, Units, special, vector,
};

/// Successes in trials: y is the proportion and the prior weight the number of trials (one for 0/1 data).
///
/// V = μ(1 − μ), d = 2 [y ln(y/μ) + (1 − y) ln((1 − y)/(1 − μ))], θ = ln(μ/(1 − μ)), b(θ) = ln(1 + e^θ), φ = 1.
/// Everything is computed on the logarithms of μ and 1 − μ, so every link is exact in both tails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Binomial;

/// y ln y + (1 − y) ln(1 − y): minus the entropy, the saturated log-likelihood.
fn saturated(y: f64) -> f64 {
    special::xlogy(y, y) + special::xlogy(1.0 - y, 1.0 - y)
}

/// ln of the binomial probability of `k` successes in `n` trials at the mean k/n, in Stirling's form.
fn ln_at_own_mean(n: f64, k: f64) -> f64 {
    if k <= 0.0 || k >= n {
        return 0.0;
    }
    let error = special::stirling_error(n) - special::stirling_error(k) - special::stirling_error(n - k);
    error - 0.5 * (TAU * k * ((n - k) / n)).ln()
}

/// A sum whose terms with factor zero are absent, so that 0·∞ does not arise.
fn mix(y: f64, at_one: f64, at_zero: f64) -> f64 {
    match (y > 0.0, y < 1.0) {
        (true, true) => y * at_one + (1.0 - y) * at_zero,
        (true, false) => at_one,
        (false, _) => at_zero,
    }
}

/// (ln μ)′ · −(ln(1 − μ))′, zero where one factor has underflowed though the other has overflowed.
fn information(to_one: f64, to_zero: f64) -> f64 {
    if to_one == 0.0 || to_zero == 0.0 { 0.0 } else { to_one * to_zero }
}

impl Family for Binomial {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu * mean.complement
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        mean.complement - mean.mu
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        2.0 * (special::deviance_kernel(y, mean.mu) + special::deviance_kernel(1.0 - y, mean.complement))
    }
    fn support(&self) -> Interval {
        Interval::UNIT_CLOSED
    }
    fn residual(&self, y: f64, mean: Mean) -> f64 {
        if mean.mu > 0.5 { (1.0 - y) - mean.complement } else { mean.mu - y }
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        if y > 0.0 && y < 1.0 && at.mu > 0.0 && at.complement > 0.0 {
            return 0.5 * self.unit_deviance(y, at.mean());
        }
        saturated(y) - mix(y, at.ln_mu.value, at.ln_complement.value)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        Unit {
            loss: self.half_deviance(y, at),
            slope: -mix(y, at.ln_mu.d1, at.ln_complement.d1),
            expected: information(at.ln_mu.d1, -at.ln_complement.d1),
            observed: -mix(y, at.ln_mu.d2, at.ln_complement.d2),
        }
    }
    fn units(&self, y: &[f64], at: &Points, order: Order, out: &mut Units<'_>) {
        vector::binomial(y, at, order, out);
    }
    /// (w y + ½)/(w + 1), R's mustart.
    fn starting_mean(&self, y: f64, weight: f64) -> Mean {
        Mean { mu: (weight * y + 0.5) / (weight + 1.0), complement: (weight * (1.0 - y) + 0.5) / (weight + 1.0) }
    }
    fn dispersion(&self) -> Dispersion {
        Dispersion::Known(1.0)
    }
    fn likelihood_dispersion(&self) -> LikelihoodDispersion {
        LikelihoodDispersion::Reported
    }
    /// The binomial log probability of the rounded count of successes in the rounded number of trials, as R has it.
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, _dispersion: f64) -> Option<f64> {
        let (trials, successes) = (weight.round_ties_even(), (weight * y).round_ties_even());
        if trials == 0.0 {
            return Some(0.0);
        }
        let kernel = special::deviance_kernel(successes, trials * mean.mu)
            + special::deviance_kernel(trials - successes, trials * mean.complement);
        Some(ln_at_own_mean(trials, successes) - kernel)
    }
    fn saturated_log_likelihood(&self, y: &[f64], weights: &[f64], times: &[f64], _dispersion: f64) -> Option<f64> {
        if weights.is_empty() && vector::are_zero_or_one(y) {
            return Some(0.0);
        }
        // R rounds trials and successes, which the deviance does not.
        let whole = |value: f64| (value - value.round()).abs() <= 4.0 * f64::EPSILON * value;
        let share = |y: f64, w: f64| (whole(w) && whole(w * y)).then(|| ln_at_own_mean(w.round(), (w * y).round()));
        sum_of_shares(y, weights, times, share)
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        Some(match y {
            0.0 => Recession::Downward,
            1.0 => Recession::Upward,
            _ => Recession::Fixed,
        })
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for Binomial {
    fn theta(&self, mean: Mean) -> f64 {
        crate::Link::eta(&Logit, mean)
    }
    fn cumulant(&self, theta: f64) -> f64 {
        special::softplus(theta)
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean { mu: special::sigmoid(theta), complement: special::sigmoid(-theta) }
    }
    /// ln C(m, my) with m = 1/φ trials.
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64> {
        let trials = 1.0 / dispersion;
        Some(ln_at_own_mean(trials, trials * y) - trials * saturated(y))
    }
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        let trials = 1.0 / dispersion;
        Some(ln_at_own_mean(trials, trials * y) - 0.5 * self.unit_deviance(y, mean) / dispersion)
    }
}

impl Canonical for Binomial {
    type Link = Logit;
    fn canonical_link(&self) -> Logit {
        Logit
    }
    fn canonical_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        if vector::are_zero_or_one(y) {
            vector::units(&vector::Bernoulli, y, eta, order, out);
        } else {
            vector::units(&vector::Proportion, y, eta, order, out);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: `-binomial()$aic(1, 1, 0.3, 2.5, NA) / 2` is `dbinom(2, 2, 0.3, log = TRUE)`.
    #[test]
    fn halves_of_trials_round_to_even() {
        let found = Binomial.log_likelihood(1.0, Mean::from(0.3), 2.5, 1.0);
        assert!(found.is_some_and(|found| (found - 2.0 * 0.3_f64.ln()).abs() < 1e-15), "{found:?}");
    }
}

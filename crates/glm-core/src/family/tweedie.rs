//! The Tweedie family, a compound Poisson of gammas: positive responses with exact zeros, V(μ) = μ^p, 1 < p < 2.

use std::f64::consts::TAU;

use crate::family::power_variance::{Positive, half_deviance};
use crate::recession::falls_to_zero;
use crate::{Canonical, Error, Exponential, Family, Interval, Mean, Point, Power, Recession, Unit, special};

/// Non-negative responses with a mass at zero: V = μ^p, θ = μ^(1−p)/(1 − p), b = μ^(2−p)/(2 − p).
///
/// d = 2 [y^(2−p)/((1−p)(2−p)) − y μ^(1−p)/(1−p) + μ^(2−p)/(2−p)]. The response is the sum of a Poisson number (mean
/// μ^(2−p)/(φ(2−p))) of gamma variables of shape (2−p)/(p−1).
///
/// The error of ln f is below 1e-14 (1 + |ln f|) for p from 1.0001 to 1.9999 and 1e-3 ≤ φ ≤ 1e3, measured against sums of
/// 50 digits; that of its derivative in ln φ the same, plus 1e-15/(p − 1) near p = 1.
///
/// ```
/// use glm_core::{Exponential, Mean, Tweedie};
/// let family = Tweedie::new(1.5)?;
/// // The mass at zero, exp(−μ^(2−p)/(φ(2−p))).
/// let zero = family.ln_density(0.0, Mean::from(4.0), 2.0);
/// assert_eq!(zero, Some(-2.0));
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tweedie {
    power: f64,
}

impl Tweedie {
    /// The family of variance power p.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidParameter`] unless 1 < p < 2.
    pub fn new(power: f64) -> Result<Self, Error> {
        if power > 1.0 && power < 2.0 {
            return Ok(Self { power });
        }
        let allowed = "between 1 and 2 (1 is the Poisson, 2 the gamma; any other power is a quasi family)";
        Err(Error::InvalidParameter { of: "Tweedie family", parameter: "power", value: power, allowed })
    }

    /// p.
    #[must_use]
    pub fn power(&self) -> f64 {
        self.power
    }

    /// The series of Dunn and Smyth (2005, Statistics and Computing 15, 267–280) for the density of y > 0 at its own mean.
    fn series(&self, y: f64, dispersion: f64) -> Series {
        let p = self.power;
        let lambda = y.powf(2.0 - p) / (dispersion * (2.0 - p));
        Series { lambda, k: (2.0 - p) / (p - 1.0) }
    }

    /// ln of the density of y > 0 at its own mean.
    fn ln_saturated(&self, y: f64, dispersion: f64) -> f64 {
        let series = self.series(y, dispersion);
        0.5 * series.k.ln() - TAU.ln() - y.ln() + series.sum(|_| 0.0).ln_total
    }
}

/// Σ exp(T(j)) over j = 1, 2, …, in Stirling's form, in which nothing cancels.
///
/// The terms are products of the Poisson probability of j gammas, mean λ, and the density of their sum, shape kj:
/// T(j) = −(1 + k) D(j, λ) − δ(j) − δ(kj), with D half the Poisson deviance and δ Stirling's error; the density is
/// √k/(2πy) times the sum.
#[derive(Debug, Clone, Copy)]
struct Series {
    lambda: f64,
    k: f64,
}

/// The sum, and a mean in which its terms are the weights.
struct Summed {
    ln_total: f64,
    mean: f64,
}

/// Above this many terms, where neighbours soon are the same number, Laplace's approximation has relative error 1e-16.
const LAPLACE: f64 = 1e16;
/// Standard deviations of the terms from which on their sum is their integral: a sum as smooth as this equals it to
/// within exp(−2π²·spread²), and the trapezoid rule with a stride of half a spread has the same fifteen digits in forty
/// terms.
const SMOOTH: f64 = 8.0;

impl Series {
    fn term(&self, j: f64) -> f64 {
        let exponent = (1.0 + self.k) * special::deviance_kernel(j, self.lambda);
        -exponent - special::stirling_error(j) - special::stirling_error(self.k * j)
    }

    /// The standard deviation of j.
    fn spread(&self) -> f64 {
        (self.lambda / (1.0 + self.k)).sqrt()
    }

    /// The sum and the mean of a quantity; terms fall off from about λ.
    fn sum(&self, quantity: impl Fn(f64) -> f64) -> Summed {
        let (centre, spread) = (self.lambda, self.spread());
        if centre > LAPLACE {
            return Summed { ln_total: self.term(centre) + 0.5 * TAU.ln() + spread.ln(), mean: quantity(centre) };
        }
        let stride = if spread > SMOOTH { 0.5 * spread } else { 1.0 };
        let start = if stride > 1.0 { centre } else { centre.round().max(1.0) };
        let largest = self.term(start);
        if !largest.is_finite() {
            return Summed { ln_total: largest, mean: f64::NAN };
        }
        let (mut sum, mut moment) = (1.0, quantity(start));
        for direction in [-stride, stride] {
            let (mut j, mut last) = (start + direction, 0.0);
            while j >= 1.0 {
                let weight = (self.term(j) - largest).exp();
                sum += weight;
                moment += weight * quantity(j);
                if weight.is_nan() || weight < 1e-18 * sum && weight <= last {
                    break;
                }
                last = weight;
                j += direction;
            }
        }
        Summed { ln_total: largest + sum.ln() + stride.ln(), mean: moment / sum }
    }

    /// −∂ ln sum/∂ ln φ = (1 + k) E(j − λ), about ½ where there are many terms.
    ///
    /// There the difference would cancel, and E T′(j) = 0 because the sum is an integral; so with x = (j − λ)/λ it is
    /// λ E[(1 + k)(x − ln(1 + x)) − δ′(j) − k δ′(kj)], all of whose terms are positive.
    fn excess(&self) -> f64 {
        let Self { lambda, k } = *self;
        if lambda > LAPLACE {
            return 0.5;
        }
        if self.spread() <= SMOOTH {
            return (1.0 + k) * self.sum(|j| j - lambda).mean;
        }
        // δ′(n) = 1/(2n) − [ln n − ψ(n)], negative.
        let stirling = |n: f64| special::ln_minus_digamma(n) - 0.5 / n;
        let positive = |j: f64| {
            let bend = -special::ln_1p_minus((j - lambda) / lambda);
            lambda * ((1.0 + k) * bend + stirling(j) + k * stirling(k * j))
        };
        self.sum(positive).mean
    }
}

impl Family for Tweedie {
    fn variance(&self, mean: Mean) -> f64 {
        mean.mu.powf(self.power)
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        self.power * mean.mu.powf(self.power - 1.0)
    }
    fn variance_power(&self) -> Option<f64> {
        Some(self.power)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        2.0 * half_deviance(self.power, y, mean.mu, mean.mu.ln())
    }
    fn support(&self) -> Interval {
        Interval::NON_NEGATIVE
    }
    fn name(&self) -> String {
        format!("tweedie({})", self.power)
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        half_deviance(self.power, y, at.mu, at.ln_mu.value)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        Positive::power(self.power, at).unit(self.half_deviance(y, at), y, at)
    }
    /// y, or 0.1 where y = 0: the mustart of statmod's `tweedie`.
    fn starting_mean(&self, y: f64, _weight: f64) -> Mean {
        Mean::from(if y == 0.0 { 0.1 } else { y })
    }
    /// ln of the density with dispersion φ/weight, at the reported φ; R has none.
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, dispersion: f64) -> Option<f64> {
        self.ln_density(y, mean, dispersion / weight)
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        Some(falls_to_zero(y))
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        Some(self)
    }
}

impl Exponential for Tweedie {
    fn theta(&self, mean: Mean) -> f64 {
        mean.mu.powf(1.0 - self.power) / (1.0 - self.power)
    }
    fn cumulant(&self, theta: f64) -> f64 {
        let p = self.power;
        ((1.0 - p) * theta).powf((2.0 - p) / (1.0 - p)) / (2.0 - p)
    }
    fn mean(&self, theta: f64) -> Mean {
        Mean::from(((1.0 - self.power) * theta).powf((1.0 - self.power).recip()))
    }
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64> {
        if y == 0.0 {
            return Some(0.0);
        }
        let p = self.power;
        Some(self.ln_saturated(y, dispersion) - y.powf(2.0 - p) / ((1.0 - p) * (2.0 - p) * dispersion))
    }
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        let saturated = if y == 0.0 { 0.0 } else { self.ln_saturated(y, dispersion) };
        Some(saturated - 0.5 * self.unit_deviance(y, mean) / dispersion)
    }
    /// d/(2φ) − (1 + k) E(j − λ), the mean over the terms of the series; d/(2φ) where y = 0. To about 1e-13.
    fn dispersion_score(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        let excess = if y == 0.0 { 0.0 } else { self.series(y, dispersion).excess() };
        Some(0.5 * self.unit_deviance(y, mean) / dispersion - excess)
    }
}

impl Canonical for Tweedie {
    type Link = Power;
    fn canonical_link(&self) -> Power {
        Power::canonical(self.power)
    }
    /// θ = η/(1 − p).
    fn scale(&self) -> f64 {
        (1.0 - self.power).recip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Regression: the series never ended where the dispersion was missing or the sum had more terms than digits.
    #[test]
    fn the_series_ends_for_any_number() {
        let family = Tweedie::new(1.5).unwrap();
        for phi in [f64::NAN, 0.0, 5e-324, 1e-300, 1e-30, 1.1e-31, 3e-32, 1e-17, 1e300, f64::INFINITY] {
            for y in [5e-324, 1e-200, 1e-30, 1.0, 1.5, 2.0, 1e200, f64::MAX] {
                for mu in [5e-324, 1.0, f64::MAX] {
                    assert!(family.ln_density(y, Mean::from(mu), phi).is_some(), "{y} {mu} {phi}");
                }
            }
        }
        // The number of gammas is about Poisson of mean λ = 2√y/φ; the density at the mean is that of a normal variable
        // of variance φ y^1.5, to relative error of order 1/λ.
        for phi in [1e-12, 1e-36] {
            let found = family.ln_density(1.0, Mean::from(1.0), phi).unwrap();
            assert!((found + 0.5 * (TAU * phi).ln()).abs() < 1e-11, "{phi}: {found}");
        }
    }
}

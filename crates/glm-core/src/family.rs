//! A family says how a response scatters about its mean: variance, unit deviance, support, density.

mod binomial;
mod gamma;
mod gaussian;
mod inverse_gaussian;
mod negative_binomial;
mod poisson;
mod power_variance;
mod quasi;
mod quasi_binomial;
mod quasi_poisson;
mod tweedie;

pub use binomial::Binomial;
pub use gamma::Gamma;
pub use gaussian::Gaussian;
pub use inverse_gaussian::InverseGaussian;
pub use negative_binomial::NegativeBinomial;
pub use poisson::Poisson;
pub use quasi::Quasi;
pub use quasi_binomial::QuasiBinomial;
pub use quasi_poisson::QuasiPoisson;
pub use tweedie::Tweedie;

use std::fmt;

use crate::{Interval, Link, Mean, Order, Point, Points, Recession, Units, vector};

/// How a response scatters about its mean; an exponential dispersion model, or a quasi-likelihood with its variance.
///
/// The four required methods suffice for fitting. A family sees the mean as [`Mean`] or [`Point`], never the link.
/// Check a family of your own with [`laws::family`](crate::laws::family).
pub trait Family: fmt::Debug + Send + Sync {
    /// The variance function V(μ): Var(y) = φ V(μ) / weight.
    fn variance(&self, mean: Mean) -> f64;

    /// V′(μ).
    fn dvariance_dmu(&self, mean: Mean) -> f64;

    /// p, where V(μ) = μᵖ: the mean of a model without columns has a closed form then, with offsets too.
    fn variance_power(&self) -> Option<f64> {
        None
    }

    /// The unit deviance d(y, μ) ≥ 0, zero if and only if y = μ; ∂d/∂μ = −2 (y − μ)/V(μ).
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64;

    /// The values that a response can take.
    fn support(&self) -> Interval;

    /// The name by which specifications and reports call it.
    fn name(&self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// The values that a mean can take: the interior of the support, unless told otherwise.
    fn mean_domain(&self) -> Interval {
        self.support().interior()
    }

    /// μ − y, from whichever of μ and 1 − μ is the accurate one.
    fn residual(&self, y: f64, mean: Mean) -> f64 {
        mean.mu - y
    }

    /// Half the unit deviance at a point of a link; overridden where the point's logarithms are better than μ.
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        0.5 * self.unit_deviance(y, at.mean())
    }

    /// Loss, slope and both curvatures of one observation: [`Unit::general`], unless the family knows better tails.
    fn unit(&self, y: f64, at: &Point) -> Unit {
        let mean = at.mean();
        Unit::general(self.half_deviance(y, at), y, at, self.variance(mean), self.dvariance_dmu(mean))
    }

    /// [`unit`](Self::unit) for up to 64 rows, as the order asks; a row left with a loss of NaN is done again by itself.
    fn units(&self, y: &[f64], at: &Points, order: Order, out: &mut Units<'_>) {
        for (row, y) in y.iter().enumerate() {
            out.write(row, order, self.unit(*y, &at.get(row)));
        }
    }

    /// [`units`](Self::units) with the log link at any number of linear predictors, where there is a kernel that does both at
    /// once, as there is for variances μᵖ with p from 1 to 3; false where there is none. A row left with a loss of NaN is
    /// done again by itself.
    fn log_link_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        self.variance_power().is_some_and(|power| vector::power_units(power, y, eta, order, out))
    }

    /// R's starting mean for one observation.
    fn starting_mean(&self, y: f64, weight: f64) -> Mean {
        let _ = weight;
        Mean::from(y)
    }

    /// μ of [`starting_mean`](Self::starting_mean) for each row; empty weights are all one.
    fn starting_means(&self, y: &[f64], weights: &[f64], mu: &mut [f64]) {
        if weights.is_empty() {
            return mu.iter_mut().zip(y).for_each(|(mu, y)| *mu = self.starting_mean(*y, 1.0).mu);
        }
        let rows = y.iter().zip(weights);
        mu.iter_mut().zip(rows).for_each(|(mu, (y, weight))| *mu = self.starting_mean(*y, *weight).mu);
    }

    /// Whether the unit deviance depends on y and μ through y − μ alone.
    fn is_location(&self) -> bool {
        false
    }

    /// The directions of μ in which the loss at `y` never rises, the loss being unbounded in every other direction
    /// towards the ends of the mean's domain; `None` where that is not so (the inverse Gaussian's loss rises to a
    /// bound as μ grows), or not known. It is the same for all responses inside the support.
    fn recession(&self, y: f64) -> Option<Recession> {
        let _ = y;
        None
    }

    /// Whether φ is known (binomial, Poisson, negative binomial) or has to be estimated.
    fn dispersion(&self) -> Dispersion {
        Dispersion::Unknown
    }

    /// The dispersion that R's log-likelihood plugs in.
    fn likelihood_dispersion(&self) -> LikelihoodDispersion {
        LikelihoodDispersion::Reported
    }

    /// One observation's contribution to the log-likelihood, by R's conventions for the prior weight; `None` where
    /// there is no likelihood (quasi families).
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, dispersion: f64) -> Option<f64> {
        let _ = (y, mean, weight, dispersion);
        None
    }

    /// Σ times · ℓ over rows of prior weight w > 0 at μ = y, where [`log_likelihood`](Self::log_likelihood) is ℓ − w
    /// d(y, μ)/(2φ) at any μ: with it the deviance gives the log-likelihood of a fit without another look at its means.
    /// `None` where that is not so for one of the rows, or not known. Empty weights and times are all one.
    fn saturated_log_likelihood(&self, y: &[f64], weights: &[f64], times: &[f64], dispersion: f64) -> Option<f64> {
        let _ = (y, weights, times, dispersion);
        None
    }

    /// The family as an exponential dispersion model, where it is one.
    fn exponential(&self) -> Option<&dyn Exponential> {
        None
    }
}

/// Σ times · share over rows that count, empty weights and times being all one; shares of pairs met lately are not found
/// again, as counts and their weights have few.
pub(crate) fn sum_of_shares(
    y: &[f64],
    weights: &[f64],
    times: &[f64],
    share: impl Fn(f64, f64) -> Option<f64>,
) -> Option<f64> {
    const PLACES: usize = 128;
    let (mut total, mut met) = (0.0, [(f64::NAN, f64::NAN, 0.0); PLACES]);
    let mut share_of = |y: f64, weight: f64| {
        let bits = y.to_bits().wrapping_add(weight.to_bits().rotate_left(23)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = &mut met[(bits >> 57) as usize % PLACES];
        if (place.0, place.1) != (y, weight) {
            *place = (y, weight, share(y, weight)?);
        }
        Some(place.2)
    };
    if weights.is_empty() && times.is_empty() {
        for y in y {
            total += share_of(*y, 1.0)?;
        }
        return Some(total);
    }
    let of_row = |numbers: &[f64], row: usize| numbers.get(row).copied().unwrap_or(1.0);
    for (row, y) in y.iter().enumerate().filter(|(row, _)| of_row(times, *row) > 0.0) {
        total += of_row(times, row) * share_of(*y, of_row(weights, row))?;
    }
    Some(total)
}

/// Whether the dispersion φ is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dispersion {
    /// Known; one for every family here.
    Known(f64),
    /// Estimated from the data.
    Unknown,
}

/// Which dispersion the log-likelihood of R is evaluated at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikelihoodDispersion {
    /// The known or reported dispersion. It counts as a parameter of the AIC only where it was estimated.
    Reported,
    /// Deviance divided by the number of rows of positive weight (Gaussian).
    DeviancePerRow,
    /// Deviance divided by the sum of the weights (gamma, inverse Gaussian).
    DeviancePerWeight,
}

/// A family written from its cumulant: f(y; θ, φ) = c(y, φ) exp((yθ − b(θ))/φ).
///
/// b′(θ) = μ and b″(θ) = V(μ).
pub trait Exponential: Family {
    /// The natural parameter θ(μ).
    fn theta(&self, mean: Mean) -> f64;

    /// The cumulant b(θ).
    fn cumulant(&self, theta: f64) -> f64;

    /// b′(θ) = μ.
    fn mean(&self, theta: f64) -> Mean;

    /// ln c(y, φ); `None` where the variance belongs to no density (quasi families).
    fn ln_base(&self, y: f64, dispersion: f64) -> Option<f64>;

    /// b″(θ) = V(μ(θ)).
    fn d2cumulant(&self, theta: f64) -> f64 {
        self.variance(self.mean(theta))
    }

    /// The log density in canonical form, ln c(y, φ) + (yθ − b(θ))/φ.
    fn ln_density_canonical(&self, y: f64, theta: f64, dispersion: f64) -> Option<f64> {
        let base = self.ln_base(y, dispersion)?;
        Some(base + (y * theta - self.cumulant(theta)) / dispersion)
    }

    /// The log density in mean form, ln c(y, φ) + (y θ(μ) − b(θ(μ)))/φ with the second term free of cancellation
    /// where the family overrides it; equal to −d(y, μ)/(2φ) plus a term that does not depend on μ.
    fn ln_density(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        self.ln_density_canonical(y, self.theta(mean), dispersion)
    }

    /// ∂ ln f/∂ ln φ, whose sum over the rows vanishes at the maximum-likelihood estimate of φ; its mean is zero.
    ///
    /// By differences of [`ln_density`](Self::ln_density), with an error of about 1e-12 (1 + |ln f|), unless the family
    /// knows better: gaussian and inverse Gaussian ½ (d/φ − 1), gamma (d/2 − ln α + ψ(α)) α with α = 1/φ.
    fn dispersion_score(&self, y: f64, mean: Mean, dispersion: f64) -> Option<f64> {
        let at = |step: f64| self.ln_density(y, mean, dispersion * step.exp());
        let slope = |h: f64| Some((at(h)? - at(-h)?) / (2.0 * h));
        Some((4.0 * slope(DIFFERENCE)? - slope(2.0 * DIFFERENCE)?) / 3.0)
    }
}

/// The step in ln φ where truncation, its fourth power, and rounding, its reciprocal, leave about the same error.
const DIFFERENCE: f64 = 1e-3;

/// A family whose canonical link is one of ours; θ = scale · η.
///
/// The scale is 1 where the customary link is θ itself, −1 for gamma with 1/μ (θ = −1/μ), −½ for inverse Gaussian with
/// 1/μ², 1/(1 − p) for Tweedie with μ^(1−p).
pub trait Canonical: Family + Exponential {
    /// The canonical link's type.
    type Link: Link;

    /// The canonical link.
    fn canonical_link(&self) -> Self::Link;

    /// c in θ = c·η.
    fn scale(&self) -> f64 {
        1.0
    }

    /// Loss, slope and curvature of a block of rows under the canonical link in one vectorised pass, for families that
    /// have one; `false` for those that do not. A row left with a loss of NaN is done by the scalar formulas.
    fn canonical_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        let _ = (y, eta, order, out);
        false
    }
}

/// One observation seen from its linear predictor, before the prior weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Half the unit deviance.
    pub loss: f64,
    /// ∂loss/∂η = (μ − y) μ′/V.
    pub slope: f64,
    /// Expected ∂²loss/∂η² = μ′²/V.
    pub expected: f64,
    /// ∂²loss/∂η² = μ′²/V + (μ − y)(μ″V − μ′²V′)/V².
    pub observed: f64,
}

impl Unit {
    /// A linear predictor or a mean outside its domain: an infinite loss, from which every search steps back.
    pub const OUTSIDE: Self = Self { loss: f64::INFINITY, slope: f64::NAN, expected: f64::NAN, observed: f64::NAN };

    /// The middle column of the table in `lib.rs`: any family with any link.
    #[must_use]
    pub fn general(loss: f64, y: f64, at: &Point, variance: f64, dvariance: f64) -> Self {
        if variance == 0.0 {
            // The mean has underflowed, and what is left of it says nothing about slopes.
            return Self::OUTSIDE;
        }
        let residual = at.mu - y;
        let expected = at.dmu * at.dmu / variance;
        Self {
            loss,
            slope: residual * at.dmu / variance,
            expected,
            observed: expected + residual * (at.d2mu - expected * dvariance) / variance,
        }
    }
}

impl<F: Family + ?Sized> Family for Box<F> {
    fn variance(&self, mean: Mean) -> f64 {
        (**self).variance(mean)
    }
    fn dvariance_dmu(&self, mean: Mean) -> f64 {
        (**self).dvariance_dmu(mean)
    }
    fn variance_power(&self) -> Option<f64> {
        (**self).variance_power()
    }
    fn log_link_units(&self, y: &[f64], eta: &[f64], order: Order, out: &mut Units<'_>) -> bool {
        (**self).log_link_units(y, eta, order, out)
    }
    fn unit_deviance(&self, y: f64, mean: Mean) -> f64 {
        (**self).unit_deviance(y, mean)
    }
    fn support(&self) -> Interval {
        (**self).support()
    }
    fn name(&self) -> String {
        (**self).name()
    }
    fn mean_domain(&self) -> Interval {
        (**self).mean_domain()
    }
    fn residual(&self, y: f64, mean: Mean) -> f64 {
        (**self).residual(y, mean)
    }
    fn half_deviance(&self, y: f64, at: &Point) -> f64 {
        (**self).half_deviance(y, at)
    }
    fn unit(&self, y: f64, at: &Point) -> Unit {
        (**self).unit(y, at)
    }
    fn units(&self, y: &[f64], at: &Points, order: Order, out: &mut Units<'_>) {
        (**self).units(y, at, order, out);
    }
    fn starting_mean(&self, y: f64, weight: f64) -> Mean {
        (**self).starting_mean(y, weight)
    }
    fn starting_means(&self, y: &[f64], weights: &[f64], mu: &mut [f64]) {
        (**self).starting_means(y, weights, mu);
    }
    fn is_location(&self) -> bool {
        (**self).is_location()
    }
    fn recession(&self, y: f64) -> Option<Recession> {
        (**self).recession(y)
    }
    fn dispersion(&self) -> Dispersion {
        (**self).dispersion()
    }
    fn likelihood_dispersion(&self) -> LikelihoodDispersion {
        (**self).likelihood_dispersion()
    }
    fn log_likelihood(&self, y: f64, mean: Mean, weight: f64, dispersion: f64) -> Option<f64> {
        (**self).log_likelihood(y, mean, weight, dispersion)
    }
    fn saturated_log_likelihood(&self, y: &[f64], weights: &[f64], times: &[f64], dispersion: f64) -> Option<f64> {
        (**self).saturated_log_likelihood(y, weights, times, dispersion)
    }
    fn exponential(&self) -> Option<&dyn Exponential> {
        (**self).exponential()
    }
}

//! The law of a density: it adds up to one, with the right mean and variance.

use super::assert_near;
use crate::{Exponential, Mean};

/// What a density is a density with respect to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Probabilities of the multiples of φ in the support: counts, and proportions of 1/φ trials.
    Lattice,
    /// A density on the support.
    Lebesgue,
    /// A density on (0, ∞) and a probability at zero.
    LebesgueAndZero,
}

/// Asserts that the density of a family adds up to 1, with mean μ and variance φV(μ), to 1e-8; and unless it lives on a
/// lattice, which moves with φ, that the mean of ∂ ln f/∂ ln φ is zero.
///
/// Sums run over the lattice until 60 standard deviations are behind; integrals are trapezoid sums in ln y, or in y
/// where the support is the whole line, so densities have to be smooth.
///
/// # Panics
///
/// Where a law is broken.
pub fn density(family: &dyn Exponential, measure: Measure, dispersion: f64) {
    let domain = family.mean_domain();
    for mu in [-1.3, 0.2, 0.7, 3.0].into_iter().filter(|mu| domain.contains(*mu)) {
        let place = format!("{}, μ = {mu}, φ = {dispersion}", family.name());
        let variance = dispersion * family.variance(Mean::from(mu));
        let points = points(family, measure, mu, variance.sqrt(), dispersion);
        let mut moments = [0.0; 4];
        for (y, mass) in points {
            let Some(log) = family.ln_density(y, Mean::from(mu), dispersion) else {
                panic!("{place}: there is no density at y = {y}")
            };
            let probability = mass * log.exp();
            moments[0] += probability;
            moments[1] += probability * (y - mu);
            moments[2] += probability * (y - mu) * (y - mu);
            // Where ln f is of no use to differences, far out, neither is the probability.
            if measure != Measure::Lattice && probability > 1e-30 {
                let score = family.dispersion_score(y, Mean::from(mu), dispersion);
                moments[3] += probability * score.unwrap_or(f64::NAN);
            }
        }
        assert_near("the density adds up to one", &place, moments[0], 1.0, 1e-8, 0.0);
        assert_near("its mean is μ", &place, moments[1], 0.0, 1e-8, variance.sqrt());
        assert_near("its variance is φV", &place, moments[2], variance, 1e-8, 0.0);
        assert_near("the mean of its score in ln φ is zero", &place, moments[3], 0.0, 1e-8, 1.0);
    }
}

/// Points and the mass that each stands for.
fn points(family: &dyn Exponential, measure: Measure, mu: f64, deviation: f64, dispersion: f64) -> Vec<(f64, f64)> {
    let support = family.support();
    if measure == Measure::Lattice {
        // A whole number of steps, so that the last proportion is one and not one and a bit.
        let steps = (0..).map(|count| f64::from(count) / dispersion.recip());
        let within = |y: &f64| support.contains(*y) && *y <= mu + 60.0 * deviation;
        return steps.take_while(within).map(|y| (y, 1.0)).collect();
    }
    if support.lower == f64::NEG_INFINITY {
        return (-2000..=2000).map(|i| 0.01 * f64::from(i)).map(|t| (mu + deviation * t, 0.01 * deviation)).collect();
    }
    let positive = (-20_000..=4_000).map(|i| 0.005 * f64::from(i)).map(|t| mu * t.exp()).map(|y| (y, 0.005 * y));
    let zero = if measure == Measure::LebesgueAndZero { Some((0.0, 1.0)) } else { None };
    positive.chain(zero).collect()
}

//! The laws of an exponential dispersion model.

use super::assert_near;
use super::difference::assert_derivative;
use crate::{Exponential, Interval, Mean};

/// Asserts the laws of an exponential dispersion model.
///
/// θ(μ) and μ(θ) are inverse to each other, b′(θ) = μ and b″(θ) = V(μ) = dμ/dθ; the log density in mean form is the one
/// in canonical form, and differs between two means by −(d₁ − d₂)/(2φ).
///
/// # Panics
///
/// Where a law is broken.
pub fn exponential(family: &dyn Exponential) {
    let name = family.name();
    let means = family.mean_domain().grid(12);
    for mu in &means {
        let place = format!("{name}, μ = {mu}");
        let (theta, variance) = (family.theta(Mean::from(*mu)), family.variance(Mean::from(*mu)));
        let rounding = (theta * variance).abs();
        assert_near("μ(θ(μ)) = μ", &place, family.mean(theta).mu, *mu, 1e-12, rounding);
        // Natural parameters either take all values or are all of one sign.
        let domain = Interval::REAL;
        assert_derivative("b′ = μ", &place, |theta| family.cumulant(theta), theta, &domain, (*mu, 0.0));
        assert_derivative("dμ/dθ = V", &place, |theta| family.mean(theta).mu, theta, &domain, (variance, 0.0));
        assert_near("b″ = V", &place, family.d2cumulant(theta), variance, 1e-9, rounding);
    }
    let dispersion = 0.5;
    let support = family.support();
    for y in [0.0, 0.5, 1.0, 3.0].into_iter().filter(|y| support.contains(*y)) {
        for pair in means.windows(2) {
            densities(family, y, pair, dispersion);
        }
    }
}

fn densities(family: &dyn Exponential, y: f64, means: &[f64], dispersion: f64) {
    let place = format!("{}, y = {y}, μ = {means:?}", family.name());
    let at = |mu: f64| {
        let mean = Mean::from(mu);
        let theta = family.theta(mean);
        let scale = (y * theta).abs() + family.cumulant(theta).abs();
        let canonical = family.ln_density_canonical(y, theta, dispersion);
        (family.ln_density(y, mean, dispersion), canonical, scale / dispersion + 1.0, family.unit_deviance(y, mean))
    };
    let (first, canonical, scale, deviance) = at(means[0]);
    let (second, _, other_scale, other_deviance) = at(means[1]);
    assert_eq!(first.is_some(), canonical.is_some(), "only one form of the density exists at {place}");
    let (Some(first), Some(canonical), Some(second)) = (first, canonical, second) else { return };
    assert_near("the two forms of the log density", &place, first, canonical, 1e-12, scale);
    let difference = -0.5 * (deviance - other_deviance) / dispersion;
    assert_near("the log density is −d/2φ + …", &place, first - second, difference, 1e-11, scale + other_scale);
}

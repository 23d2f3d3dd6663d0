//! The laws of a family.

use super::assert_near;
use super::difference::assert_derivative;
use crate::{Dispersion, Family, Interval, Mean, Point, Unit};

/// Asserts the laws of a family.
///
/// Means lie in the closure of the support; V > 0 with V′ its derivative, and the power of the mean that it says it is; d ≥ 0, and zero if and only if y = μ, with
/// ∂d/∂μ = −2(y − μ)/V; residual, half deviance and unit agree with their definitions; starting means are means; the
/// recession is the same for all responses inside the support; the log-likelihood, where there is one, has ∂/∂μ = weight (y − μ)/(φV).
///
/// # Panics
///
/// Where a law is broken.
pub fn family(family: &dyn Family) {
    let (support, domain) = (family.support(), family.mean_domain());
    let name = family.name();
    assert!(support.covers(&domain), "{name}: means in {domain} but responses in {support}");
    for mu in domain.grid(12) {
        let place = format!("{name}, μ = {mu}");
        let variance = family.variance(Mean::from(mu));
        assert!(variance > 0.0 && variance.is_finite(), "V = {variance} at {place}");
        if let Some(power) = family.variance_power() {
            assert_near("V = μᵖ", &place, variance, mu.powf(power), 1e-14, 0.0);
        }
        let slope = family.dvariance_dmu(Mean::from(mu));
        assert_derivative("V′", &place, |mu| family.variance(Mean::from(mu)), mu, &domain, (slope, 0.0));
        let own = family.unit_deviance(mu, Mean::from(mu));
        let scale = 1.0 + mu * mu / variance;
        assert!((0.0..=1e-12 * scale).contains(&own), "d(μ, μ) = {own} at {place}");
        for y in responses(&support) {
            deviance(family, y, mu, variance, &domain);
            unit(family, y, mu, variance);
        }
        for y in [0.0, 0.5, 1.0, 3.0] {
            if support.contains(y) {
                likelihood(family, y, mu, variance, &domain);
            }
        }
    }
    let recessions = support.interior().grid(9).into_iter().map(|y| family.recession(y)).collect::<Vec<_>>();
    assert!(recessions.windows(2).all(|pair| pair[0] == pair[1]), "{name} recedes in different ways inside {support}");
    responses(&support).into_iter().for_each(|y| start(family, y, &domain));
}

fn start(family: &dyn Family, y: f64, domain: &Interval) {
    let (name, mut block) = (family.name(), [f64::NAN; 2]);
    for weight in [0.5, 1.0, 4.0] {
        let mean = family.starting_mean(y, weight);
        assert!(domain.contains(mean.mu), "{name}: the starting mean of y = {y} is {}, not in {domain}", mean.mu);
        assert_near("the complement of the starting mean", &name, mean.complement, 1.0 - mean.mu, 1e-14, 1.0);
        family.starting_means(&[y; 2], &[weight; 2], &mut block);
        assert_near("starting_means() is starting_mean()", &name, block[1], mean.mu, 1e-14, 0.0);
    }
    family.starting_means(&[y; 2], &[], &mut block);
    assert_near("starting_means() without weights", &name, block[1], family.starting_mean(y, 1.0).mu, 1e-14, 0.0);
}

/// Values of a response: a grid, and the ends that belong to the support.
fn responses(support: &Interval) -> Vec<f64> {
    let mut values = support.grid(9);
    values.extend([support.lower, support.upper].into_iter().filter(|end| support.contains(*end)));
    values
}

fn deviance(family: &dyn Family, y: f64, mu: f64, variance: f64, domain: &Interval) {
    let place = format!("{}, y = {y}, μ = {mu}", family.name());
    let value = family.unit_deviance(y, Mean::from(mu));
    let far = (y - mu).abs() > 1e-3 * y.abs().max(mu.abs());
    assert!(value >= 0.0 && (value > 0.0 || !far), "d = {value} at {place}");
    let slope = -2.0 * (y - mu) / variance;
    let near = (slope, 1e-12 * (y.abs() + mu.abs()) / variance);
    assert_derivative("∂d/∂μ = −2(y − μ)/V", &place, |mu| family.unit_deviance(y, mu.into()), mu, domain, near);
    assert_near("residual is μ − y", &place, family.residual(y, mu.into()), mu - y, 1e-12, 1e-3);
}

/// The unit at a point whose link has arbitrary derivatives.
fn unit(family: &dyn Family, y: f64, mu: f64, variance: f64) {
    let place = format!("{}, y = {y}, μ = {mu}", family.name());
    let mean = Mean::from(mu);
    let at = Point::from_mean(mean, 0.7 * mu, -0.3 * mu);
    let half = 0.5 * family.unit_deviance(y, mean);
    assert_near("half_deviance", &place, family.half_deviance(y, &at), half, 1e-10, 1e-12);
    let dvariance = family.dvariance_dmu(mean);
    let (own, general) = (family.unit(y, &at), Unit::general(half, y, &at, variance, dvariance));
    assert_near("the unit's loss", &place, own.loss, half, 1e-10, 1e-12);
    assert_near("the unit's slope", &place, own.slope, general.slope, 1e-10, 1e-12);
    assert_near("the unit's expected curvature", &place, own.expected, general.expected, 1e-10, 0.0);
    let scale = general.expected + (mu - y).abs() / variance * (at.d2mu.abs() + general.expected * dvariance.abs());
    assert_near("the unit's observed curvature", &place, own.observed, general.observed, 1e-10, scale);
}

fn likelihood(family: &dyn Family, y: f64, mu: f64, variance: f64, domain: &Interval) {
    let dispersion = match family.dispersion() {
        Dispersion::Known(value) => value,
        Dispersion::Unknown => 0.8,
    };
    let weight = 2.0;
    let value = |mu: f64| family.log_likelihood(y, mu.into(), weight, dispersion);
    let Some(here) = value(mu) else { return };
    let place = format!("{}, y = {y}, μ = {mu}", family.name());
    assert!(here.is_finite(), "the log-likelihood is {here} at {place}");
    if let Some(saturated) = family.saturated_log_likelihood(&[y], &[weight], &[1.0], dispersion) {
        let expected = saturated - 0.5 * weight * family.unit_deviance(y, mu.into()) / dispersion;
        assert_near("the log-likelihood below the saturated one", &place, here, expected, 1e-12, saturated.abs() + 1.0);
        let [named, empty] =
            [&[1.0; 2][..], &[]].map(|ones| family.saturated_log_likelihood(&[y; 2], ones, ones, dispersion));
        assert_eq!(named.is_some(), empty.is_some(), "weights of one and none differ at {place}");
        let (named, empty) = (named.unwrap_or(0.0), empty.unwrap_or(0.0));
        assert_near("the saturated log-likelihood without weights", &place, empty, named, 1e-13, 1.0);
    }
    let slope = weight * (y - mu) / (dispersion * variance);
    let f = |mu| value(mu).unwrap_or(f64::NAN);
    assert_derivative(
        "∂ log-likelihood/∂μ = weight (y − μ)/(φV)",
        &place,
        f,
        mu,
        domain,
        (slope, 1e-12 * (y.abs() + mu.abs()) / variance),
    );
}

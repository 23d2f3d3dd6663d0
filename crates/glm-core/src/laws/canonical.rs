//! The laws of a canonical pair.

use super::assert_near;
use crate::{Activation, Canonical, CanonicalGlm, Glm, Link};

/// Asserts the laws of a family with its canonical link: θ(μ(η)) = c·η, and the canonical form of the response is the
/// general one, to 1e-9 and better away from the tails: slope = c (μ − y), both curvatures c²V.
///
/// # Panics
///
/// Where a law is broken.
pub fn canonical<F: Canonical + Clone>(family: F) {
    let (link, scale) = (family.canonical_link(), family.scale());
    let domain = family.mean_domain();
    let canonical = CanonicalGlm::new(family.clone());
    let general = match Glm::new(family.clone(), family.canonical_link()) {
        Ok(general) => general,
        Err(error) => panic!("the canonical link must suit its family: {error}"),
    };
    for mu in domain.grid(16) {
        let eta = link.eta(mu.into());
        let at = link.at(eta);
        let place = format!("{}({}), η = {eta}", family.name(), link.name());
        let theta = family.theta(at.mean());
        assert_near("θ(μ(η)) = c·η", &place, theta, scale * eta, 1e-10, 1e-3);
        let mut responses = family.support().grid(7);
        responses.push(mu);
        for y in responses {
            let place = format!("{place}, y = {y}");
            let (own, other) = (canonical.unit(y, eta), general.unit(y, eta));
            let rounding = 1e-3 * other.expected.max(other.slope.abs());
            assert_near("slope = c(μ − y)", &place, own.slope, scale * (at.mu - y), 1e-11, rounding);
            assert_near("the loss of the general form", &place, own.loss, other.loss, 1e-9, 1e-12);
            assert_near("the slope of the general form", &place, own.slope, other.slope, 1e-9, rounding);
            assert_near("the expected curvature of the general form", &place, own.expected, other.expected, 1e-9, 0.0);
            let size = other.expected + other.slope.abs() * (at.d2mu / at.dmu).abs();
            assert_near("the observed curvature of the general form", &place, own.observed, other.observed, 1e-9, size);
        }
    }
}

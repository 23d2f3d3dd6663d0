//! A family with its canonical link: the slope is μ − y, and that line is the thesis.

use crate::response::general::{reachable, respond_as_pair, start, write_declined_units, write_units};
use crate::{Activation, Canonical, Family, Link, Order, Recession, Response, Unit, Units, recession};

/// A family with its canonical link, θ = c·η.
///
/// slope = c (μ − y), curvature = c² V(μ), expected and observed alike: nothing is divided, so no tail is lost.
///
/// ```
/// use glm_core::{Binomial, CanonicalGlm, Order, Response, Units};
/// let logistic = CanonicalGlm::new(Binomial);
/// let (mut loss, mut slope) = ([0.0], [0.0]);
/// let out = Units { loss: &mut loss, slope: &mut slope, curvature: &mut [] };
/// logistic.units(&[0.0], &[40.0], Order::Gradient, out);
/// assert_eq!((loss[0], slope[0]), (40.0, 1.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CanonicalGlm<F: Canonical> {
    family: F,
    link: F::Link,
    scale: f64,
}

impl<F: Canonical> CanonicalGlm<F> {
    /// The family with its canonical link.
    pub fn new(family: F) -> Self {
        let (link, scale) = (family.canonical_link(), family.scale());
        Self { family, link, scale }
    }

    /// The family.
    pub fn family(&self) -> &F {
        &self.family
    }

    /// The link.
    pub fn link(&self) -> &F::Link {
        &self.link
    }

    /// One observation seen from its linear predictor; [`Unit::OUTSIDE`] where η or μ is outside its domain.
    pub fn unit(&self, y: f64, eta: f64) -> Unit {
        if !self.link.domain().contains(eta) {
            return Unit::OUTSIDE;
        }
        let at = self.link.at(eta);
        if !reachable(&self.family.mean_domain(), at.mu) {
            return Unit::OUTSIDE;
        }
        let curvature = self.scale * self.scale * self.family.variance(at.mean());
        Unit {
            loss: self.family.half_deviance(y, &at),
            slope: self.scale * self.family.residual(y, at.mean()),
            expected: curvature,
            observed: curvature,
        }
    }
}

impl<F: Canonical> Response for CanonicalGlm<F> {
    fn units(&self, y: &[f64], eta: &[f64], order: Order, mut out: Units<'_>) {
        let unit = |y, eta| self.unit(y, eta);
        if self.family.canonical_units(y, eta, order, &mut out) {
            write_declined_units(y, eta, order, &mut out, unit);
        } else {
            write_units(y, eta, order, &mut out, unit);
        }
    }
    respond_as_pair!();
    fn is_canonical(&self) -> bool {
        true
    }
}

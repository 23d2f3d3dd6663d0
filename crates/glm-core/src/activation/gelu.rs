//! The Gaussian error linear unit, μ = η Φ(η).

use crate::{Activation, special};

/// μ = η Φ(η) with the normal cdf itself, not its tanh approximation; μ′ = Φ(η) + η φ(η).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gelu;

impl Activation for Gelu {
    fn mu(&self, eta: f64) -> f64 {
        eta * special::normal_cdf(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        special::normal_cdf(eta) + eta * special::normal_pdf(eta)
    }
}

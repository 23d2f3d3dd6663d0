//! An activation is the inverse of a link, μ = g⁻¹(η); a hidden layer needs no more than that and one derivative.

mod elu;
pub(crate) mod exponential;
mod gelu;
mod leaky_relu;
mod relu;
mod softplus;
mod tanh;

pub use elu::Elu;
pub use gelu::Gelu;
pub use leaky_relu::LeakyRelu;
pub use relu::Relu;
pub use softplus::Softplus;
pub use tanh::Tanh;

use std::fmt;

/// η ↦ μ. All that a hidden layer needs.
///
/// The slice methods exist so that a dynamic call is paid once per block of rows and not once per number; they default
/// to the scalar ones, the `f32` ones by way of `f64`.
pub trait Activation: fmt::Debug + Send + Sync {
    /// The mean, μ = g⁻¹(η).
    fn mu(&self, eta: f64) -> f64;

    /// dμ/dη. Where the function has a kink, the derivative from the left (so relu′(0) = 0).
    fn dmu_deta(&self, eta: f64) -> f64;

    /// The name by which specifications and reports call it.
    fn name(&self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// μ for each η.
    fn mu_into(&self, eta: &[f64], mu: &mut [f64]) {
        for (mu, eta) in mu.iter_mut().zip(eta) {
            *mu = self.mu(*eta);
        }
    }

    /// Multiplies each `delta` (∂loss/∂μ) by dμ/dη, which makes it ∂loss/∂η. `mu` holds the means that
    /// [`mu_into`](Self::mu_into) gave for `eta`, so that a sigmoid need not compute its exponential again.
    fn pull_back(&self, eta: &[f64], mu: &[f64], delta: &mut [f64]) {
        let _ = mu;
        for (delta, eta) in delta.iter_mut().zip(eta) {
            *delta *= self.dmu_deta(*eta);
        }
    }

    /// [`mu_into`](Self::mu_into) on `f32`.
    #[expect(clippy::cast_possible_truncation, reason = "the caller asked for single precision")]
    fn mu_into_f32(&self, eta: &[f32], mu: &mut [f32]) {
        for (mu, eta) in mu.iter_mut().zip(eta) {
            *mu = self.mu(f64::from(*eta)) as f32;
        }
    }

    /// [`pull_back`](Self::pull_back) on `f32`.
    #[expect(clippy::cast_possible_truncation, reason = "the caller asked for single precision")]
    fn pull_back_f32(&self, eta: &[f32], mu: &[f32], delta: &mut [f32]) {
        let _ = mu;
        for (delta, eta) in delta.iter_mut().zip(eta) {
            *delta *= self.dmu_deta(f64::from(*eta)) as f32;
        }
    }
}

impl<A: Activation + ?Sized> Activation for Box<A> {
    fn mu(&self, eta: f64) -> f64 {
        (**self).mu(eta)
    }
    fn dmu_deta(&self, eta: f64) -> f64 {
        (**self).dmu_deta(eta)
    }
    fn name(&self) -> String {
        (**self).name()
    }
    fn mu_into(&self, eta: &[f64], mu: &mut [f64]) {
        (**self).mu_into(eta, mu);
    }
    fn pull_back(&self, eta: &[f64], mu: &[f64], delta: &mut [f64]) {
        (**self).pull_back(eta, mu, delta);
    }
    fn mu_into_f32(&self, eta: &[f32], mu: &mut [f32]) {
        (**self).mu_into_f32(eta, mu);
    }
    fn pull_back_f32(&self, eta: &[f32], mu: &[f32], delta: &mut [f32]) {
        (**self).pull_back_f32(eta, mu, delta);
    }
}

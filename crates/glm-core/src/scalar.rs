//! The two storages that networks train in; GLMs are `f64`.

use std::fmt;
use std::ops::{AddAssign, DivAssign, MulAssign, SubAssign};

use faer::traits::RealField;

use crate::Activation;

/// `f32` or `f64`. A network's layers are generic over it; everything about a response stays `f64`.
pub trait Scalar: RealField + Copy + Default + PartialOrd + Send + Sync + fmt::Debug + Arithmetic + 'static {
    /// Rounds to this storage.
    fn from_f64(value: f64) -> Self;

    /// Widens, exactly.
    fn to_f64(self) -> f64;

    /// [`Activation::mu_into`] or its `f32` twin.
    fn mu_into(activation: &dyn Activation, eta: &[Self], mu: &mut [Self]);

    /// [`Activation::pull_back`] or its `f32` twin.
    fn pull_back(activation: &dyn Activation, eta: &[Self], mu: &[Self], delta: &mut [Self]);
}

/// The assigning operators; the others come with faer's `RealField`.
pub trait Arithmetic: AddAssign + SubAssign + MulAssign + DivAssign + Sized {}

impl Arithmetic for f32 {}
impl Arithmetic for f64 {}

impl Scalar for f64 {
    fn from_f64(value: f64) -> Self {
        value
    }
    fn to_f64(self) -> f64 {
        self
    }
    fn mu_into(activation: &dyn Activation, eta: &[Self], mu: &mut [Self]) {
        activation.mu_into(eta, mu);
    }
    fn pull_back(activation: &dyn Activation, eta: &[Self], mu: &[Self], delta: &mut [Self]) {
        activation.pull_back(eta, mu, delta);
    }
}

impl Scalar for f32 {
    #[expect(clippy::cast_possible_truncation, reason = "rounding to single precision is what was asked for")]
    fn from_f64(value: f64) -> Self {
        value as Self
    }
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
    fn mu_into(activation: &dyn Activation, eta: &[Self], mu: &mut [Self]) {
        activation.mu_into_f32(eta, mu);
    }
    fn pull_back(activation: &dyn Activation, eta: &[Self], mu: &[Self], delta: &mut [Self]) {
        activation.pull_back_f32(eta, mu, delta);
    }
}

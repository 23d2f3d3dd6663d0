//! The laws of an activation.

use super::assert_near;
use super::difference::assert_derivative;
use crate::{Activation, Interval};

/// Asserts the laws of an activation defined for all reals.
///
/// The derivative is that of the function (points of either sign, so a kink at zero is allowed and one elsewhere is
/// not); nothing is NaN at η = ±40 and ±750; the slice methods do what the scalar ones do, to 1e-13 in `f64` and to
/// 2e-6 in `f32`.
///
/// # Panics
///
/// Where a law is broken.
pub fn activation(activation: &dyn Activation) {
    on(activation, &Interval::REAL);
    for eta in [-750.0, -40.0, 0.0, 40.0, 750.0] {
        let (mu, dmu) = (activation.mu(eta), activation.dmu_deta(eta));
        assert!(!mu.is_nan() && !dmu.is_nan(), "{} is NaN at η = {eta}: μ = {mu}, dμ/dη = {dmu}", activation.name());
    }
}

/// The laws on an interval.
pub(super) fn on(activation: &dyn Activation, domain: &Interval) {
    let grid = domain.grid(40);
    for eta in &grid {
        let place = format!("{}, η = {eta}", activation.name());
        let derivative = activation.dmu_deta(*eta);
        assert_derivative(
            "dμ/dη is the derivative of μ",
            &place,
            |eta| activation.mu(eta),
            *eta,
            domain,
            (derivative, 0.0),
        );
    }
    slices(activation, &grid);
    single_precision(activation, &grid);
}

fn slices(activation: &dyn Activation, grid: &[f64]) {
    let mut mu = vec![f64::NAN; grid.len()];
    activation.mu_into(grid, &mut mu);
    let mut delta = vec![3.0; grid.len()];
    activation.pull_back(grid, &mu, &mut delta);
    for ((eta, mu), delta) in grid.iter().zip(&mu).zip(&delta) {
        let place = format!("{}, η = {eta}", activation.name());
        assert_near("mu_into is mu", &place, *mu, activation.mu(*eta), 1e-13, 0.0);
        let expected = 3.0 * activation.dmu_deta(*eta);
        assert_near("pull_back multiplies by dμ/dη", &place, *delta, expected, 1e-13, 1.0);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "single precision is what is tested")]
fn single_precision(activation: &dyn Activation, grid: &[f64]) {
    let eta: Vec<f32> = grid.iter().map(|eta| *eta as f32).collect();
    let mut mu = vec![f32::NAN; eta.len()];
    activation.mu_into_f32(&eta, &mut mu);
    let mut delta = vec![3.0; eta.len()];
    activation.pull_back_f32(&eta, &mu, &mut delta);
    for ((eta, mu), delta) in eta.iter().zip(&mu).zip(&delta) {
        let place = format!("{}, η = {eta} in single precision", activation.name());
        let (exact, derivative) = (activation.mu(f64::from(*eta)), activation.dmu_deta(f64::from(*eta)));
        if exact.abs().max(derivative.abs()) < 1e35 {
            assert_near("mu_into_f32 is mu", &place, f64::from(*mu), exact, 2e-6, 1.0);
            assert_near("pull_back_f32 is dμ/dη", &place, f64::from(*delta) / 3.0, derivative, 2e-6, 1.0);
        }
    }
}

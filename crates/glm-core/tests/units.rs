//! The vectorised kernels of responses against the scalar formulas, row by row, far into every tail.

use glm_core::{
    Binomial, CanonicalGlm, Cloglog, Gamma, Gaussian, Glm, InverseGaussian, Log, NegativeBinomial, Order, Poisson,
    Probit, Quasi, Response, Tweedie, Unit, Units,
};

const ETA: [f64; 37] = [
    0.0, -0.0, 1e-300, -1e-17, 1e-9, -1e-9, 1e-4, 0.1, -0.1, 0.3, 0.5, -0.7, 0.9, 1.0, -1.0, -1.3, 1.9, 2.0, -2.5, 3.0,
    -4.0, 5.5, -6.0, 6.6, -9.0, 9.0, 20.0, -20.0, 36.0, -37.5, 40.0, -40.0, 300.0, -700.0, 700.0, -709.5, 750.0,
];

/// Every y at every η, in one block, so that every lane and the tail meet every kind of row.
fn block(y: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let eta: Vec<f64> = ETA.iter().copied().chain((0..63).map(|i| f64::from(i) * 0.37 - 11.3)).collect();
    eta.iter().flat_map(|eta| y.iter().map(move |y| (*y, *eta))).unzip()
}

fn units(response: &dyn Response, y: &[f64], eta: &[f64], order: Order) -> [Vec<f64>; 3] {
    let mut out = [vec![0.0; y.len()], vec![0.0; y.len()], vec![0.0; y.len()]];
    let [loss, slope, curvature] = &mut out;
    response.units(y, eta, order, Units { loss, slope, curvature });
    out
}

/// Errors of at most `allowed`, relative to the number (an observed curvature: to what cancels in it, which is of the
/// size of the expected one), or absolute below 1e-300, where numbers lose digits.
fn check(response: &dyn Response, unit: impl Fn(f64, f64) -> Unit, y: &[f64], allowed: f64) {
    let (y, eta) = block(y);
    for order in [Order::Loss, Order::Gradient, Order::Expected, Order::Observed] {
        let found = units(response, &y, &eta, order);
        for row in 0..y.len() {
            let scalar = unit(y[row], eta[row]);
            let curvature = if order == Order::Observed { scalar.observed } else { scalar.expected };
            let slack = if order == Order::Observed { scalar.expected.abs() } else { 0.0 };
            let quantities = [(scalar.loss, 0.0, true), (scalar.slope, 0.0, order >= Order::Gradient)];
            let quantities = quantities.into_iter().chain([(curvature, slack, order >= Order::Expected)]);
            for (k, (expected, slack, wanted)) in quantities.enumerate() {
                let found = found[k][row];
                let same = found.to_bits() == expected.to_bits() || (found.is_nan() && expected.is_nan());
                let close = (found - expected).abs() <= allowed * (expected.abs() + slack) + 1e-300;
                let place = format!("{} {order:?} quantity {k} at y = {}, eta = {}", response.name(), y[row], eta[row]);
                assert!(!wanted || same || close, "{place}: {found:e}, scalar {expected:e}");
            }
        }
    }
}

/// The loss of a proportion or a count next to its mean is as ill-conditioned as their difference, by 2μ/(μ − y): of the
/// numbers here, 28 for y = 0.25 at η = −1.
#[test]
fn canonical_kernels() {
    let logistic = CanonicalGlm::new(Binomial);
    check(&logistic, |y, eta| logistic.unit(y, eta), &[0.0, 1.0], 1e-15);
    check(&logistic, |y, eta| logistic.unit(y, eta), &[0.0, 1.0, 0.25, 0.7, 1e-6, 0.999], 2e-14);
    let poisson = CanonicalGlm::new(Poisson);
    check(&poisson, |y, eta| poisson.unit(y, eta), &[0.0, 1.0, 2.0, 7.0, 0.3, 1e-12, 1e12], 2e-14);
    let gaussian = CanonicalGlm::new(Gaussian);
    check(&gaussian, |y, eta| gaussian.unit(y, eta), &[0.0, 1.0, -3.5, 1e200], 1e-15);
}

#[test]
fn kernels_of_two_stages() -> Result<(), glm_core::Error> {
    let probit = Glm::new(Binomial, Probit)?;
    check(&probit, |y, eta| probit.unit(y, eta), &[0.0, 1.0], 1e-13);
    check(&probit, |y, eta| probit.unit(y, eta), &[0.0, 1.0, 0.25, 0.7, 1e-6], 1e-13);
    let cloglog = Glm::new(Binomial, Cloglog)?;
    check(&cloglog, |y, eta| cloglog.unit(y, eta), &[0.0, 1.0], 1e-13);
    check(&cloglog, |y, eta| cloglog.unit(y, eta), &[0.0, 1.0, 0.25, 0.7, 1e-6], 1e-13);
    let gamma = Glm::new(Gamma, Log)?;
    check(&gamma, |y, eta| gamma.unit(y, eta), &[1.0, 2.0, 7.0, 0.3, 1e-12, 1e12], 1e-13);
    let relative_risk = Glm::new(Binomial, Log)?;
    check(&relative_risk, |y, eta| relative_risk.unit(y, eta), &[0.0, 1.0, 0.25], 1e-13);
    Ok(())
}

#[test]
fn kernels_of_the_log_link() -> Result<(), glm_core::Error> {
    for power in [1.001, 1.05, 1.3, 1.5, 1.9, 1.999] {
        let tweedie = Glm::new(Tweedie::new(power)?, Log)?;
        check(&tweedie, |y, eta| tweedie.unit(y, eta), &[0.0, 1.0, 2.0, 7.0, 0.3, 1e-12, 1e12], 1e-13);
    }
    for power in [1.0, 1.4, 2.0, 2.001, 2.5, 3.0, 3.5, -1.0] {
        let quasi = Glm::new(Quasi::new(power)?, Log)?;
        check(&quasi, |y, eta| quasi.unit(y, eta), &[1.0, 2.0, 7.0, 0.3, 1e-12, 1e12], 1e-13);
    }
    let inverse_gaussian = Glm::new(InverseGaussian, Log)?;
    check(&inverse_gaussian, |y, eta| inverse_gaussian.unit(y, eta), &[1.0, 2.0, 7.0, 0.3, 1e-12, 1e12], 1e-13);
    for theta in [1e-3, 0.2, 1.0, 5.0, 1e4, 1e9] {
        let counts = Glm::new(NegativeBinomial::new(theta)?, Log)?;
        check(&counts, |y, eta| counts.unit(y, eta), &[0.0, 1.0, 2.0, 7.0, 0.3, 120.0, 1e6], 1e-13);
    }
    // Not canonical, so that it is no kernel of its own.
    let poisson = Glm::new(Poisson, Log)?;
    check(&poisson, |y, eta| poisson.unit(y, eta), &[0.0, 1.0, 2.0, 7.0, 0.3], 2e-14);
    Ok(())
}

#[test]
fn losses_next_to_their_minimum_keep_their_digits() {
    let poisson = CanonicalGlm::new(Poisson);
    for (eta, gap) in [(0.0, 1e-8), (0.0, -1e-8), (0.0, 1e-4), (0.0, 0.3)] {
        let y = 1.0 + gap;
        // Half the deviance at μ = 1 is y ln y − (y − 1), by its series in the gap as it was rounded.
        let gap: f64 = y - 1.0;
        let terms = |k: i32| gap.powi(k) / f64::from(k * (k - 1)) * if k % 2 == 0 { 1.0 } else { -1.0 };
        let expected: f64 = (2..60).rev().map(terms).sum();
        let [loss, ..] = units(&poisson, &[y], &[eta], Order::Loss);
        assert!((loss[0] / expected - 1.0).abs() < 2e-15, "{gap}: {} {expected}", loss[0]);
    }
}

/// Ratios from next to 1 through every power of two that the kernel takes off, and its joints at ⅔ and 3/2.
#[test]
fn losses_at_any_distance_keep_their_digits() -> Result<(), glm_core::Error> {
    let gamma = Glm::new(Gamma, Log)?;
    for step in 1..4000 {
        let gap = f64::from(step) * 1e-3;
        for y in [1.0 + gap, 1.0 / (1.0 + gap), 2.0_f64.powi(1 + step / 5), 2.0_f64.powi(-1 - step / 5)] {
            let [loss, ..] = units(&gamma, &[y], &[0.0], Order::Loss);
            // y − 1 − ln y at μ = 1, whose parts cancel no more than 1/(1 − ln y/(y − 1)) to one.
            let part: f64 = y - 1.0;
            let logarithm = if part.abs() < 0.5 { part.ln_1p() } else { f64::ln(y) };
            let allowed = 1e-15 + 3e-16 * part.abs().max(logarithm.abs()) / (part - logarithm);
            assert!((loss[0] / (part - logarithm) - 1.0).abs() < allowed, "{y}: {} {}", loss[0], part - logarithm);
        }
    }
    Ok(())
}

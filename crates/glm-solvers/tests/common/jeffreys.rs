//! Problems by columns, with their Jeffreys fits.

use glm_core::{Dense, spec};
use glm_solvers::{BiasReducedFit, BiasReduction, Problem, fit_bias_reduced};

pub(crate) const JEFFREYS: BiasReduction = BiasReduction::Jeffreys;

pub(crate) const PAIRS: [&str; 7] = [
    "binomial(logit)",
    "binomial(probit)",
    "binomial(cloglog)",
    "binomial(loglog)",
    "binomial(cauchit)",
    "poisson(log)",
    "negative-binomial(2)(log)",
];

/// Runs a test on a problem by columns and its Jeffreys fit.
pub(crate) fn on<T>(
    name: &str,
    columns: &[&[f64]],
    y: &[f64],
    test: impl FnOnce(&Problem<'_>, &BiasReducedFit) -> T,
) -> T {
    let (design, response) = (Dense::with_intercept(columns.iter().copied()).unwrap(), spec::response(name).unwrap());
    let problem = Problem::new(&design, &*response, y.to_vec()).unwrap();
    let fit = fit_bias_reduced(&problem, JEFFREYS).unwrap_or_else(|error| panic!("{name}: {error}"));
    test(&problem, &fit)
}

pub(crate) fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs();
    assert!(error <= tolerance * expected.abs().max(1.0), "{what}: {found:e} instead of {expected:e}");
}

pub(crate) fn columns() -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let x = (0..20).map(|i| f64::from(i * 7 % 20) / 10.0 - 1.0).collect();
    let z = (0..20).map(|i| f64::from(i * i % 11) / 11.0).collect();
    let y = (0..20).map(|i| f64::from(u8::from((i * 13 % 7) > 3))).collect();
    (x, z, y)
}

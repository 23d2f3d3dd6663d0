//! Tweedie regression with the power estimated: the maximum, its interval, its limits, and weights.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail too")]

use glm_core::{CanonicalGlm, Dense, Design, Exponential, Log, Mean, Poisson, Tweedie};
use glm_solvers::{
    DispersionEstimate, DispersionSource, Error, Problem, TweedieFit, TweedieLimit, fit_tweedie, irls, lbfgs,
    newton_raphson,
};

const RAIN: [f64; 20] =
    [0.0, 3.2, 0.0, 11.7, 0.9, 5.4, 0.0, 2.6, 24.1, 0.0, 1.3, 7.8, 0.3, 4.1, 0.0, 15.6, 2.2, 0.0, 6.5, 9.4];

fn fit(design: &dyn Design, y: &[f64], weights: Option<Vec<f64>>) -> TweedieFit {
    let poisson = CanonicalGlm::new(Poisson);
    let problem = Problem::new(design, &poisson, y.to_vec()).unwrap();
    let problem = match weights {
        Some(weights) => problem.with_weights(weights).unwrap(),
        None => problem,
    };
    fit_tweedie(&irls(), &problem, &Log).unwrap()
}

fn close(what: &str, found: Option<f64>, expected: f64, tolerance: f64) {
    let error = (found.unwrap_or(f64::NAN) / expected - 1.0).abs();
    assert!(error <= tolerance, "{what}: {found:?} instead of {expected}, {error:.1e}");
}

/// p, φ, log-likelihood, standard error and interval, by mpmath: the density summed as its definition has it with 50
/// digits at μ = Σwy/Σw (right for every p), ∂/∂ ln φ = 0 by the secant method, and the slope in p as well.
#[test]
fn a_profile_without_covariates_is_that_of_34_digits() {
    let design = Dense::intercept_only(20).unwrap();
    let weights = [1.0, 2.0, 0.5, 1.5].repeat(5);
    let unweighted = [
        1.489_611_454_782_17,
        3.641_040_922_330_1,
        -53.034_867_075_475_5,
        0.115_531_168_929,
        1.291_263_815_308,
        1.714_191_594_625_2,
    ];
    let weighted = [
        1.535_841_769_348_23,
        4.056_457_118_202_91,
        -52.851_042_624_030_6,
        0.109_133_963_601,
        1.340_308_193_999_3,
        1.742_185_794_025,
    ];
    for (weights, expected) in [(None, unweighted), (Some(weights), weighted)] {
        let [power, phi, height, std_error, lower, upper] = expected;
        let found = fit(&design, &RAIN, weights);
        close("power", found.power, power, 2e-11);
        close("dispersion", found.fit.dispersion, phi, 1e-10);
        close("log-likelihood", found.fit.log_likelihood, height, 1e-14);
        close("standard error", found.power_std_error, std_error, 1e-5);
        close("lower", found.power_interval[0], lower, 1e-9);
        close("upper", found.power_interval[1], upper, 1e-9);
        // β, φ and p.
        close("aic", found.fit.aic, 6.0 - 2.0 * height, 1e-14);
        close("bic", found.fit.bic, 3.0 * 20.0_f64.ln() - 2.0 * height, 1e-14);
        assert_eq!(found.fit.dispersion_source, DispersionSource::MaximumLikelihood);
        assert!(found.limit.is_none());
    }
}

fn x(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.61).sin()).collect()
}

fn draws(n: usize, mut draw: impl FnMut(f64) -> f64) -> Vec<f64> {
    x(n).iter().map(|x| draw((0.8 + 0.6 * x).exp())).collect()
}

fn tweedie(n: usize, seed: u64, power: f64, phi: f64) -> Vec<f64> {
    let mut rng = sim::rng(seed, 0);
    draws(n, |mean| sim::draw::tweedie(&mut rng, mean, power, phi).unwrap())
}

/// The log-likelihood by the density alone.
fn log_likelihood(y: &[f64], x: &[f64], [b0, b1]: [f64; 2], phi: f64, power: f64) -> f64 {
    let family = Tweedie::new(power).unwrap();
    y.iter().zip(x).map(|(y, x)| family.ln_density(*y, Mean::from((b0 + b1 * x).exp()), phi).unwrap()).sum()
}

/// The largest of the values between −2 and 2 that golden sections meet.
fn highest(value: impl Fn(f64) -> f64) -> f64 {
    let ratio = 0.5 * (5.0_f64.sqrt() - 1.0);
    let (mut low, mut high) = (-2.0, 2.0);
    for _ in 0..30 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if value(a) > value(b) { high = b } else { low = a }
    }
    value(0.5 * (low + high))
}

#[test]
fn no_neighbour_and_no_point_of_a_grid_is_more_likely() {
    const N: usize = 250;
    for (power, phi, seed) in [(1.15, 0.7, 5), (1.5, 1.4, 6), (1.8, 0.9, 7)] {
        let (x, y) = (x(N), tweedie(N, seed, power, phi));
        let design = Dense::with_intercept([&x[..]]).unwrap();
        let found = fit(&design, &y, None);
        let (p, b, best) = (found.power.unwrap(), found.fit.params(), found.fit.log_likelihood.unwrap());
        let (b, phi) = ([b[0], b[1]], found.fit.dispersion.unwrap());
        assert!((p - power).abs() < 3.5 * found.power_std_error.unwrap(), "{p} {power}");
        assert!((log_likelihood(&y, &x, b, phi, p) - best).abs() < 1e-9 * best.abs());
        for step in [[1e-3, 0.0, 0.0, 0.0], [0.0, 1e-3, 0.0, 0.0], [0.0, 0.0, 1e-3, 0.0], [0.0, 0.0, 0.0, 1e-3]] {
            for sign in [1.0, -1.0] {
                let [d0, d1, d2, d3] = step.map(|step| sign * step);
                let there = log_likelihood(&y, &x, [b[0] + d0, b[1] + d1], phi * (1.0 + d2), p + d3);
                assert!(there < best, "{power} {step:?}");
            }
        }
        // β hardly moves with p, so that the profile at β̂ is within a hair of the profile.
        let [lower, upper] = found.power_interval.map(Option::unwrap);
        assert!(lower < p && p < upper);
        for i in 0..6 {
            let power = 1.08 + 0.16 * f64::from(i);
            let highest = highest(|ln_phi| log_likelihood(&y, &x, b, phi * ln_phi.exp(), power));
            assert!(highest < best, "{power}");
            let margin = 0.05;
            let inside = 2.0 * (best - highest) < 3.841_458_820_694_124;
            let deep_inside = power > lower + margin * (p - lower) && power < upper - margin * (upper - p);
            let far_outside = power < lower - margin * (p - lower) || power > upper + margin * (upper - p);
            assert!(if inside { !far_outside } else { !deep_inside }, "{lower} {power} {upper} {best} {highest}");
        }
    }
}

#[test]
fn every_solver_finds_the_same_power() {
    let (x, y) = (x(200), tweedie(200, 3, 1.6, 1.2));
    let (design, poisson) = (Dense::with_intercept([&x[..]]).unwrap(), CanonicalGlm::new(Poisson));
    let problem = Problem::new(&design, &poisson, y).unwrap();
    let by_irls = fit_tweedie(&irls(), &problem, &Log).unwrap();
    for solver in [newton_raphson(), lbfgs()] {
        let found = fit_tweedie(&solver, &problem, &Log).unwrap();
        close("power", found.power, by_irls.power.unwrap(), 1e-8);
        close("dispersion", found.fit.dispersion, by_irls.fit.dispersion.unwrap(), 1e-8);
    }
}

#[test]
fn what_scatters_more_than_a_gamma_has_the_limit_two() {
    let mut rng = sim::rng(11, 0);
    let (x, y) = (x(200), draws(200, |mean| sim::draw::inverse_gaussian(&mut rng, mean, 0.4).unwrap()));
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let found = fit(&design, &y, None);
    assert_eq!((found.limit, found.power), (Some(TweedieLimit::Gamma), None));
    assert_eq!(found.fit.response, "gamma(log)");
    let gamma = glm_core::spec::response("gamma(log)").unwrap();
    let problem = Problem::new(&design, &*gamma, y).unwrap();
    let problem = problem.with_dispersion(DispersionEstimate::MaximumLikelihood).unwrap();
    let expected = irls().fit(&problem).unwrap();
    close("dispersion", found.fit.dispersion, expected.dispersion.unwrap(), 1e-9);
    close("log-likelihood", found.fit.log_likelihood, expected.log_likelihood.unwrap(), 1e-12);
    let [lower, upper] = found.power_interval;
    assert!(upper.is_none() && lower.is_some_and(|lower| lower > 1.5 && lower < 2.0), "{lower:?}");
}

#[test]
fn counts_have_the_limit_one() {
    let mut rng = sim::rng(12, 0);
    let (x, y) = (x(200), draws(200, |mean| sim::draw::poisson(&mut rng, mean).unwrap()));
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let found = fit(&design, &y, None);
    assert_eq!((found.limit, found.power), (Some(TweedieLimit::Poisson), None));
    assert_eq!(found.fit.response, "quasi-poisson(log)");
    assert!(found.fit.log_likelihood.is_none() && found.power_interval == [None, None]);
    assert!(found.fit.dispersion.is_some_and(|phi| (phi - 1.0).abs() < 0.4));
}

#[test]
fn units_and_weights_have_no_say_in_the_power() {
    let (x, y) = (x(120), tweedie(120, 9, 1.6, 1.0));
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let base = fit(&design, &y, None);
    let (power, phi) = (base.power.unwrap(), base.fit.dispersion.unwrap());
    // Var(cy) = c² φ μ^p = φ c^(2 − p) (cμ)^p, and the density of positive responses is divided by c.
    let larger: Vec<f64> = y.iter().map(|y| 60.0 * y).collect();
    let positive = y.iter().filter(|y| **y > 0.0).count() as f64;
    let found = fit(&design, &larger, None);
    close("power", found.power, power, 1e-9);
    close("dispersion", found.fit.dispersion, 60.0_f64.powf(2.0 - power) * phi, 1e-8);
    let height = base.fit.log_likelihood.unwrap() - positive * 60.0_f64.ln();
    close("log-likelihood", found.fit.log_likelihood, height, 1e-12);
    let found = fit(&design, &y, Some(vec![7.0; 120]));
    close("power", found.power, power, 1e-9);
    close("dispersion", found.fit.dispersion, 7.0 * phi, 1e-9);
    close("standard error", Some(found.fit.std_errors[1]), base.fit.std_errors[1], 1e-8);
}

#[test]
fn a_row_of_weight_zero_is_absent() {
    let (x, mut y) = (x(120), tweedie(120, 8, 1.4, 1.0));
    let design = Dense::with_intercept([&x[..100]]).unwrap();
    let expected = fit(&design, &y[..100], None);
    let weights = (0..120).map(|i| f64::from(u8::from(i < 100))).collect();
    y[110] = 1e6;
    let found = fit(&Dense::with_intercept([&x[..]]).unwrap(), &y, Some(weights));
    close("power", found.power, expected.power.unwrap(), 1e-9);
    close("aic", found.fit.aic, expected.fit.aic.unwrap(), 1e-12);
}

#[test]
fn a_dispersion_that_is_fixed_is_refused() {
    let (design, poisson) = (Dense::intercept_only(20).unwrap(), CanonicalGlm::new(Poisson));
    let problem = Problem::new(&design, &poisson, RAIN.to_vec()).unwrap();
    let problem = problem.with_dispersion(DispersionEstimate::Fixed(2.0)).unwrap();
    let error = fit_tweedie(&irls(), &problem, &Log).unwrap_err();
    assert!(matches!(error, Error::InvalidSetting { setting: "dispersion", .. }), "{error}");
}

#[test]
fn responses_that_are_fitted_exactly_are_refused() {
    let (x, poisson) = (x(6), CanonicalGlm::new(Poisson));
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let y = x.iter().map(|x| (1.0 + 0.5 * x).exp()).collect();
    let error = fit_tweedie(&irls(), &Problem::new(&design, &poisson, y).unwrap(), &Log).unwrap_err();
    assert!(matches!(error, Error::ExactFit { .. }), "{error}");
}

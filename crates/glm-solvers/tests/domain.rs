//! Domains: starts and first steps outside them, their edges, and offsets that the intercept takes away.

#[path = "common/all_solvers.rs"]
mod all_solvers;
#[path = "common/close.rs"]
mod close;

use all_solvers::{agreed, fits, refusals, response, solvers};
use close::{same_coefficients, same_std_errors};
use glm_core::Dense;
use glm_solvers::{Error, Problem, irls};

/// A Gaussian response may be negative where its mean may not; the score Σ (μ − y) μ xⱼ vanishes.
#[test]
fn responses_outside_the_range_of_the_link() {
    let x: Vec<f64> = (0..40).map(|i| f64::from(i) / 20.0).collect();
    let y: Vec<f64> =
        x.iter().enumerate().map(|(i, x)| (0.3 + 0.8 * x).exp() + if i % 2 == 0 { 1.8 } else { -1.8 }).collect();
    assert!(y.iter().any(|y| *y < 0.0), "some are negative");
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let response = response("gaussian(log)");
    let fit = agreed("gaussian(log)", &Problem::new(&design, &*response, y.clone()).unwrap());
    let score = |power: i32| {
        let term = |(x, y): (&f64, &f64)| {
            let mu = (fit.coefficients[0] + fit.coefficients[1] * x).exp();
            (mu - y) * mu * x.powi(power)
        };
        x.iter().zip(&y).map(term).sum::<f64>()
    };
    assert!(score(0).abs() < 1e-6 && score(1).abs() < 1e-6, "{} {}", score(0), score(1));
}

#[test]
fn first_steps_outside_the_domain() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) / 10.0).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    // One small response dominates the first step of 1/μ, and its line crosses zero.
    let mut steep: Vec<f64> = x.iter().map(|x| 2.0 + 3.0 * x).collect();
    steep[0] = 0.05;
    let counts: Vec<f64> = (0..30).map(|i| f64::from(1 + i * i / 40 + i % 3)).collect();
    let shares: Vec<f64> = (0..30).map(|i| f64::from(u8::from(i * 7 % 10 < 2 + i / 6))).collect();
    for (name, y) in [
        ("gamma", steep.clone()),
        ("inverse-gaussian", steep),
        ("poisson(identity)", counts.clone()),
        ("poisson(sqrt)", counts),
        ("binomial(log)", shares.clone()),
        ("binomial(identity)", shares.clone()),
        ("binomial(odds-power(0.5))", shares),
    ] {
        let response = response(name);
        let fit = agreed(name, &Problem::new(&design, &*response, y).unwrap());
        assert!(fit.deviance < fit.null_deviance, "{name}: {} {}", fit.deviance, fit.null_deviance);
    }
}

/// Where the first counts are zero, the loss of a line falls until it meets zero: no score vanishes there, although it
/// vanishes beside the information, which is infinite.
#[test]
fn the_edge_of_the_domain_is_no_maximum() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) / 10.0).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let y: Vec<f64> = (0..30).map(|i| if i < 8 { 0.0 } else { f64::from(i * i / 40 + i % 3) }).collect();
    let response = response("poisson(identity)");
    let wanted = |error| match error {
        Error::Boundary(found) => Ok(*found),
        error => Err(error),
    };
    for found in refusals(&Problem::new(&design, &*response, y).unwrap(), wanted) {
        // The first row, at x = 0, is on the edge.
        assert!(found.fit.coefficients[0].abs() < 1e-12 && found.fit.deviance.is_finite(), "{:?}", found.fit);
        assert!(found.active.len() == 1 && found.active[0].row == 0 && found.active[0].multiplier > 0.0);
        assert!(found.fit.std_errors.iter().all(|error| error.is_nan()));
    }
}

/// Regression: a start given far from the maximum, where weights are larger by any factor, made a good fit look
/// divergent.
#[test]
fn starts_far_from_the_maximum() {
    let x: Vec<f64> = (0..40).map(|i| f64::from(i) / 20.0).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let y: Vec<f64> = (0..40).map(|i| f64::from(1 + i * 7 % 5 + i / 5)).collect();
    let poisson = response("poisson");
    let problem = Problem::new(&design, &*poisson, y).unwrap();
    let expected = irls().fit(&problem).unwrap();
    for intercept in [-20.0, -5.0, 5.0, 20.0, 25.0] {
        for solver in solvers() {
            let tolerance = if solver.name() == "gradient-descent" { 1e-6 } else { 1e-8 };
            let fit = solver.with_start(vec![intercept, 0.0]).fit(&problem).unwrap();
            same_coefficients(&format!("from {intercept}"), &fit, &expected, tolerance).unwrap();
            same_std_errors(&format!("from {intercept}"), &fit, &expected, tolerance).unwrap();
        }
    }
}

/// Regression: a shifted offset left problems without a start, though the intercept takes the shift away.
#[test]
fn offsets_that_leave_a_bounded_domain() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) / 10.0).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let y: Vec<f64> = (0..30).map(|i| f64::from(u8::from(i * 7 % 10 < 2 + i / 6))).collect();
    for name in ["binomial(power(2))", "binomial(identity)", "binomial(odds-power(-0.5))"] {
        let response = response(name);
        let plain = Problem::new(&design, &*response, y.clone()).unwrap();
        let expected = agreed(name, &plain);
        for shift in [-50.0, 10.0] {
            let mut fit = agreed(name, &plain.clone().with_offset(vec![shift; 30]).unwrap());
            fit.coefficients[0] += shift;
            same_coefficients(name, &fit, &expected, 1e-8).unwrap();
        }
    }
}

/// Where an offset is huge, so is the intercept that takes it away.
#[test]
fn huge_offsets() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) / 10.0).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let y: Vec<f64> = (0..30).map(|i| f64::from(1 + i * 7 % 5 + i / 5)).collect();
    for name in ["poisson", "gamma(log)", "gaussian", "gamma", "poisson(identity)", "negative-binomial(2)"] {
        let response = response(name);
        let plain = Problem::new(&design, &*response, y.clone()).unwrap();
        let expected = irls().fit(&plain).unwrap();
        for shift in [-1e4, 800.0, 1e6] {
            let problem = plain.clone().with_offset(vec![shift; 30]).unwrap();
            for mut fit in fits(&problem) {
                fit.coefficients[0] += shift;
                // η has lost the digits that the offset has in front of it.
                let lost =
                    1e-8 + 4.0 * f64::EPSILON * f64::abs(shift) / expected.std_errors[0].min(expected.std_errors[1]);
                same_coefficients(&format!("{name} at {shift}"), &fit, &expected, 10.0 * lost).unwrap();
            }
        }
    }
}

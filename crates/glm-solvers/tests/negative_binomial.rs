//! Negative binomial regression with θ estimated: the maximum, its limit, and weights.

use glm_core::{CanonicalGlm, Dense, Log, Poisson, special};
use glm_solvers::{Problem, fit_negative_binomial, irls, newton_raphson};

const N: usize = 400;

fn x() -> Vec<f64> {
    (0..N).map(|i| (i as f64 * 0.61).sin()).collect()
}

fn counts(theta: Option<f64>, seed: u64) -> Vec<f64> {
    let mut rng = sim::rng(seed, 0);
    let draw = |mean: f64| match theta {
        Some(theta) => sim::draw::negative_binomial(&mut rng, mean, theta),
        None => Ok(mean.round()),
    };
    x().iter().map(|x| (0.8 + 0.6 * x).exp()).map(draw).collect::<Result<_, _>>().expect("means are positive")
}

/// The log-likelihood as the textbook has it.
fn log_likelihood(y: &[f64], mu: &[f64], theta: f64) -> f64 {
    let term = |(y, mu): (&f64, &f64)| {
        special::ln_gamma(y + theta) - special::ln_gamma(theta) - special::ln_gamma(y + 1.0)
            + theta * (theta / (theta + mu)).ln()
            + special::xlogy(*y, mu / (theta + mu))
    };
    y.iter().zip(mu).map(term).sum()
}

#[test]
fn no_neighbour_of_the_estimate_is_more_likely() {
    let (x, y) = (x(), counts(Some(1.7), 3));
    let (design, poisson) = (Dense::with_intercept([&x[..]]).unwrap(), CanonicalGlm::new(Poisson));
    let problem = Problem::new(&design, &poisson, y.clone()).unwrap();
    let found = fit_negative_binomial(&irls(), &problem, &Log).unwrap();
    let (theta, beta) = (found.theta.unwrap(), found.fit.params());
    assert!((theta - 1.7).abs() < 4.0 * found.theta_std_error.unwrap(), "{theta}");
    let at = |beta: &[f64], theta: f64| {
        let mu: Vec<f64> = x.iter().map(|x| (beta[0] + beta[1] * x).exp()).collect();
        log_likelihood(&y, &mu, theta)
    };
    let best = at(&beta, theta);
    assert!((best - found.fit.log_likelihood.unwrap()).abs() < 1e-9 * best.abs());
    for (d0, d1, dt) in [(1e-3, 0.0, 0.0), (0.0, 1e-3, 0.0), (0.0, 0.0, 1e-3), (1e-3, -1e-3, 1e-3)] {
        for sign in [1.0, -1.0] {
            assert!(at(&[beta[0] + sign * d0, beta[1] + sign * d1], theta * (1.0 + sign * dt)) < best);
        }
    }
    let by_newton = fit_negative_binomial(&newton_raphson(), &problem, &Log).unwrap();
    assert!((by_newton.theta.unwrap() / theta - 1.0).abs() < 1e-9);
}

#[test]
fn counts_without_overdispersion_are_poisson() {
    let (x, y) = (x(), counts(None, 1));
    let (design, poisson) = (Dense::with_intercept([&x[..]]).unwrap(), CanonicalGlm::new(Poisson));
    let problem = Problem::new(&design, &poisson, y).unwrap();
    let found = fit_negative_binomial(&irls(), &problem, &Log).unwrap();
    assert!(found.theta.is_none() && found.theta_std_error.is_none());
    assert_eq!(found.fit.coefficients, irls().fit(&problem).unwrap().coefficients);
}

#[test]
fn a_weight_is_as_many_rows() {
    let (x, y) = (x(), counts(Some(0.8), 9));
    let times: Vec<usize> = (0..N).map(|i| i % 3).collect();
    let weights: Vec<f64> = times.iter().map(|times| *times as f64).collect();
    let repeated = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(&times).flat_map(|(value, times)| std::iter::repeat_n(*value, *times)).collect()
    };
    let poisson = CanonicalGlm::new(Poisson);
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let weighted = Problem::new(&design, &poisson, y.clone()).unwrap().with_weights(weights).unwrap();
    let (many_x, many_y) = (repeated(&x), repeated(&y));
    let many_design = Dense::with_intercept([&many_x[..]]).unwrap();
    let many = Problem::new(&many_design, &poisson, many_y).unwrap();
    let (a, b) = (fit_negative_binomial(&irls(), &weighted, &Log), fit_negative_binomial(&irls(), &many, &Log));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!((a.theta.unwrap() / b.theta.unwrap() - 1.0).abs() < 1e-9);
    assert!((a.theta_std_error.unwrap() / b.theta_std_error.unwrap() - 1.0).abs() < 1e-9);
    assert!((a.fit.coefficients[1] - b.fit.coefficients[1]).abs() < 1e-9 * a.fit.std_errors[1]);
}

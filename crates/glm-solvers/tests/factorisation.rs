//! The factorisation that the caller asks for is the one that a fit rests on, and costs or keeps the digits that it should.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use glm_core::{Dense, spec};
use glm_solvers::{Error, Factorisation, Fit, Problem, Solver, fisher_scoring, irls, lbfgs, newton_raphson};

const N: usize = 5000;

/// Two columns whose difference is of the given size.
fn columns(difference: f64) -> [Vec<f64>; 2] {
    let wave = |i: usize, f: f64| (i as f64 * f).sin();
    let a: Vec<f64> = (0..N).map(|i| wave(i, 0.7)).collect();
    let b = (0..N).map(|i| a[i] + difference * wave(i, 1.3)).collect();
    [a, b]
}

fn fit(difference: f64, response: &str, solver: &Solver) -> Result<Fit, Error> {
    let [a, b] = columns(difference);
    let (design, response) = (Dense::with_intercept([&a[..], &b[..]])?, spec::response(response)?);
    let y = (0..N).map(|i| f64::from(u8::from((i as f64 * 2.1).sin() + 0.5 * a[i] > 0.3))).collect();
    solver.fit(&Problem::new(&design, &*response, y)?)
}

#[test]
fn a_fit_rests_on_what_was_asked_for() {
    for response in ["binomial(logit)", "binomial(probit)", "poisson(log)", "gaussian(identity)"] {
        for solver in [irls, fisher_scoring, newton_raphson, lbfgs] {
            let own = fit(1.0, response, &solver()).unwrap();
            for asked in [Factorisation::Cholesky, Factorisation::Qr] {
                let found = fit(1.0, response, &solver().with_factorisation(asked)).unwrap();
                assert_eq!(found.certificate.factorisation, asked, "{response} by {}", found.solver);
                for j in 0..3 {
                    let error = own.std_errors[j];
                    assert!((found.coefficients[j] - own.coefficients[j]).abs() < 1e-8 * error, "{response}, {j}");
                    assert!((found.std_errors[j] / error - 1.0).abs() < 1e-10, "{response}, {j}");
                }
            }
        }
    }
}

/// With b = a + δ c the model is the same as on a and c, where the coefficient of c is δ times that of b.
#[test]
fn qr_keeps_the_digits_that_a_gram_loses() {
    let difference = 1e-6;
    let wave = |i: usize| (i as f64 * 1.3).sin();
    let [a, _] = columns(difference);
    let c: Vec<f64> = (0..N).map(wave).collect();
    let design = Dense::with_intercept([&a[..], &c[..]]).unwrap();
    let logit = spec::response("binomial(logit)").unwrap();
    let y = (0..N).map(|i| f64::from(u8::from((i as f64 * 2.1).sin() + 0.5 * a[i] > 0.3))).collect();
    let truth = irls().fit(&Problem::new(&design, &*logit, y).unwrap()).unwrap();
    let error = |solver: Solver| {
        let found = fit(difference, "binomial(logit)", &solver).unwrap();
        (found.std_errors[2] * difference / truth.std_errors[2] - 1.0).abs()
    };
    // The column b itself is rounded: 1e-16/1e-6.
    let (qr, own) = (error(irls().with_factorisation(Factorisation::Qr)), error(irls()));
    assert!(qr < 1e-8 && own < 1e-8, "{qr:e} {own:e}");
    let cholesky = error(irls().with_factorisation(Factorisation::Cholesky));
    assert!(cholesky > 1e-7, "a Gram of condition 1e12 has four digits, not {cholesky:e}");
}

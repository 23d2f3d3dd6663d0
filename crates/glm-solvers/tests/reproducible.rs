//! The same bits from run to run and on any number of threads.

#![expect(clippy::unwrap_used, reason = "what does not converge is a failure of the test")]

use glm_core::{Dense, spec};
use glm_solvers::{Fit, Problem, fisher_scoring, irls, lbfgs, newton_raphson};

const ROWS: usize = 40_000;

/// Every number of a fit, as bits.
fn bits(fit: &Fit) -> Vec<u64> {
    let scalars = [fit.deviance, fit.null_deviance, fit.pearson_chisq, fit.certificate.score_norm];
    let optional = [fit.dispersion, fit.log_likelihood, fit.aic, fit.bic].map(|value| value.unwrap_or(f64::NAN));
    let covariance = (0..fit.rank).flat_map(|j| (0..fit.rank).map(move |i| fit.covariance[(i, j)]));
    let parts = [&fit.coefficients[..], &fit.std_errors, &fit.certificate.trace, &scalars, &optional];
    parts.concat().into_iter().chain(covariance).map(f64::to_bits).collect()
}

/// Logistic and gamma fits of every kind of curvature on rows of several groups, the last one short.
fn fits() -> Vec<Vec<u64>> {
    let toy = sim::Toy::new(ROWS, 7);
    let design = Dense::with_intercept(toy.x.chunks_exact(ROWS)).unwrap();
    let weights: Vec<f64> = (0..ROWS).map(|row| 0.5 + (row % 5) as f64).collect();
    let positive: Vec<f64> = toy.eta.iter().zip(&toy.y).map(|(eta, y)| (0.1 * eta).exp() + y).collect();
    let mut all = Vec::new();
    for (name, y) in [("binomial", &toy.y), ("binomial(cloglog)", &toy.y), ("gamma(log)", &positive)] {
        let response = spec::response(name).unwrap();
        let problem = Problem::new(&design, &*response, y.clone()).unwrap().with_weights(weights.clone()).unwrap();
        for solver in [newton_raphson(), fisher_scoring(), irls(), lbfgs()] {
            all.push(bits(&solver.fit(&problem).unwrap()));
        }
    }
    all
}

fn on_threads(threads: usize) -> Vec<Vec<u64>> {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(fits)
}

#[test]
fn threads_do_not_change_a_bit() {
    let one = on_threads(1);
    assert_eq!(one.len(), 12);
    for threads in [2, 3] {
        assert_eq!(on_threads(threads), one, "{threads} threads");
    }
}

#[test]
fn two_runs_give_the_same_bits() {
    assert_eq!(fits(), fits());
}

//! A fit to columns of `f32` is the fit to the same numbers in columns of `f64`, bit for bit.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use glm_core::{Dense, Design, Response, Scalar, spec};
use glm_solvers::{Fit, Problem, Weights, auto, irls, lbfgs, newton_raphson};
use sim::{draw, uniform};

/// Above four groups of 8192 rows a fit starts from a sample of them.
const N: usize = 41_000;

/// Three columns, and one that is the sum of the first two.
fn columns() -> Vec<f32> {
    let mut rng = sim::rng(3, 0);
    let mut x: Vec<f32> = (0..3 * N).map(|_| f32::from_f64(uniform::between(&mut rng, -2.0, 2.0))).collect();
    // Multiples of 2⁻²⁰, so that the sums are exact.
    x.iter_mut().for_each(|x| *x = (*x * 1_048_576.0).round() / 1_048_576.0);
    let sums: Vec<f32> = (0..N).map(|i| x[i] + x[N + i]).collect();
    x.extend(sums);
    x
}

fn draw_y(response: &str, x: &[f32]) -> Vec<f64> {
    let mut rng = sim::rng(4, 1);
    let eta = |i: usize| 0.3 + 0.4 * f64::from(x[i]) - 0.5 * f64::from(x[N + i]) + 0.2 * f64::from(x[2 * N + i]);
    let y = |i: usize| match response {
        "binomial" => draw::bernoulli(&mut rng, 1.0 / (1.0 + (-eta(i)).exp())),
        "poisson" => draw::poisson(&mut rng, eta(i).exp()),
        _ => draw::gaussian(&mut rng, eta(i), 1.0),
    };
    (0..N).map(y).collect::<Result<_, _>>().unwrap()
}

fn bits(fit: &Fit) -> Vec<u64> {
    let numbers = [fit.deviance, fit.null_deviance, fit.dispersion.unwrap_or(0.0), fit.certificate.score_norm];
    let all = fit.coefficients.iter().chain(&fit.std_errors).chain(&fit.certificate.trace).chain(&numbers);
    // What is not a number is not one in either.
    all.map(|number| if number.is_nan() { 0 } else { number.to_bits() }).collect()
}

#[test]
fn a_fit_has_the_bits_of_the_same_numbers_widened() {
    let single = columns();
    let double: Vec<f64> = single.iter().map(|x| f64::from(*x)).collect();
    let weights: Vec<f64> = (0..N).map(|i| f64::from(u32::try_from(i % 4).unwrap()) * 0.75).collect();
    for p in [3, 4] {
        let narrow = Dense::with_intercept(single.chunks_exact(N).take(p)).unwrap();
        let wide = Dense::with_intercept(double.chunks_exact(N).take(p)).unwrap();
        for name in ["gaussian", "binomial", "poisson"] {
            let (response, y) = (spec::response(name).unwrap(), draw_y(name, &single));
            for weights in [Vec::new(), weights.clone()] {
                for solver in [auto, irls, newton_raphson, lbfgs] {
                    let fit = |design: &dyn Design, response: &dyn Response| {
                        let problem = Problem::new(design, response, y.clone()).unwrap();
                        let weighted = Weights::Analytic(weights.clone());
                        let problem =
                            if weights.is_empty() { problem } else { problem.with_weights(weighted).unwrap() };
                        solver().fit(&problem).unwrap()
                    };
                    let (narrow, wide) = (fit(&narrow, &*response), fit(&wide, &*response));
                    assert_eq!(narrow.rank, 4, "{name}");
                    assert_eq!((narrow.rank, &narrow.aliased), (wide.rank, &wide.aliased), "{name}");
                    assert_eq!(bits(&narrow), bits(&wide), "{name} by {}", wide.solver);
                }
            }
        }
    }
}

/// What rounding the columns to `f32` changes is what the documents say: 2⁻²⁴ times the condition number, and less.
#[test]
fn rounded_columns_change_coefficients_by_their_condition() {
    let mut rng = sim::rng(5, 0);
    let double: Vec<f64> = (0..3 * N).map(|_| uniform::between(&mut rng, -2.0, 2.0)).collect();
    let single: Vec<f32> = double.iter().map(|x| f32::from_f64(*x)).collect();
    let (narrow, wide) = (
        Dense::with_intercept(single.chunks_exact(N)).unwrap(),
        Dense::with_intercept(double.chunks_exact(N)).unwrap(),
    );
    for name in ["gaussian", "binomial", "poisson"] {
        let (response, y) = (spec::response(name).unwrap(), draw_y(name, &single));
        let fit = |design: &dyn Design| irls().fit(&Problem::new(design, &*response, y.clone()).unwrap()).unwrap();
        let (narrow, wide) = (fit(&narrow), fit(&wide));
        let largest = wide.coefficients.iter().fold(0.0_f64, |largest, b| largest.max(b.abs()));
        for (a, b) in narrow.coefficients.iter().zip(&wide.coefficients) {
            assert!((a - b).abs() < 1e-6 * largest, "{name}: {a} {b}");
        }
        assert!(narrow.coefficients != wide.coefficients, "{name}: the columns were rounded");
    }
}

//! Predictions of a rank-deficient fit: there where the data determine them, missing and listed where they do not.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use glm_core::{Dense, Softmax, spec};
use glm_solvers::{Fit, Problem, irls, newton_raphson};

const N: usize = 60;

fn column(frequency: f64) -> Vec<f64> {
    (0..N).map(|i| (i as f64 * frequency).sin()).collect()
}

/// The fit on some columns, the last aliased, and the same without the last.
fn fits(columns: &[Vec<f64>], response: &str, weights: Option<Vec<f64>>) -> (Fit, Fit) {
    let response = spec::response(response).unwrap();
    let fit = |columns: &[Vec<f64>]| {
        let design = Dense::with_intercept(columns.iter().map(Vec::as_slice)).unwrap();
        let y = (0..N).map(|i| f64::from(u8::from(i * 7 % 5 < 2))).collect();
        let mut problem = Problem::new(&design, &*response, y).unwrap();
        if let Some(weights) = &weights {
            problem = problem.with_weights(weights.clone()).unwrap();
        }
        irls().fit(&problem).unwrap()
    };
    let (with, without) = (fit(columns), fit(&columns[..columns.len() - 1]));
    assert_eq!(with.aliased, [columns.len()], "the last column is superfluous");
    (with, without)
}

/// Each row and whether it is estimable.
fn check(columns: &[Vec<f64>], weights: Option<&[f64]>, new: &[(Vec<f64>, bool)]) {
    for response in ["gaussian(identity)", "binomial(logit)", "poisson(log)"] {
        let (with, without) = fits(columns, response, weights.map(<[f64]>::to_vec));
        let take = |count: usize| -> Vec<Vec<f64>> {
            (0..count).map(|j| new.iter().map(|(row, _)| row[j]).collect()).collect()
        };
        let (all, fewer) = (take(columns.len()), take(columns.len() - 1));
        let design =
            |columns: &[Vec<f64>]| Dense::with_intercept(columns.iter().map(|c| c.clone().leak() as &[f64])).unwrap();
        let (found, expected) = (
            with.linear_predictor(&design(&all), &[]).unwrap(),
            without.linear_predictor(&design(&fewer), &[]).unwrap(),
        );
        let missing: Vec<usize> = (0..new.len()).filter(|row| !new[*row].1).collect();
        assert_eq!(with.not_estimable(&design(&all)).unwrap(), missing, "{response}");
        assert!(without.not_estimable(&design(&fewer)).unwrap().is_empty(), "a fit of full rank predicts everything");
        for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let near = (found - expected).abs() < 1e-9 * expected.abs().max(1.0);
            assert!(if new[row].1 { near } else { found.is_nan() }, "{response}, row {row}: {found} {expected}");
        }
    }
}

#[test]
fn a_sum_of_columns() {
    let (a, b) = (column(0.7), column(1.9));
    for scale in [1.0, 1e-8, 1e8] {
        let last: Vec<f64> = a.iter().zip(&b).map(|(a, b)| scale * (2.0 * a - b + 3.0)).collect();
        let row = |a: f64, b: f64, off: f64| vec![a, b, scale * (2.0 * a - b + 3.0 + off)];
        let new = [
            (row(0.1, 0.2, 0.0), true),
            (row(0.1, 0.2, 1e-3), false),
            (row(-40.0, 1e3, 0.0), true),
            (row(0.0, 0.0, -1.0), false),
            (row(0.0, 0.0, 0.0), true),
        ];
        check(&[a.clone(), b.clone(), last], None, &new);
    }
}

#[test]
fn columns_that_were_empty_or_constant() {
    check(&[column(0.7), vec![0.0; N]], None, &[(vec![2.0, 0.0], true), (vec![2.0, 1e-6], false)]);
    check(&[column(0.7), vec![5.0; N]], None, &[(vec![2.0, 5.0], true), (vec![2.0, 5.1], false)]);
}

#[test]
fn all_levels_of_a_factor() {
    let level = |k: usize| -> Vec<f64> { (0..N).map(|i| f64::from(u8::from(i % 3 == k))).collect() };
    let new = [
        (vec![1.0, 0.0, 0.0], true),
        (vec![0.0, 0.0, 1.0], true),
        (vec![0.0, 0.0, 0.0], false),
        (vec![0.5, 0.25, 0.25], true),
        (vec![1.0, 1.0, 0.0], false),
    ];
    check(&[level(0), level(1), level(2)], None, &new);
}

#[test]
fn rows_of_weight_zero_have_no_say() {
    let a = column(0.7);
    let weights: Vec<f64> = (0..N).map(|i| f64::from(u8::from(i % 4 > 0))).collect();
    let last = a.iter().zip(&weights).map(|(a, w)| if *w > 0.0 { 2.0 * a } else { 9.0 }).collect();
    check(&[a, last], Some(&weights), &[(vec![1.0, 2.0], true), (vec![1.0, 9.0], false)]);
}

#[test]
fn classes_miss_all_their_means() {
    let (a, y) = (column(0.7), (0..N).map(|i| (i * 5 % 3) as f64).collect());
    let twice: Vec<f64> = a.iter().map(|a| 2.0 * a).collect();
    let (design, softmax) = (Dense::with_intercept([&a[..], &twice[..]]).unwrap(), Softmax::baseline(3).unwrap());
    let problem = Problem::new(&design, &softmax, y).unwrap();
    let fit = newton_raphson().fit(&problem).unwrap();
    let new = Dense::with_intercept([&[0.5, 0.5][..], &[1.0, 2.0][..]]).unwrap();
    assert_eq!(fit.not_estimable(&new).unwrap(), [1]);
    let mu = fit.predict(&softmax, &new, &[]).unwrap();
    assert!(mu.iter().enumerate().all(|(i, mu)| mu.is_nan() == (i % 2 == 1)), "{mu:?}");
    assert!(fit.fitted(&problem).unwrap().iter().all(|mu| mu.is_finite()));
    assert!(fit.not_estimable(&Dense::with_intercept([&a[..]]).unwrap()).is_err(), "a design of other columns");
}

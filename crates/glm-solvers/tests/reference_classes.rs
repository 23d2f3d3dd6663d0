//! Every multinomial and every ordinal reference case, by every solver but gradient descent, at the case's own tolerance.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[allow(dead_code, reason = "this file needs less of it than `reference.rs` does")]
#[path = "common/reference.rs"]
mod reference;

use glm_core::{Cumulative, CumulativeLink, Softmax};
use glm_solvers::{Existence, Fit, Ordinal, OrdinalFit, Problem, Solver, fisher_scoring, irls, lbfgs, newton_raphson};
use reference::{Case, cases, folders};
use serde_json::Value;

fn solvers() -> [Solver; 4] {
    [irls(), fisher_scoring(), newton_raphson(), lbfgs()]
}

fn of_kind(kind: &str) -> Vec<Case> {
    folders().iter().flat_map(|folder| cases(folder)).filter(|case| case.kind == kind).collect()
}

fn rows(table: &Value) -> Vec<Vec<f64>> {
    let row = |row: &Value| row.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    table["data"].as_array().unwrap().iter().map(row).collect()
}

fn classes(case: &Case) -> usize {
    case.json["expected"]["levels"].as_array().unwrap().len()
}

/// Class numbers from zero; the files count from one.
fn y(case: &Case) -> Vec<f64> {
    case.y.iter().map(|class| class - 1.0).collect()
}

/// Asserts |found − expected| ≤ rel · scale + abs, with the tolerance of a group.
fn check(case: &Case, what: &str, found: f64, expected: f64, scale: f64, group: &str) {
    let (rel, abs) = case.tolerance(group);
    let (error, allowed) = ((found - expected).abs(), rel * scale + abs);
    assert!(error <= allowed, "{}: {what} is {found:e} instead of {expected:e}, error {error:e}", case.id);
}

fn check_field(case: &Case, field: &str, found: f64, group: &str) {
    let expected = case.expected(field).unwrap_or_else(|| panic!("{}: no {field}", case.id));
    check(case, field, found, expected, expected.abs(), group);
}

fn check_covariance(case: &Case, found: impl Fn(usize, usize) -> f64) {
    let expected = rows(&case.json["expected"]["cov"]);
    for (i, row) in expected.iter().enumerate() {
        for (j, entry) in row.iter().enumerate() {
            let scale = (row[i] * expected[j][j]).sqrt();
            check(case, &format!("cov[{i}, {j}]"), found(i, j), *entry, scale, "cov");
        }
    }
}

/// Class probabilities, found class by class.
fn check_probabilities(case: &Case, table: &Value, found: &[f64], n: usize, group: &str) {
    let expected = rows(table);
    let largest = expected.iter().flatten().fold(0.0, |a: f64, b| a.max(*b));
    for (i, row) in expected.iter().enumerate() {
        for (class, expected) in row.iter().enumerate() {
            let scale = expected.abs().max(1e-3 * largest);
            check(case, &format!("{group}[{i}, {class}]"), found[class * n + i], *expected, scale, group);
        }
    }
}

/// The rows of the new data as columns, without those that the design adds itself.
fn new_columns(case: &Case, skip: usize) -> Vec<Vec<f64>> {
    let x = rows(&case.json["expected"]["predictions"]["X"]);
    (skip..x[0].len()).map(|j| x.iter().map(|row| row[j]).collect()).collect()
}

fn check_multinomial(case: &Case, problem: &Problem<'_>, fit: &Fit) {
    let expected = &case.json["expected"];
    let (estimates, errors) = (rows(&expected["coefficients"]), rows(&expected["std_errors"]));
    for (j, (estimate, error)) in estimates.iter().flatten().zip(errors.iter().flatten()).enumerate() {
        let scale = estimate.abs().max(*error);
        check(case, &format!("coefficient {j}"), fit.coefficients[j], *estimate, scale, "coefficients");
        check(case, &format!("std. error {j}"), fit.std_errors[j], *error, *error, "std_errors");
    }
    check_covariance(case, |i, j| fit.covariance[(i, j)]);
    check_field(case, "deviance", fit.deviance, "default");
    check_field(case, "loglik", fit.log_likelihood.unwrap(), "loglik_aic_bic");
    check_field(case, "aic", fit.aic.unwrap(), "loglik_aic_bic");
    check_field(case, "bic_n_total_weight", fit.bic.unwrap(), "loglik_aic_bic");
    check_field(case, "null_loglik", -0.5 * fit.null_deviance, "loglik_aic_bic");
    check_field(case, "edf", fit.rank as f64, "default");
    assert_eq!(fit.df_residual, fit.n_used * (classes(case) - 1) - fit.rank, "{}", case.id);
    check_probabilities(case, &expected["fitted"], &fit.fitted(problem).unwrap(), fit.n_rows, "fitted");
    let columns = new_columns(case, 1);
    let new = glm_core::Dense::with_intercept(columns.iter().map(Vec::as_slice)).unwrap();
    let found = fit.predict(problem.response(), &new, &[]).unwrap();
    check_probabilities(case, &expected["predictions"]["probabilities"], &found, columns[0].len(), "predictions");
}

#[test]
fn multinomial_cases_pass_by_every_solver() {
    let cases = of_kind("multinomial");
    assert!(cases.len() >= 2, "only {} cases; is reference/ complete?", cases.len());
    for case in &cases {
        let (design, response) = (case.design(), Softmax::baseline(classes(case)).unwrap());
        let problem = Problem::new(&design, &response, y(case)).unwrap().with_weights(case.weights.clone()).unwrap();
        for solver in solvers() {
            let fit = solver.fit(&problem).unwrap_or_else(|error| panic!("{} by {}: {error}", case.id, solver.name()));
            assert_eq!(fit.certificate.existence, Existence::Proved, "{} by {}", case.id, solver.name());
            check_multinomial(case, &problem, &fit);
        }
    }
}

fn check_ordinal(case: &Case, fit: &OrdinalFit) {
    let expected = &case.json["expected"];
    let mut j = 0;
    for (found, group) in [(&fit.thresholds, "thresholds"), (&fit.coefficients, "coefficients")] {
        let names = expected["cov"]["rows"].as_array().unwrap()[j..].iter().take(found.len());
        for (found, name) in found.iter().zip(names) {
            let name = name.as_str().unwrap();
            let (estimate, error) = (&expected[group][name], expected["std_errors"][name].as_f64().unwrap());
            let estimate = estimate.as_f64().unwrap();
            check(case, name, *found, estimate, estimate.abs().max(error), group);
            check(case, &format!("std. error of {name}"), fit.std_errors[j], error, error, "std_errors");
            j += 1;
        }
    }
    check_covariance(case, |i, j| fit.covariance[(i, j)]);
    check_field(case, "deviance", fit.deviance, "default");
    check_field(case, "loglik", fit.log_likelihood, "loglik_aic_bic");
    check_field(case, "aic", fit.aic, "loglik_aic_bic");
    check_field(case, "edf", fit.rank as f64, "default");
    let found = fit.predict(&case.design(), &case.offset).unwrap();
    check_probabilities(case, &expected["fitted"], &found, fit.n_rows, "fitted");
    let columns = new_columns(case, 0);
    let new = glm_core::Dense::without_intercept(columns.iter().map(Vec::as_slice)).unwrap();
    let found = fit.predict(&new, &[]).unwrap();
    check_probabilities(case, &expected["predictions"]["probabilities"], &found, columns[0].len(), "predictions");
}

#[test]
fn ordinal_cases_pass_by_every_solver() {
    let cases = of_kind("ordinal");
    assert!(cases.len() >= 4, "only {} cases; is reference/ complete?", cases.len());
    for case in &cases {
        let link: CumulativeLink = case.json["family"]["link"].as_str().unwrap().parse().unwrap();
        let (design, response) = (case.design(), Cumulative::new(classes(case), link).unwrap());
        let ordinal = Ordinal::new(&design, response, y(case)).unwrap();
        let ordinal = ordinal.with_weights(case.weights.clone()).unwrap().with_offset(case.offset.clone()).unwrap();
        for solver in solvers() {
            let fit = ordinal.fit(&solver).unwrap_or_else(|error| panic!("{} by {}: {error}", case.id, solver.name()));
            assert_eq!(fit.certificate.existence, Existence::Proved, "{} by {}", case.id, solver.name());
            check_ordinal(case, &fit);
        }
    }
}

//! Fits of classes: multinomial and ordinal.

use glm_core::{Cumulative, CumulativeLink, Dense, Softmax};
use glm_solvers::{Certificate, Error, Existence, Fit, Ordinal, OrdinalFit, Problem, Solver};
use serde_json::Value;

use super::finding::Findings;
use crate::reference::Case;

/// A case of kind `multinomial`.
pub(crate) fn multinomial(case: &Case, solver: &Solver, findings: &mut Findings) -> Result<(), Error> {
    let (design, response) = (case.design(), Softmax::baseline(classes(case))?);
    let problem = Problem::new(&design, &response, y(case))?.with_weights(case.weights.clone())?;
    let fit = solver.fit(&problem)?;
    proved(&fit.certificate, findings);
    compare_multinomial(case, &fit, findings);
    let expected = &case.json["expected"];
    probabilities(case, &expected["fitted"], &fit.fitted(&problem)?, "fitted", findings);
    let columns = new_columns(case, 1);
    let found = fit.predict(&response, &Dense::with_intercept(columns.iter().map(Vec::as_slice))?, &[])?;
    probabilities(case, &expected["predictions"]["probabilities"], &found, "predictions", findings);
    Ok(())
}

fn compare_multinomial(case: &Case, fit: &Fit, findings: &mut Findings) {
    let expected = &case.json["expected"];
    let (estimates, errors) = (rows(&expected["coefficients"]), rows(&expected["std_errors"]));
    for (j, (estimate, error)) in estimates.iter().flatten().zip(errors.iter().flatten()).enumerate() {
        let (place, scale) = (format!("[{j}]"), estimate.abs().max(*error));
        let tolerance = case.tolerance("coefficients");
        findings.add(("coefficients", &place), fit.coefficients[j], *estimate, scale, tolerance);
        findings.add(("std_errors", &place), fit.std_errors[j], *error, *error, case.tolerance("std_errors"));
    }
    covariance(case, |i, j| fit.covariance[(i, j)], findings);
    let mut field = |field, found, group| required(case, field, found, group, findings);
    field("deviance", fit.deviance, "default");
    field("loglik", fit.log_likelihood.unwrap_or(f64::NAN), "loglik_aic_bic");
    field("aic", fit.aic.unwrap_or(f64::NAN), "loglik_aic_bic");
    field("bic_n_total_weight", fit.bic.unwrap_or(f64::NAN), "loglik_aic_bic");
    field("null_loglik", -0.5 * fit.null_deviance, "loglik_aic_bic");
    field("edf", fit.rank as f64, "default");
    let df = (fit.n_used * (classes(case) - 1) - fit.rank) as f64;
    findings.add(("df_residual", ""), fit.df_residual as f64, df, df, case.tolerance("default"));
}

/// A case of kind `ordinal`.
pub(crate) fn ordinal(case: &Case, solver: &Solver, findings: &mut Findings) -> Result<(), Error> {
    let link: CumulativeLink = case.json["family"]["link"].as_str().unwrap().parse()?;
    let (design, response) = (case.design(), Cumulative::new(classes(case), link)?);
    let ordinal = Ordinal::new(&design, response, y(case))?;
    let fit = ordinal.with_weights(case.weights.clone())?.with_offset(case.offset.clone())?.fit(solver)?;
    proved(&fit.certificate, findings);
    compare_ordinal(case, &fit, findings);
    let expected = &case.json["expected"];
    probabilities(case, &expected["fitted"], &fit.predict(&design, &case.offset)?, "fitted", findings);
    let columns = new_columns(case, 0);
    let found = fit.predict(&Dense::without_intercept(columns.iter().map(Vec::as_slice))?, &[])?;
    probabilities(case, &expected["predictions"]["probabilities"], &found, "predictions", findings);
    Ok(())
}

fn compare_ordinal(case: &Case, fit: &OrdinalFit, findings: &mut Findings) {
    let expected = &case.json["expected"];
    let mut j = 0;
    for (found, group) in [(&fit.thresholds, "thresholds"), (&fit.coefficients, "coefficients")] {
        let names = expected["cov"]["rows"].as_array().unwrap()[j..].iter().take(found.len());
        for (found, name) in found.iter().zip(names) {
            let name = name.as_str().unwrap();
            let (estimate, error) = (&expected[group][name], expected["std_errors"][name].as_f64().unwrap());
            let (place, estimate) = (format!("[{name}]"), estimate.as_f64().unwrap());
            findings.add((group, &place), *found, estimate, estimate.abs().max(error), case.tolerance(group));
            findings.add(("std_errors", &place), fit.std_errors[j], error, error, case.tolerance("std_errors"));
            j += 1;
        }
    }
    covariance(case, |i, j| fit.covariance[(i, j)], findings);
    let mut field = |field, found, group| required(case, field, found, group, findings);
    field("deviance", fit.deviance, "default");
    field("loglik", fit.log_likelihood.unwrap_or(f64::NAN), "loglik_aic_bic");
    field("aic", fit.aic.unwrap_or(f64::NAN), "loglik_aic_bic");
    field("edf", fit.rank as f64, "default");
}

/// The estimate was proved to exist.
fn proved(certificate: &Certificate, findings: &mut Findings) {
    if certificate.existence != Existence::Proved {
        findings.refuse("it was not proved that the estimate exists".to_owned());
    }
}

fn required(case: &Case, field: &str, found: f64, group: &str, findings: &mut Findings) {
    match case.expected(field) {
        Some(_) => findings.add_field(case, field, found, group),
        None => findings.refuse(format!("the case has no {field}")),
    }
}

fn covariance(case: &Case, found: impl Fn(usize, usize) -> f64, findings: &mut Findings) {
    let expected = rows(&case.json["expected"]["cov"]);
    for (i, row) in expected.iter().enumerate() {
        for (j, entry) in row.iter().enumerate() {
            let (place, scale) = (format!("[{i}, {j}]"), (row[i] * expected[j][j]).sqrt());
            findings.add(("cov", &place), found(i, j), *entry, scale, case.tolerance("cov"));
        }
    }
}

/// Class probabilities, found class by class; the table may stop before the last row.
fn probabilities(case: &Case, table: &Value, found: &[f64], group: &str, findings: &mut Findings) {
    let expected = rows(table);
    let (n, largest) = (found.len() / classes(case), expected.iter().flatten().fold(0.0, |a: f64, b| a.max(*b)));
    for (i, row) in expected.iter().enumerate() {
        for (class, expected) in row.iter().enumerate() {
            let (place, scale) = (format!("[{i}, {class}]"), expected.abs().max(1e-3 * largest));
            findings.add((group, &place), found[class * n + i], *expected, scale, case.tolerance(group));
        }
    }
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

/// The rows of the new data as columns, without those that the design adds itself.
fn new_columns(case: &Case, skip: usize) -> Vec<Vec<f64>> {
    let x = rows(&case.json["expected"]["predictions"]["X"]);
    (skip..x[0].len()).map(|j| x.iter().map(|row| row[j]).collect()).collect()
}

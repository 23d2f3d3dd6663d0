//! Bias-reduced fits by both estimators.

use glm_solvers::{BiasReduction, Error, Problem, fit_bias_reduced};

use super::Measured;
use super::finding::Findings;
use crate::reference::Case;

/// Our estimators, their names and those of the case's fields. (`expected.AS_median` is not checked: median bias reduction
/// is not among the estimators.)
const ESTIMATORS: [(BiasReduction, &str, &str); 2] = [
    (BiasReduction::MeanAdjustedScore, "adjusted score", "AS_mean"),
    (BiasReduction::Jeffreys, "Jeffreys", "MPL_Jeffreys"),
];

/// A case of kind `bias_reduced`.
pub(crate) fn measure(case: &Case) -> Vec<Measured> {
    let fit = |(estimator, by, field)| {
        let mut findings = Findings::default();
        if let Err(error) = compare(case, estimator, field, &mut findings) {
            findings.refuse(error.to_string());
        }
        Measured { by, findings }
    };
    ESTIMATORS.into_iter().map(fit).collect()
}

fn compare(case: &Case, estimator: BiasReduction, field: &str, findings: &mut Findings) -> Result<(), Error> {
    let (response, design) = (case.response().expect("a family of ours"), case.design());
    let problem = Problem::new(&design, &*response, case.y.clone())?
        .with_weights(case.weights.clone())?
        .with_offset(case.offset.clone())?;
    let fit = fit_bias_reduced(&problem, estimator)?.fit;
    let fitted = fit.fitted(&problem)?;
    let expected = &case.json["expected"][field];
    let mut add = |quantity: &str, place: &str, found: f64, expected: f64, scale: f64| {
        findings.add((quantity, place), found, expected, scale, case.tolerance(quantity));
    };
    for (j, name) in case.names.iter().enumerate() {
        let place = format!("[{name}]");
        let (value, error) =
            (expected["coefficients"][name].as_f64().unwrap(), expected["std_errors"][name].as_f64().unwrap());
        add("coefficients", &place, fit.coefficients[j], value, value.abs().max(error));
        add("std_errors", &place, fit.std_errors[j], error, error);
        for i in 0..case.names.len() {
            let entry = |i: usize, j: usize| expected["cov"]["data"][i][j].as_f64().unwrap();
            let scale = (entry(i, i) * entry(j, j)).sqrt();
            add("cov", &format!("[{i}, {j}]"), fit.covariance[(i, j)], entry(i, j), scale);
        }
    }
    let number = |field: &str| expected[field].as_f64().unwrap();
    add("deviance", "", fit.deviance, number("deviance"), number("deviance"));
    add("loglik", "", fit.log_likelihood.unwrap_or(f64::NAN), number("loglik"), number("loglik").abs());
    let expected = expected["fitted"].as_array().unwrap();
    assert_eq!(expected.len(), fitted.len(), "{} {field}", case.id);
    for (i, (found, expected)) in fitted.iter().zip(expected.iter().map(|value| value.as_f64().unwrap())).enumerate() {
        add("fitted", &format!("[{i}]"), *found, expected, expected.abs().max(1e-3));
    }
    Ok(())
}

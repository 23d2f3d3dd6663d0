//! Tests, intervals, predictions and analyses of deviance of every reference case, at the case's own tolerance.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../../glm-solvers/tests/common/measure/finding.rs"]
mod finding;
#[path = "common/fitted.rs"]
mod fitted;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../../glm-solvers/tests/common/reference.rs"]
mod reference;

use finding::Findings;
use fitted::{design_of, fit, fit_design, new_rows, of_one_predictor};
use glm_stats::{Estimates, FitSummary, Reference, SavedEstimates, Scale, Test, Wald, compare};
use reference::Case;
use serde_json::Value;

/// Runs a comparison on every case with one linear predictor, of which so many have something to compare.
fn on_every_case(at_least: usize, compare: impl Fn(&Case, &mut Findings)) {
    let (mut wrong, mut compared) = (Vec::new(), 0);
    for case in of_one_predictor() {
        let mut findings = Findings::default();
        compare(&case, &mut findings);
        compared += usize::from(!findings.all.is_empty());
        wrong.extend(findings.wrong().map(|what| format!("{}: {what}", case.id)));
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= at_least, "only {compared} cases compared; is reference/ complete?");
}

/// Relative or absolute, as the reference allows; what underflowed there is zero.
fn p_value(findings: &mut Findings, case: &Case, what: (&str, &str), found: f64, expected: f64) {
    let (rel, abs) = case.tolerance("p_values");
    let tolerance = if (found - expected).abs() <= abs { (0.0, abs) } else { (rel, 0.0) };
    findings.add(what, found, expected, expected, tolerance);
}

#[test]
fn walds_tests_and_intervals() {
    on_every_case(79, |case, findings| {
        let (fit, _) = fit(case);
        let wald = Wald::of(&fit, 0.95).unwrap();
        if case.json["expected"]["statistic_type"] != wald.reference.to_string() {
            findings.refuse(format!("the statistic is {}", wald.reference));
        }
        let numbers = |column: fn(&glm_stats::WaldRow) -> Option<f64>| -> Vec<f64> {
            wald.rows.iter().map(|row| column(row).unwrap_or(f64::NAN)).collect()
        };
        let (statistics, p_values) = (numbers(|row| row.statistic), numbers(|row| row.p_value));
        for (j, name) in case.names.iter().enumerate() {
            let expected = |field: &str| case.json["expected"][field][name].as_f64();
            let place = format!("[{name}]");
            match (expected("z_or_t"), expected("p_values")) {
                (Some(statistic), Some(p)) => {
                    let tolerance = case.tolerance("tests");
                    findings.add(("z_or_t", &place), statistics[j], statistic, statistic.abs(), tolerance);
                    p_value(findings, case, ("p_values", &place), p_values[j], p);
                }
                _ if wald.rows[j].estimate.is_none() && wald.rows[j].p_value.is_none() => {}
                _ => findings.refuse(format!("the test of {name} should be missing")),
            }
        }
        let normal = Wald::new(&fit.coefficients, &fit.std_errors, Reference::Normal, 0.95).unwrap();
        let intervals = case.json["expected"]["ci_wald_95"]["data"].as_array().unwrap();
        for ((row, expected), name) in normal.rows.iter().zip(intervals).zip(&case.names) {
            for (found, end) in [(row.conf_low, 0), (row.conf_high, 1)] {
                match (found, expected[end].as_f64()) {
                    (Some(found), Some(expected)) => {
                        let scale = expected.abs().max(row.std_error.unwrap());
                        findings.add(("ci_wald_95", name), found, expected, scale, case.tolerance("ci_wald"));
                    }
                    (None, None) => {}
                    (found, expected) => findings.refuse(format!("the interval of {name}: {found:?} {expected:?}")),
                }
            }
        }
    });
}

/// New rows that the data do not determine, where R predicts with a zero for what it left out: no row of that case has both
/// the last age and slow learners.
const NOT_ESTIMABLE: (&str, usize) = ("poisson_log_quine_aliased", 2);

#[test]
fn predictions_with_their_standard_errors() {
    on_every_case(79, |case, findings| {
        let (fit, response) = fit(case);
        let (columns, offset) = new_rows(case);
        let (design, estimates) = (design_of(case, &columns), Estimates::from(&fit));
        let predictions = estimates.predict(&*response, &design, &offset).unwrap();
        let (rel, abs) = case.tolerance("predictions");
        for (field, found) in [
            ("link", predictions.fit(Scale::Link)),
            ("link_se", predictions.std_error(Scale::Link)),
            ("response", predictions.fit(Scale::Response)),
            ("response_se", predictions.std_error(Scale::Response)),
        ] {
            let expected = numbers(&case.json["expected"]["predictions"][field]);
            let largest = expected.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
            for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
                let scale = expected.abs().max(1e-3 * largest);
                match (&*case.id, row) == NOT_ESTIMABLE {
                    true if found.is_nan() => {}
                    true => findings.refuse(format!("row {row} is not estimable and has the {field} {found}")),
                    false => {
                        findings.add((field, ""), *found, *expected, scale, (rel, abs));
                    }
                }
            }
        }
        let restored = Estimates::try_from(SavedEstimates::from(&estimates)).unwrap();
        let again = restored.predict(&*response, &design, &offset).unwrap();
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        if bits(&again.mu) != bits(&predictions.mu) || bits(&again.mu_std_error) != bits(&predictions.mu_std_error) {
            findings.refuse("the restored estimates predict something else".to_owned());
        }
    });
}

#[test]
fn analyses_of_deviance() {
    on_every_case(77, |case, findings| {
        for (field, p, test) in
            [("anova_sequential_chisq", "Pr(>Chi)", Test::LikelihoodRatio), ("anova_sequential_F", "Pr(>F)", Test::F)]
        {
            let Some(expected) = case.json["expected"][field].as_array() else { continue };
            let fits = sequence(case, expected);
            let table = compare(&fits, Some(test)).unwrap_or_else(|error| panic!("{}: {error}", case.id));
            for (row, expected) in table.rows.iter().zip(expected) {
                compare_row(case, row, expected, p, findings);
            }
        }
    });
}

/// The null model, then the models with one term more each: of a term only the degrees of freedom are known.
fn sequence(case: &Case, expected: &[Value]) -> Vec<FitSummary> {
    let (full, response) = fit(case);
    let intercept = u64::from(case.names[0] == "(Intercept)");
    let mut rank = intercept;
    let mut fits = vec![FitSummary::from(&full).null_model().expect("a null model")];
    for row in &expected[1..] {
        rank += row["Df"].as_u64().unwrap();
        let kept_before = |end: usize| (0..end).filter(|j| !full.aliased.contains(j)).count() as u64;
        let columns = (1..=case.columns.len()).find(|end| kept_before(*end) == rank).expect("so many columns");
        let start = case.start().filter(|start| start.len() == columns);
        let fit = fit_design(case, &design_of(case, &case.columns[..columns]), &*response, start);
        fits.push(FitSummary::from(&fit));
    }
    fits
}

fn compare_row(case: &Case, row: &glm_stats::DevianceRow, expected: &Value, p: &str, findings: &mut Findings) {
    let term = expected["term"].as_str().unwrap();
    let mut field = |field: &str, found: f64| {
        if let Some(expected) = expected[field].as_f64() {
            findings.add((field, term), found, expected, expected.abs(), case.tolerance("tests"));
        }
    };
    field("Resid. Df", row.df_residual as f64);
    field("Resid. Dev", row.deviance);
    let Some(change) = row.change else { return };
    field("Df", change.df as f64);
    field("Deviance", change.deviance);
    match expected[p].as_f64() {
        Some(expected) => p_value(findings, case, (p, term), change.p_value.unwrap_or(f64::NAN), expected),
        None if change.p_value.is_none() => {}
        None => findings.refuse(format!("the test of {term} should be missing")),
    }
    if let Some(expected) = expected["F"].as_f64() {
        let found = change.statistic.unwrap_or(f64::NAN);
        findings.add(("F", term), found, expected, expected, case.tolerance("tests"));
    }
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

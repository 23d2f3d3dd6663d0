//! What a case of each kind expects, and where the command says it.

use std::path::Path;

use serde_json::{Value, json};

use crate::agreement::{Agreement, Scale};
use crate::case::Case;
use crate::command::{Run, glm};

/// New rows that the data do not determine, where R predicts with a zero for what it left out: no row of that case has both
/// the last age and slow learners.
const NOT_ESTIMABLE: (&str, usize) = ("poisson_log_quine_aliased", 2);

/// The tolerances of a case, and ours.
pub(crate) fn tolerance(case: &Case) -> Value {
    let mut tolerance = case.value["tolerance"].clone();
    // Of the cases on behaviour that have a fit.
    tolerance["limit"] = json!({ "rel": 1e-8 });
    tolerance
}

/// Compares a run with its case.
pub(crate) fn check(case: &Case, run: &Run, directory: &Path, agreement: &mut Agreement) {
    let limit = case.expected("limit");
    let has_no_fit = limit["infinite"].is_object();
    agreement.holds(&format!("{}{}", run.stdout, run.stderr), run.status == if has_no_fit { 3 } else { 0 });
    if !agreement.found.is_empty() {
        return;
    }
    let said = run.json();
    match case.kind() {
        "behaviour" if has_no_fit => separation(&said["error"], &limit["infinite"], agreement),
        "behaviour" => {
            let (estimate, expected) = (&said["coefficients"][0]["estimate"], &limit["coefficients"]["(Intercept)"]);
            agreement.number("coefficient", estimate, expected, "limit", Scale::Value);
            agreement.number("deviance", &said["deviance"], &limit["deviance"], "limit", Scale::Value);
        }
        "bias_reduced" => coefficients(&said, case.expected("AS_mean"), agreement),
        "nist_linear" => nist_linear(&said, &case.value["expected"], agreement),
        "nist_anova" => nist_anova(&said, &case.value["expected"], agreement),
        "multinomial" => multinomial(case, &said, directory, agreement),
        "ordinal" => ordinal(case, &said, directory, agreement),
        _ => {
            names(&said, &case.value["design_columns"], agreement);
            coefficients(&said, &case.value["expected"], agreement);
            scalars(case, &said, agreement);
            predictions(case, directory, agreement);
        }
    }
}

/// The columns by R's names, in R's order.
fn names(said: &Value, columns: &Value, agreement: &mut Agreement) {
    let coefficients = said["coefficients"].as_array().expect("coefficients");
    let terms: Vec<&Value> = coefficients.iter().map(|row| &row["term"]).collect();
    let expected: Vec<&Value> = columns.as_array().expect("columns").iter().collect();
    agreement.holds(&format!("terms {terms:?} and not {expected:?}"), terms == expected);
}

fn coefficients(said: &Value, expected: &Value, agreement: &mut Agreement) {
    let bounds = &expected["ci_wald_95"];
    for row in said["coefficients"].as_array().expect("coefficients") {
        let term = row["term"].as_str().expect("a term");
        let of = |field: &str| &expected[field][term];
        agreement.holds(&format!("{term} is unknown"), expected["coefficients"].get(term).is_some());
        agreement.holds(&format!("{term}: aliased"), row["aliased"] == json!(of("coefficients").is_null()));
        row_of(row, [of("coefficients"), of("std_errors"), of("z_or_t"), of("p_values")], agreement);
        let at = bounds["rows"].as_array().and_then(|rows| rows.iter().position(|name| name == term));
        // The reference's intervals have the normal quantile, which is ours only where the statistic is z.
        if let Some(at) = at.filter(|_| said["statistic"] == "z") {
            let scale = Scale::AtLeast(of("std_errors").as_f64().unwrap_or(0.0));
            for (end, field) in ["conf_low", "conf_high"].iter().enumerate() {
                agreement.number(&format!("{term} {field}"), &row[field], &bounds["data"][at][end], "ci_wald", scale);
            }
        }
    }
}

/// Estimate, standard error, statistic and p-value of a row; what a case does not say is not compared.
fn row_of(row: &Value, expected: [&Value; 4], agreement: &mut Agreement) {
    let term = row["term"].as_str().expect("a term").to_owned();
    let [estimate, std_error, statistic, p_value] = expected;
    let scale = Scale::AtLeast(std_error.as_f64().unwrap_or(0.0));
    agreement.number(&term, &row["estimate"], estimate, "coefficients", scale);
    agreement.number(&format!("{term} std_error"), &row["std_error"], std_error, "std_errors", Scale::Value);
    if estimate.is_number() && !statistic.is_null() {
        let what = format!("{term} statistic");
        agreement.number(&what, &row["statistic"], statistic, "std_errors", Scale::AtLeast(1.0));
        agreement.number(&format!("{term} p_value"), &row["p_value"], p_value, "p_values", Scale::Either);
    }
}

fn scalars(case: &Case, said: &Value, agreement: &mut Agreement) {
    let expected = |field: &str| case.expected(field).clone();
    let has_zero_weights = expected("nobs") != expected("n_rows_used");
    agreement.holds("n_used", said["n_used"] == expected("nobs"));
    agreement.holds("statistic", said["statistic"] == expected("statistic_type"));
    for field in ["deviance", "null_deviance"] {
        agreement.number(field, &said[field], &expected(field), "deviance", Scale::Value);
    }
    for field in ["df_residual", "df_null"] {
        agreement.holds(field, said[field] == expected(field));
    }
    agreement.number("dispersion", &said["dispersion"], &expected("dispersion"), "dispersion", Scale::Value);
    let (log_likelihood, k) = (expected("loglik"), expected("loglik_df"));
    // R counts rows of weight zero in BIC, and has an infinite likelihood for Gaussian fits with any.
    let bic = match (log_likelihood.as_f64(), k.as_f64(), expected("nobs").as_f64()) {
        (Some(log_likelihood), Some(k), Some(n)) => json!(k * n.ln() - 2.0 * log_likelihood),
        _ => Value::Null,
    };
    let criteria = [("log_likelihood", log_likelihood.clone()), ("aic", expected("aic")), ("bic", bic)];
    let is_tweedie = case.value["family"]["name"] == "tweedie";
    for (field, value) in criteria {
        if !(value.is_null() && (has_zero_weights || is_tweedie)) {
            agreement.number(field, &said[field], &value, "loglik_aic_bic", Scale::Value);
        }
    }
    let tweedie = case.expected("tweedie_loglik_at_pearson_dispersion");
    if tweedie.is_number() {
        agreement.number("log_likelihood", &said["log_likelihood"], tweedie, "loglik_aic_bic", Scale::Value);
    }
    if expected("theta").is_number() {
        agreement.number("theta", &said["theta"]["estimate"], &expected("theta"), "theta", Scale::Value);
        agreement.number("theta se", &said["theta"]["std_error"], &expected("theta_se"), "theta_se", Scale::Value);
    }
}

/// The predictions of the saved model for a case's new rows, on both scales.
fn predictions(case: &Case, directory: &Path, agreement: &mut Agreement) {
    let expected = case.expected("predictions");
    let Some(new) = case.new_data(directory) else { return };
    for (scale, se) in [("link", "link_se"), ("response", "response_se")] {
        let columns = predicted(&new, scale, directory, agreement);
        for (column, field) in [("fit", scale), ("std_error", se)] {
            let ours = columns.iter().find(|(name, _)| name == column).map(|(_, values)| values.as_slice());
            let (ours, mut theirs) = (ours.unwrap_or_default(), expected[field].clone());
            if case.id() == NOT_ESTIMABLE.0 {
                theirs[NOT_ESTIMABLE.1] = Value::Null;
            }
            column_of(&format!("predicted {field}"), (ours, &theirs), "predictions", agreement);
        }
    }
}

fn column_of(what: &str, (ours, expected): (&[Value], &Value), group: &str, agreement: &mut Agreement) {
    let theirs = expected.as_array().expect("predictions");
    agreement.holds(&format!("{what}: {} rows", ours.len()), ours.len() == theirs.len());
    let largest = theirs.iter().filter_map(Value::as_f64).fold(0.0, |largest: f64, value| largest.max(value.abs()));
    for (row, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        let scale = Scale::AtLeast(1e-3 * largest);
        agreement.number(&format!("{what}, row {}", row + 1), ours, theirs, group, scale);
    }
}

/// The columns that `glm predict` prints, `NA` as null.
fn predicted(new: &Path, scale: &str, directory: &Path, agreement: &mut Agreement) -> Vec<(String, Vec<Value>)> {
    let new = new.display().to_string();
    let run = glm(directory, &["predict", "model.json", &new, "--type", scale]);
    agreement.holds(&run.stderr, run.status == 0);
    let mut lines = run.stdout.lines();
    let names = lines.next().unwrap_or_default().split(',').map(ToOwned::to_owned);
    let mut columns: Vec<(String, Vec<Value>)> = names.map(|name| (name, Vec::new())).collect();
    for line in lines {
        for ((_, values), field) in columns.iter_mut().zip(line.split(',')) {
            values.push(if field == "NA" { Value::Null } else { json!(field.parse::<f64>().expect("a number")) });
        }
    }
    columns
}

/// The error names the terms whose coefficients are infinite, and where they go.
fn separation(error: &Value, infinite: &Value, agreement: &mut Agreement) {
    agreement.holds(&format!("{error}"), error["code"] == "separation");
    for (term, towards) in infinite.as_object().expect("terms") {
        let direction = if towards == "Inf" { "+inf" } else { "-inf" };
        let names = |found: &Value| found["term"] == *term && found["towards"] == direction;
        let is_named = error["terms"].as_array().is_some_and(|terms| terms.iter().any(names));
        agreement.holds(&format!("{term} goes to {towards}: {}", error["terms"]), is_named);
    }
}

fn nist_linear(said: &Value, expected: &Value, agreement: &mut Agreement) {
    for row in said["coefficients"].as_array().expect("coefficients") {
        let term = row["term"].as_str().expect("a term");
        let expected = [&expected["coefficients"][term], &expected["std_errors"][term], &Value::Null, &Value::Null];
        row_of(row, expected, agreement);
    }
    let number = |value: &Value| value.as_f64().expect("a number");
    let sd = number(&said["dispersion"]).sqrt();
    agreement.number("residual sd", &json!(sd), &expected["residual_sd"], "residual_sd", Scale::Value);
    agreement.holds("df_residual", said["df_residual"] == expected["df_residual"]);
    let r_squared = 1.0 - number(&said["deviance"]) / number(&said["null_deviance"]);
    agreement.number("R squared", &json!(r_squared), &expected["r_squared"], "r_squared", Scale::Value);
}

fn nist_anova(said: &Value, expected: &Value, agreement: &mut Agreement) {
    let number = |value: &Value| value.as_f64().expect("a number");
    let (within, null) = (number(&said["deviance"]), number(&said["null_deviance"]));
    let (df_within, df_null) = (number(&said["df_residual"]), number(&said["df_null"]));
    agreement.number("within", &json!(within), &expected["ss_within"], "default", Scale::Value);
    agreement.number("between", &json!(null - within), &expected["ss_between"], "default", Scale::Value);
    let f = (null - within) / (df_null - df_within) / (within / df_within);
    agreement.number("F", &json!(f), &expected["F"], "F", Scale::Value);
}

/// The coefficients of each class against the first, by `class:term`, and the probabilities of new rows.
fn multinomial(case: &Case, said: &Value, directory: &Path, agreement: &mut Agreement) {
    let table = |field: &str| case.expected(field);
    let list = |value: &Value| -> Vec<String> {
        let texts = value.as_array().expect("a list").iter();
        texts.map(|text| text.as_str().expect("a text").to_owned()).collect()
    };
    let (classes, terms) = (list(&table("coefficients")["rows"]), list(&table("coefficients")["cols"]));
    for (i, class) in classes.iter().enumerate() {
        for (j, term) in terms.iter().enumerate() {
            let name = format!("{class}:{term}");
            let row = said["coefficients"].as_array().expect("rows").iter().find(|row| row["term"] == *name);
            agreement.holds(&format!("no coefficient {name}"), row.is_some());
            let expected = ["coefficients", "std_errors", "z", "p_values"].map(|field| &table(field)["data"][i][j]);
            row.into_iter().for_each(|row| row_of(row, expected, agreement));
        }
    }
    let criteria =
        [("log_likelihood", "loglik"), ("deviance", "deviance"), ("aic", "aic"), ("bic", "bic_n_total_weight")];
    for (ours, theirs) in criteria {
        agreement.number(ours, &said[ours], table(theirs), "loglik_aic_bic", Scale::Value);
    }
    probabilities(case, directory, agreement);
}

/// The thresholds and the slopes, and the probabilities of new rows.
fn ordinal(case: &Case, said: &Value, directory: &Path, agreement: &mut Agreement) {
    let expected = &case.value["expected"];
    let rows = said["coefficients"].as_array().expect("rows");
    agreement.holds("terms", expected["std_errors"].as_object().is_some_and(|terms| terms.len() == rows.len()));
    for row in rows {
        let term = row["term"].as_str().expect("a term");
        let estimates = if expected["thresholds"].get(term).is_some() { "thresholds" } else { "coefficients" };
        let of = |field: &str| &expected[field][term];
        row_of(row, [of(estimates), of("std_errors"), of("z"), of("p_values")], agreement);
    }
    for (ours, theirs) in [("log_likelihood", "loglik"), ("deviance", "deviance"), ("aic", "aic")] {
        agreement.number(ours, &said[ours], &expected[theirs], "loglik_aic_bic", Scale::Value);
    }
    probabilities(case, directory, agreement);
}

/// The probabilities of each class for new rows.
fn probabilities(case: &Case, directory: &Path, agreement: &mut Agreement) {
    let Some(new) = case.new_data(directory) else { return };
    let expected = &case.expected("predictions")["probabilities"];
    let columns = predicted(&new, "response", directory, agreement);
    for (j, class) in expected["cols"].as_array().expect("classes").iter().enumerate() {
        let theirs: Vec<&Value> = expected["data"].as_array().expect("rows").iter().map(|row| &row[j]).collect();
        let ours = columns.iter().find(|(name, _)| class == name).map(|(_, values)| values.as_slice());
        let ours = (ours.unwrap_or_default(), &json!(theirs));
        column_of(&format!("probability of {class}"), ours, "predictions", agreement);
    }
}

//! Every reference case with a formula, from its CSV through a specification to the summary, and through a saved and
//! loaded model to predictions.

#[path = "reference/case.rs"]
mod case;

use case::{Case, case, cases};
use glm_model::{CovarianceChoice, Model, PredictOptions, Prediction, Scale, Summary, WeightsKind};
use serde_json::Value;

/// A new row that the data do not determine, where R predicts with a zero for what it left out, and warns.
const NOT_ESTIMABLE: (&str, usize) = ("poisson_log_quine_aliased", 2);

/// Collects what differs, so that one run shows all of it.
struct Check<'a> {
    case: &'a Case,
    wrong: Vec<String>,
}

impl Check<'_> {
    fn near(&mut self, what: &str, found: Option<f64>, expected: &Value, group: &str, scale: f64) {
        let Some(expected) = expected.as_f64() else { return };
        let (rel, abs) = self.case.tolerance(group);
        let found = found.unwrap_or(f64::NAN);
        let error = (found - expected).abs();
        let ok = match group {
            "p_values" => error <= rel * expected.abs() || error <= abs,
            _ => error <= rel * expected.abs().max(scale) + abs,
        };
        if !ok {
            self.wrong.push(format!("{}: {what} is {found:e}, not {expected:e}", self.case.id()));
        }
    }

    fn same(&mut self, what: &str, found: &Value, expected: &Value) {
        if !expected.is_null() && found != expected {
            self.wrong.push(format!("{}: {what} is {found}, not {expected}", self.case.id()));
        }
    }

    /// The probabilities of each class in new rows, by the model that was saved and loaded.
    fn probabilities(&mut self, model: &Model) {
        let predicted = reloaded(model).predict(&self.case.new_frame().expect("new rows")).expect("predictions");
        let expected = &self.case.expected()["predictions"]["probabilities"];
        for (class, level) in strings(&expected["cols"]).iter().enumerate() {
            assert_eq!(predicted.classes[class].level, *level, "a class");
            for (row, found) in predicted.classes[class].fit.iter().enumerate() {
                self.near(level, Some(*found), &expected["data"][row][class], "predictions", 0.0);
            }
        }
    }

    fn coefficients(&mut self, summary: &Summary) {
        let expected = self.case.expected();
        let names: Vec<&str> = summary.coefficients.iter().map(|row| row.term.as_str()).collect();
        let wanted = strings(&self.case.value["design_columns"]);
        if names != wanted {
            self.wrong.push(format!("{}: the terms are {names:?}", self.case.id()));
        }
        for row in &summary.coefficients {
            let of = |field: &str| &expected[field][&row.term];
            let aliased = of("coefficients").is_null();
            self.same(&format!("{} aliased", row.term), &row.aliased.into(), &aliased.into());
            let se = of("std_errors").as_f64().unwrap_or(0.0);
            self.near(&row.term, row.estimate, of("coefficients"), "coefficients", se);
            self.near(&format!("se {}", row.term), row.std_error, of("std_errors"), "std_errors", 0.0);
            // The statistic has the error of both.
            let statistic = of("z_or_t").as_f64().map_or(0.0, |value| value.abs().max(1.0));
            self.near(&format!("statistic {}", row.term), row.statistic, of("z_or_t"), "std_errors", statistic);
            self.near(&format!("p {}", row.term), row.p_value, of("p_values"), "p_values", 0.0);
        }
    }

    fn goodness(&mut self, summary: &Summary) {
        let expected = self.case.expected();
        let deviance_scale = summary.null_deviance.map_or(0.0, |null| 1e-6 * null);
        self.near("deviance", summary.deviance, &expected["deviance"], "deviance", deviance_scale);
        self.near("null deviance", summary.null_deviance, &expected["null_deviance"], "deviance", 0.0);
        self.near("dispersion", summary.dispersion, &expected["dispersion"], "dispersion", 0.0);
        self.near("log-likelihood", summary.log_likelihood, &expected["loglik"], "loglik_aic_bic", 0.0);
        self.near("AIC", summary.aic, &expected["aic"], "loglik_aic_bic", 0.0);
        self.near("BIC", summary.bic, &bic(expected), "loglik_aic_bic", 0.0);
        self.same("df", &summary.df_residual.into(), &expected["df_residual"]);
        self.same("null df", &summary.df_null.into(), &expected["df_null"]);
        self.same("statistic", &summary.statistic.clone().into(), &expected["statistic_type"]);
        self.same("n", &summary.n_used.into(), &expected["nobs"]);
        for (what, found) in [("log-likelihood", summary.log_likelihood), ("AIC", summary.aic), ("BIC", summary.bic)] {
            let r_has_it = !expected["loglik"].is_null() || expected["family"].is_null();
            if found.is_some() && !r_has_it {
                self.wrong.push(format!("{}: there is {what}", self.case.id()));
            }
        }
    }

    fn predictions(&mut self, link: &Prediction, response: &Prediction) {
        let expected = &self.case.expected()["predictions"];
        for (field, found) in [
            ("link", &link.fit),
            ("link_se", link.std_error.as_ref().expect("sound")),
            ("response", &response.fit),
            ("response_se", response.std_error.as_ref().expect("sound")),
        ] {
            let values: Vec<f64> =
                expected[field].as_array().expect("sound").iter().map(|x| x.as_f64().expect("sound")).collect();
            let scale = 1e-3 * values.iter().fold(0.0, |most: f64, value| most.max(value.abs()));
            for (row, found) in found.iter().enumerate() {
                if (self.case.id(), row) == NOT_ESTIMABLE && found.is_nan() {
                    continue;
                }
                self.near(&format!("{field} {row}"), Some(*found), &expected[field][row], "predictions", scale);
            }
        }
    }
}

/// Ours counts rows of positive weight, R's all of them.
fn bic(expected: &Value) -> Value {
    let number = |field: &str| expected[field].as_f64();
    match (number("bic"), number("loglik_df"), number("nobs"), number("n_rows_used")) {
        (Some(bic), Some(k), Some(used), Some(rows)) => (bic + k * (used / rows).ln()).into(),
        _ => Value::Null,
    }
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().expect("sound").iter().map(|text| text.as_str().expect("sound")).collect()
}

/// The model after a journey through its file.
fn reloaded(model: &Model) -> Model {
    Model::from_json(&model.to_json().expect("sound")).expect("sound")
}

fn on_link() -> PredictOptions {
    PredictOptions { scale: Scale::Link, ..PredictOptions::default() }
}

#[track_caller]
fn report(wrong: &[String], checked: usize, expected: usize) {
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(checked, expected, "the number of cases");
}

#[test]
fn regressions_agree_with_r() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for case in cases("glm").iter().chain(&cases("negbin_ml")) {
        let mut check = Check { case, wrong: Vec::new() };
        match case.spec().fit(&case.frame()) {
            Err(error) => check.wrong.push(format!("{}: {error}", case.id())),
            Ok(model) => {
                check.coefficients(model.summary());
                check.goodness(model.summary());
                let theta = model.summary().theta;
                check.near("θ", theta.and_then(|theta| theta.estimate), &case.expected()["theta"], "theta", 0.0);
                let std_error = theta.and_then(|theta| theta.std_error);
                check.near("se θ", std_error, &case.expected()["theta_se"], "theta_se", 0.0);
                let (again, new) = (reloaded(&model), case.new_frame().unwrap());
                let predictions =
                    |model: &Model| (model.predict_with(&new, &on_link()).unwrap(), model.predict(&new).unwrap());
                let (link, response) = predictions(&again);
                check.predictions(&link, &response);
                // Debug prints every bit, and makes NaN equal to itself.
                let bits = |predictions: &(Prediction, Prediction)| format!("{predictions:?}");
                assert_eq!(bits(&predictions(&model)), bits(&(link, response)), "{}: bit for bit", case.id());
                assert_eq!(again.summary(), model.summary(), "{}", case.id());
            }
        }
        wrong.append(&mut check.wrong);
        checked += 1;
    }
    report(&wrong, checked, 79);
}

#[test]
fn bias_reduced_fits_agree_with_brglm2() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for case in &cases("bias_reduced") {
        let model = case.spec().bias_reduction().fit(&case.frame()).unwrap();
        let mut check = Check { case, wrong: Vec::new() };
        let expected = &case.expected()["AS_mean"];
        for row in &model.summary().coefficients {
            let of = |field: &str| &expected[field][&row.term];
            let se = of("std_errors").as_f64().unwrap();
            check.near(&row.term, row.estimate, of("coefficients"), "coefficients", se);
            check.near(&row.term, row.std_error, of("std_errors"), "std_errors", 0.0);
        }
        check.near("deviance", model.summary().deviance, &expected["deviance"], "deviance", 0.0);
        assert!(!expected["coefficients"].as_object().unwrap().is_empty());
        wrong.append(&mut check.wrong);
        checked += 1;
    }
    report(&wrong, checked, 4);
}

#[test]
fn classes_agree_with_nnet() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for case in &cases("multinomial") {
        let model = case.spec().fit(&case.frame()).unwrap();
        let mut check = Check { case, wrong: Vec::new() };
        let expected = case.expected();
        let (levels, terms) = (strings(&expected["coefficients"]["rows"]), strings(&expected["coefficients"]["cols"]));
        let summary = model.summary();
        assert_eq!(summary.coefficients.len(), levels.len() * terms.len(), "{}", case.id());
        for (place, row) in summary.coefficients.iter().enumerate() {
            let (class, term) = (place / terms.len(), place % terms.len());
            assert_eq!(row.term, format!("{}:{}", levels[class], terms[term]));
            let of = |field: &str| &expected[field]["data"][class][term];
            let se = of("std_errors").as_f64().unwrap();
            check.near(&row.term, row.estimate, of("coefficients"), "coefficients", se);
            check.near(&row.term, row.std_error, of("std_errors"), "std_errors", 0.0);
            check.near(&row.term, row.p_value, of("p_values"), "coefficients", 1e-3);
        }
        check.near("log-likelihood", summary.log_likelihood, &expected["loglik"], "loglik_aic_bic", 0.0);
        check.near("AIC", summary.aic, &expected["aic"], "loglik_aic_bic", 0.0);
        check.near("deviance", summary.deviance, &expected["deviance"], "default", 0.0);
        check.probabilities(&model);
        wrong.append(&mut check.wrong);
        checked += 1;
    }
    report(&wrong, checked, 2);
}

#[test]
fn separation_names_its_terms() {
    let endometrial = case("separation_quasi_endometrial");
    let error = endometrial.spec().fit(&endometrial.frame()).unwrap_err();
    assert_eq!((error.code(), error.exit_status()), ("separation", 3));
    assert!(error.to_string().contains("`NV` goes to +∞"), "{error}");
    let details = error.details();
    assert_eq!((&details["terms"][0]["term"], &details["terms"][0]["towards"]), (&"NV".into(), &"+inf".into()));
    assert_eq!(details["complete"], false);
    assert!(details["rows"][0]["line"].as_u64().unwrap() >= 2, "{details}");
    assert_eq!(details["best"]["coefficients"][1]["term"], "NV");

    let toy = case("separation_complete_toy");
    let error = toy.spec().fit(&toy.frame()).unwrap_err();
    assert!(error.to_string().contains("completely separated") && error.to_string().contains("`x`"), "{error}");
}

#[test]
fn constant_responses_and_bad_starts_are_told() {
    for id in ["boundary_binomial_all_one", "boundary_binomial_all_zero", "boundary_poisson_all_zero"] {
        let case = case(id);
        let error = case.spec().fit(&case.frame()).unwrap_err();
        assert_eq!((error.code(), error.exit_status()), ("separation", 3), "{id}: {error}");
    }
    for id in ["start_logit_null_diverges", "start_logit_null_ok"] {
        let case = case(id);
        let model = case.spec().fit(&case.frame()).unwrap();
        assert!(model.summary().certificate.as_ref().unwrap().converged, "{id}");
    }
}

#[test]
fn ordered_classes_agree_with_clm() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for case in &cases("ordinal") {
        let mut spec = case.spec().family("ordinal");
        spec.weights_kind = WeightsKind::Frequency;
        let model = spec.fit(&case.frame()).unwrap_or_else(|error| panic!("{}: {error}", case.id()));
        let mut check = Check { case, wrong: Vec::new() };
        let (expected, summary) = (case.expected(), model.summary());
        let thresholds = expected["thresholds"].as_object().unwrap().len();
        assert_eq!(summary.coefficients.len(), expected["std_errors"].as_object().unwrap().len(), "{}", case.id());
        for (place, row) in summary.coefficients.iter().enumerate() {
            let group = if place < thresholds { "thresholds" } else { "coefficients" };
            let se = expected["std_errors"][&row.term].as_f64().unwrap();
            check.near(&row.term, row.estimate, &expected[group][&row.term], group, se);
            check.near(&row.term, row.std_error, &expected["std_errors"][&row.term], "std_errors", 0.0);
            check.near(&row.term, row.p_value, &expected["p_values"][&row.term], "std_errors", 1e-3);
        }
        check.near("log-likelihood", summary.log_likelihood, &expected["loglik"], "loglik_aic_bic", 0.0);
        check.near("AIC", summary.aic, &expected["aic"], "loglik_aic_bic", 0.0);
        check.probabilities(&model);
        wrong.append(&mut check.wrong);
        checked += 1;
    }
    report(&wrong, checked, 4);
}

#[test]
fn robust_covariances_agree_with_sandwich() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for case in cases("glm").iter().filter(|case| case.expected()["robust_cov"].is_object()) {
        for (name, choice) in [
            ("HC0", CovarianceChoice::Hc0),
            ("HC1", CovarianceChoice::Hc1),
            ("HC2", CovarianceChoice::Hc2),
            ("HC3", CovarianceChoice::Hc3),
        ] {
            let expected = &case.expected()["robust_cov"][name];
            let model = case.spec().covariance(choice).fit(&case.frame());
            if expected.is_null() {
                let error = model.unwrap_err().to_string();
                assert!(error.contains("leverage"), "{error}");
                continue;
            }
            let model = model.unwrap();
            let mut check = Check { case, wrong: Vec::new() };
            // Wide designs have the standard errors alone.
            let place = |term: &str| strings(&expected["rows"]).iter().position(|row| *row == term).unwrap();
            for row in model.summary().coefficients.iter().filter(|row| !row.aliased) {
                let variance: Value = match expected["std_errors"][&row.term].as_f64() {
                    Some(error) => (error * error).into(),
                    None => expected["data"][place(&row.term)][place(&row.term)].clone(),
                };
                let found = row.std_error.map(|error| error * error);
                check.near(&format!("{name} {}", row.term), found, &variance, "robust_cov", 0.0);
            }
            assert_eq!(model.summary().covariance.as_deref(), Some(name.to_lowercase().as_str()));
            wrong.append(&mut check.wrong);
        }
        checked += 1;
    }
    assert!(checked > 50, "{checked} cases");
    report(&wrong, checked, checked);
}

#[test]
fn clustered_covariances_agree_with_sandwich() {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for case in cases("glm").iter().filter(|case| case.expected()["robust_cov_cluster"].is_object()) {
        let clustered = &case.expected()["robust_cov_cluster"];
        let column = clustered["cluster"].as_str().unwrap().to_owned();
        let model = case.spec().covariance(CovarianceChoice::Cluster(column)).fit(&case.frame()).unwrap();
        let mut check = Check { case, wrong: Vec::new() };
        let rows = strings(&clustered["CR1"]["rows"]);
        for row in model.summary().coefficients.iter().filter(|row| !row.aliased) {
            let place = rows.iter().position(|term| *term == row.term).unwrap();
            let found = row.std_error.map(|error| error * error);
            check.near(&row.term, found, &clustered["CR1"]["data"][place][place], "robust_cov", 0.0);
        }
        assert_eq!(model.summary().covariance.as_deref(), Some("cluster"));
        wrong.append(&mut check.wrong);
        checked += 1;
    }
    report(&wrong, checked, 2);
}

//! What responses, weights, offsets and warnings mean, against equal models written another way and closed forms.

use glm_model::{
    DispersionChoice, Frame, Interval, Model, ModelSpec, PredictOptions, ReadOptions, Scale, Unseen, WeightsKind,
};

fn frame(text: &str) -> Frame {
    Frame::from_bytes(text.as_bytes(), &ReadOptions::default()).expect("a table")
}

fn fit(spec: &ModelSpec, text: &str) -> Model {
    spec.fit(&frame(text)).unwrap_or_else(|error| panic!("{}: {error}", spec.formula))
}

fn estimates(model: &Model) -> Vec<f64> {
    model.summary().coefficients.iter().map(|row| row.estimate.unwrap_or(f64::NAN)).collect()
}

#[track_caller]
fn close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{found:?} {expected:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance * (1.0 + expected.abs()), "{found} instead of {expected}");
    }
}

fn codes(model: &Model) -> Vec<&str> {
    model.summary().warnings.iter().map(|warning| warning.code.as_str()).collect()
}

/// Four doses, eight beetles each.
const GROUPED: &str = "dead,alive,share,n,x\n1,7,0.125,8,1\n3,5,0.375,8,2\n4,4,0.5,8,3\n7,1,0.875,8,4\n";

#[test]
fn binomial_responses_that_mean_the_same() {
    let binomial = |formula: &str| ModelSpec::new(formula).family("binomial");
    let counts = fit(&binomial("cbind(dead, alive) ~ x"), GROUPED);
    let share = fit(&binomial("share ~ x").trials("n"), GROUPED);
    let weighted = fit(&binomial("share ~ x").weights("n"), GROUPED);
    for other in [&share, &weighted] {
        assert_eq!(estimates(other), estimates(&counts));
        assert_eq!(other.summary().aic, counts.summary().aic);
    }
    // One line a beetle: the same estimates, another deviance.
    let mut single = ["y,alive,x\n".to_owned(), "y,alive,x\n".to_owned(), "y,alive,x\n".to_owned()];
    for (dead, x) in [(1, 1), (3, 2), (4, 3), (7, 4)] {
        for beetle in 0..8 {
            let died = beetle < dead;
            single[0] += &format!("{},0,{x}\n", u8::from(died));
            single[1] += &format!("{},0,{x}\n", if died { "yes" } else { "no" });
            single[2] += &format!("{},0,{x}\n", if died { "TRUE" } else { "FALSE" });
        }
    }
    for text in &single {
        let model = fit(&binomial("y ~ x"), text);
        close(&estimates(&model), &estimates(&counts), 1e-9);
        assert_eq!(model.summary().df_residual, Some(30));
    }
    let words = fit(&binomial("y ~ x"), &single[1]);
    assert_eq!(codes(&words), ["success_level"]);
    assert!(words.summary().warnings[0].message.contains("`yes` is success"), "{:?}", words.summary().warnings);
}

#[test]
fn kinds_of_weights() {
    let text = "y,x,f\n1,0,2\n2,1,1\n2.5,2,3\n4.5,3,2\n";
    let spec = ModelSpec::new("y ~ x").weights("f");
    let repeated = fit(&ModelSpec::new("y ~ x"), "y,x\n1,0\n1,0\n2,1\n2.5,2\n2.5,2\n2.5,2\n4.5,3\n4.5,3\n");
    let analytic = fit(&spec, text);
    let frequency = fit(&spec.clone().weights_kind(WeightsKind::Frequency), text);
    let probability = fit(&spec.weights_kind(WeightsKind::Probability), text);
    let df = |model: &Model| (model.summary().df_residual, model.summary().n_used);
    assert_eq!([df(&analytic), df(&frequency), df(&probability)], [(Some(2), 4), (Some(6), 8), (Some(2), 4)]);
    close(&estimates(&analytic), &estimates(&repeated), 1e-12);
    let error = |model: &Model| model.summary().coefficients[1].std_error.unwrap_or(f64::NAN);
    close(&[error(&frequency)], &[error(&repeated)], 1e-10);
    assert_eq!(probability.summary().covariance.as_deref(), Some("robust"));
    assert_eq!((probability.summary().log_likelihood, codes(&probability)), (None, vec!["sampling_weights"]));
    let zero = fit(&ModelSpec::new("y ~ x").weights("w"), "y,x,w\n1,0,1\n2,1,1\n9,2,0\n4,3,1\n5,4,1\n");
    assert_eq!((codes(&zero), zero.summary().n_used, zero.summary().n_rows), (vec!["zero_weights"], 4, 5));
}

#[test]
fn offsets_and_exposures() {
    let text = "y,t,lt\n3,1,0\n5,2,0.6931471805599453\n14,4,1.3862943611198906\n";
    let spec = || ModelSpec::new("y ~ 1").family("poisson");
    let by_column = fit(&spec().exposure("t"), text);
    // ln(22/7).
    close(&estimates(&by_column), &[(22.0_f64 / 7.0).ln()], 1e-12);
    let in_formula = ModelSpec::new("y ~ offset(log(t))").family("poisson");
    for other in [fit(&spec().offset("lt"), text), fit(&in_formula, text)] {
        close(&estimates(&other), &estimates(&by_column), 1e-12);
    }
    let predicted = by_column.predict(&frame("t\n7\n")).expect("a prediction");
    close(&predicted.fit, &[22.0], 1e-12);
}

#[test]
// Over budget: a list of the fields.
fn the_summary_has_the_fields_of_the_contract_in_their_order() {
    let json = serde_json::to_string(fit(&ModelSpec::new("y ~ x"), "y,x\n1,0\n2,1\n2.5,2\n4.5,3\n").summary());
    let json = json.expect("JSON");
    let fields = [
        "formula",
        "family",
        "link",
        "solver",
        "n_rows",
        "n_used",
        "rows_omitted",
        "coefficients",
        "term",
        "estimate",
        "std_error",
        "statistic",
        "p_value",
        "conf_low",
        "conf_high",
        "aliased",
        "covariance",
        "deviance",
        "null_deviance",
        "df_residual",
        "df_null",
        "dispersion",
        "log_likelihood",
        "aic",
        "bic",
        "certificate",
        "converged",
        "iterations",
        "halvings",
        "score_norm",
        "decrement",
        "condition_number",
        "factorisation",
        "warnings",
    ];
    let places: Vec<usize> = fields.iter().map(|field| json.find(&format!("\"{field}\":")).expect(field)).collect();
    assert!(places.is_sorted(), "{json}");
    for absent in ["theta", "\"power\"", "hidden", "training"] {
        assert!(!json.contains(absent), "{absent} in {json}");
    }
}

#[test]
fn what_is_odd_is_said() {
    let text = "y,x,z\n1,0,0\n2,1,2\nNA,7,7\n2.5,2,4\n4.5,3,6\n";
    assert_eq!(ModelSpec::new("y ~ x + z").fit(&frame(text)).expect_err("missing").code(), "data");
    let model = fit(&ModelSpec::new("y ~ x + z").omit_missing(), text);
    assert_eq!((codes(&model), model.summary().rows_omitted), (vec!["aliased", "rows_omitted"], 1));
    let summary = model.summary();
    assert_eq!(summary.warnings[0].terms, ["z"]);
    assert_eq!((summary.coefficients[2].aliased, summary.coefficients[2].estimate), (true, None));
    let halves = fit(&ModelSpec::new("y ~ x").family("poisson"), "y,x\n1,0\n2,1\n\n2.5,2\n4,3\n");
    assert_eq!(codes(&halves), ["not_a_count"]);
    assert!(halves.summary().warnings[0].message.contains("line 5"), "{:?}", halves.summary().warnings);
    let even = fit(&ModelSpec::new("y ~ 1").family("negative-binomial"), "y\n2\n2\n3\n2\n");
    assert_eq!((codes(&even), even.summary().theta.map(|theta| theta.estimate)), (vec!["poisson_limit"], Some(None)));
}

#[test]
fn the_power_of_a_tweedie_family_is_estimated() {
    // Power, standard error, dispersion and log-likelihood by mpmath, with the density summed to 50 digits.
    let rain = "mm\n0\n3.2\n0\n11.7\n0.9\n5.4\n0\n2.6\n24.1\n0\n1.3\n7.8\n0.3\n4.1\n0\n15.6\n2.2\n0\n6.5\n9.4\n";
    let spec = ModelSpec::new("mm ~ 1").family("tweedie");
    let model = fit(&spec, rain);
    let summary = model.summary();
    let power = summary.power.expect("a power");
    let found =
        [power.estimate, summary.dispersion, summary.log_likelihood, summary.aic].map(|value| value.expect("a number"));
    let height = -53.034_867_075_475_5;
    close(&found, &[1.489_611_454_782_17, 3.641_040_922_330_1, height, 6.0 - 2.0 * height], 1e-9);
    close(&[power.std_error.expect("an error")], &[0.115_531_168_929], 1e-5);
    assert_eq!((summary.family.as_str(), codes(&model).len()), ("tweedie", 0));
    let json = model.to_json().expect("a file");
    assert!(json.contains("\"power\": {"), "{json}");
    let again = Model::from_json(&json).expect("a model");
    assert_eq!(again.predict(&frame(rain)).expect("means"), model.predict(&frame(rain)).expect("means"));
    assert_eq!(again.summary(), summary);

    // Without zeros and nearly alike, the likelihood rises towards gamma.
    let alike = fit(&ModelSpec::new("y ~ 1").family("tweedie"), "y\n0.1\n9\n0.02\n3\n1\n0.5\n30\n0.004\n");
    assert_eq!((codes(&alike), alike.summary().power.map(|power| power.estimate)), (vec!["gamma_limit"], Some(None)));
    let refused = |spec: ModelSpec, what: &str| {
        let error = spec.fit(&frame(rain)).expect_err("refused");
        assert!(error.code() == "usage" && error.to_string().contains(what), "{error}");
    };
    refused(spec.clone().dispersion(DispersionChoice::Pearson), "maximum likelihood");
    refused(spec.clone().bias_reduction(), "bias reduction");
    refused(spec.clone().weights("mm").weights_kind(WeightsKind::Probability), "sampling weights");
    refused(spec.clone().hidden([2]), "tweedie(POWER)");
}

#[test]
fn intervals_and_new_levels() {
    // The mean of −1 and 1: φ̂ = 2, se² = 1; at half of Cauchy's distribution c = 1.
    let mean = fit(&ModelSpec::new("y ~ 1"), "y,x\n-1,0\n1,0\n");
    let with = |interval| PredictOptions { interval: Some(interval), level: 0.5, ..PredictOptions::default() };
    let new = frame("x\n3\n");
    let bound = |interval| {
        let prediction = mean.predict_with(&new, &with(interval)).expect("a prediction");
        prediction.conf_high.expect("a bound")[0]
    };
    close(&[bound(Interval::Confidence), bound(Interval::Prediction)], &[1.0, 3.0_f64.sqrt()], 1e-12);
    let groups = fit(&ModelSpec::new("y ~ g").family("poisson"), "y,g\n2,a\n4,a\n5,b\n9,b\n");
    let new = frame("g\nb\nc\n");
    let error = groups.predict(&new).expect_err("a new level");
    assert!(error.code() == "data" && error.to_string().contains("`c`"), "{error}");
    let missing = PredictOptions { unseen: Unseen::Missing, scale: Scale::Link, ..PredictOptions::default() };
    let found = groups.predict_with(&new, &missing).expect("a prediction");
    close(&found.fit[..1], &[7.0_f64.ln()], 1e-10);
    assert!(found.fit[1].is_nan() && found.omitted == [1], "{found:?}");
    let refused = groups.predict_with(&frame("g\nb\n"), &with(Interval::Prediction)).expect_err("no such interval");
    assert_eq!(refused.exit_status(), 2);
}

#[test]
fn scores_have_closed_forms() {
    let model = fit(&ModelSpec::new("y ~ 1").family("binomial"), "y\n0\n1\n1\n1\n");
    let scores = model.evaluate(&frame("y\n1\n0\n")).expect("scores");
    // ln of ¾ and of ¼.
    let expected = -0.5 * (0.75_f64.ln() + 0.25_f64.ln());
    let found =
        [scores.log_loss, scores.mean_loss, scores.auc, scores.brier, scores.rmse].map(Option::unwrap_or_default);
    close(&found, &[expected, expected, 0.5, 0.5 * (0.0625 + 0.5625), (0.5_f64 * (0.0625 + 0.5625)).sqrt()], 1e-12);
    let classes = fit(&ModelSpec::new("g ~ 1").family("multinomial"), "g\na\nb\nb\nc\n");
    let scores = classes.evaluate(&frame("g\nb\nb\na\n")).expect("scores");
    close(&[scores.accuracy.unwrap_or_default()], &[2.0 / 3.0], 1e-15);
    close(&[scores.log_loss.unwrap_or_default()], &[(2.0 * 2.0_f64.ln() + 4.0_f64.ln()) / 3.0], 1e-10);
    assert_eq!(model.evaluate(&frame("y\n2\n")).expect_err("outside").code(), "data");
}

#[test]
fn a_matrix_is_a_formula() {
    let (x, z, w) = ([0.0, 1.0, 2.0, 3.0, 4.0], [1.0, 0.0, 2.0, 1.0, 5.0], [1.0, 2.0, 1.0, 2.0, 1.0]);
    let y = [1.0, 3.0, 2.0, 7.0, 9.0];
    let spec = ModelSpec::new("").family("poisson").weights("w");
    let matrix = spec.fit_matrix(&["x", "z", "w"], &[&x, &z, &w], &y).expect("a fit");
    let formula = ModelSpec::new("y ~ x + z").family("poisson").weights("w");
    let text = "y,x,z,w\n1,0,1,1\n3,1,0,2\n2,2,2,1\n7,3,1,2\n9,4,5,1\n";
    assert_eq!(matrix.summary(), fit(&formula, text).summary());
    assert_eq!(spec.fit_matrix(&["x"], &[&x, &z], &y).expect_err("names").exit_status(), 2);
}

//! The program itself: what it prints is one JSON object, the same on every run, and right; and bad usage is status 2.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::process::{Command, Output};

use serde_json::Value;

const SMALL: [&str; 8] = ["--n", "600", "--epochs", "3", "--article-epochs", "2", "--hidden", "8"];

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_simulate")).args(arguments).output().unwrap()
}

/// What is on the standard output, all of which is one JSON object; nothing is on the other.
fn json(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &SMALL, &["--json"]].concat());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && stderr.is_empty(), "{stderr}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

fn array(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn without_seconds(mut results: Value) -> String {
    let seeds = results["toy"].as_array_mut().unwrap();
    for model in seeds.iter_mut().flat_map(|seed| seed["models"].as_array_mut().unwrap()) {
        let seconds = model.as_object_mut().and_then(|model| model.remove("seconds"));
        assert!(seconds.is_some(), "no seconds in {model}");
    }
    results.to_string()
}

#[test]
fn the_same_options_give_the_same_bytes() {
    let (first, second) = (json(&[]), json(&[]));
    assert_eq!(without_seconds(first.clone()), without_seconds(second));
    assert_ne!(without_seconds(first), without_seconds(json(&["--seed", "2"])));
}

#[test]
fn one_thread_gives_what_many_give() {
    let results = |threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_simulate"));
        // Rows enough for a step to be shared out.
        command.args(["--n", "3000", "--epochs", "2", "--article-epochs", "2", "--batch-size", "full", "--json"]);
        let output = command.env("RAYON_NUM_THREADS", threads).output().unwrap();
        without_seconds(serde_json::from_slice(&output.stdout).unwrap())
    };
    assert_eq!(results("1"), results("2"));
}

#[test]
fn the_toy_has_its_models_and_all_solvers_agree() {
    let results = json(&["toy", "--seeds", "4..5"]);
    assert_eq!(keys(&results), ["balloons", "toy"]);
    assert!(array(&results["balloons"]).is_empty());
    let seeds: Vec<u64> = array(&results["toy"]).iter().map(|toy| toy["seed"].as_u64().unwrap()).collect();
    assert_eq!(seeds, [4, 5]);
    for toy in array(&results["toy"]) {
        let models = array(&toy["models"]);
        let named =
            |model: &Value| (model["name"].as_str().unwrap().to_owned(), model["solver"].as_str().map(String::from));
        let names: Vec<_> = models.iter().map(named).collect();
        let glm = ["newton", "fisher", "irls", "gradient-descent", "lbfgs"].map(|solver| ("glm", Some(solver)));
        let expected = glm.into_iter().chain([("article network", None), ("network", None)]);
        let expected: Vec<_> = expected.map(|(name, solver)| (name.to_owned(), solver.map(String::from))).collect();
        assert_eq!(names, expected);
        let coefficients = |model: &Value| array(&model["coefficients"]).iter().map(number).collect::<Vec<f64>>();
        let newton = coefficients(&models[0]);
        assert_eq!(newton.len(), 11);
        for model in &models[..5] {
            let tolerance = if model["solver"] == "gradient-descent" { 1e-6 } else { 1e-8 };
            for (a, b) in coefficients(model).iter().zip(&newton) {
                assert!((a - b).abs() < tolerance, "{}: {a} is not {b}", model["solver"]);
            }
            assert!(model["iterations"].as_u64().unwrap() > 0 && model.get("epochs").is_none());
        }
        for (model, epochs) in models[5..].iter().zip([2, 3]) {
            assert!(model["coefficients"].is_null() && model.get("iterations").is_none());
            assert_eq!(model["epochs"], epochs);
        }
        for model in models {
            let share = number(&model["unseen"]["auc"]) / number(&toy["oracle"]["auc"]);
            assert!((share - number(&model["unseen"]["share_of_oracle"])).abs() < 1e-15);
            assert!(number(&model["train"]["log_loss"]) > 0.0 && number(&model["seconds"]) > 0.0);
        }
    }
}

#[test]
fn the_balloons_have_their_four_models() {
    let results = json(&["balloons", "--seeds", "4..5"]);
    assert!(array(&results["toy"]).is_empty());
    let models = array(&results["balloons"]);
    let names: Vec<_> = models.iter().map(|m| (m["target"].as_str().unwrap(), m["model"].as_str().unwrap())).collect();
    let expected = [("number", "regression"), ("number", "network"), ("color", "regression"), ("color", "network")];
    assert_eq!(names, expected);
    for model in models {
        let epochs = array(&model["epochs"]);
        assert_eq!(epochs.len(), 3);
        assert!(epochs.iter().all(|epoch| number(&epoch["loss"]) > 0.0 && number(&epoch["val_loss"]) > 0.0));
        if model["model"] == "network" {
            assert!(["weights", "bias", "direct"].iter().all(|key| model[key].is_null()), "{model}");
        } else {
            assert_eq!((array(&model["weights"]).len(), array(&model["direct"]["weights"]).len()), (3, 3));
            assert!(model["bias"].is_number() && model["direct"]["bias"].is_number());
        }
    }
    // Least squares of 600 rows: residual sd 0.143, columns' sd 0.29, so 5 standard errors are 0.1.
    let slope = number(&models[0]["direct"]["weights"][1]);
    assert!((slope - 0.45).abs() < 0.1, "{slope}");
}

#[test]
fn a_hidden_layerless_network_is_the_glm() {
    let arguments = ["toy", "--hidden", "none", "--patience", "0", "--optimizer", "momentum", "--batch-size", "full"];
    let more = ["--learning-rate", "1", "--epochs", "300", "--n", "600", "--article-epochs", "1", "--json"];
    let output = run(&[&arguments[..], &more].concat());
    let results: Value = serde_json::from_slice(&output.stdout).unwrap();
    let models = array(&results["toy"][0]["models"]);
    let loss = |model: &Value| number(&model["train"]["log_loss"]);
    assert!((loss(&models[0]) - loss(&models[6])).abs() < 1e-6, "{} is not {}", loss(&models[0]), loss(&models[6]));
}

#[test]
fn tables_say_what_was_used() {
    let output = run(&SMALL);
    let text = String::from_utf8(output.stdout).unwrap();
    for word in ["oracle", "gradient-descent", "article network", "L2 ", "early stopping", "0.435", "number", "color"] {
        assert!(text.contains(word), "{word} is missing:\n{text}");
    }
}

#[test]
fn bad_usage_and_bad_data_have_their_own_status() {
    for arguments in
        [&["--epochs", "0"][..], &["spheres"], &["toy", "--hidden", "3,3", "--activation", "relu,relu,relu"]]
    {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    assert!(help.contains("Examples:") && help.contains("--learning-rate"), "{help}");
}

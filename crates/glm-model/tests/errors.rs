//! What is wrong is said in the user's words: terms, lines of the file, names that there are.

use glm_model::{CovarianceChoice, Error, Frame, ModelSpec, ReadOptions, SolverChoice, WeightsKind};

fn frame(text: &str) -> Frame {
    Frame::from_bytes(text.as_bytes(), &ReadOptions::default()).expect("sound")
}

const DATA: &str = "y,x,w,g,n\n1,0.1,1,a,1\n2,0.4,2,b,3\n\n4,0.2,1,a,4\n3,0.9,-2,b,5\n5,0.7,1,a,5\n2,0.3,1,c,2\n";

fn refused(spec: &ModelSpec) -> Error {
    spec.fit(&frame(DATA)).expect_err("refused")
}

#[track_caller]
fn check(spec: &ModelSpec, code: &str, status: u8, words: &[&str]) {
    let error = refused(spec);
    assert_eq!((error.code(), error.exit_status()), (code, status), "{error}");
    let text = error.to_string();
    words.iter().for_each(|word| assert!(text.contains(word), "no `{word}` in: {text}"));
    assert!(error.details().is_object(), "an object, perhaps empty");
}

#[test]
fn formulas_and_data() {
    check(&ModelSpec::new("y ~ x +"), "formula", 1, &["y ~ x +", "^"]);
    check(&ModelSpec::new("y ~ xx"), "formula", 1, &["`x`"]);
    check(&ModelSpec::new("~ x"), "formula", 1, &["response"]);
    check(&ModelSpec::new("y ~ x").weights("ww"), "data", 1, &["`ww`"]);
    check(&ModelSpec::new("y ~ x").weights("g"), "data", 1, &["numbers", "`g`"]);
    // The empty line counts: the fifth line of the file is the third row, and -2 stands in the sixth.
    check(&ModelSpec::new("y ~ x").weights("w"), "data", 1, &["line 6", "`w`", "-2"]);
    check(&ModelSpec::new("y ~ x").family("binomial"), "data", 1, &["line 3", "`y`", "2", "binomial", "cbind"]);
    check(&ModelSpec::new("g ~ x").family("poisson"), "data", 1, &["`g`", "poisson", "3 levels", "multinomial"]);
    check(&ModelSpec::new("g ~ x").family("binomial"), "data", 1, &["`g`", "two levels", "3 levels"]);
    check(&ModelSpec::new("y ~ x").family("multinomial"), "data", 1, &["category"]);
    check(&ModelSpec::new("cbind(y, n) ~ x"), "data", 1, &["cbind"]);
    let fractions = ModelSpec::new("y ~ x").weights("x").weights_kind(WeightsKind::Frequency);
    check(&fractions, "data", 1, &["line 2", "`x`", "0.1", "whole"]);
}

#[test]
fn names_and_settings() {
    check(&ModelSpec::new("y ~ x").family("guassian"), "family", 2, &["guassian", "gaussian", "multinomial"]);
    check(&ModelSpec::new("y ~ x").family("poisson").link("lgo"), "link", 2, &["lgo", "log", "sqrt"]);
    check(&ModelSpec::new("y ~ x").family("negative-binomial").link("lgo"), "link", 2, &["lgo"]);
    check(&ModelSpec::new("y ~ x").family("tweedie(0.5)"), "family", 2, &["0.5"]);
    check(&ModelSpec::new("y ~ x").family("tweedie").covariance(CovarianceChoice::Hc0), "not_built", 2, &["tweedie"]);
    check(&ModelSpec::new("y ~ x").family("multinomial").link("probit"), "usage", 2, &["logit"]);
    check(&ModelSpec::new("y ~ x").trials("n"), "usage", 2, &["`n`", "binomial"]);
    check(&ModelSpec::new("y ~ x").conf_level(95.0), "usage", 2, &["95"]);
    check(
        &ModelSpec::new("y ~ x").family("negative-binomial").covariance(CovarianceChoice::Hc3),
        "not_built",
        2,
        &["hc3"],
    );
    check(&ModelSpec::new("y ~ x").start([1.0]), "usage", 2, &["1 starting", "2 coefficients"]);
    check(&ModelSpec { tolerance: Some(0.0), ..ModelSpec::new("y ~ x") }, "usage", 2, &["tolerance"]);
    let negative_binomial = ModelSpec::new("y ~ x").family("negative-binomial").covariance(CovarianceChoice::Hc1);
    check(&negative_binomial, "not_built", 2, &["hc1", "negative-binomial"]);
    check(&ModelSpec::new("g ~ x").family("ordinal").link("log"), "link", 2, &["log", "probit"]);
    check(&ModelSpec::new("g ~ 0 + x").family("ordinal"), "usage", 2, &["intercept"]);
    let error = "newtn".parse::<SolverChoice>().unwrap_err();
    assert!(error.to_string().contains("newton") && error.exit_status() == 2, "{error}");
}

#[test]
fn no_fit() {
    let few = ModelSpec { max_iterations: Some(1), ..ModelSpec::new("y ~ x + g").family("poisson") };
    check(&few, "not_converged", 3, &["iteration limit"]);
    let best = &refused(&few).details()["best"];
    assert_eq!((&best["certificate"]["converged"], &best["coefficients"][1]["term"]), (&false.into(), &"x".into()));

    let separated = "y,x\n0,1\n0,2\n\n1,3\n1,4\n";
    let error = ModelSpec::new("y ~ x").family("binomial").fit(&frame(separated)).unwrap_err();
    let lines: Vec<u64> =
        error.details()["rows"].as_array().unwrap().iter().map(|row| row["line"].as_u64().unwrap()).collect();
    assert_eq!((error.code(), lines), ("separation", vec![2, 3, 5, 6]));

    let ordered = frame("y,x\na,1\na,2\nb,3\nb,4\nc,5\nc,6\n");
    let error = ModelSpec::new("y ~ x").family("ordinal").fit(&ordered).unwrap_err();
    assert_eq!((error.code(), error.exit_status()), ("separation", 3), "{error}");
    assert_eq!(error.details()["best"]["coefficients"][0]["term"], "a|b");
    let error = ModelSpec::new("y ~ x").family("multinomial").fit(&ordered).unwrap_err();
    assert!(error.code() == "separation" && error.to_string().contains("`c:x`"), "{error}");

    let edge = "y,x\n0,0\n0,0\n0,0\n1,1\n1,1\n0,1\n1,2\n1,2\n1,2\n";
    let error = ModelSpec::new("y ~ x").family("binomial").link("identity").fit(&frame(edge)).unwrap_err();
    assert_eq!((error.code(), error.exit_status()), ("boundary", 3), "{error}");
    assert_eq!(error.details()["best"]["coefficients"][0]["term"], "(Intercept)");
}

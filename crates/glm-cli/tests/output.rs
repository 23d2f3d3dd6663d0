//! What the command prints: the table, the keys of the JSON, predictions and comparisons, against published numbers.

#[path = "common/glm.rs"]
mod command;

use std::fs;
use std::path::{Path, PathBuf};

use command::{Run, glm};
use glm_frame::{Column, Frame, ReadOptions};
use serde_json::Value;
use tempfile::TempDir;

fn reference(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference").join(path)
}

/// Runs the command on reference data in a directory.
fn fit(directory: &TempDir, data: &str, args: &[&str]) -> Run {
    let data = reference(data).display().to_string();
    let mut all = vec!["fit", data.as_str()];
    all.extend(args);
    let run = glm(directory.path(), &all);
    assert_eq!(run.status, 0, "{}", run.stderr);
    run
}

fn directory() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// McCullagh and Nelder's wave damage to cargo ships: their estimates, and 38.7 on 25 degrees of freedom.
const SHIPS: &str = "\
Formula:  incidents ~ type + factor(year) + factor(period)
Family:   quasi-poisson, link log (its default)
Exposure: log of service
Rows:     34 used of 34

                  Estimate  Std. Error  t value  Pr(>|t|)          2.5 %    97.5 %
(Intercept)       -6.40590     0.28276  -22.655    <2e-16  ***  -6.98826  -5.82354
typeB             -0.54334     0.23094   -2.353   0.02681  *    -1.01897  -0.06772
typeC             -0.68740     0.42789   -1.606   0.12072       -1.56866   0.19385
typeD             -0.07596     0.37787   -0.201   0.84230       -0.85419   0.70227
typeE              0.32558     0.30673    1.061   0.29864       -0.30615   0.95731
factor(year)65     0.69714     0.19459    3.583   0.00143  **    0.29637   1.09791
factor(year)70     0.81843     0.22077    3.707   0.00105  **    0.36374   1.27311
factor(year)75     0.45343     0.30321    1.495   0.14732       -0.17105   1.07790
factor(period)75   0.38447     0.15380    2.500   0.01935  *     0.06771   0.70122
---
Signif. codes: 0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1

Dispersion:        1.691, Pearson's chi-square over 25 (the default)
Null deviance:     146.33 on 33 degrees of freedom
Residual deviance: 38.695 on 25 degrees of freedom
";

#[test]
fn the_table_of_the_ships() {
    let formula = "incidents ~ type + factor(year) + factor(period)";
    let args = ["--formula", formula, "--family", "quasi-poisson", "--exposure", "service"];
    let run = fit(&directory(), "data/ships.csv", &args);
    let (above, below) = run.stdout.split_at(run.stdout.find("Solver:").expect("a solver"));
    assert_eq!(above, SHIPS);
    assert!(below.contains("iterations\nCertificate:       converged, score "), "{below}");
}

#[test]
fn the_reference_class_is_named() {
    let args = ["--formula", "type ~ glu", "--family", "binomial"];
    let text = fit(&directory(), "data/pima_tr.csv", &args).stdout;
    assert!(text.contains("Response: the probability of Yes, against No\n"), "{text}");
    let args =
        ["--formula", "Sat ~ Infl", "--family", "multinomial", "--weights", "Freq", "--weights-kind", "frequency"];
    let text = fit(&directory(), "data/housing.csv", &args).stdout;
    assert!(text.contains("Response: Low, Medium, each against High\n"), "{text}");
    assert!(text.contains("72 that stand for 1681 observations\n"), "{text}");
}

#[test]
fn a_column_that_is_aliased_is_shown_so() {
    let args = ["--formula", "mpg ~ wt + hp + I(2 * wt - hp/128) + qsec"];
    let run = fit(&directory(), "data/mtcars.csv", &args);
    let row = "I(2 * wt - hp/128)        NA          NA       NA        NA             NA        NA\n";
    assert!(run.stdout.contains(row) && run.stdout.contains("NA: not estimable"), "{}", run.stdout);
}

#[test]
fn json_has_the_keys_of_the_contract() {
    let run = fit(&directory(), "data/cars.csv", &["--formula", "dist ~ speed", "--format", "json"]);
    let said = run.json();
    let top = "aic bic certificate coefficients covariance deviance df_null df_residual dispersion family formula link \
               log_likelihood n_rows n_used null_deviance rows_omitted solver statistic warnings";
    assert_eq!(keys(&said), top.split(' ').collect::<Vec<_>>());
    let row = "aliased conf_high conf_low estimate p_value statistic std_error term";
    assert_eq!(keys(&said["coefficients"][0]), row.split(' ').collect::<Vec<_>>());
    let certificate = "condition_number converged decrement factorisation halvings iterations score_norm";
    assert_eq!(keys(&said["certificate"]), certificate.split(' ').collect::<Vec<_>>());
    assert!(run.stdout.trim_end().ends_with('}') && run.stderr.is_empty(), "one object and nothing else");
}

/// The numbers of the columns of predictions.
fn predictions(text: &str) -> Vec<Vec<Option<f64>>> {
    let rows = text.lines().skip(1).map(|line| line.split(',').map(|field| field.parse().ok()).collect());
    rows.collect()
}

fn close(found: &[Option<f64>], expected: &[f64]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.is_some_and(|found| (found / expected - 1.0).abs() < 1e-6), "{found:?} and not {expected}");
    }
}

#[test]
fn intervals_are_those_of_r() {
    let directory = directory();
    fit(&directory, "data/cars.csv", &["--formula", "dist ~ speed", "--save", "m.json"]);
    fs::write(directory.path().join("new.csv"), "id,speed\na,10\nb,NA\n").expect("new rows");
    // R: predict(lm(dist ~ speed, cars), data.frame(speed = 10), interval = …)
    for (interval, low, high) in [("confidence", 15.461_92, 28.028_07), ("prediction", -9.809_601, 53.299_59)] {
        let run = glm(directory.path(), &["predict", "m.json", "new.csv", "--interval", interval]);
        let rows = predictions(&run.stdout);
        assert_eq!(rows.len(), 2, "{}{}", run.stdout, run.stderr);
        close(&[rows[0][0], rows[0][2], rows[0][3]], &[21.744_993, low, high]);
        assert_eq!(rows[1], [None; 4], "a row with a missing value has no prediction");
    }
}

#[test]
fn parquet_has_what_csv_has() {
    let directory = directory();
    fit(&directory, "data/cars.csv", &["--formula", "dist ~ speed", "--save", "m.json"]);
    let data = reference("data/cars.csv").display().to_string();
    for output in ["out.csv", "out.parquet"] {
        let run = glm(directory.path(), &["predict", "m.json", &data, "--output", output]);
        assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    }
    let read = |name: &str| Frame::read(&directory.path().join(name), &ReadOptions::default()).expect("a table");
    let (csv, parquet) = (read("out.csv"), read("out.parquet"));
    assert_eq!(csv.n_rows(), 50);
    for name in ["fit", "std_error", "conf_low", "conf_high"] {
        assert!(matches!(csv.column(name), Some(Column::Numbers(_))), "{name}");
        assert_eq!(csv.column(name), parquet.column(name), "{name}");
    }
}

#[test]
fn comparisons_are_the_sequential_table_of_r() {
    let directory = directory();
    let case = fs::read_to_string(reference("cases/poisson_log_warpbreaks.json")).expect("a case");
    let case: Value = serde_json::from_str(&case).expect("JSON");
    let table = &case["expected"]["anova_sequential_chisq"];
    let right = ["1", "wool", "wool + tension", "wool * tension"];
    let models: Vec<String> = (0..right.len()).map(|i| format!("m{i}.json")).collect();
    for (right, model) in right.iter().zip(&models) {
        let formula = format!("breaks ~ {right}");
        let args = ["--formula", formula.as_str(), "--family", "poisson", "--save", model];
        fit(&directory, "data/warpbreaks.csv", &args);
    }
    let mut args = vec!["compare", "--format", "json"];
    args.extend(models.iter().map(String::as_str));
    let said = glm(directory.path(), &args).json();
    assert_eq!(said["test"], "lr");
    for (i, row) in said["models"].as_array().expect("rows").iter().enumerate() {
        let number = |field: &str| table[i][field].as_f64();
        close(&[row["deviance"].as_f64()], &[number("Resid. Dev").expect("a deviance")]);
        if let (Some(deviance), Some(p)) = (number("Deviance"), number("Pr(>Chi)")) {
            close(&[row["deviance_change"].as_f64(), row["p_value"].as_f64()], &[deviance, p]);
        }
    }
    let run = glm(directory.path(), &["compare", "m0.json", "m3.json"]);
    assert!(run.stdout.contains("Pr(>Chi)") && run.stdout.contains("Dispersion: 1, known"), "{}", run.stdout);
}

#[test]
fn the_same_model_is_said_in_several_ways() {
    let directory = directory();
    let data = "dose,dead,alive,share,n,logn\n1,2,8,0.2,10,2.302585092994046\n2,5,5,0.5,10,2.302585092994046\n\
                3,16,4,0.8,20,2.995732273553991\n";
    fs::write(directory.path().join("data.csv"), data).expect("data");
    let fit = |args: &[&str]| {
        let mut all = vec!["fit", "data.csv", "--format", "json", "--formula"];
        all.extend(args);
        let run = glm(directory.path(), &all);
        assert_eq!(run.status, 0, "{}{}", run.stdout, run.stderr);
        (run.json()["coefficients"].clone(), run.json()["deviance"].clone())
    };
    let binomial = ["--family", "binomial"];
    let counts = fit(&[&["cbind(dead, alive) ~ dose"][..], &binomial].concat());
    assert_eq!(fit(&[&["share ~ dose", "--trials", "n"][..], &binomial].concat()), counts);
    assert_eq!(fit(&[&["share ~ dose", "--weights", "n"][..], &binomial].concat()), counts);
    let poisson = ["--family", "poisson"];
    let offset = fit(&[&["dead ~ dose + offset(log(n))"][..], &poisson].concat());
    assert_eq!(fit(&[&["dead ~ dose", "--exposure", "n"][..], &poisson].concat()), offset);
    let given = fit(&[&["dead ~ dose", "--offset", "logn"][..], &poisson].concat());
    let slope = |fit: &(Value, Value)| fit.0[1]["estimate"].as_f64();
    close(&[slope(&given)], &[slope(&offset).expect("a slope")]);
}

#[test]
fn hidden_layers_climb_the_ladder() {
    let directory = directory();
    let args = ["--formula", "type ~ glu + bmi", "--family", "binomial", "--hidden", "4,3", "--activation", "tanh"];
    let args = [&args[..], &["--epochs", "20", "--seed", "7", "--save", "n.json"]].concat();
    let (first, second) = (fit(&directory, "data/pima_tr.csv", &args), fit(&directory, "data/pima_tr.csv", &args));
    assert_eq!(first.stdout, second.stdout, "the seed decides");
    assert!(first.stdout.contains(" 4, 3 tanh units\n") && first.stdout.contains("seed 7"), "{}", first.stdout);
    let data = reference("data/pima_tr.csv").display().to_string();
    let rows = predictions(&glm(directory.path(), &["predict", "n.json", &data]).stdout);
    assert_eq!(rows.len(), 200);
    assert!(rows.iter().all(|row| row[0].is_some_and(|p| 0.0 < p && p < 1.0) && row[1].is_none()));
}

#[test]
fn pages_are_printed() {
    let directory = directory();
    let run = glm(directory.path(), &["completions", "bash"]);
    assert!(run.status == 0 && run.stdout.contains("--exposure"), "{}", run.stderr);
    assert_eq!(glm(directory.path(), &["man", "pages"]).status, 0);
    assert!(directory.path().join("pages/glm-fit.1").exists());
    let help = glm(directory.path(), &["fit", "--help"]);
    assert!(help.status == 0 && help.stdout.contains("Examples:\n"), "{}", help.stderr);
    assert!(!glm(directory.path(), &["--help"]).stdout.contains("report"), "what is not built is not listed");
}

#[test]
fn an_estimated_power_is_told() {
    let directory = directory();
    let rain = "0 3.2 0 11.7 0.9 5.4 0 2.6 24.1 0 1.3 7.8 0.3 4.1 0 15.6 2.2 0 6.5 9.4";
    fs::write(directory.path().join("rain.csv"), format!("mm\n{}\n", rain.replace(' ', "\n"))).expect("rain");
    let args = ["fit", "rain.csv", "--formula", "mm ~ 1", "--family", "tweedie"];
    let text = glm(directory.path(), &args).stdout;
    // By mpmath: 1.48961 and 0.115531.
    let power = "\nPower:             1.4896, by maximum likelihood, standard error 0.11553\n";
    assert!(text.contains("tweedie, link log (its default)") && text.contains(power), "{text}");
    let said = glm(directory.path(), &[&args[..], &["--format", "json"]].concat()).json();
    assert_eq!(keys(&said["power"]), ["estimate", "std_error"]);
}

//! Comparisons on the data of the fits: R's score tests, and what is said where the data are others.

#[path = "common/glm.rs"]
mod command;

use std::fs;
use std::path::Path;

use command::{Run, glm};
use serde_json::Value;
use tempfile::TempDir;

const DATA: &str = "\
y,z,dead,share,n,x,u,g,t,w
3,1.31,2,0.2,10,0.5,1.9,a,1.5,1
5,2.75,5,0.5,10,1.1,0.3,b,2.5,2
2,0.92,3,0.25,12,1.7,1.2,c,1.0,1
9,5.48,9,0.75,12,2.2,2.8,a,3.0,0.5
4,2.02,4,0.5,8,2.9,0.7,b,1.2,3
12,7.91,6,0.75,8,3.3,2.1,c,4.1,1
7,3.37,8,0.5,16,3.8,1.5,a,2.0,2
15,6.05,14,0.875,16,4.4,2.6,b,3.7,1
6,4.19,7,0.7,10,5.1,0.4,c,1.4,1.5
18,9.73,11,0.6875,16,5.6,3.1,a,3.3,2
11,4.66,9,0.9,10,6.2,1.8,b,1.9,1
22,12.4,13,0.8125,16,6.7,2.2,c,3.9,0.25
";
const RIGHT: [&str; 4] = ["1", "x", "x + g", "x * g + u"];
const FILES: [&str; 4] = ["m0.json", "m1.json", "m2.json", "m3.json"];

/// A directory with the data and these models of them.
fn fitted(left: &str, right: &[&str], further: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("data.csv"), DATA).expect("data");
    for (right, file) in right.iter().zip(FILES) {
        fit(directory.path(), &format!("{left} ~ {right}"), file, further);
    }
    directory
}

fn fit(directory: &Path, formula: &str, file: &str, further: &[&str]) {
    let args = [&["fit", "data.csv", "--formula", formula, "--save", file][..], further].concat();
    let run = glm(directory, &args);
    assert_eq!(run.status, 0, "{}", run.stderr);
}

fn compare(directory: &TempDir, args: &[&str]) -> Run {
    glm(directory.path(), &[&["compare"][..], args].concat())
}

/// The scores before they are divided by the dispersion, and the p-values.
fn scores(run: &Run) -> Vec<[f64; 2]> {
    let said = run.json();
    assert_eq!(said["test"], "score", "{said}");
    let dispersion = said["dispersion"].as_f64().expect("a dispersion");
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("no number in {said}"));
    let rows = said["models"].as_array().expect("models").iter().skip(1);
    rows.map(|row| [dispersion * number(&row["statistic"]), number(&row["p_value"])]).collect()
}

fn agree(found: &[[f64; 2]], expected: &[[f64; 2]], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!((found / expected - 1.0).abs() < 1e-7, "{what}: {found} and not {expected}");
    }
}

/// The models of one response and family against R's, `d` being the data, and each fit with
/// `control = list(epsilon = 1e-15, maxit = 200)`: columns Rao and Pr(>Chi) of
///
/// ```r
/// anova(glm(left ~ 1, …), glm(left ~ x, …), glm(left ~ x + g, …), glm(left ~ x * g + u, …), test = "Rao")
/// ```
fn check(left: &str, further: &[&str], expected: &[[f64; 2]]) {
    let directory = fitted(left, &RIGHT, further);
    let args = [&FILES[..], &["--test", "score", "--data", "data.csv", "--format", "json"]].concat();
    agree(&scores(&compare(&directory, &args)), expected, left);
    // From the largest to the smallest the tests are the same.
    let args: Vec<&str> = FILES.into_iter().rev().chain(args[4..].iter().copied()).collect();
    let mut backwards = scores(&compare(&directory, &args));
    backwards.reverse();
    agree(&backwards, expected, left);
}

#[test]
fn scores_of_known_dispersion_are_those_of_r() {
    // glm(share ~ ., binomial, d, weights = n)
    let binomial = [
        [16.315_951_145_234_24, 5.361_077_089_420_066_4e-5],
        [2.927_516_800_111_281, 0.231_365_076_083_926_94],
        [4.125_782_953_718_51, 0.248_198_258_235_769_7],
    ];
    check("share", &["--family", "binomial", "--trials", "n"], &binomial);
    check("cbind(dead, n - dead)", &["--family", "binomial"], &binomial);
    // glm(y ~ ., poisson, d, offset = log(t), weights = w)
    let poisson = [
        [14.756_095_359_178_815, 0.000_122_351_353_021_785_13],
        [0.447_960_538_043_949_03, 0.799_330_905_794_309_1],
        [0.010_063_738_668_025_124, 0.999_732_300_831_688_2],
    ];
    check("y", &["--family", "poisson", "--exposure", "t", "--weights", "w"], &poisson);
}

#[test]
fn scores_of_estimated_dispersion_are_those_of_r() {
    // glm(z ~ ., Gamma(log), d), whose dispersion is 0.19558044266748836
    let gamma = [
        [2.712_129_123_051_278, 0.000_196_205_597_254_205_9],
        [0.157_298_156_340_576_42, 0.668_892_707_352_656_5],
        [1.625_464_031_591_377, 0.040_003_545_119_260_464],
    ];
    check("z", &["--family", "gamma", "--link", "log"], &gamma);
    // glm(z ~ ., gaussian, d, weights = w)
    let gaussian = [
        [64.093_104_318_380_47, 7.599_982_967_241_873e-16],
        [8.065_177_981_590_502, 0.016_775_458_756_434_67],
        [57.669_131_451_992_52, 1.254_155_692_897_417e-12],
    ];
    check("z", &["--weights", "w"], &gaussian);
    // glm(share ~ ., quasibinomial("probit"), d, weights = n)
    let probit = [
        [16.315_951_131_048_976, 0.000_290_571_048_358_656_8],
        [3.043_029_318_971_749, 0.293_923_779_850_200_7],
        [3.852_090_227_621_399_5, 0.376_468_736_014_212_6],
    ];
    check("share", &["--family", "quasi-binomial", "--link", "probit", "--weights", "n"], &probit);
}

#[test]
fn levels_that_are_numbers_are_read_as_in_the_fit() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = "y,x,d\n1,2,01\n2,1,02\n2,4,02\n4,1,01\n6,7,02\n7,6,01\n3,3,01\n5,5,NA\n";
    fs::write(directory.path().join("data.csv"), data).expect("data");
    let further = ["--family", "poisson", "--na", "omit"];
    fit(directory.path(), "y ~ factor(d)", "m0.json", &further);
    fit(directory.path(), "y ~ factor(d) + x", "m1.json", &further);
    let run = compare(&directory, &["m0.json", "m1.json", "--test", "score", "--data", "data.csv", "--format", "json"]);
    // anova(glm(y ~ factor(d), poisson), glm(y ~ factor(d) + x, poisson), test = "Rao") on the first seven rows
    agree(&scores(&run), &[[5.12, 0.023_651_616_489]], "d");
    // The same levels as texts, as a schema has them.
    fs::write(directory.path().join("s.json"), r#"{"columns": {"d": {"type": "category"}}}"#).expect("a schema");
    fit(directory.path(), "y ~ d", "m0.json", &[&further[..], &["--schema", "s.json"]].concat());
    let run = compare(&directory, &["m0.json", "m1.json", "--test", "score", "--data", "data.csv", "--format", "json"]);
    agree(&scores(&run), &[[5.12, 0.023_651_616_489]], "d");
    for model in ["m0.json", "m1.json"] {
        let run = glm(directory.path(), &["predict", model, "data.csv"]);
        assert!(run.status == 0 && run.stdout.lines().count() == 9, "{}", run.stderr);
    }
}

/// ```r
/// anova(glm(type ~ glu, binomial, MASS::Pima.tr), glm(type ~ glu + bmi, …), glm(type ~ glu + bmi + ped + age, …), test = "Rao")
/// ```
#[test]
fn a_response_of_two_levels_is_read_as_in_the_fit() {
    let directory = tempfile::tempdir().expect("a directory");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/data/pima_tr.csv");
    fs::copy(data, directory.path().join("data.csv")).expect("a copy");
    for (right, file) in ["glu", "glu + bmi", "glu + bmi + ped + age"].iter().zip(FILES) {
        fit(directory.path(), &format!("type ~ {right}"), file, &["--family", "binomial"]);
    }
    let args = [&FILES[..3], &["--test", "score", "--data", "data.csv", "--format", "json"]].concat();
    let expected =
        [[8.696_159_518_151_717, 0.003_188_812_011_932_055], [16.781_058_997_458_302, 0.000_227_007_046_587_463_15]];
    agree(&scores(&compare(&directory, &args)), &expected, "type");
    let table = compare(&directory, &["m0.json", "m1.json", "--test", "score", "--data", "data.csv"]).stdout;
    assert!(table.contains("   Score  Pr(>Chi)") && table.contains("  8.6962   0.00319  **"), "{table}");
}

#[test]
fn with_the_data_other_tests_are_what_they_are_without() {
    let directory = fitted("y", &RIGHT, &["--family", "poisson", "--offset", "t"]);
    for test in [&[][..], &["--test", "lr"], &["--test", "f"]] {
        let args = [&FILES[..], test].concat();
        let (without, with) =
            (compare(&directory, &args), compare(&directory, &[&args[..], &["--data", "data.csv"]].concat()));
        assert_eq!((with.status, &with.stdout), (0, &without.stdout), "{}", with.stderr);
    }
}

fn refused(run: &Run, status: i32, said: &[&str]) {
    assert_eq!((run.status, run.stdout.as_str()), (status, ""), "{}", run.stderr);
    for words in said {
        assert!(run.stderr.contains(words), "no `{words}` in: {}", run.stderr);
    }
}

#[test]
fn other_data_are_refused() {
    let directory = fitted("y", &["1", "x"], &["--family", "poisson", "--weights", "w"]);
    let on = |data: &str, name: &str| {
        fs::write(directory.path().join(name), data).expect("data");
        compare(&directory, &["m0.json", "m1.json", "--data", name])
    };
    assert_eq!(on(DATA, "same.csv").status, 0);
    let said = ["`y ~ 1`", "number of observations is 11", "12"];
    refused(&on(&DATA.replace("22,12.4,13,0.8125,16,6.7,2.2,c,3.9,0.25\n", ""), "short.csv"), 1, &said);
    refused(&on(&DATA.replace("22,12.4", "23,12.4"), "changed.csv"), 1, &["`y ~ 1`", "deviance"]);
    refused(&on(&DATA.replace("16,6.7", "16,6.8"), "changed.csv"), 1, &["`y ~ x`", "deviance"]);
    refused(&on(&DATA.replace(",w\n", ",v\n"), "named.csv"), 1, &["`w`"]);
    refused(&on(&DATA.replace("22,12.4", "-1,12.4"), "negative.csv"), 1, &["line 13", "`y`", "-1"]);
    refused(
        &compare(&directory, &["m0.json", "m1.json", "--data", "nowhere.csv"]),
        1,
        &["there is no file nowhere.csv"],
    );
}

#[test]
fn models_that_are_not_nested_are_refused() {
    let directory = fitted("y", &["u", "x * g"], &["--family", "poisson"]);
    let score = ["m0.json", "m1.json", "--test", "score", "--data", "data.csv"];
    refused(&compare(&directory, &score), 2, &["`y ~ u` and `y ~ x * g` are not nested", "`u` of the smaller"]);
    // Other contrasts and other bases of the same columns are nested.
    fit(directory.path(), "y ~ 0 + I(2 * x - 1) + g", "m0.json", &["--family", "poisson"]);
    let nested = compare(&directory, &score);
    assert_eq!(nested.status, 0, "{}", nested.stderr);
    fit(directory.path(), "y ~ x", "m0.json", &["--family", "poisson", "--exposure", "t"]);
    refused(&compare(&directory, &score), 2, &["differ in the offset"]);
}

#[test]
fn what_has_no_score_test_is_refused() {
    let further = ["--family", "binomial", "--trials", "n", "--bias-reduction"];
    let directory = fitted("share", &["1", "x"], &further);
    let score = ["m0.json", "m1.json", "--test", "score", "--data", "data.csv"];
    refused(&compare(&directory, &score), 2, &["bias"]);
    fs::write(directory.path().join("data.csv"), "y,x\na,1\nb,2\na,3\nc,4\nb,5\nc,2\na,6\nb,1\n").expect("data");
    for file in ["m0.json", "m1.json"] {
        fit(directory.path(), "y ~ x", file, &["--family", "ordinal"]);
    }
    refused(&compare(&directory, &score), 2, &["ordered classes"]);
    refused(&compare(&directory, &["m0.json", "m1.json"]), 2, &["m0.json is a model of ordered classes"]);
}

//! Bad input: what is said of it, and the exit status.

#[path = "common/glm.rs"]
mod command;

use std::fs;

use command::{Run, glm};
use tempfile::TempDir;

/// A directory with these files.
fn files(files: &[(&str, &[u8])]) -> TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, bytes) in files {
        fs::write(directory.path().join(name), bytes).expect("a file");
    }
    directory
}

/// Fits data of this text with a formula and further arguments.
fn fit(data: &[u8], formula: &str, further: &[&str]) -> Run {
    let directory = files(&[("data.csv", data)]);
    let mut args = vec!["fit", "data.csv", "--formula", formula];
    args.extend(further);
    glm(directory.path(), &args)
}

/// The exit status, and everything that the message must say.
fn refused(run: &Run, status: i32, said: &[&str]) {
    assert_eq!((run.status, run.stdout.as_str()), (status, ""), "{}", run.stderr);
    for words in said {
        assert!(run.stderr.contains(words), "no `{words}` in: {}", run.stderr);
    }
}

const XY: &[u8] = b"x,y\n1,2\n2,3\n3,5\n4,4\n";

#[test]
fn a_missing_file() {
    let directory = files(&[]);
    let run = glm(directory.path(), &["fit", "nowhere.csv", "--formula", "y ~ x"]);
    refused(&run, 1, &["there is no file nowhere.csv"]);
    refused(&glm(directory.path(), &["predict", "model.json", "new.csv"]), 1, &["model.json"]);
    refused(&glm(directory.path(), &["compare", "a.json", "b.json"]), 1, &["a.json"]);
    let data = files(&[("data.csv", XY)]);
    let args = ["fit", "data.csv", "--formula", "y ~ x", "--schema", "schema.json"];
    refused(&glm(data.path(), &args), 1, &["there is no file schema.json"]);
}

#[test]
fn an_empty_file() {
    refused(&fit(b"", "y ~ x", &[]), 1, &["data.csv is empty"]);
}

#[test]
fn a_header_without_rows() {
    refused(&fit(b"x,y\n", "y ~ x", &[]), 1, &["data.csv has a header but no rows"]);
}

#[test]
fn ragged_rows() {
    refused(&fit(b"x,y\n1,2\n2\n", "y ~ x", &[]), 1, &["data.csv, line 3", "1 fields where the header has 2"]);
    refused(&fit(b"x,y\n1,2,3\n", "y ~ x", &[]), 1, &["line 2", "3 fields where the header has 2"]);
}

#[test]
fn bytes_that_are_no_utf8() {
    refused(&fit(b"x,y\n1,2\ncaf\xe9,3\n", "y ~ x", &[]), 1, &["data.csv, line 3", "not UTF-8"]);
}

#[test]
fn two_columns_of_one_name() {
    refused(&fit(b"x,y,x\n1,2,3\n", "y ~ x", &[]), 1, &["two columns named `x`"]);
}

#[test]
fn an_unknown_column() {
    let data = b"weight,height\n1,2\n2,3\n3,5\n";
    refused(&fit(data, "height ~ wieght", &[]), 1, &["no column `wieght`", "`weight`"]);
    refused(&fit(data, "height ~ weight", &["--offset", "heihgt"]), 1, &["no column `heihgt`", "`height`"]);
}

#[test]
fn a_syntax_error_is_marked() {
    let run = fit(XY, "y ~ x + * z", &[]);
    refused(&run, 1, &["  y ~ x + * z\n          ^"]);
    refused(&fit(XY, "y ~ log(", &[]), 1, &["  y ~ log(\n", "^"]);
    refused(&fit(XY, "~ x", &[]), 1, &["no response"]);
}

#[test]
fn a_response_outside_the_support() {
    let counts = b"x,y\n1,2\n2,-3\n3,5\n";
    refused(&fit(counts, "y ~ x", &["--family", "poisson"]), 1, &["line 3", "`y`", "-3"]);
    let omitted = b"x,y\nNA,2\n2,3\n\n3,1.5\n";
    refused(&fit(omitted, "y ~ x", &["--family", "binomial", "--na", "omit"]), 1, &["line 3", "`y`", "3"]);
}

#[test]
fn text_in_a_column_of_numbers() {
    let data = b"x,y\n1,2\n2,three\n3,4\n";
    refused(
        &fit(data, "y ~ x", &["--family", "poisson"]),
        1,
        &["poisson needs numbers", "`y` is a category", "--schema"],
    );
    let directory = files(&[("data.csv", data), ("s.json", br#"{"columns": {"y": {"type": "number"}}}"#)]);
    let run = glm(directory.path(), &["fit", "data.csv", "--formula", "y ~ x", "--schema", "s.json"]);
    refused(&run, 1, &["data.csv, line 3, column `y`", "`three` is not a number"]);
}

#[test]
fn infinite_values() {
    refused(&fit(b"x,y\n1,2\nInf,3\n", "y ~ x", &[]), 1, &["line 3, column `x`", "infinite"]);
    refused(&fit(b"x,y\n1,2\n0,3\n", "y ~ log(x)", &[]), 1, &["log(x)", "row 2"]);
}

#[test]
fn a_factor_of_one_level() {
    refused(&fit(b"g,y\na,1\na,2\na,4\n", "y ~ g", &[]), 1, &["`g`", "only the level `a`"]);
}

#[test]
fn missing_values() {
    refused(&fit(b"x,y\n1,2\nNA,3\n3,4\n", "y ~ x", &[]), 1, &["1 of 3 rows", "1 in `x`", "hint: --na omit"]);
    refused(&fit(b"x,y\nNA,2\nNA,3\n", "y ~ x", &["--na", "omit"]), 1, &["none of the 2 rows is complete"]);
}

#[test]
fn a_new_level_at_prediction() {
    let fitted = b"g,y\na,1\nb,2\na,4\nb,5\nc,3\nc,4\n";
    let directory = files(&[("data.csv", fitted), ("new.csv", b"g\na\nd\n"), ("text.csv", b"x\n1\n")]);
    let run = glm(directory.path(), &["fit", "data.csv", "--formula", "y ~ g", "--save", "m.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let run = glm(directory.path(), &["predict", "m.json", "new.csv", "--output", "out.csv"]);
    refused(&run, 1, &["new.csv, line 3", "`g`", "`d`"]);
    assert!(!directory.path().join("out.csv").exists(), "no output without predictions");
    refused(&glm(directory.path(), &["predict", "m.json", "text.csv"]), 1, &["no column `g`"]);
}

#[test]
fn negative_weights() {
    let data = b"x,y,w\n1,2,1\n2,3,-1\n3,5,1\n";
    refused(&fit(data, "y ~ x", &["--weights", "w"]), 1, &["line 3", "`w`", "-1"]);
}

#[test]
fn wrong_names() {
    let run = fit(XY, "y ~ x", &["--family", "poison"]);
    refused(&run, 2, &["poison", "poisson", "inverse-gaussian", "negative-binomial", "multinomial"]);
    refused(&fit(XY, "y ~ x", &["--link", "loggit"]), 2, &["loggit", "logit", "inverse-squared", "cauchit"]);
    refused(&fit(XY, "y ~ x", &["--solver", "magic"]), 2, &["magic", "irls", "lbfgs"]);
    refused(&fit(XY, "y ~ x", &["--dispersion", "guess"]), 2, &["guess", "pearson", "deviance", "ml"]);
    refused(&fit(XY, "y ~ x", &["--activation", "relu"]), 2, &["--hidden"]);
    refused(&fit(XY, "y ~ x", &["--conf-level", "95"]), 2, &["95"]);
}

#[test]
fn a_truncated_model_file() {
    let directory = files(&[("data.csv", XY)]);
    let run = glm(directory.path(), &["fit", "data.csv", "--formula", "y ~ x", "--save", "m.json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let whole = fs::read(directory.path().join("m.json")).expect("a model");
    for length in [0, 1, whole.len() / 2, whole.len() - 2] {
        fs::write(directory.path().join("m.json"), &whole[..length]).expect("a file");
        refused(&glm(directory.path(), &["predict", "m.json", "data.csv"]), 1, &["m.json"]);
    }
    fs::write(directory.path().join("m.json"), XY).expect("a file");
    refused(&glm(directory.path(), &["predict", "m.json", "data.csv"]), 1, &["m.json"]);
}

#[test]
fn a_schema_that_is_none() {
    let directory = files(&[("data.csv", XY), ("s.json", br#"{"columns": {"y": {"type": "numbr"}}}"#)]);
    let run = glm(directory.path(), &["fit", "data.csv", "--formula", "y ~ x", "--schema", "s.json"]);
    refused(&run, 1, &["s.json", "numbr"]);
}

#[test]
fn where_no_fit_exists() {
    let separated = b"x,y\n1,0\n2,0\n3,1\n4,1\n";
    refused(&fit(separated, "y ~ x", &["--family", "binomial"]), 3, &["separated", "`x`", "--bias-reduction"]);
    let run = fit(separated, "y ~ x", &["--family", "binomial", "--format", "json"]);
    assert_eq!((run.status, &run.json()["error"]["code"]), (3, &"separation".into()));
    let run = fit(XY, "y ~ x", &["--family", "poisson", "--max-iterations", "1", "--format", "json"]);
    assert_eq!((run.status, &run.json()["error"]["code"]), (3, &"not_converged".into()));
}

#[test]
fn errors_are_json_where_json_was_asked_for() {
    let of = |run: &Run| {
        assert_eq!(run.stderr, "");
        let error = run.json()["error"].clone();
        assert!(error["message"].is_string(), "{error}");
        (run.status, error["code"].as_str().map(ToOwned::to_owned))
    };
    let json = ["--format", "json"];
    assert_eq!(of(&fit(b"", "y ~ x", &json)), (1, Some("data".into())));
    assert_eq!(of(&fit(XY, "y ~ x +", &json)), (1, Some("formula".into())));
    assert_eq!(of(&fit(XY, "y ~ x", &["--format=json", "--family", "poison"])), (2, Some("family".into())));
    assert_eq!(of(&fit(XY, "y ~ x", &["--format=json", "--solver", "magic"])), (2, Some("usage".into())));
}

#[test]
fn bad_usage() {
    let directory = files(&[("data.csv", XY)]);
    refused(&glm(directory.path(), &[]), 2, &["Usage"]);
    refused(&glm(directory.path(), &["fit", "data.csv"]), 2, &["--formula"]);
    refused(&glm(directory.path(), &["compare", "a.json"]), 2, &["2"]);
    let args = ["compare", "a.json", "b.json", "--test", "score"];
    refused(&glm(directory.path(), &args), 2, &["--data"]);
    let args = ["fit", "data.csv", "--formula", "y ~ x", "--save", "none/model.json"];
    refused(&glm(directory.path(), &args), 1, &["cannot write none/model.json"]);
}

#[test]
fn a_robust_covariance_is_never_silently_another() {
    let data = b"y,g,x\n0,a,1\n3,b,2\n1,a,3\n4,c,4\n2,b,5\n7,c,2\n1,a,6\n9,b,1\n";
    let refused_for = |formula: &str, further: &[&str], words: &str| {
        for robust in [&["--covariance", "hc1"], &["--covariance", "hc3"], &["--cluster", "g"]] {
            let run = fit(data, formula, &[further, &robust[..]].concat());
            let name = if robust[0] == "--cluster" { "cluster" } else { robust[1] };
            refused(&run, 2, &[name, words]);
        }
    };
    refused_for("g ~ x", &["--family", "ordinal"], "ordinal is not built");
    refused_for("g ~ x", &["--family", "multinomial"], "multinomial is not built");
    refused_for("y ~ x", &["--family", "negative-binomial"], "negative-binomial is not built");
    refused_for("y ~ x", &["--hidden", "2"], "of a network is not built");
    refused_for("y ~ x", &["--hidden", "2", "--skip"], "of a network is not built");
    refused_for("y ~ x", &["--family", "poisson", "--bias-reduction"], "with bias reduction is not built");
    refused_for("y ~ x", &["--weights", "y", "--weights-kind", "probability"], "robust already");
}

//! Model files: whole or not there, bit for bit, read by later versions, refused when they are not ours.

use std::fs;
use std::path::PathBuf;

use glm_model::{Error, Frame, Interval, Model, ModelSpec, PredictOptions, ReadOptions, Scale};

fn frame(text: &str) -> Frame {
    Frame::from_bytes(text.as_bytes(), &ReadOptions::default()).expect("sound")
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

const DATA: &str = "y,x,g\n1,0.1,a\n2,0.4,b\n4,0.2,a\n3,0.9,b\n5,0.7,a\n2,0.3,c\n7,0.5,c\n";

fn model() -> Model {
    ModelSpec::new("y ~ poly(x, 2) + g").family("poisson").fit(&frame(DATA)).expect("sound")
}

#[test]
fn a_file_predicts_what_the_model_does() {
    let (folder, model) = (tempfile::tempdir().unwrap(), model());
    let file = folder.path().join("model.json");
    model.save(&file).unwrap();
    model.save(&file).unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
    let again = Model::load(&file).unwrap();
    let new = frame("x,g\n0.35,c\n,a\n0.6,a\n");
    let options = PredictOptions { scale: Scale::Link, interval: Some(Interval::Confidence), ..Default::default() };
    let bits = |model: &Model| format!("{:?} {:?}", model.predict(&new), model.predict_with(&new, &options));
    assert_eq!(bits(&again), bits(&model));
    let predicted = again.predict(&new).unwrap();
    assert!(predicted.fit[1].is_nan() && predicted.fit[2].is_finite());
    assert_eq!(predicted.omitted, [1]);
    assert_eq!(again.to_json().unwrap(), model.to_json().unwrap());
}

#[test]
fn the_first_version_is_read() {
    // Written by version 1 of `y ~ x + g`, family poisson, and never written again. η = β₀ + 0.5 β₁ + β_b.
    let model = Model::load(&fixture("version_1.json")).unwrap();
    let predicted = model.predict(&frame("x,g\n0.5,b\n")).unwrap();
    let estimate = |term| {
        let mut rows = model.summary().coefficients.iter();
        rows.find(|row| row.term == term).and_then(|row| row.estimate).unwrap()
    };
    let eta = estimate("(Intercept)") + 0.5 * estimate("x") + estimate("gb");
    assert!((predicted.fit[0] - eta.exp()).abs() < 1e-14 * eta.exp());
    assert!((predicted.fit[0] - 1.814_118_999_344_23).abs() < 1e-12, "{}", predicted.fit[0]);
    assert_eq!(model.inputs().len(), 2);
    let network = Model::load(&fixture("version_1_network.json")).unwrap();
    let predicted = network.predict(&frame("x,g\n0.5,b\n")).unwrap();
    assert!((predicted.fit[0] - 2.496_905_345_871_124_6).abs() < 1e-12, "{}", predicted.fit[0]);
}

#[test]
fn what_is_no_model_is_refused() {
    let json = model().to_json().unwrap();
    let cases = [
        (String::new(), "not whole"),
        (json[..json.len() / 2].to_owned(), "not whole"),
        ("y,x\n1,2\n".to_owned(), "no JSON"),
        ("{\"a\": 1}".to_owned(), "not a saved model"),
        ("[1, 2]".to_owned(), "damaged"),
        (json.replace("\"version\": 1", "\"version\": 2"), "newer"),
        (json.replace("\"version\": 1", "\"version\": 0"), "version"),
        (json.replace("\"estimates\"", "\"estimate\""), "damaged"),
        (json.replace("poisson(log)", "poisson(lgo)"), "damaged"),
        (json.replace("\"n_predictors\": 1", "\"n_predictors\": 2"), "damaged"),
        (json.replace("\"intercept\": true", "\"intercept\": false"), "damaged"),
    ];
    for (text, words) in cases {
        let error = Model::from_json(&text).unwrap_err();
        assert_eq!((error.code(), error.exit_status()), ("model_file", 1));
        assert!(error.to_string().contains(words), "no `{words}` in: {error}");
    }
    let missing = Model::load(&fixture("no_such_file.json")).unwrap_err();
    assert!(missing.to_string().contains("no_such_file.json"), "{missing}");
    let nowhere = model().save(&fixture("no/such/folder/model.json")).unwrap_err();
    assert_eq!(nowhere.code(), "model_file");
}

#[test]
fn a_damaged_file_never_panics() {
    let json = model().to_json().unwrap();
    for cut in (0..json.len()).step_by(7) {
        assert!(Model::from_json(&json[..cut]).is_err(), "{cut}");
        // A digit more, a digit less.
        let mut other = json.clone();
        if other.as_bytes()[cut].is_ascii_digit() {
            other.replace_range(cut..=cut, "");
        }
        if let Ok(model) = Model::from_json(&other) {
            drop(model.predict(&frame("x,g\n0.35,c\n")));
        }
    }
}

/// x and z = 2 x at any scale.
fn scaled(scale: f64) -> Frame {
    let rows = [(1, 1.0), (3, 2.0), (2, 3.0), (5, 4.0), (4, 5.0), (7, 6.0)];
    let lines = rows.map(|(y, x)| format!("{y},{:e},{:e}\n", x * scale, 2.0 * x * scale));
    frame(&format!("y,x,z\n{}", lines.concat()))
}

#[test]
fn columns_of_any_size_make_files_that_are_read() {
    for scale in [1e-100, 1.0, 1e100, 1e150] {
        let data = scaled(scale);
        let model = ModelSpec::new("y ~ x + z").fit(&data).unwrap();
        let aliased: Vec<bool> = model.summary().coefficients.iter().map(|row| row.aliased).collect();
        assert_eq!(aliased, [false, false, true], "{scale}");
        assert!(model.predict(&data).unwrap().fit.iter().all(|fit| fit.is_finite()), "{scale}");
        let again = Model::from_json(&model.to_json().unwrap()).unwrap();
        let bits = |model: &Model| format!("{:?}", model.predict(&data));
        assert_eq!(bits(&again), bits(&model), "{scale}");
    }
}

#[test]
fn a_column_whose_squares_are_no_numbers_is_refused() {
    for scale in [1e-300, 1e-170, 1e160, 1e300] {
        let error = ModelSpec::new("y ~ x + z").fit(&scaled(scale)).unwrap_err();
        assert!(error.to_string().contains("divide it by a constant") && error.code() == "data", "{scale}: {error}");
    }
}

#[test]
fn a_number_that_json_does_not_have_is_not_saved() {
    // The variance of the slope is about 1e310, and its covariance with the intercept goes through such numbers.
    let model = ModelSpec::new("y ~ x").fit(&scaled(1e-155)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = model.save(&folder.path().join("model.json")).unwrap_err();
    let expected = matches!(&error, Error::NotFinite { place, value }
        if place.starts_with("estimates.covariance[") && !value.is_finite());
    assert!(expected && error.code() == "data", "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
}

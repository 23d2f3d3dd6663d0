//! Networks: what they begin as, that they learn, and that their files predict what they do.

use glm_model::{Column, Factor, Frame, Model, ModelSpec, Scores, Training};

/// A hump that no line fits, beside a category.
fn frame(shift: f64, scale: f64) -> Frame {
    let x: Vec<f64> = (0..120).map(|i| f64::from(i) / 20.0 - 3.0).collect();
    let codes: Vec<u32> = (0..120).map(|i| i % 3).collect();
    let y = |(x, code): (&f64, &u32)| shift + scale * (3.0 * (-x * x).exp() + 0.5 * f64::from(*code));
    let y: Vec<f64> = x.iter().zip(&codes).map(y).collect();
    let positive = y.iter().map(|y| f64::from(u8::from(*y > shift + scale))).collect();
    let group = Factor { codes, levels: ["a", "b", "c"].map(String::from).to_vec(), ordered: false, contrasts: None };
    Frame::new(vec![
        ("x".to_owned(), Column::Numbers(x)),
        ("y".to_owned(), Column::Numbers(y)),
        ("positive".to_owned(), Column::Numbers(positive)),
        ("group".to_owned(), Column::Categories(group)),
    ])
    .expect("a frame")
}

fn training(epochs: usize) -> Training {
    Training { epochs, rate: 0.02, batch: 32, seed: 7, ..Training::default() }
}

#[test]
fn climbing_a_rung_changes_the_spec_and_nothing_else() {
    let frame = frame(0.0, 1.0);
    let line = ModelSpec::new("y ~ x + group");
    let network = line.clone().hidden([16]).activation("tanh").training(training(300));
    let [line, network]: [Scores; 2] = [line, network].map(|spec| spec.fit(&frame).unwrap().evaluate(&frame).unwrap());
    // The line explains a tenth of the hump's variance.
    assert!(network.rmse.unwrap() < 0.2 * line.rmse.unwrap(), "{network:?} {line:?}");
    assert_eq!((network.n_rows, network.auc), (120, None));
}

#[test]
fn the_summary_says_what_there_is() {
    let frame = frame(0.0, 1.0);
    let model = ModelSpec::new("positive ~ x + group").family("binomial").hidden([8]).training(training(100));
    let model = model.fit(&frame).unwrap();
    let json = serde_json::to_value(model.summary()).unwrap();
    assert_eq!((json["solver"].as_str(), json["link"].as_str()), (Some("adam"), Some("logit")));
    assert_eq!((json["hidden"][0].as_u64(), json["n_params"].as_u64()), (Some(8), Some(4 * 8 + 9)));
    assert_eq!((json["aic"].is_null(), json["training"]["epochs"].as_u64()), (true, Some(100)));
    let summary = model.summary();
    assert!(summary.deviance < summary.null_deviance, "{summary:?}");
    let scores = model.evaluate(&frame).unwrap();
    assert!((scores.deviance.unwrap() - summary.deviance.unwrap()).abs() < 1e-9 * summary.deviance.unwrap());
    assert!(scores.auc.unwrap() > 0.9 && scores.log_loss.unwrap() < 0.6, "{scores:?}");
}

#[test]
fn a_saved_network_predicts_bit_for_bit() {
    let frame = frame(0.0, 1.0);
    for spec in [ModelSpec::new("y ~ x * group"), ModelSpec::new("group ~ x + y").family("multinomial")] {
        let model = spec.hidden([5, 4]).training(training(3)).fit(&frame).unwrap();
        let again = Model::from_json(&model.to_json().unwrap()).unwrap();
        assert_eq!(again.predict(&frame).unwrap(), model.predict(&frame).unwrap());
        assert_eq!(again.summary(), model.summary());
    }
}

#[test]
fn the_same_seed_is_the_same_network() {
    let frame = frame(0.0, 1.0);
    let fit = |seed| {
        let training = Training { seed, dropout: 0.1, patience: Some(3), ..training(20) };
        ModelSpec::new("y ~ x").hidden([6]).training(training).fit(&frame).unwrap().predict(&frame).unwrap().fit
    };
    assert_eq!(fit(1), fit(1));
    assert_ne!(fit(1), fit(2));
}

#[test]
fn units_of_a_gaussian_response_do_not_matter() {
    // A power of two changes no digit, and a shift only the last.
    let fit = |shift, scale| {
        let frame = frame(shift, scale);
        let model = ModelSpec::new("y ~ x").hidden([6]).activation("tanh").training(training(30)).fit(&frame).unwrap();
        model.predict(&frame).unwrap().fit
    };
    for (plain, moved) in fit(0.0, 1.0).iter().zip(fit(1024.0, 64.0)) {
        assert!(((moved - 1024.0) / 64.0 - plain).abs() < 1e-6, "{plain} {moved}");
    }
}

#[test]
fn nested_on_a_regression_it_begins_as_the_regression() {
    let frame = frame(0.0, 1.0);
    for spec in [
        ModelSpec::new("y ~ x + group"),
        ModelSpec::new("positive ~ x").family("binomial"),
        ModelSpec::new("group ~ x + y").family("multinomial"),
    ] {
        let glm = spec.fit(&frame).unwrap();
        // A rate so small that no step changes a digit of the predictions.
        let still = Training { rate: 1e-300, ..training(1) };
        let network = spec.clone().hidden([16]).activation("tanh").training(still);
        for network in [network.clone().nest(&glm).unwrap(), network.skip()] {
            let network = network.fit(&frame).unwrap();
            let (ours, theirs) = (network.predict(&frame).unwrap(), glm.predict(&frame).unwrap());
            assert_eq!((ours.fit, ours.classes), (theirs.fit, theirs.classes), "{}", spec.formula);
            let again = Model::from_json(&network.to_json().unwrap()).unwrap();
            assert_eq!(again.predict(&frame).unwrap(), network.predict(&frame).unwrap());
        }
    }
    let glm = ModelSpec::new("y ~ x").fit(&frame).unwrap();
    let spec = ModelSpec::new("y ~ x + group").hidden([16]).activation("tanh").training(training(300));
    let network = spec.nest(&glm).unwrap().fit(&frame).unwrap();
    let better = network.evaluate(&frame).unwrap().rmse.unwrap() < 0.3 * glm.evaluate(&frame).unwrap().rmse.unwrap();
    assert!(better, "what the regression leaves is learnt");
    assert!(ModelSpec::new("y ~ x").nest(&network).is_err(), "a network on a network");
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let frame = frame(0.0, 1.0);
    let network = ModelSpec::new("y ~ x").hidden([4]).training(training(1));
    for spec in [
        network.clone().bias_reduction(),
        network.clone().start([0.0, 0.0]),
        network.clone().activation("rellu"),
        network.clone().training(Training { rate: -1.0, ..training(1) }),
        ModelSpec::new("y ~ x").skip(),
        ModelSpec::new("y ~ 1").hidden([4]),
        ModelSpec::new("y ~ x").family("negative-binomial").hidden([4]),
    ] {
        let error = spec.fit(&frame).unwrap_err();
        assert_eq!((error.code(), error.exit_status()), ("usage", 2), "{error}");
    }
    let gone = ModelSpec::new("y ~ x").hidden([4]).training(Training { rate: 1e200, ..training(20) }).fit(&frame);
    assert_eq!(gone.unwrap_err().code(), "not_converged");
}

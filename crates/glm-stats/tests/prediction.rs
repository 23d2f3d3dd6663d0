//! Predictions against closed forms, on every kind of design, and where there are none.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use glm_core::{Dense, Design, Response, Softmax, Sparse, spec};
use glm_solvers::{DispersionEstimate, Fit, Problem, Weights, irls, newton_raphson};
use glm_stats::{Error, Estimates, Reference, SavedEstimates, Scale};

const X: [f64; 6] = [-3.0, -1.0, 0.5, 1.0, 2.0, 4.5];
const Y: [f64; 6] = [1.0, 3.0, 2.0, 5.0, 4.0, 7.0];

fn response(name: &str) -> Box<dyn Response> {
    spec::response(name).unwrap()
}

/// The fit of Y on X by a response, with what else the problem has.
fn fit(response: &dyn Response, more: impl Fn(Problem<'_>) -> Problem<'_>) -> Fit {
    let design = Dense::with_intercept([&X[..]]).unwrap();
    irls().fit(&more(Problem::new(&design, response, Y.to_vec()).unwrap())).unwrap()
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1.0), "{found:e} instead of {expected:e}");
}

#[test]
fn simple_regression_has_closed_forms() {
    // se² = φ (1/n + (x − x̄)²/Sxx); 2.7764451051977987 is t₄(0.975).
    let gaussian = response("gaussian(identity)");
    let estimates = Estimates::from(&fit(&*gaussian, |problem| problem));
    let (mean, y_mean) = (X.iter().sum::<f64>() / 6.0, Y.iter().sum::<f64>() / 6.0);
    let sxx: f64 = X.iter().map(|x| (x - mean).powi(2)).sum();
    let slope = X.iter().zip(Y).map(|(x, y)| (x - mean) * y).sum::<f64>() / sxx;
    let rss: f64 = X.iter().zip(Y).map(|(x, y)| (y - y_mean - slope * (x - mean)).powi(2)).sum();
    let (phi, t) = (rss / 4.0, 2.776_445_105_197_798_7);
    let (new, weights) = ([-10.0, mean, 3.0], [1.0, 4.0, 0.25]);
    let design = Dense::with_intercept([&new[..]]).unwrap();
    let predictions = estimates.predict(&*gaussian, &design, &[]).unwrap();
    let confidence = predictions.confidence(Scale::Response, 0.95).unwrap();
    let prediction = predictions.prediction(0.95, &weights).unwrap();
    for row in 0..3 {
        let fitted = y_mean + slope * (new[row] - mean);
        let variance = phi * (1.0 / 6.0 + (new[row] - mean).powi(2) / sxx);
        close(predictions.mu[row], fitted, 1e-13);
        close(predictions.mu_std_error[row], variance.sqrt(), 1e-13);
        close(confidence.low[row], fitted - t * variance.sqrt(), 1e-12);
        close(confidence.high[row], fitted + t * variance.sqrt(), 1e-12);
        close(prediction.low[row], fitted - t * (variance + phi / weights[row]).sqrt(), 1e-12);
        close(prediction.high[row], fitted + t * (variance + phi / weights[row]).sqrt(), 1e-12);
    }
}

#[test]
fn the_reference_follows_the_dispersion_and_the_weights() {
    type More = fn(Problem<'_>) -> Problem<'_>;
    let reference = |name: &str, more: More| Reference::of(&fit(&*response(name), more));
    let (fixed, pearson): (More, More) = (
        |problem| problem.with_dispersion(DispersionEstimate::Fixed(2.0)).unwrap(),
        |problem| problem.with_dispersion(DispersionEstimate::Pearson).unwrap(),
    );
    let sampled: More =
        |problem| problem.with_weights(Weights::Probability(vec![1.0, 2.0, 1.0, 3.0, 1.0, 2.0])).unwrap();
    let t = Reference::StudentT { df: 4.0 };
    assert_eq!(reference("poisson(log)", |problem| problem), Reference::Normal);
    assert_eq!(reference("gamma(log)", |problem| problem), t);
    assert_eq!(reference("gamma(log)", fixed), Reference::Normal);
    assert_eq!(reference("poisson(log)", pearson), t);
    assert_eq!(reference("poisson(log)", sampled), t);
}

#[test]
fn only_what_is_exact_has_prediction_intervals() {
    let design = Dense::with_intercept([&X[..]]).unwrap();
    let refused = |name: &str, more: fn(Problem<'_>) -> Problem<'_>| {
        let response = response(name);
        let estimates = Estimates::from(&fit(&*response, more));
        let predictions = estimates.predict(&*response, &design, &[]).unwrap();
        matches!(predictions.prediction(0.95, &[]), Err(Error::NoPredictionInterval { .. }))
    };
    assert!(!refused("gaussian(identity)", |problem| problem));
    assert!(!refused("gaussian(identity)", |p| p.with_dispersion(DispersionEstimate::Fixed(1.0)).unwrap()));
    for name in ["poisson(log)", "gaussian(log)", "gamma(identity)", "quasi(0)(identity)"] {
        assert!(refused(name, |problem| problem), "{name}");
    }
    assert!(refused("gaussian(identity)", |p| p.with_dispersion(DispersionEstimate::MaximumLikelihood).unwrap()));
    assert!(refused("gaussian(identity)", |p| p.with_weights(Weights::Probability(vec![1.0; 6])).unwrap()));
}

#[test]
fn every_kind_of_design_in_any_number_of_rows() {
    let log = response("poisson(log)");
    let estimates = Estimates::from(&fit(&*log, |problem| problem));
    let x: Vec<f64> = (0..20_000).map(|i| if i % 3 == 0 { 0.0 } else { (f64::from(i) * 0.37).sin() * 4.0 }).collect();
    let offset: Vec<f64> = (0..20_000).map(|i| f64::from(i % 5) * 0.1).collect();
    let dense = Dense::with_intercept([&x[..]]).unwrap();
    let all = estimates.predict(&*log, &dense, &offset).unwrap();
    for row in [0, 1, 511, 512, 8191, 8192, 8193, 16_384, 19_999] {
        let (x, offset) = ([x[row]], [offset[row]]);
        let design = Dense::with_intercept([&x[..]]).unwrap();
        let one = estimates.predict(&*log, &design, &offset).unwrap();
        close(all.eta[row], one.eta[0], 1e-15);
        close(all.eta_std_error[row], one.eta_std_error[0], 1e-14);
        close(all.mu_std_error[row], one.mu[0] * one.eta_std_error[0], 1e-13);
    }
    let rows: Vec<u32> = (0..20_000).filter(|row| x[*row as usize] != 0.0).collect();
    let values: Vec<f64> = rows.iter().map(|row| x[*row as usize]).collect();
    let sparse = Sparse::from_columns(x.len(), &[0, rows.len()], &rows, &values).unwrap().with_intercept();
    let sparse = estimates.predict(&*log, &sparse, &offset).unwrap();
    for row in 0..x.len() {
        close(sparse.eta[row], all.eta[row], 1e-15);
        close(sparse.eta_std_error[row], all.eta_std_error[row], 1e-14);
    }
}

#[test]
fn an_aliased_column_changes_nothing_where_rows_are_estimable() {
    let gaussian = response("gaussian(identity)");
    let twice: Vec<f64> = X.iter().map(|x| 2.0 * x + 1.0).collect();
    let design = Dense::with_intercept([&X[..], &twice]).unwrap();
    let with = Estimates::from(&irls().fit(&Problem::new(&design, &*gaussian, Y.to_vec()).unwrap()).unwrap());
    let without = Estimates::from(&fit(&*gaussian, |problem| problem));
    let (a, b) = ([1.0, 5.0, 7.0], [3.0, 11.0, 7.0]);
    let new = Dense::with_intercept([&a[..], &b[..]]).unwrap();
    let (with, fewer) = (with.predict(&*gaussian, &new, &[]).unwrap(), Dense::with_intercept([&a[..]]).unwrap());
    let without = without.predict(&*gaussian, &fewer, &[]).unwrap();
    for row in 0..2 {
        close(with.mu[row], without.mu[row], 1e-13);
        close(with.mu_std_error[row], without.mu_std_error[row], 1e-13);
    }
    let bounds = with.confidence(Scale::Response, 0.9).unwrap();
    for missing in [with.eta[2], with.eta_std_error[2], with.mu[2], with.mu_std_error[2], bounds.low[2], bounds.high[2]]
    {
        assert!(missing.is_nan(), "row 2 is not estimable");
    }
}

#[test]
fn what_does_not_exist_is_missing() {
    // Two observations, two coefficients: no dispersion.
    let (gaussian, x) = (response("gaussian(identity)"), [0.0, 1.0]);
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let fit = irls().fit(&Problem::new(&design, &*gaussian, vec![1.0, 3.0]).unwrap()).unwrap();
    let estimates = Estimates::try_from(SavedEstimates::from(&Estimates::from(&fit))).unwrap();
    let predictions = estimates.predict(&*gaussian, &design, &[]).unwrap();
    close(predictions.mu[1], 3.0, 1e-14);
    assert!(predictions.mu_std_error[1].is_nan() && predictions.prediction(0.9, &[]).unwrap().low[1].is_nan());
    let wald = estimates.wald(0.95).unwrap();
    assert!(wald.rows[1].estimate.is_some() && wald.rows[1].std_error.is_none() && wald.rows[1].conf_low.is_none());
    // √μ cannot be negative.
    let sqrt = response("poisson(sqrt)");
    let estimates = Estimates::from(&self::fit(&*sqrt, |problem| problem));
    let far = [-1e3];
    let design = Dense::with_intercept([&far[..]]).unwrap();
    let predictions = estimates.predict(&*sqrt, &design, &[]).unwrap();
    assert!(predictions.eta[0] < 0.0 && predictions.mu[0].is_nan() && predictions.mu_std_error[0].is_nan());
}

#[test]
fn a_variance_made_of_rounding_errors_is_missing() {
    let (gaussian, one) = (response("gaussian(identity)"), [1.0, 0.5]);
    let saved = SavedEstimates {
        response: gaussian.name(),
        n_predictors: 1,
        coefficients: vec![Some(1.0), Some(2.0)],
        covariance: vec![Some(1.0), Some(-1.0), Some(1.0)],
        covariance_low: vec![],
        covariance_type: "model".to_owned(),
        dispersion: Some(1.0),
        dispersion_source: "pearson".to_owned(),
        df_residual: 3,
        aliased: vec![],
    };
    let design = Dense::with_intercept([&one[..]]).unwrap();
    let predict = |saved: &SavedEstimates| {
        Estimates::try_from(saved.clone()).unwrap().predict(&*gaussian, &design, &[]).unwrap().eta_std_error
    };
    let errors = predict(&saved);
    assert!(errors[0].is_nan(), "1 − 2 + 1 has no digit left");
    close(errors[1], 0.5, 1e-15);
    // What rounding took brings it back: 1 − 2 (1 − 2⁻⁷⁰) + 1.
    let low = 2.0_f64.powi(-70);
    let errors = predict(&SavedEstimates { covariance_low: vec![0.0, low, 0.0], ..saved.clone() });
    close(errors[0], (2.0 * low).sqrt(), 1e-15);
    close(errors[1], 0.5, 1e-15);
    assert!(predict(&SavedEstimates { covariance_low: vec![0.0; 3], ..saved })[0].is_nan(), "nothing was lost");
}

#[test]
fn bad_input_is_refused() {
    let (poisson, other) = (response("poisson(log)"), response("poisson(sqrt)"));
    let estimates = Estimates::from(&fit(&*poisson, |problem| problem));
    let design = Dense::with_intercept([&X[..]]).unwrap();
    assert!(matches!(estimates.predict(&*other, &design, &[]), Err(Error::OtherResponse { .. })));
    assert!(matches!(estimates.predict(&*poisson, &design, &[0.0]), Err(Error::Input(_))));
    let narrow = Dense::intercept_only(2).unwrap();
    let wide: &dyn Design = &Dense::with_intercept([&X[..], &Y[..]]).unwrap();
    assert!(matches!(estimates.predict(&*poisson, &narrow, &[]), Err(Error::Input(_))));
    assert!(matches!(estimates.means(&*poisson, wide, &[]), Err(Error::Input(_))));
    let predictions = estimates.predict(&*poisson, &design, &[]).unwrap();
    assert!(matches!(predictions.confidence(Scale::Link, 95.0), Err(Error::Level { level: 95.0 })));
    let gaussian = response("gaussian(identity)");
    let estimates = Estimates::from(&fit(&*gaussian, |problem| problem));
    let predictions = estimates.predict(&*gaussian, &design, &[]).unwrap();
    let with = |first: f64, n: usize| predictions.prediction(0.9, &[&[first][..], &vec![1.0; n]].concat());
    assert!(with(1.0, 5).is_ok());
    for (first, n) in [(1.0, 4), (-1.0, 5), (f64::NAN, 5), (f64::INFINITY, 5)] {
        assert!(matches!(with(first, n), Err(Error::Input(_))), "{first} and {n}");
    }
}

#[test]
fn classes_have_means_alone() {
    let (design, softmax) = (Dense::with_intercept([&X[..]]).unwrap(), Softmax::baseline(3).unwrap());
    let y = vec![0.0, 1.0, 2.0, 0.0, 2.0, 1.0];
    let fit = newton_raphson().fit(&Problem::new(&design, &softmax, y).unwrap()).unwrap();
    let estimates = Estimates::from(&fit);
    assert!(matches!(estimates.predict(&softmax, &design, &[]), Err(Error::NoSinglePredictor { .. })));
    let means = estimates.means(&softmax, &design, &[]).unwrap();
    (0..6).for_each(|row| close(means[row] + means[6 + row] + means[12 + row], 1.0, 1e-14));
}

//! Three types of weight: a frequency is that many rows in every number of a fit, sampling weights leave a robust
//! covariance and no likelihood, and a row of weight zero is absent whatever its type.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[path = "common/close.rs"]
mod close;
#[path = "common/goodness.rs"]
mod goodness;
#[path = "common/pairs.rs"]
mod pairs;
#[path = "common/reference.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod reference;
#[path = "common/runner.rs"]
mod runner;
#[path = "common/simulate.rs"]
mod simulate;

use close::{near, same_coefficients, same_std_errors};
use glm_core::Dense;
use glm_solvers::{
    BiasReduction, CovarianceType, DispersionEstimate, Error, Fit, Problem, Weights, fit_bias_reduced, fit_gamma_shape,
    irls, newton_raphson,
};
use goodness::same_goodness;
use pairs::{Pair, pairs};
use proptest::prelude::any;
use proptest::prop_assert_eq;
use proptest::test_runner::TestCaseError;
use runner::runner;
use simulate::{Data, simulate};

/// Every row as often as its frequency says.
fn repeated(data: &Data, frequency: &[f64]) -> Data {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
    let take = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(frequency).flat_map(|(value, times)| vec![*value; *times as usize]).collect()
    };
    Data {
        columns: data.columns.iter().map(|column| take(column)).collect(),
        y: take(&data.y),
        weights: take(&data.weights),
        offset: take(&data.offset),
    }
}

fn fit_with(pair: &Pair, data: &Data, more: Vec<Weights>) -> Result<Fit, TestCaseError> {
    let design = data.design();
    let mut problem = data.problem(&design, &*pair.response);
    for weights in more {
        problem = problem.with_weights(weights).unwrap();
    }
    newton_raphson()
        .fit(&problem)
        .map_err(|error| TestCaseError::fail(format!("{}: {error}", problem.response().name())))
}

fn check(law: impl Fn(&Pair, &Data, u64) -> Result<(), TestCaseError>) {
    for pair in pairs() {
        let outcome = runner(4).run(&(150_usize..300, 2_usize..4, any::<u64>()), |(n, slopes, seed)| {
            law(&pair, &simulate(pair.family, pair.link, n, slopes, seed), seed)
        });
        assert!(outcome.is_ok(), "{} with {}: {outcome:?}", pair.family, pair.link);
    }
}

/// Frequencies 0, 1, 2, 3, in turns from the seed on.
fn frequencies(n: usize, seed: u64) -> Vec<f64> {
    (0..n).map(|row| [2.0, 1.0, 3.0, 1.0, 0.0][(row + (seed % 5) as usize) % 5]).collect()
}

fn same_fit(found: &Fit, expected: &Fit) -> Result<(), TestCaseError> {
    same_coefficients("frequencies", found, expected, 1e-8)?;
    same_std_errors("frequencies", found, expected, 1e-8)?;
    same_goodness("frequencies", found, expected, 1e-8)?;
    near("null deviance", found.null_deviance, expected.null_deviance, 1e-9, expected.null_deviance)?;
    for (what, value) in [
        ("log-likelihood", (|fit: &Fit| fit.log_likelihood) as fn(&Fit) -> Option<f64>),
        ("AIC", |fit| fit.aic),
        ("BIC", |fit| fit.bic),
    ] {
        prop_assert_eq!(value(found).is_some(), value(expected).is_some());
        let expected = value(expected).unwrap_or(f64::NAN);
        near(what, value(found).unwrap_or(f64::NAN), expected, 1e-9, expected.abs().max(1.0))?;
    }
    let counts = |fit: &Fit| (fit.n_used, fit.df_residual, fit.df_null, fit.rank, fit.covariance_type);
    prop_assert_eq!(counts(found), counts(expected));
    Ok(())
}

#[test]
fn a_frequency_is_that_many_rows() {
    check(|pair, data, seed| {
        let frequency = frequencies(data.y.len(), seed);
        let short = fit_with(pair, data, vec![Weights::Frequency(frequency.clone())])?;
        same_fit(&short, &fit_with(pair, &repeated(data, &frequency), vec![])?)
    });
}

/// With the dispersion by maximum likelihood, and with the gamma shape.
#[test]
fn a_frequency_is_that_many_rows_in_a_likelihood_of_the_dispersion() {
    let likely = DispersionEstimate::MaximumLikelihood;
    for (family, link) in
        [("gaussian", "identity"), ("gamma", "log"), ("inverse-gaussian", "log"), ("tweedie(1.7)", "log")]
    {
        let response = glm_core::spec::pair(family, link).unwrap();
        let data = simulate(family, link, 200, 2, 5);
        let frequency = frequencies(200, 0);
        let long = repeated(&data, &frequency);
        let (design, long_design) = (data.design(), long.design());
        let short = data.problem(&design, &*response).with_weights(Weights::Frequency(frequency)).unwrap();
        let (short, long) = (
            short.with_dispersion(likely).unwrap(),
            long.problem(&long_design, &*response).with_dispersion(likely).unwrap(),
        );
        let (short_fit, long_fit) = (irls().fit(&short).unwrap(), irls().fit(&long).unwrap());
        same_fit(&short_fit, &long_fit).unwrap();
        if family == "gamma" {
            let shape = |problem: &Problem<'_>, fit: &Fit| fit_gamma_shape(problem, fit).unwrap();
            let (short, long) = (shape(&short, &short_fit), shape(&long, &long_fit));
            assert!(
                (short.shape / long.shape - 1.0).abs() < 1e-10
                    && (short.std_error / long.std_error - 1.0).abs() < 1e-10
            );
        }
    }
}

#[test]
fn a_frequency_of_sampled_rows_is_that_many_rows() {
    check(|pair, data, seed| {
        let frequency = frequencies(data.y.len(), seed);
        let sampling: Vec<f64> = (0..data.y.len()).map(|row| 40.0 + (row * 7 % 11) as f64).collect();
        let with = vec![Weights::Frequency(frequency.clone()), Weights::Probability(sampling.clone())];
        let short = fit_with(pair, data, with)?;
        let sampled = repeated(&Data { offset: sampling, ..data.clone() }, &frequency).offset;
        let long = fit_with(pair, &repeated(data, &frequency), vec![Weights::Probability(sampled)])?;
        prop_assert_eq!(short.covariance_type, CovarianceType::Robust);
        prop_assert_eq!(short.log_likelihood, None);
        same_fit(&short, &long)
    });
}

#[test]
fn the_scale_of_sampling_weights_does_not_matter() {
    check(|pair, data, seed| {
        let sampling: Vec<f64> = (0..data.y.len()).map(|row| 1.0 + (row * 5 % 7) as f64).collect();
        let scaled = sampling.iter().map(|weight| weight * 10.0_f64.powi((seed % 9) as i32 - 4)).collect();
        let fit = fit_with(pair, data, vec![Weights::Probability(sampling)])?;
        same_fit(&fit_with(pair, data, vec![Weights::Probability(scaled)])?, &fit)
    });
}

#[test]
fn a_row_of_weight_zero_of_any_type_is_absent() {
    check(|pair, data, seed| {
        let n = data.y.len();
        let ones =
            |zero: &dyn Fn(usize) -> bool| (0..n).map(|row| f64::from(u8::from(!zero(row)))).collect::<Vec<f64>>();
        let absent = move |row: usize| row % 7 == (seed % 7) as usize;
        let kept = repeated(data, &ones(&absent));
        same_fit(&fit_with(pair, data, vec![Weights::Frequency(ones(&absent))])?, &fit_with(pair, &kept, vec![])?)?;
        let sampled = fit_with(pair, data, vec![Weights::Probability(ones(&absent))])?;
        same_fit(&sampled, &fit_with(pair, &kept, vec![Weights::Probability(vec![1.0; kept.y.len()])])?)
    });
}

/// The robust covariance that the reference calls HC0, times n/(n − 1): the weights of its cases enter the score and the
/// information in the same way.
#[test]
fn robust_covariances_are_those_of_the_reference() {
    let mut checked = 0;
    for case in reference::folders().iter().flat_map(|folder| reference::cases(folder)) {
        let covariance = &case.json["expected"]["robust_cov"]["HC0"]["data"];
        let Some(response) = case.response().filter(|_| covariance.is_array() && case.kind == "glm") else { continue };
        if case.by_column("coefficients").contains(&None) {
            continue;
        }
        let design = case.design();
        let problem = Problem::new(&design, &*response, case.y.clone())
            .and_then(|problem| problem.with_offset(case.offset.clone()))
            .and_then(|problem| problem.with_weights(Weights::Probability(case.weights.clone())))
            .unwrap();
        let solver = case.start().map_or_else(irls, |start| irls().with_start(start));
        let fit = solver.fit(&problem).unwrap_or_else(|error| panic!("{}: {error}", case.id));
        assert_eq!(fit.covariance_type, CovarianceType::Robust, "{}", case.id);
        let (n, (tolerance, _)) = (fit.n_used as f64, case.tolerance("robust_cov"));
        let expected = |i: usize, j: usize| covariance[i][j].as_f64().unwrap() * n / (n - 1.0);
        for (i, j) in (0..fit.rank).flat_map(|i| (0..fit.rank).map(move |j| (i, j))) {
            let scale = (expected(i, i) * expected(j, j)).sqrt();
            let error = (fit.covariance[(i, j)] - expected(i, j)).abs();
            assert!(error <= tolerance * scale, "{} ({i}, {j}): {:e}", case.id, error / scale);
        }
        checked += 1;
    }
    assert!(checked >= 50, "only {checked} cases have a robust covariance");
}

#[test]
fn what_no_weight_can_be_is_refused() {
    let x = [0.0, 1.0, 2.0, 3.0];
    let (design, poisson) =
        (Dense::with_intercept([&x[..]]).unwrap(), glm_core::spec::response("poisson(log)").unwrap());
    let problem = || Problem::new(&design, &*poisson, vec![1.0, 0.0, 2.0, 4.0]).unwrap();
    let half = problem().with_weights(Weights::Frequency(vec![1.0, 2.0, 1.5, 1.0])).unwrap_err();
    assert!(
        matches!(half, Error::FractionalFrequency { row: 2, .. }) && half.to_string().contains("1.5 at row 2"),
        "{half}"
    );
    for weights in [Weights::Frequency, Weights::Probability, Weights::Analytic] {
        let input = |values: Vec<f64>| problem().with_weights(weights(values)).unwrap_err().to_string();
        assert!(input(vec![1.0, 1.0, -2.0, 1.0]).contains("row 2"));
        assert!(input(vec![1.0, f64::NAN, 2.0, 1.0]).contains("row 1"));
        assert!(input(vec![1.0, 2.0, 1.0]).contains('3'));
        assert!(input(vec![0.0; 4]).contains("zero"));
    }
    // Each type has rows, all together have none.
    let first = problem().with_weights(Weights::Frequency(vec![1.0, 1.0, 0.0, 0.0])).unwrap();
    assert!(first.with_weights(Weights::Probability(vec![0.0, 0.0, 1.0, 1.0])).is_err());
    let sampled = problem().with_weights(Weights::Probability(vec![1.0, 2.0, 1.0, 1.0])).unwrap();
    let refused = fit_bias_reduced(&sampled, BiasReduction::Jeffreys).unwrap_err();
    assert!(matches!(refused, Error::Sampled { .. }), "{refused}");
}

//! Weights by type for classes: a frequency is that many rows, and the robust covariance of two classes is the binomial's.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

#[path = "common/classes.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod classes;

use classes::{Data, all_estimates, close, data};
use glm_core::{Cumulative, CumulativeLink, Dense, Softmax, spec};
use glm_solvers::{CovarianceType, Fit, Ordinal, OrdinalFit, Problem, Weights, newton_raphson};

fn multinomial(data: &Data, classes: usize, weights: Vec<Weights>) -> Fit {
    let (design, response) = (data.design(), Softmax::baseline(classes).unwrap());
    let mut problem = Problem::new(&design, &response, data.y.clone()).unwrap();
    for weights in weights {
        problem = problem.with_weights(weights).unwrap();
    }
    newton_raphson().fit(&problem).unwrap()
}

fn ordinal(data: &Data, classes: usize, link: CumulativeLink, weights: Vec<Weights>) -> OrdinalFit {
    let design = data.slopes();
    let mut model = Ordinal::new(&design, Cumulative::new(classes, link).unwrap(), data.y.clone()).unwrap();
    for weights in weights {
        model = model.with_weights(weights).unwrap();
    }
    model.fit(&newton_raphson()).unwrap()
}

fn entries(covariance: &faer::Mat<f64>) -> Vec<f64> {
    (0..covariance.ncols()).flat_map(|j| (0..covariance.nrows()).map(move |i| covariance[(i, j)])).collect()
}

fn sampling(n: usize) -> Vec<f64> {
    (0..n).map(|row| 30.0 + (row * 7 % 11) as f64 * 10.0).collect()
}

/// Two sets of weights that must give the same: frequencies, and rows repeated.
#[test]
fn a_frequency_is_that_many_rows() {
    let short = data();
    let frequency: Vec<f64> = short.weights.clone();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
    let order: Vec<usize> = (0..short.y.len()).flat_map(|row| vec![row; frequency[row] as usize]).collect();
    let long = short.rows(&order);
    for sampled in [false, true] {
        let (mut few, mut many) = (vec![Weights::Frequency(frequency.clone())], vec![]);
        if sampled {
            let weights = sampling(short.y.len());
            many.push(Weights::Probability(order.iter().map(|row| weights[*row]).collect()));
            few.push(Weights::Probability(weights));
        }
        let (a, b) = (multinomial(&short, 3, few.clone()), multinomial(&long, 3, many.clone()));
        close(&a.coefficients, &b.coefficients, 1e-9);
        close(&entries(&a.covariance), &entries(&b.covariance), 1e-9);
        assert_eq!((a.n_used, a.df_residual, a.df_null), (b.n_used, b.df_residual, b.df_null));
        assert_eq!(a.log_likelihood.is_none(), sampled);
        close(&[a.bic.unwrap_or(0.0), a.deviance], &[b.bic.unwrap_or(0.0), b.deviance], 1e-9);
        for link in [CumulativeLink::Logit, CumulativeLink::Probit, CumulativeLink::Cloglog] {
            let (a, b) = (ordinal(&short, 3, link, few.clone()), ordinal(&long, 3, link, many.clone()));
            close(&all_estimates(&a), &all_estimates(&b), 1e-9);
            close(&entries(&a.covariance), &entries(&b.covariance), 1e-9);
            assert_eq!((a.n_used, a.df_residual), (b.n_used, b.df_residual));
            assert_eq!((a.bic.is_none(), a.covariance_type == CovarianceType::Robust), (sampled, sampled));
            close(&[a.bic.unwrap_or(0.0), a.deviance], &[b.bic.unwrap_or(0.0), b.deviance], 1e-9);
        }
    }
}

/// y of two classes is a binomial; the threshold is minus its intercept, and x'β is subtracted.
#[test]
fn two_sampled_classes_are_a_sampled_binomial() {
    let mut data = data();
    data.y.iter_mut().for_each(|y| *y = y.min(1.0));
    let (design, binomial) = (data.design(), spec::response("binomial(logit)").unwrap());
    let weights = || Weights::Probability(sampling(data.y.len()));
    let problem = Problem::new(&design, &*binomial, data.y.clone()).unwrap().with_weights(weights()).unwrap();
    let expected = newton_raphson().fit(&problem).unwrap();
    let softmax = multinomial(&data, 2, vec![weights()]);
    close(&softmax.coefficients, &expected.coefficients, 1e-9);
    close(&entries(&softmax.covariance), &entries(&expected.covariance), 1e-9);
    let cumulative = ordinal(&data, 2, CumulativeLink::Logit, vec![weights()]);
    close(&[-cumulative.thresholds[0]], &expected.coefficients[..1], 1e-9);
    close(&cumulative.coefficients, &expected.coefficients[1..], 1e-9);
    close(&cumulative.std_errors, &expected.std_errors, 1e-9);
}

#[test]
fn an_ordinal_fit_lists_what_it_does_not_determine() {
    let data = data();
    let sum: Vec<f64> = data.x[0].iter().zip(&data.x[1]).map(|(a, b)| a + b + 3.0).collect();
    let design = Dense::without_intercept([&data.x[0][..], &data.x[1][..], &sum[..]]).unwrap();
    let response = Cumulative::new(3, CumulativeLink::Logit).unwrap();
    let fit = Ordinal::new(&design, response, data.y.clone()).unwrap().fit(&newton_raphson()).unwrap();
    assert_eq!(fit.aliased, [2], "with the thresholds, the sum says nothing new");
    let new = Dense::without_intercept([&[1.0, 1.0][..], &[2.0, 2.0][..], &[6.0, 5.0][..]]).unwrap();
    assert_eq!(fit.not_estimable(&new).unwrap(), [1]);
    let mu = fit.predict(&new, &[]).unwrap();
    assert!(mu.iter().enumerate().all(|(i, mu)| mu.is_nan() == (i % 2 == 1)), "{mu:?}");
}

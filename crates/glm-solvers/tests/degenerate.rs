//! What is odd but not wrong gets an answer, and what has no answer gets an error that says so: constants, saturated
//! and separated data, collinear columns, families at their limits.

#![expect(clippy::unwrap_used, reason = "a file that does not parse is a failure of the test")]

#[path = "common/all_solvers.rs"]
mod all_solvers;
#[path = "common/close.rs"]
mod close;

use all_solvers::{agreed, fits, refusals, response};
use close::{near, same_coefficients, same_std_errors};
use glm_core::Dense;
use glm_solvers::{
    DispersionEstimate, Error, Outcome, Problem, Separation, Warning, fisher_scoring, irls, lbfgs, newton_raphson,
};

fn separations(problem: &Problem<'_>) -> Vec<Separation> {
    refusals(problem, |error| match error {
        Error::Separation(found) => Ok(*found),
        error => Err(error),
    })
}

/// Columns of a file of `reference/silent`, without its header.
fn silent(name: &str) -> Vec<Vec<f64>> {
    let path = format!("{}/../../reference/silent/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<f64>> =
        text.lines().skip(1).map(|line| line.split(',').map(|value| value.parse().unwrap()).collect()).collect();
    (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect()
}

#[test]
fn a_constant_gaussian_response_is_fitted_with_a_warning() {
    let x = [1.0, 2.0, 4.0, 5.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let gaussian = response("gaussian");
    for value in [0.0, 3.25, 1e8] {
        let problem = Problem::new(&design, &*gaussian, vec![value; 4]).unwrap();
        for fit in fits(&problem) {
            assert!(fit.warnings.contains(&Warning::ConstantResponse { value }), "{}: {:?}", fit.solver, fit.warnings);
            near(fit.solver, fit.coefficients[0], value, 1e-14, value.max(1.0)).unwrap();
            near(fit.solver, fit.coefficients[1], 0.0, 1e-14, value.max(1.0)).unwrap();
            assert!(fit.deviance <= 1e-28 * value.max(1.0).powi(2), "{}", fit.deviance);
        }
    }
}

#[test]
fn rows_of_weight_zero_do_not_hide_a_constant_response() {
    let x: Vec<f64> = (0..9000).map(|i| f64::from(i % 7)).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let gaussian = response("gaussian");
    let constant = |y: Vec<f64>, weights: Vec<f64>| {
        let problem = Problem::new(&design, &*gaussian, y).unwrap().with_weights(weights).unwrap();
        let fit = irls().fit(&problem).unwrap();
        fit.warnings.contains(&Warning::ConstantResponse { value: 2.0 })
    };
    let (mut y, mut weights) = (vec![2.0; 9000], vec![1.0; 9000]);
    (y[0], weights[0]) = (7.0, 0.0);
    assert!(constant(y.clone(), weights.clone()), "the first row is absent");
    y[8192..].fill(5.0);
    weights[8192..].fill(0.0);
    assert!(constant(y.clone(), weights.clone()), "a whole group of rows is absent");
    weights[8999] = 1.0;
    assert!(!constant(y, weights), "one row differs");
}

#[test]
fn more_columns_than_rows() {
    let columns: Vec<Vec<f64>> =
        (0..5).map(|j| (0..3).map(|i| f64::from((i * i * 7 + j * 3 + i * j) % 11)).collect()).collect();
    let design = Dense::with_intercept(columns.iter().map(|column| &column[..])).unwrap();
    for (name, y) in [("gaussian", vec![1.0, -2.0, 0.5]), ("gamma(log)", vec![1.0, 2.0, 0.5])] {
        let response = response(name);
        let problem = Problem::new(&design, &*response, y.clone()).unwrap();
        for fit in fits(&problem) {
            assert_eq!((fit.rank, fit.df_residual, fit.aliased.len(), fit.dispersion), (3, 0, 3, None), "{name}");
            assert!(fit.std_errors.iter().all(|error| error.is_nan()), "{name} {:?}", fit.std_errors);
            assert!(fit.warnings.contains(&Warning::NoResidualDf), "{name} {:?}", fit.warnings);
            assert!(fit.warnings.contains(&Warning::Aliased { columns: fit.aliased.clone() }), "{name}");
            for (mu, y) in fit.fitted(&problem).unwrap().iter().zip(&y) {
                near(name, *mu, *y, 1e-6, 1.0).unwrap();
            }
        }
    }
    let poisson = response("poisson");
    let fit = irls().fit(&Problem::new(&design, &*poisson, vec![1.0, 2.0, 4.0]).unwrap()).unwrap();
    assert_eq!((fit.df_residual, fit.dispersion), (0, Some(1.0)));
    assert_eq!(fit.std_errors.iter().filter(|error| error.is_finite()).count(), 3, "φ is known");
}

#[test]
fn the_intercept_alone_is_the_link_of_the_weighted_mean() {
    let y = vec![1.0, 4.0, 2.0, 9.0];
    let weights = vec![1.0, 0.5, 2.0, 0.25];
    let mean: f64 = y.iter().zip(&weights).map(|(y, w)| y * w).sum::<f64>() / 3.75;
    let design = Dense::intercept_only(4).unwrap();
    for (name, eta) in [
        ("gaussian", mean),
        ("poisson", mean.ln()),
        ("gamma", 1.0 / mean),
        ("inverse-gaussian", mean.powi(-2)),
        ("poisson(sqrt)", mean.sqrt()),
        ("negative-binomial(2)", mean.ln()),
        ("tweedie(1.5)", mean.ln()),
    ] {
        let response = response(name);
        let problem = Problem::new(&design, &*response, y.clone()).unwrap().with_weights(weights.clone()).unwrap();
        for fit in fits(&problem) {
            let scale = eta.abs().max(fit.std_errors[0]);
            near(name, fit.coefficients[0], eta, if fit.solver == "gradient-descent" { 1e-7 } else { 1e-8 }, scale)
                .unwrap();
            near(name, fit.deviance, fit.null_deviance, 1e-12, fit.deviance).unwrap();
            assert_eq!((fit.df_residual, fit.df_null), (3, 3));
        }
    }
}

#[test]
fn one_row() {
    let design = Dense::intercept_only(1).unwrap();
    for (name, y, eta) in [("gaussian", -3.0, -3.0), ("poisson", 4.0, 4.0_f64.ln()), ("gamma", 2.0, 0.5)] {
        let response = response(name);
        let problem = Problem::new(&design, &*response, vec![y]).unwrap();
        for fit in fits(&problem) {
            near(name, fit.coefficients[0], eta, 1e-8, 1.0).unwrap();
            assert!(fit.df_residual == 0 && fit.deviance < 1e-12, "{name}");
            assert_eq!(fit.std_errors[0].is_finite(), name == "poisson");
        }
    }
    let logistic = response("binomial");
    for y in [0.0, 1.0] {
        let problem = Problem::new(&design, &*logistic, vec![y]).unwrap();
        assert!(separations(&problem).iter().all(|found| found.complete && found.rows == [0]));
    }
}

/// A column that is one in a single row: that row is fitted exactly, whatever it is.
#[test]
fn leverage_one() {
    let x: Vec<f64> = (0..20).map(|i| f64::from(i) / 10.0).collect();
    let mut only = [0.0; 20];
    only[7] = 1.0;
    let design = Dense::with_intercept([&x[..], &only[..]]).unwrap();
    let short: Vec<f64> = (0..20).filter(|i| *i != 7).map(|i| x[i]).collect();
    let without = Dense::with_intercept([&short[..]]).unwrap();
    for name in ["gaussian", "poisson", "gamma(log)", "negative-binomial(3)"] {
        let response = response(name);
        let y: Vec<f64> = (0..20).map(|i| if i == 7 { 50.0 } else { 1.0 + f64::from(i * 7 % 5) }).collect();
        let rest: Vec<f64> = (0..20).filter(|i| *i != 7).map(|i| y[i]).collect();
        let problem = Problem::new(&design, &*response, y).unwrap();
        let expected = irls().fit(&Problem::new(&without, &*response, rest).unwrap()).unwrap();
        for mut fit in fits(&problem) {
            near(name, fit.fitted(&problem).unwrap()[7], 50.0, 1e-6, 50.0).unwrap();
            fit.coefficients.truncate(2);
            fit.std_errors.truncate(2);
            same_coefficients("without the row", &fit, &expected, 1e-6).unwrap();
            same_std_errors("without the row", &fit, &expected, 1e-6).unwrap();
        }
    }
}

#[test]
fn a_saturated_poisson_fits_every_count() {
    let groups: Vec<Vec<f64>> = (1..5).map(|j| (0..5).map(|i| f64::from(u8::from(i == j))).collect()).collect();
    let design = Dense::with_intercept(groups.iter().map(|group| &group[..])).unwrap();
    let poisson = response("poisson");
    let y = [3.0, 1.0, 12.0, 7.0, 400.0_f64];
    let problem = Problem::new(&design, &*poisson, y.to_vec()).unwrap();
    for fit in fits(&problem) {
        assert!(fit.deviance < 1e-12 && fit.df_residual == 0, "{} {}", fit.solver, fit.deviance);
        near("intercept", fit.coefficients[0], 3.0_f64.ln(), 1e-6, 1.0).unwrap();
        for (j, y) in y.iter().enumerate().skip(1) {
            near("contrast", fit.coefficients[j], (y / 3.0).ln(), 1e-6, 1.0).unwrap();
            near("standard error", fit.std_errors[j], (1.0 / y + 1.0 / 3.0).sqrt(), 1e-6, 1.0).unwrap();
        }
    }
}

#[test]
fn a_maximum_at_infinity_is_refused_with_the_best_iterate() {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) - 14.5).collect();
    let steps: Vec<f64> = x.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    for (name, y) in [
        ("binomial", steps.clone()),
        ("binomial(probit)", steps.clone()),
        ("binomial(cloglog)", steps.clone()),
        ("binomial(cauchit)", steps.clone()),
        ("quasi-binomial", steps),
        ("binomial", vec![1.0; 30]),
        ("binomial", vec![0.0; 30]),
        ("poisson", vec![0.0; 30]),
        ("quasi-poisson", vec![0.0; 30]),
        ("negative-binomial(2)", vec![0.0; 30]),
    ] {
        let response = response(name);
        let problem = Problem::new(&design, &*response, y).unwrap();
        for found in separations(&problem) {
            let fit = found.best;
            assert!(fit.deviance.is_finite() && fit.deviance >= 0.0, "{name} by {}: {}", fit.solver, fit.deviance);
            assert!(fit.coefficients.iter().all(|value| value.is_finite()), "{name} by {}", fit.solver);
        }
        let message = newton_raphson().fit(&problem).unwrap_err().to_string();
        assert!(message.starts_with("the data are ") && message.contains("no finite maximum"), "{message}");
    }
}

#[test]
fn separated_data_of_others() {
    let logistic = response("binomial");
    for name in ["complete_separated", "quasi_separated"] {
        let columns = silent(name);
        let (y, x) = columns.split_last().unwrap();
        let design = Dense::with_intercept(x.iter().map(|column| &column[..])).unwrap();
        let problem = Problem::new(&design, &*logistic, y.clone()).unwrap();
        for found in separations(&problem) {
            let fit = found.best;
            let found = fit.certificate.outcome;
            let first_order = fit.solver == "gradient-descent";
            assert!(found == Outcome::Diverging || first_order, "{name} by {}: {found:?}", fit.solver);
        }
    }
}

#[test]
fn data_on_which_others_diverge() {
    let columns = silent("statsmodels_1604");
    let design = Dense::with_intercept([&columns[0][..]]).unwrap();
    let logistic = response("binomial");
    let problem = Problem::new(&design, &*logistic, columns[1].clone()).unwrap();
    for fit in fits(&problem) {
        let tolerance = if fit.solver == "gradient-descent" { 1e-6 } else { 1e-8 };
        for (found, truth) in fit.coefficients.iter().zip([-4.603_050_221_180_851, -5.296_345_453_903_059]) {
            near(fit.solver, *found, truth, tolerance, truth.abs()).unwrap();
        }
        near("deviance", fit.deviance, 30.310_495_608_464_46, 1e-10, fit.deviance).unwrap();
    }
}

#[test]
fn a_sum_of_columns_is_aliased() {
    let columns = silent("collinear");
    let (y, x) = columns.split_last().unwrap();
    let design = Dense::with_intercept(x.iter().map(|column| &column[..])).unwrap();
    let without = Dense::with_intercept(x[..2].iter().map(|column| &column[..])).unwrap();
    let logistic = response("binomial");
    let expected = irls().fit(&Problem::new(&without, &*logistic, y.clone()).unwrap()).unwrap();
    for mut fit in fits(&Problem::new(&design, &*logistic, y.clone()).unwrap()) {
        assert_eq!(fit.aliased, [3], "w comes last");
        assert!(fit.coefficients.pop().unwrap().is_nan() && fit.std_errors.pop().unwrap().is_nan());
        let tolerance = if fit.solver == "gradient-descent" { 1e-6 } else { 1e-8 };
        same_coefficients("without w", &fit, &expected, tolerance).unwrap();
        same_std_errors("without w", &fit, &expected, tolerance).unwrap();
    }
}

/// The first columns win, whatever their scale: a constant column is the intercept again, then multiples and sums.
#[test]
fn collinear_columns_are_named_in_order() {
    let base: Vec<Vec<f64>> =
        (1..3).map(|k| (0..40).map(|i| f64::from((i * i * k + 3 * i + k) % 17) * 1e4_f64.powi(k)).collect()).collect();
    let constant = vec![7.0; 40];
    let multiple: Vec<f64> = base[0].iter().map(|x| -1e-6 * x).collect();
    let sum: Vec<f64> = base[0].iter().zip(&base[1]).map(|(a, b)| a + b + 3.0).collect();
    let zero = vec![0.0; 40];
    let y: Vec<f64> = (0..40).map(|i| 1.0 + f64::from(i * 13 % 7)).collect();
    let design = Dense::with_intercept([&constant[..], &base[0], &multiple, &base[1], &sum, &zero]).unwrap();
    let kept = Dense::with_intercept([&base[0][..], &base[1]]).unwrap();
    for name in ["gaussian", "poisson", "gamma"] {
        let response = response(name);
        let expected = irls().fit(&Problem::new(&kept, &*response, y.clone()).unwrap()).unwrap();
        for mut fit in fits(&Problem::new(&design, &*response, y.clone()).unwrap()) {
            assert_eq!(fit.aliased, [1, 3, 5, 6], "{name} by {}", fit.solver);
            fit.coefficients = [0, 2, 4].map(|j| fit.coefficients[j]).to_vec();
            fit.std_errors = [0, 2, 4].map(|j| fit.std_errors[j]).to_vec();
            let tolerance = if fit.solver == "gradient-descent" { 1e-6 } else { 1e-8 };
            same_coefficients("without the aliased", &fit, &expected, tolerance).unwrap();
            same_std_errors("without the aliased", &fit, &expected, 1e-7).unwrap();
        }
    }
}

/// Regression: a Tweedie fit without residual degrees of freedom never returned.
#[test]
fn a_saturated_tweedie_fit_ends() {
    let design = Dense::intercept_only(1).unwrap();
    let tweedie = response("tweedie(1.5)");
    for fit in fits(&Problem::new(&design, &*tweedie, vec![2.0]).unwrap()) {
        near("intercept", fit.coefficients[0], 2.0_f64.ln(), 1e-6, 1.0).unwrap();
        assert_eq!((fit.dispersion, fit.log_likelihood), (None, None));
    }
}

/// θ → ∞ is the Poisson; θ → 0 is V = μ²/θ, so a gamma's coefficients with standard errors 1/√θ as large at φ = 1.
#[test]
fn negative_binomial_at_its_limits() {
    let x: Vec<f64> = (0..50).map(|i| f64::from(i) / 25.0).collect();
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let y: Vec<f64> = (0..50).map(|i| f64::from(20 + i * 7 % 13 + i)).collect();
    let fit = |name: &str, dispersion| {
        let response = response(name);
        let problem = Problem::new(&design, &*response, y.clone()).unwrap();
        agreed(name, &problem.with_dispersion(dispersion).unwrap())
    };
    let poisson = fit("poisson", DispersionEstimate::Family);
    let huge = fit("negative-binomial(1e14)", DispersionEstimate::Family);
    same_coefficients("θ = 1e14", &huge, &poisson, 1e-8).unwrap();
    same_std_errors("θ = 1e14", &huge, &poisson, 1e-8).unwrap();
    near("deviance", huge.deviance, poisson.deviance, 1e-10, poisson.deviance).unwrap();
    let gamma = fit("gamma(log)", DispersionEstimate::Fixed(1e12));
    let tiny = fit("negative-binomial(1e-12)", DispersionEstimate::Family);
    same_coefficients("θ = 1e-12", &tiny, &gamma, 1e-8).unwrap();
    same_std_errors("θ = 1e-12", &tiny, &gamma, 1e-8).unwrap();
}

/// Second-order methods do not need more steps for more rows.
#[test]
fn a_hundred_thousand_rows() {
    let toy = sim::Toy::new(100_000, 3);
    let design = Dense::with_intercept(toy.x.chunks_exact(100_000)).unwrap();
    let logistic = response("binomial");
    let problem = Problem::new(&design, &*logistic, toy.y.clone()).unwrap();
    let expected = irls().fit(&problem).unwrap();
    for solver in [newton_raphson(), fisher_scoring(), lbfgs()] {
        let fit = solver.fit(&problem).unwrap();
        same_coefficients("100 000 rows", &fit, &expected, 1e-8).unwrap();
        same_std_errors("100 000 rows", &fit, &expected, 1e-7).unwrap();
        assert!(fit.certificate.iterations < 60, "{} {}", fit.solver, fit.certificate.iterations);
    }
}

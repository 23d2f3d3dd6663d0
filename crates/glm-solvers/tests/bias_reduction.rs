//! Bias-reduced fits: closed forms and laws. (The reference's fits are in `reference.rs`.)

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

use glm_core::{Dense, spec};
use glm_solvers::{BiasReducedFit, BiasReduction, DispersionEstimate, Error, Problem, Warning, fit_bias_reduced, irls};

const BOTH: [BiasReduction; 2] = [BiasReduction::MeanAdjustedScore, BiasReduction::Jeffreys];

fn fit(name: &str, columns: &[&[f64]], y: &[f64], weights: &[f64], estimator: BiasReduction) -> BiasReducedFit {
    let design = match columns {
        [] => Dense::intercept_only(y.len()).unwrap(),
        columns => Dense::with_intercept(columns.iter().copied()).unwrap(),
    };
    let response = spec::response(name).unwrap();
    let mut problem = Problem::new(&design, &*response, y.to_vec()).unwrap();
    if !weights.is_empty() {
        problem = problem.with_weights(weights.to_vec()).unwrap();
    }
    let found = fit_bias_reduced(&problem, estimator).unwrap_or_else(|error| panic!("{name} {estimator:?}: {error}"));
    assert!(found.fit.certificate.score_norm <= 1e-10, "{name} {estimator:?}");
    found
}

fn close(what: &str, found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs();
    assert!(error <= tolerance * expected.abs().max(1.0), "{what}: {found:e} instead of {expected:e}");
}

fn columns() -> (Vec<f64>, Vec<f64>) {
    let x = (0..20).map(|i| f64::from(i * 7 % 20) / 10.0 - 1.0).collect();
    let z = (0..20).map(|i| f64::from(i * i % 11) / 11.0).collect();
    (x, z)
}

fn binary() -> Vec<f64> {
    (0..20).map(|i| f64::from(u8::from((i * 13 % 7) > 3))).collect()
}

#[test]
fn with_the_canonical_link_both_estimators_are_one() {
    let (x, z) = columns();
    let counts: Vec<f64> = (0..20).map(|i| f64::from(i * 5 % 4)).collect();
    for (name, y) in [("binomial(logit)", binary()), ("poisson(log)", counts)] {
        let [adjusted, jeffreys] = BOTH.map(|estimator| fit(name, &[&x, &z], &y, &[], estimator).fit);
        for (a, b) in adjusted.coefficients.iter().zip(&jeffreys.coefficients) {
            close(name, *a, *b, 1e-9);
        }
    }
}

#[test]
fn off_the_canonical_link_they_are_two() {
    let (x, z) = columns();
    let [adjusted, jeffreys] = BOTH.map(|which| fit("binomial(cloglog)", &[&x, &z], &binary(), &[], which).fit);
    assert!((adjusted.coefficients[1] - jeffreys.coefficients[1]).abs() > 1e-3 * jeffreys.std_errors[1]);
}

#[test]
fn one_proportion_is_estimated_by_half_a_success_and_half_a_failure_more() {
    for successes in [0.0, 1.0, 4.0, 9.0] {
        for estimator in BOTH {
            let found = fit("binomial(logit)", &[], &[successes / 9.0], &[9.0], estimator).fit;
            let p: f64 = (successes + 0.5) / 10.0;
            close("logit", found.coefficients[0], (p / (1.0 - p)).ln(), 1e-9);
            close("standard error", found.std_errors[0], (9.0 * p * (1.0 - p)).sqrt().recip(), 1e-9);
        }
    }
}

/// Saturated: leverages are one, and the adjusted score of group g is y − n μ + ½ = 0.
#[test]
fn two_poisson_means_are_estimated_by_half_a_count_more() {
    let group = [0.0, 0.0, 0.0, 1.0, 1.0];
    for y in [[1.0, 0.0, 4.0, 7.0, 2.0], [0.0, 0.0, 0.0, 3.0, 1.0]] {
        let means = [(y[..3].iter().sum::<f64>() + 0.5) / 3.0, (y[3] + y[4] + 0.5) / 2.0];
        for estimator in BOTH {
            let found = fit("poisson(log)", &[&group], &y, &[], estimator).fit;
            close("first", found.coefficients[0], means[0].ln(), 1e-9);
            close("second", found.coefficients[1], (means[1] / means[0]).ln(), 1e-9);
        }
    }
}

/// At μ = η the rate μ″/μ′ is zero, and with V constant as well nothing is adjusted by either estimator.
#[test]
fn a_linear_model_has_no_bias_to_reduce() {
    let (x, z) = columns();
    let y: Vec<f64> = (0..20).map(|i| f64::from(i * 11 % 17)).collect();
    let (design, response) = (Dense::with_intercept([&x[..], &z[..]]).unwrap(), spec::response("gaussian").unwrap());
    let problem = Problem::new(&design, &*response, y).unwrap();
    assert!(matches!(fit_bias_reduced(&problem, BOTH[0]), Err(Error::DispersionNotKnown { .. })));
    let problem = problem.with_dispersion(DispersionEstimate::Fixed(2.5)).unwrap();
    let plain = irls().fit(&problem).unwrap();
    for estimator in BOTH {
        let found = fit_bias_reduced(&problem, estimator).unwrap().fit;
        for (a, b) in found.coefficients.iter().zip(&plain.coefficients) {
            close("coefficient", *a, *b, 1e-9);
        }
        close("standard error", found.std_errors[1], plain.std_errors[1], 1e-12);
    }
}

/// Gamma with the log link: W is constant, which leaves Jeffreys nothing to do, and the adjusted score of the intercept is
/// n(ȳ/μ − 1)/φ + ½ = 0.
#[test]
fn the_dispersion_weighs_the_score_against_the_adjustment() {
    let y = [0.5, 3.0, 1.5, 2.0];
    let (design, response) = (Dense::intercept_only(4).unwrap(), spec::response("gamma(log)").unwrap());
    for phi in [0.1, 1.0, 3.0] {
        let problem = Problem::new(&design, &*response, y.to_vec()).unwrap();
        let problem = problem.with_dispersion(DispersionEstimate::Fixed(phi)).unwrap();
        let [adjusted, jeffreys] = BOTH.map(|estimator| fit_bias_reduced(&problem, estimator).unwrap().fit);
        close("adjusted", adjusted.coefficients[0].exp(), 1.75 / (1.0 - phi / 8.0), 1e-9);
        close("jeffreys", jeffreys.coefficients[0].exp(), 1.75, 1e-9);
        close("standard error", adjusted.std_errors[0], (phi / 4.0).sqrt(), 1e-12);
    }
}

/// More rows than one thread takes at once, and columns that are nearly collinear: the score still vanishes.
#[test]
fn many_rows_and_nearly_collinear_columns_converge() {
    let x: Vec<f64> = (0..20_000).map(|i| 2000.0 + f64::from(i * 7919 % 20_000) / 1000.0).collect();
    let square: Vec<f64> = x.iter().map(|x| x * x).collect();
    let y: Vec<f64> = (0..20_000).map(|i| f64::from(u8::from(i * i % 97 > 60))).collect();
    let centred: Vec<f64> = x.iter().map(|x| x - 2010.0).collect();
    let centred_square: Vec<f64> = centred.iter().map(|x| x * x).collect();
    for name in ["binomial(logit)", "binomial(cloglog)"] {
        for estimator in BOTH {
            let well = fit(name, &[&centred, &centred_square], &y, &[], estimator).fit;
            let design = Dense::with_intercept([&x[..], &square[..]]).unwrap();
            let response = spec::response(name).unwrap();
            let problem = Problem::new(&design, &*response, y.clone()).unwrap();
            let badly = fit_bias_reduced(&problem, estimator).unwrap_or_else(|error| panic!("{name}: {error}")).fit;
            let error = (badly.coefficients[2] - well.coefficients[2]).abs() / well.std_errors[2];
            assert!(error < 1e-5, "{name} {estimator:?}: {error:e} standard errors, {:?}", badly.certificate);
        }
    }
}

#[test]
fn separated_data_have_finite_estimates_by_every_link() {
    let x: Vec<f64> = (0..10).map(f64::from).collect();
    let y: Vec<f64> = (0..10).map(|i| f64::from(u8::from(i >= 5))).collect();
    for link in ["logit", "probit", "cloglog", "loglog", "cauchit"] {
        let name = format!("binomial({link})");
        for estimator in BOTH {
            let found = fit(&name, &[&x], &y, &[], estimator).fit;
            assert!(found.coefficients[1] > 0.1 && found.coefficients[1] < 10.0, "{name}: {:?}", found.coefficients);
            assert!(found.std_errors.iter().all(|error| *error > 0.0 && *error < 100.0), "{name}");
        }
    }
}

const ALWAYS: [&str; 6] = [
    "binomial(logit)",
    "binomial(probit)",
    "binomial(cloglog)",
    "binomial(loglog)",
    "binomial(cauchit)",
    "poisson(log)",
];

/// Small integer designs with binary responses, most of them separated or nearly so, some collinear: a link whose means
/// cannot leave their domain has an estimate whatever the responses are, and it is found. (For one of these problems by
/// probit, ½ U*ᵀ I⁻¹ U* has a minimum that is not zero between the start and the estimate.)
#[test]
fn small_binary_problems_always_have_an_estimate() {
    let mut state = 1_u64;
    let mut draw = |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 33) as u32 % below)
    };
    let probit =
        [[3.0, 2.0, 1.0, 0.0, 3.0, 1.0, 2.0], [1.0, 1.0, 2.0, 0.0, 2.0, 0.0, 1.0], [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]];
    let found = fit("binomial(probit)", &[&probit[0], &probit[1]], &probit[2], &[], BOTH[0]).fit;
    for (found, expected) in found.coefficients.iter().zip([-0.9588702271, 1.4963186587, -2.6480453145]) {
        close("root found by a search from 300 random starts", *found, expected, 1e-9);
    }
    for round in 0..200 {
        let n = 5 + round % 8;
        let [x, z, y] = [4, 3, 2].map(|below| (0..n).map(|_| draw(below)).collect::<Vec<f64>>());
        for name in ALWAYS {
            for estimator in BOTH {
                fit(name, &[&x, &z], &y, &[], estimator);
            }
        }
    }
}

#[test]
fn units_of_columns_and_offsets_do_not_matter() {
    let (x, z) = columns();
    let year: Vec<f64> = x.iter().map(|x| 2000.0 + 10.0 * x).collect();
    let tiny: Vec<f64> = z.iter().map(|z| 1e-8 * z).collect();
    for name in ALWAYS {
        for estimator in BOTH {
            let plain = fit(name, &[&x, &z], &binary(), &[], estimator).fit;
            let other = fit(name, &[&year, &tiny], &binary(), &[], estimator).fit;
            close(name, 10.0 * other.coefficients[1], plain.coefficients[1], 1e-8);
            close(name, 1e-8 * other.coefficients[2], plain.coefficients[2], 1e-8);
            close(name, 10.0 * other.std_errors[1], plain.std_errors[1], 1e-8);

            let design = Dense::with_intercept([&x[..], &z[..]]).unwrap();
            let response = spec::response(name).unwrap();
            let offset = x.iter().map(|x| 0.5 * x).collect();
            let problem = Problem::new(&design, &*response, binary()).unwrap().with_offset(offset).unwrap();
            let beside = fit_bias_reduced(&problem, estimator).unwrap().fit;
            close(name, beside.coefficients[1] + 0.5, plain.coefficients[1], 1e-8);
        }
    }
}

#[test]
fn a_weight_is_a_repetition() {
    let (x, z) = columns();
    let weights: Vec<f64> = (0..20).map(|i| f64::from(i % 4)).collect();
    let repeated =
        |values: &[f64]| -> Vec<f64> { (0..20).flat_map(|i| std::iter::repeat_n(values[i], i % 4)).collect() };
    let rows = [repeated(&x), repeated(&z), repeated(&binary())];
    for name in ["binomial(logit)", "binomial(probit)", "poisson(sqrt)", "negative-binomial(3)(log)"] {
        for estimator in BOTH {
            let short = fit(name, &[&x, &z], &binary(), &weights, estimator);
            let long = fit(name, &[&rows[0], &rows[1]], &rows[2], &[], estimator);
            for j in 0..3 {
                close(name, short.fit.coefficients[j], long.fit.coefficients[j], 1e-9);
                close(name, short.fit.std_errors[j], long.fit.std_errors[j], 1e-9);
            }
        }
    }
}

/// log L + ½ ln |I| is flat at the Jeffreys estimate: probit, written out again from textbook formulas.
#[test]
fn the_penalised_likelihood_is_stationary_and_reported() {
    let (x, z) = columns();
    let y = binary();
    let found = fit("binomial(probit)", &[&x, &z], &y, &[], BiasReduction::Jeffreys);
    let penalised = |beta: &[f64]| {
        let (mut total, mut information) = (0.0, [[0.0; 3]; 3]);
        for row in 0..20 {
            let columns = [1.0, x[row], z[row]];
            let eta: f64 = columns.iter().zip(beta).map(|(x, beta)| x * beta).sum();
            let (mu, density) = (glm_core::special::normal_cdf(eta), glm_core::special::normal_pdf(eta));
            total += y[row] * mu.ln() + (1.0 - y[row]) * (1.0 - mu).ln();
            for (i, line) in information.iter_mut().enumerate() {
                for (j, entry) in line.iter_mut().enumerate() {
                    *entry += density * density / (mu * (1.0 - mu)) * columns[i] * columns[j];
                }
            }
        }
        let [a, b, c] = information;
        let determinant = a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0])
            + a[2] * (b[0] * c[1] - b[1] * c[0]);
        total + 0.5 * determinant.ln()
    };
    let at = &found.fit.coefficients;
    close("value", found.penalised_log_likelihood.unwrap(), penalised(at), 1e-12);
    for j in 0..3 {
        let moved = |by: f64| {
            let mut beta = at.clone();
            beta[j] += by;
            penalised(&beta)
        };
        let h = 1e-3;
        let slope = (8.0 * (moved(h) - moved(-h)) - (moved(2.0 * h) - moved(-2.0 * h))) / (12.0 * h);
        assert!(slope.abs() < 1e-9, "{j}: {slope}");
        assert!(moved(0.1) < penalised(at) && moved(-0.1) < penalised(at));
    }
}

#[test]
fn aliased_columns_are_left_out() {
    let (x, _) = columns();
    let twice: Vec<f64> = x.iter().map(|x| 2.0 * x + 1.0).collect();
    for estimator in BOTH {
        let with = fit("binomial(cloglog)", &[&x, &twice], &binary(), &[], estimator).fit;
        let without = fit("binomial(cloglog)", &[&x], &binary(), &[], estimator).fit;
        assert_eq!(with.aliased, [2]);
        assert!(with.coefficients[2].is_nan() && with.warnings.contains(&Warning::Aliased { columns: vec![2] }));
        for j in 0..2 {
            close("coefficient", with.coefficients[j], without.coefficients[j], 1e-8);
            close("standard error", with.std_errors[j], without.std_errors[j], 1e-8);
        }
    }
}

/// With the identity link W = 1/μ, and Jeffreys' prior grows without bound as the mean of a group without counts goes
/// to zero: there is no maximum, and none is reported.
#[test]
fn a_penalised_likelihood_without_a_maximum_is_refused() {
    let group = [0.0, 0.0, 0.0, 1.0, 1.0];
    let (design, response) =
        (Dense::with_intercept([&group[..]]).unwrap(), spec::response("poisson(identity)").unwrap());
    let problem = Problem::new(&design, &*response, vec![1.0, 2.0, 4.0, 0.0, 0.0]).unwrap();
    match fit_bias_reduced(&problem, BiasReduction::Jeffreys) {
        Err(Error::NotConverged(best)) => assert!(best.deviance.is_finite() && !best.certificate.converged()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_cannot_be_adjusted_is_refused() {
    let x = [0.0, 1.0, 2.0, 3.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let softmax = spec::response("softmax(3)").unwrap();
    let problem = Problem::new(&design, &*softmax, vec![0.0, 1.0, 2.0, 1.0]).unwrap();
    assert!(matches!(fit_bias_reduced(&problem, BOTH[0]), Err(Error::NoFamilyAndLink { .. })));
    for (name, y) in [("gamma(log)", vec![1.0, 2.0, 2.0, 5.0]), ("quasi-poisson(log)", vec![1.0, 0.0, 2.0, 5.0])] {
        let response = spec::response(name).unwrap();
        let problem = Problem::new(&design, &*response, y).unwrap();
        for estimator in BOTH {
            assert!(matches!(fit_bias_reduced(&problem, estimator), Err(Error::DispersionNotKnown { .. })), "{name}");
        }
        let problem = problem.with_dispersion(DispersionEstimate::Fixed(0.5)).unwrap();
        assert!(fit_bias_reduced(&problem, BOTH[0]).is_ok(), "{name}");
    }
}

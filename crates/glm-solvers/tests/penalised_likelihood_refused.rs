//! Penalised likelihood-ratio tests and profile intervals where they are at risk: collinear columns, local maxima, edges
//! of domains, and what is refused.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

#[path = "common/jeffreys.rs"]
mod jeffreys;

use glm_core::special::chi2_quantile;
use glm_core::{Dense, spec};
use glm_solvers::{BiasReduction, DispersionEstimate, Error, Problem, fit_bias_reduced};
use jeffreys::{JEFFREYS, PAIRS, close, columns, on};

/// Small integer designs with binary responses, most of them separated or nearly so, some collinear. Intervals are
/// finite, but for a few whose estimate by probit or loglog turns out to be a local maximum only.
#[test]
fn small_binary_problems_have_finite_intervals() {
    let mut state = 7_u64;
    let mut draw = |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 33) as u32 % below)
    };
    let mut local = 0;
    for round in 0..60 {
        let n = 5 + round % 8;
        let [x, z, y] = [4, 3, 2].map(|below| (0..n).map(|_| draw(below)).collect::<Vec<f64>>());
        for name in PAIRS {
            let what = || format!("{name} {x:?} {z:?} {y:?}");
            on(name, &[&x, &z], &y, |problem, fit| match fit.profile_intervals(problem, 0.95) {
                Ok(found) => {
                    for interval in found.iter().filter(|interval| !fit.fit.aliased.contains(&interval.column)) {
                        let ends = interval.lower.is_finite() && interval.upper.is_finite();
                        assert!(ends && interval.lower < interval.upper, "{}: {interval:?}", what());
                    }
                }
                Err(Error::LocalMaximum { .. }) => local += 1,
                Err(error) => panic!("{}: {error}", what()),
            });
        }
    }
    assert!(local <= 2, "{local} estimates are local maxima");
}

#[test]
fn aliased_columns_have_no_interval_and_do_not_disturb_the_others() {
    let (x, z, y) = columns();
    let sum: Vec<f64> = x.iter().zip(&z).map(|(x, z)| 2.0 * x - z).collect();
    let plain = on("binomial(probit)", &[&x, &z], &y, |problem, fit| fit.profile_intervals(problem, 0.95).unwrap());
    on("binomial(probit)", &[&x, &z, &sum], &y, |problem, fit| {
        let found = fit.profile_intervals(problem, 0.95).unwrap();
        for (found, plain) in found.iter().zip(&plain) {
            close("lower", found.lower, plain.lower, 1e-8);
            close("upper", found.upper, plain.upper, 1e-8);
        }
        assert!(found[3].lower.is_nan() && found[3].upper.is_nan());
        assert!(fit.likelihood_ratio_p_values(problem).unwrap()[3].is_nan());
        assert!(fit.likelihood_ratio_test(problem, &[(1, 0.0)]).unwrap().coefficients[3].is_nan());
        let refused = [fit.profile_interval(problem, 3, 0.9).map(|_| ()), {
            fit.likelihood_ratio_test(problem, &[(3, 0.0)]).map(|_| ())
        }];
        for error in refused {
            assert!(matches!(error, Err(Error::InvalidRestriction { column: 3, .. })), "{error:?}");
        }
    });
}

/// More rows than one thread takes at once, and columns that are nearly collinear.
#[test]
fn many_rows_and_nearly_collinear_columns_have_intervals() {
    let x: Vec<f64> = (0..20_000).map(|i| 2000.0 + f64::from(i * 7919 % 20_000) / 1000.0).collect();
    let centred: Vec<f64> = x.iter().map(|x| x - 2010.0).collect();
    let square = |x: &[f64]| -> Vec<f64> { x.iter().map(|x| x * x).collect() };
    let y: Vec<f64> = (0..20_000).map(|i| f64::from(u8::from(i * i % 97 > 60))).collect();
    let ends = |x: &[f64]| {
        on("binomial(logit)", &[x, &square(x)], &y, |problem, fit| {
            (fit.profile_interval(problem, 2, 0.95).unwrap(), fit.fit.std_errors[2])
        })
    };
    let ((well, error), (badly, _)) = (ends(&centred), ends(&x));
    assert!((well.lower - badly.lower).abs() < 1e-5 * error && (well.upper - badly.upper).abs() < 1e-5 * error);
}

/// The profile of the last coefficient comes to where l* is 0.057 higher than at the estimate.
#[test]
fn a_local_maximum_is_the_centre_of_nothing() {
    let (x, z) = ([1.0, 2.0, 1.0, 3.0, 1.0, 0.0], [2.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    on("binomial(probit)", &[&x, &z], &[0.0, 0.0, 1.0, 0.0, 1.0, 0.0], |problem, fit| {
        match fit.profile_intervals(problem, 0.95) {
            Err(Error::LocalMaximum { excess, fixed }) => assert!(excess > 0.01 && fixed.len() == 1),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn an_adjusted_score_without_a_penalised_likelihood_is_refused() {
    let (x, _, y) = columns();
    for name in ["binomial(probit)", "negative-binomial(2)(log)"] {
        on(name, &[&x], &y, |problem, _| {
            let fit = fit_bias_reduced(problem, BiasReduction::MeanAdjustedScore).unwrap();
            let error = fit.profile_interval(problem, 1, 0.95).unwrap_err();
            assert!(matches!(error, Error::NoPenalisedLikelihood { .. }), "{error:?}");
            assert!(error.to_string().contains("BiasReduction::Jeffreys"));
            let error = fit.likelihood_ratio_p_values(problem).unwrap_err();
            assert!(matches!(error, Error::NoPenalisedLikelihood { .. }), "{error:?}");
        });
    }
}

#[test]
fn another_problem_than_the_fitted_is_refused() {
    let (x, z, y) = columns();
    on("binomial(logit)", &[&x], &y, |_, fit| {
        let stranger = |error: &Error| matches!(error, Error::NotTheFittedProblem { .. });
        on("binomial(logit)", &[&z], &y, |other, _| {
            assert!(stranger(&fit.profile_interval(other, 1, 0.95).unwrap_err()));
            let error = fit.likelihood_ratio_test(other, &[(1, 0.0)]).unwrap_err();
            assert!(stranger(&error), "{error}");
        });
        on("binomial(probit)", &[&x], &y, |other, _| {
            assert!(stranger(&fit.profile_intervals(other, 0.95).unwrap_err()));
        });
        let twice: Vec<f64> = x.iter().map(|x| 2.0 * x).collect();
        for columns in [&[&x[..], &z][..], &[&x[..], &twice], &[]] {
            let design = match columns {
                [] => Dense::intercept_only(20).unwrap(),
                columns => Dense::with_intercept(columns.iter().copied()).unwrap(),
            };
            let response = spec::response("binomial(logit)").unwrap();
            let other = Problem::new(&design, &*response, y.clone()).unwrap();
            assert!(matches!(fit.likelihood_ratio_p_values(&other), Err(Error::Input(_))));
        }
        on("binomial(logit)", &[&x[..19]], &y[..19], |other, _| {
            assert!(matches!(fit.profile_interval(other, 1, 0.95), Err(Error::Input(_))));
        });
        on("binomial(logit)", &[&x], &y, |other, _| {
            let other = other.clone().with_dispersion(DispersionEstimate::Fixed(2.0)).unwrap();
            assert!(stranger(&fit.profile_interval(&other, 1, 0.95).unwrap_err()));
        });
    });
}

#[test]
fn what_cannot_be_held_is_refused() {
    let (x, _, y) = columns();
    on("binomial(logit)", &[&x], &y, |problem, fit| {
        for level in [0.0, 1.0, -0.5, 95.0, f64::NAN] {
            let error = fit.profile_interval(problem, 1, level).unwrap_err();
            assert!(matches!(error, Error::InvalidSetting { setting: "level", .. }), "{error:?}");
            assert!(fit.profile_intervals(problem, level).is_err());
        }
        let hypotheses: [(&[(usize, f64)], usize); 4] =
            [(&[(2, 0.0)], 2), (&[(0, 0.0), (1, f64::NAN)], 1), (&[(0, f64::INFINITY)], 0), (&[(1, 0.0), (1, 1.0)], 1)];
        for (hypothesis, place) in hypotheses {
            match fit.likelihood_ratio_test(problem, hypothesis) {
                Err(Error::InvalidRestriction { column, .. }) => assert_eq!(column, place),
                other => panic!("{other:?}"),
            }
        }
        assert!(matches!(fit.likelihood_ratio_test(problem, &[]), Err(Error::InvalidSetting { .. })));
        assert!(matches!(fit.profile_interval(problem, 7, 0.95), Err(Error::InvalidRestriction { column: 7, .. })));
    });
}

/// By the identity link the profile of the slope ends where a mean does; a value beyond has no likelihood.
#[test]
fn a_value_outside_the_domain_is_refused_with_the_reason() {
    let y = [3.0, 1.0, 4.0, 2.0];
    let (design, response) = (Dense::intercept_only(4).unwrap(), spec::response("poisson(identity)").unwrap());
    let problem = Problem::new(&design, &*response, y.to_vec()).unwrap();
    let fit = fit_bias_reduced(&problem, JEFFREYS).unwrap();
    match fit.likelihood_ratio_test(&problem, &[(0, -1.0)]) {
        Err(error @ Error::Restricted { .. }) => assert!(error.to_string().contains("coefficient 0 = -1"), "{error}"),
        other => panic!("{other:?}"),
    }
    // l* = (Σy − ½) ln μ − nμ is −∞ at the edge, and an end is before it at any level.
    let height = |mu: f64| 9.5 * mu.ln() - 4.0 * mu;
    let found = fit.profile_interval(&problem, 0, 1.0 - 1e-9).unwrap();
    for end in [found.lower, found.upper] {
        close("statistic", 2.0 * (height(9.5 / 4.0) - height(end)), chi2_quantile(1.0 - 1e-9, 1.0), 1e-8);
    }
}

/// The first count is zero, and its mean μ = η² may go to zero at a finite likelihood: the profile of the slope ends there,
/// before it has fallen enough for a high level.
#[test]
fn a_profile_that_ends_at_the_edge_of_the_domain_is_refused() {
    let x = [0.0, 1.0, 2.0, 3.0, 4.0];
    on("poisson(sqrt)", &[&x], &[0.0, 2.0, 3.0, 6.0, 7.0], |problem, fit| {
        for j in 0..2 {
            assert!(fit.profile_interval(problem, j, 0.5).is_ok());
            let error = fit.profile_interval(problem, j, 0.95).unwrap_err();
            assert!(matches!(error, Error::Restricted { .. }), "{error:?}");
        }
    });
}

//! Fits that once went wrong, each named by its symptom.

#![allow(clippy::unwrap_used, reason = "a test may fail at a fit that is not as it should be")]

use glm_core::{Dense, spec};
use glm_solvers::{
    Error, Fit, Outcome, Problem, Solver, fisher_scoring, gradient_descent, irls, lbfgs, newton_raphson,
};

fn solvers() -> [Solver; 5] {
    [newton_raphson(), fisher_scoring(), irls(), lbfgs(), gradient_descent()]
}

/// Twenty points with noise that is fixed but has no pattern; means about e^(½ + 0.3 x).
fn curve() -> (Vec<f64>, Vec<f64>) {
    let x: Vec<f64> = (0..20).map(|i| f64::from(i) / 8.0 - 1.2).collect();
    let y = x.iter().enumerate().map(|(i, x)| (0.5 + 0.3 * x).exp() * (1.0 + 0.4 * ((i * 7 % 13) as f64 / 6.0 - 1.0)));
    let y = y.collect();
    (x, y)
}

fn fit(solver: &Solver, name: &str, x: &[f64], y: &[f64], offset: Option<&[f64]>) -> Result<Fit, Error> {
    let (design, response) = (Dense::with_intercept([x])?, spec::response(name)?);
    let problem = Problem::new(&design, &*response, y.to_vec())?;
    match offset {
        Some(offset) => solver.fit(&problem.with_offset(offset.to_vec())?),
        None => solver.fit(&problem),
    }
}

/// The rounding floor was measured in the information at the caller's start, where means of e³⁰ made it exceed any
/// score: a score of 0.36 standard errors was put down to rounding.
#[test]
fn a_far_start_was_reported_as_converged() {
    let (x, y) = curve();
    let truth = fit(&irls(), "gaussian(log)", &x, &y, None).unwrap();
    for solver in solvers() {
        let solver = solver.with_start(vec![30.0, 0.0]).with_max_iterations(3000);
        if let Ok(found) = fit(&solver, "gaussian(log)", &x, &y, None) {
            assert!(found.certificate.score_norm < 1e-6, "{}: {:?}", found.solver, found.certificate);
            assert!((found.coefficients[1] - truth.coefficients[1]).abs() < 1e-6 * truth.std_errors[1]);
        }
    }
}

/// The score was measured in the information at the caller's start, where means of e⁻²⁰ made it large at the maximum.
#[test]
fn a_first_order_method_did_not_see_that_it_had_arrived() {
    let (x, y) = curve();
    for start in [[-20.0, 4.0], [-20.0, 0.0], [-10.0, 0.0], [-5.0, 0.0], [-5.0, 2.0], [-3.0, 0.0], [5.0, 0.0]] {
        let result = fit(&lbfgs().with_start(start.to_vec()), "gaussian(log)", &x, &y, None);
        let Err(Error::NotConverged(found)) = result else { continue };
        let certificate = &found.certificate;
        let arrived = certificate.score_norm < 1e-9 && found.deviance <= found.null_deviance;
        assert!(!arrived, "{start:?}: {} after {} iterations", certificate.outcome, certificate.iterations);
    }
}

/// With an offset, the first step of IRLS was not compared with a constant, and could lie beyond the pole of the link:
/// IRLS and Newton then agreed on a deviance of 246.9, against 26.6 of the null model.
#[test]
fn an_offset_left_the_inverse_link_in_a_minimum_worse_than_the_null_model() {
    let x = [0.47, 0.59, 0.66, 0.61, 1.61, 0.73, 0.81, 0.48, 0.16, 1.29, 0.47, 1.38];
    let offset = [0.04, 0.69, 0.24, 0.17, 0.06, 0.17, 0.0, 0.17, 0.26, 0.92, 0.02, 0.6];
    let y = [1.11, 1.28, 3.13, 1.31, 1.51, 3.54, 0.78, 0.45, 3.12, 3.51, 4.25, 1.75];
    for solver in [irls(), fisher_scoring(), newton_raphson()] {
        let found = fit(&solver, "gaussian(inverse)", &x, &y, Some(&offset)).unwrap();
        assert!(found.deviance < found.null_deviance, "{}: {}", found.solver, found.deviance);
    }
}

/// A start beyond the pole led to a local minimum that was reported as the estimate.
#[test]
fn a_local_minimum_worse_than_the_null_model_was_a_fit() {
    let x = [0.47, 0.59, 0.66, 0.61, 1.61, 0.73, 0.81, 0.48, 0.16, 1.29, 0.47, 1.38];
    let offset = [0.04, 0.69, 0.24, 0.17, 0.06, 0.17, 0.0, 0.17, 0.26, 0.92, 0.02, 0.6];
    let y = [1.11, 1.28, 3.13, 1.31, 1.51, 3.54, 0.78, 0.45, 3.12, 3.51, 4.25, 1.75];
    let solver = newton_raphson().with_start(vec![0.4234715, -0.6451309]);
    let found = fit(&solver, "gaussian(inverse)", &x, &y, Some(&offset)).unwrap();
    assert!(found.deviance < found.null_deviance && found.certificate.fallback.is_some(), "{}", found.deviance);
}

/// The observed information of the gamma with a log link is Σ xxᵀy/μ: positive, but e⁻⁶⁰⁰ where the start is far above
/// most responses, and no halving of its step was short enough.
#[test]
fn newton_gave_up_where_the_observed_information_is_tiny() {
    let y: Vec<f64> = (0..40).map(|i| (-700.0 * f64::from(i * 7 % 13) / 12.0).exp()).collect();
    let x: Vec<f64> = (0..40).map(|i| f64::from(i * 11 % 17) / 16.0).collect();
    let truth = fit(&irls().with_max_iterations(5000), "gamma(log)", &x, &y, None).unwrap();
    let found = fit(&newton_raphson(), "gamma(log)", &x, &y, None).unwrap();
    assert!((found.coefficients[1] - truth.coefficients[1]).abs() < 1e-8 * truth.std_errors[1]);
}

/// L-BFGS kept the moves that had led it astray and gave up on a convex problem.
#[test]
fn lbfgs_gave_up_with_a_large_offset() {
    let x: Vec<f64> = (0..80).map(|i| f64::from(i * 29 % 83) / 30.0).collect();
    let offset: Vec<f64> = (0..80).map(|i| f64::from(i * 37 % 79) / 6.0).collect();
    let y: Vec<f64> = (0..80).map(|i| f64::from(i * 17 % 5)).collect();
    let truth = fit(&irls(), "poisson(log)", &x, &y, Some(&offset)).unwrap();
    let found = fit(&lbfgs(), "poisson(log)", &x, &y, Some(&offset)).unwrap();
    assert!((found.coefficients[1] - truth.coefficients[1]).abs() < 1e-8 * truth.std_errors[1]);
}

/// A zero mean at a point of finite loss has an infinite weight: no step was found, and the advice was to try another
/// solver, which does not help.
#[test]
fn a_maximum_on_the_edge_was_said_to_be_no_progress() {
    let x: Vec<f64> = (0..20).map(|i| f64::from(u8::from(i >= 14))).collect();
    let y: Vec<f64> = (0..20).map(|i| if i >= 14 { 0.0 } else { f64::from(i % 4) }).collect();
    let mean = y[..14].iter().sum::<f64>() / 14.0;
    for solver in [irls(), fisher_scoring(), newton_raphson(), lbfgs()] {
        let Err(Error::Boundary(found)) = fit(&solver, "poisson(identity)", &x, &y, None) else {
            panic!("{}: the maximum is on the edge of the domain", solver.name())
        };
        assert_eq!(found.fit.certificate.outcome, Outcome::Boundary, "{}", solver.name());
        let error = (found.fit.coefficients[0] - mean).abs() + (found.fit.coefficients[1] + mean).abs();
        assert!(error < 1e-8, "{}: {:?}", solver.name(), found.fit.coefficients);
        // Six rows at a mean of zero, where each loss falls at rate one.
        let force: f64 = found.active.iter().map(|active| active.multiplier).sum();
        assert!(found.active.len() == 6 && (force - 6.0).abs() < 1e-6, "{}: {:?}", solver.name(), found.active);
    }
}

/// A point at which every weight had vanished was called an exhausted iteration limit or no progress.
#[test]
fn separated_data_were_said_to_need_more_iterations() {
    let x: Vec<f64> = (0..20).map(|i| f64::from(i) - 9.5).collect();
    let y: Vec<f64> = x.iter().map(|x| f64::from(u8::from(*x > 0.0))).collect();
    for link in ["cloglog", "loglog"] {
        let Err(Error::Separation(found)) = fit(&lbfgs(), &format!("binomial({link})"), &x, &y, None) else {
            panic!("separated data have no finite maximum")
        };
        assert_eq!(found.best.certificate.outcome, Outcome::Diverging, "{link}");
    }
}

/// The null model's deviance was that of a constant mean below zero, which a log link cannot give.
#[test]
fn the_null_deviance_was_that_of_a_mean_outside_the_range_of_the_link() {
    let x: Vec<f64> = (0..20).map(|i| f64::from(i) / 4.0).collect();
    let y: Vec<f64> = x.iter().enumerate().map(|(i, x)| if i < 16 { -3.0 } else { (x - 2.0).exp() }).collect();
    let found = match fit(&irls(), "gaussian(log)", &x, &y, None) {
        Ok(found) => found,
        Err(Error::NotConverged(found)) => *found,
        Err(other) => panic!("{other}"),
    };
    assert!(y.iter().sum::<f64>() < 0.0 && found.null_deviance.is_nan(), "{}", found.null_deviance);
}

/// A curvature far below that of the start was taken for separation, although the steps had come to an end: rare events
/// under a link with heavy tails, and a row far out.
#[test]
fn a_finite_estimate_was_called_infinite() {
    let x: Vec<f64> = (0..20_000).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let mut y = vec![0.0; x.len()];
    [3, 500, 9000].iter().for_each(|row| y[*row] = 1.0);
    for solver in [irls(), newton_raphson()] {
        let found = fit(&solver, "binomial(cauchit)", &x, &y, None).unwrap();
        assert!(found.coefficients[0] < -1000.0 && found.certificate.score_norm < 1e-9, "{}", found.solver);
    }
    let mut x: Vec<f64> = (0..60).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let y: Vec<f64> = (0..60).map(|i| f64::from(i * 7 % 5 % 2)).collect();
    for far in [1e6, 1e9] {
        x[0] = far;
        for solver in [irls(), newton_raphson(), fisher_scoring()] {
            let found = fit(&solver, "binomial(logit)", &x, &y, None).unwrap();
            assert!(found.certificate.score_norm < 1e-9, "{} {far}", found.solver);
        }
    }
}

/// With several predictors per row, degrees of freedom were counted as if there were one: the likelihood-ratio test of
/// one column under three classes seemed to have three degrees of freedom instead of two.
#[test]
fn the_degrees_of_freedom_of_a_multinomial_fit_counted_one_predictor() {
    let x: Vec<f64> = (0..60).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let y: Vec<f64> = (0..60).map(|i| f64::from((i * 7 % 11 + i / 20) % 3)).collect();
    let found = fit(&newton_raphson(), "multinomial(3)", &x, &y, None).unwrap();
    assert_eq!((found.df_null, found.df_residual), (118, 116));
}

/// The outcome of five columns or fewer, with weights and an offset.
fn wide(name: &str, x: &[&[f64]], y: &[f64], weights: &[f64], offset: &[f64]) -> Result<Fit, Error> {
    let (design, response) = (Dense::with_intercept(x.iter().copied())?, spec::response(name)?);
    let problem = Problem::new(&design, &*response, y.to_vec())?;
    irls().fit(&problem.with_weights(weights.to_vec())?.with_offset(offset.to_vec())?)
}

/// Rounding errors of η were not looked at where its domain has no edge: coefficients of 1e15 were a fit, with a score of
/// seven standard errors that rounding alone made.
#[test]
fn coefficients_of_rounding_errors_were_a_fit_under_a_link_without_an_edge() {
    let x: [&[f64]; 5] = [
        &[-0.6627758747509214, -0.7319031581658006, -0.4742068409008646, 0.4265635663102263],
        &[-0.6627758719766393, -0.7319031593919288, -0.4742068443957611, 0.4265635621916248],
        &[-0.6627758688391849, -0.7319031458088265, -0.4742068309042604, 0.4265635587254354],
        &[-0.6627759229196074, -0.7319033526414114, -0.47420725897400146, 0.4265630370172091],
        &[-0.66277815328653, -0.7319016524930637, -0.47420864334089524, 0.42656194987571716],
    ];
    let y = [0.2881016465664259, 0.2541037059215413, 0.502724329269898, 0.516075968783284];
    let offset = [0.5011259158379167, 2.2824480756603016, 2.1328774411102316, -0.6984430256306515];
    let Err(Error::NotConverged(found)) = wide("gaussian(logit)", &x, &y, &[1.0; 4], &offset) else {
        panic!("rounding errors are larger than the score")
    };
    assert_eq!(found.certificate.outcome, Outcome::Cancellation);
}

/// A deviance of zero was that of coefficients with more digits than those returned, whose means are a tenth off.
#[test]
fn a_perfect_fit_was_none_in_working_precision() {
    let x: [&[f64]; 4] = [
        &[-9.578793409494624, -1.2132000960173914, -1.0715615521434372, -5.258906520127534, 1.4160228270360382],
        &[-0.02154332415539155, 0.3600310924158404, -3.190251682408649, 2.7776901531535256, -2.104788400278269],
        &[-1.8379316502998997, -22.818234206537362, 0.34805776379440306, -4.571986737750236, -1.0893156732684943],
        &[1.154116164914787, -0.4916852762442703, 1.5801356544349805, 4.686803813970745, 1.251608582205321],
    ];
    let offset =
        [0.10059542391538406, -0.08998447738907744, -0.008226771447906733, 0.05980988803942655, -0.06912840164760392];
    let Err(Error::NotConverged(found)) = wide("gamma(power(2))", &x, &[1e-8; 5], &[1.0; 5], &offset) else {
        panic!("the coefficients do not give these means")
    };
    assert_eq!(found.certificate.outcome, Outcome::Cancellation);
}

/// Weights at the start that are far apart hid a column that is independent of those before it, and a later one was kept.
#[test]
fn the_aliased_column_was_not_a_combination_of_those_before_it() {
    let x: [&[f64]; 3] = [
        &[-0.8884328926338239, 0.1041987727205238, -0.6186682297057187],
        &[-0.8884328932986402, 0.10419877286211052, -0.618668232099461],
        &[-0.8884711615232423, 0.10422416133521029, -0.6186413337220114],
    ];
    let found = match wide("quasi(2.5)(identity)", &x, &[4.0, 26.0, 591_477.0], &[1.0; 3], &[0.0; 3]) {
        Err(Error::NotConverged(found)) => *found,
        other => other.unwrap(),
    };
    assert_eq!(found.aliased, [3]);
}

/// The link of a tiny mean vanished beside the offset, and no start was found although every large intercept is one.
#[test]
fn no_start_was_found_beside_an_offset() {
    let x: [&[f64]; 3] = [
        &[0.08790015498032644, -0.14924568499130597, -0.8575805736961539, -0.5747899664619307, -0.06903625879910691],
        &[0.08789909547096464, -0.1492464852684314, -0.8575795893320669, -0.5747897259046823, -0.06903652681716302],
        &[0.08777273093129027, -0.14909582985940031, -0.8576443718248317, -0.5749053856222879, -0.06927007151928855],
    ];
    let weights = [33.50784842570811, 494.3008861725329, 8.616312771331502, 648.9214290848482, 0.02602151432798705];
    let offset = [2.4208622651140104, -2.098071107105045, 0.3851104078895693, -2.2452152186547103, -2.063489303855656];
    let result = wide("quasi(2.5)(power(2))", &x, &[1e-8; 5], &weights, &offset);
    assert!(!matches!(result, Err(Error::NoValidStart { .. })), "an intercept of three is inside the domain");
}

//! Bad input is refused with its place and its value, and nothing that is put in makes a fit panic.

#![expect(clippy::unwrap_used, reason = "what is not refused is a failure of the test")]

#[path = "common/runner.rs"]
mod runner;

use glm_core::{Dense, NegativeBinomial, OddsPower, Power, Quasi, Response, Softmax, Tweedie, spec};
use glm_solvers::{
    DispersionEstimate, Error, Problem, Solver, fisher_scoring, gradient_descent, gradient_descent_at, irls, lbfgs,
    newton_raphson,
};
use proptest::collection::vec;
use proptest::num::f64 as number;
use proptest::prelude::{Strategy, any};
use runner::runner;

const BAD: [f64; 3] = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];

fn response(name: &str) -> Box<dyn Response> {
    spec::response(name).unwrap()
}

/// A message that names everything asked for.
fn names(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

/// What glm-core found wrong with the input of a problem.
fn input<T: std::fmt::Debug>(result: Result<T, Error>) -> glm_core::Error {
    match result {
        Err(Error::Input(error)) => {
            let outer = Error::Input(error.clone()).to_string();
            assert_eq!(outer, error.to_string(), "the message comes through");
            error
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn not_finite_in_x() {
    for bad in BAD {
        let (first, mut second) = ([1.0, 2.0, 3.0], [1.0, 0.0, 2.0]);
        second[2] = bad;
        for error in [
            Dense::with_intercept([&first[..], &second]).unwrap_err(),
            Dense::without_intercept([&first[..], &second]).unwrap_err(),
        ] {
            let glm_core::Error::NotFinite { what: "x", row: 2, column: Some(1), value } = error else {
                panic!("{error:?}")
            };
            assert_eq!(value.to_bits(), bad.to_bits());
            names(&error.to_string(), &["x is", "row 2", "column 1", &bad.to_string(), "remove or impute"]);
        }
    }
}

#[test]
fn not_finite_in_y_weights_and_offset() {
    let x = [1.0, 2.0, 4.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    for family in ["gaussian", "binomial", "poisson", "gamma", "quasi(1.5)"] {
        let response = response(family);
        let good = || Problem::new(&design, &*response, vec![0.5, 0.25, 0.75]).unwrap();
        for bad in BAD {
            for (what, error) in [
                ("y", input(Problem::new(&design, &*response, vec![0.5, bad, 0.25]))),
                ("weights", input(good().with_weights(vec![1.0, bad, 1.0]))),
                ("offset", input(good().with_offset(vec![1.0, bad, 1.0]))),
            ] {
                let glm_core::Error::NotFinite { what: found, row: 1, column: None, value } = error else {
                    panic!("{error:?}")
                };
                assert_eq!((found, value.to_bits()), (what, bad.to_bits()));
                names(&error.to_string(), &[what, "row 1", &bad.to_string()]);
            }
        }
    }
}

#[test]
fn outside_the_support() {
    let x = [1.0, 2.0, 4.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    for (family, bad, support) in [
        ("binomial", -0.25, "[0, 1]"),
        ("binomial", 1.5, "[0, 1]"),
        ("quasi-binomial", 2.0, "[0, 1]"),
        ("poisson", -1.0, "[0, ∞)"),
        ("quasi-poisson", -0.5, "[0, ∞)"),
        ("negative-binomial(2)", -3.0, "[0, ∞)"),
        ("tweedie(1.5)", -1e-300, "[0, ∞)"),
        ("gamma", 0.0, "(0, ∞)"),
        ("gamma", -2.0, "(0, ∞)"),
        ("inverse-gaussian", 0.0, "(0, ∞)"),
        ("quasi(1.5)", -1.0, "[0, ∞)"),
        ("quasi(2)", 0.0, "(0, ∞)"),
    ] {
        let response = response(family);
        let error = input(Problem::new(&design, &*response, vec![0.5, 0.25, bad]));
        let glm_core::Error::OutsideSupport { row: 2, value, family: ref found, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!((value.to_bits(), &found[..]), (f64::to_bits(bad), family));
        names(&error.to_string(), &["row 2", &bad.to_string(), support, family]);
    }
    let softmax = Softmax::new(3).unwrap();
    for bad in [-1.0, 3.0, 0.5] {
        let error = input(Problem::new(&design, &softmax, vec![0.0, bad, 1.0]));
        assert!(
            matches!(error, glm_core::Error::NotAClass { row: 1, value, classes: 3 } if value.to_bits() == bad.to_bits()),
            "{error:?}"
        );
        names(&error.to_string(), &["row 1", &bad.to_string(), "0 to 2"]);
    }
}

#[test]
fn weights_that_cannot_be() {
    let x = [1.0, 2.0, 4.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let gaussian = response("gaussian");
    let problem = || Problem::new(&design, &*gaussian, vec![1.0, 2.0, 2.0]).unwrap();
    let error = input(problem().with_weights(vec![0.0, 1.0, -0.5]));
    assert_eq!(error, glm_core::Error::NegativeWeight { row: 2, value: -0.5 });
    names(&error.to_string(), &["row 2", "-0.5", "zero or positive"]);
    for zeros in [vec![0.0; 3], vec![-0.0; 3]] {
        let error = input(problem().with_weights(zeros));
        assert_eq!(error, glm_core::Error::AllWeightsZero);
        names(&error.to_string(), &["all weights are zero"]);
    }
}

#[test]
fn lengths_that_do_not_match() {
    let (x, short) = ([1.0, 2.0, 4.0], [1.0, 2.0]);
    let mismatch = |error: glm_core::Error, (name, needed, given): (&str, usize, usize)| {
        let glm_core::Error::LengthMismatch { what, expected, found } = error else { panic!("{error:?}") };
        assert_eq!((what, expected, found), (name, needed, given));
        names(&error.to_string(), &[name, &needed.to_string(), &given.to_string()]);
    };
    mismatch(Dense::with_intercept([&x[..], &short]).unwrap_err(), ("x", 3, 2));
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let gaussian = response("gaussian");
    let problem = || Problem::new(&design, &*gaussian, vec![1.0, 2.0, 2.0]).unwrap();
    for given in [0, 2, 4] {
        mismatch(input(Problem::new(&design, &*gaussian, vec![1.0; given])), ("y", 3, given));
        mismatch(input(problem().with_weights(vec![1.0; given])), ("weights", 3, given));
        mismatch(input(problem().with_offset(vec![1.0; given])), ("offset", 3, given));
        mismatch(input(irls().with_start(vec![1.0; given + 1]).fit(&problem())), ("start", 2, given + 1));
    }
    let softmax = Softmax::new(3).unwrap();
    let classes = Problem::new(&design, &softmax, vec![0.0, 1.0, 2.0]).unwrap();
    mismatch(input(classes.with_offset(vec![0.0; 3])), ("offset", 9, 3));
    let other = Dense::with_intercept([&short[..]]).unwrap();
    mismatch(input(problem().with_design(&other)), ("y", 2, 3));
    let fit = irls().fit(&problem()).unwrap();
    let wide = Dense::with_intercept([&x[..], &x, &x]).unwrap();
    assert!(matches!(input(fit.linear_predictor(&wide, &[])), glm_core::Error::LengthMismatch { .. }));
    mismatch(input(fit.linear_predictor(&design, &[1.0, 2.0])), ("offset", 3, 2));
}

#[test]
fn nothing_at_all() {
    let (empty, none): ([f64; 0], [&[f64]; 0]) = ([], []);
    assert_eq!(Dense::with_intercept([&empty[..]]).unwrap_err(), glm_core::Error::NoRows);
    assert_eq!(Dense::without_intercept([&empty[..]]).unwrap_err(), glm_core::Error::NoRows);
    assert_eq!(Dense::intercept_only(0).unwrap_err(), glm_core::Error::NoRows);
    assert_eq!(Dense::without_intercept(none).unwrap_err(), glm_core::Error::NoColumns);
    assert_eq!(Dense::with_intercept(none).unwrap_err(), glm_core::Error::NoColumns);
    names(&glm_core::Error::NoRows.to_string(), &["no rows"]);
    names(&glm_core::Error::NoColumns.to_string(), &["no columns", "intercept"]);
}

/// The parameter, value and advice of a refusal.
fn refused<T: std::fmt::Debug>(result: Result<T, glm_core::Error>, name: &str, bad: f64) {
    let error = result.unwrap_err();
    let glm_core::Error::InvalidParameter { parameter, value, .. } = error else { panic!("{error:?}") };
    assert_eq!((parameter, value.to_bits()), (name, bad.to_bits()), "what is wrong is named");
    names(&error.to_string(), &[name, &bad.to_string(), "must be"]);
}

#[test]
fn parameters_outside_their_domain() {
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        refused(NegativeBinomial::new(bad), "theta", bad);
        refused(spec::family(&format!("negative-binomial({bad})")), "theta", bad);
    }
    for bad in [1.0, 2.0, 0.0, 2.5, -1.0, f64::NAN] {
        refused(Tweedie::new(bad), "power", bad);
        refused(spec::response(&format!("tweedie({bad})(log)")), "power", bad);
    }
    for bad in [0.0, f64::NAN, f64::NEG_INFINITY] {
        refused(Power::new(bad), "exponent", bad);
        refused(OddsPower::new(bad), "exponent", bad);
        refused(spec::response(&format!("gamma(power({bad}))")), "exponent", bad);
    }
    refused(Quasi::new(f64::INFINITY), "power", f64::INFINITY);
}

fn setting<T: std::fmt::Debug>(result: Result<T, Error>, name: &str, bad: f64) {
    let error = result.unwrap_err();
    let Error::InvalidSetting { setting, value, .. } = error else { panic!("{error:?}") };
    assert_eq!((setting, value.to_bits()), (name, bad.to_bits()), "what is wrong is named");
    names(&error.to_string(), &[name, &bad.to_string(), "positive and finite"]);
}

#[test]
fn settings_that_cannot_be() {
    let x = [1.0, 2.0, 4.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let gaussian = response("gaussian");
    let problem = Problem::new(&design, &*gaussian, vec![1.0, 2.0, 2.0]).unwrap();
    for bad in [0.0, -1e-9, f64::NAN, f64::INFINITY] {
        setting(problem.clone().with_dispersion(DispersionEstimate::Fixed(bad)), "dispersion", bad);
        setting(irls().with_tolerance(bad), "tolerance", bad);
        setting(gradient_descent_at(bad), "rate", bad);
    }
}

#[test]
fn starts_that_cannot_be() {
    let x = [1.0, 2.0, 4.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    let gamma = response("gamma");
    let problem = Problem::new(&design, &*gamma, vec![1.0, 2.0, 2.0]).unwrap();
    for bad in BAD {
        let error = input(newton_raphson().with_start(vec![0.0, bad]).fit(&problem));
        assert!(matches!(error, glm_core::Error::NotFinite { what: "start", row: 1, .. }), "{error:?}");
    }
    for solver in [newton_raphson(), fisher_scoring(), irls(), lbfgs(), gradient_descent()] {
        let error = solver.with_start(vec![-1.0, 0.0]).fit(&problem).unwrap_err();
        assert!(matches!(&error, Error::InvalidStart { response } if response == "gamma(inverse)"), "{error:?}");
        names(&error.to_string(), &["gamma(inverse)", "outside its domain"]);
    }
}

#[test]
fn pairs_and_names_that_do_not_exist() {
    for (family, link) in
        [("poisson", "logit"), ("gamma", "probit"), ("tweedie(1.5)", "cauchit"), ("quasi(2)", "odds-power(1)")]
    {
        let error = spec::pair(family, link).unwrap_err();
        let glm_core::Error::InvalidPair { family: f, link: l, valid, .. } = &error else { panic!("{error:?}") };
        assert_eq!((&f[..], &l[..]), (family, link));
        assert!(valid.contains("log") && !valid.contains("logit"), "{valid}");
        names(&error.to_string(), &[family, link, "choose a link", "identity"]);
    }
    for (kind, name, error) in [
        ("family", "guassian", spec::family("guassian").unwrap_err()),
        ("family", "guassian", spec::response("guassian(log)").unwrap_err()),
        ("link", "logist", spec::link("logist").unwrap_err()),
        ("link", "logist", spec::response("binomial(logist)").unwrap_err()),
        ("activation", "rely", spec::activation("rely").unwrap_err()),
        ("family", "negative-binomial", spec::family("negative-binomial").unwrap_err()),
        ("link", "power", spec::link("power").unwrap_err()),
    ] {
        let glm_core::Error::UnknownName { kind: found, name: asked, known } = &error else { panic!("{error:?}") };
        assert_eq!((*found, &asked[..]), (kind, name));
        assert!(!known.is_empty());
        names(&error.to_string(), &[name, "there are: "]);
    }
}

/// Any bit pattern half of the time, an ordinary number otherwise.
fn anything() -> impl Strategy<Value = f64> {
    proptest::prop_oneof![number::ANY, -3.0..3.0_f64, 0.0..1.0_f64, (0_u8..4).prop_map(f64::from)]
}

/// Finite numbers that are possible, however wild.
fn possible() -> impl Strategy<Value = f64> {
    let wild = number::POSITIVE | number::NORMAL | number::SUBNORMAL | number::ZERO;
    proptest::prop_oneof![wild, (0_u8..2).prop_map(f64::from), 0.0..1.0_f64, (0_u8..6).prop_map(f64::from)]
}

/// Every solver on the rows: an answer or an error, and an answer that is one.
fn try_all(name: &str, rows: &[[f64; 5]]) -> Result<bool, Error> {
    let column = |j: usize| rows.iter().map(|row| row[j]).collect::<Vec<f64>>();
    let (first, second) = (column(0), column(1));
    let design = Dense::with_intercept([&first[..], &second])?;
    let response = response(name);
    let problem = Problem::new(&design, &*response, column(2))?.with_weights(column(3))?.with_offset(column(4))?;
    let limited = |solver: Solver| solver.with_max_iterations(200);
    let mut fitted = false;
    for solver in [newton_raphson(), fisher_scoring(), irls(), lbfgs(), gradient_descent()].map(limited) {
        match solver.fit(&problem) {
            Ok(fit) => {
                let sound = fit.deviance.is_finite() && fit.certificate.converged();
                assert!(sound, "{name} by {}: {} {:?}", fit.solver, fit.deviance, fit.certificate);
                fitted = true;
            }
            Err(error) => assert!(!error.to_string().is_empty(), "an error says what it is"),
        }
    }
    Ok(fitted)
}

const RESPONSES: [&str; 14] = [
    "gaussian",
    "gaussian(log)",
    "gaussian(inverse)",
    "binomial",
    "binomial(cloglog)",
    "binomial(identity)",
    "poisson",
    "poisson(identity)",
    "gamma",
    "inverse-gaussian",
    "negative-binomial(0.5)",
    "tweedie(1.5)(power(-0.5))",
    "quasi(3)(sqrt)",
    "softmax(4)",
];

/// Runs the solvers on rows of any kind and counts the fits: were it none, nothing would have been tried.
fn nothing_panics<S: Strategy<Value = f64>>(cases: u32, value: impl Fn() -> S) -> usize {
    let fitted = std::cell::Cell::new(0);
    let row = || [value(), value(), value(), value(), value()];
    let rows = (any::<proptest::sample::Index>(), vec(row(), 1..12));
    let outcome = runner(cases).run(&rows, |(index, rows)| {
        let name = RESPONSES[index.index(RESPONSES.len())];
        fitted.set(fitted.get() + usize::from(try_all(name, &rows).unwrap_or(false)));
        Ok(())
    });
    assert!(outcome.is_ok(), "{outcome:?}");
    fitted.get()
}

#[test]
fn any_bits_are_fitted_or_refused() {
    let fitted = nothing_panics(3000, anything);
    assert!(fitted > 30, "{fitted} of 3000");
}

#[test]
fn any_possible_numbers_are_fitted_or_refused() {
    let fitted = nothing_panics(2000, possible);
    assert!(fitted > 100, "{fitted} of 2000");
}

//! Classes that cannot be fitted: bad input, empty classes, separated data.

#![allow(clippy::unwrap_used, reason = "a test may fail at what is not as it should be")]

#[allow(dead_code, reason = "this file needs less of it than `classes.rs` does")]
#[path = "common/classes.rs"]
mod classes;

use classes::{LINKS, N, data};
use glm_core::{Cumulative, CumulativeLink, Dense, Softmax};
use glm_solvers::{Error, Ordinal, Outcome, Problem, Towards, irls, lbfgs, newton_raphson};

#[test]
fn separated_data_are_refused_with_the_best_iterate() {
    let x: Vec<f64> = (0..30).map(f64::from).collect();
    let y: Vec<f64> = (0..30).map(|i| f64::from(i / 10)).collect();
    let (design, slopes) = (Dense::with_intercept([&x[..]]).unwrap(), Dense::without_intercept([&x[..]]).unwrap());
    let softmax = Softmax::baseline(3).unwrap();
    for solver in [irls(), newton_raphson(), lbfgs()] {
        match solver.fit(&Problem::new(&design, &softmax, y.clone()).unwrap()) {
            Err(Error::Separation(found)) => {
                assert!(found.complete && found.rows.len() == 30 && found.best.deviance < 0.1, "{found:?}");
                // Either class beyond the first gains on it with x, the last one the more.
                let text = Error::Separation(found).to_string();
                assert!(text.contains("the coefficient of column 1 for class 2 goes to +∞"), "{text}");
                assert!(!text.contains("bias reduction"), "{text}");
            }
            other => panic!("{}: {other:?}", solver.name()),
        }
        for link in LINKS {
            let problem = Ordinal::new(&slopes, Cumulative::new(3, link).unwrap(), y.clone()).unwrap();
            match problem.fit(&solver) {
                Err(Error::OrdinalSeparation(found)) => {
                    assert!(found.best.certificate.outcome != Outcome::Converged, "{link:?} by {}", solver.name());
                    assert!(found.complete && found.columns.contains(&(2, Towards::PlusInfinity)), "{found:?}");
                    let text = Error::OrdinalSeparation(found).to_string();
                    assert!(text.contains("threshold 1 goes to +∞, the coefficient of column 0 goes to +∞"), "{text}");
                }
                other => panic!("{link:?} by {}: {other:?}", solver.name()),
            }
        }
    }
}

#[test]
fn bad_input_is_refused() {
    let data = data();
    let (design, slopes) = (data.design(), data.slopes());
    let (softmax, cumulative) = (Softmax::baseline(3).unwrap(), Cumulative::new(3, CumulativeLink::Logit).unwrap());
    for wrong in [3.0, -1.0, 0.5, f64::NAN] {
        let mut y = data.y.clone();
        y[7] = wrong;
        for error in [
            Problem::new(&design, &softmax, y.clone()).unwrap_err(),
            Ordinal::new(&slopes, cumulative, y.clone()).unwrap_err(),
        ] {
            let Error::Input(error) = error else { panic!("{error}") };
            match error {
                glm_core::Error::NotAClass { row: 7, classes: 3, .. } => {}
                glm_core::Error::NotFinite { row: 7, what: "y", .. } if wrong.is_nan() => {}
                error => panic!("{wrong}: {error}"),
            }
        }
    }
    assert!(matches!(Ordinal::new(&design, cumulative, data.y.clone()), Err(Error::Intercept)));
    let empty: Vec<f64> = data.y.iter().map(|y| if *y > 0.5 { 2.0 } else { 0.0 }).collect();
    let weights: Vec<f64> = data.y.iter().map(|y| f64::from(u8::from(*y < 1.5))).collect();
    let found = Ordinal::new(&slopes, cumulative, empty.clone()).unwrap().fit(&newton_raphson());
    assert!(matches!(found, Err(Error::EmptyClass { class: 1, classes: 3 })), "{found:?}");
    let found = newton_raphson().fit(&Problem::new(&design, &softmax, empty).unwrap());
    assert!(matches!(found, Err(Error::EmptyClass { class: 1, classes: 3 })), "{found:?}");
    let weighted = Ordinal::new(&slopes, cumulative, data.y.clone()).unwrap().with_weights(weights).unwrap();
    assert!(matches!(weighted.fit(&irls()), Err(Error::EmptyClass { class: 2, classes: 3 })));
    let ordinal = Ordinal::new(&slopes, cumulative, data.y.clone()).unwrap();
    let crossed = newton_raphson().with_start(vec![1.0, 0.0, 0.0, 0.0]);
    assert!(matches!(ordinal.fit(&crossed), Err(Error::InvalidStart { .. })));
    assert!(ordinal.fit(&newton_raphson().with_start(vec![0.0])).is_err());
    assert!(
        ordinal.clone().with_weights(vec![-1.0; N]).is_err() && ordinal.clone().with_weights(vec![0.0; N]).is_err()
    );
    assert!(ordinal.clone().with_offset(vec![1.0]).is_err() && ordinal.with_offset(vec![f64::NAN; N]).is_err());
}

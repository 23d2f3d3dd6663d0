//! Estimates written as numbers and read back: the same, or refused.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use glm_core::{Dense, spec};
use glm_solvers::{Problem, irls};
use glm_stats::{Error, Estimates, SavedEquation, SavedEstimates};

/// The estimates of a fit of which column 2 is twice column 1, minus one.
fn aliased() -> SavedEstimates {
    let (x, y) = ([1.0, 2.0, 3.0, 5.0, 8.0], vec![1.5, 2.0, 4.0, 5.0, 9.5]);
    let twice = x.map(|x| 2.0 * x - 1.0);
    let (design, gamma) = (Dense::with_intercept([&x[..], &twice]).unwrap(), spec::response("gamma(log)").unwrap());
    SavedEstimates::from(&Estimates::from(&irls().fit(&Problem::new(&design, &*gamma, y).unwrap()).unwrap()))
}

#[test]
fn what_is_saved_is_restored() {
    let saved = aliased();
    assert_eq!((saved.coefficients[2], saved.covariance.len(), saved.aliased[0].column), (None, 3, 2));
    let equation = &saved.aliased[0].coefficients;
    assert!((equation[0] + 1.0).abs() < 1e-12 && (equation[1] - 2.0).abs() < 1e-12, "{equation:?}");
    assert_eq!(SavedEstimates::from(&Estimates::try_from(saved.clone()).unwrap()), saved);
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let refused = |damage: fn(&mut SavedEstimates)| {
        let mut saved = aliased();
        damage(&mut saved);
        Estimates::try_from(saved).unwrap_err()
    };
    let damages: [fn(&mut SavedEstimates); 8] = [
        |saved| saved.n_predictors = 0,
        |saved| saved.n_predictors = 2,
        |saved| saved.covariance.push(None),
        |saved| saved.covariance[0] = Some(f64::INFINITY),
        |saved| saved.coefficients[0] = Some(f64::NAN),
        |saved| saved.coefficients[1] = None,
        |saved| saved.aliased.clear(),
        |saved| saved.aliased[0].column = 1,
    ];
    for (i, damage) in damages.into_iter().enumerate() {
        assert!(matches!(refused(damage), Error::InconsistentEstimates { .. }), "damage {i}: {:?}", refused(damage));
    }
    let damages: [fn(&mut SavedEstimates); 5] = [
        |saved| saved.covariance_type = "hc9".to_owned(),
        |saved| saved.dispersion_source = String::new(),
        |saved| saved.aliased[0].coefficients[0] = f64::NAN,
        |saved| saved.aliased[0].coefficients.push(1.0),
        |saved| saved.aliased.push(SavedEquation { column: 2, coefficients: vec![0.0, 0.0] }),
    ];
    for (i, damage) in damages.into_iter().enumerate() {
        assert!(matches!(refused(damage), Error::Input(_)), "damage {i}: {:?}", refused(damage));
    }
}

#[cfg(feature = "serde")]
#[test]
fn json_keeps_every_bit() {
    let saved = aliased();
    let text = serde_json::to_string(&saved).unwrap();
    assert!(text.contains("null"), "an aliased coefficient is null");
    assert_eq!(serde_json::from_str::<SavedEstimates>(&text).unwrap(), saved);
}

//! Wald's tests of multinomial and ordinal reference cases, and means of a multinomial fit restored from numbers.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "common/fitted.rs"]
mod fitted;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../../glm-solvers/tests/common/reference.rs"]
mod reference;

use fitted::of_kinds;
use glm_core::{Cumulative, CumulativeLink, Dense, Softmax};
use glm_solvers::{Ordinal, Problem, newton_raphson};
use glm_stats::{Error, Estimates, Reference, SavedEstimates, Wald};
use reference::Case;
use serde_json::Value;

/// Classes from zero, and their number.
fn classes(case: &Case) -> (Vec<f64>, usize) {
    let y: Vec<f64> = case.y.iter().map(|class| class - 1.0).collect();
    let number = (1..).find(|k: &u32| y.iter().all(|class| *class < f64::from(*k))).unwrap();
    (y, number as usize)
}

#[track_caller]
fn same_p_values(case: &Case, wald: &Wald, expected: &[f64]) {
    assert_eq!((wald.reference, wald.rows.len()), (Reference::Normal, expected.len()), "{}", case.id);
    for (row, expected) in wald.rows.iter().zip(expected) {
        let found = row.p_value.unwrap();
        assert!((found / expected - 1.0).abs() < 1e-5, "{}: {found:e} instead of {expected:e}", case.id);
    }
}

fn table(values: &Value) -> Vec<Vec<f64>> {
    let row = |row: &Value| row.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    values["data"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn multinomial() {
    let cases = of_kinds(&["multinomial"]);
    assert!(cases.len() >= 2, "is reference/ complete?");
    for case in &cases {
        let (y, k) = classes(case);
        let (design, softmax) = (case.design(), Softmax::baseline(k).unwrap());
        let problem = Problem::new(&design, &softmax, y).unwrap().with_weights(case.weights.clone()).unwrap();
        let fit = newton_raphson().fit(&problem).unwrap();
        let expected = &case.json["expected"];
        same_p_values(case, &Wald::of(&fit, 0.95).unwrap(), &table(&expected["p_values"]).concat());

        let rows = table(&expected["predictions"]["X"]);
        let columns: Vec<Vec<f64>> = (1..rows[0].len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
        let new = Dense::with_intercept(columns.iter().map(Vec::as_slice)).unwrap();
        let restored = Estimates::try_from(SavedEstimates::from(&Estimates::from(&fit))).unwrap();
        let means = restored.means(&softmax, &new, &[]).unwrap();
        for (row, expected) in table(&expected["predictions"]["probabilities"]).iter().enumerate() {
            for (class, expected) in expected.iter().enumerate() {
                let found = means[class * rows.len() + row];
                assert!((found - expected).abs() <= 1e-7 * expected, "{}: {found} instead of {expected}", case.id);
            }
        }
        assert!(matches!(restored.predict(&softmax, &new, &[]), Err(Error::NoSinglePredictor { .. })));
    }
}

#[test]
fn ordinal() {
    let cases = of_kinds(&["ordinal"]);
    assert!(cases.len() >= 4, "is reference/ complete?");
    for case in &cases {
        let (y, k) = classes(case);
        let link: CumulativeLink = case.json["family"]["link"].as_str().unwrap().parse().unwrap();
        let design = case.design();
        let problem = Ordinal::new(&design, Cumulative::new(k, link).unwrap(), y).unwrap();
        let fit = problem.with_weights(case.weights.clone()).unwrap().fit(&newton_raphson()).unwrap();
        let estimates = [&fit.thresholds[..], &fit.coefficients].concat();
        let wald = Wald::new(&estimates, &fit.std_errors, Reference::Normal, 0.95).unwrap();
        let names = case.json["expected"]["cov"]["rows"].as_array().unwrap();
        let p = |name: &Value| case.json["expected"]["p_values"][name.as_str().unwrap()].as_f64().unwrap();
        same_p_values(case, &wald, &names.iter().map(p).collect::<Vec<_>>());
    }
}

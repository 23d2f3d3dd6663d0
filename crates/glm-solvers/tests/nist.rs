//! NIST's linear sets to the last digit that their data allow: log relative errors within 0.3 digits of those of the exact
//! solution of the binary64 data, for coefficients and standard errors, by the default path of every second-order method.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "common/reference.rs"]
mod reference;

use glm_core::spec;
use glm_solvers::{Problem, fisher_scoring, irls, newton_raphson};
use reference::{Case, cases, folders};

/// Correct digits, at most 15: −log₁₀ of the relative error, or of the absolute one where the truth is zero.
fn digits(found: f64, certified: f64) -> f64 {
    let scale = if certified == 0.0 { 1.0 } else { certified.abs() };
    (-((found - certified).abs() / scale).log10()).min(15.0)
}

/// The smallest number of correct digits.
fn worst(case: &Case, field: &str, found: &[f64]) -> f64 {
    let certified = case.names.iter().map(|name| {
        let digits = &case.json["certified_strings"][field][name];
        digits.as_str().unwrap().trim().parse::<f64>().unwrap()
    });
    found.iter().zip(certified).map(|(found, certified)| digits(*found, certified)).fold(15.0, f64::min)
}

#[test]
fn as_many_digits_as_the_data_allow() {
    let mut sets = 0;
    for case in folders().iter().flat_map(|folder| cases(folder)).filter(|case| case.kind == "nist_linear") {
        assert!(case.response().is_some(), "{}: a linear model", case.id);
        let (design, gaussian) = (case.design(), spec::response("gaussian").unwrap());
        let problem = Problem::new(&design, &*gaussian, case.y.clone()).unwrap();
        let problem = problem.with_weights(case.weights.clone()).unwrap().with_offset(case.offset.clone()).unwrap();
        let limit = &case.json["baseline_lre"]["exact solution of the binary64 data"];
        for solver in [irls(), fisher_scoring(), newton_raphson()] {
            let fit = solver.fit(&problem).unwrap();
            assert!(fit.certificate.converged(), "{} by {}", case.id, fit.solver);
            let coefficients = worst(&case, "coefficients", &fit.coefficients);
            let errors = worst(&case, "std_errors", &fit.std_errors);
            let allowed = limit["coef"].as_f64().unwrap() - 0.3;
            assert!(coefficients >= allowed, "{} by {}: {coefficients} digits of {allowed}", case.id, fit.solver);
            // Where the certified standard errors are zero, ours are below 1e-14.
            let allowed = limit["se"].as_f64().map_or(14.0, |se| se - 0.3);
            assert!(errors >= allowed, "{} by {}: {errors} digits of {allowed} (errors)", case.id, fit.solver);
        }
        sets += 1;
    }
    assert!(sets >= 7, "only {sets} sets were found");
}

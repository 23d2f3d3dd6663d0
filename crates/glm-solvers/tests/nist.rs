//! NIST's linear sets to the last digit that their data allow: log relative errors within 0.3 digits of those of the exact
//! solution of the binary64 data, for coefficients and standard errors, by the default path of every second-order method.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "common/measure.rs"]
mod measure;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "common/reference.rs"]
mod reference;

use glm_solvers::{fisher_scoring, irls, newton_raphson};
use measure::nist::{LIMIT, baseline, digits};
use reference::{cases, folders};

#[test]
fn as_many_digits_as_the_data_allow() {
    let mut sets = 0;
    for case in folders().iter().flat_map(|folder| cases(folder)).filter(|case| case.kind == "nist_linear") {
        let limit = baseline(&case, LIMIT);
        for solver in [irls(), fisher_scoring(), newton_raphson()] {
            let name = solver.name();
            let (found, converged) = digits(&case, solver).unwrap();
            assert!(converged, "{} by {name}", case.id);
            assert!(
                found.coefficients.unwrap() >= limit.coefficients.unwrap() - 0.3,
                "{} by {name}: {found:?}",
                case.id
            );
            // Where the certified standard errors are zero, ours are below 1e-14.
            match limit.std_errors {
                Some(limit) => assert!(found.std_errors.unwrap() >= limit - 0.3, "{} by {name}: {found:?}", case.id),
                None => assert!(found.size.unwrap() <= 1e-14, "{} by {name}: {found:?}", case.id),
            }
        }
        sets += 1;
    }
    assert!(sets >= 7, "only {sets} sets were found");
}

//! Families against R: log-likelihoods and deviances at the fitted means of the reference cases.

#![expect(clippy::unwrap_used, reason = "a reference that does not parse is a failure of the test")]

use std::fs;
use std::path::{Path, PathBuf};

use glm_core::{Family, LikelihoodDispersion, Mean, spec};
use serde_json::Value;

fn reference() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference")
}

/// Our name for a family of the reference.
fn family(case: &Value) -> Box<dyn Family> {
    let family = &case["family"];
    let parameter = |key: &str, other: &Value| family[key].as_f64().or_else(|| other.as_f64()).unwrap();
    let name = match family["name"].as_str().unwrap() {
        "negative.binomial" => format!("negative-binomial({})", parameter("theta", &case["expected"]["theta"])),
        "tweedie" if parameter("var_power", &Value::Null) < 2.0 => format!("tweedie({})", family["var_power"]),
        "tweedie" => format!("quasi({})", family["var_power"]),
        "quasi" => family["variance"].as_str().unwrap().replace("mu^", "quasi(") + ")",
        name => name.to_owned(),
    };
    spec::family(&name).unwrap()
}

/// Columns `.y` and `.w` of a design.
fn response_and_weights(path: &Path) -> Vec<(f64, f64)> {
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().skip(1);
    rows.map(|row| {
        let mut cells = row.split(',').map(|cell| cell.parse().unwrap());
        (cells.next().unwrap(), cells.next().unwrap())
    })
    .collect()
}

fn close(id: &str, what: &str, value: f64, expected: f64) {
    assert!((value - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{id}: {what} is {value}, R has {expected}");
}

#[test]
fn log_likelihoods_and_deviances_of_r() {
    let mut checked = 0;
    for entry in fs::read_dir(reference().join("cases")).unwrap() {
        let case: Value = serde_json::from_str(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        let expected = &case["expected"];
        let kind = case["kind"].as_str().unwrap();
        if !matches!(kind, "glm" | "negbin_ml") || expected["vectors_cover"] != "all rows" {
            continue;
        }
        let id = case["id"].as_str().unwrap();
        let family = family(&case);
        let rows = response_and_weights(&reference().join(case["design"].as_str().unwrap()));
        let fitted = expected["fitted"].as_array().unwrap().iter().map(|mu| mu.as_f64().unwrap());
        let rows: Vec<(f64, f64, Mean)> =
            rows.iter().zip(fitted).filter(|((_, w), _)| *w > 0.0).map(|((y, w), mu)| (*y, *w, mu.into())).collect();
        let deviance: f64 = rows.iter().map(|(y, w, mu)| w * family.unit_deviance(*y, *mu)).sum();
        if expected["deviance"].as_f64().unwrap() > 1e-6 {
            close(id, "deviance", deviance, expected["deviance"].as_f64().unwrap());
        }
        let dispersion = match family.likelihood_dispersion() {
            LikelihoodDispersion::Reported => expected["dispersion"].as_f64().unwrap(),
            LikelihoodDispersion::DeviancePerRow => deviance / rows.len() as f64,
            LikelihoodDispersion::DeviancePerWeight => deviance / rows.iter().map(|(_, w, _)| w).sum::<f64>(),
        };
        let log_likelihood: Option<f64> =
            rows.iter().map(|(y, w, mu)| family.log_likelihood(*y, *mu, *w, dispersion)).sum();
        let of_r = expected["loglik"].as_f64().or(expected["tweedie_loglik_at_pearson_dispersion"].as_f64());
        match (log_likelihood, of_r) {
            (Some(ours), Some(of_r)) => close(id, "log-likelihood", ours, of_r),
            (None, None) => {}
            (ours, of_r) => assert!(id == "gaussian_identity_birthwt_zeroweights", "{id}: {ours:?}, R has {of_r:?}"),
        }
        checked += 1;
    }
    assert!(checked > 60, "only {checked} cases were found");
}

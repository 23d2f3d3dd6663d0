//! Links, activations and softmax at extreme arguments, against 420-digit arithmetic.

#![expect(clippy::unwrap_used, reason = "a reference that does not parse is a failure of the test")]

use glm_core::{
    Activation, Binomial, CanonicalGlm, Cloglog, Link, Logit, Order, Probit, Response, Softmax, Softplus, Tanh, Units,
};
use serde_json::Value;

fn table() -> Value {
    let text = include_str!("../../../reference/nn/nn_extreme_arguments.json");
    serde_json::from_str(text).unwrap()
}

fn number(value: &Value) -> f64 {
    match value.as_str() {
        Some("Inf") => f64::INFINITY,
        Some("-Inf") => f64::NEG_INFINITY,
        _ => value.as_f64().unwrap(),
    }
}

#[track_caller]
fn close(value: f64, expected: &Value, what: &str) {
    let expected = number(expected);
    let near = (value - expected).abs() <= 1e-13 * expected.abs() + 1e-307;
    assert!(
        near || (value.is_infinite() && value.to_bits() == expected.to_bits()),
        "{what}: {value:e}, expected {expected:e}"
    );
}

#[test]
fn links_at_extreme_arguments() {
    for case in table()["expected"]["scalar"].as_array().unwrap() {
        let z = number(&case["z"]);
        let check = |value: f64, key: &str| {
            if !case[key].is_null() {
                close(value, &case[key], &format!("{key} at {z}"));
            }
        };
        let (logit, probit, cloglog) = (Logit.at(z), Probit.at(z), Cloglog.at(z));
        check(logit.mu, "sigmoid");
        check(logit.ln_mu.value, "log_sigmoid");
        check(logit.ln_complement.value, "log1m_sigmoid");
        check(Softplus.mu(z), "softplus");
        check(Tanh.mu(z), "tanh");
        check(probit.mu, "probit");
        check(probit.ln_mu.value, "log_probit");
        check(probit.ln_complement.value, "log1m_probit");
        check(probit.ln_mu.d1, "probit_mills_ratio");
        check(cloglog.mu, "cloglog");
        check(cloglog.ln_mu.value, "log_cloglog");
        check(cloglog.ln_complement.value, "log1m_cloglog");
        for bernoulli in case["bernoulli_with_logits"].as_array().unwrap() {
            let y = number(&bernoulli["y"]);
            let unit = CanonicalGlm::new(Binomial).unit(y, z);
            // Half the deviance is the cross-entropy less the entropy of y.
            let entropy = if y > 0.0 && y < 1.0 { -y * y.ln() - (1.0 - y) * (1.0 - y).ln() } else { 0.0 };
            let loss = number(&bernoulli["bernoulli_loss"]) - entropy;
            let allowed = 1e-13 * number(&bernoulli["bernoulli_loss"]) + 1e-307;
            assert!((unit.loss - loss).abs() <= allowed, "loss at {z}, y = {y}: {} {loss}", unit.loss);
            close(unit.slope, &bernoulli["gradient_z"], &format!("slope at {z}, y = {y}"));
        }
    }
}

#[test]
fn softmax_at_extreme_arguments() {
    for case in table()["expected"]["softmax"].as_array().unwrap() {
        let z: Vec<f64> = case["z"].as_array().unwrap().iter().map(number).collect();
        let softmax = Softmax::new(z.len()).unwrap();
        let mut mu = vec![0.0; z.len()];
        softmax.mean(&z, &mut mu);
        for (class, mu) in mu.iter().enumerate() {
            close(*mu, &case["softmax"][class], &format!("softmax of {z:?}"));
            let mut loss = [0.0];
            let out = Units { loss: &mut loss, slope: &mut [], curvature: &mut [] };
            softmax.units(&[class as f64], &z, Order::Loss, out);
            close(-loss[0], &case["log_softmax"][class], &format!("log softmax of {z:?}"));
        }
    }
}

/// The excess of the inverse Mills ratio over its asymptote, which the second derivative of ln Φ needs: 1/x − 2/x³ + ….
#[test]
fn probit_curvature_far_out() {
    for x in [40.0_f64, 750.0, 1e6] {
        let log = Probit.at(-x).ln_mu;
        let excess = 1.0 / x - 2.0 / x.powi(3) + 10.0 / x.powi(5) - 74.0 / x.powi(7);
        let expected = -(x + excess) * excess;
        assert!((log.d2 / expected - 1.0).abs() < 2e-9 / (x / 40.0).powi(2), "{x}: {} {expected}", log.d2);
    }
}

//! The functions behind the links at extreme arguments, and the edges of every domain.
#![expect(clippy::unwrap_used, clippy::float_cmp, reason = "a table that does not parse is a failure of the test")]

use glm_core::special::*;
use serde_json::Value;

/// A number of the reference files: `"Inf"`, `"-Inf"` and `"NaN"` are strings, `null` is not defined.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str().map(|text| text.parse().unwrap()))
}

fn evaluate(name: &str, z: f64) -> f64 {
    match name {
        "sigmoid" => sigmoid(z),
        "log_sigmoid" => ln_sigmoid(z),
        "log1m_sigmoid" => ln_sigmoid(-z),
        "softplus" => softplus(z),
        "probit" => normal_cdf(z),
        "log_probit" => ln_normal_cdf(z),
        "log1m_probit" => ln_normal_cdf(-z),
        "probit_mills_ratio" => inverse_mills_ratio(z),
        "cloglog" => cloglog_mean(z),
        "log_cloglog" => ln_cloglog_mean(z),
        "log1m_cloglog" => -z.exp(),
        _ => panic!("no function {name} in this table"),
    }
}

#[test]
fn activations_at_extreme_arguments() {
    let file: Value = serde_json::from_str(include_str!("../../../reference/nn/nn_extreme_arguments.json")).unwrap();
    let mut compared = 0;
    for row in file["expected"]["scalar"].as_array().unwrap() {
        let z = row["z"].as_f64().unwrap();
        for (name, value) in row.as_object().unwrap() {
            if ["z", "tanh", "bernoulli_with_logits"].contains(&name.as_str()) {
                continue;
            }
            let Some(expected) = number(value) else { continue };
            let got = evaluate(name, z);
            let close = (got - expected).abs() <= 1e-13 * expected.abs() + 1e-307;
            assert!(got == expected || close, "{name}({z}) = {got:e}, expected {expected:e}");
            compared += 1;
        }
    }
    assert!(compared >= 150, "only {compared} values in the table");
}

/// One line per end of a domain, hence the length.
// Over budget: a table, one line per function.
#[test]
fn infinities_and_ends() {
    let inf = f64::INFINITY;
    for (got, expected) in [
        (sigmoid(-inf), 0.0),
        (sigmoid(inf), 1.0),
        (softplus(-inf), 0.0),
        (softplus(inf), inf),
        (logit(0.0), -inf),
        (logit(1.0), inf),
        (ln_1m_exp(0.0), -inf),
        (ln_1m_exp(-inf), 0.0),
        (cloglog(0.0), -inf),
        (cloglog(1.0), inf),
        (normal_cdf(-inf), 0.0),
        (normal_cdf(inf), 1.0),
        (ln_normal_cdf(-inf), -inf),
        (ln_normal_cdf(inf), 0.0),
        (ln_normal_cdf(-1e10), -5e19),
        (inverse_mills_ratio(-inf), inf),
        (inverse_mills_ratio(inf), 0.0),
        (normal_quantile(0.0), -inf),
        (normal_quantile(1.0), inf),
        (normal_quantile_of_ln(-inf), -inf),
        (normal_quantile_of_ln(0.0), inf),
        (cauchy_cdf(-inf), 0.0),
        (cauchy_quantile(0.0), -inf),
        (cauchy_quantile(1.0), inf),
        (erfcx(inf), 0.0),
        (erfcx(-30.0), inf),
        (ln_1p_minus(-1.0), -inf),
        (ln_1p_minus(inf), -inf),
        (deviance_kernel(0.0, 0.0), 0.0),
        (deviance_kernel(1.0, 0.0), inf),
        (deviance_kernel(1.0, inf), inf),
        (deviance_kernel(1e-310, 1e300), 1e300),
        (stirling_error(0.0), inf),
        (stirling_error(inf), 0.0),
        (log_sum_exp(&[-inf, -inf]), -inf),
        (log_sum_exp(&[0.0, inf]), inf),
        (gamma_p(2.0, 0.0), 0.0),
        (gamma_p(0.0, 2.0), 1.0),
        (gamma_p(2.0, inf), 1.0),
        (gamma_q(inf, 2.0), 1.0),
        (beta_inc(2.0, 3.0, 0.0), 0.0),
        (beta_inc(2.0, 3.0, 1.0), 1.0),
        (chi2_sf(-1.0, 3.0), 1.0),
        (f_sf(inf, 3.0, 4.0), 0.0),
        (t_cdf(-inf, 2.0), 0.0),
        (t_cdf(inf, 2.0), 1.0),
        (gamma_quantile(0.0, 2.0), 0.0),
        (gamma_quantile(1.0, 2.0), inf),
        (gamma_quantile(0.5, 1e-5), 0.0),
        (beta_quantile(1.0, 2.0, 2.0), 1.0),
        (t_quantile(0.0, 3.0), -inf),
        (t_quantile(1.0, 3.0), inf),
        (f_quantile(0.0, 3.0, 2.0), 0.0),
        (trigamma(0.0), inf),
        (ln_gamma(0.0), inf),
    ] {
        assert_eq!(got, expected);
    }
}

/// The Cauchy law is known in closed form where t² overflows and where the quantile's square does.
#[test]
fn student_where_the_square_overflows() {
    for (got, expected) in [
        (t_cdf(-1e200, 1.0), cauchy_cdf(-1e200)),
        (ln_t_sf(1e300, 1.0), ln_cauchy_cdf(-1e300)),
        (t_quantile(1e-200, 1.0), cauchy_quantile(1e-200)),
        (t_cdf(t_quantile(1e-25, 0.1), 0.1), 1e-25),
        (t_cdf(t_quantile(0.4, 1e-3), 1e-3), 0.4),
    ] {
        assert!((got / expected - 1.0).abs() < 1e-12, "{got:e}, expected {expected:e}");
    }
    assert_eq!(t_quantile(1e-300, 0.1), f64::NEG_INFINITY);
}

/// One line per argument outside, hence the length.
// Over budget: a table, one line per function.
#[test]
fn outside_the_domain_is_nan() {
    let nan = f64::NAN;
    for (i, value) in [
        logit(-0.1),
        logit(1.1),
        ln_1m_exp(0.1),
        xlogy(0.0, -1.0),
        xlogy(0.0, nan),
        cloglog(1.5),
        normal_quantile(1.5),
        normal_quantile(-0.1),
        normal_quantile(nan),
        normal_quantile_of_ln(0.1),
        cauchy_quantile(-0.1),
        ln_1p_minus(-1.5),
        deviance_kernel(-1.0, 1.0),
        deviance_kernel(1.0, -1.0),
        stirling_error(-0.5),
        log_sum_exp(&[0.0, nan]),
        log_sum_exp(&[nan, 0.0]),
        digamma(-3.0),
        ln_beta(-1.0, 2.0),
        ln_factorial(-1.0),
        ln_choose(3.0, 4.0),
        gamma_p(-1.0, 2.0),
        gamma_p(2.0, -1.0),
        gamma_q(nan, 1.0),
        beta_inc(0.0, 1.0, 0.5),
        beta_inc(1.0, 1.0, 1.5),
        beta_inc_complement(1.0, nan, 0.5),
        t_cdf(1.0, 0.0),
        t_cdf(nan, 2.0),
        t_quantile(0.3, -1.0),
        f_sf(1.0, -1.0, 2.0),
        chi2_cdf(1.0, -1.0),
        chi2_sf(nan, 1.0),
        gamma_quantile(1.5, 1.0),
        gamma_quantile(0.5, -1.0),
        beta_quantile(0.5, 0.0, 1.0),
        f_quantile(nan, 1.0, 1.0),
    ]
    .into_iter()
    .enumerate()
    {
        assert!(value.is_nan(), "entry {i} is {value}");
    }
}

//! The textbook's inverse links and variance functions once more, with formulas that hold in the tails: what the score is
//! made of, written without the library's own.

use std::f64::consts::PI;

use glm_core::special;

/// A mean at a linear predictor: μ, 1 − μ, μ′, (ln μ)′, −(ln(1 − μ))′ and ln μ.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MeanAt {
    pub(crate) mu: f64,
    pub(crate) dmu: f64,
    to_one: f64,
    to_zero: f64,
    ln_mu: f64,
}

/// The word of a name and its parameter; zero where there is none.
pub(crate) fn split(name: &str) -> (&str, f64) {
    let (word, parameter) = name.split_once('(').unwrap_or((name, "0)"));
    (word, parameter.trim_end_matches(')').parse().expect("a number in parentheses"))
}

/// The mean of a link at η, where it is defined.
// Over budget: one arm for each link.
pub(crate) fn mean_at(link: &str, eta: f64) -> MeanAt {
    let positive = |root: f64| {
        let (ln_mu, mu, rate) = (root * eta.ln(), eta.powf(root), root / eta);
        MeanAt { mu, dmu: rate * mu, to_one: rate, to_zero: rate * mu / -ln_mu.exp_m1(), ln_mu }
    };
    // By the log odds u and du/dη.
    let odds = |u: f64, du: f64| {
        let (mu, complement) = (1.0 / (1.0 + (-u).exp()), 1.0 / (1.0 + u.exp()));
        MeanAt { mu, dmu: mu * complement * du, to_one: complement * du, to_zero: mu * du, ln_mu: f64::NAN }
    };
    let unit = |mu: f64, dmu: f64, to_one: f64, to_zero: f64| MeanAt { mu, dmu, to_one, to_zero, ln_mu: f64::NAN };
    match split(link) {
        ("identity", _) => MeanAt { mu: eta, dmu: 1.0, to_one: 1.0 / eta, to_zero: 1.0 / (1.0 - eta), ln_mu: eta.ln() },
        ("log", _) => MeanAt { mu: eta.exp(), dmu: eta.exp(), to_one: 1.0, to_zero: 1.0 / (-eta).exp_m1(), ln_mu: eta },
        ("inverse", _) => {
            let (mu, dmu) = (1.0 / eta, -1.0 / (eta * eta));
            MeanAt { mu, dmu, to_one: -mu, to_zero: -mu / (eta - 1.0), ln_mu: -eta.ln() }
        }
        ("inverse-squared", _) => positive(-0.5),
        ("sqrt", _) => positive(2.0),
        ("power", exponent) => positive(1.0 / exponent),
        ("logit", _) => odds(eta, 1.0),
        ("odds-power", exponent) => odds((exponent * eta).ln_1p() / exponent, 1.0 / (1.0 + exponent * eta)),
        ("probit", _) => {
            let density = (-0.5 * eta * eta).exp() / (2.0 * PI).sqrt();
            let (to_one, to_zero) = (special::inverse_mills_ratio(eta), special::inverse_mills_ratio(-eta));
            unit(special::normal_cdf(eta), density, to_one, to_zero)
        }
        ("cloglog", _) => {
            let t = eta.exp();
            unit(-(-t).exp_m1(), (eta - t).exp(), if t > 700.0 { 0.0 } else { t / t.exp_m1() }, t)
        }
        ("loglog", _) => {
            let t = (-eta).exp();
            unit((-t).exp(), (-eta - t).exp(), t, if t > 700.0 { 0.0 } else { t / t.exp_m1() })
        }
        ("cauchit", _) => {
            let (mu, complement) = (1.0_f64.atan2(-eta) / PI, 1.0_f64.atan2(eta) / PI);
            let dmu = 1.0 / (PI * (1.0 + eta * eta));
            unit(mu, dmu, dmu / mu, dmu / complement)
        }
        _ => panic!("no inverse of {link}"),
    }
}

/// ∂loss/∂η = (μ − y) μ′/V, the expected curvature μ′²/V, and how large the two parts of the slope are.
pub(crate) fn slope(family: &str, y: f64, at: &MeanAt) -> (f64, f64, f64) {
    // μ^(1−p) and μ^(2−p), by way of the logarithm where the mean has underflowed.
    let raised = |exponent: f64| match at.mu.is_normal() {
        true => at.mu.powf(exponent),
        false => (exponent * at.ln_mu).exp(),
    };
    let power = |p: f64| {
        let (weight, weighted) = (raised(1.0 - p), raised(2.0 - p));
        // Far below the mean a response adds nothing, however large the weight of a mean that has underflowed.
        let slope = if y == 0.0 { weighted } else { (at.mu - y) * weight };
        let parts = if y == 0.0 { weighted } else { at.mu.max(y) * weight };
        (slope * at.to_one, weighted * at.to_one * at.to_one, parts * at.to_one.abs())
    };
    match split(family) {
        ("gaussian", _) => gaussian(y, at),
        ("quasi", 0.0) => gaussian(y, at),
        ("binomial" | "quasi-binomial", _) => {
            let parts = (y * at.to_one, (1.0 - y) * at.to_zero);
            let curvature = if at.to_one == 0.0 || at.to_zero == 0.0 { 0.0 } else { at.to_one * at.to_zero };
            let zero_free = |weight: f64, value: f64| if weight == 0.0 { 0.0 } else { value };
            let (one, zero) = (zero_free(y, parts.0), zero_free(1.0 - y, parts.1));
            (zero - one, curvature, one.abs() + zero.abs())
        }
        ("poisson" | "quasi-poisson", _) => power(1.0),
        ("gamma", _) => power(2.0),
        ("inverse-gaussian", _) => power(3.0),
        ("tweedie" | "quasi", p) => power(p),
        ("negative-binomial", theta) => {
            let (slope, curvature, parts) = power(1.0);
            let share = 1.0 / (1.0 + at.mu / theta);
            (slope * share, curvature * share, parts * share)
        }
        _ => panic!("no variance of {family}"),
    }
}

fn gaussian(y: f64, at: &MeanAt) -> (f64, f64, f64) {
    ((at.mu - y) * at.dmu, at.dmu * at.dmu, at.mu.abs().max(y.abs()) * at.dmu.abs())
}

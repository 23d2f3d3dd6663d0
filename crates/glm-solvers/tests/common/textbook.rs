//! The textbook's formulas in plain loops, independent of the library: score, information, standard errors.

use std::f64::consts::PI;

use crate::simulate::Data;

/// Gradient of half the deviance, expected information, and Pearson's chi-square.
#[derive(Debug)]
pub(crate) struct Textbook {
    pub(crate) gradient: Vec<f64>,
    pub(crate) information: Vec<Vec<f64>>,
    pub(crate) pearson: f64,
}

/// Everything at coefficients, the intercept first: Σ w (μ − y) μ′/V x and Σ w μ′²/V x xᵀ.
pub(crate) fn textbook(family: &str, link: &str, data: &Data, coefficients: &[f64]) -> Textbook {
    let p = coefficients.len();
    let mut sums = Textbook { gradient: vec![0.0; p], information: vec![vec![0.0; p]; p], pearson: 0.0 };
    for row in 0..data.y.len() {
        let x: Vec<f64> = std::iter::once(1.0).chain(data.columns.iter().map(|column| column[row])).collect();
        let eta = data.offset[row] + x.iter().zip(coefficients).map(|(x, b)| x * b).sum::<f64>();
        let (mu, dmu) = inverse_link(link, eta);
        let (variance, weight, residual) = (variance(family, mu), data.weights[row], mu - data.y[row]);
        sums.pearson += weight * residual * residual / variance;
        for i in 0..p {
            sums.gradient[i] += weight * residual * dmu / variance * x[i];
            for j in 0..p {
                sums.information[i][j] += weight * dmu * dmu / variance * x[i] * x[j];
            }
        }
    }
    sums
}

/// The inverse by Gauss and Jordan, with the largest pivot.
pub(crate) fn inverse(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let p = matrix.len();
    let unit = |i: usize| (0..p).map(move |j| if i == j { 1.0 } else { 0.0 });
    let mut rows: Vec<Vec<f64>> = (0..p).map(|i| matrix[i].iter().copied().chain(unit(i)).collect()).collect();
    for step in 0..p {
        let pivot = (step..p).max_by(|a, b| rows[*a][step].abs().total_cmp(&rows[*b][step].abs())).unwrap_or(step);
        rows.swap(step, pivot);
        let scale = rows[step][step];
        rows[step].iter_mut().for_each(|value| *value /= scale);
        let pivot_row = rows[step].clone();
        for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != step) {
            assert!(i < p, "a square matrix");
            let factor = row[step];
            row.iter_mut().zip(&pivot_row).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    rows.into_iter().map(|row| row[p..].to_vec()).collect()
}

fn split(name: &str) -> (&str, f64) {
    let (word, parameter) = name.split_once('(').unwrap_or((name, "0)"));
    (word, parameter.trim_end_matches(')').parse().expect("a number in parentheses"))
}

/// V(μ).
fn variance(family: &str, mu: f64) -> f64 {
    match split(family) {
        ("gaussian", _) => 1.0,
        ("binomial" | "quasi-binomial", _) => mu * (1.0 - mu),
        ("poisson" | "quasi-poisson", _) => mu,
        ("gamma", _) => mu * mu,
        ("inverse-gaussian", _) => mu * mu * mu,
        ("negative-binomial", theta) => mu + mu * mu / theta,
        ("tweedie" | "quasi", power) => mu.powf(power),
        _ => panic!("no variance of {family}"),
    }
}

/// μ and dμ/dη.
fn inverse_link(link: &str, eta: f64) -> (f64, f64) {
    match split(link) {
        ("identity", _) => (eta, 1.0),
        ("log", _) => (eta.exp(), eta.exp()),
        ("logit", _) => {
            let mu = 1.0 / (1.0 + (-eta).exp());
            (mu, mu * (1.0 - mu))
        }
        ("probit", _) => normal(eta),
        ("cloglog", _) => (1.0 - (-eta.exp()).exp(), (eta - eta.exp()).exp()),
        ("loglog", _) => ((-(-eta).exp()).exp(), (-eta - (-eta).exp()).exp()),
        ("cauchit", _) => (0.5 + eta.atan() / PI, 1.0 / (PI * (1.0 + eta * eta))),
        ("inverse", _) => (1.0 / eta, -1.0 / (eta * eta)),
        ("inverse-squared", _) => (1.0 / eta.sqrt(), -0.5 / (eta * eta.sqrt())),
        ("sqrt", _) => (eta * eta, 2.0 * eta),
        ("power", exponent) => (eta.powf(1.0 / exponent), eta.powf(1.0 / exponent - 1.0) / exponent),
        ("odds-power", exponent) => {
            let inner = 1.0 + exponent * eta;
            let (odds, slope) = (inner.powf(1.0 / exponent), inner.powf(1.0 / exponent - 1.0));
            (odds / (1.0 + odds), slope / (1.0 + odds).powi(2))
        }
        _ => panic!("no inverse of {link}"),
    }
}

/// The normal cdf and density: ½ + φ(x) Σ x^(2k+1)/(1·3·…·(2k+1)).
fn normal(x: f64) -> (f64, f64) {
    let density = (-0.5 * x * x).exp() / (2.0 * PI).sqrt();
    let (mut sum, mut term) = (0.0, x);
    for k in 1..200 {
        sum += term;
        term *= x * x / f64::from(2 * k + 1);
    }
    (0.5 + density * sum, density)
}

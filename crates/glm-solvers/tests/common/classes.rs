//! Data of three classes, and fits of them.

use glm_core::{Cumulative, CumulativeLink, Dense, Softmax};
use glm_solvers::{Fit, Ordinal, OrdinalFit, Problem, Solver};

pub(crate) const LINKS: [CumulativeLink; 5] = [
    CumulativeLink::Logit,
    CumulativeLink::Probit,
    CumulativeLink::Cloglog,
    CumulativeLink::Loglog,
    CumulativeLink::Cauchit,
];
pub(crate) const N: usize = 240;

/// Two columns, classes 0, 1, 2 that depend on them with much noise, and weights 0, 1, 2, 3.
#[derive(Debug)]
pub(crate) struct Data {
    pub(crate) x: Vec<Vec<f64>>,
    pub(crate) y: Vec<f64>,
    pub(crate) weights: Vec<f64>,
}

pub(crate) fn data() -> Data {
    let uniform = |i: usize, a: usize| ((i * a + 17) % 241) as f64 / 241.0;
    let x: Vec<Vec<f64>> = [37, 101].map(|a| (0..N).map(|i| 4.0 * uniform(i, a) - 2.0).collect()).into();
    let latent = |i: usize| 0.8 * x[0][i] - 0.5 * x[1][i] + 5.0 * (uniform(i, 59) - 0.5);
    let y = (0..N).map(|i| f64::from(u8::from(latent(i) > -0.6)) + f64::from(u8::from(latent(i) > 0.9))).collect();
    let weights = (0..N).map(|i| (i % 4) as f64).collect();
    Data { x, y, weights }
}

impl Data {
    pub(crate) fn design(&self) -> Dense<'_> {
        Dense::with_intercept(self.x.iter().map(Vec::as_slice)).unwrap()
    }

    pub(crate) fn slopes(&self) -> Dense<'_> {
        Dense::without_intercept(self.x.iter().map(Vec::as_slice)).unwrap()
    }

    pub(crate) fn rows(&self, rows: &[usize]) -> Self {
        let pick = |values: &Vec<f64>| rows.iter().map(|row| values[*row]).collect();
        Self { x: self.x.iter().map(pick).collect(), y: pick(&self.y), weights: pick(&self.weights) }
    }
}

pub(crate) fn multinomial(data: &Data, weights: Option<Vec<f64>>, solver: &Solver) -> Fit {
    let (design, response) = (data.design(), Softmax::baseline(3).unwrap());
    let mut problem = Problem::new(&design, &response, data.y.clone()).unwrap();
    if let Some(weights) = weights {
        problem = problem.with_weights(weights).unwrap();
    }
    solver.fit(&problem).unwrap()
}

pub(crate) fn ordinal(data: &Data, link: CumulativeLink, weights: Option<Vec<f64>>, solver: &Solver) -> OrdinalFit {
    let design = data.slopes();
    let mut problem = Ordinal::new(&design, Cumulative::new(3, link).unwrap(), data.y.clone()).unwrap();
    if let Some(weights) = weights {
        problem = problem.with_weights(weights).unwrap();
    }
    problem.fit(solver).unwrap_or_else(|error| panic!("{link:?} by {}: {error}", solver.name()))
}

#[track_caller]
pub(crate) fn close(a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len(), "as many values");
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let near = (a - b).abs() <= tolerance * b.abs().max(1.0) || (a.is_nan() && b.is_nan());
        assert!(near, "[{i}]: {a} {b}");
    }
}

pub(crate) fn all_estimates(fit: &OrdinalFit) -> Vec<f64> {
    fit.thresholds.iter().chain(&fit.coefficients).copied().collect()
}

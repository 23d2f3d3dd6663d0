//! Shared cases of the benches: simulated data of the sizes that every table quotes.

use glm_core::{Dense, Response, spec};
use sim::{draw, uniform};

/// Rows × columns, the intercept not counted.
pub const SIZES: [(usize, usize); 4] = [(10_000, 10), (100_000, 20), (1_000_000, 20), (100_000, 200)];

/// A regression whose truth is known.
#[derive(Debug)]
pub struct Case {
    /// Rows.
    pub n: usize,
    /// Columns, one after the other.
    pub x: Vec<f64>,
    /// One response per row.
    pub y: Vec<f64>,
    /// What y was drawn from.
    pub response: Box<dyn Response>,
}

impl Case {
    /// Draws columns from U(−1, 1), coefficients of alternating sign with Σ β² = 1, and the response of the family.
    ///
    /// # Panics
    ///
    /// For a response other than `gaussian`, `binomial` and `poisson` with their canonical links.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
    pub fn new(name: &str, (n, p): (usize, usize)) -> Self {
        let mut rng = sim::rng(1, 0);
        let x: Vec<f64> = (0..n * p).map(|_| uniform::between(&mut rng, -1.0, 1.0)).collect();
        let size = 1.0 / (p as f64).sqrt();
        let eta = |row: usize| (0..p).map(|j| x[j * n + row] * if j % 2 == 0 { size } else { -size }).sum::<f64>();
        let y = (0..n)
            .map(|row| match name {
                "gaussian" => draw::gaussian(&mut rng, eta(row), 1.0),
                "binomial" => draw::bernoulli(&mut rng, glm_core::special::sigmoid(eta(row))),
                "poisson" => draw::poisson(&mut rng, eta(row).exp()),
                _ => panic!("no bench draws from {name}"),
            })
            .map(|drawn| drawn.expect("the means are inside the domain"))
            .collect();
        let response = spec::response(name).expect("a response by its name");
        Self { n, x, y, response }
    }

    /// The design, an intercept and the columns.
    ///
    /// # Panics
    ///
    /// Never: the numbers are finite.
    #[must_use]
    pub fn design(&self) -> Dense<'_> {
        Dense::with_intercept(self.x.chunks_exact(self.n)).expect("finite columns")
    }
}

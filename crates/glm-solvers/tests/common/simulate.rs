//! Data simulated from a family and a link, at true coefficients that keep every mean well inside its domain.

use glm_core::{Dense, Interval, Mean, Response, spec};
use glm_solvers::Problem;
use sim::{draw, uniform};

/// Columns, response, prior weights and offset.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) y: Vec<f64>,
    pub(crate) weights: Vec<f64>,
    pub(crate) offset: Vec<f64>,
}

impl Data {
    /// The design with an intercept.
    pub(crate) fn design(&self) -> Dense<'_> {
        Dense::with_intercept(self.columns.iter().map(|column| &column[..])).expect("finite columns of one length")
    }

    /// The problem on a design of as many rows.
    pub(crate) fn problem<'a>(&self, design: &'a Dense<'a>, response: &'a dyn Response) -> Problem<'a> {
        Problem::new(design, response, self.y.clone())
            .and_then(|problem| problem.with_weights(self.weights.clone()))
            .and_then(|problem| problem.with_offset(self.offset.clone()))
            .expect("a response inside its support")
    }
}

/// `n` rows and `slopes` columns from a seed. Binomial weights are numbers of trials; for an even seed they are one, and
/// so is the number of columns.
pub(crate) fn simulate(family: &str, link: &str, n: usize, slopes: usize, seed: u64) -> Data {
    let mut rng = sim::rng(seed, 0);
    let link = spec::link(link).expect("a link of the table");
    let (low, high) = means(family, &link.range());
    let (a, b) = (link.eta(Mean::from(low)), link.eta(Mean::from(high)));
    let (middle, half) = (0.5 * (a + b), 0.5 * (b - a).abs());
    // A zero or one says little, and several slopes could reach the edge of the domain.
    let slopes = if family == "binomial" && seed.is_multiple_of(2) { 1 } else { slopes };
    let shares: Vec<f64> = (0..slopes).map(|_| uniform::between(&mut rng, 0.3, 1.0)).collect();
    let total: f64 = shares.iter().sum();
    let slopes: Vec<f64> = shares
        .iter()
        .map(
            |share| {
                if uniform::unit(&mut rng) < 0.5 { -0.7 * half * share / total } else { 0.7 * half * share / total }
            },
        )
        .collect();
    let columns: Vec<Vec<f64>> =
        slopes.iter().map(|_| (0..n).map(|_| uniform::between(&mut rng, -1.0, 1.0)).collect()).collect();
    let offset: Vec<f64> = (0..n).map(|_| uniform::between(&mut rng, -0.2 * half, 0.2 * half)).collect();
    let weights: Vec<f64> = (0..n)
        .map(|_| match family {
            "binomial" if seed.is_multiple_of(2) => 1.0,
            "binomial" => 1.0 + uniform::below(&mut rng, 8) as f64,
            _ => uniform::between(&mut rng, 0.5, 2.0),
        })
        .collect();
    let y = (0..n)
        .map(|row| {
            let eta = middle + offset[row] + columns.iter().zip(&slopes).map(|(x, slope)| x[row] * slope).sum::<f64>();
            draw_one((seed, row as u64 + 1), family, link.mu(eta), weights[row])
        })
        .collect();
    Data { columns, y, weights, offset }
}

/// Means that are comfortable: none near an end of its domain, and little noise where the model is not convex.
pub(crate) fn means(family: &str, range: &Interval) -> (f64, f64) {
    match family {
        "binomial" | "quasi-binomial" if range.upper <= 1.0 => (0.35, 0.6),
        // A link that can leave (0, 1) has its maximum at the edge of the domain unless means are far from it.
        "binomial" | "quasi-binomial" => (0.35, 0.5),
        "poisson" | "quasi-poisson" | "negative-binomial(8)" => (4.0, 9.0),
        _ if range.upper <= 1.0 => (0.25, 0.75),
        _ => (0.8, 2.4),
    }
}

/// One response of the family at a mean, from a stream of its own: Var = φ V(μ)/weight, φ being the family's own or a small one.
pub(crate) fn draw_one((seed, stream): (u64, u64), family: &str, mean: f64, weight: f64) -> f64 {
    let rng = &mut sim::rng(seed, stream);
    let (name, parameter) = family.split_once('(').unwrap_or((family, "0)"));
    let parameter: f64 = parameter.trim_end_matches(')').parse().expect("a number in parentheses");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number of trials")]
    let trials = weight as u64;
    match name {
        "gaussian" => draw::gaussian(rng, mean, 0.01 / weight),
        "binomial" => draw::binomial(rng, trials, mean).map(|successes| successes / weight),
        "quasi-binomial" => draw::binomial(rng, 10, mean).map(|successes| successes / 10.0),
        "poisson" | "quasi-poisson" => draw::poisson(rng, mean),
        "gamma" => draw::gamma(rng, mean, 0.05 / weight),
        "inverse-gaussian" => draw::inverse_gaussian(rng, mean, 0.02 / weight),
        "negative-binomial" => draw::negative_binomial(rng, mean, parameter),
        "tweedie" => draw::tweedie(rng, mean, parameter, 0.3 / weight),
        "quasi" if parameter == 0.0 => draw::gaussian(rng, mean, 0.01 / weight),
        // A gamma variable of variance φ μ^p.
        "quasi" => draw::gamma(rng, mean, 0.05 / weight * mean.powf(parameter - 2.0)),
        _ => panic!("no way to draw from {family}"),
    }
    .expect("a mean inside the domain")
}

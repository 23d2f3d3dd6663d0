//! Drawing a response from each family at a given mean, from uniforms, by exact algorithms.
//!
//! | family | variance | method |
//! |---|---|---|
//! | [`gaussian`] | `φ` | Box & Muller (1958) |
//! | [`bernoulli`] | `p (1 − p)` | inversion |
//! | [`binomial`] | `n p (1 − p)` | median of uniforms, halving `n` (Relles 1972) |
//! | [`poisson`] | `μ` | waiting times, reduced by a gamma (Ahrens & Dieter 1974) |
//! | [`gamma`] | `φ μ²` | Marsaglia & Tsang (2000) |
//! | [`inverse_gaussian`] | `φ μ³` | Michael, Schucany & Haas (1976) |
//! | [`negative_binomial`] | `μ + μ²/θ` | a Poisson whose mean is gamma |
//! | [`tweedie`] | `φ μᵖ`, `1 < p < 2` | a Poisson number of gammas |
//!
//! The parameters are a GLM's: the mean, and the dispersion `φ` or the family's own `θ` and `p`. Counts come as `f64`,
//! as a response does. "Exact" means exact but for the rounding of `f64`: uniforms are multiples of 2⁻⁵³.
//!
//! ```
//! let mut rng = sim::rng(1, 0);
//! let means = [0.5, 2.0, 30.0];
//! let y = means.iter().map(|&mean| sim::draw::poisson(&mut rng, mean)).collect::<Result<Vec<f64>, _>>()?;
//! assert!(y.iter().all(|count| count.fract() == 0.0));
//! # Ok::<(), sim::Error>(())
//! ```

mod binomial;
mod gamma;
mod gaussian;
mod inverse_gaussian;
mod negative_binomial;
mod poisson;
mod tweedie;

pub use binomial::{bernoulli, binomial};
pub use gamma::gamma;
pub use gaussian::gaussian;
pub use inverse_gaussian::inverse_gaussian;
pub use negative_binomial::negative_binomial;
pub use poisson::poisson;
pub use tweedie::tweedie;

use crate::error::Error;

/// Every count up to here is an exact `f64`, with room to spare for the tail above the mean.
const LARGEST_COUNT: f64 = (1_u64 << 52) as f64;

fn positive(name: &'static str, value: f64) -> Result<f64, Error> {
    let good = value > 0.0 && value.is_finite();
    if good { Ok(value) } else { Err(Error::Parameter { name, value, domain: "positive and finite" }) }
}

fn count_mean(value: f64) -> Result<f64, Error> {
    let good = (0.0..=LARGEST_COUNT).contains(&value);
    if good { Ok(value) } else { Err(Error::Parameter { name: "mean", value, domain: "between 0 and 2^52" }) }
}

/// A parameter computed from valid ones that left the range of `f64`.
fn in_range(name: &'static str, value: f64) -> Result<f64, Error> {
    let good = value > 0.0 && value.is_finite();
    if good { Ok(value) } else { Err(Error::Parameter { name, value, domain: "within the range of f64" }) }
}

/// A draw that did not overflow.
fn finite(draw: f64, mean: f64) -> Result<f64, Error> {
    if draw.is_finite() { Ok(draw) } else { Err(Error::DrawOverflow { mean }) }
}

#[cfg(test)]
mod check {
    use crate::error::Error;
    use rand_chacha::ChaCha8Rng;

    /// `n` draws with a fixed seed.
    pub(super) fn sample(n: usize, seed: u64, mut draw: impl FnMut(&mut ChaCha8Rng) -> Result<f64, Error>) -> Vec<f64> {
        let mut rng = crate::rng(seed, 0);
        (0..n).map(|_| draw(&mut rng).unwrap()).collect()
    }

    /// The mean of `value` over the draws is the one expected, within 5 of its standard errors.
    pub(super) fn mean_is(draws: &[f64], value: impl Fn(f64) -> f64, expected: f64) {
        let n = draws.len() as f64;
        let mean = draws.iter().map(|&x| value(x)).sum::<f64>() / n;
        let variance = draws.iter().map(|&x| (value(x) - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        assert!((mean - expected).abs() < 5.0 * error, "mean {mean} is not {expected} within 5 × {error}");
    }

    /// Mean, variance and third central moment.
    pub(super) fn moments_are(draws: &[f64], mean: f64, variance: f64, third: f64) {
        mean_is(draws, |x| x, mean);
        mean_is(draws, |x| (x - mean).powi(2), variance);
        mean_is(draws, |x| (x - mean).powi(3), third);
    }

    /// The share of draws equal to each whole number is its probability, within 5 standard errors (wherever 20 are
    /// expected).
    pub(super) fn frequencies_are(draws: &[f64], probabilities: impl Iterator<Item = f64>) {
        let n = draws.len() as f64;
        let mut compared = 0;
        for (k, p) in probabilities.enumerate().filter(|&(_, p)| p * n > 20.0) {
            let share = draws.iter().filter(|x| x.to_bits() == (k as f64).to_bits()).count() as f64 / n;
            let error = (p * (1.0 - p) / n).sqrt();
            assert!((share - p).abs() < 5.0 * error, "{k}: {share} is not {p} within 5 × {error}");
            compared += 1;
        }
        assert!(compared > 0, "nothing to compare");
    }

    /// The parameter at fault is the one named.
    pub(super) fn refuses(found: Result<f64, Error>, expected: &str) {
        assert!(matches!(found, Err(Error::Parameter { name, .. }) if name == expected), "{found:?}");
    }
}

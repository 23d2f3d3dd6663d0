//! Gamma draws.

use rand::Rng;

use super::gaussian::standard_gaussian;
use super::{finite, in_range, positive};
use crate::error::Error;
use crate::uniform::positive_unit;

/// A gamma draw with mean `mean` and variance `dispersion · mean²`: shape `1/dispersion`, scale `dispersion · mean`.
///
/// With a dispersion above about 20 a draw can be smaller than the smallest `f64`, and is then 0.
///
/// # Errors
///
/// If mean or dispersion is not positive and finite, or the draw overflows.
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// assert!(sim::draw::gamma(&mut rng, 5.0, 0.5)? > 0.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn gamma<R: Rng + ?Sized>(rng: &mut R, mean: f64, dispersion: f64) -> Result<f64, Error> {
    let mean = positive("mean", mean)?;
    let shape = in_range("1/dispersion", 1.0 / positive("dispersion", dispersion)?)?;
    finite(mean * (standard_gamma(rng, shape) / shape), mean)
}

/// A gamma draw with scale 1 (Marsaglia & Tsang 2000, "A simple method for generating gamma variables").
///
/// Shapes below 1 are drawn at `shape + 1` and multiplied by `u^(1/shape)`.
pub(super) fn standard_gamma<R: Rng + ?Sized>(rng: &mut R, shape: f64) -> f64 {
    if shape < 1.0 {
        let boosted = standard_gamma(rng, shape + 1.0);
        return boosted * positive_unit(rng).powf(1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let z = standard_gaussian(rng);
        let root = 1.0 + c * z;
        if root > 0.0 {
            let v = root.powi(3);
            if positive_unit(rng).ln() < 0.5 * z * z + d * (1.0 - v + v.ln()) {
                return d * v;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn moments() {
        for (seed, (mean, dispersion)) in [(3.0, 0.1), (0.5, 1.0), (7.0, 2.5), (1e3, 1e-4)].into_iter().enumerate() {
            let draws = check::sample(100_000, seed as u64, |rng| gamma(rng, mean, dispersion));
            let variance: f64 = dispersion * mean * mean;
            check::moments_are(&draws, mean, variance, 2.0 * dispersion * mean * variance);
        }
    }

    #[test]
    fn shape_one_is_exponential_and_shape_half_is_chi_squared() {
        let draws = check::sample(100_000, 5, |rng| gamma(rng, 2.0, 1.0));
        for q in [0.01, 0.5, 2.0, 8.0_f64] {
            check::mean_is(&draws, |x| f64::from(u8::from(x <= q)), 1.0 - (-q / 2.0).exp());
        }
        // Mean 1 and shape 1/2 is chi-squared on 1 degree of freedom: P(x ≤ 1) = P(|z| ≤ 1), P(x ≤ 4) = P(|z| ≤ 2).
        let draws = check::sample(100_000, 6, |rng| gamma(rng, 1.0, 2.0));
        check::mean_is(&draws, |x| f64::from(u8::from(x <= 1.0)), 0.682_689_5);
        check::mean_is(&draws, |x| f64::from(u8::from(x <= 4.0)), 0.954_499_7);
    }

    #[test]
    fn domain() {
        let mut rng = crate::rng(1, 0);
        check::refuses(gamma(&mut rng, 0.0, 1.0), "mean");
        check::refuses(gamma(&mut rng, 1.0, -1.0), "dispersion");
        check::refuses(gamma(&mut rng, 1.0, f64::INFINITY), "dispersion");
    }
}

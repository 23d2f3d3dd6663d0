//! Gaussian draws.

use rand::Rng;

use super::{finite, positive};
use crate::error::Error;
use crate::uniform::{positive_unit, unit};

/// A Gaussian draw with mean `mean` and variance `dispersion`.
///
/// # Errors
///
/// If the mean is not finite or the dispersion is not positive and finite, or the draw overflows.
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// let y = sim::draw::gaussian(&mut rng, 10.0, 4.0)?;
/// assert!((y - 10.0).abs() < 10.0 * 2.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn gaussian<R: Rng + ?Sized>(rng: &mut R, mean: f64, dispersion: f64) -> Result<f64, Error> {
    if !mean.is_finite() {
        return Err(Error::Parameter { name: "mean", value: mean, domain: "finite" });
    }
    let dispersion = positive("dispersion", dispersion)?;
    finite(mean + dispersion.sqrt() * standard_gaussian(rng), mean)
}

/// A standard Gaussian draw, `√(−2 ln u) cos(2πv)` (Box & Muller 1958); two uniforms, at most 8.6 in size.
///
/// The sine is thrown away rather than kept for the next call: a draw then depends on the generator alone.
pub(super) fn standard_gaussian<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    let radius = (-2.0 * positive_unit(rng).ln()).sqrt();
    radius * (std::f64::consts::TAU * unit(rng)).cos()
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn moments() {
        let draws = check::sample(100_000, 1, |rng| gaussian(rng, -3.0, 4.0));
        check::moments_are(&draws, -3.0, 4.0, 0.0);
        check::mean_is(&draws, |x| (x + 3.0).powi(4), 48.0);
    }

    #[test]
    fn probabilities() {
        // Φ at −2, −1, 0, 1, 3.
        let draws = check::sample(100_000, 2, |rng| gaussian(rng, 0.0, 1.0));
        for (z, p) in [(-2.0, 0.022_750_13), (-1.0, 0.158_655_25), (0.0, 0.5), (1.0, 0.841_344_75), (3.0, 0.998_650_1)]
        {
            check::mean_is(&draws, |x| f64::from(u8::from(x <= z)), p);
        }
    }

    #[test]
    fn domain() {
        let mut rng = crate::rng(1, 0);
        check::refuses(gaussian(&mut rng, f64::NAN, 1.0), "mean");
        check::refuses(gaussian(&mut rng, 0.0, 0.0), "dispersion");
    }
}

//! Inverse Gaussian draws.

use rand::Rng;

use super::gaussian::standard_gaussian;
use super::{finite, in_range, positive};
use crate::error::Error;
use crate::uniform::unit;

/// An inverse Gaussian draw with mean `mean` and variance `dispersion · mean³` (shape `λ = 1/dispersion`).
///
/// Source: Michael, Schucany & Haas (1976), "Generating random variates using transformations with multiple roots".
/// The two roots are `μ/s` and `μ s` with `s = 1 + w + √(w (2 + w))`, `w = φ μ z²/2`: the smaller is not found by a
/// difference, so it loses no digits.
///
/// # Errors
///
/// If mean or dispersion is not positive and finite, or the draw overflows.
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// assert!(sim::draw::inverse_gaussian(&mut rng, 5.0, 0.5)? > 0.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn inverse_gaussian<R: Rng + ?Sized>(rng: &mut R, mean: f64, dispersion: f64) -> Result<f64, Error> {
    let mean = positive("mean", mean)?;
    let half = in_range("mean * dispersion", 0.5 * mean * positive("dispersion", dispersion)?)?;
    let w = half * standard_gaussian(rng).powi(2);
    let stretch = 1.0 + w + w.sqrt() * (2.0 + w).sqrt();
    // The smaller root has probability μ / (μ + root) = s / (1 + s).
    let smaller = unit(rng) < stretch / (1.0 + stretch);
    finite(if smaller { mean / stretch } else { mean * stretch }, mean)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn moments() {
        for (seed, (mean, dispersion)) in [(3.0, 0.05), (0.5, 1.0), (2.0, 0.5)].into_iter().enumerate() {
            let draws = check::sample(100_000, seed as u64, |rng| inverse_gaussian(rng, mean, dispersion));
            let variance: f64 = dispersion * mean.powi(3);
            check::moments_are(&draws, mean, variance, 3.0 * dispersion * mean * mean * variance);
            // The reciprocal has mean 1/μ + φ and variance φ/μ + 2φ².
            let reciprocal = 1.0 / mean + dispersion;
            check::mean_is(&draws, |x| 1.0 / x, reciprocal);
            check::mean_is(
                &draws,
                |x| (1.0 / x - reciprocal).powi(2),
                dispersion / mean + 2.0 * dispersion * dispersion,
            );
        }
    }

    #[test]
    fn unit_deviances_are_chi_squared() {
        // (y − μ)² / (φ μ² y) is exactly chi-squared on 1 degree of freedom.
        let draws = check::sample(100_000, 8, |rng| inverse_gaussian(rng, 4.0, 2.0));
        for (q, p) in [(1.0, 0.682_689_5), (4.0, 0.954_499_7)] {
            check::mean_is(&draws, |y| f64::from(u8::from((y - 4.0).powi(2) / (2.0 * 16.0 * y) <= q)), p);
        }
    }

    #[test]
    fn domain() {
        let mut rng = crate::rng(1, 0);
        check::refuses(inverse_gaussian(&mut rng, -1.0, 1.0), "mean");
        check::refuses(inverse_gaussian(&mut rng, 1.0, 0.0), "dispersion");
        let far = (0..1000).map(|_| inverse_gaussian(&mut rng, 1e300, 1e8)).find(Result::is_err);
        assert_eq!(far, Some(Err(Error::DrawOverflow { mean: 1e300 })));
    }
}

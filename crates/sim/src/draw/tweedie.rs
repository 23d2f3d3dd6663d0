//! Tweedie draws between Poisson and gamma.

use rand::Rng;

use super::gamma::standard_gamma;
use super::poisson::poisson;
use super::{finite, in_range, positive};
use crate::error::Error;

/// A Tweedie draw with mean `mean` and variance `dispersion · mean^power`, for `1 < power < 2`: zero, or a positive
/// amount.
///
/// The sum of `N ~ Poisson(μ^(2−p) / (φ (2 − p)))` gammas of shape `(2 − p)/(p − 1)` and scale `φ (p − 1) μ^(p−1)`
/// (Jørgensen 1987; Dunn & Smyth 2005), drawn as the one gamma of `N` times the shape. The powers at the ends have
/// their own functions: 1 is [`poisson`](super::poisson()), 2 is [`gamma`](super::gamma()), 3 is
/// [`inverse_gaussian`](super::inverse_gaussian()). With a power above about 1.95 the shape is so small that a
/// positive amount can underflow to 0.
///
/// # Errors
///
/// If mean or dispersion is not positive and finite, the power is not strictly between 1 and 2, the Poisson mean
/// exceeds 2⁵², or the draw overflows.
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// assert!(sim::draw::tweedie(&mut rng, 5.0, 1.5, 2.0)? >= 0.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn tweedie<R: Rng + ?Sized>(rng: &mut R, mean: f64, power: f64, dispersion: f64) -> Result<f64, Error> {
    let (mean, dispersion) = (positive("mean", mean)?, positive("dispersion", dispersion)?);
    if !(power > 1.0 && power < 2.0) {
        return Err(Error::Parameter { name: "power", value: power, domain: "strictly between 1 and 2" });
    }
    let rate = mean.powf(2.0 - power) / (dispersion * (2.0 - power));
    let shape = (2.0 - power) / (power - 1.0);
    let scale = in_range("scale of the gammas", dispersion * (power - 1.0) * mean.powf(power - 1.0))?;
    let count = poisson(rng, rate)?;
    finite(if count > 0.0 { scale * standard_gamma(rng, count * shape) } else { 0.0 }, mean)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn moments() {
        let cases = [(2.0, 1.5, 1.0), (0.5, 1.1, 0.7), (10.0, 1.9, 0.3), (100.0, 1.3, 5.0)];
        for (seed, (mean, power, dispersion)) in cases.into_iter().enumerate() {
            let draws = check::sample(100_000, seed as u64, |rng| tweedie(rng, mean, power, dispersion));
            // Cumulants of an exponential dispersion model: κ₂ = φV, κ₃ = φ² V V′.
            let variance: f64 = dispersion * mean.powf(power);
            check::moments_are(&draws, mean, variance, dispersion * power * mean.powf(power - 1.0) * variance);
            let zero = (-mean.powf(2.0 - power) / (dispersion * (2.0 - power))).exp();
            let share = draws.iter().filter(|&&y| y == 0.0).count() as f64 / 1e5;
            assert!((share - zero).abs() <= 5.0 * (zero * (1.0 - zero) / 1e5).sqrt() + 1e-9, "{share} is not {zero}");
        }
    }

    #[test]
    fn domain() {
        let mut rng = crate::rng(1, 0);
        check::refuses(tweedie(&mut rng, 0.0, 1.5, 1.0), "mean");
        check::refuses(tweedie(&mut rng, 1.0, 1.5, 0.0), "dispersion");
        for power in [1.0, 2.0, 3.0, f64::NAN] {
            check::refuses(tweedie(&mut rng, 1.0, power, 1.0), "power");
        }
    }
}

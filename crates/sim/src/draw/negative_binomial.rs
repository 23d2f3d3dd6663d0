//! Negative binomial draws.

use rand::Rng;

use super::gamma::standard_gamma;
use super::poisson::poisson;
use super::{count_mean, positive};
use crate::error::Error;

/// A negative binomial draw with mean `mean` and variance `mean + mean²/theta`: a Poisson whose mean is a gamma draw
/// of shape `theta` and mean `mean` (Greenwood & Yule 1920).
///
/// # Errors
///
/// If the mean is not between 0 and 2⁵², theta is not positive and finite, or the gamma draw itself exceeds 2⁵².
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// assert!(sim::draw::negative_binomial(&mut rng, 5.0, 2.0)?.fract() == 0.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn negative_binomial<R: Rng + ?Sized>(rng: &mut R, mean: f64, theta: f64) -> Result<f64, Error> {
    let (mean, theta) = (count_mean(mean)?, positive("theta", theta)?);
    let rate = mean * (standard_gamma(rng, theta) / theta);
    poisson(rng, rate)
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn moments() {
        for (seed, (mean, theta)) in [(0.5, 2.0), (10.0, 1.3), (40.0, 50.0), (3.0, 0.4)].into_iter().enumerate() {
            let draws = check::sample(100_000, seed as u64, |rng| negative_binomial(rng, mean, theta));
            let variance = mean + mean * mean / theta;
            check::moments_are(&draws, mean, variance, variance * (1.0 + 2.0 * mean / theta));
        }
    }

    #[test]
    fn frequencies() {
        let (mean, theta) = (4.0_f64, 1.5_f64);
        let draws = check::sample(100_000, 12, |rng| negative_binomial(rng, mean, theta));
        let pmf = (0..100).scan((theta / (theta + mean)).powf(theta), |at, k| {
            let here = *at;
            *at *= (theta + f64::from(k)) / f64::from(k + 1) * mean / (theta + mean);
            Some(here)
        });
        check::frequencies_are(&draws, pmf);
    }

    #[test]
    fn domain() {
        let mut rng = crate::rng(1, 0);
        assert_eq!(negative_binomial(&mut rng, 0.0, 1.0), Ok(0.0));
        check::refuses(negative_binomial(&mut rng, -1.0, 1.0), "mean");
        check::refuses(negative_binomial(&mut rng, 1.0, 0.0), "theta");
    }
}

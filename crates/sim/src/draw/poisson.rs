//! Poisson draws.

use rand::Rng;

use super::binomial::successes;
use super::count_mean;
use super::gamma::standard_gamma;
use crate::error::Error;
use crate::uniform::positive_unit;

/// Means up to here are drawn by waiting times, about one uniform an event.
const FEW: f64 = 16.0;

/// A Poisson draw with mean `mean`; a mean of 0 gives 0.
///
/// Work grows with the logarithm of the mean: the time of the `m`-th event, `m ≈ ⅞ mean`, is a gamma. If it comes
/// before `mean`, `m` events are certain and the rest of the time is left to draw; if after, the `m − 1` events before
/// it fell uniformly, and those before `mean` are binomial (Ahrens & Dieter 1974, "Computer methods for sampling from
/// gamma, beta, Poisson and binomial distributions").
///
/// # Errors
///
/// If the mean is not between 0 and 2⁵².
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// let y = sim::draw::poisson(&mut rng, 100.0)?;
/// assert!(y > 40.0 && y < 160.0 && y.fract() == 0.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn poisson<R: Rng + ?Sized>(rng: &mut R, mean: f64) -> Result<f64, Error> {
    let mut left = count_mean(mean)?;
    let mut sure = 0;
    while left > FEW {
        #[expect(clippy::cast_possible_truncation, reason = "the floor of a number between 14 and 2^52")]
        let m = (0.875 * left) as u64;
        let time = standard_gamma(rng, m as f64);
        if time > left {
            return Ok((sure + successes(rng, m - 1, left / time)) as f64);
        }
        sure += m;
        left -= time;
    }
    Ok((sure + few(rng, left)) as f64)
}

/// Events of a unit-rate process before `mean`: uniforms are multiplied until they fall below `e^−mean`.
fn few<R: Rng + ?Sized>(rng: &mut R, mean: f64) -> u64 {
    let limit = (-mean).exp();
    let mut product = positive_unit(rng);
    let mut count = 0;
    // At mean 0 the limit is 1, which a product of uniforms may equal: that is no event.
    while product > limit {
        product *= positive_unit(rng);
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn moments() {
        for (seed, mean) in [0.01, 0.7, 5.0, 15.9, 16.1, 40.0, 1e3, 1e8].into_iter().enumerate() {
            let draws = check::sample(50_000, seed as u64, |rng| poisson(rng, mean));
            check::moments_are(&draws, mean, mean, mean);
        }
    }

    #[test]
    fn frequencies() {
        for (seed, mean) in [0.3_f64, 3.0, 12.0, 18.0, 60.0].into_iter().enumerate() {
            let draws = check::sample(100_000, 30 + seed as u64, |rng| poisson(rng, mean));
            let pmf = (1..200).scan((-mean).exp(), |at, k| {
                let here = *at;
                *at *= mean / f64::from(k);
                Some(here)
            });
            check::frequencies_are(&draws, pmf);
        }
    }

    #[test]
    fn domain() {
        let mut rng = crate::rng(1, 0);
        assert_eq!(poisson(&mut rng, 0.0), Ok(0.0));
        check::refuses(poisson(&mut rng, -1.0), "mean");
        check::refuses(poisson(&mut rng, f64::NAN), "mean");
        check::refuses(poisson(&mut rng, 1e300), "mean");
    }
}

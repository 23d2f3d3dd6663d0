//! Bernoulli and binomial draws.

use rand::Rng;

use super::gamma::standard_gamma;
use crate::error::Error;
use crate::uniform::unit;

/// Trials up to here are tossed one by one.
const FEW: u64 = 32;

/// 1 with probability `mean`, else 0.
///
/// # Errors
///
/// If the probability is outside `[0, 1]`.
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// let y = sim::draw::bernoulli(&mut rng, 0.3)?;
/// assert!(y == 0.0 || y == 1.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn bernoulli<R: Rng + ?Sized>(rng: &mut R, mean: f64) -> Result<f64, Error> {
    Ok(f64::from(u8::from(unit(rng) < probability(mean)?)))
}

/// The number of successes in `trials` with probability `mean` each: a count, divide by `trials` for a proportion.
///
/// Work grows with the logarithm of `trials`: the `a`-th smallest of `n` uniforms is `b ~ Beta(a, n + 1 − a)`, and
/// whether it lies below the probability settles half the trials at once (Relles 1972; Devroye 1986, section X.4.3).
///
/// # Errors
///
/// If the probability is outside `[0, 1]` or there are more than 2⁵² trials.
///
/// ```
/// let mut rng = sim::rng(1, 0);
/// let successes = sim::draw::binomial(&mut rng, 1000, 0.3)?;
/// assert!(successes > 200.0 && successes < 400.0);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn binomial<R: Rng + ?Sized>(rng: &mut R, trials: u64, mean: f64) -> Result<f64, Error> {
    if trials as f64 > super::LARGEST_COUNT {
        return Err(Error::Parameter { name: "trials", value: trials as f64, domain: "at most 2^52" });
    }
    Ok(successes(rng, trials, probability(mean)?) as f64)
}

pub(super) fn successes<R: Rng + ?Sized>(rng: &mut R, mut trials: u64, mut p: f64) -> u64 {
    let mut sure = 0;
    while trials > FEW {
        let (a, b) = (trials / 2 + 1, trials - trials / 2);
        let (x, y) = (standard_gamma(rng, a as f64), standard_gamma(rng, b as f64));
        let (median, rest) = (x / (x + y), y / (x + y));
        if median <= p {
            // The a smallest uniforms succeed; the others are uniform above the median.
            sure += a;
            trials -= a;
            p = (p - median) / rest;
        } else {
            // The a-th and all above fail; the others are uniform below it.
            trials = a - 1;
            p /= median;
        }
    }
    sure + (0..trials).map(|_| u64::from(unit(rng) < p)).sum::<u64>()
}

fn probability(value: f64) -> Result<f64, Error> {
    let good = (0.0..=1.0).contains(&value);
    if good { Ok(value) } else { Err(Error::Parameter { name: "mean", value, domain: "a probability, in [0, 1]" }) }
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::*;

    #[test]
    fn moments() {
        let cases = [(1_u64, 0.3), (20, 0.9), (33, 0.5), (1000, 0.02), (1_000_000, 0.7)];
        for (seed, (trials, p)) in cases.into_iter().enumerate() {
            let draws = check::sample(50_000, seed as u64, |rng| binomial(rng, trials, p));
            let n = trials as f64;
            let variance = n * p * (1.0 - p);
            check::moments_are(&draws, n * p, variance, variance * (1.0 - 2.0 * p));
        }
    }

    #[test]
    fn frequencies() {
        for (seed, (trials, p)) in [(10_u32, 0.25_f64), (40, 0.1), (200, 0.6)].into_iter().enumerate() {
            let draws = check::sample(100_000, 20 + seed as u64, |rng| binomial(rng, u64::from(trials), p));
            let n = f64::from(trials);
            let ratio = move |k: f64| (n - k) / (k + 1.0) * p / (1.0 - p);
            let pmf = (0..trials).scan((1.0 - p).powf(n), move |at, k| {
                let here = *at;
                *at *= ratio(f64::from(k));
                Some(here)
            });
            check::frequencies_are(&draws, pmf);
        }
    }

    #[test]
    fn certain_outcomes_and_domain() {
        let mut rng = crate::rng(1, 0);
        for trials in [0, 5, 1000] {
            assert_eq!(binomial(&mut rng, trials, 0.0), Ok(0.0));
            assert_eq!(binomial(&mut rng, trials, 1.0), Ok(trials as f64));
        }
        check::refuses(bernoulli(&mut rng, 1.5), "mean");
        check::refuses(binomial(&mut rng, 3, f64::NAN), "mean");
        check::refuses(binomial(&mut rng, u64::MAX, 0.5), "trials");
        let draws = check::sample(100_000, 9, |rng| bernoulli(rng, 0.2));
        check::mean_is(&draws, |y| y, 0.2);
    }
}

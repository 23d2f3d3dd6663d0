//! Uniform numbers and streams, made from the raw output of `ChaCha8` so that their values never change.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// 2⁻⁵³, the distance between neighbouring uniforms.
const STEP: f64 = 1.0 / (1_u64 << 53) as f64;

/// The data sets of this crate use streams from here on ("sim" in ASCII), so that they share no output with a caller's
/// own streams 0, 1, 2 … of the same seed.
pub(crate) const OWN_STREAMS: u64 = 0x0073_696d_0000_0000;

/// The generator of a seed and a stream: `ChaCha8Rng`, `seed_from_u64`, `set_stream`.
///
/// The stream is a task: a replicate, fold, epoch or layer, never a thread. Streams of one seed do not overlap.
///
/// ```
/// use sim::uniform::unit;
///
/// let mut first = sim::rng(1, 0);
/// let mut second = sim::rng(1, 1);
/// assert_ne!(unit(&mut first), unit(&mut second));
/// ```
pub fn rng(seed: u64, stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream);
    rng
}

/// A uniform on `[0, 1)`: `⌊u64 / 2¹¹⌋ · 2⁻⁵³`, a multiple of 2⁻⁵³.
pub fn unit<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    (rng.next_u64() >> 11) as f64 * STEP
}

/// A uniform on `(0, 1]`: `(⌊u64 / 2¹¹⌋ + 1) · 2⁻⁵³`, whose logarithm is finite.
pub fn positive_unit<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    ((rng.next_u64() >> 11) + 1) as f64 * STEP
}

/// A uniform on `[low, high)`: `low + (high − low) · unit`.
pub fn between<R: Rng + ?Sized>(rng: &mut R, low: f64, high: f64) -> f64 {
    low + (high - low) * unit(rng)
}

/// A whole number from `0` to `n − 1`, each exactly as likely (Lemire 2019, "Fast random integer generation in an
/// interval": multiply, and reject the few products that would favour some numbers).
///
/// # Panics
///
/// If `n` is zero.
pub fn below<R: Rng + ?Sized>(rng: &mut R, n: u64) -> u64 {
    assert!(n > 0, "there is no whole number below zero");
    let reject = n.wrapping_neg() % n; // 2^64 mod n
    loop {
        let product = u128::from(rng.next_u64()) * u128::from(n);
        #[expect(clippy::cast_possible_truncation, reason = "the two halves of the product")]
        let (high, low) = ((product >> 64) as u64, product as u64);
        if low >= reject {
            return high;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_equally_likely() {
        // 3·2^62 is where a plain remainder or an unrejected product would be grossly unfair: thirds of the range.
        let n = 3_u64 << 62;
        let mut rng = rng(7, 0);
        let mut thirds = [0_u32; 3];
        (0..30_000).for_each(|_| thirds[(below(&mut rng, n) >> 62) as usize] += 1);
        // 5 standard errors of a count with mean 10 000: 5 √(10 000 · 2/3).
        assert!(thirds.iter().all(|&count| count.abs_diff(10_000) < 408), "{thirds:?}");
        assert_eq!(below(&mut rng, 1), 0);
        assert!((0..1000).all(|_| below(&mut rng, 6) < 6));
    }

    #[test]
    fn uniforms_fill_their_interval() {
        let mut rng = rng(3, 5);
        let draws: Vec<f64> = (0..100_000).map(|_| between(&mut rng, -2.0, 2.0)).collect();
        assert!(draws.iter().all(|u| (-2.0..2.0).contains(u)));
        let mean = draws.iter().sum::<f64>() / 1e5;
        let square = draws.iter().map(|u| u * u).sum::<f64>() / 1e5;
        assert!(mean.abs() < 5.0 * (4.0_f64 / 3.0 / 1e5).sqrt(), "{mean}");
        assert!((square - 4.0 / 3.0).abs() < 5.0 * ((16.0_f64 / 5.0 - 16.0 / 9.0) / 1e5).sqrt(), "{square}");
    }
}

//! Dropout: features of a layer that are absent at random in training, so that none can lean on another.

use glm_core::Scalar;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::dense::check_width;
use crate::error::check_setting;
use crate::{Error, Layer, Recorded, Shape};

/// Inverted dropout: in training each feature is zero with probability p and multiplied by 1/(1 − p) otherwise, which
/// keeps its mean; outside training it is itself.
///
/// A mask costs one 32-bit word per feature and row, so p is honoured to 2⁻³².
///
/// Reference: Srivastava et al., Journal of Machine Learning Research 15 (2014), 1929–1958, §10.
///
/// ```
/// use nn::{Dropout, Layer};
/// let dropout = Dropout::new(1, 0.5)?;
/// let (mut out, mut tape) = ([0.0], [0.0]);
/// dropout.forward(&[], &[1.0, 3.0], &mut out, &mut tape);
/// assert_eq!(out, [3.0]);
/// # Ok::<(), nn::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    width: usize,
    probability: f64,
}

/// Random words fetched at a time.
const WORDS: usize = 256;

impl Dropout {
    /// Drops each of `width` features with this probability.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] unless 0 ≤ p < 1 and the width is positive.
    pub fn new(width: usize, probability: f64) -> Result<Self, Error> {
        check_width(width)?;
        let ok = (0.0..1.0).contains(&probability);
        check_setting("the dropout probability", probability, ok, "at least 0 and below 1")?;
        Ok(Self { width, probability })
    }

    /// p.
    #[must_use]
    pub fn probability(&self) -> f64 {
        self.probability
    }

    /// Writes 0 or 1/(1 − p) over each value.
    fn draw<S: Scalar>(&self, mask: &mut [S], rng: &mut ChaCha8Rng) {
        let kept = S::from_f64((1.0 - self.probability).recip());
        let threshold = self.probability * f64::from(u32::MAX) + self.probability;
        let mut bytes = [0; 4 * WORDS];
        for part in mask.chunks_mut(WORDS) {
            rng.fill_bytes(&mut bytes[..4 * part.len()]);
            for (value, word) in part.iter_mut().zip(bytes.as_chunks::<4>().0) {
                *value = if f64::from(u32::from_le_bytes(*word)) < threshold { S::default() } else { kept };
            }
        }
    }
}

impl<S: Scalar> Layer<S> for Dropout {
    fn shape(&self) -> Shape {
        Shape { inputs: self.width, outputs: self.width, tape: self.width }
    }
    fn forward(&self, _params: &[S], x: &[S], out: &mut [S], tape: &mut [S]) {
        tape.fill(S::from_f64(1.0));
        out.copy_from_slice(&x[x.len() - out.len()..]);
    }
    fn forward_in_training(&self, _params: &[S], x: &[S], out: &mut [S], tape: &mut [S], rng: &mut ChaCha8Rng) {
        self.draw(tape, rng);
        for (out, (x, factor)) in out.iter_mut().zip(x[x.len() - tape.len()..].iter().zip(&*tape)) {
            *out = *x * *factor;
        }
    }
    fn backward(&self, at: Recorded<'_, S>, delta: &mut [S], dx: &mut [S], _gradient: &mut [S]) {
        let ones = dx.len().saturating_sub(delta.len());
        for (dx, (delta, factor)) in dx[ones..].iter_mut().zip(delta.iter().zip(at.tape)) {
            *dx = *delta * *factor;
        }
    }
}

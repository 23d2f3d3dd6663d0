//! A layer: parallel GLMs whose means are the features of the next; and how it pulls a gradient back.

use std::fmt;
use std::ops::Range;

use glm_core::Scalar;
use rand_chacha::ChaCha8Rng;

/// q linear predictors side by side on p features: (p + 1)×q parameters, column by column.
///
/// Column j, `[intercept, weights…]`, is one GLM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// p, the intercept not counted.
    pub inputs: usize,
    /// q.
    pub outputs: usize,
}

impl Block {
    /// (p + 1)·q.
    #[must_use]
    pub fn n_params(self) -> usize {
        (self.inputs + 1) * self.outputs
    }

    /// Where the weights of each GLM are in the block's parameters; what lies between them are the intercepts.
    pub fn weights(self) -> impl Iterator<Item = Range<usize>> {
        let height = self.inputs + 1;
        (0..self.outputs).map(move |column| column * height + 1..(column + 1) * height)
    }
}

/// How wide a layer is and how much it remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Features in.
    pub inputs: usize,
    /// Means out.
    pub outputs: usize,
    /// Numbers per row that [`Layer::forward`] leaves on the tape for [`Layer::backward`].
    pub tape: usize,
}

/// What a forward pass knew, for the way back.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a, S> {
    /// The layer's parameters.
    pub params: &'a [S],
    /// m×(p + 1), the first column being ones.
    pub x: &'a [S],
    /// m×q, as `forward` left it.
    pub out: &'a [S],
    /// m×tape, as `forward` left it.
    pub tape: &'a [S],
}

/// A differentiable map of a block of m rows; the caller owns every buffer, so that a step allocates nothing.
///
/// Matrices are column-major. The features `x` come with a first column of ones, so that the intercepts are part of one
/// product; a layer reads that column and never changes it. A layer of your own is checked by
/// [`laws::layer`](crate::laws::layer). Implement it for every `S: Scalar` to use it in a
/// [`Network`](crate::Network).
pub trait Layer<S: Scalar>: fmt::Debug + Send + Sync {
    /// How wide the layer is.
    fn shape(&self) -> Shape;

    /// The means of the rows, and what [`backward`](Self::backward) needs to know, by writing over `out` and `tape`.
    fn forward(&self, params: &[S], x: &[S], out: &mut [S], tape: &mut [S]);

    /// Pulls ∂loss/∂out back: *adds* ∂loss/∂params to `gradient` and writes ∂loss/∂x over `dx`.
    ///
    /// `delta` is ∂loss/∂out, m×q, and may be used as scratch. `dx` is m×(p + 1) and its first column is never read; it
    /// is empty where nobody below has parameters.
    fn backward(&self, at: Recorded<'_, S>, delta: &mut [S], dx: &mut [S], gradient: &mut [S]);

    /// The parameters, as blocks one after the other: what initialisers fill and penalties shrink. None by default.
    fn blocks(&self) -> Vec<Block> {
        Vec::new()
    }

    /// The forward pass in training, for a layer that is random then. The draws must come from `rng` alone: it depends
    /// on the seed, the step, the layer and the rows, and never on the thread.
    fn forward_in_training(&self, params: &[S], x: &[S], out: &mut [S], tape: &mut [S], rng: &mut ChaCha8Rng) {
        let _ = rng;
        self.forward(params, x, out, tape);
    }
}

/// A layer in both storages, which is what a network holds.
pub trait AnyLayer: Layer<f32> + Layer<f64> {}

impl<L: Layer<f32> + Layer<f64>> AnyLayer for L {}

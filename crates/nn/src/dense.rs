//! A dense layer: a block of GLMs and the activation that is their inverse link.

use glm_core::{Activation, Scalar, kernel};

use crate::error::check_setting;
use crate::{Block, Error, Layer, Recorded, Shape};

/// A block and an activation: out = g⁻¹(`[1 x]·B`).
///
/// Three products of contiguous matrices are all there is: the linear predictors H = `[1 X]B`, the gradient `[1 X]ᵀΔ` and
/// what goes further down, `ΔBᵀ`; with Δ = ∂loss/∂M ∘ dμ/dη(H).
///
/// ```
/// use glm_core::Logit;
/// use nn::{Dense, Layer};
/// let layer = Dense::new(2, 1, Logit)?;
/// let (mut out, mut tape) = ([0.0], [0.0]);
/// layer.forward(&[-1.0, 1.0, 0.0], &[1.0, 1.0, 7.0], &mut out, &mut tape); // one row: x = (1, 7)
/// assert_eq!(out, [0.5]);
/// # Ok::<(), nn::Error>(())
/// ```
#[derive(Debug)]
pub struct Dense {
    block: Block,
    activation: Box<dyn Activation>,
}

impl Dense {
    /// `outputs` GLMs on `inputs` features.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where a width is zero or above 2²⁴.
    pub fn new(inputs: usize, outputs: usize, activation: impl Activation + 'static) -> Result<Self, Error> {
        check_width(inputs)?;
        check_width(outputs)?;
        Ok(Self { block: Block { inputs, outputs }, activation: Box::new(activation) })
    }

    /// The block.
    #[must_use]
    pub fn block(&self) -> Block {
        self.block
    }

    /// The activation.
    #[must_use]
    pub fn activation(&self) -> &dyn Activation {
        &*self.activation
    }
}

/// The widest layer: the parameters of two of them are counted without overflow.
const WIDEST: usize = 1 << 24;

/// Refuses a width of zero, and one that is a mistake.
#[expect(clippy::cast_precision_loss, reason = "a number for a message")]
pub(crate) fn check_width(width: usize) -> Result<(), Error> {
    check_setting("the width of a layer", width as f64, (1..=WIDEST).contains(&width), "from 1 to 16777216")
}

impl<S: Scalar> Layer<S> for Dense {
    fn shape(&self) -> Shape {
        Shape { inputs: self.block.inputs, outputs: self.block.outputs, tape: self.block.outputs }
    }
    fn forward(&self, params: &[S], x: &[S], out: &mut [S], tape: &mut [S]) {
        let Block { inputs, outputs } = self.block;
        kernel::multiply(tape, false, x, params, (x.len() / (inputs + 1), inputs + 1, outputs));
        S::mu_into(&*self.activation, tape, out);
    }
    fn backward(&self, at: Recorded<'_, S>, delta: &mut [S], dx: &mut [S], gradient: &mut [S]) {
        let (height, outputs) = (self.block.inputs + 1, self.block.outputs);
        let rows = at.x.len() / height;
        S::pull_back(&*self.activation, at.tape, at.out, delta);
        kernel::multiply_transposed(gradient, true, at.x, delta, (height, rows, outputs));
        if !dx.is_empty() {
            kernel::multiply_by_transpose(dx, false, delta, at.params, (rows, outputs, height));
        }
    }
    fn blocks(&self) -> Vec<Block> {
        vec![self.block]
    }
}

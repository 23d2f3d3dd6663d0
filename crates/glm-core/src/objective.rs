//! Anything with a loss and a gradient: a GLM on data, a network on a batch, a penalised wrapper of either.

use crate::{Error, Expansion, Order};

/// A function of the parameters that a solver or an optimiser can descend.
///
/// `glm-solvers` and `nn` do not know each other; they meet here.
pub trait Objective {
    /// The number of parameters.
    fn n_params(&self) -> usize;

    /// Writes loss, gradient and curvature at `params`, as far as `order` asks, over whatever `into` held.
    ///
    /// A point outside the domain is not an error: its loss is infinite.
    ///
    /// # Errors
    ///
    /// What reading the data can raise.
    fn evaluate(&self, params: &[f64], order: Order, into: &mut Expansion) -> Result<(), Error>;
}

//! Where training starts from.

use crate::error::check_setting;
use crate::random::{Draw, generator, uniform};
use crate::{Block, Error, Network};

/// Starting parameters.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Initial {
    /// Weights ~ U(−a, a) with a = √(6/(p + q)), intercepts zero.
    ///
    /// Reference: Glorot & Bengio, Proceedings of Machine Learning Research 9 (2010), 249–256, equation 16.
    #[default]
    Glorot,
    /// Weights ~ U(−a, a) with a = √(6/p), which has the variance 2/p; intercepts zero. For relu and its kin.
    ///
    /// Reference: He et al., Proceedings of ICCV (2015), 1026–1034, equation 10.
    He,
    /// Weights and intercepts ~ U(−a, a).
    Uniform(f64),
    /// All zero: right for a GLM, but the GLMs of a hidden layer would never differ from each other.
    Zero,
    /// These, in the order of [`Network::blocks`].
    Given(Vec<f64>),
}

impl Initial {
    /// The parameters for a network.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a half-width that is not positive and finite or a given parameter that is not finite,
    /// [`Error::Mismatch`] for the wrong number of them.
    pub fn params(&self, network: &Network, seed: u64) -> Result<Vec<f64>, Error> {
        if let Self::Uniform(a) = self {
            check_setting("the half-width of the starting parameters", *a, *a > 0.0 && a.is_finite(), "above 0")?;
        }
        if let Self::Given(given) = self {
            network.check_params(given.len())?;
            let odd = given.iter().find(|value| !value.is_finite());
            return odd.map_or(Ok(given.clone()), |value| {
                Err(Error::Setting { what: "a starting parameter", value: *value, allowed: "finite" })
            });
        }
        let mut params = Vec::with_capacity(network.n_params());
        for (index, block) in network.blocks().into_iter().enumerate() {
            let (half_width, intercepts) = self.half_width(block);
            let mut rng = generator(seed, Draw::Initial { block: index });
            for position in 0..block.n_params() {
                let drawn = intercepts || position % (block.inputs + 1) != 0;
                params.push(if drawn { half_width * (2.0 * uniform(&mut rng) - 1.0) } else { 0.0 });
            }
        }
        Ok(params)
    }

    /// The half-width, and whether intercepts are drawn too.
    #[expect(clippy::cast_precision_loss, reason = "widths are below 2^53")]
    fn half_width(&self, Block { inputs, outputs }: Block) -> (f64, bool) {
        match self {
            Self::Glorot => ((6.0 / (inputs + outputs) as f64).sqrt(), false),
            Self::He => ((6.0 / inputs as f64).sqrt(), false),
            Self::Uniform(half_width) => (*half_width, true),
            Self::Zero | Self::Given(_) => (0.0, false),
        }
    }
}

//! A network: hidden layers, then a block, then a response. With no hidden layer it is a GLM.

use std::sync::Arc;

use glm_core::{Activation, Response};

use crate::dense::check_width;
use crate::pass::{Lane, Plan, Task, Wanted};
use crate::rows::Rows;
use crate::{AnyLayer, Block, Data, Dense, Dropout, Error, Layer, NetworkObjective, Output, Shape, Storage, Trained};

/// Layers from the features upwards, and the response on top.
///
/// The parameters are one flat slice: the layers' blocks from the features upwards, then the top block, each
/// column-major with intercepts first.
///
/// ```
/// use glm_core::{Binomial, CanonicalGlm, Logit};
/// use nn::Network;
/// let regression = Network::new(10, Box::new(CanonicalGlm::new(Binomial)))?;
/// assert_eq!(regression.n_params(), 11);
/// let network = regression.hidden(32, Logit)?.dropout(0.1)?.hidden(8, Logit)?;
/// assert_eq!(network.n_params(), 11 * 32 + 33 * 8 + 9);
/// # Ok::<(), nn::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Network {
    inputs: usize,
    layers: Vec<Arc<dyn AnyLayer>>,
    output: Output,
}

impl Network {
    /// The GLM of this response on `inputs` features.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where there are no features, or more than 2²⁴ of them or of predictors.
    pub fn new(inputs: usize, response: Box<dyn Response>) -> Result<Self, Error> {
        Self::with_output(inputs, Output::new(response))
    }

    /// GLMs side by side on `inputs` features.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where there are no features, or more than 2²⁴ of them or of predictors.
    pub fn with_output(inputs: usize, output: Output) -> Result<Self, Error> {
        check_width(inputs)?;
        check_width(output.n_predictors())?;
        Ok(Self { inputs, layers: Vec::new(), output })
    }

    /// Puts `width` GLMs below the top; their means are its features now.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] where the width is zero or above 2²⁴.
    pub fn hidden(self, width: usize, activation: impl Activation + 'static) -> Result<Self, Error> {
        let layer = Dense::new(self.top().inputs, width, activation)?;
        self.layer(layer)
    }

    /// Drops features of whatever comes next, the layer added after this or the top, with this probability.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] unless 0 ≤ p < 1.
    pub fn dropout(self, probability: f64) -> Result<Self, Error> {
        let layer = Dropout::new(self.top().inputs, probability)?;
        if probability > 0.0 { self.layer(layer) } else { Ok(self) }
    }

    /// Puts a layer of any kind below the top.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] where the layer does not read as many features as there are.
    pub fn layer(mut self, layer: impl AnyLayer + 'static) -> Result<Self, Error> {
        let Shape { inputs, outputs, .. } = Layer::<f64>::shape(&layer);
        let expected = self.top().inputs;
        if inputs != expected {
            let advice = "make the layer as wide as what it reads";
            return Err(Error::Mismatch { what: "inputs of a layer", expected, found: inputs, advice });
        }
        check_width(outputs)?;
        self.layers.push(Arc::new(layer));
        Ok(self)
    }

    /// Features in.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The layers below the top, from the features upwards.
    #[must_use]
    pub fn layers(&self) -> &[Arc<dyn AnyLayer>] {
        &self.layers
    }

    /// The response, or several.
    #[must_use]
    pub fn output(&self) -> &Output {
        &self.output
    }

    /// The top block.
    #[must_use]
    pub fn top(&self) -> Block {
        let inputs = self.layers.last().map_or(self.inputs, |layer| f64::layer(&**layer).shape().outputs);
        Block { inputs, outputs: self.output.n_predictors() }
    }

    /// All blocks in the order of the parameters, the top last.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        let layers = self.layers.iter().flat_map(|layer| f64::layer(&**layer).blocks());
        layers.chain([self.top()]).collect()
    }

    /// The number of parameters.
    #[must_use]
    pub fn n_params(&self) -> usize {
        self.blocks().into_iter().map(Block::n_params).sum()
    }

    /// Loss and gradient on data, as a function of the parameters and without dropout.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] or [`Error::Core`] where the data do not fit the network.
    pub fn objective<'a>(&'a self, data: &'a Data<'a>) -> Result<NetworkObjective<'a>, Error> {
        self.check(data)?;
        Ok(NetworkObjective::new(self, data))
    }

    /// This network with parameters of any origin.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] where their number is wrong.
    pub fn with_params<S: Storage>(&self, params: Vec<S>) -> Result<Trained<S>, Error> {
        self.check_params(params.len())?;
        Ok(Trained::untrained(self.clone(), params))
    }

    /// ∂loss/∂x, n×p and column-major: how the loss of each row, times its prior weight, depends on its features.
    ///
    /// # Errors
    ///
    /// [`Error::Mismatch`] or [`Error::Core`] where the data or the parameters do not fit the network.
    pub fn sensitivity(&self, params: &[f64], data: &Data<'_>) -> Result<Vec<f64>, Error> {
        self.check(data)?;
        self.check_params(params.len())?;
        let n = data.n_rows();
        let wanted = Wanted::Sensitivity;
        let plan = Plan::<f64>::new(self, wanted);
        let mut lane = Lane::new(&plan, n);
        let mut out = vec![0.0; n * self.inputs];
        for rows in glm_core::blocks(0..n) {
            lane.sensitivity.clear();
            lane.run(&plan, &Task { params, data, rows: Rows::Range(rows.clone()), wanted, noise: None }, 0);
            for (out, column) in out.chunks_exact_mut(n).zip(lane.sensitivity.chunks_exact(rows.len())) {
                out[rows.clone()].copy_from_slice(column);
            }
        }
        Ok(out)
    }

    /// Checks that data fit the network.
    pub(crate) fn check(&self, data: &Data<'_>) -> Result<(), Error> {
        self.check_features(data)?;
        self.output.check(data)
    }

    /// Checks the number of features.
    pub(crate) fn check_features(&self, data: &Data<'_>) -> Result<(), Error> {
        let (expected, found) = (self.inputs, data.n_features());
        let advice = "give the network as many columns as it has inputs";
        if expected == found { Ok(()) } else { Err(Error::Mismatch { what: "features", expected, found, advice }) }
    }

    /// Checks the number of parameters.
    pub(crate) fn check_params(&self, found: usize) -> Result<(), Error> {
        let expected = self.n_params();
        let advice = "see Network::blocks for their order";
        if expected == found { Ok(()) } else { Err(Error::Mismatch { what: "parameters", expected, found, advice }) }
    }
}

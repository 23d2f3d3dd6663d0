//! What a model is: the specification, read like a sentence.

use glm_frame::{Formula, Frame, Missing, Options};
use nn::Observer;
use serde::{Deserialize, Serialize};

use crate::{
    CovarianceChoice, DispersionChoice, Error, Model, Nested, SolverChoice, Training, WeightsKind, regression,
};

/// A model that is not fitted yet. Climbing the ladder from regression to network changes [`hidden`](Self::hidden) and
/// nothing else.
///
/// ```
/// use glm_model::{DispersionChoice, ModelSpec};
/// let spec = ModelSpec::new("cost ~ log(age) * region").family("gamma").link("log").weights("claims").omit_missing();
/// assert_eq!((spec.hidden.len(), spec.dispersion), (0, DispersionChoice::Family));
/// let network = spec.hidden([32, 16]).activation("gelu");
/// assert_eq!(network.columns(&["age", "cost", "region", "claims"])?, ["cost", "age", "region", "claims"]);
/// # Ok::<(), glm_model::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    /// In R's language: `y ~ a + log(b) + offset(log(t))`.
    pub formula: String,
    /// A name that [`glm_core::spec`] reads; also `negative-binomial` and `tweedie`, whose θ and power are then estimated,
    /// `multinomial` and `ordinal`.
    pub family: String,
    /// The link; the family's own without it.
    pub link: Option<String>,
    /// The column of weights.
    pub weights: Option<String>,
    /// What the weights mean.
    pub weights_kind: WeightsKind,
    /// The column of the numbers of trials of a binomial response that is a proportion.
    pub trials: Option<String>,
    /// The column that is added to the linear predictor.
    pub offset: Option<String>,
    /// The column whose logarithm is added to the linear predictor.
    pub exposure: Option<String>,
    /// The method.
    pub solver: SolverChoice,
    /// The score, in standard errors, at which the method stops; its own without it.
    pub tolerance: Option<f64>,
    /// The steps after which the method stops; its own without it.
    pub max_iterations: Option<usize>,
    /// Coefficients to start from.
    pub start: Option<Vec<f64>>,
    /// How the dispersion is found.
    pub dispersion: DispersionChoice,
    /// Whether bias is reduced by Firth's adjusted score.
    pub bias_reduction: bool,
    /// What the covariance rests on.
    pub covariance: CovarianceChoice,
    /// What is done with rows that have missing values.
    pub missing: Missing,
    /// The level of confidence intervals.
    pub conf_level: f64,
    /// Widths of the hidden layers, from the features upwards; empty is the regression.
    pub hidden: Vec<usize>,
    /// The activation of hidden layers, one of [`glm_core::spec::ACTIVATIONS`] or `sigmoid`.
    pub activation: String,
    /// Whether the network is added to the regression of the same formula, which is fitted first and stays as it is.
    pub skip: bool,
    /// The fitted regression that the network is added to; see [`nest`](Self::nest).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nested: Option<Box<Nested>>,
    /// How a network is trained.
    pub training: Training,
}

impl ModelSpec {
    /// A Gaussian regression by this formula.
    #[must_use]
    pub fn new(formula: impl Into<String>) -> Self {
        Self {
            formula: formula.into(),
            family: "gaussian".to_owned(),
            link: None,
            weights: None,
            weights_kind: WeightsKind::default(),
            trials: None,
            offset: None,
            exposure: None,
            solver: SolverChoice::default(),
            tolerance: None,
            max_iterations: None,
            start: None,
            dispersion: DispersionChoice::default(),
            bias_reduction: false,
            covariance: CovarianceChoice::default(),
            missing: Missing::default(),
            conf_level: 0.95,
            hidden: Vec::new(),
            activation: "relu".to_owned(),
            skip: false,
            nested: None,
            training: Training::default(),
        }
    }

    /// Of this family.
    #[must_use]
    pub fn family(self, family: impl Into<String>) -> Self {
        Self { family: family.into(), ..self }
    }

    /// With this link.
    #[must_use]
    pub fn link(self, link: impl Into<String>) -> Self {
        Self { link: Some(link.into()), ..self }
    }

    /// With this column of weights.
    #[must_use]
    pub fn weights(self, column: impl Into<String>) -> Self {
        Self { weights: Some(column.into()), ..self }
    }

    /// With weights of this kind.
    #[must_use]
    pub fn weights_kind(self, kind: WeightsKind) -> Self {
        Self { weights_kind: kind, ..self }
    }

    /// With this column of numbers of trials.
    #[must_use]
    pub fn trials(self, column: impl Into<String>) -> Self {
        Self { trials: Some(column.into()), ..self }
    }

    /// With this column added to the linear predictor.
    #[must_use]
    pub fn offset(self, column: impl Into<String>) -> Self {
        Self { offset: Some(column.into()), ..self }
    }

    /// With the logarithm of this column added to the linear predictor.
    #[must_use]
    pub fn exposure(self, column: impl Into<String>) -> Self {
        Self { exposure: Some(column.into()), ..self }
    }

    /// By this method.
    #[must_use]
    pub fn solver(self, solver: SolverChoice) -> Self {
        Self { solver, ..self }
    }

    /// From these coefficients.
    #[must_use]
    pub fn start(self, start: impl Into<Vec<f64>>) -> Self {
        Self { start: Some(start.into()), ..self }
    }

    /// With this dispersion.
    #[must_use]
    pub fn dispersion(self, dispersion: DispersionChoice) -> Self {
        Self { dispersion, ..self }
    }

    /// With Firth's bias reduction.
    #[must_use]
    pub fn bias_reduction(self) -> Self {
        Self { bias_reduction: true, ..self }
    }

    /// With this covariance.
    #[must_use]
    pub fn covariance(self, covariance: CovarianceChoice) -> Self {
        Self { covariance, ..self }
    }

    /// With rows with missing values left out.
    #[must_use]
    pub fn omit_missing(self) -> Self {
        Self { missing: Missing::Omit, ..self }
    }

    /// With confidence intervals of this level.
    #[must_use]
    pub fn conf_level(self, level: f64) -> Self {
        Self { conf_level: level, ..self }
    }

    /// As a network with hidden layers of these widths.
    #[must_use]
    pub fn hidden(self, widths: impl Into<Vec<usize>>) -> Self {
        Self { hidden: widths.into(), ..self }
    }

    /// With this activation of hidden layers.
    #[must_use]
    pub fn activation(self, activation: impl Into<String>) -> Self {
        Self { activation: activation.into(), ..self }
    }

    /// On top of the regression of the same formula: the network begins as it, and learns what is added to its linear
    /// predictor.
    #[must_use]
    pub fn skip(self) -> Self {
        Self { skip: true, ..self }
    }

    /// On top of this fitted regression, perhaps of another formula: until the first step of training the network *is* the
    /// regression, bit for bit.
    ///
    /// ```
    /// use glm_model::{Frame, ModelSpec, ReadOptions};
    /// let frame = Frame::from_bytes(b"y,x\n1,0\n3,1\n5,2\n5,3\n4,4\n", &ReadOptions::default())?;
    /// let line = ModelSpec::new("y ~ x").fit(&frame)?;
    /// let curve = ModelSpec::new("y ~ x").hidden([4]).activation("tanh").nest(&line)?.fit(&frame)?;
    /// assert!(curve.evaluate(&frame)?.rmse < line.evaluate(&frame)?.rmse);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] where the model is a network itself.
    pub fn nest(self, regression: &Model) -> Result<Self, Error> {
        match Nested::of(regression) {
            Some(nested) => Ok(Self { nested: Some(Box::new(nested)), ..self }),
            None => Err(Error::Usage { message: "a network is nested on a regression, not on a network".to_owned() }),
        }
    }

    /// Trained like this.
    #[must_use]
    pub fn training(self, training: Training) -> Self {
        Self { training, ..self }
    }

    /// The columns that a fit needs of a file with columns of these names, each once; `.` is all of them. Whether the file
    /// has them is found by reading it.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] with a caret where the formula cannot be read.
    pub fn columns(&self, names: &[&str]) -> Result<Vec<String>, Error> {
        let terms = Formula::parse(&self.formula).and_then(|formula| formula.terms(names));
        let terms = terms.map_err(|fault| Error::Data(fault.into()))?;
        let mut columns: Vec<String> = terms.columns().into_iter().map(str::to_owned).collect();
        for name in self.further_columns() {
            if !columns.contains(name) {
                columns.push(name.clone());
            }
        }
        Ok(columns)
    }

    /// Fits the model to a table.
    ///
    /// ```
    /// use glm_model::{Frame, ModelSpec, ReadOptions};
    /// let frame = Frame::from_bytes(b"y,x\n1,0\n3,1\n5,2\n", &ReadOptions::default())?;
    /// let model = ModelSpec::new("y ~ x").fit(&frame)?;
    /// assert!(model.summary().coefficients[1].estimate.is_some_and(|slope| (slope - 2.0).abs() < 1e-12));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`]: the data, the formula, a name or a setting is wrong, or there is no fit or none was reached.
    pub fn fit(&self, frame: &Frame) -> Result<Model, Error> {
        self.fit_watched(frame, &mut ())
    }

    /// [`fit`](Self::fit), with somebody who is told of each epoch of a network's training.
    ///
    /// # Errors
    ///
    /// As [`fit`](Self::fit).
    pub fn fit_watched(&self, frame: &Frame, observer: &mut dyn Observer) -> Result<Model, Error> {
        regression::fit(self, frame, observer)
    }

    /// The columns beside the formula's.
    pub(crate) fn further_columns(&self) -> impl Iterator<Item = &String> {
        [self.weights.as_ref(), self.trials.as_ref(), self.offset.as_ref(), self.exposure.as_ref()]
            .into_iter()
            .flatten()
            .chain(self.covariance.cluster())
    }

    /// How the formula meets data.
    pub(crate) fn options(&self) -> Options {
        let complete = [&self.weights, &self.trials].into_iter().flatten().chain(self.covariance.cluster()).cloned();
        Options {
            missing: self.missing,
            complete: complete.collect(),
            offset: self.offset.clone(),
            exposure: self.exposure.clone(),
            ..Options::default()
        }
    }
}

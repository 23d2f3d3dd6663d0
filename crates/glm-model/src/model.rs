//! A fitted model. It holds no data.

use std::path::Path;

use glm_core::Response;
use glm_frame::{Columns, FittedDesign, Frame, Input};
use glm_stats::{Estimates, FitSummary};

use crate::network::FittedNetwork;
use crate::ordinal::FittedOrdinal;
use crate::{Error, ModelSpec, PredictOptions, Prediction, Scores, Summary, evaluation, prediction, saved};

/// A fitted model: what it was asked to be, what it learnt, and what it says of itself.
#[derive(Debug, Clone)]
pub struct Model {
    pub(crate) spec: ModelSpec,
    pub(crate) design: FittedDesign,
    pub(crate) fitted: Fitted,
    pub(crate) summary: Summary,
}

/// What was estimated.
#[derive(Debug, Clone)]
pub(crate) enum Fitted {
    /// The rungs without hidden layers.
    Regression {
        /// What inference needs.
        estimates: Box<Estimates>,
        /// What a comparison needs.
        comparison: Box<FitSummary>,
    },
    /// The rungs with hidden layers.
    Network(Box<FittedNetwork>),
    /// Ordered classes.
    Ordinal(FittedOrdinal),
}

impl Fitted {
    /// The response that was fitted.
    pub(crate) fn response(&self) -> Result<Box<dyn Response>, Error> {
        let name = match self {
            Self::Regression { estimates, .. } => estimates.response(),
            Self::Network(network) => network.response(),
            Self::Ordinal(ordinal) => return Ok(Box::new(ordinal.response()?)),
        };
        glm_core::spec::response(name).map_err(Error::Name)
    }

    /// The linear predictors of the rows that are used, predictor by predictor.
    pub(crate) fn eta(&self, frame: &Frame, columns: &Columns<'_>) -> Result<Vec<f64>, Error> {
        match self {
            Self::Network(network) => network.eta(frame, columns),
            Self::Ordinal(ordinal) => ordinal.cuts(columns),
            Self::Regression { estimates, .. } => {
                let offset = columns.offset().unwrap_or_default().repeat(estimates.n_predictors());
                Ok(estimates.linear_predictor(&*columns.design()?, &offset)?)
            }
        }
    }
}

impl Model {
    pub(crate) fn new(spec: ModelSpec, design: FittedDesign, fitted: Fitted, summary: Summary) -> Self {
        Self { spec, design, fitted, summary }
    }

    /// The specification that was fitted.
    #[must_use]
    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// What the fit says.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// What the formula learnt from the data.
    #[must_use]
    pub fn design(&self) -> &FittedDesign {
        &self.design
    }

    /// What [`glm_stats::compare`] needs of it; `None` for a network and for ordered classes.
    #[must_use]
    pub fn comparison(&self) -> Option<&FitSummary> {
        match &self.fitted {
            Fitted::Regression { comparison, .. } => Some(comparison),
            Fitted::Network(_) | Fitted::Ordinal(_) => None,
        }
    }

    /// The estimates and their covariance; `None` for a network and for ordered classes.
    #[must_use]
    pub fn estimates(&self) -> Option<&Estimates> {
        match &self.fitted {
            Fitted::Regression { estimates, .. } => Some(estimates),
            Fitted::Network(_) | Fitted::Ordinal(_) => None,
        }
    }

    /// The columns that predictions need of a table.
    #[must_use]
    pub fn inputs(&self) -> Vec<Input> {
        self.design.inputs().into_iter().filter(|input| input.predicts).collect()
    }

    /// The means of new rows, with standard errors where the model has them (a network and classes do not).
    ///
    /// ```
    /// use glm_model::{Frame, ModelSpec, ReadOptions};
    /// let text = "y,x\n0,1\n0,2\n1,2\n0,3\n1,4\n1,5\n";
    /// let frame = Frame::from_bytes(text.as_bytes(), &ReadOptions::default())?;
    /// let model = ModelSpec::new("y ~ x").family("binomial").fit(&frame)?;
    /// let new = Frame::from_bytes(b"x\n3\nNA\n", &ReadOptions::default())?;
    /// let prediction = model.predict(&new)?;
    /// assert!(prediction.fit[0] > 0.3 && prediction.fit[0] < 0.7 && prediction.fit[1].is_nan());
    /// assert!(prediction.std_error.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Data`]: a column is missing or of another type, or a level is new.
    pub fn predict(&self, frame: &Frame) -> Result<Prediction, Error> {
        self.predict_with(frame, &PredictOptions::default())
    }

    /// Predictions of new rows, on the scale and with the interval that is asked for.
    ///
    /// ```
    /// use glm_model::{Frame, Interval, ModelSpec, PredictOptions, ReadOptions};
    /// let text = "y,x\n0,1\n0,2\n1,2\n0,3\n1,4\n1,5\n";
    /// let frame = Frame::from_bytes(text.as_bytes(), &ReadOptions::default())?;
    /// let model = ModelSpec::new("y ~ x").family("binomial").fit(&frame)?;
    /// let options = PredictOptions { interval: Some(Interval::Confidence), ..PredictOptions::default() };
    /// let prediction = model.predict_with(&frame, &options)?;
    /// assert!(prediction.conf_low.is_some_and(|low| low.iter().all(|p| *p > 0.0)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict); [`Error::Inference`] for an interval that there is not.
    pub fn predict_with(&self, frame: &Frame, options: &PredictOptions) -> Result<Prediction, Error> {
        prediction::predict(self, frame, options)
    }

    /// How well the model predicts the responses of a table, by the policy for missing values that it was fitted with.
    ///
    /// ```
    /// use glm_model::{Frame, ModelSpec, ReadOptions};
    /// let text = "y,x\n0,1\n0,2\n1,2\n0,3\n1,4\n1,5\n";
    /// let frame = Frame::from_bytes(text.as_bytes(), &ReadOptions::default())?;
    /// let model = ModelSpec::new("y ~ x").family("binomial").fit(&frame)?;
    /// assert!(model.evaluate(&frame)?.auc.is_some_and(|auc| (auc - 7.5 / 9.0).abs() < 1e-15));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`predict`](Self::predict); [`Error::Data`] without the response, and [`Error::Value`] for one that the family
    /// cannot have.
    pub fn evaluate(&self, frame: &Frame) -> Result<Scores, Error> {
        evaluation::evaluate(self, frame)
    }

    /// As the text of a model file.
    ///
    /// # Errors
    ///
    /// [`Error::NotFinite`] for a number that JSON does not have; [`Error::ModelFile`] where it cannot be written otherwise.
    pub fn to_json(&self) -> Result<String, Error> {
        saved::to_json(self)
    }

    /// From the text of a model file.
    ///
    /// # Errors
    ///
    /// [`Error::ModelFile`] with what is wrong.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        saved::from_json(json)
    }

    /// Writes a model file, beside its place and then renamed, so that it is whole or not there.
    ///
    /// ```
    /// use glm_model::{Frame, Model, ModelSpec, ReadOptions};
    /// let text = "y,x\n0,1\n0,2\n1,2\n0,3\n1,4\n1,5\n";
    /// let frame = Frame::from_bytes(text.as_bytes(), &ReadOptions::default())?;
    /// let model = ModelSpec::new("y ~ x").family("binomial").fit(&frame)?;
    /// let file = std::env::temp_dir().join("glm-model-doc.json");
    /// model.save(&file)?;
    /// assert_eq!(Model::load(&file)?.predict(&frame)?, model.predict(&frame)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`to_json`](Self::to_json); [`Error::ModelFile`] with what the system says.
    pub fn save(&self, file: &Path) -> Result<(), Error> {
        saved::save(self, file)
    }

    /// Reads a model file.
    ///
    /// # Errors
    ///
    /// [`Error::ModelFile`] with what is wrong.
    pub fn load(file: &Path) -> Result<Self, Error> {
        saved::load(file)
    }
}

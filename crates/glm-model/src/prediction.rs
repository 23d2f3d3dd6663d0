//! Predictions for the rows of a table, row by row.

use glm_core::Response;
use glm_frame::{Columns, Frame, Unseen};
use glm_stats::{Estimates, Scale};

use crate::model::Fitted;
use crate::{CovarianceChoice, Error, Model};

/// Which interval a prediction has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interval {
    /// Of the mean.
    Confidence,
    /// Of a new response.
    Prediction,
}

/// What is predicted, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PredictOptions {
    /// The mean or the linear predictor.
    pub scale: Scale,
    /// The interval, if any.
    pub interval: Option<Interval>,
    /// Its level.
    pub level: f64,
    /// What is done with levels that the data of the fit did not have.
    pub unseen: Unseen,
}

impl Default for PredictOptions {
    fn default() -> Self {
        Self { scale: Scale::Response, interval: None, level: 0.95, unseen: Unseen::Error }
    }
}

/// One prediction per row of a table, in its order; NaN where a row has missing values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prediction {
    /// The prediction; empty for classes, except for x'β + offset of ordered ones on the scale of the link.
    pub fit: Vec<f64>,
    /// Its standard error.
    pub std_error: Option<Vec<f64>>,
    /// The lower end of the interval that was asked for.
    pub conf_low: Option<Vec<f64>>,
    /// The upper end.
    pub conf_high: Option<Vec<f64>>,
    /// For classes, what there is of each.
    pub classes: Vec<ClassPrediction>,
    /// Rows without a prediction because of missing values.
    pub omitted: Vec<usize>,
}

/// The prediction of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassPrediction {
    /// The level.
    pub level: String,
    /// Its probability, or its linear predictor against the first level, row by row.
    pub fit: Vec<f64>,
}

pub(crate) fn predict(model: &Model, frame: &Frame, options: &PredictOptions) -> Result<Prediction, Error> {
    let design = model.design.clone().with_unseen(options.unseen);
    let columns = design.columns(frame)?;
    let spread = Spread { columns: &columns, n_rows: frame.n_rows() };
    let response = model.fitted.response()?;
    if options.interval == Some(Interval::Prediction) && model.spec.covariance != CovarianceChoice::Model {
        let message = "with a robust covariance the variance of one more row is not known, so there is no prediction \
                       interval; ask for the confidence interval of the mean";
        return Err(Error::Usage { message: message.to_owned() });
    }
    match &model.fitted {
        Fitted::Regression { estimates, .. } if response.n_predictors() == 1 => {
            single(estimates, &*response, &spread, options)
        }
        fitted => {
            if options.interval.is_some() {
                return Err(glm_stats::Error::NoSinglePredictor { response: response.name() }.into());
            }
            if let (Fitted::Ordinal(ordinal), Scale::Link) = (fitted, options.scale) {
                let eta = if columns.n_rows() == 0 { Vec::new() } else { ordinal.slopes(&columns)? };
                let omitted = columns.omitted().to_vec();
                return Ok(Prediction { fit: spread.all(&eta), omitted, ..Prediction::default() });
            }
            let eta = if columns.n_rows() == 0 { Vec::new() } else { fitted.eta(frame, &columns)? };
            Ok(means_alone(model, &*response, &eta, &spread, options.scale))
        }
    }
}

/// Puts the values of used rows in their places among all rows.
struct Spread<'a> {
    columns: &'a Columns<'a>,
    n_rows: usize,
}

impl Spread<'_> {
    fn all(&self, used: &[f64]) -> Vec<f64> {
        let mut all = vec![f64::NAN; self.n_rows];
        used.iter().enumerate().for_each(|(row, value)| all[self.columns.row(row)] = *value);
        all
    }

    fn offset(&self) -> &[f64] {
        self.columns.offset().unwrap_or_default()
    }
}

fn single(
    estimates: &Estimates,
    response: &dyn Response,
    spread: &Spread<'_>,
    options: &PredictOptions,
) -> Result<Prediction, Error> {
    if spread.columns.n_rows() == 0 {
        let nothing = || vec![f64::NAN; spread.n_rows];
        let bound = options.interval.map(|_| nothing());
        return Ok(Prediction {
            fit: nothing(),
            std_error: Some(nothing()),
            conf_low: bound.clone(),
            conf_high: bound,
            classes: Vec::new(),
            omitted: spread.columns.omitted().to_vec(),
        });
    }
    let design = spread.columns.design()?;
    let found = estimates.predict(response, &*design, spread.offset())?;
    let bounds = match (options.interval, options.scale) {
        (None, _) => None,
        (Some(Interval::Confidence), scale) => Some(found.confidence(scale, options.level)?),
        (Some(Interval::Prediction), _) => Some(found.prediction(options.level, &[])?),
    };
    Ok(Prediction {
        fit: spread.all(found.fit(options.scale)),
        std_error: Some(spread.all(found.std_error(options.scale))),
        conf_low: bounds.as_ref().map(|bounds| spread.all(&bounds.low)),
        conf_high: bounds.as_ref().map(|bounds| spread.all(&bounds.high)),
        classes: Vec::new(),
        omitted: spread.columns.omitted().to_vec(),
    })
}

/// Predictions without standard errors: of classes, and of networks.
fn means_alone(model: &Model, response: &dyn Response, eta: &[f64], spread: &Spread<'_>, scale: Scale) -> Prediction {
    let (n, k) = (spread.columns.n_rows(), response.n_means());
    let values = match scale {
        Scale::Response => means(response, eta, n),
        // The first classes may have no predictor of their own, which is zero.
        Scale::Link => vec![0.0; n * (k - response.n_predictors())].into_iter().chain(eta.iter().copied()).collect(),
    };
    let of = |place: usize| spread.all(values.get(place * n..(place + 1) * n).unwrap_or_default());
    let levels = model.design.response_levels().unwrap_or_default();
    let class = |(place, level): (usize, &String)| ClassPrediction { level: level.clone(), fit: of(place) };
    Prediction {
        fit: if k == 1 { of(0) } else { Vec::new() },
        std_error: None,
        conf_low: None,
        conf_high: None,
        classes: if k == 1 { Vec::new() } else { levels.iter().enumerate().map(class).collect() },
        omitted: spread.columns.omitted().to_vec(),
    }
}

/// μ, class by class; NaN where η is, or is outside the link's domain.
pub(crate) fn means(response: &dyn Response, eta: &[f64], n: usize) -> Vec<f64> {
    let mut mu = vec![0.0; n * response.n_means()];
    response.mean(eta, &mut mu);
    if let Some(domain) = response.link().map(glm_core::Link::domain) {
        let outside = mu.iter_mut().zip(eta).filter(|(_, eta)| !domain.contains(**eta));
        outside.for_each(|(mu, _)| *mu = f64::NAN);
    }
    mu
}

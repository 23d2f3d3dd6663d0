//! Predictions for the rows of a table, row by row.

use glm_core::{Response, spec as names};
use glm_frame::{Columns, Frame, Unseen};
use glm_stats::{Estimates, Scale};

use crate::model::Fitted;
use crate::{Error, Model};

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
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The prediction; empty for classes.
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
    match &model.fitted {
        Fitted::Regression { estimates, .. } => {
            let response = names::response(estimates.response()).map_err(Error::Name)?;
            match response.n_predictors() {
                1 => single(estimates, &*response, &spread, options),
                _ => classes(model, estimates, &*response, &spread, options),
            }
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

fn classes(
    model: &Model,
    estimates: &Estimates,
    response: &dyn Response,
    spread: &Spread<'_>,
    options: &PredictOptions,
) -> Result<Prediction, Error> {
    if options.interval.is_some() {
        return Err(glm_stats::Error::NoSinglePredictor { response: response.name() }.into());
    }
    let levels = model.design.response_levels().unwrap_or_default();
    let n = spread.columns.n_rows();
    let values = match (n, options.scale) {
        (0, _) => Vec::new(),
        (_, Scale::Response) => {
            let offset = spread.offset().repeat(response.n_predictors());
            estimates.means(response, &*spread.columns.design()?, &offset)?
        }
        (_, Scale::Link) => {
            let offset = spread.offset().repeat(response.n_predictors());
            let eta = estimates.linear_predictor(&*spread.columns.design()?, &offset)?;
            let reference = n * (response.n_means() - response.n_predictors());
            vec![0.0; reference].into_iter().chain(eta).collect()
        }
    };
    let class = |(place, level): (usize, &String)| ClassPrediction {
        level: level.clone(),
        fit: spread.all(values.get(place * n..(place + 1) * n).unwrap_or_default()),
    };
    Ok(Prediction {
        fit: Vec::new(),
        std_error: None,
        conf_low: None,
        conf_high: None,
        classes: levels.iter().enumerate().map(class).collect(),
        omitted: spread.columns.omitted().to_vec(),
    })
}

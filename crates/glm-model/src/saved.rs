//! The model file: versioned JSON, whole or not there, bit for bit what was saved.

use std::fs;
use std::path::Path;

use glm_frame::FittedDesign;
use glm_stats::{Estimates, FitSummary, SavedEstimates};
use serde::{Deserialize, Serialize};

use crate::finite::first_infinite;
use crate::model::Fitted;
use crate::network::FittedNetwork;
use crate::ordinal::FittedOrdinal;
use crate::{AtomicFile, Error, Model, ModelSpec, Summary};

/// What the file calls itself.
const FORMAT: &str = "glm-model";
/// The newest version, which is written.
const VERSION: u64 = 1;

/// What every version begins with.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u64>,
}

/// Version 1.
#[derive(Serialize, Deserialize)]
struct File {
    format: String,
    version: u64,
    spec: ModelSpec,
    design: FittedDesign,
    estimates: Option<SavedEstimates>,
    comparison: Option<FitSummary>,
    network: Option<FittedNetwork>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ordinal: Option<FittedOrdinal>,
    summary: Summary,
}

pub(crate) fn to_json(model: &Model) -> Result<String, Error> {
    let (mut estimates, mut comparison, mut network, mut ordinal) = (None, None, None, None);
    match &model.fitted {
        Fitted::Regression { estimates: own, comparison: compared } => {
            (estimates, comparison) = (Some(SavedEstimates::from(&**own)), Some((**compared).clone()));
        }
        Fitted::Network(own) => network = Some((**own).clone()),
        Fitted::Ordinal(own) => ordinal = Some(own.clone()),
    }
    let file = File {
        format: FORMAT.to_owned(),
        version: VERSION,
        spec: model.spec.clone(),
        design: model.design.clone(),
        estimates,
        comparison,
        network,
        ordinal,
        summary: model.summary.clone(),
    };
    if let Some((place, value)) = first_infinite(&file) {
        return Err(Error::NotFinite { place, value });
    }
    serde_json::to_string_pretty(&file).map_err(|error| wrong(format!("the model cannot be written: {error}")))
}

pub(crate) fn from_json(json: &str) -> Result<Model, Error> {
    let head: Head = serde_json::from_str(json).map_err(|error| unreadable(&error))?;
    match (head.format.as_deref(), head.version) {
        (Some(FORMAT), Some(VERSION)) => {}
        (Some(FORMAT), Some(version)) if version > VERSION => {
            let what =
                format!("the model has version {version}, and this program reads up to {VERSION}; use a newer one");
            return Err(wrong(what));
        }
        (Some(FORMAT), _) => return Err(wrong("the model file says no version that there ever was")),
        _ => return Err(wrong("this is JSON but not a saved model: it does not say `\"format\": \"glm-model\"`")),
    }
    let file: File = serde_json::from_str(json).map_err(|error| unreadable(&error))?;
    let damaged = |what: String| wrong(format!("the model file is damaged: {what}"));
    let fitted = match (file.estimates, file.comparison, file.network, file.ordinal) {
        (Some(saved), Some(comparison), None, None) => {
            let estimates = Estimates::try_from(saved).map_err(|error| damaged(error.to_string()))?;
            let (expected, found) = (file.design.names().len(), estimates.n_cols());
            if expected != found {
                return Err(damaged(format!("{found} coefficients for {expected} columns")));
            }
            Fitted::Regression { estimates: Box::new(estimates), comparison: Box::new(comparison) }
        }
        (None, None, Some(network), None) => {
            network.trained().map_err(|error| damaged(error.to_string()))?;
            Fitted::Network(Box::new(network))
        }
        (None, None, None, Some(ordinal)) if ordinal.n_cols() == file.design.names().len() => Fitted::Ordinal(ordinal),
        _ => return Err(damaged("it is neither a regression nor a network".to_owned())),
    };
    let response = fitted.response().map_err(|error| damaged(error.to_string()))?;
    if let Fitted::Regression { estimates, .. } = &fitted
        && estimates.n_predictors() != response.n_predictors()
    {
        let (expected, found) = (response.n_predictors(), estimates.n_predictors());
        return Err(damaged(format!("estimates of {found} linear predictors for a response that has {expected}")));
    }
    Ok(Model::new(file.spec, file.design, fitted, file.summary))
}

pub(crate) fn save(model: &Model, file: &Path) -> Result<(), Error> {
    let json = to_json(model)? + "\n";
    let written = AtomicFile::write_whole(file, json.as_bytes());
    written.map_err(|error| of_file(file, wrong(format!("the model cannot be saved: {error}"))))
}

pub(crate) fn load(file: &Path) -> Result<Model, Error> {
    let bytes = fs::read(file).map_err(|error| of_file(file, wrong(format!("the model cannot be read: {error}"))))?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| of_file(file, wrong("this is not a saved model: it is no text")))?;
    from_json(text).map_err(|error| of_file(file, error))
}

fn wrong(what: impl Into<String>) -> Error {
    Error::ModelFile { file: None, what: what.into() }
}

fn of_file(file: &Path, error: Error) -> Error {
    match error {
        Error::ModelFile { what, .. } => Error::ModelFile { file: Some(file.to_owned()), what },
        error => error,
    }
}

fn unreadable(error: &serde_json::Error) -> Error {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => wrong("the model file ends too early: it is not whole; save the model again"),
        Category::Syntax => wrong(format!("this is not a saved model: it is no JSON ({error})")),
        Category::Data | Category::Io => wrong(format!("the model file is damaged: {error}")),
    }
}

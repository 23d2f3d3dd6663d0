//! What is done with missing values and unseen levels, and which columns beside the formula's are needed.

use serde::{Deserialize, Serialize};

/// What is done with rows that have missing values in columns that are needed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// They are an error that says how many and where.
    #[default]
    Error,
    /// They are left out and listed.
    Omit,
}

/// What is done with levels that the data of the fit did not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unseen {
    /// They are an error that names column, row and level.
    #[default]
    Error,
    /// They count as missing, so that such rows have no prediction.
    Missing,
}

/// How a formula meets data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// What is done with missing values where a model is fitted.
    pub missing: Missing,
    /// What is done with levels that the data of the fit did not have.
    pub unseen: Unseen,
    /// Further columns that a fit needs complete: weights, trials, clusters.
    pub complete: Vec<String>,
    /// A column that is added to the linear predictor, in the fit and in predictions.
    pub offset: Option<String>,
    /// A column whose logarithm is added to the linear predictor, in the fit and in predictions.
    pub exposure: Option<String>,
}

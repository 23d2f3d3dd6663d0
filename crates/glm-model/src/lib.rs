//! The ladder from linear model to network: one [`ModelSpec`], one `fit`, `summary`, `predict`, `evaluate`, `save`, `load`.

mod choice;
mod spec;
mod training;

mod rows;

mod regression;

mod summary;

mod model;
mod prediction;

mod saved;

mod error;
mod naming;

pub use choice::{CovarianceChoice, DispersionChoice, SolverChoice, WeightsKind};
pub use error::{Error, Offender, Unfinished};
pub use glm_frame::{Frame, Input, Missing, ReadOptions, Schema, Unseen};
pub use glm_stats::Scale;
pub use model::Model;
pub use prediction::{ClassPrediction, Interval, PredictOptions, Prediction};
pub use spec::ModelSpec;
pub use summary::{CertificateSummary, Coefficient, Summary, Theta, WarningSummary};
pub use training::Training;

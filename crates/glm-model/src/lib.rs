//! The ladder from linear model to network: one [`ModelSpec`], one `fit`, `summary`, `predict`, `evaluate`, `save`, `load`.

mod choice;
mod spec;
mod training;

mod rows;

mod matrix;
mod network;
mod regression;

mod summary;

mod evaluation;
mod model;
mod prediction;

mod saved;

mod error;
mod naming;

pub use choice::{CovarianceChoice, DispersionChoice, SolverChoice, WeightsKind};
pub use error::{Error, Offender, Unfinished};
pub use evaluation::Scores;
pub use glm_frame::{Column, Factor, Frame, Input, Missing, ReadOptions, Schema, Unseen};
pub use glm_stats::Scale;
pub use model::Model;
pub use network::Nested;
pub use prediction::{ClassPrediction, Interval, PredictOptions, Prediction};
pub use spec::ModelSpec;
pub use summary::{CertificateSummary, Coefficient, Summary, Theta, TrainingSummary, WarningSummary};
pub use training::Training;

//! The ladder from linear model to network: one [`ModelSpec`], one `fit`, `summary`, `predict`, `evaluate`, `save`, `load`.
//!
//! | rung | specification |
//! |---|---|
//! | least squares | `ModelSpec::new("y ~ x")` |
//! | generalised linear model | `.family("poisson")` |
//! | network | `.hidden([32, 16])` |
//! | network on top of a regression | `.hidden([32, 16]).skip()`, or `.nest(&model)?` |
//!
//! A [`Frame`] is read from a file or made of columns; the fitted [`Model`] holds none of it, and its file predicts
//! anywhere.
//!
//! ```
//! use glm_model::{Frame, Model, ModelSpec, ReadOptions};
//! let text = "claims,years,car\n3,10,big\n1,8,small\n7,20,big\n2,12,small\n4,9,big\n5,25,small\n";
//! let frame = Frame::from_bytes(text.as_bytes(), &ReadOptions::default())?;
//! let model = ModelSpec::new("claims ~ car").family("poisson").exposure("years").fit(&frame)?;
//!
//! // Rates are claims over years: 14/39 for big cars and 8/45 for small ones.
//! let ratio = &model.summary().coefficients[1];
//! assert_eq!(ratio.term, "carsmall");
//! assert!(ratio.estimate.is_some_and(|ln| (ln - (8.0_f64 / 45.0 / (14.0 / 39.0)).ln()).abs() < 1e-10));
//!
//! let model = Model::from_json(&model.to_json()?)?;
//! let new = Frame::from_bytes(b"years,car\n39,big\n", &ReadOptions::default())?;
//! assert!((model.predict(&new)?.fit[0] - 14.0).abs() < 1e-10);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Errors are in the words of the user: [`Error::Separation`] names terms and lines of the file, [`Error::details`] has
//! them for programs.

mod choice;
mod spec;
mod training;

mod rows;

mod matrix;
mod network;
mod ordinal;
mod regression;
mod robust;

mod summary;

mod comparison;
mod evaluation;
mod model;
mod prediction;

mod atomic;
mod finite;
mod saved;

mod error;
mod naming;

pub use atomic::AtomicFile;
pub use choice::{CovarianceChoice, DispersionChoice, SolverChoice, WeightsKind};
pub use comparison::compare_on;
pub use error::{Error, Offender, Unfinished};
pub use evaluation::Scores;
pub use glm_frame::{Column, Factor, Frame, Input, Missing, ReadOptions, Schema, Unseen};
pub use glm_stats::Scale;
pub use model::Model;
pub use network::Nested;
pub use prediction::{ClassPrediction, Interval, PredictOptions, Prediction};
pub use spec::ModelSpec;
pub use summary::{CertificateSummary, Coefficient, Power, Summary, Theta, TrainingSummary, WarningSummary};
pub use training::Training;

/// The README's code, compiled and run here, where solvers and networks meet.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

//! Simulated data with a known truth: the toy data sets of the articles, splits, standardising, and draws from every
//! family.
//!
//! A learner is judged here as a learner should be: on rows it has not seen, beside an oracle that knows the truth.
//!
//! ```
//! use sim::{Toy, scores};
//!
//! let train = Toy::new(2000, 1);
//! let unseen = train.unseen(1000);
//! // The best anyone can do on those rows: the true probabilities.
//! let oracle = scores::auc(&unseen.y, &unseen.probability, None)?;
//! assert!(oracle > 0.7 && oracle < 1.0);
//! # Ok::<(), sim::scores::ScoreError>(())
//! ```
//!
//! Everything is a function of a seed. Uniforms are made here from the raw output of `ChaCha8` ([`uniform`]), never by
//! a library that may change its algorithm, and golden values in the tests pin them.

pub mod balloons;
pub mod draw;
pub mod error;
pub mod split;
pub mod standardise;
pub mod toy;
pub mod uniform;

pub use balloons::Balloons;
pub use error::Error;
pub use glm_core::scores;
pub use split::{Split, gather, gather_columns, k_fold};
pub use standardise::Standardise;
pub use toy::Toy;
pub use uniform::rng;

//! What a fit says: tests and intervals of its coefficients, predictions with standard errors, analysis of deviance.
//!
//! | question | answer |
//! |---|---|
//! | is this coefficient zero, and how well is it known | [`Wald`] |
//! | z or t | [`Reference`] |
//! | what will be observed at new rows, and how well is its mean known | [`Estimates::predict`], [`Predictions`] |
//! | do these terms belong in the model | [`compare`]; by the score, without fitting them, [`score_statistic`] |
//!
//! [`Estimates`] are what inference needs of a fit and no more; a saved model keeps them as the plain numbers of
//! [`SavedEstimates`].
//!
//! ```
//! use glm_core::{Dense, spec};
//! use glm_solvers::{Problem, irls};
//! use glm_stats::{Estimates, Scale, Wald};
//! let dose = [1.69, 1.72, 1.76, 1.78, 1.81, 1.84, 1.86, 1.88];
//! let beetles = [59.0, 60.0, 62.0, 56.0, 63.0, 59.0, 62.0, 60.0];
//! let killed = [6.0, 13.0, 18.0, 28.0, 52.0, 53.0, 61.0, 60.0];
//! let share = killed.iter().zip(&beetles).map(|(k, n)| k / n).collect();
//! let (design, binomial) = (Dense::with_intercept([&dose[..]])?, spec::response("binomial(logit)")?);
//! let fit = irls().fit(&Problem::new(&design, &*binomial, share)?.with_weights(beetles.to_vec())?)?;
//!
//! let slope = Wald::of(&fit, 0.95)?.rows[1];
//! assert!(slope.p_value.is_some_and(|p| p > 0.0 && p < 1e-25));
//!
//! let (estimates, new) = (Estimates::from(&fit), Dense::with_intercept([&[1.8][..]])?);
//! let prediction = estimates.predict(&*binomial, &new, &[])?;
//! let bounds = prediction.confidence(Scale::Response, 0.95)?;
//! assert!(0.5 < bounds.low[0] && bounds.low[0] < prediction.mu[0] && prediction.mu[0] < bounds.high[0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod reference;
mod wald;

mod estimates;
mod saved;

mod interval;
mod prediction;

mod deviance_table;
mod score;

mod robust;

mod error;

pub use deviance_table::{Change, DevianceRow, DevianceTable, FitSummary, Test, compare, compare_by_score};
pub use error::Error;
pub use estimates::Estimates;
pub use interval::Bounds;
pub use prediction::{Predictions, Scale};
pub use reference::Reference;
pub use robust::{Robust, with_robust_covariance};
pub use saved::{SavedEquation, SavedEstimates};
pub use score::{outside_span, score_statistic};
pub use wald::{Wald, WaldRow};

//! How a generalised linear model is fitted: a solver is a choice of curvature.
//!
//! | constructor | curvature | linear algebra | search |
//! |---|---|---|---|
//! | [`auto`] | of the two below, what suits the problem | | |
//! | [`newton_raphson`] | observed | Cholesky of the Gram | step halving |
//! | [`fisher_scoring`] | expected | Cholesky of the Gram | step halving |
//! | [`irls`] | expected | QR of √W·X | step halving |
//! | [`gradient_descent`] | none | none | Barzilai–Borwein trial, halving |
//! | [`lbfgs`] | from the last moves | none | step halving |
//!
//! All start from R's starting means, leave no domain, cost one pass over the rows per accepted step, and end in a
//! [`Fit`] with a [`Certificate`] or in an [`Error`] that carries the best iterate.
//!
//! ```
//! use glm_core::{Dense, spec};
//! use glm_solvers::{Problem, fisher_scoring, irls, newton_raphson};
//! let dose = [1.69, 1.72, 1.76, 1.78, 1.81, 1.84, 1.86, 1.88];
//! let beetles = vec![59.0, 60.0, 62.0, 56.0, 63.0, 59.0, 62.0, 60.0];
//! let killed = [6.0, 13.0, 18.0, 28.0, 52.0, 53.0, 61.0, 60.0];
//! let share = killed.iter().zip(&beetles).map(|(k, n)| k / n).collect();
//! let design = Dense::with_intercept([&dose[..]])?;
//! let response = spec::response("binomial(cloglog)")?;
//! let problem = Problem::new(&design, &*response, share)?.with_weights(beetles)?;
//! let fits = [irls().fit(&problem)?, fisher_scoring().fit(&problem)?, newton_raphson().fit(&problem)?];
//! assert!(fits.iter().all(|fit| (fit.coefficients[1] - fits[0].coefficients[1]).abs() < 1e-8 * fit.std_errors[1]));
//! # Ok::<(), glm_solvers::Error>(())
//! ```

mod dispersion;
mod problem;
mod weights;

mod auto;
mod descent;
mod factor;
mod levels;
mod rank;
mod refine;
mod rescue;
mod root;
mod run;
mod sample;
mod solver;
mod source;
mod start;
mod target;

mod bias_reduction;
mod gamma_shape;
mod negative_binomial;
mod tweedie;

mod boundary;
mod existence;
mod separation;

mod aliasing;
mod certificate;
mod class_weights;
mod fit;
mod null;
mod ordinal;
mod prediction;
mod sandwich;
mod totals;
mod warning;

mod error;

pub use aliasing::Aliasing;
pub use auto::auto;
pub use bias_reduction::{BiasReducedFit, BiasReduction, LikelihoodRatio, ProfileInterval, fit_bias_reduced};
pub use boundary::{Active, Boundary};
pub use certificate::{Certificate, Existence, Outcome};
pub use descent::{Descent, Direction, GradientDescent, Lbfgs, Newton, Step};
pub use dispersion::{DispersionEstimate, DispersionSource};
pub use error::Error;
pub use factor::{Factor, Factorisation, independent_columns};
pub use fit::Fit;
pub use gamma_shape::{GammaShape, fit_gamma_shape};
pub use negative_binomial::{NegativeBinomialFit, fit_negative_binomial};
pub use ordinal::{Ordinal, OrdinalFit};
pub use problem::Problem;
pub use sandwich::CovarianceType;
pub use separation::{Separation, Towards};
pub use solver::{Solver, fisher_scoring, gradient_descent, gradient_descent_at, irls, lbfgs, newton_raphson};
pub use tweedie::{TweedieFit, TweedieLimit, fit_tweedie};
pub use warning::Warning;
pub use weights::Weights;

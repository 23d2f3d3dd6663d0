//! What a generalised linear model is.
//!
//! *An activation is the inverse of a link. A link is an invertible activation. A layer is a block of GLMs side by
//! side. A solver is a choice of curvature.*
//!
//! For one observation let the loss be half the unit deviance seen from the linear predictor, ℓ(η) = ½ d(y, g⁻¹(η)).
//! With μ = g⁻¹(η), μ′ = dμ/dη and V = V(μ):
//!
//! | quantity | any pair ([`Glm`]) | canonical pair ([`CanonicalGlm`]), θ = c·η |
//! |---|---|---|
//! | loss | ½ d(y, μ) | ½ d(y, μ) |
//! | slope ∂ℓ/∂η | (μ − y) μ′/V | **c (μ − y)** |
//! | expected curvature | μ′²/V | c² V |
//! | observed curvature | μ′²/V + (μ − y)(μ″V − μ′²V′)/V² | c² V |
//!
//! Everything above this crate, solvers and networks alike, sees a [`Response`] and an [`Objective`] and no more.
//!
//! ```
//! use glm_core::{Response, spec};
//! let poisson = spec::response("poisson(log)")?;
//! let mut mu = [0.0; 2];
//! poisson.mean(&[0.0, 1.0], &mut mu);
//! assert_eq!(mu, [1.0, 1.0_f64.exp()]);
//! # Ok::<(), glm_core::Error>(())
//! ```

mod interval;
mod mean;
mod points;

mod activation;
mod link;

mod family;
mod recession;
mod response;
pub mod spec;

pub mod kernel;
mod scalar;
pub mod vector;

mod gram;

mod expansion;

mod design;
mod rows;

mod accumulate;
mod objective;
mod pearson;

pub mod laws;
pub mod scores;
pub mod special;

mod error;

pub use accumulate::{At, Batch, Precision, Work, accumulate, linear_predictors};
pub use activation::*;
pub use design::{Categories, Dense, Design, Element, Mixed, Sparse, Term};
pub use error::Error;
pub use expansion::{Expansion, Information};
pub use family::*;
pub use gram::{Gram, GramLayout, Root};
pub use interval::Interval;
pub use link::*;
pub use mean::{Logarithm, Mean, Point};
pub use objective::Objective;
pub use pearson::Pearson;
pub use points::Points;
pub use recession::{Recession, Rise};
pub use response::{CanonicalGlm, Cumulative, CumulativeLink, Glm, Order, Response, Softmax, Units};
pub use rows::{BLOCK, GROUP, Merge, alone, among_threads, blocks, fold_rows, fold_rows_by, for_each_part};
pub use scalar::Scalar;

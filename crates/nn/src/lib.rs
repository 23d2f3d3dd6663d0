//! Generalised linear models, recursively.
//!
//! A layer is a block of GLMs side by side: its linear predictors are \[1 X\]B, its activation is their inverse link, and
//! its means are the features of the next layer. The top is a [`Response`](glm_core::Response), as in any regression, and
//! the loss is half the deviance.
//!
//! # A network with no hidden layer is a GLM
//!
//! Not nearly: its loss and gradient are those of `glm_core::accumulate`, bit for bit.
//!
//! ```
//! use glm_core::{At, Batch, CanonicalGlm, Binomial, Dense, Expansion, Objective, Order, Work, accumulate};
//! use nn::{Data, Network};
//! let x = [0.3, -1.2, 0.8, 2.0, 0.1, -0.7]; // two columns of three rows
//! let y = [0.0, 1.0, 1.0];
//! let params = [0.5, -1.0, 0.25];
//!
//! let design = Dense::with_intercept(x.chunks_exact(3))?;
//! let batch = Batch { design: &design, y: &y, weights: &[], offset: &[] };
//! let response = CanonicalGlm::new(Binomial);
//! let mut glm = Expansion::zeros(Order::Gradient, 3);
//! accumulate(&response, batch, 0..3, At::Params(&params), Order::Gradient, &mut Work::new(), &mut glm);
//!
//! let network = Network::new(2, Box::new(response))?; // .hidden(32, Relu)? is all that a deeper one takes
//! let data = Data::new(x.chunks_exact(3), &y)?;
//! let mut expansion = Expansion::zeros(Order::Gradient, 3);
//! network.objective(&data)?.evaluate(&params, Order::Gradient, &mut expansion)?;
//! assert_eq!(expansion, glm);
//! # Ok::<(), nn::Error>(())
//! ```
//!
//! Training is [`Network::train`]; everything random in it comes from one seed, and its result does not depend on the
//! number of threads.

mod layer;

mod dense;
mod dropout;

mod output;
mod top;

mod network;

mod data;
mod rows;

mod lanes;
mod pass;
mod random;
mod storage;

mod objective;

mod initial;
mod optimizer;

mod history;
mod observer;
mod train;
mod trained;
mod training;

pub mod laws;

mod error;

pub use data::Data;
pub use dense::Dense;
pub use dropout::Dropout;
pub use error::Error;
pub use history::{Epoch, History};
pub use initial::Initial;
pub use layer::{AnyLayer, Block, Layer, Recorded, Shape};
pub use network::Network;
pub use objective::NetworkObjective;
pub use observer::Observer;
pub use optimizer::{Adam, AdamW, AnyOptimizer, Optimizer, RmsProp, Sgd, Steps};
pub use output::Output;
pub use storage::Storage;
pub use trained::{Stopped, Trained};
pub use training::{BatchSize, EarlyStopping, Reduction, Training, Validation};

//! From a table and a formula to a design: columns, R's formula language, contrasts, splines and missing values.
//!
//! A [`Formula`] is read from text; [`FittedDesign::learn`] learns from a [`Frame`] what it needs (levels, contrasts, knots,
//! recurrences, means) and gives [`Columns`], which borrow from the frame and make a [`glm_core::Design`]. A fitted design
//! serialises, holds no data, and builds bit-identical columns for other frames, such as the parts of a file.

mod error;
mod frame;

mod formula;

mod options;

mod fitted;

mod learn;

mod variable;

mod quantity;

mod category;

mod contrasts;

mod node;

mod basis;

mod view;

mod nearest;

pub use error::Error;
pub use fitted::{Columns, FittedDesign, Input, ResponseData};
pub use formula::{Argument, Expr, Fault, Formula, Kind, Terms};
pub use frame::{Column, Contrasts, Factor, Frame, MISSING};
pub use options::{Missing, Options, Unseen};

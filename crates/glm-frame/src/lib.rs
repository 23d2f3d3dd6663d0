//! From a table and a formula to a design: columns, R's formula language, contrasts, splines and missing values.
//!
//! A [`Formula`] is read from text; [`FittedDesign::learn`] learns from a [`Frame`] what it needs (levels, contrasts, knots,
//! recurrences, means) and gives [`Columns`], which borrow from the frame and make a [`glm_core::Design`]. A fitted design
//! serialises, holds no data, and builds bit-identical columns for other frames, such as the parts of a file.

mod error;
mod frame;
mod place;
mod schema;

#[cfg(feature = "parquet")]
mod arrow;
mod categories;
mod chunks;
mod csv;
mod input;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(feature = "parquet")]
mod parquet_writer;
mod read;

mod formula;

mod basis;
mod category;
mod contrasts;
mod fitted;
mod learn;
mod nearest;
mod node;
mod options;
mod quantity;
mod variable;
mod view;

pub use chunks::Chunks;
pub use error::Error;
pub use fitted::{Columns, FittedDesign, Input, ResponseData};
pub use formula::{Argument, Expr, Fault, Formula, Kind, Terms};
pub use frame::{Column, Contrasts, Factor, Frame, MISSING};
pub use options::{Missing, Options, Unseen};
#[cfg(feature = "parquet")]
pub use parquet_writer::ParquetWriter;
pub use place::Place;
pub use read::{Delimiter, ReadOptions, column_names};
pub use schema::{ColumnType, Schema};

//! From a table and a formula to a design: columns, R's formula language, contrasts, splines and missing values.

mod error;
mod formula;
mod frame;
mod place;
mod schema;

#[cfg(feature = "parquet")]
mod arrow;
mod categories;
mod chunks;
mod csv;
mod input;
mod nearest;
#[cfg(feature = "parquet")]
mod parquet;
mod read;

pub use chunks::Chunks;
pub use error::Error;
pub use formula::{Argument, Expr, Fault, Formula, Kind, Terms};
pub use frame::{Column, Contrasts, Factor, Frame, MISSING};
pub use place::Place;
pub use read::{Delimiter, ReadOptions, column_names};
pub use schema::{ColumnType, Schema};

//! From a table and a formula to a design: columns, R's formula language, contrasts, splines and missing values.

mod error;
mod formula;
mod frame;

pub use error::Error;
pub use formula::{Argument, Expr, Fault, Formula, Kind, Terms};
pub use frame::{Column, Contrasts, Factor, Frame, MISSING};

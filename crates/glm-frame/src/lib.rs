//! From a table and a formula to a design: columns, R's formula language, contrasts, splines and missing values.

mod formula;

pub use formula::{Argument, Expr, Fault, Formula, Kind, Terms};

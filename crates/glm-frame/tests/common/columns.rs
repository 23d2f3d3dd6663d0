//! What a column that was read has to be.

use glm_frame::{Column, Factor, Frame};

pub(crate) fn numbers<'a>(frame: &'a Frame, name: &str) -> &'a [f64] {
    match frame.column(name) {
        Some(Column::Numbers(values)) => values,
        other => panic!("`{name}` is no column of numbers: {other:?}"),
    }
}

pub(crate) fn factor<'a>(frame: &'a Frame, name: &str) -> &'a Factor {
    match frame.column(name) {
        Some(Column::Categories(factor)) => factor,
        other => panic!("`{name}` is no column of categories: {other:?}"),
    }
}

//! A variable of a formula.

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::quantity::Quantity;

/// Columns of numbers, or a category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Variable {
    /// One or more columns of numbers.
    Quantity(Quantity),
    /// One of several levels.
    Category(Category),
}

impl Variable {
    pub(crate) fn label(&self) -> &str {
        match self {
            Self::Quantity(quantity) => &quantity.label,
            Self::Category(category) => &category.label,
        }
    }

    /// The category, if it is one.
    pub(crate) fn category(&self) -> Option<&Category> {
        match self {
            Self::Quantity(_) => None,
            Self::Category(category) => Some(category),
        }
    }

    /// The number of its columns; `full` if each level has one.
    pub(crate) fn n_cols(&self, full: bool) -> usize {
        match self {
            Self::Quantity(quantity) => quantity.n_cols(),
            Self::Category(category) if full => category.levels.len(),
            Self::Category(category) => category.n_contrasts(),
        }
    }

    /// The names of its columns; `full` if each level has one.
    pub(crate) fn names(&self, full: bool) -> Vec<String> {
        match self {
            Self::Quantity(quantity) => quantity.names(),
            Self::Category(category) => category.names(full),
        }
    }

    /// Whether what was read from a file can be used.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Quantity(quantity) => quantity.is_sound(),
            Self::Category(category) => category.is_sound(),
        }
    }

    /// The columns of the table that it needs, and whether as numbers.
    pub(crate) fn inputs(&self, add: &mut impl FnMut(&str, bool)) {
        match self {
            Self::Quantity(quantity) => quantity.inputs(add),
            Self::Category(category) => category.inputs(add),
        }
    }
}

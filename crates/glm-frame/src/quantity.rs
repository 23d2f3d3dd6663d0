//! A variable that is one or more columns of numbers.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::node::Node;
use crate::view::View;

/// An expression with its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Quantity {
    /// As R calls it.
    pub(crate) label: String,
    node: Node,
    /// What is appended to the label for each column.
    suffixes: Vec<String>,
}

impl Quantity {
    /// With what is appended to the label for each column; a single column has the label itself.
    pub(crate) fn new(label: String, node: Node, mut suffixes: Vec<String>) -> Self {
        if let [only] = &mut suffixes[..] {
            only.clear();
        }
        Self { label, node, suffixes }
    }

    /// The number of columns.
    pub(crate) fn n_cols(&self) -> usize {
        self.suffixes.len()
    }

    /// The names of its columns.
    pub(crate) fn names(&self) -> Vec<String> {
        self.suffixes.iter().map(|suffix| format!("{}{suffix}", self.label)).collect()
    }

    /// Whether what was read from a file can be used.
    pub(crate) fn is_sound(&self) -> bool {
        self.node.n_cols().is_some_and(|columns| columns == self.n_cols() && columns > 0)
    }

    /// The columns of the table that it needs, and whether as numbers.
    pub(crate) fn inputs(&self, add: &mut impl FnMut(&str, bool)) {
        self.node.inputs(add);
    }

    /// Its columns on the used rows, all finite.
    pub(crate) fn columns<'a>(&self, view: &View<'a>) -> Result<Vec<Cow<'a, [f64]>>, Error> {
        let columns = self.node.evaluate(view)?.columns(view.n_rows());
        for column in &columns {
            if let Some(at) = column.iter().position(|value| !value.is_finite()) {
                let (expression, row, value) = (self.label.clone(), view.row(at), column[at]);
                return Err(Error::NotFinite { expression, row, value });
            }
        }
        Ok(columns)
    }

    /// Its first column.
    pub(crate) fn column<'a>(&self, view: &View<'a>) -> Result<Cow<'a, [f64]>, Error> {
        Ok(self.columns(view)?.swap_remove(0))
    }
}

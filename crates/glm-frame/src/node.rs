//! An expression that is ready for any table: numbers of columns in, numbers of columns out.

mod function;
mod value;

pub(crate) use function::{Function, Operator, power};
pub(crate) use value::Value;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::category::Category;
use crate::view::View;
use crate::{Column, Error, MISSING, Unseen};

/// An expression whose bases have learnt what they need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Node {
    /// A constant.
    Number(f64),
    /// A column of numbers, or of TRUE and FALSE.
    Column(String),
    /// A function of each element.
    Function(Function, Box<Node>),
    /// An operator on each pair of elements.
    Binary(Operator, Box<Node>, Box<Node>),
    /// The second where the first is not zero, otherwise the third.
    Choice(Box<[Node; 3]>),
    /// 1 where a category is one of these levels, or none of them.
    Among {
        /// The category.
        column: String,
        /// The levels.
        levels: Vec<String>,
        /// Whether it is 1 where it is one of them.
        among: bool,
    },
    /// The place of a category's level, counted from one.
    Place(Box<Category>),
    /// A basis of one column.
    Basis(Basis, Box<Node>),
    /// Columns side by side.
    Bind(Vec<Node>),
}

impl Node {
    /// Its columns on a table.
    pub(crate) fn evaluate<'a>(&self, view: &View<'a>) -> Result<Value<'a>, Error> {
        Ok(match self {
            Self::Number(value) => Value::Number(*value),
            Self::Column(name) => Value::of(view.numbers(name)?),
            Self::Function(function, inner) => inner.evaluate(view)?.map(|x| function.at(x)),
            Self::Binary(operator, left, right) => {
                left.evaluate(view)?.zip(right.evaluate(view)?, |a, b| operator.at(a, b))
            }
            Self::Choice(nodes) => {
                let [test, yes, no] = &**nodes;
                let test = test.evaluate(view)?;
                let yes = test.clone().zip(yes.evaluate(view)?, |test, yes| if test == 0.0 { 0.0 } else { yes });
                let no = test.clone().zip(no.evaluate(view)?, |test, no| if test == 0.0 { no } else { 0.0 });
                // A missing test is a missing choice.
                let chosen = test.clone().zip(yes, |test, yes| if test.is_nan() { f64::NAN } else { yes });
                chosen.zip(no, |yes, no| yes + no)
            }
            Self::Among { column, levels, among } => Value::of(Cow::Owned(view.among(column, levels, *among)?)),
            Self::Place(category) => {
                let place = |code: &u32| if *code == MISSING { f64::NAN } else { f64::from(*code) + 1.0 };
                Value::of(category.codes(view, Unseen::Error)?.iter().map(place).collect())
            }
            Self::Basis(basis, inner) => {
                let x = inner.evaluate(view)?.single(view.n_rows());
                Value::Columns(basis.columns(&x).into_iter().map(Cow::Owned).collect())
            }
            Self::Bind(nodes) => {
                let mut columns = Vec::new();
                for node in nodes {
                    columns.extend(node.evaluate(view)?.columns(view.n_rows()));
                }
                Value::Columns(columns)
            }
        })
    }

    /// Its value, if it needs no column.
    pub(crate) fn constant(&self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(*value),
            Self::Function(function, inner) => Some(function.at(inner.constant()?)),
            Self::Binary(operator, left, right) => Some(operator.at(left.constant()?, right.constant()?)),
            _ => None,
        }
    }

    /// The number of columns; `None` if it contradicts itself.
    pub(crate) fn n_cols(&self) -> Option<usize> {
        match self {
            Self::Number(_) | Self::Column(_) | Self::Among { .. } => Some(1),
            Self::Function(_, inner) => inner.n_cols(),
            Self::Place(category) => category.is_sound().then_some(1),
            Self::Binary(_, left, right) => together([left.n_cols()?, right.n_cols()?]),
            Self::Choice(nodes) => {
                let [test, yes, no] = &**nodes;
                together([test.n_cols()?, together([yes.n_cols()?, no.n_cols()?])?])
            }
            Self::Basis(basis, inner) => (basis.is_sound() && inner.n_cols()? == 1).then(|| basis.n_cols()),
            Self::Bind(nodes) => nodes.iter().map(Self::n_cols).sum(),
        }
    }

    /// How many expressions stand inside each other, as a file counts them.
    pub(crate) fn depth(&self) -> usize {
        1 + match self {
            Self::Number(_) | Self::Column(_) | Self::Among { .. } => 0,
            Self::Function(_, inner) | Self::Basis(_, inner) => inner.depth(),
            Self::Place(category) => 1 + category.depth(),
            Self::Binary(_, left, right) => left.depth().max(right.depth()),
            Self::Choice(nodes) => nodes.iter().map(Self::depth).max().unwrap_or(0),
            Self::Bind(nodes) => nodes.iter().map(Self::depth).max().unwrap_or(0),
        }
    }

    /// Adds the columns that it needs, and whether as numbers.
    pub(crate) fn inputs(&self, add: &mut impl FnMut(&str, bool)) {
        match self {
            Self::Number(_) => {}
            Self::Column(name) => add(name, true),
            Self::Among { column, .. } => add(column, false),
            Self::Place(category) => category.inputs(add),
            Self::Function(_, inner) | Self::Basis(_, inner) => inner.inputs(add),
            Self::Binary(_, left, right) => {
                left.inputs(add);
                right.inputs(add);
            }
            Self::Choice(nodes) => nodes.iter().for_each(|node| node.inputs(add)),
            Self::Bind(nodes) => nodes.iter().for_each(|node| node.inputs(add)),
        }
    }
}

/// The columns of an operation on columns: as many in each, or one in either.
fn together([a, b]: [usize; 2]) -> Option<usize> {
    (a == b || a == 1 || b == 1).then(|| a.max(b))
}

/// Whether a category is nothing but true and false.
pub(crate) fn is_logical(column: &Column) -> bool {
    matches!(column, Column::Categories(factor) if truths(&factor.levels).is_some())
}

/// 1 and 0 for levels that are `TRUE` and `FALSE`.
pub(crate) fn truths(levels: &[String]) -> Option<Vec<f64>> {
    let truth = |level: &String| match level.as_str() {
        "TRUE" => Some(1.0),
        "FALSE" => Some(0.0),
        _ => None,
    };
    levels.iter().map(truth).collect()
}

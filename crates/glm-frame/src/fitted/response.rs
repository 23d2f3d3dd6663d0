//! The response: numbers, classes, or counts of successes and failures.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::category::Category;
use crate::learn::Learner;
use crate::quantity::Quantity;
use crate::variable::Variable;
use crate::view::View;
use crate::{Error, Expr, Kind, Unseen};

/// A response on the rows that are used.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ResponseData<'a> {
    /// Numbers.
    Numbers(Cow<'a, [f64]>),
    /// Classes; of two, the first is failure.
    Classes {
        /// The place of each row's level.
        codes: Cow<'a, [u32]>,
        /// The levels in their order.
        levels: Vec<String>,
        /// Whether their order means something.
        ordered: bool,
    },
    /// `cbind(successes, failures)`.
    Counts {
        /// Successes.
        successes: Cow<'a, [f64]>,
        /// Failures.
        failures: Cow<'a, [f64]>,
    },
}

/// A response that was learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FittedResponse {
    /// One column of numbers.
    Numbers(Quantity),
    /// A category, or true and false.
    Classes(Category),
    /// Two columns of numbers, with what R calls them together.
    Counts(String, Quantity, Quantity),
}

impl FittedResponse {
    pub(super) fn learn(learner: &Learner<'_>, expr: &Expr) -> Result<Self, Error> {
        if let Kind::Call { function, arguments } = &expr.kind
            && function == "cbind"
        {
            let [successes, failures] = &arguments[..] else {
                let advice = "write cbind(successes, failures)";
                let message = format!("a response of counts has two columns, not {}", arguments.len());
                return Err(learner.formula.fault(expr, message, advice).into());
            };
            let [successes, failures] = [learner.quantity(&successes.value)?, learner.quantity(&failures.value)?];
            return Ok(Self::Counts(expr.to_string(), successes, failures));
        }
        match learner.variable(expr)? {
            Variable::Category(category) => Ok(Self::Classes(category)),
            Variable::Quantity(quantity) if quantity.n_cols() == 1 => Ok(Self::Numbers(quantity)),
            Variable::Quantity(quantity) => {
                let message = format!("the response has {} columns", quantity.n_cols());
                Err(learner
                    .formula
                    .fault(expr, message, "a response is one column, or cbind(successes, failures)")
                    .into())
            }
        }
    }

    pub(super) fn label(&self) -> &str {
        match self {
            Self::Numbers(quantity) => &quantity.label,
            Self::Classes(category) => &category.label,
            Self::Counts(label, ..) => label,
        }
    }

    pub(super) fn category(&self) -> Option<&Category> {
        match self {
            Self::Classes(category) => Some(category),
            _ => None,
        }
    }

    pub(super) fn category_mut(&mut self) -> Option<&mut Category> {
        match self {
            Self::Classes(category) => Some(category),
            _ => None,
        }
    }

    pub(super) fn inputs(&self, add: &mut impl FnMut(&str, bool)) {
        match self {
            Self::Numbers(quantity) => quantity.inputs(add),
            Self::Classes(category) => category.inputs(add),
            Self::Counts(_, successes, failures) => {
                successes.inputs(add);
                failures.inputs(add);
            }
        }
    }

    pub(super) fn is_sound(&self) -> bool {
        match self {
            Self::Numbers(quantity) => quantity.is_sound() && quantity.n_cols() == 1,
            Self::Classes(category) => category.is_sound(),
            Self::Counts(_, successes, failures) => {
                [successes, failures].iter().all(|q| q.is_sound() && q.n_cols() == 1)
            }
        }
    }

    pub(super) fn data<'a>(&self, view: &View<'a>, unseen: Unseen) -> Result<ResponseData<'a>, Error> {
        Ok(match self {
            Self::Numbers(quantity) => ResponseData::Numbers(quantity.column(view)?),
            Self::Classes(category) => ResponseData::Classes {
                codes: category.codes(view, unseen)?,
                levels: category.levels.clone(),
                ordered: category.ordered,
            },
            Self::Counts(_, successes, failures) => {
                ResponseData::Counts { successes: successes.column(view)?, failures: failures.column(view)? }
            }
        })
    }
}

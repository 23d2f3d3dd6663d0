//! Learning a design: variables from all rows, then the rows that are complete, the levels that they have, and the coding.

use super::FittedDesign;
use super::coding::{coded, labelled};
use super::response::FittedResponse;
use super::rows::Rows;
use super::saved::Saved;
use crate::category::Category;
use crate::learn::Learner;
use crate::node::{Function, Node};
use crate::quantity::Quantity;
use crate::variable::Variable;
use crate::view::{View, column};
use crate::{Column, Error, Formula, Frame, Options, Unseen};

pub(super) fn learn(formula: &Formula, frame: &Frame, options: &Options) -> Result<(FittedDesign, Rows), Error> {
    let learner = Learner { formula, frame };
    let names: Vec<&str> = frame.names().collect();
    let terms = formula.terms(&names)?;
    let response = terms.response.as_ref().map(|expr| FittedResponse::learn(&learner, expr)).transpose()?;
    let variables = terms.variables.iter().map(|expr| learner.variable(expr)).collect::<Result<_, _>>()?;
    let mut offsets = terms.offsets.iter().map(|expr| learner.quantity(expr)).collect::<Result<Vec<_>, _>>()?;
    offsets.extend(offsets_of(options, frame)?);
    let saved = Saved {
        formula: formula.text().to_owned(),
        options: options.clone(),
        response,
        intercept: terms.intercept,
        variables,
        terms: Vec::new(),
        offsets,
    };
    let mut fitted = FittedDesign { saved, names: Vec::new(), assign: Vec::new() };
    let rows = Rows::of(&fitted, frame, true)?.allowed(options.missing, frame.n_rows())?;
    let saved = &mut fitted.saved;
    let view = View::without(frame, &rows.omitted);
    let of_variable = |variable| match variable {
        &mut Variable::Category(ref mut category) => Some(category),
        Variable::Quantity(_) => None,
    };
    for category in saved.variables.iter_mut().filter_map(of_variable) {
        only_used(category, &view)?;
        category.check()?;
    }
    if let Some(category) = saved.response.as_mut().and_then(FittedResponse::category_mut) {
        only_used(category, &view)?;
    }
    saved.terms = coded(&terms.terms, terms.intercept, &saved.variables);
    (fitted.names, fitted.assign) = labelled(saved.intercept, &saved.variables, &saved.terms)?;
    Ok((fitted, rows))
}

fn only_used(category: &mut Category, view: &View<'_>) -> Result<(), Error> {
    let codes = category.codes(view, Unseen::Error)?;
    category.drop_unused(&codes);
    Ok(())
}

/// The offset and the logarithm of the exposure that are asked for beside the formula.
fn offsets_of(options: &Options, frame: &Frame) -> Result<Vec<Quantity>, Error> {
    let numbers = |name: &String| match column(frame, name)? {
        Column::Numbers(_) => Ok(Node::Column(name.clone())),
        Column::Categories(_) => View::all(frame).numbers(name).map(|_| Node::Column(name.clone())),
    };
    let mut offsets = Vec::new();
    if let Some(name) = &options.offset {
        offsets.push(Quantity::new(name.clone(), numbers(name)?, vec![String::new()]));
    }
    if let Some(name) = &options.exposure {
        let node = Node::Function(Function::Log, Box::new(numbers(name)?));
        offsets.push(Quantity::new(format!("log({name})"), node, vec![String::new()]));
    }
    Ok(offsets)
}

//! What of a fitted design is saved, and the check of what comes back.

use serde::{Deserialize, Serialize};

use super::FittedDesign;
use super::coding::{FittedTerm, labelled};
use super::response::FittedResponse;
use crate::quantity::Quantity;
use crate::variable::Variable;
use crate::{Error, Options};

/// Everything but what follows from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Saved {
    pub(super) formula: String,
    pub(super) options: Options,
    pub(super) response: Option<FittedResponse>,
    pub(super) intercept: bool,
    pub(super) variables: Vec<Variable>,
    pub(super) terms: Vec<FittedTerm>,
    /// Those of the formula, then those of the options.
    pub(super) offsets: Vec<Quantity>,
}

impl Saved {
    fn check(&self) -> Result<(), Error> {
        let damaged = |what: &str| Error::Damaged { what: what.to_owned() };
        let place = |term: &FittedTerm| term.variables.iter().all(|(place, _)| *place < self.variables.len());
        if !self.terms.iter().all(|term| !term.variables.is_empty() && place(term)) {
            return Err(damaged("a term names a variable that is not there"));
        }
        if let Some(variable) = self.variables.iter().find(|variable| !variable.is_sound()) {
            return Err(damaged(&format!("the variable `{}`", variable.label())));
        }
        self.variables.iter().filter_map(Variable::category).try_for_each(|category| category.check())?;
        if let Some(offset) = self.offsets.iter().find(|offset| !offset.is_sound() || offset.n_cols() != 1) {
            return Err(damaged(&format!("the offset `{}`", offset.label)));
        }
        match &self.response {
            Some(response) if !response.is_sound() => Err(damaged(&format!("the response `{}`", response.label()))),
            _ => Ok(()),
        }
    }
}

impl TryFrom<Saved> for FittedDesign {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self, Error> {
        saved.check()?;
        let (names, assign) = labelled(saved.intercept, &saved.variables, &saved.terms)?;
        Ok(Self { saved, names, assign })
    }
}

impl From<FittedDesign> for Saved {
    fn from(fitted: FittedDesign) -> Self {
        fitted.saved
    }
}

//! Which categories of a term have contrasts and which a column for each level, and what the columns are called.
//!
//! R's rule (Chambers and Hastie, *Statistical Models in S*, page 38): a category has contrasts in a term if the term without
//! it is part of a term before, the empty term being part of anything; without an intercept, the first category of the first
//! term that has any has a column for each level.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::variable::Variable;

/// A term of a fitted design.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FittedTerm {
    /// As R calls it.
    pub(super) label: String,
    /// The places of its variables, and whether each level has a column.
    pub(super) variables: Vec<(usize, bool)>,
}

/// Columns beyond which a design is a mistake.
const MOST: usize = 200_000;

/// The terms, each the ascending places of its variables, with the coding of each variable.
pub(super) fn coded(terms: &[Vec<usize>], intercept: bool, variables: &[Variable]) -> Vec<FittedTerm> {
    let is_category = |place: usize| variables[place].category().is_some();
    let mut coded = Vec::with_capacity(terms.len());
    // Without an intercept, some category has to stand for the constant.
    let mut constant = intercept;
    let mut before = Before { whole: BTreeSet::new(), with: vec![Vec::new(); variables.len()] };
    for term in terms {
        let mut places = Vec::with_capacity(term.len());
        for place in term {
            let margin = || term.iter().copied().filter(|other| other != place).collect::<Vec<usize>>();
            let full = is_category(*place) && (!constant || !before.contains(&margin()));
            constant |= is_category(*place);
            places.push((*place, full));
        }
        let labels: Vec<&str> = term.iter().map(|place| variables[*place].label()).collect();
        coded.push(FittedTerm { label: labels.join(":"), variables: places });
        before.add(term);
    }
    coded
}

/// The terms before a term, each the ascending places of its variables.
struct Before<'t> {
    whole: BTreeSet<&'t [usize]>,
    /// Those with a variable, by its place.
    with: Vec<Vec<&'t [usize]>>,
}

impl<'t> Before<'t> {
    fn add(&mut self, term: &'t [usize]) {
        self.whole.insert(term);
        term.iter().for_each(|place| self.with[*place].push(term));
    }

    /// Whether a set of variables is part of one of them; the empty set is part of anything.
    fn contains(&self, part: &[usize]) -> bool {
        let Some(fewest) = part.iter().map(|place| &self.with[*place]).min_by_key(|with| with.len()) else {
            return true;
        };
        let is_part = |of: &&[usize]| part.iter().all(|place| of.contains(place));
        // Of a hierarchy, the margins are terms themselves.
        self.whole.contains(part) || fewest.iter().any(is_part)
    }
}

/// The names of all columns, the first variable's running fastest, and the terms that they belong to.
pub(super) fn labelled(
    intercept: bool,
    variables: &[Variable],
    terms: &[FittedTerm],
) -> Result<(Vec<String>, Vec<usize>), Error> {
    let mut names: Vec<String> = intercept.then(|| "(Intercept)".to_owned()).into_iter().collect();
    let mut assign = vec![0; names.len()];
    for (number, term) in (1..).zip(terms) {
        let counts = term.variables.iter().map(|(place, full)| variables[*place].n_cols(*full));
        let columns = counts.fold(1, usize::saturating_mul);
        if names.len().saturating_add(columns) > MOST {
            return Err(Error::TooManyColumns { term: term.label.clone(), columns, most: MOST });
        }
        let mut of_term = vec![String::new()];
        for (i, (place, full)) in term.variables.iter().enumerate() {
            let own = variables[*place].names(*full);
            let joined = |name: &String| {
                let join = if i > 0 { ":" } else { "" };
                of_term.iter().map(|before| format!("{before}{join}{name}")).collect::<Vec<_>>()
            };
            of_term = own.iter().flat_map(joined).collect();
        }
        assign.resize(assign.len() + of_term.len(), number);
        names.append(&mut of_term);
    }
    Ok((names, assign))
}

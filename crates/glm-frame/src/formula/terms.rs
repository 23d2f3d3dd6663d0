//! The algebra of terms: what `+ - : * / %in% ^ . 0 1` make of a right-hand side, by R's rules.
//!
//! A term is a set of variables. `a:b` joins sets, `a*b` is a + b + a:b, `a/b` is a + a:b, `(a + b)^2` is all joins of up to
//! two, `- a` takes a away. Terms are sorted by the number of their variables, otherwise they stay in the order of their
//! appearance; within a term variables stand in the order in which the formula first names them.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::expr::{Argument, Expr, Kind};
use super::fault::Fault;

/// The expanded formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The response, where there is one.
    pub response: Option<Expr>,
    /// Whether there is an intercept.
    pub intercept: bool,
    /// The variables of the right-hand side, in the order in which they first appear.
    pub variables: Vec<Expr>,
    /// The terms, each the ascending places of its variables.
    pub terms: Vec<Vec<usize>>,
    /// The arguments of `offset()`.
    pub offsets: Vec<Expr>,
}

impl Terms {
    /// R's label of a term: `a:log(b)`.
    #[must_use]
    pub fn label(&self, term: &[usize]) -> String {
        let names: Vec<String> = term.iter().map(|variable| self.variables[*variable].to_string()).collect();
        names.join(":")
    }

    /// The columns that the formula needs, each once: the response's, the variables', the offsets'.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for column in self.response.iter().chain(&self.variables).chain(&self.offsets).flat_map(Expr::columns) {
            if !found.contains(&column) {
                found.push(column);
            }
        }
        found
    }
}

type Set = BTreeSet<usize>;

/// Terms and the intercept so far.
#[derive(Debug, Clone, Default)]
struct Sum {
    /// Each with its place, which ascends in the order of appearance.
    places: BTreeMap<Set, usize>,
    /// The place of the next.
    next: usize,
    /// What the last `1`, `0`, `-1` or `-0` said.
    intercept: Option<bool>,
}

impl Sum {
    fn of(terms: impl IntoIterator<Item = Set>) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }

    fn len(&self) -> usize {
        self.places.len()
    }

    /// The terms in their order.
    fn terms(&self) -> Vec<&Set> {
        let mut terms: Vec<(&Set, &usize)> = self.places.iter().collect();
        terms.sort_unstable_by_key(|(_, place)| **place);
        terms.into_iter().map(|(term, _)| term).collect()
    }

    fn add(&mut self, term: Set) {
        if let Entry::Vacant(place) = self.places.entry(term) {
            place.insert(self.next);
            self.next += 1;
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        other.terms().into_iter().for_each(|term| self.add(term.clone()));
        self.intercept = other.intercept.or(self.intercept);
        self
    }

    fn minus(mut self, other: &Self) -> Self {
        for term in other.places.keys() {
            self.places.remove(term);
        }
        self.intercept = other.intercept.map(|there| !there).or(self.intercept);
        self
    }

    /// All joins of a term of one with a term of the other.
    fn joined(&self, other: &Self) -> Self {
        let others = other.terms();
        let joined = Self::of(self.terms().into_iter().flat_map(|a| others.iter().map(move |b| a | *b)));
        Self { intercept: other.intercept.or(self.intercept), ..joined }
    }

    /// The terms joined with all variables of another sum.
    fn within(&self, other: &Self) -> Self {
        let all: Set = other.places.keys().flatten().copied().collect();
        let within = Self::of(self.terms().into_iter().map(|term| term | &all));
        Self { intercept: other.intercept.or(self.intercept), ..within }
    }
}

/// Terms beyond which an expansion is a mistake.
const MOST: usize = 20_000;

struct Expansion<'a> {
    formula: &'a str,
    names: &'a [&'a str],
    response: Option<&'a Expr>,
    variables: Vec<(String, Expr)>,
    /// Places of the variables that are offsets.
    offsets: Set,
}

/// Expands a right-hand side; `names` are the columns that `.` stands for, those of the response left out.
pub(super) fn terms(formula: &str, response: Option<&Expr>, predictors: &Expr, names: &[&str]) -> Result<Terms, Fault> {
    let mut expansion = Expansion { formula, names, response, variables: Vec::new(), offsets: Set::new() };
    let sum = expansion.sum(predictors)?;
    let Expansion { variables, offsets, .. } = expansion;
    let all = sum.terms();
    let mixed = all.iter().find(|term| term.len() > 1 && !term.is_disjoint(&offsets));
    if mixed.is_some() {
        let span = predictors.span.clone();
        return Err(Fault::new(formula, span, "an offset inside an interaction", "add offsets to a formula by +"));
    }
    let used: Set = all.iter().copied().flatten().copied().collect();
    let is_offset = |place: &usize| offsets.contains(place);
    let kept: Vec<usize> = used.iter().copied().filter(|place| !is_offset(place)).collect();
    let place = |old: usize| kept.partition_point(|kept| *kept < old);
    let mut terms: Vec<Vec<usize>> = all
        .iter()
        .filter(|term| term.is_disjoint(&offsets))
        .map(|term| term.iter().map(|old| place(*old)).collect())
        .collect();
    terms.sort_by_key(Vec::len);
    let argument = |place: &usize| match &variables[*place].1.kind {
        Kind::Call { arguments, .. } => arguments[0].value.clone(),
        _ => variables[*place].1.clone(),
    };
    Ok(Terms {
        response: response.cloned(),
        intercept: sum.intercept.unwrap_or(true),
        variables: kept.iter().map(|place| variables[*place].1.clone()).collect(),
        terms,
        offsets: used.iter().filter(|place| is_offset(place)).map(argument).collect(),
    })
}

impl Expansion<'_> {
    fn fault(&self, expr: &Expr, message: impl Into<String>, advice: impl Into<String>) -> Fault {
        Fault::new(self.formula, expr.span.clone(), message, advice)
    }

    fn sum(&mut self, expr: &Expr) -> Result<Sum, Fault> {
        let sum = match &expr.kind {
            Kind::Group(inner) => self.sum(inner)?,
            Kind::Number { value, .. } => self.constant(expr, *value)?,
            Kind::Name(_) | Kind::Call { .. } => Sum::of([self.variable(expr)?]),
            Kind::Dot => self.all_others(expr)?,
            Kind::Unary("+", inner) => self.sum(inner)?,
            Kind::Unary("-", inner) => Sum::default().minus(&self.sum(inner)?),
            Kind::Binary("+" | "-", ..) => self.chain(expr)?,
            Kind::Binary(operator, left, right) => self.binary(expr, operator, left, right)?,
            _ => {
                let advice = format!("to compute with columns, write I({expr})");
                return Err(self.fault(expr, format!("`{expr}` is no term"), advice));
            }
        };
        if sum.len() > MOST {
            let message = format!("this makes {} terms", sum.len());
            return Err(self.fault(expr, message, format!("a formula has at most {MOST}")));
        }
        Ok(sum)
    }

    /// a + b - c + …, from the left; thousands of terms are no thousands of calls inside each other.
    fn chain(&mut self, expr: &Expr) -> Result<Sum, Fault> {
        let (mut first, mut rest) = (expr, Vec::new());
        while let Kind::Binary(operator @ ("+" | "-"), left, right) = &first.kind {
            rest.push((*operator, right));
            first = left;
        }
        let mut sum = self.sum(first)?;
        for (operator, right) in rest.into_iter().rev() {
            let right = self.sum(right)?;
            sum = if operator == "+" { sum.plus(&right) } else { sum.minus(&right) };
        }
        Ok(sum)
    }

    fn binary(&mut self, expr: &Expr, operator: &str, left: &Expr, right: &Expr) -> Result<Sum, Fault> {
        if operator == "^" {
            return self.power(left, right);
        }
        if ![":", "*", "%in%", "/"].contains(&operator) {
            let advice = format!("to compute with columns, write I({expr})");
            return Err(self.fault(expr, format!("`{operator}` joins no terms"), advice));
        }
        let (a, b) = (self.sum(left)?, self.sum(right)?);
        if a.len().saturating_mul(b.len()) > MOST && !matches!(operator, "%in%" | "/") {
            return Err(self.fault(expr, "too many terms", format!("a formula has at most {MOST}")));
        }
        Ok(match operator {
            ":" => a.joined(&b),
            "*" => a.clone().plus(&b).plus(&a.joined(&b)),
            "%in%" => a.within(&b),
            // Nested: the variables on the left, all together, with each term on the right.
            _ => a.clone().plus(&b.within(&a)),
        })
    }

    /// (a + b + …)^n: all joins of up to n terms.
    fn power(&mut self, base: &Expr, exponent: &Expr) -> Result<Sum, Fault> {
        let times = match exponent.kind {
            Kind::Number { value, .. } if (1.0..=64.0).contains(&value) && value.fract() == 0.0 => value,
            _ => {
                let message = format!("`{exponent}` is no power of terms");
                let advice =
                    format!("a power is a whole number from 1; for a column's power write I({base}^{exponent})");
                return Err(self.fault(exponent, message, advice));
            }
        };
        let base_sum = self.sum(base)?;
        let mut sum = base_sum.clone();
        let mut done = 1.0;
        while done < times {
            if sum.len().saturating_mul(base_sum.len()) > MOST {
                return Err(self.fault(exponent, "too many terms", format!("a formula has at most {MOST}")));
            }
            // A term joined with itself is itself, so that the terms of the base are among the joins, in R's order.
            let joined = sum.joined(&base_sum);
            done = if joined.terms() == sum.terms() { times } else { done + 1.0 };
            sum = joined;
        }
        Ok(sum)
    }

    fn constant(&self, expr: &Expr, value: f64) -> Result<Sum, Fault> {
        match value {
            0.0 => Ok(Sum { intercept: Some(false), ..Sum::default() }),
            1.0 => Ok(Sum { intercept: Some(true), ..Sum::default() }),
            _ => {
                let advice = "1 is the intercept, 0 takes it away; to multiply a column write I(2 * x)";
                Err(self.fault(expr, format!("`{expr}` is no term"), advice))
            }
        }
    }

    /// The place of a variable, in a set of its own.
    fn variable(&mut self, expr: &Expr) -> Result<Set, Fault> {
        let name = expr.to_string();
        if self.response.is_some_and(|response| response.to_string() == name) {
            let message = format!("the response `{name}` is also a predictor");
            return Err(self.fault(expr, message, "leave it out on the right"));
        }
        let place = match self.variables.iter().position(|(known, _)| *known == name) {
            Some(place) => place,
            None => {
                self.variables.push((name, expr.clone()));
                self.variables.len() - 1
            }
        };
        if let Kind::Call { function, arguments } = &expr.kind
            && function == "offset"
        {
            let [Argument { name: None, .. }] = &arguments[..] else {
                return Err(self.fault(expr, "offset() takes one argument", "write offset(log(exposure))"));
            };
            self.offsets.insert(place);
        }
        Ok(Set::from([place]))
    }

    fn all_others(&mut self, expr: &Expr) -> Result<Sum, Fault> {
        let used = self.response.map(Expr::columns).unwrap_or_default();
        let others: Vec<&str> = self.names.iter().copied().filter(|name| !used.contains(name)).collect();
        if others.is_empty() {
            return Err(self.fault(expr, "`.` stands for no column", "there is no column beside the response"));
        }
        let column = |name: &str| Expr { kind: Kind::Name(name.to_owned()), span: expr.span.clone() };
        let sets: Result<Vec<Set>, Fault> = others.into_iter().map(|name| self.variable(&column(name))).collect();
        Ok(Sum::of(sets?))
    }
}

//! Separated data: no finite maximum, and what runs off to infinity.

use std::fmt;

use crate::existence::Found;
use crate::{Fit, OrdinalFit, Problem};

/// Coefficients that the message names.
const NAMED: usize = 4;

/// The likelihood has no finite maximum: along `direction` no observation's loss ever rises, and some fall for ever.
#[derive(Debug, Clone)]
pub struct Separation<F = Fit> {
    /// Whether every observation is separated (complete), or only some (quasi-complete). One of k classes is where all
    /// differences of predictors on which its loss depends keep rising, so that its own probability goes to one.
    pub complete: bool,
    /// Coefficients without a finite estimate, by their place in the fit, and where they go: columns of the design, the
    /// intercept counting as 0, predictor by predictor; for an ordinal fit, thresholds before columns. One that could go
    /// either way is left out, unless there is no other. In more than 2²² rows times parameters these are, where there are
    /// any, the columns that separate the data by themselves, as those of levels without events; others may come to light
    /// without them.
    pub columns: Vec<(usize, Towards)>,
    /// Rows of the design, from zero, whose fitted means (for classes, one of them) run into the edge of their domain.
    pub rows: Vec<usize>,
    /// A direction of all coefficients along which the likelihood rises for ever, zero where they are aliased.
    pub direction: Vec<f64>,
    /// Where the iteration stood; neither its coefficients nor its standard errors mean anything in these columns.
    pub best: F,
    words: Words,
}

/// What the message says beyond the numbers.
#[derive(Debug, Clone)]
struct Words {
    /// Of the first few columns.
    names: Vec<String>,
    /// Rows of positive weight.
    n_used: usize,
    classes: bool,
}

impl Separation {
    pub(crate) fn of_problem(problem: &Problem<'_>, found: Found, best: Fit) -> Self {
        let (response, p) = (problem.response(), problem.design().n_cols());
        let (q, k) = (response.n_predictors(), response.n_means());
        let name = |j: usize| match q {
            1 => format!("the coefficient of column {j}"),
            _ if response.is_categorical() => {
                format!("the coefficient of column {} for class {}", j % p, j / p + k - q)
            }
            _ => format!("the coefficient of column {} for predictor {}", j % p, j / p),
        };
        Self::new(found, best, problem.n_used(), q > 1, name)
    }
}

impl Separation<OrdinalFit> {
    pub(crate) fn of_ordinal(found: Found, best: OrdinalFit) -> Self {
        let (thresholds, n_used) = (best.thresholds.len(), best.n_used);
        let name = |j: usize| match j.checked_sub(thresholds) {
            None => format!("threshold {j}"),
            Some(column) => format!("the coefficient of column {column}"),
        };
        Self::new(found, best, n_used, true, name)
    }
}

impl<F> Separation<F> {
    fn new(found: Found, best: F, n_used: usize, classes: bool, name: impl Fn(usize) -> String) -> Self {
        let Found { complete, columns, rows, direction } = found;
        let names = columns.iter().take(NAMED).map(|(column, _)| name(*column)).collect();
        Self { complete, columns, rows, direction, best, words: Words { names, n_used, classes } }
    }
}

/// Where a coefficient goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// To +∞.
    PlusInfinity,
    /// To −∞.
    MinusInfinity,
}

impl Towards {
    pub(crate) fn of(sign: f64) -> Self {
        if sign > 0.0 { Self::PlusInfinity } else { Self::MinusInfinity }
    }
}

impl fmt::Display for Towards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::PlusInfinity { "+∞" } else { "−∞" })
    }
}

impl<F> fmt::Display for Separation<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.complete { "completely" } else { "quasi-completely" };
        let Words { names, n_used, classes } = &self.words;
        write!(f, "the data are {kind} separated, so the likelihood has no finite maximum: ")?;
        for (i, (name, (_, towards))) in names.iter().zip(&self.columns).enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{name} goes to {towards}")?;
        }
        if self.columns.len() > names.len() {
            write!(f, ", and {} more coefficients", self.columns.len() - names.len())?;
        }
        let (rows, advice) = match classes {
            true => ("rule out a class", "leave a column out, merge sparse categories or classes"),
            false => ("are predicted perfectly", "use bias reduction, leave a column out, merge sparse categories"),
        };
        write!(f, " ({} of {n_used} rows {rows}); {advice}, or penalise the coefficients", self.rows.len())
    }
}

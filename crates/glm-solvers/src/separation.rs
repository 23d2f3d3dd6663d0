//! Separated data: no finite maximum, and what runs off to infinity.

use std::fmt;

use crate::Fit;

/// The likelihood has no finite maximum: along `direction` no observation's loss ever rises, and some fall for ever.
#[derive(Debug, Clone)]
pub struct Separation {
    /// Whether every observation is separated (complete), or only some (quasi-complete).
    pub complete: bool,
    /// Columns of the design, the intercept counting as 0, whose coefficients have no finite estimate, and where they
    /// go. A column whose coefficient could go either way is left out, unless there is no other.
    pub columns: Vec<(usize, Towards)>,
    /// Rows of the design, from zero, whose fitted means run into the edge of their domain.
    pub rows: Vec<usize>,
    /// A direction of β along which the likelihood rises for ever, zero in aliased columns.
    pub direction: Vec<f64>,
    /// Where the iteration stood; neither its coefficients nor its standard errors mean anything in these columns.
    pub best: Fit,
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

impl fmt::Display for Separation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.complete { "completely" } else { "quasi-completely" };
        write!(f, "the data are {kind} separated, so the likelihood has no finite maximum: ")?;
        for (i, (column, towards)) in self.columns.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}the coefficient of column {column} goes to {towards}")?;
        }
        write!(
            f,
            " ({} of {} rows are predicted perfectly); use bias reduction, leave a column out, merge sparse categories, \
             or penalise the coefficients",
            self.rows.len(),
            self.best.n_used
        )
    }
}

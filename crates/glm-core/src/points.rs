//! Points of a link, a few rows at a time: what passes from a link's stage to a family's.

use crate::{Logarithm, Mean, Point};

/// Rows whose points are in the first-level cache at once.
pub(crate) const POINTS: usize = 64;

/// The [`Point`]s of up to 64 rows, quantity by quantity.
#[derive(Debug, Clone)]
pub struct Points {
    pub(crate) tails: bool,
    pub(crate) mu: [f64; POINTS],
    pub(crate) complement: [f64; POINTS],
    pub(crate) dmu: [f64; POINTS],
    pub(crate) d2mu: [f64; POINTS],
    /// ln μ and its derivatives.
    pub(crate) ln_mu: [[f64; POINTS]; 3],
    /// ln(1 − μ) and its derivatives.
    pub(crate) ln_complement: [[f64; POINTS]; 3],
}

impl Points {
    /// No points yet. `tails` tells whether means are confined to (0, 1), so that ln(1 − μ) will be read.
    pub(crate) fn new(tails: bool) -> Self {
        let zero = [0.0; POINTS];
        let (ln_mu, ln_complement) = ([zero; 3], [zero; 3]);
        Self { tails, mu: zero, complement: zero, dmu: zero, d2mu: zero, ln_mu, ln_complement }
    }

    /// The point of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Point {
        let logarithm = |of: &[[f64; POINTS]; 3]| Logarithm { value: of[0][row], d1: of[1][row], d2: of[2][row] };
        Point {
            mu: self.mu[row],
            complement: self.complement[row],
            dmu: self.dmu[row],
            d2mu: self.d2mu[row],
            ln_mu: logarithm(&self.ln_mu),
            ln_complement: logarithm(&self.ln_complement),
        }
    }

    /// Sets the point of a row.
    pub fn set(&mut self, row: usize, point: Point) {
        self.mu[row] = point.mu;
        self.complement[row] = point.complement;
        self.dmu[row] = point.dmu;
        self.d2mu[row] = point.d2mu;
        for (to, of) in [(&mut self.ln_mu, point.ln_mu), (&mut self.ln_complement, point.ln_complement)] {
            (to[0][row], to[1][row], to[2][row]) = (of.value, of.d1, of.d2);
        }
    }

    /// Marks a row as one that the link's block form does not do: the scalar form will.
    pub fn decline(&mut self, row: usize) {
        self.set(row, Point::from_mean(Mean { mu: f64::NAN, complement: f64::NAN }, f64::NAN, f64::NAN));
    }
}

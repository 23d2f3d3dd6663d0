//! Whether the estimate of an ordinal model exists: what each row allows its cut points to do.

use std::ops::Range;

use glm_core::{Merge, Order, Recession, Response, Rise, Units, Work, blocks, fold_rows};

use super::Ordinal;
use crate::existence::multipliers::Block;
use crate::existence::pattern::{Pattern, for_each_row_of, share};
use crate::existence::{examine, verdict};
use crate::{Error, OrdinalFit, Separation};

impl Ordinal<'_> {
    /// The fit with what is known about existence in its certificate, or the separation that it hides.
    pub(super) fn decide(&self, mut fit: OrdinalFit) -> Result<OrdinalFit, Error> {
        let (q, p) = (self.n_thresholds(), self.design.n_cols());
        let params: Vec<usize> = (0..q + p).filter(|j| *j < q || !fit.aliased.contains(&(j - q))).collect();
        match examine(&mut fit.certificate, || verdict(self.pattern(&params), q + p, &params)) {
            None => Ok(fit),
            Some(found) => Err(Error::OrdinalSeparation(Box::new(Separation::of_ordinal(found, fit)))),
        }
    }

    /// The differences of cut points that the rows allow to rise, as forms of some of the parameters: cut point c is
    /// `θ_c − x'β`.
    fn pattern(&self, params: &[usize]) -> Pattern {
        let (q, p) = (self.n_thresholds(), self.design.n_cols());
        let (mut pattern, columns) = (Pattern::new(params.len()), (0..p).collect::<Vec<_>>());
        for_each_row_of(
            self.design,
            |row| self.weight(row) > 0.0,
            &columns,
            |row, x| {
                for rise in self.rises(row) {
                    let total: f64 = (0..q).map(|cut| share(rise, cut)).sum();
                    let element = |j: &usize| if *j < q { share(rise, *j) } else { -total * x[j - q] };
                    let form: Vec<f64> = params.iter().map(element).collect();
                    pattern.add(row, &form, Recession::Upward);
                }
            },
        );
        pattern
    }

    #[expect(clippy::cast_possible_truncation, reason = "y is the number of a class")]
    fn rises(&self, row: usize) -> Vec<Rise> {
        self.response.cut_rises(self.y[row] as usize)
    }

    /// Whether a Newton step in the observed information leaves every row's multipliers positive.
    pub(super) fn is_balanced(&self, params: &[f64], step: &[f64]) -> Result<bool, Error> {
        let group = |rows: Range<usize>| {
            let balanced = blocks(rows).all(|rows| self.block_is_balanced(params, step, rows));
            Ok::<_, Error>(All(balanced))
        };
        Ok(fold_rows(self.y.len(), &group)?.0)
    }

    fn block_is_balanced(&self, params: &[f64], step: &[f64], rows: Range<usize>) -> bool {
        let (m, q) = (rows.len(), self.n_thresholds());
        let mut work = Work::new();
        let cuts = self.cuts(params, self.offset.get(rows.clone()), rows.clone(), &mut work);
        let moves = self.cuts(step, None, rows.clone(), &mut work);
        let (mut loss, mut slope, mut curvature) = (vec![0.0; m], vec![0.0; m * q], vec![0.0; m * q * (q + 1) / 2]);
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        self.response.units(&self.y[rows.clone()], &cuts, Order::Observed, units);
        let block = Block { slope: &slope, curvature: &curvature, moves: &moves, m };
        rows.enumerate()
            .filter(|(_, row)| self.weight(*row) > 0.0)
            .all(|(i, row)| block.is_balanced(i, &self.rises(row)))
    }
}

/// Whether something holds for all rows.
struct All(bool);

impl Merge for All {
    fn merge(&mut self, other: Self) {
        self.0 &= other.0;
    }
}

//! Sums over rows that describe a fit: Pearson's chi-square, the log-likelihood, and what is odd about the response.

use std::ops::Range;

use glm_core::{At, Family, Mean, Merge, Order, Recession, Units, Work, blocks, fold_rows, linear_predictors};

use crate::existence::multipliers::Block;
use crate::{Error, Problem};

/// Sums over rows of positive weight.
#[derive(Debug, Clone)]
pub(crate) struct Totals {
    /// Σ w slope²/expected curvature = Σ w (y − μ)²/V; over classes,
    /// `Σ w Σ_c ([y = c] − μ_c)²/μ_c = Σ w (1/μ_y − 1)`.
    pub(crate) pearson: f64,
    /// What the responses have in common.
    pub(crate) common: Common,
    /// Whether the multipliers of [`balanced`] have the right sign in every row.
    pub(crate) balanced: bool,
}

/// Whether all rows so far have the same response.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Common {
    /// No row so far.
    Nothing,
    /// This one.
    Value(f64),
    /// No.
    Different,
}

impl Common {
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, either) | (either, Self::Nothing) => either,
            (Self::Value(a), Self::Value(b)) if a.total_cmp(&b).is_eq() => self,
            _ => Self::Different,
        }
    }
}

impl Merge for Totals {
    fn merge(&mut self, other: Self) {
        self.pearson += other.pearson;
        self.common = self.common.with(other.common);
        self.balanced &= other.balanced;
    }
}

/// A log-likelihood that one impossible row makes impossible.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogLikelihood {
    /// Σ of the family's contributions.
    pub(crate) total: f64,
    /// The first row that has none.
    pub(crate) missing: Option<usize>,
}

impl Merge for LogLikelihood {
    fn merge(&mut self, other: Self) {
        self.total += other.total;
        self.missing = self.missing.or(other.missing);
    }
}

impl Totals {
    /// At parameters, and with Newton's step there in the expected information, where there is one to be trusted.
    pub(crate) fn at(problem: &Problem<'_>, at: At<'_>, step: Option<&[f64]>) -> Result<Self, Error> {
        fold_rows(problem.y().len(), &|rows: Range<usize>| Ok(Self::of_group(problem, at, step, rows)))
    }

    fn of_group(problem: &Problem<'_>, at: At<'_>, step: Option<&[f64]>, rows: Range<usize>) -> Self {
        let response = problem.response();
        let q = response.n_predictors();
        let mut totals = Self { pearson: 0.0, common: Common::Nothing, balanced: step.is_some() };
        for_each_block(problem, at, rows, |rows, eta| {
            let m = rows.len();
            let (mut loss, mut slope, mut curvature) = (vec![0.0; m], vec![0.0; m * q], vec![0.0; m * q * (q + 1) / 2]);
            let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
            response.units(&problem.y()[rows.clone()], eta, Order::Expected, units);
            if let Some(step) = step.filter(|_| totals.balanced) {
                totals.balanced = balanced(problem, step, rows.clone(), &slope, &curvature);
            }
            for (i, row) in rows.enumerate() {
                let (y, weight) = (problem.y()[row], problem.weight(row));
                if weight > 0.0 {
                    let share = match slope[i] {
                        _ if response.is_categorical() => loss[i].exp_m1(),
                        0.0 => 0.0,
                        slope => slope * slope / curvature[i],
                    };
                    totals.pearson += weight * share;
                    totals.common = totals.common.with(Common::Value(y));
                }
            }
        });
        if q > 1 && !response.is_categorical() {
            totals.pearson = f64::NAN;
        }
        totals
    }
}

/// Whether slope + curvature·xᵀd has clearly the sign of the slope in every one-sided row.
///
/// At a full Newton step d these numbers, times the weights, are multipliers that balance the rows, Σ zᵢ xᵢ = g + I d = 0.
/// Where they point against every recession, no direction can satisfy all rows and move one that is one-sided, so a
/// finite maximum exists. On separated data a step moves such rows by about one, and the multiplier vanishes. Coupled
/// predictors have several multipliers for each row ([`Block`]).
fn balanced(problem: &Problem<'_>, step: &[f64], rows: Range<usize>, slope: &[f64], curvature: &[f64]) -> bool {
    let (m, p, mut work) = (rows.len(), problem.design().n_cols(), Work::new());
    let mut moves = vec![0.0; slope.len()];
    for (moves, step) in moves.chunks_exact_mut(m).zip(step.chunks_exact(p)) {
        problem.design().add_eta(rows.clone(), step, moves, &mut work);
    }
    let block = Block { slope, curvature, moves: &moves, m };
    rows.enumerate().filter(|(_, row)| problem.weight(*row) > 0.0).all(|(i, row)| {
        if slope.len() > m {
            return problem.response().rises(problem.y()[row]).is_some_and(|rises| block.is_balanced(i, &rises));
        }
        match problem.response().recession(problem.y()[row]) {
            None => false,
            Some(Recession::Fixed) => true,
            Some(_) => (curvature[i] * moves[i]).abs() < 0.5 * slope[i].abs(),
        }
    })
}

impl LogLikelihood {
    /// Σ of the family's contributions at a dispersion, over rows of positive weight.
    pub(crate) fn at(problem: &Problem<'_>, family: &dyn Family, at: At<'_>, phi: f64) -> Result<Self, Error> {
        let response = problem.response();
        let group = |rows: Range<usize>| {
            let mut sum = Self { total: 0.0, missing: None };
            for_each_block(problem, at, rows, |rows, eta| {
                let mut mu = vec![0.0; rows.len()];
                response.mean(eta, &mut mu);
                for (i, row) in rows.enumerate().filter(|(_, row)| problem.weight(*row) > 0.0) {
                    let mean = response.link().map_or(Mean::from(mu[i]), |link| link.at(eta[i]).mean());
                    match family.log_likelihood(problem.y()[row], mean, problem.weight(row), phi) {
                        Some(share) => sum.total += share,
                        None => sum.missing = sum.missing.or(Some(row)),
                    }
                }
            });
            Ok::<_, Error>(sum)
        };
        fold_rows(problem.y().len(), &group)
    }
}

/// Linear predictors of a group, block by block.
fn for_each_block(problem: &Problem<'_>, at: At<'_>, rows: Range<usize>, mut visit: impl FnMut(Range<usize>, &[f64])) {
    let mut work = Work::new();
    for rows in blocks(rows) {
        let mut eta = vec![0.0; rows.len() * problem.response().n_predictors()];
        linear_predictors(problem.response(), problem.batch(), rows.clone(), at, &mut eta, &mut work);
        visit(rows, &eta);
    }
}

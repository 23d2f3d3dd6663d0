//! Sums over rows that describe a fit: Pearson's chi-square, the log-likelihood, and what is odd about the response.

use std::ops::Range;

use glm_core::{
    At, Expansion, Family, Mean, Merge, Order, Recession, Response, Units, Work, blocks, fold_rows, kernel,
    linear_predictors,
};

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
    /// Of the rows of positive weight.
    fn of(problem: &Problem<'_>) -> Self {
        let mut used = problem.y().iter().enumerate().filter(|(row, _)| problem.weight(*row) > 0.0).map(|(_, y)| *y);
        match used.next() {
            None => Self::Nothing,
            Some(first) if used.all(|y| y.total_cmp(&first).is_eq()) => Self::Value(first),
            Some(_) => Self::Different,
        }
    }
}

impl Merge for Totals {
    fn merge(&mut self, other: Self) {
        self.pearson += other.pearson;
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

/// A full step −I⁻¹g in the expected information I, and its length √(dᵀId) there.
#[derive(Debug, Clone)]
pub(crate) struct NewtonStep {
    pub(crate) direction: Vec<f64>,
    pub(crate) length: f64,
}

impl Totals {
    /// What the expansion has found out already, where that decides whether the rows are balanced: least squares always
    /// are, and other rows where the step moves none of those at an end of the support by more than its residual, all rows
    /// inside being fixed. `None` where another look at the rows is needed.
    pub(crate) fn of_expansion(problem: &Problem<'_>, at: &Expansion, step: Option<&NewtonStep>) -> Option<Self> {
        let common = Common::of(problem);
        if problem.response().is_location() {
            return Some(Self { pearson: 2.0 * at.loss, common, balanced: step.is_some() });
        }
        let pearson = at.pearson?;
        let balances = |step: &NewtonStep| 4.0 * step.length * step.length < pearson.least_at_end;
        let balanced = step.map(|step| balances(step) && recede_at_ends(problem)).unwrap_or(false);
        (balanced || step.is_none()).then_some(Self { pearson: pearson.chi_square, common, balanced })
    }

    /// At parameters, and with Newton's step there in the expected information, where there is one to be trusted.
    pub(crate) fn at(problem: &Problem<'_>, at: At<'_>, step: Option<&NewtonStep>) -> Result<Self, Error> {
        let group = |rows: Range<usize>| Ok::<_, Error>(Self::of_group(problem, at, step, rows));
        Ok(Self { common: Common::of(problem), ..fold_rows(problem.y().len(), &group)? })
    }

    fn of_group(problem: &Problem<'_>, at: At<'_>, step: Option<&NewtonStep>, rows: Range<usize>) -> Self {
        let response = problem.response();
        let q = response.n_predictors();
        let mut totals = Self { pearson: 0.0, common: Common::Nothing, balanced: step.is_some() };
        let mut parts = [(); 3].map(|()| Vec::new());
        for_each_block(problem, at, rows, |rows, eta| {
            let m = rows.len();
            let [loss, slope, curvature] = &mut parts;
            loss.resize(m, 0.0);
            slope.resize(m * q, 0.0);
            curvature.resize(m * q * (q + 1) / 2, 0.0);
            response.units(&problem.y()[rows.clone()], eta, Order::Expected, Units { loss, slope, curvature });
            if let Some(step) = step.filter(|_| totals.balanced) {
                totals.balanced = balanced(problem, step, rows.clone(), slope, curvature);
            }
            match response.is_categorical() {
                true => loss.iter_mut().for_each(|loss| *loss = loss.exp_m1()),
                false => share_out(slope, curvature, loss),
            }
            totals.pearson += sum_used(problem, rows.clone(), loss);
        });
        if q > 1 && !response.is_categorical() {
            totals.pearson = f64::NAN;
        }
        totals
    }
}

/// slope²/curvature of each row, zero where the slope is.
fn share_out(slope: &[f64], curvature: &[f64], shares: &mut [f64]) {
    for ((share, slope), curvature) in shares.iter_mut().zip(slope).zip(curvature) {
        let square = slope * slope / curvature;
        *share = if *slope == 0.0 { 0.0 } else { square };
    }
}

/// Σ weight · value over those of these rows that have a positive weight.
fn sum_used(problem: &Problem<'_>, rows: Range<usize>, values: &[f64]) -> f64 {
    if problem.weights().is_empty() {
        return kernel::sum(values);
    }
    let weights = rows.map(|row| problem.weight(row));
    weights.zip(values).filter(|(weight, _)| *weight > 0.0).map(|(weight, value)| weight * value).sum()
}

/// Whether slope + curvature·xᵀd has clearly the sign of the slope in every one-sided row.
///
/// At a full Newton step d these numbers, times the weights, are multipliers that balance the rows, Σ zᵢ xᵢ = g + I d = 0.
/// Where they point against every recession, no direction can satisfy all rows and move one that is one-sided, so a
/// finite maximum exists. On separated data a step moves such rows by about one, and the multiplier vanishes. Coupled
/// predictors have several multipliers for each row ([`Block`]).
///
/// Most rows need no look at x: (xᵀd)² ≤ xᵀI⁻¹x · dᵀId, and the leverage w·curvature·xᵀI⁻¹x is at most one.
fn balanced(problem: &Problem<'_>, step: &NewtonStep, rows: Range<usize>, slope: &[f64], curvature: &[f64]) -> bool {
    // Least squares: every row wants both directions as badly.
    if problem.response().is_location() {
        return true;
    }
    if slope.len() > rows.len() {
        return balanced_together(problem, step, rows, slope, curvature);
    }
    let (mut moves, mut recent) = (Vec::new(), Recent::default());
    rows.clone().enumerate().filter(|(_, row)| problem.weight(*row) > 0.0).all(|(i, row)| {
        let half = 0.5 * slope[i].abs();
        match recent.recession(problem.response(), problem.y()[row]) {
            None => false,
            Some(Recession::Fixed) => true,
            Some(_) if (curvature[i] / problem.weight(row)).sqrt() * step.length < half => true,
            Some(_) => {
                if moves.is_empty() {
                    moves.resize(rows.len(), 0.0);
                    problem.design().add_eta(rows.clone(), &step.direction, &mut moves, &mut Work::new());
                }
                (curvature[i] * moves[i]).abs() < half
            }
        }
    })
}

/// Whether no row inside the family's support is one-sided, and there is a theorem about those at its ends.
fn recede_at_ends(problem: &Problem<'_>) -> bool {
    let (response, y) = (problem.response(), problem.y());
    let Some(support) = response.family().map(Family::support) else { return false };
    let ends = [support.lower, support.upper];
    let mut inside = y.iter().enumerate().filter(|(row, y)| !ends.contains(*y) && problem.weight(*row) > 0.0);
    inside.next().is_none_or(|(_, y)| response.recession(*y) == Some(Recession::Fixed))
        && ends.iter().all(|end| response.recession(*end).is_some() || !y.contains(end))
}

/// The same for coupled predictors.
fn balanced_together(
    problem: &Problem<'_>,
    step: &NewtonStep,
    rows: Range<usize>,
    slope: &[f64],
    curvature: &[f64],
) -> bool {
    let (m, p, mut work) = (rows.len(), problem.design().n_cols(), Work::new());
    let mut moves = vec![0.0; slope.len()];
    for (moves, step) in moves.chunks_exact_mut(m).zip(step.direction.chunks_exact(p)) {
        problem.design().add_eta(rows.clone(), step, moves, &mut work);
    }
    let block = Block { slope, curvature, moves: &moves, m };
    rows.enumerate()
        .filter(|(_, row)| problem.weight(*row) > 0.0)
        .all(|(i, row)| problem.response().rises(problem.y()[row]).is_some_and(|rises| block.is_balanced(i, &rises)))
}

/// The recessions of the last two different responses: binary data have no more.
#[derive(Debug, Default)]
struct Recent([Option<(u64, Option<Recession>)>; 2]);

impl Recent {
    fn recession(&mut self, response: &dyn Response, y: f64) -> Option<Recession> {
        let bits = y.to_bits();
        if let Some((_, known)) = self.0.iter().flatten().find(|(other, _)| *other == bits) {
            return *known;
        }
        let found = response.recession(y);
        self.0 = [Some((bits, found)), self.0[0]];
        found
    }
}

impl LogLikelihood {
    /// At a dispersion, where half the deviance is known: from what the family says of y alone, if it says that, without
    /// another pass over the design.
    pub(crate) fn below_saturated(
        problem: &Problem<'_>,
        family: &dyn Family,
        at: At<'_>,
        loss: f64,
        phi: f64,
    ) -> Result<Self, Error> {
        let group = |rows: Range<usize>| {
            let mut sum = Saturated(Some(0.0));
            for rows in blocks(rows) {
                let (times, weights) = match problem.weights().is_empty() {
                    true => (Vec::new(), Vec::new()),
                    false => (problem.times(rows.clone()), problem.prior_weights(rows.clone())),
                };
                sum.merge(Saturated(family.saturated_log_likelihood(&problem.y()[rows], &weights, &times, phi)));
            }
            Ok::<_, Error>(sum)
        };
        match fold_rows(problem.y().len(), &group)? {
            Saturated(Some(saturated)) => Ok(Self { total: saturated - loss / phi, missing: None }),
            Saturated(None) => Self::at(problem, family, at, phi),
        }
    }

    /// Σ of the family's contributions at a dispersion, over rows of positive weight.
    pub(crate) fn at(problem: &Problem<'_>, family: &dyn Family, at: At<'_>, phi: f64) -> Result<Self, Error> {
        Self::sum(problem, at, &|y, mean, weight| family.log_likelihood(y, mean, weight, phi))
    }

    /// Σ of the shares of rows of positive weight, each as often as it counts, from y, the mean and the prior weight.
    pub(crate) fn sum(problem: &Problem<'_>, at: At<'_>, share: &Share<'_>) -> Result<Self, Error> {
        let response = problem.response();
        let group = |rows: Range<usize>| {
            let mut sum = Self { total: 0.0, missing: None };
            for_each_block(problem, at, rows, |rows, eta| {
                let (mut mu, link) = (vec![0.0; rows.len()], response.link());
                if link.is_none() {
                    response.mean(eta, &mut mu);
                }
                for (i, row) in rows.enumerate().filter(|(_, row)| problem.weight(*row) > 0.0) {
                    let mean = link.map_or(Mean::from(mu[i]), |link| link.at(eta[i]).mean());
                    match share(problem.y()[row], mean, problem.prior_weight(row)) {
                        Some(share) => sum.total += problem.frequency(row) * share,
                        None => sum.missing = sum.missing.or(Some(row)),
                    }
                }
            });
            Ok::<_, Error>(sum)
        };
        fold_rows(problem.y().len(), &group)
    }
}

/// A sum that one row may leave unknown.
struct Saturated(Option<f64>);

impl Merge for Saturated {
    fn merge(&mut self, other: Self) {
        self.0 = self.0.zip(other.0).map(|(a, b)| a + b);
    }
}

/// What one observation with a response, a mean and a prior weight adds.
type Share<'a> = dyn Fn(f64, Mean, f64) -> Option<f64> + Sync + 'a;

/// Linear predictors of a group, block by block.
fn for_each_block(problem: &Problem<'_>, at: At<'_>, rows: Range<usize>, mut visit: impl FnMut(Range<usize>, &[f64])) {
    let (mut work, mut eta) = (Work::new(), Vec::new());
    for rows in blocks(rows) {
        eta.clear();
        eta.resize(rows.len() * problem.response().n_predictors(), 0.0);
        linear_predictors(problem.response(), problem.batch(), rows.clone(), at, &mut eta, &mut work);
        visit(rows, &eta);
    }
}

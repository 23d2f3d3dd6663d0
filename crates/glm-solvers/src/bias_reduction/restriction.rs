//! The penalised likelihood with some coefficients held: its maximum over the others, with the penalty of all columns.

use faer::Mat;
use faer::linalg::solvers::Solve;
use glm_core::{Family, Link, Objective, kernel};

use super::adjustment::{Adjusted, Target};
use super::search::search_from;
use super::{BiasReducedFit, BiasReduction, describe, parts};
use crate::problem::check_length;
use crate::solver::FLOOR;
use crate::start::Start;
use crate::{Error, Problem};

/// √(U*ᵀ I⁻¹ U*) above which an estimate is not that of the problem; a fit's is at most [`FLOOR`].
const STRANGE: f64 = 10.0 * FLOOR;
/// Excess over the maximum, relative to log L + ½ ln |I|, that is put down to rounding errors.
const ROUNDING: f64 = 1e-9;
/// Attempts at bringing held coefficients to their values before the search gives up.
const ATTEMPTS: usize = 20;
/// The share of the way to their values that held coefficients go first, when not all at once.
const FIRST_STRIDE: f64 = 0.25;
/// Linear predictors at which a link is compared with the canonical one; some are in every domain.
const PROBES: [f64; 6] = [-2.0, -0.7, 0.1, 0.4, 0.7, 2.0];

/// A problem's penalised likelihood, its maximum known.
#[derive(Debug)]
pub(super) struct Penalised<'p> {
    problem: &'p Problem<'p>,
    start: Start,
    family: &'p dyn Family,
    link: &'p dyn Link,
    dispersion: f64,
    /// The estimate.
    pub(super) top: Adjusted,
}

impl<'p> Penalised<'p> {
    /// Of the problem that was fitted, around the estimate.
    pub(super) fn around(fit: &BiasReducedFit, problem: &'p Problem<'_>) -> Result<Self, Error> {
        let (family, link, dispersion) = parts(problem)?;
        if fit.estimator == BiasReduction::MeanAdjustedScore && !is_canonical(family, link) {
            return Err(Error::NoPenalisedLikelihood { response: problem.response().name() });
        }
        let fit = &fit.fit;
        check_length("the coefficients of the fit", problem.n_params(), fit.coefficients.len())?;
        check_length("the rows of the fit", problem.y().len(), fit.n_rows)?;
        let (start, params) = (Start::find(problem, None, &crate::Newton::FISHER)?, fit.params());
        let estimator = BiasReduction::Jeffreys;
        let free = start.factor.kept();
        let target = Target { problem, start: &start, free, estimator, family, link, dispersion };
        let top = target.at(params)?.ok_or(Error::NotTheFittedProblem { score_norm: f64::NAN })?;
        let same_columns = fit.aliased.len() + free.len() == fit.coefficients.len()
            && free.iter().all(|j| !fit.coefficients[*j].is_nan());
        let same_dispersion = fit.dispersion.is_some_and(|fitted| fitted.total_cmp(&dispersion).is_eq());
        if top.score_norm > STRANGE || !same_columns || !same_dispersion {
            return Err(Error::NotTheFittedProblem { score_norm: top.score_norm });
        }
        Ok(Self { problem, start, family, link, dispersion, top })
    }

    fn target<'a>(&'a self, free: &'a [usize]) -> Target<'a> {
        let (problem, start, estimator) = (self.problem, &self.start, BiasReduction::Jeffreys);
        let (family, link, dispersion) = (self.family, self.link, self.dispersion);
        Target { problem, start, free, estimator, family, link, dispersion }
    }

    /// The columns that are not aliased.
    pub(super) fn kept(&self) -> &[usize] {
        self.start.factor.kept()
    }

    /// ∂T/∂βⱼ for a coefficient that is held there, the others following: T's own partial derivative, because those in the
    /// others vanish.
    pub(super) fn slope(&self, at: &Adjusted, column: usize) -> f64 {
        2.0 * at.gradient[column] / self.dispersion
    }

    /// T = 2 (l*(β̂) − l*), rounding errors below zero being zero.
    pub(super) fn statistic(&self, at: &Adjusted, fixed: &[(usize, f64)]) -> Result<f64, Error> {
        let fall = at.merit - self.top.merit;
        if fall < -ROUNDING * (1.0 + self.top.merit.abs()) {
            return Err(Error::LocalMaximum { fixed: fixed.to_vec(), excess: -fall });
        }
        Ok(2.0 * fall.max(0.0))
    }

    /// The maximum with these coefficients held.
    ///
    /// Far from the estimate there may be several local ones. Two searches look for the greatest: one straight from the
    /// estimate, and one from the last maximum of a profile or, where there is none, from the estimate in shorter strides.
    pub(super) fn maximum(&self, fixed: &[(usize, f64)], last: Option<&Adjusted>) -> Result<Adjusted, Error> {
        let straight = self.follow(&self.top, fixed, 1.0);
        let other =
            last.map_or_else(|| self.follow(&self.top, fixed, FIRST_STRIDE), |last| self.follow(last, fixed, 1.0));
        match (straight, other) {
            (Ok(one), Ok(other)) => Ok(if other.merit < one.merit { other } else { one }),
            (Ok(found), Err(Error::Restricted { .. })) | (Err(Error::Restricted { .. }), Ok(found)) => Ok(found),
            (Err(error), _) | (_, Err(error)) => Err(error),
        }
    }

    /// A local maximum with these coefficients held, searched from another point of the same penalised likelihood.
    ///
    /// The held ones go to their values in strides, a share of the way each, and in shorter ones where that leaves the
    /// search nowhere.
    fn follow(&self, from: &Adjusted, fixed: &[(usize, f64)], mut stride: f64) -> Result<Adjusted, Error> {
        let is_free = |j: &usize| fixed.iter().all(|(held, _)| held != j);
        let free: Vec<usize> = self.kept().iter().copied().filter(is_free).collect();
        let target = self.target(&free);
        let mut reached = None;
        let mut best = None;
        for _ in 0..ATTEMPTS {
            let at = reached.as_ref().unwrap_or(from);
            match search_from(&target, &moved(at, fixed, stride)) {
                Ok(found) if found.outcome.converged() && stride >= 1.0 => return Ok(found.at),
                Ok(found) if found.outcome.converged() => {
                    // Twice as far as the last time, as a share of what is left.
                    (reached, stride) = (Some(found.at), (2.0 * stride / (1.0 - stride)).min(1.0));
                }
                Ok(found) => {
                    (best, stride) = (Some(Box::new(describe(&target, found)?)), 0.25 * stride);
                }
                Err(Error::NoValidStart { .. }) => stride *= 0.25,
                Err(other) => return Err(other),
            }
        }
        Err(Error::Restricted { fixed: fixed.to_vec(), best })
    }
}

/// The point with held coefficients brought nearer to their values by a share of the way, and the others to where a
/// quadratic has its maximum then: β + I⁻¹·ⱼ (I⁻¹ⱼⱼ)⁻¹ (b − βⱼ), j being the held ones.
fn moved(at: &Adjusted, fixed: &[(usize, f64)], share: f64) -> Vec<f64> {
    let columns: Vec<Vec<f64>> = fixed
        .iter()
        .map(|(j, _)| {
            let mut unit = vec![0.0; at.params.len()];
            unit[*j] = 1.0;
            at.whole.solve(&unit)
        })
        .collect();
    let block = Mat::from_fn(fixed.len(), fixed.len(), |a, b| columns[b][fixed[a].0]);
    let gap = Mat::from_fn(fixed.len(), 1, |a, _| share * (fixed[a].1 - at.params[fixed[a].0]));
    let shares = block.partial_piv_lu().solve(&gap);
    let mut params = at.params.clone();
    for (b, column) in columns.iter().enumerate() {
        kernel::axpy(shares[(b, 0)], column, &mut params);
    }
    for (a, (j, value)) in fixed.iter().enumerate() {
        params[*j] = if share >= 1.0 { *value } else { at.params[*j] + gap[(a, 0)] };
    }
    params
}

/// Whether the link is the family's canonical one, so that μ′/V is the same everywhere.
fn is_canonical(family: &dyn Family, link: &dyn Link) -> bool {
    let (etas, means) = (link.domain(), family.mean_domain());
    let ratios = PROBES.iter().filter(|eta| etas.contains(**eta)).map(|eta| link.at(*eta)).filter_map(|at| {
        let ratio = at.dmu / family.variance(at.mean());
        (means.contains(at.mu) && ratio.is_finite()).then_some(ratio)
    });
    let ratios: Vec<f64> = ratios.collect();
    ratios.len() > 1 && ratios.iter().all(|ratio| (ratio / ratios[0] - 1.0).abs() < 1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use glm_core::spec;

    #[test]
    fn canonical_links_are_told_from_others() {
        for name in
            ["gaussian", "binomial(logit)", "poisson(log)", "gamma(inverse)", "inverse-gaussian(inverse-squared)"]
        {
            let response = spec::response(name).unwrap();
            assert!(is_canonical(response.family().unwrap(), response.link().unwrap()), "{name}");
        }
        for name in [
            "gaussian(log)",
            "binomial(probit)",
            "binomial(identity)",
            "poisson(sqrt)",
            "gamma(log)",
            "negative-binomial(2)(log)",
        ] {
            let response = spec::response(name).unwrap();
            assert!(!is_canonical(response.family().unwrap(), response.link().unwrap()), "{name}");
        }
    }
}

//! The adjustment ½ Σ hᵢ aᵢ xᵢ of a score, and a point at which the adjusted score is known.

use std::ops::Range;

use glm_core::{
    At, Expansion, Family, Link, Logarithm, Order, Point, Precision, Units, Work, blocks, fold_rows, kernel,
    linear_predictors,
};

use super::BiasReduction;
use crate::start::Start;
use crate::{Error, Factor, Factorisation, Problem};

/// Below this pivot, leverages from the inverse of a Gram would have fewer than about 10 digits.
const SAFE_PIVOT: f64 = 1e-3;

/// What is solved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'p> {
    pub(super) problem: &'p Problem<'p>,
    pub(super) start: &'p Start,
    /// The columns whose coefficients move. The others keep the value they start with, and their part in the penalty.
    pub(super) free: &'p [usize],
    pub(super) estimator: BiasReduction,
    pub(super) family: &'p dyn Family,
    pub(super) link: &'p dyn Link,
    pub(super) dispersion: f64,
}

/// A point inside the domain.
#[derive(Debug)]
pub(super) struct Adjusted {
    pub(super) params: Vec<f64>,
    /// −φ U*: the gradient of the loss minus φ times the adjustment.
    pub(super) gradient: Vec<f64>,
    /// Of XᵀWX, which is φ I, on the columns that are not aliased.
    pub(super) whole: Factor,
    /// Of its block of the columns that are free.
    pub(super) factor: Factor,
    /// √(U*ᵀ I⁻¹ U*) of the columns that are free.
    pub(super) score_norm: f64,
    /// What the search makes small.
    pub(super) merit: f64,
}

impl Adjusted {
    /// ln |XᵀWX/φ|.
    #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
    pub(super) fn ln_determinant(&self, dispersion: f64) -> f64 {
        self.whole.ln_determinant() - self.whole.kept().len() as f64 * dispersion.ln()
    }
}

impl Target<'_> {
    /// Whether some column that is not aliased is held.
    pub(super) fn is_restricted(&self) -> bool {
        self.free.len() < self.start.factor.kept().len()
    }

    /// The point; `None` outside the domain, and where the information is singular.
    pub(super) fn at(&self, params: Vec<f64>) -> Result<Option<Adjusted>, Error> {
        let Some((at, whole)) = self.factorise(&params)? else { return Ok(None) };
        let factor = match self.is_restricted() {
            false => Some(whole.clone()),
            true => Factor::new(&at.information, self.free),
        };
        let Some(factor) = factor else { return Ok(None) };
        let mut gradient = at.gradient;
        kernel::axpy(-self.dispersion, &self.adjustment(&params, &whole)?, &mut gradient);
        let score_norm = factor.score_norm(&gradient) / self.dispersion.sqrt();
        let merit = match self.estimator {
            BiasReduction::MeanAdjustedScore => 0.5 * score_norm * score_norm,
            BiasReduction::Jeffreys => at.loss / self.dispersion - 0.5 * whole.ln_determinant(),
        };
        let sound = score_norm.is_finite() && merit.is_finite();
        Ok(sound.then_some(Adjusted { params, gradient, whole, factor, score_norm, merit }))
    }

    /// The expansion and its factor; by QR and with compensated sums where a Gram would leave leverages too few digits.
    fn factorise(&self, params: &[f64]) -> Result<Option<(Expansion, Factor)>, Error> {
        let kept = self.start.factor.kept();
        if !self.start.ill_conditioned {
            let at = self.problem.expand(At::Params(params), Order::Expected, Precision::Plain)?;
            if !at.is_finite() {
                return Ok(None);
            }
            if let Some(factor) = Factor::new(&at.information, kept).filter(|f| f.smallest_pivot() > SAFE_PIVOT) {
                return Ok(Some((at, factor)));
            }
        }
        let at = self.problem.expand(At::Params(params), Order::Root, Precision::Compensated)?;
        let factor = Factor::new(&at.information, kept).filter(|_| at.is_finite());
        Ok(factor.map(|factor| (at, factor)))
    }

    /// ½ Σ hᵢ aᵢ xᵢ.
    fn adjustment(&self, params: &[f64], factor: &Factor) -> Result<Vec<f64>, Error> {
        let p = params.len();
        let mut inverse = vec![0.0; p * p];
        let (kept, (compact, _)) = (factor.kept(), factor.inverse());
        for (a, i) in kept.iter().enumerate() {
            for (b, j) in kept.iter().enumerate() {
                inverse[j * p + i] = compact[(a, b)];
            }
        }
        let precise = factor.kind() == Factorisation::Qr;
        let precision = if precise { Precision::Compensated } else { Precision::Plain };
        let group = |rows: Range<usize>| {
            let mut sum = Expansion::zeros(Order::Gradient, p);
            let mut work = Work::with_precision(precision);
            blocks(rows).for_each(|rows| {
                let mut quadratic = vec![0.0; rows.len()];
                if precise {
                    let mut x = vec![0.0; rows.len() * p];
                    self.problem.design().dense(rows.clone(), &mut x);
                    factor.quadratic(&x, &mut quadratic);
                } else {
                    self.problem.design().quadratic(rows.clone(), &inverse, &mut quadratic, &mut work);
                }
                self.add_block(rows, params, &quadratic, &mut work, &mut sum.gradient);
            });
            Ok::<_, Error>(sum)
        };
        Ok(fold_rows(self.problem.y().len(), &group)?.gradient)
    }

    /// The part of a block of rows, given each row's xᵀ(XᵀWX)⁻¹x.
    fn add_block(&self, rows: Range<usize>, params: &[f64], quadratic: &[f64], work: &mut Work, sum: &mut [f64]) {
        let (problem, m) = (self.problem, rows.len());
        let (mut eta, mut loss, mut slope, mut curvature) = (vec![0.0; m], vec![0.0; m], vec![0.0; m], vec![0.0; m]);
        linear_predictors(problem.response(), problem.batch(), rows.clone(), At::Params(params), &mut eta, work);
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        problem.response().units(&problem.y()[rows.clone()], &eta, Order::Expected, units);
        for (i, row) in rows.clone().enumerate() {
            let weight = problem.weight(row);
            let leverage = if weight > 0.0 { weight * curvature[i] * quadratic[i] } else { 0.0 };
            // A row without leverage has no part, whatever its rate is.
            slope[i] = if leverage == 0.0 { 0.0 } else { 0.5 * leverage * self.rate(eta[i]) };
        }
        problem.design().add_gradient(rows, &slope, sum, work);
    }

    /// a at one linear predictor.
    fn rate(&self, eta: f64) -> f64 {
        let at = self.link.at(eta);
        let bend = bend(&at);
        match self.estimator {
            BiasReduction::MeanAdjustedScore => bend,
            BiasReduction::Jeffreys => {
                let mean = at.mean();
                2.0 * bend - self.family.dvariance_dmu(mean) * (at.dmu / self.family.variance(mean))
            }
        }
    }
}

/// μ″/μ′. Where μ′ underflows it is read off the logarithm of whichever of μ and 1 − μ vanishes: with
/// L = ln μ, μ″/μ′ = L′ + L″/L′.
fn bend(at: &Point) -> f64 {
    let of = |logarithm: Logarithm| logarithm.d1 + logarithm.d2 / logarithm.d1;
    match at.dmu.abs() > f64::MIN_POSITIVE {
        true => at.d2mu / at.dmu,
        false if at.mu.abs() < at.complement.abs() => of(at.ln_mu),
        false => of(at.ln_complement),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glm_core::{Dense, Probit, spec};

    fn with_target<T>(name: &str, estimator: BiasReduction, test: impl FnOnce(&Target<'_>) -> T) -> T {
        let x: Vec<f64> = (0..12).map(|i| f64::from(i * 7 % 12) / 12.0).collect();
        let z: Vec<f64> = (0..12).map(|i| f64::from(i * i % 5) / 5.0).collect();
        let design = Dense::with_intercept([&x[..], &z[..]]).unwrap();
        let response = spec::response(name).unwrap();
        let y = (0..12).map(|i| if i % 3 == 0 { 0.75 } else { 0.5 }).collect();
        let weights: Vec<f64> = (0..12).map(|i| f64::from(i % 4)).collect();
        let problem = Problem::new(&design, &*response, y).unwrap().with_weights(weights).unwrap();
        let (family, link) = (response.family().unwrap(), response.link().unwrap());
        let start = Start::find(&problem, None, &crate::Newton::FISHER).unwrap();
        let free = start.factor.kept();
        test(&Target { problem: &problem, start: &start, free, estimator, family, link, dispersion: 1.0 })
    }

    const PAIRS: [&str; 10] = [
        "binomial(logit)",
        "binomial(probit)",
        "binomial(cloglog)",
        "binomial(loglog)",
        "binomial(cauchit)",
        "poisson(log)",
        "poisson(sqrt)",
        "negative-binomial(2)(log)",
        "gamma(inverse)",
        "inverse-gaussian(log)",
    ];

    #[test]
    fn the_gradient_of_the_jeffreys_penalty_is_the_adjustment() {
        for name in PAIRS {
            with_target(name, BiasReduction::Jeffreys, |target| {
                let at = [0.6, 0.3, 0.2];
                let factor = |params: Vec<f64>| target.at(params).unwrap().unwrap().factor;
                let adjustment = target.adjustment(&at, &factor(at.to_vec())).unwrap();
                for (j, found) in adjustment.iter().enumerate() {
                    let moved = |by: f64| {
                        let mut params = at.to_vec();
                        params[j] += by;
                        0.5 * factor(params).ln_determinant()
                    };
                    // Fourth order: error about h⁴ and ε/h.
                    let h = 1e-3;
                    let slope = (8.0 * (moved(h) - moved(-h)) - (moved(2.0 * h) - moved(-2.0 * h))) / (12.0 * h);
                    assert!((found - slope).abs() < 1e-8 * (1.0 + slope.abs()), "{name} {j}: {found} {slope}");
                }
            });
        }
    }

    #[test]
    fn leverages_sum_to_the_rank() {
        // With the log link μ″/μ′ = 1, so that the intercept's adjustment is half the sum of the leverages.
        with_target("poisson(log)", BiasReduction::MeanAdjustedScore, |target| {
            let at = vec![0.1, -0.4, 0.9];
            let factor = target.at(at.clone()).unwrap().unwrap().factor;
            let adjustment = target.adjustment(&at, &factor).unwrap();
            assert!((adjustment[0] - 1.5).abs() < 1e-13, "{}", adjustment[0]);
        });
    }

    #[test]
    fn the_bend_is_right_where_the_slope_underflows() {
        // φ′/φ = −η.
        for eta in [-45.0, -2.0, 3.0, 45.0] {
            let found = bend(&Probit.at(eta));
            assert!((found + eta).abs() < 1e-9 * f64::abs(eta), "{eta}: {found}");
        }
    }
}

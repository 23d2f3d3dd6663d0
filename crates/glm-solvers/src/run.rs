//! A method as it runs: where it is, what it has seen, and the line search.

use glm_core::{At, Expansion, Objective, Order};

use crate::descent::{Direction, Step};
use crate::start::Start;
use crate::{Error, Factor, Problem};

/// Armijo's constant: the share of the promised decrease that a step must keep.
const SUFFICIENT: f64 = 1e-4;
/// Halvings of one step before the search gives up.
const MAX_HALVINGS: usize = 40;
/// Rise of the merit that rounding errors can cause, relative to it.
const ROUNDING: f64 = 16.0 * f64::EPSILON;
/// Rise of the merit, relative to it, within which a score less than half as large decides instead.
const TIE: f64 = 1e-9;

/// The state of one run.
#[derive(Debug)]
pub(crate) struct Run<'p> {
    pub(crate) problem: &'p Problem<'p>,
    pub(crate) start: Start,
    pub(crate) params: Vec<f64>,
    pub(crate) at: Expansion,
    /// The order at which `at` was found.
    pub(crate) order: Order,
    pub(crate) trace: Vec<f64>,
    pub(crate) halvings: usize,
    direction: Box<dyn Direction>,
}

/// A step measured in the information at its beginning.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measure {
    /// √(gᵀ I⁻¹ g).
    pub(crate) residual: f64,
    /// Σ |βⱼ| √Iⱼⱼ.
    pub(crate) size: f64,
    /// √(dᵀ I d): how far η moves, root mean square times √Σw.
    pub(crate) motion: f64,
}

impl<'p> Run<'p> {
    pub(crate) fn begin(problem: &'p Problem<'p>, direction: Box<dyn Direction>, start: Start) -> Result<Self, Error> {
        let wanted = direction.order();
        let order = match wanted {
            // A Gram that lost its digits at the start is not trusted later.
            Order::Expected | Order::Observed if start.ill_conditioned => Order::Root,
            // A coupled response has no row-wise root.
            Order::Root if problem.response().n_predictors() > 1 => Order::Expected,
            _ => wanted,
        };
        let params = start.params.clone();
        let at = problem.expand(At::Params(&params), order)?;
        let trace = vec![at.loss];
        Ok(Self { problem, start, params, at, order, trace, halvings: 0, direction })
    }

    /// Accepted steps so far.
    pub(crate) fn iterations(&self) -> usize {
        self.trace.len() - 1
    }

    /// √φ: known, or from the deviance here.
    pub(crate) fn deviation(&self) -> f64 {
        self.problem.known_dispersion().unwrap_or_else(|| self.deviance_dispersion()).sqrt()
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    fn deviance_dispersion(&self) -> f64 {
        let df = self.problem.n_used().saturating_sub(self.start.factor.kept().len()).max(1);
        2.0 * self.at.loss / df as f64
    }

    /// The next step; curvature that is not positive definite gives way to one that is more likely to be.
    pub(crate) fn step(&mut self) -> Result<Option<Step>, Error> {
        if let Some(step) = self.direction.step(&self.params, &self.at) {
            return Ok(Some(step));
        }
        let coupled = self.problem.response().n_predictors() > 1;
        let fallback = match self.order {
            Order::Observed => Order::Expected,
            Order::Expected if !coupled => Order::Root,
            _ => return Ok(None),
        };
        let mut at = self.problem.expand(At::Params(&self.params), fallback)?;
        let mut step = self.direction.step(&self.params, &at);
        if step.is_none() && fallback == Order::Expected && !coupled {
            at = self.problem.expand(At::Params(&self.params), Order::Root)?;
            step = self.direction.step(&self.params, &at);
        }
        Ok(step)
    }

    /// The step measured in the expected information here; a second-order step −I⁻¹g is its own measure.
    pub(crate) fn certified(&self, step: &Step) -> Result<Measure, Error> {
        if self.order >= Order::Expected {
            return Ok(Measure { residual: step.residual, size: step.size, motion: step.residual });
        }
        let at = self.problem.expand(At::Params(&self.params), Order::Expected)?;
        let none = Measure { residual: f64::INFINITY, size: 0.0, motion: 0.0 };
        Ok(Factor::new(&at.information, self.start.factor.kept()).map_or(none, |factor| Measure {
            residual: factor.score_norm(&at.gradient),
            size: factor.size(&self.params),
            motion: factor.length(&step.direction),
        }))
    }

    /// Takes the step, halved until the merit falls enough; false where no length does. The expansion at the accepted
    /// point is the next iteration's: one pass per iteration.
    pub(crate) fn advance(&mut self, step: &Step, halving: bool) -> Result<bool, Error> {
        let mut length = 1.0;
        for _ in 0..=MAX_HALVINGS {
            let params: Vec<f64> = self.params.iter().zip(&step.direction).map(|(b, d)| b + length * d).collect();
            let mut at = Expansion::zeros(Order::Loss, 0);
            self.problem.evaluate(&params, self.order, &mut at)?;
            if at.is_finite() && (!halving || self.acceptable(&at, length * step.decrease)) {
                self.trace.push(at.loss);
                (self.params, self.at) = (params, at);
                return Ok(true);
            }
            if !halving {
                return Ok(false);
            }
            self.halvings += 1;
            length *= 0.5;
        }
        Ok(false)
    }

    fn acceptable(&self, at: &Expansion, promised: f64) -> bool {
        let (merit, old) = (at.merit, self.at.merit);
        let falls = merit <= old - SUFFICIENT * promised + ROUNDING * old.abs();
        let score = |gradient: &[f64]| self.start.factor.score_norm(gradient);
        falls || (merit <= old + TIE * old.abs() && score(&at.gradient) < 0.5 * score(&self.at.gradient))
    }
}

//! A method as it runs: where it is, what it has seen, and the line search.

use glm_core::{At, Expansion, Information, Order, Precision, kernel};

use crate::descent::{Direction, Step};
use crate::levels::Levels;
use crate::source::Source;
use crate::start::{SAFE_PIVOT, Sampled, Start};
use crate::target::{Keeping, Target};
use crate::{Error, Factor, Factorisation, Outcome, Problem};

/// Armijo's constant: the share of the promised decrease that a step must keep.
const SUFFICIENT: f64 = 1e-4;
/// Halvings of one step before the search gives up.
const MAX_HALVINGS: usize = 40;
/// Rounding errors of the merit, in units of the machine epsilon and of what [`Run::noise`] says.
const NOISE: f64 = 64.0 * f64::EPSILON;
/// Rise of the merit, relative to it, within which the slope along the step may decide.
const TIE: f64 = 1e-9;
/// Share of the slope at the start of the step that the slope at its end may have, with the other sign.
const OVERSHOOT: f64 = 0.8;
/// The least relative decrease of the merit for which a step in another curvature is worth taking.
const HELPFUL: f64 = 1e-4;

/// Share of the slope at the start of a first-order step above which it was too short.
const STEEP: f64 = 0.9;
/// The longest multiple of a first-order step.
const MAX_STRETCH: f64 = 1e6;

/// The state of one run.
#[derive(Debug)]
pub(crate) struct Run<'p, T = Problem<'p>> {
    pub(crate) problem: &'p T,
    pub(crate) start: Start,
    pub(crate) params: Vec<f64>,
    /// What rounding took from the parameters; empty until they are refined.
    pub(crate) low: Vec<f64>,
    pub(crate) at: Expansion,
    /// What the method wants to know at a point.
    pub(crate) order: Order,
    /// Where the information of `at` comes from.
    pub(crate) source: Source,
    /// The residual that ends the run.
    pub(crate) goal: f64,
    pub(crate) trace: Vec<f64>,
    pub(crate) halvings: usize,
    /// The factors whose steps are taken on the scale of the mean.
    levels: Option<Levels>,
    /// The lowest merit so far, above which rounding errors may not lift the run step by step.
    lowest: f64,
    /// The merit at the start.
    first: f64,
    direction: Box<dyn Direction>,
}

/// How small the score is, and in whose eyes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metrics {
    /// √(gᵀ I⁻¹ g).
    pub(crate) score: f64,
    /// √(gᵀ I₀⁻¹ g) with the information of the start: large where the score only looks small because a curvature
    /// exploded, as it does when a mean runs into the edge of its domain.
    pub(crate) outer_score: f64,
    /// Σ |βⱼ| √Iⱼⱼ: the scale of rounding errors in the score.
    pub(crate) size: f64,
    /// √(dᵀ I₀ d) of Newton's step: large where the score only looks small because the curvature collapsed, as it does
    /// when a linear predictor runs off to infinity.
    pub(crate) outer_motion: f64,
}

impl<'p, T: Target> Run<'p, T> {
    pub(crate) fn begin(problem: &'p T, direction: Box<dyn Direction>, mut start: Start) -> Result<Self, Error> {
        let wanted = direction.order();
        let order = match (wanted, start.wanted) {
            (Order::Root, Some(Factorisation::Cholesky)) => Order::Expected,
            (Order::Expected, Some(Factorisation::Qr)) => Order::Root,
            // A Gram that lost its digits at the start is not trusted later.
            (Order::Expected | Order::Observed, None | Some(Factorisation::Qr)) if start.ill_conditioned => Order::Root,
            _ => wanted,
        };
        let params = start.params.clone();
        let second_order = matches!(order, Order::Expected | Order::Observed);
        let takes = second_order && matches!(problem.keeping(), Keeping::WhereItPays(_));
        let sampled = start.sampled.take().filter(|_| takes);
        let (at, source) = match (start.known.take(&params, order), sampled) {
            (Some(at), _) => (at, Source::new(order)),
            (None, None) => (start.expand(problem, &params, order)?, Source::new(order)),
            (None, Some(Sampled { information, source })) => {
                (Expansion { information, ..start.expand(problem, &params, Order::Gradient)? }, source.taken_by(order))
            }
        };
        let (trace, first) = (vec![at.loss], at.merit);
        let (low, goal, halvings, lowest, levels) = (vec![], 0.0, 0, first, problem.levels());
        Ok(Self {
            problem,
            start,
            params,
            low,
            at,
            order,
            source,
            goal,
            trace,
            halvings,
            levels,
            lowest,
            first,
            direction,
        })
    }

    /// Whether the information here, where this method has one, is far from singular on all columns.
    pub(crate) fn is_well_conditioned(&self) -> bool {
        let factor = || Factor::new(&self.at.information, self.start.factor.kept());
        let sound = || factor().is_some_and(|factor| factor.smallest_pivot() > SAFE_PIVOT);
        self.at.is_finite() && (self.order < Order::Expected || sound())
    }

    /// Where the run is.
    pub(crate) fn place(&self) -> At<'_> {
        match self.low.is_empty() {
            true => At::Params(&self.params),
            false => At::Twofold { high: &self.params, low: &self.low },
        }
    }

    /// The expansion where the run is, as precise as the design needs.
    pub(crate) fn expand(&self, order: Order) -> Result<Expansion, Error> {
        Ok(self.problem.expand_at(self.place(), order, self.precision())?)
    }

    /// The precision that the design needs.
    pub(crate) fn precision(&self) -> Precision {
        let refined = self.start.ill_conditioned || !self.low.is_empty();
        if refined { Precision::Compensated } else { Precision::Plain }
    }

    /// Accepted steps so far.
    pub(crate) fn iterations(&self) -> usize {
        self.trace.len() - 1
    }

    /// √φ: known, or from the deviance here.
    pub(crate) fn deviation(&self) -> f64 {
        self.problem.known_dispersion().unwrap_or_else(|| self.deviance_dispersion()).sqrt()
    }

    /// √φ, or where the fit is perfect the least that rounding errors of η can make of it: a score means nothing in units
    /// of a standard error that is itself made of rounding errors.
    pub(crate) fn visible_deviation(&self, factor: &Factor) -> f64 {
        self.deviation().max(f64::EPSILON * factor.size(&self.params))
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    fn deviance_dispersion(&self) -> f64 {
        let df = self.problem.n_observations().saturating_sub(self.start.factor.kept().len()).max(1);
        2.0 * self.at.loss / df as f64
    }

    /// The next step; curvature that is not positive definite gives way to one that is more likely to be.
    pub(crate) fn step(&mut self) -> Result<Option<Step>, Error> {
        if let Some(mut step) = self.direction.step(&self.params, &self.at) {
            if self.order < Order::Expected {
                // The information at a start that the caller gave would put any score down to rounding, or none.
                step.residual = self.start.metric.score_norm(&self.at.gradient);
                step.size = self.start.metric.size(&self.params);
            }
            return Ok(Some(step));
        }
        let fallback = match self.order {
            Order::Observed => Order::Expected,
            Order::Expected => Order::Root,
            _ => return Ok(None),
        };
        let mut at = self.expand(fallback)?;
        let mut step = self.direction.step(&self.params, &at);
        if step.is_none() && fallback == Order::Expected {
            at = self.expand(Order::Root)?;
            step = self.direction.step(&self.params, &at);
        }
        Ok(step)
    }

    /// The next step, in an information found here unless that of an earlier point still serves: where the step looks like the
    /// last, or where it hardly shrinks, the information is found again.
    pub(crate) fn own_step(&mut self, last_residual: f64) -> Result<Option<Step>, Error> {
        let step = self.step()?;
        let serves = |step: &Step| step.residual > self.goal && step.residual <= Source::SLOW * last_residual;
        if self.source.is_of(self.order) || step.as_ref().is_some_and(serves) {
            return Ok(step);
        }
        // An expected information is what the end of a run is judged by.
        if self.source.order == Order::Expected && step.as_ref().is_some_and(|step| step.residual <= self.goal) {
            return Ok(step);
        }
        self.renew()?;
        self.step()
    }

    /// Finds the information here again.
    pub(crate) fn renew(&mut self) -> Result<(), Error> {
        (self.at, self.source) = (self.expand(self.order)?, self.source.renewed(self.order));
        Ok(())
    }

    /// The same step with the observed information, where that is positive definite and the method is a second-order one.
    pub(crate) fn observed_step(&mut self, step: &Step) -> Result<Step, Error> {
        if !matches!(self.order, Order::Expected | Order::Root) || self.start.ill_conditioned {
            return Ok(step.clone());
        }
        let at = self.expand(Order::Observed)?;
        Ok(match self.direction.step(&self.params, &at) {
            Some(Step { direction, decrease, .. }) => Step { direction, decrease, ..step.clone() },
            None => step.clone(),
        })
    }

    /// The score and the step in the expected information here, both also in the metric of the start.
    pub(crate) fn metrics(&self, step: &Step) -> Result<Metrics, Error> {
        let start = &self.start.metric;
        let outer_score = start.score_norm(&self.at.gradient);
        if self.order >= Order::Expected {
            let outer_motion = start.length(&step.direction);
            return Ok(Metrics { score: step.residual, outer_score, size: step.size, outer_motion });
        }
        let order = if self.start.ill_conditioned { Order::Root } else { Order::Expected };
        let at = self.expand(order)?;
        Ok(match Factor::new(&at.information, start.kept()) {
            // Nothing is known of the score; the curvature has collapsed or exploded.
            None => Metrics { score: f64::INFINITY, outer_score, size: 0.0, outer_motion: f64::INFINITY },
            Some(factor) => {
                let outer_motion = start.length(&factor.solve(&at.gradient));
                let (score, size) = (factor.score_norm(&at.gradient), factor.size(&self.params));
                Metrics { score, outer_score, size, outer_motion }
            }
        })
    }

    /// What it means that the curvature here has no factor, though it had one at the start.
    pub(crate) fn singular(&self, goal: f64) -> Outcome {
        let finite = match &self.at.information {
            Information::Gram(gram) => (0..gram.n()).all(|j| gram.get(j, j).is_finite()),
            Information::Root(root) => (0..root.n()).all(|j| root.column(j).iter().all(|value| value.is_finite())),
            _ => true,
        };
        match self.start.metric.score_norm(&self.at.gradient) <= goal {
            _ if !finite => Outcome::Boundary,
            true => Outcome::Diverging,
            false => Outcome::NoProgress,
        }
    }

    /// Takes the step, halved until the merit falls enough; false where no length does. The expansion at the accepted
    /// point is the next iteration's: one pass per iteration.
    pub(crate) fn advance(&mut self, step: &Step, halving: bool) -> Result<bool, Error> {
        if halving && self.advance_levels(step)? {
            return Ok(true);
        }
        let mut length = 1.0;
        for times in 0..=MAX_HALVINGS {
            let order = if times == 0 { self.order_ahead(step) } else { self.order };
            let (params, at) = self.trial(step, length, order)?;
            if at.is_finite() && (!halving || self.acceptable(&at, step, length)) {
                let found = (params, at);
                let found = if halving && times == 0 { self.stretched(step, found)? } else { found };
                self.arrive(step, order, found);
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

    /// Takes the full step with factors on the scale of the mean; false where there are none, or where the merit does not
    /// fall enough. Where the step rests on another information than the run has, as where that is not positive definite, it
    /// is no more than a trial: the merit decides.
    fn advance_levels(&mut self, step: &Step) -> Result<bool, Error> {
        let information = self.source.information;
        let levels = self.levels.as_ref().filter(|_| matches!(information, Order::Expected | Order::Observed));
        let Some(step) = levels.and_then(|levels| levels.step(step, &self.at, information)) else { return Ok(false) };
        let order = self.order_ahead(&step);
        let found = self.trial(&step, 1.0, order)?;
        let falls = found.1.is_finite() && self.acceptable(&found.1, &step, 1.0);
        if falls {
            self.arrive(&step, order, found);
        }
        Ok(falls)
    }

    /// Goes to where a step has led, which was looked at in this order.
    fn arrive(&mut self, step: &Step, order: Order, found: (Vec<f64>, Expansion)) {
        let known = if self.problem.keeping() == Keeping::Always { self.order } else { order };
        self.source = self.source.after(step.residual, known);
        (self.params, self.at) = found;
        self.trace.push(self.at.loss);
        self.lowest = self.lowest.min(self.at.merit);
    }

    /// What is left to try where no length of a step made the loss fall: Newton–Raphson takes one step in the expected
    /// information, because the observed one may be positive definite and yet far too small; a first-order method forgets
    /// its moves. False where that does not help either.
    pub(crate) fn recover(&mut self) -> Result<bool, Error> {
        if self.order != Order::Observed {
            return Ok(self.direction.forget());
        }
        self.order = Order::Expected;
        self.renew()?;
        let step = self.direction.step(&self.params, &self.at);
        // Only a step that makes a difference: smaller ones creep up to the edge of a domain.
        let before = self.at.merit;
        let moved = step.map_or(Ok(false), |step| self.advance(&step, true))?;
        let moved = moved && self.at.merit < before - HELPFUL * before.abs();
        self.order = Order::Observed;
        self.renew()?;
        Ok(moved)
    }

    /// What to look for at the end of a full step.
    fn order_ahead(&self, step: &Step) -> Order {
        if self.order < Order::Expected || self.start.ill_conditioned || !self.low.is_empty() {
            return self.order;
        }
        match self.problem.keeping() {
            Keeping::Never => self.order,
            Keeping::Always => Order::Gradient,
            Keeping::WhereItPays(gram) => self.source.order_ahead(self.order, step, self.goal, gram),
        }
    }

    /// The parameters and the expansion at a length of the step; without information of its own, it has that from here.
    fn trial(&self, step: &Step, length: f64, order: Order) -> Result<(Vec<f64>, Expansion), Error> {
        let params: Vec<f64> = self.params.iter().zip(&step.direction).map(|(b, d)| b + length * d).collect();
        let mut at = self.start.expand(self.problem, &params, order)?;
        if order < Order::Expected {
            at.information = self.at.information.clone();
        }
        Ok((params, at))
    }

    /// A full step of a first-order method, doubled while the loss falls as steeply at its end as at its start: such a
    /// step has met no curvature, and says nothing about the next one. A second-order step knows its length.
    fn stretched(&self, step: &Step, full: (Vec<f64>, Expansion)) -> Result<(Vec<f64>, Expansion), Error> {
        let (mut best, mut length) = (full, 1.0);
        while self.order < Order::Expected && length < MAX_STRETCH && slope(&best.1, step) < -STEEP * step.decrease {
            length *= 2.0;
            let longer = self.trial(step, length, self.order)?;
            if !(longer.1.is_finite() && longer.1.merit < best.1.merit && self.acceptable(&longer.1, step, length)) {
                break;
            }
            best = longer;
        }
        Ok(best)
    }

    /// Armijo's rule on the merit where it can resolve the decrease; otherwise the approximate Wolfe condition of Hager
    /// and Zhang (SIAM J. Optim. 16, 2005), which asks the same of the slope along the step and has no rounding floor.
    fn acceptable(&self, at: &Expansion, step: &Step, length: f64) -> bool {
        let (rise, promised, noise) = (at.merit - self.at.merit, length * step.decrease, self.noise(step));
        if promised > noise && rise <= -SUFFICIENT * promised {
            return true;
        }
        // Ties may not add up to more than rounding errors, nor lift the merit above that of the start.
        let ceiling = (self.lowest + TIE * self.lowest.abs() + noise).min(self.first + NOISE * self.first.abs());
        at.merit <= ceiling && slope(at, step) <= OVERSHOOT * step.decrease
    }

    /// What rounding errors can do to the merit: those of its own sum, and those of η (of size ε Σ|βⱼ xⱼ|) times the
    /// slopes, √(Σ slope²/curvature) being about √(2·loss).
    fn noise(&self, step: &Step) -> f64 {
        let merit = self.at.merit.abs();
        NOISE * (merit + step.size * (2.0 * merit).sqrt())
    }
}

/// The derivative of the loss along the step.
fn slope(at: &Expansion, step: &Step) -> f64 {
    kernel::dot(&at.gradient, &step.direction)
}

//! A solver is a choice of curvature: five named methods, one loop, one table.

use glm_core::{Objective, alone, among_threads};

use crate::class_weights::check_problem;
use crate::descent::{Descent, GradientDescent, Lbfgs, Newton, Step};
use crate::existence::escape;
use crate::refine::refine;
use crate::rescue::{doubt, rescue};
use crate::run::Run;
use crate::start::Start;
use crate::target::{Keeping, Target};
use crate::{Error, Factorisation, Fit, Outcome, Problem, auto, boundary, dispersion, existence, sample};

/// How far the metric of the start and that of the end may lie apart along the score: beyond, the curvature there has
/// changed by the square of this, and a small score says nothing.
pub(crate) const COLLAPSE: f64 = 1e4;
/// Where the curvature has collapsed, Newton's step in standard errors at the start above which the fit moves on.
const STRIDE: f64 = 1e-2;
/// Scoring whose residual shrinks by less than this, so many steps in a row, takes observed information instead.
const CREEP: f64 = 0.5;
/// See [`CREEP`].
const PATIENCE: usize = 20;
/// Halvings in a row of [`PATIENCE`] steps above which they creep up to the edge of a domain.
const CRAWL: usize = 15 * PATIENCE;
/// Rows times parameters from which on threads share the rows: below, one has summed them before another has woken up.
const SHARED: usize = 1 << 17;
/// The largest score, in standard errors, that is put down to rounding errors when no step makes the loss fall.
pub(crate) const FLOOR: f64 = 1e-6;

/// A method: its descent, its line search and its stopping rule.
///
/// | constructor | curvature | linear algebra | search |
/// |---|---|---|---|
/// | [`auto`](crate::auto) | of the two below, what suits the problem | | |
/// | [`newton_raphson`] | observed | Cholesky of the Gram | step halving |
/// | [`fisher_scoring`] | expected | Cholesky of the Gram | step halving |
/// | [`irls`] | expected | QR of √W·X | step halving |
/// | [`gradient_descent`] | none | none | Barzilai–Borwein trial, halving |
/// | [`gradient_descent_at`] | none | none | fixed rate |
/// | [`lbfgs`] | from the last moves | none | step halving |
///
/// Where the observed information is not positive definite or its step leads nowhere, Newton–Raphson takes the expected
/// one for that step; where
/// a Gram is too ill-conditioned to be trusted, its methods take the QR root of the expected information instead. Where
/// Fisher scoring creeps, as it may off the canonical link, its later steps are Newton–Raphson's.
#[derive(Debug)]
pub struct Solver {
    name: &'static str,
    descent: Box<dyn Descent>,
    halving: bool,
    tolerance: f64,
    max_iterations: usize,
    /// Whether the limit is the caller's, who then gets what that many steps give.
    limited: bool,
    start: Option<Vec<f64>>,
    factorisation: Option<Factorisation>,
    /// Whether another method is chosen for each problem.
    automatic: bool,
}

/// Newton–Raphson: the observed information. Quadratic convergence for every link.
#[must_use]
pub fn newton_raphson() -> Solver {
    Solver::new("newton", Box::new(Newton::RAPHSON), 1e-9, 100)
}

/// Fisher scoring: the expected information.
#[must_use]
pub fn fisher_scoring() -> Solver {
    Solver::new("fisher", Box::new(Newton::FISHER), 1e-9, 500)
}

/// Iteratively reweighted least squares: Fisher scoring seen as weighted least squares, solved by QR.
#[must_use]
pub fn irls() -> Solver {
    Solver::new("irls", Box::new(Newton::IRLS), 1e-9, 500)
}

/// Gradient descent with a line search.
#[must_use]
pub fn gradient_descent() -> Solver {
    Solver::new("gradient-descent", Box::new(GradientDescent { rate: None }), 1e-8, 100_000)
}

/// Gradient descent at a fixed rate, β ← β − rate·∂loss/∂β with the loss summed over rows.
///
/// # Errors
///
/// [`Error::InvalidSetting`] unless the rate is positive and finite.
pub fn gradient_descent_at(rate: f64) -> Result<Solver, Error> {
    if !(rate.is_finite() && rate > 0.0) {
        return Err(Error::InvalidSetting { setting: "rate", value: rate, allowed: "positive and finite" });
    }
    let descent = Box::new(GradientDescent { rate: Some(rate) });
    Ok(Solver { halving: false, ..Solver::new("gradient-descent", descent, 1e-8, 100_000) })
}

/// L-BFGS with ten moves.
#[must_use]
pub fn lbfgs() -> Solver {
    Solver::new("lbfgs", Box::new(Lbfgs { memory: 10 }), 1e-9, 10_000)
}

impl Solver {
    /// A method of your own: any descent, with step halving.
    #[must_use]
    pub fn new(name: &'static str, descent: Box<dyn Descent>, tolerance: f64, max_iterations: usize) -> Self {
        Self {
            name,
            descent,
            halving: true,
            tolerance,
            max_iterations,
            limited: false,
            start: None,
            factorisation: None,
            automatic: false,
        }
    }

    /// See [`auto`](crate::auto).
    pub(crate) fn automatic() -> Self {
        Self { automatic: true, ..fisher_scoring() }
    }

    /// The method chosen for a problem, with the settings of this one.
    fn chosen(&self, problem: &Problem<'_>) -> Self {
        let (tolerance, start, factorisation) = (self.tolerance, self.start.clone(), self.factorisation);
        let chosen = Self { tolerance, start, factorisation, ..auto::chosen(problem) };
        if self.limited { chosen.with_max_iterations(self.max_iterations) } else { chosen }
    }

    /// The name by which reports call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if self.automatic { "auto" } else { self.name }
    }

    /// The name of the method by which it fits what it does not choose a method for.
    pub(crate) fn method(&self) -> &'static str {
        self.name
    }

    /// Stops when √(gᵀ I⁻¹ g/φ), the score in standard errors, is at most this.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSetting`] unless it is positive and finite.
    pub fn with_tolerance(mut self, tolerance: f64) -> Result<Self, Error> {
        if !(tolerance.is_finite() && tolerance > 0.0) {
            let (setting, allowed) = ("tolerance", "positive and finite");
            return Err(Error::InvalidSetting { setting, value: tolerance, allowed });
        }
        self.tolerance = tolerance;
        Ok(self)
    }

    /// Stops after this many accepted steps.
    #[must_use]
    pub fn with_max_iterations(mut self, max_iterations: usize) -> Self {
        (self.max_iterations, self.limited) = (max_iterations, true);
        self
    }

    /// Rests steps and covariance on this factorisation, in place of the choice that every solver makes for itself: Cholesky
    /// of the Gram, and QR of √W·X where the condition leaves the Gram fewer than eight digits.
    ///
    /// Cholesky is then used wherever the Gram is positive definite, whatever digits that costs, and nothing is refined;
    /// QR is used for every expected information. An observed one, which may be indefinite, has no root and stays with
    /// Cholesky. Which columns are aliased does not depend on it.
    #[must_use]
    pub fn with_factorisation(mut self, factorisation: Factorisation) -> Self {
        self.factorisation = Some(factorisation);
        self
    }

    /// Starts at these parameters instead of the response's starting means.
    #[must_use]
    pub fn with_start(mut self, params: Vec<f64>) -> Self {
        self.start = Some(params);
        self
    }

    /// Fits.
    ///
    /// # Errors
    ///
    /// [`Error::Separation`] where the likelihood has no finite maximum, [`Error::EmptyClass`] where that is because a
    /// class has no rows; [`Error::Boundary`] where the maximum lies on the edge of the domain, [`Error::Infeasible`]
    /// where that is empty; [`Error::NotConverged`] with the best iterate; [`Error::InvalidStart`] and
    /// [`Error::NoValidStart`]; [`Error::NoDispersionLikelihood`] and [`Error::ExactFit`] where φ is to be estimated by
    /// maximum likelihood and cannot be.
    pub fn fit(&self, problem: &Problem<'_>) -> Result<Fit, Error> {
        let fit = || self.fit_from(problem, self.start.as_deref());
        let entries = problem.y().len() * problem.n_params();
        if entries < SHARED { alone(fit) } else { among_threads(fit) }
    }

    /// [`fit`](Self::fit) from other starting values.
    pub(crate) fn fit_from(&self, problem: &Problem<'_>, start: Option<&[f64]>) -> Result<Fit, Error> {
        if self.automatic {
            return self.chosen(problem).fit_from(problem, start);
        }
        check_problem(problem)?;
        dispersion::check(problem)?;
        match self.settled(problem, start) {
            Err(Error::NotConverged(fit)) => {
                let allowed = !self.limited || fit.certificate.outcome != Outcome::IterationLimit;
                rescue(problem, *fit, allowed && self.halving)
            }
            other => other,
        }
    }

    /// [`fit`](Self::fit) without anything else being tried where its own steps come to no end.
    pub(crate) fn fit_alone(&self, problem: &Problem<'_>) -> Result<Fit, Error> {
        if self.automatic {
            return self.chosen(problem).fit_alone(problem);
        }
        self.settled(problem, None)
    }

    /// A fit, or what is known where there is none.
    fn settled(&self, problem: &Problem<'_>, start: Option<&[f64]>) -> Result<Fit, Error> {
        let mut fit = existence::decide(problem, self.measured(problem, start)?)?;
        if fit.certificate.outcome == Outcome::RoundingFloor {
            // Rounding errors are as large as they like where the linear predictor runs off.
            escape::mark(problem, &mut fit);
            doubt(problem, &mut fit);
        }
        if fit.certificate.converged() {
            return Ok(fit);
        }
        match boundary::find(problem, &fit) {
            Some(found) => Err(Error::Boundary(Box::new(found))),
            None => Err(Error::NotConverged(Box::new(fit))),
        }
    }

    /// Where the steps from a start end, refined and measured.
    pub(crate) fn measured(&self, problem: &Problem<'_>, start: Option<&[f64]>) -> Result<Fit, Error> {
        let (mut run, outcome) = match self.run_from_sample(problem, start)? {
            Some(end) => end,
            None => self.run(problem, Start::find(problem, start, &*self.descent)?)?,
        };
        let outcome = refine(&mut run, outcome, self.tolerance)?;
        let mut fit = Fit::new(self.name, run, outcome)?;
        fit.compare_with_null();
        // Refinement follows a linear predictor that runs off, and its information falls faster than its score.
        if fit.certificate.outcome == Outcome::Converged && fit.certificate.score_norm > 10.0 * self.tolerance {
            fit.certificate.outcome = Outcome::NoProgress;
        }
        Ok(fit)
    }

    /// The start that the caller gave.
    pub(crate) fn start(&self) -> Option<&[f64]> {
        self.start.as_deref()
    }

    /// Runs from the maximum on a sample of the rows to the end; `None` where the caller starts elsewhere, where there are
    /// too few rows for a sample, where one step is all it takes from anywhere, or where anything on the way is unusual.
    fn run_from_sample<'p>(
        &self,
        problem: &'p Problem<'_>,
        given: Option<&[f64]>,
    ) -> Result<Option<(Run<'p>, Outcome)>, Error> {
        if given.is_some() || problem.keeping() == Keeping::Always {
            return Ok(None);
        }
        let Some(start) = sample::start(problem)? else { return Ok(None) };
        let mut run = self.begin(problem, start)?;
        if !run.is_well_conditioned() {
            return Ok(None);
        }
        let outcome = self.iterate(&mut run)?;
        Ok(outcome.converged().then_some((run, outcome)))
    }

    /// Runs from a start to the end.
    pub(crate) fn run<'p, T: Target>(&self, target: &'p T, start: Start) -> Result<(Run<'p, T>, Outcome), Error> {
        let mut run = self.begin(target, start)?;
        let outcome = self.iterate(&mut run)?;
        Ok((run, outcome))
    }

    fn begin<'p, T: Target>(&self, target: &'p T, start: Start) -> Result<Run<'p, T>, Error> {
        let start = Start { wanted: self.factorisation, ..start };
        Run::begin(target, self.descent.begin(&start.factor), start)
    }

    // Over budget: one arm for each way in which an iteration ends.
    fn iterate<T: Target>(&self, run: &mut Run<'_, T>) -> Result<Outcome, Error> {
        let (mut goal, mut last_residual, mut creeping) = (self.tolerance, f64::INFINITY, 0);
        let mut halvings = [0; PATIENCE];
        loop {
            let deviation = run.deviation();
            let tolerance = self.tolerance * deviation;
            run.goal = goal * deviation;
            let Some(step) = run.own_step(last_residual)? else { return Ok(run.singular(FLOOR * deviation)) };
            if step.residual <= goal * deviation {
                match verdict(run, &step, tolerance, Outcome::Converged)? {
                    Outcome::NoProgress => goal *= 0.1,
                    outcome => return Ok(outcome),
                }
            }
            // A first-order residual, in the information of the start, may be there before the score is.
            if step.residual <= rounding_floor(step.size, deviation) && step.residual > 0.5 * last_residual {
                match verdict(run, &step, 0.0, Outcome::RoundingFloor)? {
                    Outcome::NoProgress => {}
                    outcome => return Ok(outcome),
                }
            }
            if run.iterations() >= self.max_iterations {
                // A first-order residual may also stay large where the score is not.
                return Ok(match verdict(run, &step, tolerance, Outcome::Converged)? {
                    Outcome::NoProgress => Outcome::IterationLimit,
                    outcome => outcome,
                });
            }
            creeping = if step.residual > CREEP * last_residual { creeping + 1 } else { 0 };
            last_residual = step.residual;
            let before = std::mem::replace(&mut halvings[run.iterations() % PATIENCE], run.halvings);
            if run.iterations() >= PATIENCE && run.halvings - before > CRAWL {
                return verdict(run, &step, FLOOR * deviation, Outcome::RoundingFloor);
            }
            let taken = if creeping >= PATIENCE { run.observed_step(&step)? } else { step.clone() };
            if !run.advance(&taken, self.halving)? {
                if !run.source.is_of(run.order) {
                    run.renew()?;
                    continue;
                }
                let outcome = verdict(run, &step, FLOOR * deviation, Outcome::RoundingFloor)?;
                if outcome != Outcome::NoProgress || !self.halving || !run.recover()? {
                    return Ok(outcome);
                }
            }
        }
    }
}

/// The outcome if the score in the expected information is at most `goal` (or at the level of its rounding errors, where
/// that is the outcome), unless the curvature has collapsed or exploded under it.
fn verdict<T: Target>(run: &Run<'_, T>, step: &Step, goal: f64, outcome: Outcome) -> Result<Outcome, Error> {
    let (metrics, deviation) = (run.metrics(step)?, run.deviation());
    let visible = metrics.outer_score > FLOOR * deviation;
    // Where a mean runs into the edge of its domain the information explodes, and rounding errors only seem to.
    let size = metrics.size.min(run.start.metric.size(&run.params));
    let floor = if outcome == Outcome::RoundingFloor { rounding_floor(size, deviation) } else { 0.0 };
    let tolerance = goal.max(floor);
    let collapsed = metrics.outer_motion > COLLAPSE * metrics.score && metrics.outer_motion > FLOOR * deviation;
    // Where the linear predictor runs off, every step is about as long as the last; where it arrives, the next tells.
    let arriving = outcome == Outcome::Converged && metrics.outer_motion <= STRIDE * deviation;
    Ok(match metrics.score <= tolerance {
        true if collapsed && arriving => Outcome::NoProgress,
        true if collapsed => Outcome::Diverging,
        true if metrics.outer_score > COLLAPSE * metrics.score && visible => Outcome::Boundary,
        true => outcome,
        false if metrics.score.is_infinite() => run.singular(tolerance),
        false => Outcome::NoProgress,
    })
}

/// The score that rounding errors of η can leave: |x·β| is summed in absolute value, because columns that cancel leave
/// their rounding errors behind.
fn rounding_floor(size: f64, deviation: f64) -> f64 {
    (64.0 * f64::EPSILON * size).max(1e-13 * deviation)
}

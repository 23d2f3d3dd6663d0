//! Tweedie regression with the power p of V = μ^p estimated: profile likelihood.
//!
//! For each p, β by any solver and φ by maximum likelihood; then p by the root of the profile's slope, which is the
//! partial derivative of the log-likelihood because β and φ are at its maximum (no refitting, no square root of the
//! rounding errors). In the expected information β is orthogonal to both φ and p, but φ and p are not orthogonal to each
//! other: a dispersion held fixed while p moves, or estimated by Pearson's chi-square, leads to another p.

use faer::Mat;
use glm_core::{At, Exponential, Family, Gamma, Glm, Link, QuasiPoisson, Tweedie, special};

use crate::negative_binomial::{Borrowed, count_parameter};
use crate::root::root;
use crate::totals::LogLikelihood;
use crate::{DispersionEstimate, Error, Fit, Outcome, Problem, Solver, dispersion};

/// Where the profile is looked at first: its highest point among these is climbed from.
const LOOKED_AT: [f64; 5] = [1.5, 1.3, 1.1, 1.7, 1.9];
/// Distance from 1 and from 2 at which a power that still wants to go there is at that limit: μ^0.001 is one to 1 % for means that differ less
/// than 20 000-fold.
const NEAREST: f64 = 1e-3;
/// Absolute error of the power.
const TOLERANCE: f64 = 1e-10;
/// Absolute error of the ends of the interval.
const END_TOLERANCE: f64 = 1e-8;
/// Steps of differences in p, relative to the distance from the nearer end of (1, 2).
const DIFFERENCE: f64 = 1e-3;
/// The power below which the likelihood of φ may have more than one peak: gammas of shape above four, well apart.
const MANY_PEAKS: f64 = 1.2;
/// The longest first step in ln φ from one power's peak to the next's, in units of √(p − 1), the width of a peak.
const FIRST_STEP: f64 = 0.05;
/// Steps that climb and halvings of them, far more than the way to a limit takes.
const MAX_STEPS: usize = 60;

/// A Tweedie fit and its power.
#[derive(Debug, Clone)]
pub struct TweedieFit {
    /// β at p̂ with φ by maximum likelihood: standard errors treat p as fixed (it is orthogonal to β), AIC and BIC count it
    /// as a parameter. In a limit, the fit of the family there.
    pub fit: Fit,
    /// p̂; `None` in a limit.
    pub power: Option<f64>,
    /// From the curvature of the profile log-likelihood, so with φ estimated too.
    pub power_std_error: Option<f64>,
    /// Where twice the profile log-likelihood is χ²₁(0.95) = 3.84 below its maximum; `None` at an end where it is not, up
    /// to 0.001 from 1 or 2.
    pub power_interval: [Option<f64>; 2],
    /// The limit that the likelihood still rises towards.
    pub limit: Option<TweedieLimit>,
    /// Fits made.
    pub fits: usize,
}

/// The families at the ends of 1 < p < 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TweedieLimit {
    /// p → 1: multiples of φ whose number is Poisson. A likelihood of densities rises without bound where all responses
    /// are multiples of one number, so the fit is the quasi-Poisson one, without likelihood.
    Poisson,
    /// p → 2, which needs responses without zeros; the fit is the gamma fit, φ by maximum likelihood.
    Gamma,
}

/// Fits non-negative responses with V = μ^p, 1 < p < 2 unknown. The problem's own response and estimate of the dispersion
/// give way to the family with this link and to maximum likelihood.
///
/// The error of p̂ is about 1e-9, that of the ends of its interval 1e-7. Responses that are whole multiples of a number,
/// as counts are and data rounded to cents, have a likelihood that grows without bound as p → 1, in a spike that may be
/// narrower than any search sees; so p̂ is the highest maximum reached by climbing from the best of 1.1, 1.3, 1.5, 1.7 and
/// 1.9, and a limit is reported where the likelihood still rises towards it at a distance of 0.001.
///
/// ```
/// use glm_core::{Dense, Log, spec};
/// use glm_solvers::{Problem, fit_tweedie, irls};
/// // Rain in mm on twenty days.
/// let rain = vec![
///     0.0, 3.2, 0.0, 11.7, 0.9, 5.4, 0.0, 2.6, 24.1, 0.0, 1.3, 7.8, 0.3, 4.1, 0.0, 15.6, 2.2, 0.0, 6.5, 9.4,
/// ];
/// let (design, poisson) = (Dense::intercept_only(20)?, spec::response("poisson(log)")?);
/// let found = fit_tweedie(&irls(), &Problem::new(&design, &*poisson, rain)?, &Log)?;
/// assert!(found.power.is_some_and(|power| power > 1.3 && power < 1.7));
/// # Ok::<(), glm_solvers::Error>(())
/// ```
///
/// # Errors
///
/// Those of the solver; [`Error::InvalidSetting`] for a fixed dispersion, over which nothing can be maximised;
/// [`Error::ExactFit`]; [`Error::NotConverged`] where the likelihood rises towards p = 2 in spite of zeros.
pub fn fit_tweedie(solver: &Solver, problem: &Problem<'_>, link: &dyn Link) -> Result<TweedieFit, Error> {
    if let DispersionEstimate::Fixed(value) = problem.dispersion() {
        let allowed = "estimated: the profile likelihood of the power maximises over it";
        return Err(Error::InvalidSetting { setting: "dispersion", value, allowed });
    }
    let mut profile = Profile { solver, problem, link, start: None, dispersion: None, fits: 0 };
    let found = profile.climb()?;
    let gamma = if profile.has_zeros() { None } else { Some(profile.gamma()?) };
    match (found, gamma) {
        (Climb::Top(power), gamma) => {
            let mut best = profile.at(power)?;
            match gamma.filter(|gamma| height(gamma) > height(&best)) {
                Some(gamma) => profile.gamma_limit(gamma),
                None => {
                    let power_std_error = profile.std_error(power)?;
                    let power_interval = profile.interval(power, height(&best), power_std_error)?;
                    count_parameter(&mut best);
                    let (power, limit, fits) = (Some(power), None, profile.fits);
                    Ok(TweedieFit { fit: best, power, power_std_error, power_interval, limit, fits })
                }
            }
        }
        (Climb::End(power), Some(gamma)) if power > 1.5 => profile.gamma_limit(gamma),
        (Climb::End(power), _) if power > 1.5 => Err(not_converged(profile.at(power)?)),
        (Climb::End(_), _) => profile.poisson_limit(),
    }
}

/// Where climbing ended.
enum Climb {
    /// A maximum.
    Top(f64),
    /// So near to 1 or 2 that it is there.
    End(f64),
}

fn not_converged(mut fit: Fit) -> Error {
    fit.certificate.outcome = Outcome::IterationLimit;
    Error::NotConverged(Box::new(fit))
}

/// The log-likelihood of a fit, maximised over β and φ.
fn height(fit: &Fit) -> f64 {
    fit.log_likelihood.unwrap_or(f64::NEG_INFINITY)
}

/// The distance from the nearer end of (1, 2).
fn distance(power: f64) -> f64 {
    (power - 1.0).min(2.0 - power)
}

/// The same fit with another dispersion.
#[expect(clippy::cast_precision_loss, reason = "numbers of rows and columns are far below 2^53")]
fn move_to(fit: &mut Fit, phi: f64, log_likelihood: f64) {
    let ratio = phi / fit.dispersion.unwrap_or(f64::NAN);
    fit.dispersion = Some(phi);
    fit.std_errors.iter_mut().for_each(|error| *error *= ratio.sqrt());
    fit.covariance = Mat::from_fn(fit.rank, fit.rank, |i, j| ratio * fit.covariance[(i, j)]);
    fit.covariance_low = None;
    fit.set_likelihood(Some(log_likelihood), (fit.rank + 1) as f64, fit.n_used as f64);
}

/// A step from a power, at most half-way to 1 or 2 and no nearer than [`NEAREST`]; `None` from there.
fn step_towards(power: f64, step: f64) -> Option<f64> {
    let (room, edge) = if step > 0.0 { (2.0 - power, 2.0 - NEAREST) } else { (power - 1.0, 1.0 + NEAREST) };
    let next = power + step.clamp(-0.5 * room, 0.5 * room);
    match step > 0.0 {
        true => (power < edge).then(|| next.min(edge)),
        false => (power > edge).then(|| next.max(edge)),
    }
}

/// The profile log-likelihood of the power, and the last estimates, from which the next fit starts.
struct Profile<'a> {
    solver: &'a Solver,
    problem: &'a Problem<'a>,
    link: &'a dyn Link,
    start: Option<Vec<f64>>,
    dispersion: Option<f64>,
    fits: usize,
}

impl Profile<'_> {
    fn has_zeros(&self) -> bool {
        self.problem.y().iter().enumerate().any(|(row, y)| *y == 0.0 && self.problem.weight(row) > 0.0)
    }

    /// The fit of a family with this link.
    fn fit<F: Family>(&mut self, family: F, dispersion: DispersionEstimate) -> Result<Fit, Error> {
        let response = Glm::new(family, Borrowed(self.link))?;
        let problem = self.problem.with_response(&response)?.with_dispersion(dispersion)?;
        let fit = self.solver.fit_from(&problem, self.start.as_deref().or(self.solver.start()))?;
        self.start = Some(fit.params());
        self.fits += 1;
        Ok(fit)
    }

    /// The fit at a power.
    ///
    /// Near p = 1 responses are nearly multiples of φ, and the likelihood has a peak wherever many of the data are; so
    /// there the peak of the last power is followed where it is the higher one.
    fn at(&mut self, power: f64) -> Result<Fit, Error> {
        let mut fit = self.fit(Tweedie::new(power)?, DispersionEstimate::MaximumLikelihood)?;
        if let Some(last) = self.dispersion.filter(|_| power < MANY_PEAKS) {
            let response = Glm::new(Tweedie::new(power)?, Borrowed(self.link))?;
            let problem = self.problem.with_response(&response)?;
            let problem = problem.with_dispersion(DispersionEstimate::MaximumLikelihood)?;
            let (params, first_step) = (fit.params(), FIRST_STEP * (power - 1.0).sqrt());
            let at = At::Params(&params);
            let phi = dispersion::maximum_likelihood_near(&problem, at, fit.deviance, (last, first_step))?;
            let there = dispersion::log_likelihood(&problem, at, Some(phi))?.total;
            if there > height(&fit) {
                move_to(&mut fit, phi, there);
            }
        }
        self.dispersion = fit.dispersion;
        Ok(fit)
    }

    fn gamma(&mut self) -> Result<Fit, Error> {
        self.fit(Gamma, DispersionEstimate::MaximumLikelihood)
    }

    /// The slope of the profile at a power and its fit there: ∂ log L/∂p, by differences that leave an error of fourth
    /// order.
    fn slope_of(&self, power: f64, fit: &Fit) -> Result<f64, Error> {
        let response = Glm::new(Tweedie::new(power)?, Borrowed(self.link))?;
        let problem = self.problem.with_response(&response)?;
        let (params, phi) = (fit.params(), fit.dispersion.unwrap_or(f64::NAN));
        let step = DIFFERENCE * distance(power);
        let change = |step: f64| {
            let (above, below) = (Tweedie::new(power + step)?, Tweedie::new(power - step)?);
            let share = |y, mean, weight| {
                let phi = phi / weight;
                Some(above.ln_density(y, mean, phi)? - below.ln_density(y, mean, phi)?)
            };
            let sum = LogLikelihood::sum(&problem, At::Params(&params), &share)?;
            Ok::<_, Error>(sum.total / (2.0 * step))
        };
        Ok((4.0 * change(step)? - change(2.0 * step)?) / 3.0)
    }

    fn slope(&mut self, power: f64) -> Result<f64, Error> {
        let fit = self.at(power)?;
        self.slope_of(power, &fit)
    }

    /// Uphill from the highest of the first points until the slope changes its sign, then to its root.
    fn climb(&mut self) -> Result<Climb, Error> {
        let mut best = (LOOKED_AT[0], self.at(LOOKED_AT[0])?);
        for power in &LOOKED_AT[1..] {
            let fit = self.at(*power)?;
            if height(&fit) > height(&best.1) {
                best = (*power, fit);
            }
        }
        let (mut power, mut top) = (best.0, height(&best.1));
        let mut slope = self.slope_of(power, &best.1)?;
        let mut step: f64 = 0.1;
        for _ in 0..MAX_STEPS {
            let Some(next) = step_towards(power, slope.signum() * step) else { return Ok(Climb::End(power)) };
            let fit = self.at(next)?;
            let there = self.slope_of(next, &fit)?;
            if there * slope <= 0.0 {
                return root((power, slope), (next, there), TOLERANCE, |p| self.slope(p)).map(Climb::Top);
            }
            if height(&fit) > top {
                (power, top, slope) = (next, height(&fit), there);
            } else {
                step *= 0.5;
            }
        }
        Err(not_converged(self.at(power)?))
    }

    /// 1/√ of minus the second derivative of the profile; `None` where that is not negative.
    fn std_error(&mut self, power: f64) -> Result<Option<f64>, Error> {
        let step = DIFFERENCE * distance(power);
        let curvature = (self.slope(power - step)? - self.slope(power + step)?) / (2.0 * step);
        Ok((curvature > 0.0).then(|| curvature.sqrt().recip()))
    }

    /// Both ends of the 95 % interval.
    fn interval(&mut self, power: f64, top: f64, std_error: Option<f64>) -> Result<[Option<f64>; 2], Error> {
        let step = 2.0 * std_error.unwrap_or(0.05);
        Ok([self.end(power, top, -step)?, self.end(power, top, step)?])
    }

    /// The power beyond `from` at which the profile is ½ χ²₁(0.95) below its top; `None` where there is none.
    fn end(&mut self, from: f64, top: f64, step: f64) -> Result<Option<f64>, Error> {
        let allowed = 0.5 * special::chi2_quantile(0.95, 1.0);
        let mut inside = (from, allowed);
        while let Some(next) = step_towards(inside.0, step) {
            let above = |profile: &mut Self, power| Ok::<_, Error>(height(&profile.at(power)?) - top + allowed);
            let outside = (next, above(self, next)?);
            if outside.1 < 0.0 {
                return root(inside, outside, END_TOLERANCE, |p| above(self, p)).map(Some);
            }
            inside = outside;
        }
        Ok(None)
    }

    fn gamma_limit(&mut self, fit: Fit) -> Result<TweedieFit, Error> {
        let lower = self.end(2.0 - NEAREST, height(&fit), -0.05)?;
        let (limit, fits) = (Some(TweedieLimit::Gamma), self.fits);
        Ok(TweedieFit { fit, power: None, power_std_error: None, power_interval: [lower, None], limit, fits })
    }

    fn poisson_limit(&mut self) -> Result<TweedieFit, Error> {
        let fit = self.fit(QuasiPoisson, DispersionEstimate::Pearson)?;
        let (limit, fits) = (Some(TweedieLimit::Poisson), self.fits);
        Ok(TweedieFit { fit, power: None, power_std_error: None, power_interval: [None, None], limit, fits })
    }
}

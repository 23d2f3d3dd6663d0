//! How the dispersion φ is found: known, by Pearson's chi-square, by the deviance, or by maximum likelihood.

use std::fmt;

use glm_core::{At, Dispersion, Exponential, Information, Order, Precision};

use crate::root::root;
use crate::totals::LogLikelihood;
use crate::{Error, Problem};

/// How the dispersion φ is to be found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum DispersionEstimate {
    /// Known where the family knows it, otherwise Pearson: what R does.
    #[default]
    Family,
    /// Σ w (y − μ)²/V(μ) / df, even where the family knows φ.
    Pearson,
    /// Deviance / df.
    Deviance,
    /// The φ at which the likelihood of the rows, each of dispersion φ/w, is largest at the fitted means.
    ///
    /// Deviance / n for the Gaussian and the inverse Gaussian, n the observations; 1/α for the gamma, where
    /// Σ w [d/2 − ln(αw) + ψ(αw)] = 0; for Tweedie the root of Σ ∂ ln f/∂ ln φ nearest to deviance / n (near p = 1 there
    /// may be others). To 1e-13 of φ. Log-likelihood, AIC and BIC
    /// of the fit are at this φ. No degrees of freedom are given to β, so that φ is biased downwards.
    ///
    /// Families that know φ and quasi families have no such estimate; to ask for it is an error.
    MaximumLikelihood,
    /// This value.
    Fixed(f64),
}

/// How the dispersion of a fit was found; it prints as in "dispersion by maximum likelihood".
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{DispersionEstimate, DispersionSource, Problem, irls};
/// let x = [0.0, 1.0, 2.0, 3.0];
/// let (design, response) = (Dense::with_intercept([&x[..]])?, spec::response("gaussian(identity)")?);
/// let problem = Problem::new(&design, &*response, vec![1.0, 2.0, 2.0, 3.0])?;
/// let fit = irls().fit(&problem.with_dispersion(DispersionEstimate::MaximumLikelihood)?)?;
/// assert_eq!(fit.dispersion_source, DispersionSource::MaximumLikelihood);
/// assert_eq!(fit.dispersion_source.to_string(), "by maximum likelihood");
/// assert!((fit.dispersion.unwrap_or_default() - fit.deviance / 4.0).abs() < 1e-15);
/// # Ok::<(), glm_solvers::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DispersionSource {
    /// The family knows it.
    Known,
    /// The caller gave it.
    Fixed,
    /// Pearson's chi-square over its degrees of freedom.
    Pearson,
    /// The deviance over its degrees of freedom.
    Deviance,
    /// Maximum likelihood at the fitted means.
    MaximumLikelihood,
}

impl DispersionSource {
    /// What a problem's estimate means for its family.
    pub(crate) fn of(problem: &Problem<'_>) -> Self {
        match problem.dispersion() {
            DispersionEstimate::Family if problem.known_dispersion().is_some() => Self::Known,
            DispersionEstimate::Family | DispersionEstimate::Pearson => Self::Pearson,
            DispersionEstimate::Deviance => Self::Deviance,
            DispersionEstimate::MaximumLikelihood => Self::MaximumLikelihood,
            DispersionEstimate::Fixed(_) => Self::Fixed,
        }
    }
}

impl fmt::Display for DispersionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Known => "known",
            Self::Fixed => "given",
            Self::Pearson => "by Pearson's chi-square",
            Self::Deviance => "by the deviance",
            Self::MaximumLikelihood => "by maximum likelihood",
        })
    }
}

/// What φ is estimated from.
pub(crate) struct Goodness {
    pub(crate) pearson: f64,
    pub(crate) deviance: f64,
    pub(crate) df: usize,
}

/// φ at a point; `None` without residual degrees of freedom. What has not converged has no maximum likelihood.
pub(crate) fn estimate(
    problem: &Problem<'_>,
    at: At<'_>,
    goodness: &Goodness,
    converged: bool,
) -> Result<Option<f64>, Error> {
    let Goodness { pearson, deviance, df } = *goodness;
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    let per_df = |total: f64| (df > 0).then(|| total / df as f64);
    match problem.dispersion() {
        DispersionEstimate::Deviance => Ok(per_df(deviance)),
        DispersionEstimate::MaximumLikelihood if converged => maximum_likelihood(problem, at, goodness).map(Some),
        DispersionEstimate::MaximumLikelihood => Ok(None),
        _ => Ok(problem.known_dispersion().or_else(|| per_df(pearson))),
    }
}

/// Σ ln f(y; μ, φ/w), which maximum likelihood of φ maximises.
pub(crate) fn log_likelihood(problem: &Problem<'_>, at: At<'_>, phi: Option<f64>) -> Result<LogLikelihood, Error> {
    let (model, phi) = (density(problem)?, phi.unwrap_or(f64::NAN));
    LogLikelihood::sum(problem, at, &|y, mean, weight| model.ln_density(y, mean, phi / weight))
}

/// Refuses maximum likelihood where there is no likelihood in φ.
pub(crate) fn check(problem: &Problem<'_>) -> Result<(), Error> {
    match problem.dispersion() {
        DispersionEstimate::MaximumLikelihood => density(problem).map(|_| ()),
        _ => Ok(()),
    }
}

/// The density that maximum likelihood of φ maximises.
pub(crate) fn density<'a>(problem: &Problem<'a>) -> Result<&'a dyn Exponential, Error> {
    if problem.is_sample() {
        return Err(Error::Sampled { method: "maximum likelihood of the dispersion" });
    }
    let refused = |reason| Err(Error::NoDispersionLikelihood { response: problem.response().name(), reason });
    let Some(family) = problem.response().family() else {
        return refused("its family knows the dispersion; leave it at `DispersionEstimate::Family`");
    };
    if let Dispersion::Known(_) = family.dispersion() {
        return refused(
            "its family knows the dispersion; leave it at `DispersionEstimate::Family`, or for responses that scatter \
             more choose a quasi family, or for counts `fit_negative_binomial`",
        );
    }
    match family.exponential().filter(|model| model.ln_base(1.0, 1.0).is_some()) {
        Some(model) => Ok(model),
        None => refused(
            "its family has a variance but no density; use `DispersionEstimate::Pearson` or `DispersionEstimate::Deviance`",
        ),
    }
}

/// Doublings of the step that looks for the other side of the root: φ by any power of two that a number can be.
const MAX_DOUBLINGS: usize = 24;
/// The longest first step in ln φ.
const FIRST_STEP: f64 = 0.2;
/// Relative error of φ below which a start is taken for the root, as it is for Gaussian and inverse Gaussian.
const EXACT: f64 = 1e-14;
/// A deviance of this many rounding errors of η, squared, is nothing else.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// The root of Σ ∂ ln f(y; μ, φ/w)/∂ ln φ nearest to φ = deviance/n, the root itself for Gaussian and inverse Gaussian.
pub(crate) fn maximum_likelihood(problem: &Problem<'_>, at: At<'_>, goodness: &Goodness) -> Result<f64, Error> {
    let deviance = goodness.deviance;
    density(problem)?;
    if goodness.df == 0 || deviance.sqrt() <= ROUNDING * size(problem, at)? {
        return Err(Error::ExactFit { response: problem.response().name() });
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    let start = deviance / problem.n_used() as f64;
    maximum_likelihood_near(problem, at, deviance, (start, FIRST_STEP))
}

/// The root near a start, looked for with steps in ln φ that begin no longer than the one given.
pub(crate) fn maximum_likelihood_near(
    problem: &Problem<'_>,
    at: At<'_>,
    deviance: f64,
    (start, first_step): (f64, f64),
) -> Result<f64, Error> {
    let model = density(problem)?;
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    let n = problem.n_used() as f64;
    let offset = (deviance / n / start).ln();
    // About what is missing from ln φ. Each row's score is ½ (w d/φ − 1), whose sum the deviance knows to more digits, and
    // what its density has beyond a normal one.
    let score = |distance: f64| {
        let phi = start * distance.exp();
        let beyond = |y, mean, weight| {
            let phi = phi / weight;
            Some(model.dispersion_score(y, mean, phi)? - 0.5 * (model.unit_deviance(y, mean) / phi - 1.0))
        };
        let sum = LogLikelihood::sum(problem, at, &beyond)?;
        Ok::<_, Error>((offset - distance).exp_m1() + 2.0 * sum.total / n)
    };
    let here = score(0.0)?;
    if here.abs() <= EXACT {
        return Ok(start);
    }
    let (mut near, mut far) = ((0.0, here), (0.0, here));
    let mut step = here.clamp(-first_step, first_step);
    for _ in 0..MAX_DOUBLINGS {
        near = far;
        far.0 += step;
        far.1 = score(far.0)?;
        if far.1 * here <= 0.0 || far.1.is_nan() {
            break;
        }
        step *= 2.0;
    }
    Ok(start * root(near, far, 0.1 * EXACT, score)?.exp())
}

/// Σ |βⱼ| √Iⱼⱼ, the size of η in units of √φ: rounding errors of η are ε of it.
fn size(problem: &Problem<'_>, at: At<'_>) -> Result<f64, Error> {
    let here = problem.expand(at, Order::Expected, Precision::Plain)?;
    let (At::Params(params) | At::Twofold { high: params, .. }, Information::Gram(gram)) = (at, here.information)
    else {
        return Ok(f64::NAN);
    };
    Ok(gram.diagonal().zip(params).map(|(information, value)| value.abs() * information.sqrt()).sum())
}

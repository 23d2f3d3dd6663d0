//! The shape of a gamma response by maximum likelihood, with its standard error.

use glm_core::{At, special};

use crate::dispersion::{Goodness, maximum_likelihood};
use crate::{Error, Fit, Problem};

/// The shape α = 1/φ of gamma responses: a row of weight w has shape αw and coefficient of variation 1/√(αw).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaShape {
    /// α̂, where Σ w [d/2 − ln(αw) + ψ(αw)] = 0, to 1e-13.
    pub shape: f64,
    /// From the information for α, 1/√Σ w² [ψ′(αw) − 1/(αw)], the observed and the expected one; α is orthogonal to β.
    pub std_error: f64,
}

/// The maximum-likelihood shape at the means of a gamma fit, whatever dispersion that fit reports: the means do not
/// depend on it. MASS has it as `gamma.shape`.
///
/// A fit of a problem with [`DispersionEstimate::MaximumLikelihood`](crate::DispersionEstimate::MaximumLikelihood) has
/// φ = 1/α̂ already; this adds the standard error.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, fit_gamma_shape, irls};
/// // Clotting times of blood at nine concentrations (McCullagh and Nelder 1989, 8.4.2).
/// let time = vec![118.0, 58.0, 42.0, 35.0, 27.0, 25.0, 21.0, 19.0, 18.0];
/// let ln_u = [5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0, 80.0, 100.0_f64].map(f64::ln);
/// let (design, response) = (Dense::with_intercept([&ln_u[..]])?, spec::response("gamma(inverse)")?);
/// let problem = Problem::new(&design, &*response, time)?;
/// let found = fit_gamma_shape(&problem, &irls().fit(&problem)?)?;
/// assert!((found.shape - 538.1315).abs() < 1e-4 && (found.std_error - 253.5991).abs() < 1e-4);
/// # Ok::<(), glm_solvers::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::NotGamma`] for another family; [`Error::Sampled`]; [`Error::ExactFit`] where nothing but rounding errors is left between y and μ,
/// and the likelihood rises without bound.
pub fn fit_gamma_shape(problem: &Problem<'_>, fit: &Fit) -> Result<GammaShape, Error> {
    if problem.response().family().is_none_or(|family| family.name() != "gamma") {
        return Err(Error::NotGamma { response: problem.response().name() });
    }
    let params = fit.params();
    let goodness = Goodness { pearson: fit.pearson_chisq, deviance: fit.deviance, df: fit.df_residual };
    let shape = maximum_likelihood(problem, At::Params(&params), &goodness)?.recip();
    let used = (0..fit.n_rows).filter(|row| problem.weight(*row) > 0.0);
    let information: f64 = used
        .map(|row| {
            let w = problem.prior_weight(row);
            problem.frequency(row) * w * w * special::trigamma_minus_recip(shape * w)
        })
        .sum();
    Ok(GammaShape { shape, std_error: information.sqrt().recip() })
}

//! Wald's test and interval of each coefficient: the estimate in units of its standard error.

use glm_solvers::Fit;

use crate::{Error, Reference};

/// One coefficient. What does not exist is `None`: everything where the column is aliased, and where the dispersion is
/// not estimable everything but the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WaldRow {
    /// β̂.
    pub estimate: Option<f64>,
    /// se(β̂).
    pub std_error: Option<f64>,
    /// β̂/se(β̂): z or t, infinite where the standard error is zero.
    pub statistic: Option<f64>,
    /// P(|T| ≥ |statistic|) if β were zero; see [`Reference::p_value`] for its accuracy.
    pub p_value: Option<f64>,
    /// β̂ − c se(β̂), c the [critical value](Reference::critical).
    pub conf_low: Option<f64>,
    /// β̂ + c se(β̂).
    pub conf_high: Option<f64>,
}

/// Tests of each coefficient being zero, and confidence intervals: R's table of coefficients, and `confint.default` with
/// the quantile of the stated statistic.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, irls};
/// use glm_stats::{Reference, Wald};
/// // The slope is 3 and its standard error √3, on one degree of freedom: t = √3, of which Cauchy's tails leave a third.
/// let (x, y) = ([-1.0, 0.0, 1.0], vec![-2.0, -2.0, 4.0]);
/// let (design, gaussian) = (Dense::with_intercept([&x[..]])?, spec::response("gaussian(identity)")?);
/// let wald = Wald::of(&irls().fit(&Problem::new(&design, &*gaussian, y)?)?, 0.95)?;
/// assert_eq!(wald.reference, Reference::StudentT { df: 1.0 });
/// assert!(wald.rows[1].p_value.is_some_and(|p| (p - 1.0 / 3.0).abs() < 1e-14));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Wald {
    /// What the statistics are referred to.
    pub reference: Reference,
    /// The confidence level of the intervals.
    pub level: f64,
    /// One row per coefficient, in their order.
    pub rows: Vec<WaldRow>,
}

impl Wald {
    /// The coefficients of a fit, predictor by predictor.
    ///
    /// # Errors
    ///
    /// [`Error::Level`] unless 0 < level < 1.
    pub fn of(fit: &Fit, level: f64) -> Result<Self, Error> {
        Self::new(&fit.coefficients, &fit.std_errors, Reference::of(fit), level)
    }

    /// Any estimates, with standard errors of any kind; NaN is what does not exist.
    ///
    /// ```
    /// use glm_stats::{Reference, Wald};
    /// let wald = Wald::new(&[3.0, f64::NAN], &[1.0, f64::NAN], Reference::Normal, 0.95)?;
    /// assert!(wald.rows[0].p_value.is_some_and(|p| (p - 0.0026997960632601866).abs() < 1e-16));
    /// assert_eq!((wald.rows[1].estimate, wald.rows[1].p_value), (None, None));
    /// # Ok::<(), glm_stats::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Level`], and [`glm_core::Error::LengthMismatch`] in [`Error::Input`].
    pub fn new(estimates: &[f64], std_errors: &[f64], reference: Reference, level: f64) -> Result<Self, Error> {
        let (critical, expected, found) = (reference.critical(level)?, estimates.len(), std_errors.len());
        if expected != found {
            return Err(glm_core::Error::LengthMismatch { what: "the list of standard errors", expected, found }.into());
        }
        let exists = |value: f64| (!value.is_nan()).then_some(value);
        let row = |(estimate, std_error): (&f64, &f64)| {
            let statistic = estimate / std_error;
            WaldRow {
                estimate: exists(*estimate),
                std_error: exists(*std_error),
                statistic: exists(statistic),
                p_value: exists(reference.p_value(statistic)),
                conf_low: exists(estimate - critical * std_error),
                conf_high: exists(estimate + critical * std_error),
            }
        };
        Ok(Self { reference, level, rows: estimates.iter().zip(std_errors).map(row).collect() })
    }
}

//! Profile intervals: the values of a coefficient that a penalised likelihood-ratio test does not reject.

use glm_core::special::chi2_quantile;

use super::BiasReducedFit;
use super::adjustment::Adjusted;
use super::crossing::{Height, crossing};
use super::restriction::Penalised;
use crate::{Error, Problem};

/// Standard errors to which the ends are found.
const TOLERANCE: f64 = 1e-9;

/// The values around an estimate at which a penalised likelihood-ratio test does not reject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileInterval {
    /// The coefficient, by its place in `coefficients`.
    pub column: usize,
    /// The confidence level.
    pub level: f64,
    /// The lower end; −∞ where the statistic stays below the quantile for 2⁶⁰ standard errors.
    pub lower: f64,
    /// The upper end; ∞ where the statistic stays below the quantile for 2⁶⁰ standard errors.
    pub upper: f64,
}

impl BiasReducedFit {
    /// The profile interval of one coefficient, on the problem that was fitted: the ends are the first b on either side of
    /// β̂ⱼ at which 2 (l*(β̂) − max l*(β)) is the `level` quantile of χ² with one degree of freedom, the maximum over β with
    /// βⱼ = b and l* = log L + ½ ln |I(β)| with the information of all columns (Heinze and Schemper, 2002).
    ///
    /// Ends are found to 1e-8 standard errors, where rounding errors of l* allow.
    ///
    /// ```
    /// use glm_core::{Dense, spec};
    /// use glm_solvers::{BiasReduction, Problem, fit_bias_reduced};
    /// let x = [-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0];
    /// let (design, response) = (Dense::with_intercept([&x[..]])?, spec::response("binomial(logit)")?);
    /// let problem = Problem::new(&design, &*response, vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0])?;
    /// let fit = fit_bias_reduced(&problem, BiasReduction::Jeffreys)?;
    /// let slope = fit.profile_interval(&problem, 1, 0.95)?;
    /// // Wald's interval contains zero.
    /// assert!(fit.fit.coefficients[1] < 1.96 * fit.fit.std_errors[1] && slope.lower > 0.0);
    /// # Ok::<(), glm_solvers::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSetting`] for a level outside (0, 1); [`Error::InvalidRestriction`] for a column that is out of
    /// range or aliased; [`Error::Restricted`] where the profile was lost before it reached the quantile, as it is where
    /// means run into the edge of their domain; others as
    /// [`likelihood_ratio_test`](Self::likelihood_ratio_test).
    pub fn profile_interval(&self, problem: &Problem<'_>, column: usize, level: f64) -> Result<ProfileInterval, Error> {
        let quantile = quantile(level)?;
        let penalised = Penalised::around(self, problem)?;
        if let Some(reason) = penalised.refusal(column) {
            return Err(Error::InvalidRestriction { column, value: f64::NAN, reason });
        }
        self.interval(&penalised, column, level, quantile)
    }

    /// The profile interval of every coefficient, in their order; both ends NaN where the column is aliased.
    ///
    /// # Errors
    ///
    /// As [`profile_interval`](Self::profile_interval).
    pub fn profile_intervals(&self, problem: &Problem<'_>, level: f64) -> Result<Vec<ProfileInterval>, Error> {
        let quantile = quantile(level)?;
        let penalised = Penalised::around(self, problem)?;
        (0..self.fit.coefficients.len())
            .map(|column| match penalised.kept().contains(&column) {
                true => self.interval(&penalised, column, level, quantile),
                false => Ok(ProfileInterval { column, level, lower: f64::NAN, upper: f64::NAN }),
            })
            .collect()
    }

    fn interval(
        &self,
        penalised: &Penalised<'_>,
        column: usize,
        level: f64,
        quantile: f64,
    ) -> Result<ProfileInterval, Error> {
        let estimate = self.fit.coefficients[column];
        let end = |sign: f64| {
            let distance = self.end(penalised, column, sign, quantile)?;
            Ok::<_, Error>(estimate + sign * distance * self.fit.std_errors[column])
        };
        Ok(ProfileInterval { column, level, lower: end(-1.0)?, upper: end(1.0)? })
    }

    /// How many standard errors from the estimate the statistic reaches the quantile.
    fn end(&self, penalised: &Penalised<'_>, column: usize, sign: f64, quantile: f64) -> Result<f64, Error> {
        let (estimate, unit) = (self.fit.coefficients[column], sign * self.fit.std_errors[column]);
        // No two distances are told apart that give the same coefficient.
        let tolerance = TOLERANCE.max(4.0 * f64::EPSILON * (estimate / unit).abs());
        let mut last: Option<Adjusted> = None;
        crossing(quantile, quantile.sqrt(), tolerance, |distance| {
            let fixed = [(column, estimate + distance * unit)];
            let at = penalised.maximum(&fixed, last.as_ref())?;
            let statistic = penalised.statistic(&at, &fixed)?;
            let slope = penalised.slope(&at, column) * unit;
            last = Some(at);
            Ok(Height { statistic, slope })
        })
    }
}

/// The quantile of χ² with one degree of freedom.
fn quantile(level: f64) -> Result<f64, Error> {
    if level > 0.0 && level < 1.0 {
        return Ok(chi2_quantile(level, 1.0));
    }
    Err(Error::InvalidSetting { setting: "level", value: level, allowed: "between 0 and 1" })
}

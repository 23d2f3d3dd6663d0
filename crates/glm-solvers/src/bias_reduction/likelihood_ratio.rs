//! Penalised likelihood-ratio tests: how much lower l* is where coefficients have the values of a hypothesis.

use glm_core::special::chi2_sf;

use super::BiasReducedFit;
use super::restriction::Penalised;
use crate::fit::scatter;
use crate::{Error, Problem};

/// A penalised likelihood-ratio test.
#[derive(Debug, Clone)]
pub struct LikelihoodRatio {
    /// 2 (l*(β̂) − max l*(β)), the maximum over β with the hypothesis' values, l* = log L + ½ ln |I(β)|; at least zero.
    pub statistic: f64,
    /// The number of coefficients that the hypothesis gives a value.
    pub df: usize,
    /// P(χ² > statistic) with `df` degrees of freedom.
    pub p_value: f64,
    /// The estimate under the hypothesis; NaN where the column is aliased.
    pub coefficients: Vec<f64>,
}

impl BiasReducedFit {
    /// Tests whether coefficients have given values, by their place in `coefficients`, on the problem that was fitted.
    ///
    /// The hypothesis restricts β and leaves the penalty alone: ½ ln |I(β)| is of all columns, as under the alternative,
    /// so that the statistic is the fall of one function, never negative, and zero at its maximum (Heinze and Schemper,
    /// Statistics in Medicine 21, 2002; R's logistf). A model without the columns would have another penalty, and a
    /// statistic that depends on their units. χ² holds in large samples.
    ///
    /// For [`BiasReduction::Jeffreys`](crate::BiasReduction::Jeffreys), and for the adjusted score with the canonical
    /// link, where both are one.
    ///
    /// ```
    /// use glm_core::{Dense, spec};
    /// use glm_solvers::{BiasReduction, Problem, fit_bias_reduced};
    /// // Separated at x = 0: Wald's z is below 1.96, though the responses could hardly depend on x more.
    /// let x = [-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0];
    /// let (design, response) = (Dense::with_intercept([&x[..]])?, spec::response("binomial(logit)")?);
    /// let problem = Problem::new(&design, &*response, vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0])?;
    /// let fit = fit_bias_reduced(&problem, BiasReduction::Jeffreys)?;
    /// let test = fit.likelihood_ratio_test(&problem, &[(1, 0.0)])?;
    /// assert!(fit.fit.coefficients[1] < 1.96 * fit.fit.std_errors[1] && test.p_value < 0.05);
    /// # Ok::<(), glm_solvers::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::InvalidSetting`] for no coefficient; [`Error::InvalidRestriction`] for one that is out of range, aliased
    /// or given twice, or a value that is not finite; [`Error::NoPenalisedLikelihood`] for the adjusted score off the
    /// canonical link; [`Error::NotTheFittedProblem`], or [`Error::Input`] where numbers of rows or columns differ;
    /// [`Error::Restricted`] where the estimate under the hypothesis was not found; [`Error::LocalMaximum`].
    pub fn likelihood_ratio_test(
        &self,
        problem: &Problem<'_>,
        hypothesis: &[(usize, f64)],
    ) -> Result<LikelihoodRatio, Error> {
        Penalised::around(self, problem)?.test(hypothesis)
    }

    /// The p-value of each coefficient's own test that it is zero; NaN where the column is aliased.
    ///
    /// # Errors
    ///
    /// As [`likelihood_ratio_test`](Self::likelihood_ratio_test).
    pub fn likelihood_ratio_p_values(&self, problem: &Problem<'_>) -> Result<Vec<f64>, Error> {
        let penalised = Penalised::around(self, problem)?;
        let mut p_values = vec![f64::NAN; self.fit.coefficients.len()];
        for j in penalised.kept() {
            p_values[*j] = penalised.test(&[(*j, 0.0)])?.p_value;
        }
        Ok(p_values)
    }
}

impl Penalised<'_> {
    fn test(&self, hypothesis: &[(usize, f64)]) -> Result<LikelihoodRatio, Error> {
        if hypothesis.is_empty() {
            let (setting, allowed) = ("the number of coefficients in a hypothesis", "at least one");
            return Err(Error::InvalidSetting { setting, value: 0.0, allowed });
        }
        for (place, (column, value)) in hypothesis.iter().enumerate() {
            let repeated = hypothesis[..place].iter().any(|(before, _)| before == column);
            let reason = match self.refusal(*column) {
                None if !value.is_finite() => Some("the value is not finite"),
                None if repeated => Some("the hypothesis holds it already; give it one value"),
                refusal => refusal,
            };
            if let Some(reason) = reason {
                return Err(Error::InvalidRestriction { column: *column, value: *value, reason });
            }
        }
        let at = self.maximum(hypothesis, None)?;
        let (statistic, df) = (self.statistic(&at, hypothesis)?, hypothesis.len());
        #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
        let p_value = chi2_sf(statistic, df as f64);
        let coefficients = scatter(self.kept(), at.params.len(), |_, j| at.params[j]);
        Ok(LikelihoodRatio { statistic, df, p_value, coefficients })
    }

    /// Why a coefficient cannot be held at any value.
    pub(super) fn refusal(&self, column: usize) -> Option<&'static str> {
        match column < self.top.params.len() {
            false => Some("the fit has no such coefficient; count from zero"),
            true if self.kept().contains(&column) => None,
            true => Some("its column is aliased; choose among the columns before it, of which it is a combination"),
        }
    }
}

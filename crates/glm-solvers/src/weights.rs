//! What a number attached to a row means: three types of weight, and what each does to likelihood, degrees of freedom and
//! covariance.
//!
//! | type | of a row it says | log-likelihood | observations n | covariance |
//! |---|---|---|---|---|
//! | [`Weights::Analytic`] | Var(y) = φ V(μ)/w | of one row, at dispersion φ/w | rows | φ (XᵀWX)⁻¹ |
//! | [`Weights::Frequency`] | it stands for f equal rows | f times one row's | Σ f | φ (XᵀWX)⁻¹ |
//! | [`Weights::Probability`] | it was sampled with probability ∝ 1/s | none | rows | robust |
//!
//! All multiply the loss of their row, so that they find the same β. A row of weight zero is absent. An exposure is none
//! of them: it is an offset ln(exposure) of a model with the log link.

use crate::Error;
use std::ops::Range;

use crate::problem::{check_finite, check_length};

/// The largest whole number below which all others are exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// One number per row, and what it means. Plain numbers are analytic weights, R's prior weights.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, Weights, irls};
/// let x = [0.0, 1.0, 2.0, 3.0];
/// let (design, gaussian) = (Dense::with_intercept([&x[..]])?, spec::response("gaussian(identity)")?);
/// let problem = || Problem::new(&design, &*gaussian, vec![1.0, 2.0, 2.5, 4.5]);
/// let w = vec![2.0, 1.0, 3.0, 2.0];
/// let analytic = irls().fit(&problem()?.with_weights(w.clone())?)?;
/// let repeated = irls().fit(&problem()?.with_weights(Weights::Frequency(w.clone()))?)?;
/// let sampled = irls().fit(&problem()?.with_weights(Weights::Probability(w))?)?;
/// assert_eq!((analytic.df_residual, repeated.df_residual, sampled.df_residual), (2, 6, 2));
/// assert!((analytic.coefficients[1] - sampled.coefficients[1]).abs() < 1e-12);
/// assert!(repeated.std_errors[1] < analytic.std_errors[1] && sampled.log_likelihood.is_none());
/// # Ok::<(), glm_solvers::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Weights {
    /// Prior weights: Var(yᵢ) = φ V(μᵢ)/wᵢ, as of a mean of wᵢ values or a share of wᵢ trials. R's `weights`.
    Analytic(Vec<f64>),
    /// Whole numbers: the row stands for so many equal rows.
    Frequency(Vec<f64>),
    /// Sampling weights, inversely proportional to the probability with which the row came into the sample. Only their
    /// ratios matter: they are scaled to mean one, as R's `survey` does, and so enter the deviance.
    Probability(Vec<f64>),
}

impl From<Vec<f64>> for Weights {
    fn from(weights: Vec<f64>) -> Self {
        Self::Analytic(weights)
    }
}

/// The weights of a model's rows, of each type at most once; an empty list is all ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowWeights {
    analytic: Vec<f64>,
    frequency: Vec<f64>,
    sampling: Vec<f64>,
    product: Vec<f64>,
    observations: usize,
}

impl RowWeights {
    /// With these, in place of those of the same type.
    pub(crate) fn with(mut self, rows: usize, weights: Weights) -> Result<Self, Error> {
        let (Weights::Analytic(values) | Weights::Frequency(values) | Weights::Probability(values)) = &weights;
        check_weights(rows, values)?;
        match weights {
            Weights::Analytic(values) => self.analytic = values,
            Weights::Frequency(values) => {
                if let Some(row) = values.iter().position(|value| value.fract() != 0.0 || *value >= EXACT) {
                    return Err(Error::FractionalFrequency { row, value: values[row] });
                }
                self.frequency = values;
            }
            Weights::Probability(values) => self.sampling = values,
        }
        self.product = self.multiplied(rows);
        if self.product.iter().all(|weight| *weight == 0.0) {
            return Err(glm_core::Error::AllWeightsZero.into());
        }
        check_finite("the product of the weights", &self.product)?;
        self.observations = self.counted();
        Ok(self)
    }

    /// What each row's loss is multiplied by.
    fn multiplied(&self, rows: usize) -> Vec<f64> {
        let is_used = |row: &usize| at(&self.analytic, *row) > 0.0 && at(&self.sampling, *row) > 0.0;
        let sampled: f64 = (0..rows).filter(is_used).map(|row| self.frequency(row) * at(&self.sampling, row)).sum();
        let total: f64 = (0..rows).filter(is_used).map(|row| self.frequency(row)).sum();
        let scale = if self.sampling.is_empty() { 1.0 } else { total / sampled };
        (0..rows).map(|row| self.prior(row) * self.frequency(row) * (at(&self.sampling, row) * scale)).collect()
    }

    /// Every type multiplied, sampling weights being scaled to mean one; empty is all ones.
    pub(crate) fn product(&self) -> &[f64] {
        &self.product
    }

    /// What the loss of a row is multiplied by.
    pub(crate) fn weight(&self, row: usize) -> f64 {
        at(&self.product, row)
    }

    /// The analytic weight of a row.
    pub(crate) fn prior(&self, row: usize) -> f64 {
        at(&self.analytic, row)
    }

    /// How many equal rows a row stands for.
    pub(crate) fn frequency(&self, row: usize) -> f64 {
        at(&self.frequency, row)
    }

    /// How many equal rows each of these stands for, none where the weight is zero.
    pub(crate) fn times(&self, rows: Range<usize>) -> Vec<f64> {
        if self.product.is_empty() {
            return vec![1.0; rows.len()];
        }
        rows.map(|row| if self.weight(row) > 0.0 { self.frequency(row) } else { 0.0 }).collect()
    }

    /// The analytic weights of these.
    pub(crate) fn priors(&self, rows: Range<usize>) -> Vec<f64> {
        self.analytic.get(rows.clone()).map_or_else(|| vec![1.0; rows.len()], <[f64]>::to_vec)
    }

    /// The sum of what the losses of this many rows are multiplied by.
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    pub(crate) fn total(&self, rows: usize) -> f64 {
        if self.product.is_empty() { rows as f64 } else { self.product.iter().sum() }
    }

    /// Whether the rows are a sample with unequal probabilities.
    pub(crate) fn are_sampled(&self) -> bool {
        !self.sampling.is_empty()
    }

    /// Rows of positive weight, each as often as it counts.
    pub(crate) fn n_observations(&self, rows: usize) -> usize {
        if self.product.is_empty() { rows } else { self.observations }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "frequencies are whole and below 2^53")]
    fn counted(&self) -> usize {
        let used = self.product.iter().enumerate().filter(|(_, weight)| **weight > 0.0);
        used.map(|(row, _)| self.frequency(row) as usize).sum()
    }
}

fn at(weights: &[f64], row: usize) -> f64 {
    weights.get(row).copied().unwrap_or(1.0)
}

fn check_weights(rows: usize, weights: &[f64]) -> Result<(), glm_core::Error> {
    check_length("weights", rows, weights.len())?;
    check_finite("weights", weights)?;
    if let Some(row) = weights.iter().position(|weight| *weight < 0.0) {
        return Err(glm_core::Error::NegativeWeight { row, value: weights[row] });
    }
    if weights.iter().all(|weight| *weight == 0.0) { Err(glm_core::Error::AllWeightsZero) } else { Ok(()) }
}

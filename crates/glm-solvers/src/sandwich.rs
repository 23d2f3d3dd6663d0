//! The robust covariance: the variance of the estimating equations as the rows show it, not as the family claims it.
//!
//! V = n/(n − 1) · I⁻¹ (Σ sᵢ sᵢᵀ) I⁻¹, where I is the expected information at φ = 1 and sᵢ the score of observation i at
//! β̂, weights included (Huber 1967; White 1982; Binder 1983 for samples with unequal probabilities, where it is what R's
//! `svyglm` and Stata's `pweight` report). φ cancels, and so does the scale of the weights.

use std::ops::Range;

use faer::Mat;
use glm_core::{Gram, Merge, blocks, fold_rows};

use crate::{Error, Factor};

/// What the covariance of a fit rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CovarianceType {
    /// φ I⁻¹: the family's variance is taken at its word.
    Model,
    /// n/(n − 1) · I⁻¹ (Σ sᵢ sᵢᵀ) I⁻¹: right for any variance.
    Robust,
}

impl std::fmt::Display for CovarianceType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Model => "model",
            Self::Robust => "robust",
        })
    }
}

/// Scores of rows: a column-major block with one column per parameter, and how many equal rows each row stands for.
pub(crate) struct Scores {
    pub(crate) of_rows: Vec<f64>,
    pub(crate) times: Vec<f64>,
}

/// Σ zᵢ zᵢᵀ over a group of rows.
struct Meat(Gram);

impl Merge for Meat {
    fn merge(&mut self, other: Self) {
        self.0.merge(&other.0);
    }
}

/// V on the kept columns. The scores are solved with R before they are multiplied with each other, so that the error grows
/// with the condition of the design as that of the model's covariance does.
pub(crate) fn robust_covariance(
    factor: &Factor,
    n_rows: usize,
    n_observations: usize,
    scores: &(impl Fn(Range<usize>) -> Scores + Sync),
) -> Result<Mat<f64>, Error> {
    let kept = factor.kept().len();
    let group = |rows: Range<usize>| {
        let (mut meat, mut scratch) = (Gram::zeros(kept), Vec::new());
        for rows in blocks(rows) {
            let Scores { of_rows, times } = scores(rows.clone());
            meat.add_block(&factor.whiten_rows(&of_rows, rows.len()), &times, &mut scratch);
        }
        Ok::<_, Error>(Meat(meat))
    };
    let Meat(meat) = fold_rows(n_rows, &group)?;
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    let n = n_observations as f64;
    let mut covariance = factor.unwhiten(&meat);
    covariance *= faer::Scale(n / (n - 1.0));
    Ok(covariance)
}

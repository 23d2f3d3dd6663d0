//! Centre and scale, remembered.

use serde::{Deserialize, Serialize};

use super::{mean, sum};

/// (x − centre) / scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Scale {
    /// What is taken away.
    pub(crate) center: f64,
    /// What is divided by.
    pub(crate) scale: f64,
}

impl Scale {
    /// The mean, and the root of the sum of squares about the centre over n − 1, unless they are given.
    pub(crate) fn learn(x: &[f64], center: Option<f64>, scale: Option<f64>) -> Self {
        let center = center.unwrap_or_else(|| mean(x));
        #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^53")]
        let freedom = x.len().saturating_sub(1).max(1) as f64;
        let square = |x: &f64| (x - center) * (x - center);
        Self { center, scale: scale.unwrap_or_else(|| (sum(x.iter().map(square)) / freedom).sqrt()) }
    }

    pub(crate) fn at(&self, x: f64) -> f64 {
        (x - self.center) / self.scale
    }
}

//! Pearson residuals, summed up where slope and curvature of every row are at hand anyway.

use pulp::{Simd, WithSimd};

use crate::rows::Merge;
use crate::{Interval, kernel, vector};

/// What the Pearson residuals (y − μ)/√(V(μ)/w) of some rows come to; with one linear predictor, their squares are
/// w slope²/curvature, the curvature being the expected one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pearson {
    /// The sum of their squares, Pearson's chi-square.
    pub chi_square: f64,
    /// The least square of a row whose response is at an end of the support: a step of length L in the metric of the
    /// information moves no such row by more than its residual where 4 L² is less. Infinite where there is none.
    pub least_at_end: f64,
}

impl Pearson {
    /// Of no rows.
    pub const NONE: Self = Self { chi_square: 0.0, least_at_end: f64::INFINITY };

    /// Adds a block of rows, slope and curvature having been multiplied with the weights, and rows of weight zero being
    /// absent; empty weights are all one. `squares` is overwritten.
    pub(crate) fn with(
        mut self,
        rows: Responses<'_>,
        weights: &[f64],
        (slope, curvature): (&[f64], &[f64]),
        squares: &mut [f64],
    ) -> Self {
        vector::pearson_squares(slope, curvature, squares);
        self.chi_square += kernel::sum(squares);
        if !weights.is_empty() {
            for (square, _) in squares.iter_mut().zip(weights).filter(|(_, weight)| **weight == 0.0) {
                *square = f64::INFINITY;
            }
        }
        self.least_at_end = self.least_at_end.min(rows.least_at_end(squares));
        self
    }
}

/// Responses and what their family supports.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Responses<'a> {
    pub(crate) y: &'a [f64],
    pub(crate) support: Interval,
}

impl Responses<'_> {
    /// The least of these values over rows whose response is at an end of the support.
    fn least_at_end(&self, values: &[f64]) -> f64 {
        pulp::Arch::new().dispatch(LeastAtEnd { rows: *self, values })
    }
}

struct LeastAtEnd<'a> {
    rows: Responses<'a>,
    values: &'a [f64],
}

impl WithSimd for LeastAtEnd<'_> {
    type Output = f64;

    #[expect(clippy::float_cmp, reason = "ends of intervals are constants")]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> f64 {
        let Self { rows: Responses { y, support: Interval { lower, upper, .. } }, values } = self;
        let mut lanes = [f64::INFINITY; kernel::LANES];
        let at_end = |y: f64, value: f64| if y == lower || y == upper { value } else { f64::INFINITY };
        let (ys, chunks) = (y.chunks_exact(kernel::LANES), values.chunks_exact(kernel::LANES));
        let rest = ys.remainder().iter().zip(chunks.remainder());
        let least = rest.fold(f64::INFINITY, |least, (y, value)| least.min(at_end(*y, *value)));
        for (y, values) in ys.zip(chunks) {
            for lane in 0..kernel::LANES {
                let value = at_end(y[lane], values[lane]);
                lanes[lane] = if value < lanes[lane] { value } else { lanes[lane] };
            }
        }
        lanes.into_iter().fold(least, f64::min)
    }
}

impl Merge for Pearson {
    fn merge(&mut self, other: Self) {
        self.chi_square += other.chi_square;
        self.least_at_end = self.least_at_end.min(other.least_at_end);
    }
}

#[cfg(test)]
mod tests {
    use super::{Pearson, Responses};
    use crate::Interval;

    #[test]
    fn rows_of_weight_zero_and_inner_rows_are_no_ends() {
        let y = [0.0, 0.5, 1.0, 0.0, 1.0, 0.0, 1.0, 0.25, 0.0, 1.0];
        let slope = [0.5, 0.1, -0.5, 0.0, -0.4, 0.5, -0.2, 0.0, 0.4, -0.1];
        let curvature = [0.25, 0.25, 0.25, 0.0, 0.16, 0.25, 0.2, 0.25, 0.16, 0.05];
        let weights = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        let rows = Responses { y: &y, support: Interval::UNIT_CLOSED };
        let pearson = Pearson::NONE.with(rows, &weights, (&slope, &curvature), &mut [0.0; 10]);
        assert!((pearson.chi_square - (1.0 + 0.04 + 1.0 + 1.0 + 1.0 + 0.2 + 1.0 + 0.2)).abs() < 1e-14, "{pearson:?}");
        assert!((pearson.least_at_end - 0.2).abs() < 1e-15, "{pearson:?}");
        let pearson = pearson.with(rows, &[], (&slope, &curvature), &mut [0.0; 10]);
        assert!(pearson.least_at_end.abs() < 1e-300, "a row that is certain: {pearson:?}");
    }
}

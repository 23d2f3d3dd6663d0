//! The scores of an ordinal model's rows, from which the robust covariance of a sample is made.

use std::ops::Range;

use glm_core::{Objective, Order, Response, Units, Work};

use super::Ordinal;
use crate::sandwich::Scores;

impl Ordinal<'_> {
    /// One column per parameter: `slope_c` for `θ_c`, and `−(Σ_c slope_c) xⱼ` for `βⱼ`.
    pub(super) fn scores(&self, params: &[f64], rows: Range<usize>) -> Scores {
        let (m, q, mut work) = (rows.len(), self.n_thresholds(), Work::new());
        let cuts = self.cuts(params, self.offset.get(rows.clone()), rows.clone(), &mut work);
        let (mut loss, mut slope, mut curvature) = (vec![0.0; m], vec![0.0; m * q], vec![0.0; m * q * (q + 1) / 2]);
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        self.response.units(&self.y[rows.clone()], &cuts, Order::Gradient, units);
        let times = self.weights.times(rows.clone());
        for slope in slope.chunks_exact_mut(m) {
            for ((slope, times), row) in slope.iter_mut().zip(&times).zip(rows.clone()) {
                *slope = if *times > 0.0 { *slope * self.weight(row) / times } else { 0.0 };
            }
        }
        let mut of_rows = vec![0.0; m * self.n_params()];
        let (of_thresholds, of_slopes) = of_rows.split_at_mut(m * q);
        self.design.dense(rows, of_slopes);
        for column in of_slopes.chunks_exact_mut(m) {
            for (i, x) in column.iter_mut().enumerate() {
                *x *= -slope.iter().skip(i).step_by(m).sum::<f64>();
            }
        }
        of_thresholds.copy_from_slice(&slope);
        Scores { of_rows, times }
    }
}

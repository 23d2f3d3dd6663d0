//! The top block, where a network is a GLM on its last features: always in double precision, and sum for sum what
//! `glm_core::accumulate` does on a dense design, so that a network with no hidden layer equals a GLM bit for bit.

use glm_core::{BLOCK, Order, Units, kernel};

use crate::rows::Rows;
use crate::{Block, Data, Output, Storage};

/// Buffers of the top, for one block of rows.
#[derive(Debug)]
pub(crate) struct Top<S> {
    wide: Vec<f64>,
    params: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    eta: Vec<f64>,
    loss: Vec<f64>,
    slope: Vec<f64>,
    delta: Vec<S>,
}

/// What a block of rows adds up to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Total {
    /// Half the deviance, weighted.
    pub(crate) loss: f64,
    /// The prior weights.
    pub(crate) weight: f64,
}

impl<S: Storage> Top<S> {
    pub(crate) fn new(block: Block, rows: usize) -> Self {
        Self {
            wide: vec![0.0; rows * (block.inputs + 1)],
            params: vec![0.0; block.n_params()],
            y: vec![0.0; rows],
            weights: vec![0.0; rows],
            eta: vec![0.0; rows * block.outputs],
            loss: vec![0.0; rows],
            slope: vec![0.0; rows * block.outputs],
            delta: vec![S::default(); rows * block.outputs],
        }
    }

    /// The linear predictors of the rows: offset, then intercept, then one feature after the other.
    pub(crate) fn linear_predictors(
        &mut self,
        block: Block,
        params: &[S],
        x: &[S],
        offset: &[f64],
        rows: &Rows<'_>,
    ) -> &[f64] {
        let (m, height) = (rows.len(), block.inputs + 1);
        let n = offset.len() / block.outputs;
        let wide = S::widen(&x[m..m * height], &mut self.wide);
        let params = S::widen(params, &mut self.params);
        let eta = &mut self.eta[..m * block.outputs];
        for (k, (eta, params)) in eta.chunks_exact_mut(m).zip(params.chunks_exact(height)).enumerate() {
            match offset.get(k * n..(k + 1) * n).filter(|offset| !offset.is_empty()) {
                Some(offset) => rows.gather(offset, eta),
                None => eta.fill(0.0),
            }
            eta.iter_mut().for_each(|eta| *eta += params[0]);
            for (column, param) in wide.chunks_exact(m).zip(&params[1..]) {
                kernel::axpy(*param, column, eta);
            }
        }
        &self.eta[..m * block.outputs]
    }

    /// Loss and slope of the rows at the linear predictors found before, times the prior weights.
    pub(crate) fn units(&mut self, output: &Output, data: &Data<'_>, rows: &Rows<'_>, order: Order) -> Total {
        let (m, n) = (rows.len(), data.n_rows());
        let mut total = Total { loss: 0.0, weight: row_count(m) };
        if !data.weights().is_empty() {
            rows.gather(data.weights(), &mut self.weights[..m]);
            total.weight = kernel::sum(&self.weights[..m]);
        }
        let width = m * output.response().n_predictors();
        let columns = self.eta.chunks_exact(width).zip(self.slope.chunks_exact_mut(width));
        for (y, (eta, slope)) in data.y().chunks_exact(n).zip(columns) {
            let (column, loss) = (&mut self.y[..m], &mut self.loss[..m]);
            rows.gather(y, column);
            let units = Units { loss: &mut *loss, slope: &mut *slope, curvature: &mut [] };
            output.response().units(column, eta, order, units);
            if !data.weights().is_empty() {
                let weights = &self.weights[..m];
                multiply_weights(weights, loss);
                slope.chunks_exact_mut(m).for_each(|slope| multiply_weights(weights, slope));
            }
            total.loss += kernel::sum(loss);
        }
        total
    }

    /// Adds ∂loss/∂params to `gradient` and writes ∂loss/∂x over `dx`, unless that is empty.
    pub(crate) fn backward(&mut self, block: Block, params: &[S], x: &[S], dx: &mut [S], gradient: &mut [S]) {
        let height = block.inputs + 1;
        let m = x.len() / height;
        let wide = S::widen(&x[m..], &mut self.wide);
        let slope = &self.slope[..m * block.outputs];
        for (slope, gradient) in slope.chunks_exact(m).zip(gradient.chunks_exact_mut(height)) {
            gradient[0] += S::from_f64(kernel::sum(slope));
            for (column, gradient) in wide.chunks_exact(m).zip(&mut gradient[1..]) {
                *gradient += S::from_f64(kernel::dot(column, slope));
            }
        }
        if !dx.is_empty() {
            let delta = &mut self.delta[..m * block.outputs];
            for (delta, slope) in delta.iter_mut().zip(slope) {
                *delta = S::from_f64(*slope);
            }
            kernel::multiply_by_transpose(dx, false, delta, params, (m, block.outputs, height));
        }
    }
}

/// Rows of weight zero are absent, so that 0·∞ does not arise.
fn multiply_weights(weights: &[f64], column: &mut [f64]) {
    for (value, weight) in column.iter_mut().zip(weights) {
        *value = if *weight > 0.0 { *value * weight } else { 0.0 };
    }
}

#[expect(clippy::cast_precision_loss, reason = "row counts are below 2^53")]
fn row_count(rows: usize) -> f64 {
    debug_assert!(rows <= BLOCK, "a block of {rows} rows");
    rows as f64
}

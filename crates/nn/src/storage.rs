//! The storages that a network can be trained in: `f32` and `f64`.

use glm_core::Scalar;

use crate::{AnyLayer, AnyOptimizer, Layer, Optimizer};

/// `f32` or `f64`, with the way from "in any storage" to "in this one".
pub trait Storage: Scalar {
    /// The layer in this storage.
    fn layer(layer: &dyn AnyLayer) -> &dyn Layer<Self>;

    /// The optimiser in this storage.
    fn optimizer(optimizer: &dyn AnyOptimizer) -> &dyn Optimizer<Self>;

    /// The values in double precision, exactly; in `buffer`, unless they are that already.
    fn widen<'a>(values: &'a [Self], buffer: &'a mut [f64]) -> &'a [f64];
}

impl Storage for f64 {
    fn layer(layer: &dyn AnyLayer) -> &dyn Layer<Self> {
        layer
    }
    fn optimizer(optimizer: &dyn AnyOptimizer) -> &dyn Optimizer<Self> {
        optimizer
    }
    fn widen<'a>(values: &'a [Self], _buffer: &'a mut [f64]) -> &'a [f64] {
        values
    }
}

impl Storage for f32 {
    fn layer(layer: &dyn AnyLayer) -> &dyn Layer<Self> {
        layer
    }
    fn optimizer(optimizer: &dyn AnyOptimizer) -> &dyn Optimizer<Self> {
        optimizer
    }
    fn widen<'a>(values: &'a [Self], buffer: &'a mut [f64]) -> &'a [f64] {
        let buffer = &mut buffer[..values.len()];
        for (wide, value) in buffer.iter_mut().zip(values) {
            *wide = f64::from(*value);
        }
        buffer
    }
}

//! A training step allocates nothing: ten epochs more make no allocation for each of their steps.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail where the test would")]

use std::alloc::System;

use glm_core::{Logit, Relu, Tanh, spec};
use nn::{Adam, AdamW, AnyOptimizer, BatchSize, Data, Network, RmsProp, Sgd, Storage, Training, Validation};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROWS: usize = 2500;

fn network(name: &str) -> Network {
    let network = Network::new(4, spec::response(name).unwrap()).unwrap().dropout(0.1).unwrap();
    let network = network.hidden(40, Relu).unwrap().hidden(33, Tanh).unwrap();
    network.dropout(0.2).unwrap().hidden(17, Logit).unwrap()
}

/// Allocations in so many epochs.
fn allocations<S: Storage>(name: &str, training: &Training, epochs: usize) -> usize {
    let x: Vec<f64> = (0..4 * ROWS).map(|i| (i * 7919 % 10_007) as f64 / 5000.0 - 1.0).collect();
    let y: Vec<f64> = (0..ROWS).map(|i| f64::from(u8::from(x[i] * x[ROWS + i] > 0.0))).collect();
    let weights = vec![2.0; ROWS];
    let data = Data::new(x.chunks_exact(ROWS), &y).unwrap().with_weights(&weights).unwrap();
    let (network, training) = (network(name), Training { epochs, l2: 1e-3, ..training.clone() });
    let region = Region::new(ALLOCATOR);
    network.train::<S>(&data, Validation::Split(0.3), &training, &mut ()).unwrap();
    let found = region.change();
    found.allocations + found.reallocations
}

fn check<S: Storage>(name: &str, training: &Training) {
    // The first run of a kind makes what its threads keep.
    allocations::<S>(name, training, 2);
    let (few, many) = (allocations::<S>(name, training, 2), allocations::<S>(name, training, 12));
    // Ten epochs more are ten steps more or many times that. What the threads' own queues allocate now and then, when one
    // thread is kept waiting, is not a step's.
    assert!(many < few + 10, "{few} allocations in 2 epochs, {many} in 12: {name}, {training:?}");
}

/// One test, so that no other allocates meanwhile; in a pool of threads, because work that is handed to one from outside
/// is queued on the heap.
#[test]
fn a_step_allocates_nothing() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    pool.install(|| {
        let optimizers: [std::sync::Arc<dyn AnyOptimizer>; 4] = [
            std::sync::Arc::new(Sgd { rate: 1e-3, momentum: 0.9, nesterov: true }),
            std::sync::Arc::new(RmsProp::new(1e-3)),
            std::sync::Arc::new(Adam::new(1e-3)),
            std::sync::Arc::new(AdamW::new(1e-3)),
        ];
        for (optimizer, batch_size) in optimizers.into_iter().zip([32, 100, 1300, ROWS].map(BatchSize::Rows)) {
            let training = Training { optimizer, batch_size, ..Training::default() };
            check::<f32>("binomial(logit)", &training);
            check::<f64>("binomial(logit)", &training);
            check::<f64>("softmax(2)", &training);
        }
    });
}

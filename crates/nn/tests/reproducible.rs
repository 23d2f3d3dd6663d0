//! Same data, settings and seed: same bytes, whatever the number of threads.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail where the test would")]

use glm_core::{Logit, Relu, spec};
use nn::{Adam, BatchSize, Data, EarlyStopping, Network, Storage, Trained, Training, Validation};

/// Enough rows for several lanes in a full batch and in the larger mini-batches.
const ROWS: usize = 3000;

fn train<S: Storage>(batch_size: BatchSize, seed: u64) -> Trained<S> {
    let x: Vec<f64> = (0..2 * ROWS).map(|i| (i * 7919 % 10_007) as f64 / 5000.0 - 1.0).collect();
    let y: Vec<f64> = (0..ROWS).map(|i| if x[i] * x[ROWS + i] > 0.0 { 1.0 } else { 0.0 }).collect();
    let data = Data::new(x.chunks_exact(ROWS), &y).unwrap();
    let network = Network::new(2, spec::response("binomial").unwrap()).unwrap().hidden(9, Relu).unwrap();
    let network = network.dropout(0.2).unwrap().hidden(5, Logit).unwrap().dropout(0.1).unwrap();
    let early_stopping = Some(EarlyStopping { patience: 2, min_delta: 0.0 });
    let training = Training { epochs: 4, batch_size, early_stopping, seed, ..Training::with(Adam::new(0.01)) };
    network.train(&data, Validation::Split(0.4), &training, &mut ()).unwrap()
}

fn on_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(run)
}

#[test]
fn one_thread_or_several() {
    for batch_size in [BatchSize::Full, BatchSize::Rows(1100), BatchSize::Rows(32)] {
        let one = on_threads(1, || train::<f32>(batch_size, 5));
        for threads in [2, 3] {
            let several = on_threads(threads, || train::<f32>(batch_size, 5));
            assert_eq!(one.params, several.params, "{batch_size:?} on {threads} threads");
            assert_eq!(one.history, several.history, "{batch_size:?} on {threads} threads");
        }
    }
}

#[test]
fn again_and_with_another_seed() {
    let first = train::<f64>(BatchSize::Rows(64), 1);
    let again = train::<f64>(BatchSize::Rows(64), 1);
    assert_eq!((&first.params, &first.history), (&again.params, &again.history));
    assert_ne!(first.params, train::<f64>(BatchSize::Rows(64), 2).params);
}

#[test]
fn predictions_do_not_depend_on_threads() {
    let trained = train::<f64>(BatchSize::Full, 1);
    let x: Vec<f64> = (0..2 * ROWS).map(|i| (i % 97) as f64 / 50.0).collect();
    let predict = || trained.predict(x.chunks_exact(ROWS), &[]).unwrap();
    assert_eq!(on_threads(1, predict), on_threads(2, predict));
}

//! Dropout keeps the mean, has the probability asked for, and draws the same mask from the same seed.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail where the test would")]

use glm_core::{Relu, spec};
use nn::{BatchSize, Data, Dropout, Initial, Layer, Network, Sgd, Trained, Training, Validation};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const WIDTH: usize = 50;
const ROWS: usize = 2000;

fn masked(probability: f64, seed: u64) -> Vec<f64> {
    let dropout = Dropout::new(WIDTH, probability).unwrap();
    let x = vec![1.0; ROWS * (WIDTH + 1)];
    let (mut out, mut tape) = (vec![0.0; ROWS * WIDTH], vec![0.0; ROWS * WIDTH]);
    dropout.forward_in_training(&[], &x, &mut out, &mut tape, &mut ChaCha8Rng::seed_from_u64(seed));
    out
}

#[test]
fn the_mean_is_kept() {
    for probability in [0.02, 0.25, 0.5, 0.9] {
        let out = masked(probability, 7);
        let n = out.len() as f64;
        let dropped = out.iter().filter(|value| **value <= 0.0).count() as f64 / n;
        let mean = out.iter().sum::<f64>() / n;
        // Four standard deviations of a share of n draws.
        let bound = 4.0 * (probability * (1.0 - probability) / n).sqrt();
        assert!((dropped - probability).abs() < bound, "{probability}: {dropped}");
        assert!((mean - 1.0).abs() < bound / (1.0 - probability), "{probability}: {mean}");
        let kept = out.iter().find(|value| **value > 0.0).unwrap();
        assert!((kept * (1.0 - probability) - 1.0).abs() < 1e-15, "{kept}");
    }
}

#[test]
fn the_same_seed_draws_the_same_mask() {
    assert_eq!(masked(0.3, 1), masked(0.3, 1));
    assert_ne!(masked(0.3, 1), masked(0.3, 2));
}

fn network(probability: f64) -> Network {
    let network = Network::new(3, spec::response("gaussian").unwrap()).unwrap();
    let network = network.dropout(probability).unwrap().hidden(8, Relu).unwrap();
    network.dropout(probability).unwrap()
}

fn train(probability: f64, seed: u64) -> Trained<f64> {
    let x: Vec<f64> = (0..3 * 40).map(|i| f64::from(i * 37 % 41) / 20.0 - 1.0).collect();
    let y: Vec<f64> = (0..40).map(|i| x[i] * x[40 + i]).collect();
    let data = Data::new(x.chunks_exact(40), &y).unwrap();
    let training = Training { epochs: 3, batch_size: BatchSize::Full, seed, ..Training::with(Sgd::new(0.1)) };
    let training = Training { initial: Initial::Given(Initial::He.params(&network(0.5), 1).unwrap()), ..training };
    network(probability).train(&data, Validation::None, &training, &mut ()).unwrap()
}

#[test]
fn every_layers_input_is_dropped_and_the_tops_too() {
    assert_eq!(network(0.5).layers().len(), 3);
    assert_eq!(network(0.0).layers().len(), 1);
    let names = |network: &Network| network.layers().iter().map(|layer| format!("{layer:?}")).collect::<String>();
    let found = names(&network(0.5));
    assert!(found.starts_with("Dropout") && found.ends_with('}') && found.matches("Dropout").count() == 2, "{found}");
}

#[test]
fn training_depends_on_the_seed_through_the_masks_alone() {
    assert_eq!(train(0.5, 3).params, train(0.5, 3).params);
    assert_ne!(train(0.5, 3).params, train(0.5, 4).params);
}

#[test]
fn predictions_drop_nothing() {
    let trained = train(0.5, 3);
    let bare = network(0.0).with_params(trained.params.clone()).unwrap();
    let x = [0.5, -0.25, 1.0];
    let columns = || x.chunks_exact(1);
    assert_eq!(trained.predict(columns(), &[]).unwrap(), bare.predict(columns(), &[]).unwrap());
}

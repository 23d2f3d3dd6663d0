//! Networks learn what a GLM cannot, and what a GLM can as well as it.

#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test may fail at its helpers, and its numbers are small or exact"
)]

use glm_core::{Expansion, Information, Objective, Order, Relu, Tanh, spec};
use nn::{
    Adam, BatchSize, Data, Dense, EarlyStopping, Epoch, Error, Initial, Layer, Network, Reduction, Sgd, Stopped,
    Training, Validation,
};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Features in [−1, 1)², and 1 where their signs differ.
fn exclusive_or(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let x: Vec<f64> = (0..2 * n).map(|_| f64::from(rand::Rng::next_u32(&mut rng)) / 2_147_483_648.0 - 1.0).collect();
    let y = (0..n).map(|i| if x[i] * x[n + i] < 0.0 { 1.0 } else { 0.0 }).collect();
    (x, y)
}

fn logistic(inputs: usize) -> Network {
    Network::new(inputs, spec::response("binomial").unwrap()).unwrap()
}

#[test]
fn exclusive_or_is_learned_by_a_network_and_not_by_a_glm() {
    let ((x, y), (new_x, new_y)) = (exclusive_or(400, 1), exclusive_or(400, 2));
    let data = Data::new(x.chunks_exact(400), &y).unwrap();
    let new = Data::new(new_x.chunks_exact(400), &new_y).unwrap();
    let training = Training { epochs: 150, ..Training::with(Adam::new(0.02)) };
    let glm = logistic(2).train::<f64>(&data, Validation::None, &training, &mut ()).unwrap();
    assert!(glm.loss(&new).unwrap() > 0.65, "the GLM cannot do better than ln 2: {}", glm.loss(&new).unwrap());
    let network = logistic(2).hidden(12, Tanh).unwrap();
    let double = network.train::<f64>(&data, Validation::None, &training, &mut ()).unwrap();
    let single = network.train::<f32>(&data, Validation::None, &training, &mut ()).unwrap();
    for loss in [double.loss(&new).unwrap(), single.loss(&new).unwrap()] {
        assert!(loss < 0.15, "the network's loss on new data: {loss}");
    }
    let mean = double.predict(new_x.chunks_exact(400), &[]).unwrap();
    let right = mean.iter().zip(&new_y).filter(|(mean, y)| (**mean > 0.5) == (**y > 0.5)).count();
    assert!(right > 376, "{right} of 400");
}

/// Gradient descent on a network without hidden layers reaches the maximum-likelihood estimate, which Newton's method on
/// the same objective's GLM finds.
#[test]
fn gradient_descent_reaches_the_estimate() {
    let (x, _) = exclusive_or(60, 3);
    let y: Vec<f64> = (0..60).map(|i| f64::from(u8::from(x[i] + 0.5 * x[60 + (i * 7) % 60] > 0.1))).collect();
    let data = Data::new(x.chunks_exact(60), &y).unwrap();
    let training = Training {
        epochs: 4000,
        batch_size: BatchSize::Full,
        initial: Initial::Zero,
        ..Training::with(Sgd { rate: 1.0, momentum: 0.9, nesterov: true })
    };
    let trained = logistic(2).train::<f64>(&data, Validation::None, &training, &mut ()).unwrap();
    let newton = newton(&data);
    for (found, expected) in trained.params.iter().zip(&newton) {
        assert!((found - expected).abs() < 1e-6 * expected.abs().max(1.0), "{:?} {newton:?}", trained.params);
    }
}

/// The maximum-likelihood estimate of a logistic regression, by Newton's method.
fn newton(data: &Data<'_>) -> Vec<f64> {
    let response = spec::response("binomial").unwrap();
    let p = data.n_features() + 1;
    let mut params = vec![0.0; p];
    for _ in 0..25 {
        let batch = glm_core::Batch { design: data.design(), y: data.y(), weights: &[], offset: &[] };
        let mut at = Expansion::zeros(Order::Observed, p);
        let (here, order, rows) = (glm_core::At::Params(&params), Order::Observed, 0..data.n_rows());
        glm_core::accumulate(&*response, batch, rows, here, order, &mut glm_core::Work::new(), &mut at);
        let Information::Gram(gram) = &at.information else { panic!("an observed information is a Gram") };
        let mut system: Vec<Vec<f64>> =
            (0..p).map(|i| (0..p).map(|j| gram.get(i.max(j), i.min(j))).collect()).collect();
        let mut step = at.gradient.clone();
        for i in 0..p {
            for j in i + 1..p {
                let factor = system[j][i] / system[i][i];
                let pivot = system[i].clone();
                system[j].iter_mut().zip(&pivot).for_each(|(value, pivot)| *value -= factor * pivot);
                step[j] -= factor * step[i];
            }
        }
        for i in (0..p).rev() {
            let known: f64 = (i + 1..p).map(|j| system[i][j] * step[j]).sum();
            step[i] = (step[i] - known) / system[i][i];
            params[i] -= step[i];
        }
    }
    params
}

/// The top of a network is a GLM on the hidden means: refitted as one, its part of the network's gradient vanishes.
#[test]
fn the_top_refitted_as_a_glm_has_no_gradient_left() {
    let (x, _) = exclusive_or(80, 4);
    let y: Vec<f64> = (0..80).map(|i| f64::from(u8::from(x[i] + x[(i * 7 + 3) % 80] > 0.2))).collect();
    let data = Data::new(x.chunks_exact(80), &y).unwrap();
    let network = logistic(2).hidden(3, Tanh).unwrap();
    let mut params = Initial::Uniform(1.0).params(&network, 5).unwrap();
    let layer = Dense::new(2, 3, Tanh).unwrap();
    let ones_and_x: Vec<f64> = vec![1.0; 80].into_iter().chain(x.iter().copied()).collect();
    let (mut hidden, mut tape) = (vec![0.0; 240], vec![0.0; 240]);
    layer.forward(&params[..9], &ones_and_x, &mut hidden, &mut tape);
    params[9..].copy_from_slice(&newton(&Data::new(hidden.chunks_exact(80), &y).unwrap()));
    let mut expansion = Expansion::zeros(Order::Gradient, params.len());
    network.objective(&data).unwrap().evaluate(&params, Order::Gradient, &mut expansion).unwrap();
    let (below, top) = expansion.gradient.split_at(9);
    assert!(top.iter().all(|slope| slope.abs() < 1e-12), "{top:?}");
    assert!(below.iter().any(|slope| slope.abs() > 1e-3), "{below:?}");
}

#[test]
fn early_stopping_goes_back_to_the_best_epoch() {
    let ((x, y), (new_x, new_y)) = (exclusive_or(40, 6), exclusive_or(200, 7));
    let data = Data::new(x.chunks_exact(40), &y).unwrap();
    let new = Data::new(new_x.chunks_exact(200), &new_y).unwrap();
    let early_stopping = Some(EarlyStopping { patience: 8, min_delta: 0.0 });
    let training = Training { epochs: 2000, early_stopping, ..Training::with(Adam::new(0.05)) };
    let mut seen = Vec::new();
    let mut observer = |epoch: &Epoch| seen.push(epoch.epoch);
    let network = logistic(2).hidden(30, Relu).unwrap();
    let trained = network.train::<f64>(&data, Validation::Data(&new), &training, &mut observer).unwrap();
    assert_eq!(trained.stopped, Stopped::Patience);
    assert_eq!(trained.epochs_run, trained.best_epoch + 8);
    assert_eq!(trained.history.epochs.len(), trained.epochs_run);
    assert_eq!(seen, (1..=trained.epochs_run).collect::<Vec<_>>());
    let losses: Vec<f64> = trained.history.validation_losses().collect();
    let best = losses[trained.best_epoch - 1];
    assert!(losses.iter().all(|loss| *loss >= best), "{losses:?}");
    assert_eq!(trained.loss(&new).unwrap(), best);
}

#[test]
fn a_penalty_shrinks_weights_and_not_intercepts() {
    let (x, _) = exclusive_or(50, 8);
    let y: Vec<f64> = x[..50].iter().map(|x| 10.0 + x).collect();
    let data = Data::new(x.chunks_exact(50), &y).unwrap();
    let line = Network::new(2, spec::response("gaussian").unwrap()).unwrap();
    let fit = |l2: f64| {
        let training = Training { epochs: 3000, l2, batch_size: BatchSize::Full, ..Training::with(Sgd::new(0.2)) };
        line.train::<f64>(&data, Validation::None, &training, &mut ()).unwrap()
    };
    let (free, shrunk) = (fit(0.0), fit(4.0));
    assert!((free.params[0] - 10.0).abs() < 1e-10 && (free.params[1] - 1.0).abs() < 1e-10, "{:?}", free.params);
    assert!((shrunk.params[0] - 10.0).abs() < 0.2 && shrunk.params[1] < 0.1, "{:?}", shrunk.params);
    let squares: f64 = shrunk.params[1..].iter().map(|weight| weight * weight).sum();
    assert!((shrunk.history.last().unwrap().penalty - 2.0 * squares).abs() < 1e-15);
    assert_eq!(free.history.last().unwrap().penalty, 0.0);
}

#[test]
fn a_sum_at_a_small_rate_is_a_mean_at_a_large_one() {
    let (x, y) = exclusive_or(64, 9);
    let data = Data::new(x.chunks_exact(64), &y).unwrap();
    let fit = |reduction, rate| {
        let training = Training { reduction, batch_size: BatchSize::Rows(16), ..Training::with(Sgd::new(rate)) };
        logistic(2).train::<f64>(&data, Validation::None, &training, &mut ()).unwrap().params
    };
    let (sum, mean) = (fit(Reduction::Sum, 0.01), fit(Reduction::Mean, 0.16));
    assert!(sum.iter().zip(&mean).all(|(sum, mean)| (sum - mean).abs() < 1e-14), "{sum:?} {mean:?}");
}

#[test]
fn the_last_batch_is_short_and_is_divided_by_its_own_weight() {
    let (x, y) = ([1.0, 1.0, 1.0], [0.0, 0.0, 6.0]);
    let data = Data::new([&x[..]], &y).unwrap().with_weights(&[1.0, 3.0, 0.5]).unwrap();
    let line = Network::new(1, spec::response("gaussian").unwrap()).unwrap();
    let training = Training {
        epochs: 1,
        shuffle: false,
        batch_size: BatchSize::Rows(2),
        initial: Initial::Zero,
        ..Training::with(Sgd::new(0.25))
    };
    let trained = line.train::<f64>(&data, Validation::None, &training, &mut ()).unwrap();
    // The first batch is fitted exactly; the second has mean slope −6.
    assert_eq!(trained.params, [1.5, 1.5]);
    assert_eq!(trained.history.epochs[0].training_loss, 0.5 * 36.0 * 0.5 / 4.5);
}

#[test]
fn nothing_is_lost_when_training_diverges() {
    let (x, _) = exclusive_or(30, 10);
    let y: Vec<f64> = x[..30].iter().map(|x| 3.0 * x).collect();
    let data = Data::new(x.chunks_exact(30), &y).unwrap();
    let line = Network::new(2, spec::response("gaussian").unwrap()).unwrap();
    let training = Training { epochs: 5000, batch_size: BatchSize::Full, ..Training::with(Sgd::new(10.0)) };
    for validation in [Validation::None, Validation::Split(0.3)] {
        match line.train::<f32>(&data, validation, &training, &mut ()) {
            Err(Error::Diverged { epoch, best }) => {
                assert!(epoch > 1 && best.epochs_run == epoch, "{epoch} {}", best.epochs_run);
                assert_eq!((best.stopped, best.best_epoch), (Stopped::Diverged, 1));
                assert!(best.loss(&data).unwrap() < 1e4, "{}", best.loss(&data).unwrap());
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn named_losses() {
    let (x, y) = ([1.0, 2.0], [3.0, 5.5]);
    let data = Data::new([&x[..]], &y).unwrap().with_weights(&[3.0, 1.0]).unwrap();
    let line = Network::new(1, spec::response("gaussian").unwrap()).unwrap().with_params(vec![1.0, 2.0]).unwrap();
    assert_eq!((line.mean_squared_error(&data).unwrap(), line.loss(&data).unwrap()), (0.0625, 0.03125));
    let share = [0.25, 1.0];
    let data = Data::new([&x[..]], &share).unwrap();
    let even = logistic(1).with_params(vec![0.0, 0.0]).unwrap();
    assert!((even.cross_entropy(&data).unwrap() - 2.0_f64.ln()).abs() < 1e-15);
    assert!(even.loss(&data).unwrap() < 0.5);
}

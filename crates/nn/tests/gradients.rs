//! Backpropagation equals finite differences, through whole networks and through a dropout mask that is held fixed.

use glm_core::{Logit, Relu, Scalar, Softplus, Tanh, spec};
use nn::{Data, Dropout, Initial, Layer, Network, Output, Recorded, Shape, laws};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const ROWS: usize = 23;

fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n).map(|_| f64::from(rand::Rng::next_u32(&mut rng)) / f64::from(u32::MAX)).collect()
}

/// A mask that stays what it was on the first draw: dropout as a deterministic layer.
#[derive(Debug)]
struct Fixed(Dropout, u64);

impl<S: Scalar> Layer<S> for Fixed {
    fn shape(&self) -> Shape {
        Layer::<S>::shape(&self.0)
    }
    fn forward(&self, params: &[S], x: &[S], out: &mut [S], tape: &mut [S]) {
        self.0.forward_in_training(params, x, out, tape, &mut ChaCha8Rng::seed_from_u64(self.1));
    }
    fn backward(&self, at: Recorded<'_, S>, delta: &mut [S], dx: &mut [S], gradient: &mut [S]) {
        self.0.backward(at, delta, dx, gradient);
    }
}

#[test]
fn tanh_dropout_relu_and_a_response() {
    let (x, weights) = (numbers(3 * ROWS, 1), numbers(ROWS, 2));
    for (name, classes, q) in [("binomial(logit)", 2.0, 1), ("softmax(3)", 3.0, 3), ("poisson(log)", 5.0, 1)] {
        let y: Vec<f64> = numbers(ROWS, 3).iter().map(|u| (classes * u).floor().min(classes - 1.0)).collect();
        let offset = numbers(ROWS * q, 4);
        let data = Data::new(x.chunks_exact(ROWS), &y).unwrap();
        let data = data.with_weights(&weights).unwrap().with_offset(&offset).unwrap();
        let network = Network::new(3, spec::response(name).unwrap()).unwrap();
        let network = network.hidden(6, Tanh).unwrap().layer(Fixed(Dropout::new(6, 0.3).unwrap(), 5)).unwrap();
        let network = network.hidden(5, Relu).unwrap();
        let params = Initial::Uniform(0.7).params(&network, 6).unwrap();
        laws::gradient(&network.objective(&data).unwrap(), &params);
    }
}

#[test]
fn several_blocks_of_rows_and_several_responses() {
    let rows = 512 + 90;
    let x = numbers(2 * rows, 7);
    let y = numbers(2 * rows, 8);
    let data = Data::new(x.chunks_exact(rows), &y).unwrap();
    let output = Output::side_by_side(spec::response("gaussian(identity)").unwrap(), 2).unwrap();
    let network = Network::with_output(2, output).unwrap().hidden(4, Softplus).unwrap().hidden(3, Logit).unwrap();
    let params = Initial::Uniform(1.0).params(&network, 9).unwrap();
    laws::gradient(&network.objective(&data).unwrap(), &params);
}

#[test]
fn sensitivity_is_the_derivative_in_the_features() {
    let (mut x, y) = (numbers(2 * ROWS, 10), numbers(ROWS, 11));
    let network = Network::new(2, spec::response("binomial(logit)").unwrap()).unwrap();
    let network = network.layer(Fixed(Dropout::new(2, 0.2).unwrap(), 12)).unwrap().hidden(5, Tanh).unwrap();
    let params = Initial::Uniform(1.0).params(&network, 13).unwrap();
    let trained = network.with_params(params.clone()).unwrap();
    let found = network.sensitivity(&params, &Data::new(x.chunks_exact(ROWS), &y).unwrap()).unwrap();
    for index in 0..x.len() {
        let start = x[index];
        let mut loss = |value: f64| {
            x[index] = value;
            ROWS as f64 * trained.loss(&Data::new(x.chunks_exact(ROWS), &y).unwrap()).unwrap()
        };
        let difference = (loss(start + 1e-5) - loss(start - 1e-5)) / 2e-5;
        x[index] = start;
        assert!((found[index] - difference).abs() < 1e-8, "{index}: {} {difference}", found[index]);
    }
}

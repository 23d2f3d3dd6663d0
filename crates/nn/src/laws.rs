//! The public conformance kit: what every layer, output and optimiser must obey, yours included. Each function panics,
//! with the place and the numbers, where its law is broken.

use glm_core::{Expansion, Objective, Order};
use rand_chacha::ChaCha8Rng;

use crate::random::{Draw, generator, uniform};
use crate::{AnyOptimizer, Block, Data, Layer, Network, Output, Recorded, Storage};

/// Rows that a layer is tried on.
const ROWS: usize = 5;

/// Step of a central difference; its error is about 1e-10 for functions and arguments of order one.
const STEP: f64 = 1e-5;

/// Relative agreement asked for.
const TOLERANCE: f64 = 2e-6;

/// A layer's pull-back is the derivative of its forward pass, outside training and, for the same draws, in it; gradients
/// are added to, and an empty `dx` changes nothing else.
///
/// Features and parameters are drawn from U(−1, 1). A kink within 1e-5 of a linear predictor would break the law by
/// chance; change the seed then.
///
/// ```
/// nn::laws::layer(&nn::Dense::new(3, 2, glm_core::Tanh)?, 1);
/// # Ok::<(), nn::Error>(())
/// ```
///
/// # Panics
///
/// Where the law is broken.
pub fn layer(layer: &dyn Layer<f64>, seed: u64) {
    for training in [false, true] {
        let mut trial = Trial::new(layer, seed, training);
        let (gradient, dx) = trial.backward();
        let started = 0.25;
        for (index, found) in gradient.iter().enumerate() {
            let place = format!("parameter {index} (training: {training})");
            compare(*found - started, trial.difference(|trial| &mut trial.params[index]), &place);
        }
        for (index, found) in dx.iter().enumerate().skip(ROWS) {
            let place = format!("feature {} of row {} (training: {training})", index / ROWS - 1, index % ROWS);
            compare(*found, trial.difference(|trial| &mut trial.x[index]), &place);
        }
        let mut alone = vec![started; trial.params.len()];
        trial.pull_back(&mut [], &mut alone);
        assert!(alone == gradient, "the gradient depends on whether ∂loss/∂x is wanted");
    }
}

/// A layer at random features and parameters, under the loss Σ delta∘out.
struct Trial<'a> {
    layer: &'a dyn Layer<f64>,
    params: Vec<f64>,
    x: Vec<f64>,
    out: Vec<f64>,
    tape: Vec<f64>,
    delta: Vec<f64>,
    rng: Option<ChaCha8Rng>,
}

impl<'a> Trial<'a> {
    fn new(layer: &'a dyn Layer<f64>, seed: u64, training: bool) -> Self {
        let mut rng = generator(seed, Draw::Initial { block: 0 });
        let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| 2.0 * uniform(&mut rng) - 1.0).collect() };
        let shape = layer.shape();
        let mut x = draw(ROWS * (shape.inputs + 1));
        x[..ROWS].fill(1.0);
        let params = draw(layer.blocks().into_iter().map(Block::n_params).sum());
        let (out, tape) = (vec![0.0; ROWS * shape.outputs], vec![0.0; ROWS * shape.tape]);
        let delta = draw(ROWS * shape.outputs);
        Self { layer, params, x, out, tape, delta, rng: training.then_some(rng) }
    }

    fn loss(&mut self) -> f64 {
        match self.rng.clone() {
            None => self.layer.forward(&self.params, &self.x, &mut self.out, &mut self.tape),
            Some(mut rng) => {
                let (out, tape) = (&mut self.out, &mut self.tape);
                self.layer.forward_in_training(&self.params, &self.x, out, tape, &mut rng);
            }
        }
        self.out.iter().zip(&self.delta).map(|(out, delta)| out * delta).sum()
    }

    fn backward(&mut self) -> (Vec<f64>, Vec<f64>) {
        let (mut gradient, mut dx) = (vec![0.25; self.params.len()], vec![f64::NAN; self.x.len()]);
        self.pull_back(&mut dx, &mut gradient);
        (gradient, dx)
    }

    fn pull_back(&mut self, dx: &mut [f64], gradient: &mut [f64]) {
        self.loss();
        let at = Recorded { params: &self.params, x: &self.x, out: &self.out, tape: &self.tape };
        self.layer.backward(at, &mut self.delta.clone(), dx, gradient);
    }

    fn difference(&mut self, value: impl Fn(&mut Self) -> &mut f64) -> f64 {
        let start = *value(self);
        *value(self) = start + STEP;
        let above = self.loss();
        *value(self) = start - STEP;
        let below = self.loss();
        *value(self) = start;
        (above - below) / (2.0 * STEP)
    }
}

fn compare(found: f64, expected: f64, place: &str) {
    let close = (found - expected).abs() <= TOLERANCE * expected.abs().max(1.0);
    assert!(close, "{place}: backward says {found}, a difference of forward passes {expected}");
}

/// The gradient of an objective is the derivative of its loss.
///
/// # Panics
///
/// Where the law is broken, or the objective cannot be evaluated.
pub fn gradient(objective: &dyn Objective, params: &[f64]) {
    let evaluate = |params: &[f64], order: Order| {
        let mut expansion = Expansion::zeros(order, params.len());
        let done = objective.evaluate(params, order, &mut expansion);
        assert!(done.is_ok(), "the objective cannot be evaluated: {done:?}");
        expansion
    };
    let at = evaluate(params, Order::Gradient);
    let scale = at.gradient.iter().fold(1.0, |scale: f64, slope| scale.max(slope.abs()));
    let mut moved = params.to_vec();
    for (index, slope) in at.gradient.iter().enumerate() {
        let mut loss = |step: f64| {
            moved[index] = params[index] + step;
            let loss = evaluate(&moved, Order::Loss).loss;
            moved[index] = params[index];
            loss
        };
        let difference = (loss(STEP) - loss(-STEP)) / (2.0 * STEP);
        compare(slope / scale, difference / scale, &format!("parameter {index}"));
    }
}

/// An output's slope is the derivative of its loss at these responses, `y` being n×columns.
///
/// ```
/// let output = nn::Output::new(glm_core::spec::response("poisson(log)")?);
/// nn::laws::output(&output, &[0.0, 1.0, 7.0]);
/// # Ok::<(), nn::Error>(())
/// ```
///
/// # Panics
///
/// Where the law is broken, or the responses are not possible.
pub fn output(output: &Output, y: &[f64]) {
    let n = y.len() / output.columns();
    let mut rng = generator(0, Draw::Initial { block: 0 });
    let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| 0.25 + 0.5 * uniform(&mut rng)).collect() };
    let (x, params) = (draw(n), draw(2 * output.n_predictors()));
    let data = Data::new([&x[..]], y);
    let network = Network::with_output(1, output.clone());
    let (Ok(data), Ok(network)) = (data, network) else { panic!("y is not n×columns of finite values") };
    let objective = network.objective(&data);
    match objective {
        Ok(objective) => gradient(&objective, &params),
        Err(error) => panic!("{error}"),
    }
}

/// An optimiser brings the loss of a quadratic bowl below a hundredth of where it began within `steps` steps, in either
/// storage, and remembers nothing from one beginning to the next.
///
/// ```
/// nn::laws::optimizer(&nn::Sgd::new(0.1), 200);
/// ```
///
/// # Panics
///
/// Where the law is broken.
pub fn optimizer(optimizer: &dyn AnyOptimizer, steps: usize) {
    let wide = descend::<f64>(optimizer, steps);
    assert!(wide == descend::<f64>(optimizer, steps), "{optimizer:?} remembers an earlier beginning");
    for (storage, end) in [("f64", wide), ("f32", descend::<f32>(optimizer, steps))] {
        let (first, last) = (bowl(&vec![0.0; CENTRE.len()]), bowl(&end));
        assert!(last < 0.01 * first, "{optimizer:?} in {storage}: the loss went from {first} to {last}");
    }
}

const CENTRE: [f64; 4] = [1.0, -0.5, 0.25, -1.0];
const CURVATURE: [f64; 4] = [1.0, 0.5, 2.0, 0.25];

fn bowl(at: &[f64]) -> f64 {
    let terms = at.iter().zip(CENTRE).zip(CURVATURE);
    terms.map(|((at, centre), curvature)| 0.5 * curvature * (at - centre) * (at - centre)).sum()
}

fn descend<S: Storage>(optimizer: &dyn AnyOptimizer, steps: usize) -> Vec<f64> {
    let mut run = S::optimizer(optimizer).begin(CENTRE.len());
    let mut params = vec![S::default(); CENTRE.len()];
    for _ in 0..steps {
        let terms = params.iter().zip(CENTRE).zip(CURVATURE);
        let slope = terms.map(|((param, centre), curvature)| S::from_f64(curvature * (param.to_f64() - centre)));
        let gradient: Vec<S> = slope.collect();
        run.step(&mut params, &gradient);
    }
    params.into_iter().map(|param| param.to_f64()).collect()
}

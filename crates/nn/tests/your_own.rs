//! A layer, an optimiser and an observer of one's own, by the public names alone.

use std::ops::ControlFlow;

use glm_core::{Scalar, Tanh, spec};
use nn::{BatchSize, Validation, laws};
use nn::{Block, Data, Epoch, Error, Layer, Network, Observer, Optimizer, Recorded, Shape, Steps, Stopped, Training};

/// Each feature times a factor of its own, plus a shift of its own: p GLMs of one feature each.
#[derive(Debug)]
struct Scaling(usize);

impl<S: Scalar> Layer<S> for Scaling {
    fn shape(&self) -> Shape {
        Shape { inputs: self.0, outputs: self.0, tape: 0 }
    }
    fn blocks(&self) -> Vec<Block> {
        vec![Block { inputs: 1, outputs: 1 }; self.0]
    }
    fn forward(&self, params: &[S], x: &[S], out: &mut [S], _tape: &mut [S]) {
        let m = out.len() / self.0;
        let columns = out.chunks_exact_mut(m).zip(x[m..].chunks_exact(m));
        for ((out, x), param) in columns.zip(params.chunks_exact(2)) {
            out.iter_mut().zip(x).for_each(|(out, x)| *out = param[0] + param[1] * *x);
        }
    }
    fn backward(&self, at: Recorded<'_, S>, delta: &mut [S], dx: &mut [S], gradient: &mut [S]) {
        let m = delta.len() / self.0;
        for (column, delta) in delta.chunks_exact(m).enumerate() {
            let x = &at.x[(column + 1) * m..(column + 2) * m];
            gradient[2 * column] += glm_core::kernel::sum(delta);
            gradient[2 * column + 1] += glm_core::kernel::dot(x, delta);
            if let Some(dx) = dx.get_mut((column + 1) * m..(column + 2) * m) {
                dx.iter_mut().zip(delta).for_each(|(dx, delta)| *dx = at.params[2 * column + 1] * *delta);
            }
        }
    }
}

/// Steps of a fixed size against the sign of the gradient, ever smaller.
#[derive(Debug, Clone, Copy)]
struct SignDescent(f64);

impl<S: Scalar> Optimizer<S> for SignDescent {
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
    fn begin(&self, _n_params: usize) -> Box<dyn Steps<S>> {
        Box::new(*self)
    }
}

impl<S: Scalar> Steps<S> for SignDescent {
    fn step(&mut self, params: &mut [S], gradient: &[S]) {
        self.0 *= 0.99;
        for (param, slope) in params.iter_mut().zip(gradient) {
            *param -= S::from_f64(self.0 * slope.to_f64().signum());
        }
    }
}

/// Has seen enough when the loss is low enough.
struct Enough(f64);

impl Observer for Enough {
    fn observe(&mut self, epoch: &Epoch) -> ControlFlow<()> {
        if epoch.training_loss < self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn they_obey_the_laws() {
    laws::layer(&Scaling(3), 1);
    laws::optimizer(&SignDescent(0.1), 500);
}

#[test]
fn they_train() {
    let x: Vec<f64> = (0..80).map(|i| f64::from(i % 17) / 8.0 - 1.0).collect();
    let y: Vec<f64> = x[..40].iter().map(|x| (2.0 * x).tanh()).collect();
    let data = Data::new(x.chunks_exact(40), &y).unwrap();
    let network = Network::new(2, spec::response("gaussian").unwrap()).unwrap().layer(Scaling(2)).unwrap();
    let network = network.hidden(4, Tanh).unwrap();
    assert_eq!(network.n_params(), 4 + 12 + 5);
    let training = Training { epochs: 5000, batch_size: BatchSize::Full, ..Training::with(SignDescent(0.05)) };
    let trained = network.train::<f32>(&data, Validation::None, &training, &mut Enough(0.02)).unwrap();
    assert_eq!(trained.stopped, Stopped::Observer);
    // The loss that was low enough is that before the last step.
    assert!(trained.loss(&data).unwrap() < 0.1, "{:?}", trained.history.last());
}

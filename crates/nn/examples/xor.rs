//! Exclusive or: a regression cannot learn it, and the same regression with a hidden layer can.
//!
//! `cargo run -p nn --example xor`

use std::error::Error;

use glm_core::{Tanh, spec};
use nn::{Adam, BatchSize, Data, Epoch, Network, Training, Validation};

fn main() -> Result<(), Box<dyn Error>> {
    let x = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0]; // two columns of four rows
    let y = [0.0, 1.0, 1.0, 0.0];
    let data = Data::new(x.chunks_exact(4), &y)?;
    let training = Training { epochs: 400, batch_size: BatchSize::Full, seed: 1, ..Training::with(Adam::new(0.05)) };

    let regression = Network::new(2, spec::response("binomial(logit)")?)?;
    let network = regression.clone().hidden(4, Tanh)?;
    for (name, network) in [("logistic regression", regression), ("with four hidden GLMs", network)] {
        let mut progress = |epoch: &Epoch| {
            if epoch.epoch.is_multiple_of(100) {
                report(&format!("{name}, epoch {}: loss {:.4}", epoch.epoch, epoch.training_loss));
            }
        };
        let trained = network.train::<f64>(&data, Validation::None, &training, &mut progress)?;
        report(&format!("{name}: {:.3?}", trained.predict(x.chunks_exact(4), &[])?));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a program, whose output is its purpose")]
fn report(line: &str) {
    println!("{line}");
}

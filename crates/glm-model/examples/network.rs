//! The third rung: the growth of chicks on four diets, by a regression, by a network, and by a network on top of the
//! regression. Nothing but the specification changes.

use std::error::Error;
use std::path::Path;

use glm_model::{Frame, ModelSpec, ReadOptions, Training};

#[expect(clippy::print_stdout, reason = "an example shows what it finds")]
fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/data/chickweight.csv");
    let frame = Frame::read(&file, &ReadOptions::default())?;
    let regression = ModelSpec::new("weight ~ Time + factor(Diet)").family("gamma").link("log");
    let training = Training { epochs: 300, rate: 5e-3, seed: 1, ..Training::default() };
    let network = regression.clone().hidden([16]).activation("tanh").training(training);
    let both = network.clone().nest(&regression.fit(&frame)?)?;
    for (name, spec) in [("regression", regression), ("network", network), ("network on regression", both)] {
        let model = spec.fit(&frame)?;
        let scores = model.evaluate(&frame)?;
        let (deviance, rmse) = (scores.deviance.unwrap_or(f64::NAN), scores.rmse.unwrap_or(f64::NAN));
        println!("{name:22} deviance {deviance:.2}, root mean squared error {rmse:.1} g on its own rows");
    }
    Ok(())
}

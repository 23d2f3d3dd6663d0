//! The third rung: diabetes among Pima women, by a regression, by a network, and by a network on top of the regression.
//! Nothing but the specification changes.

use std::error::Error;
use std::path::Path;

use glm_model::{Frame, ModelSpec, ReadOptions, Training};

#[expect(clippy::print_stdout, reason = "an example shows what it finds")]
fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/data/pima_tr.csv");
    let frame = Frame::read(&file, &ReadOptions::default())?;
    let regression = ModelSpec::new("type ~ npreg + glu + bp + skin + bmi + ped + age").family("binomial");
    let training = Training { epochs: 60, rate: 2e-3, l2: 1e-2, seed: 1, ..Training::default() };
    let network = regression.clone().hidden([16, 8]).activation("tanh").training(training);
    let both = network.clone().nest(&regression.fit(&frame)?)?;
    for (name, spec) in [("regression", regression), ("network", network), ("network on regression", both)] {
        let model = spec.fit(&frame)?;
        let scores = model.evaluate(&frame)?;
        let (auc, log_loss) = (scores.auc.unwrap_or(f64::NAN), scores.log_loss.unwrap_or(f64::NAN));
        println!("{name:22} AUC {auc:.3}, log-loss {log_loss:.3} on its own rows");
    }
    Ok(())
}

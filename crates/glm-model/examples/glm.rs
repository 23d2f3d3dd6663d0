//! The second rung: claims of car insurance, a Poisson regression with an exposure, saved and loaded.

use std::error::Error;
use std::path::Path;

use glm_model::{Frame, Model, ModelSpec, ReadOptions};

#[expect(clippy::print_stdout, reason = "an example shows what it finds")]
fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/data/insurance.csv");
    let frame = Frame::read(&file, &ReadOptions::default())?;
    let spec = ModelSpec::new("Claims ~ factor(District) + Group + Age").family("poisson").exposure("Holders");
    let model = spec.fit(&frame)?;
    let summary = model.summary();
    println!("{} · {} · {} rows by {}", summary.formula, summary.family, summary.n_used, summary.solver);
    for row in &summary.coefficients {
        println!("{:20} × {:.3}", row.term, row.estimate.map_or(f64::NAN, f64::exp));
    }
    println!("deviance {:.2} on {} df", summary.deviance.unwrap_or(f64::NAN), summary.df_residual.unwrap_or(0));

    let saved = std::env::temp_dir().join("glm-model-example.json");
    model.save(&saved)?;
    let again = Model::load(&saved)?;
    let same = again.predict(&frame)? == model.predict(&frame)?;
    println!("{} predicts the same, bit for bit: {same}", saved.display());
    Ok(())
}

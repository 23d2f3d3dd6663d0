//! The first rung: a straight line and a plane through the fuel consumption of 32 cars.

use std::error::Error;
use std::path::Path;

use glm_model::{Frame, Interval, ModelSpec, PredictOptions, ReadOptions};

#[expect(clippy::print_stdout, reason = "an example shows what it finds")]
fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/data/mtcars.csv");
    let frame = Frame::read(&file, &ReadOptions::default())?;
    let model = ModelSpec::new("mpg ~ wt + factor(cyl)").fit(&frame)?;
    for row in &model.summary().coefficients {
        let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
        println!(
            "{:14} {:>9} ± {:>7}  p = {}",
            row.term,
            number(row.estimate),
            number(row.std_error),
            number(row.p_value)
        );
    }
    let new = Frame::from_bytes(b"wt,cyl\n2.5,4\n2.5,8\n", &ReadOptions::default())?;
    let options = PredictOptions { interval: Some(Interval::Prediction), ..PredictOptions::default() };
    let prediction = model.predict_with(&new, &options)?;
    let bounds = prediction.conf_low.iter().flatten().zip(prediction.conf_high.iter().flatten());
    for (fit, (low, high)) in prediction.fit.iter().zip(bounds) {
        println!("a new car: {fit:.1} miles a gallon, 95 in 100 between {low:.1} and {high:.1}");
    }
    Ok(())
}

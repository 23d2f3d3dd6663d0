//! What the truth itself scores on the Bernoulli toy: no model can be expected to do better.
//!
//! `cargo run -p sim --example toy [ROWS [SEED]]`
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use sim::{Toy, scores};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows = arguments.next().map_or(Ok(10_000), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;

    let toy = Toy::new(rows, seed);
    for (name, data) in [("training", &toy), ("unseen", &toy.unseen(rows))] {
        let auc = scores::auc(&data.y, &data.eta, None)?;
        let log_loss = scores::log_loss_from_logits(&data.y, &data.eta, None)?;
        println!("{name:>8} rows: oracle AUC {auc:.4}, log-loss {log_loss:.4}");
    }
    println!("calibration of the oracle on the training rows, by deciles of the true probability:");
    for bin in scores::calibration_by_deciles(&toy.y, &toy.probability, None)? {
        println!("  predicted {:.3}  observed {:.3}  rows {}", bin.mean_predicted, bin.mean_observed, bin.count);
    }
    Ok(())
}

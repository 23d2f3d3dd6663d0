//! What a run found, and its form as JSON.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

/// Everything that `--json` prints. Numbers that are not finite become null.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Results {
    pub(crate) toy: Vec<ToyResult>,
    pub(crate) balloons: Vec<BalloonsResult>,
}

/// The toy data of one seed.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ToyResult {
    pub(crate) seed: u64,
    /// The true probabilities on the unseen rows.
    pub(crate) oracle: Scores,
    pub(crate) models: Vec<ModelResult>,
}

/// Area under the ROC curve and mean log-loss.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Scores {
    pub(crate) auc: f64,
    pub(crate) log_loss: f64,
}

/// Scores beside the oracle's.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct UnseenScores {
    #[serde(flatten)]
    pub(crate) scores: Scores,
    pub(crate) share_of_oracle: f64,
}

/// One model on the toy data.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ModelResult {
    pub(crate) name: &'static str,
    /// Null for networks.
    pub(crate) solver: Option<&'static str>,
    /// Null for networks; otherwise the intercept first.
    pub(crate) coefficients: Option<Vec<f64>>,
    #[serde(flatten)]
    pub(crate) effort: Effort,
    pub(crate) train: Scores,
    pub(crate) unseen: UnseenScores,
    pub(crate) seconds: f64,
}

/// What a solver and a training count; one key or the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Effort {
    Iterations(usize),
    Epochs(usize),
}

/// One model on the balloons.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BalloonsResult {
    /// `number` or `color`.
    pub(crate) target: &'static str,
    /// `regression` or `network`.
    pub(crate) model: &'static str,
    pub(crate) epochs: Vec<EpochLosses>,
    /// Null for networks.
    pub(crate) weights: Option<Vec<f64>>,
    /// Null for networks.
    pub(crate) bias: Option<f64>,
    /// Null for networks.
    pub(crate) direct: Option<Coefficients>,
}

/// Losses per row: mean squared error for the number, binary cross-entropy for the colour.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct EpochLosses {
    pub(crate) loss: f64,
    pub(crate) val_loss: f64,
}

/// A GLM's coefficients, the intercept apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Coefficients {
    pub(crate) weights: Vec<f64>,
    pub(crate) bias: f64,
}

/// Writes one object and a line's end.
pub(crate) fn write(results: &Results, out: &mut dyn Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, results)?;
    writeln!(out)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_object_has_exactly_the_promised_keys() {
        let scores = Scores { auc: 0.5, log_loss: f64::INFINITY };
        let unseen = UnseenScores { scores, share_of_oracle: 1.0 };
        let model = |solver, coefficients, effort| ModelResult {
            name: "glm",
            solver,
            coefficients,
            effort,
            train: scores,
            unseen,
            seconds: 0.25,
        };
        let glm = model(Some("irls"), Some(vec![1.0, f64::NAN]), Effort::Iterations(5));
        let network = model(None, None, Effort::Epochs(7));
        let direct = Some(Coefficients { weights: vec![0.1], bias: 0.2 });
        let epochs = vec![EpochLosses { loss: 1.0, val_loss: 2.0 }];
        let balloons = BalloonsResult { target: "number", model: "network", epochs, weights: None, bias: None, direct };
        let toy = vec![ToyResult { seed: 3, oracle: scores, models: vec![glm, network] }];
        let mut text = Vec::new();
        write(&Results { toy, balloons: vec![balloons] }, &mut text).unwrap();
        let (train, unseen) =
            (json!({"auc": 0.5, "log_loss": null}), json!({"auc": 0.5, "log_loss": null, "share_of_oracle": 1.0}));
        let expected = json!({
            "toy": [{ "seed": 3, "oracle": train, "models": [
                { "name": "glm", "solver": "irls", "coefficients": [1.0, null], "iterations": 5, "train": train,
                  "unseen": unseen, "seconds": 0.25 },
                { "name": "glm", "solver": null, "coefficients": null, "epochs": 7, "train": train, "unseen": unseen,
                  "seconds": 0.25 },
            ] }],
            "balloons": [{ "target": "number", "model": "network", "epochs": [{ "loss": 1.0, "val_loss": 2.0 }],
                "weights": null, "bias": null, "direct": { "weights": [0.1], "bias": 0.2 } }],
        });
        assert_eq!(serde_json::from_slice::<Value>(&text).unwrap(), expected);
    }
}

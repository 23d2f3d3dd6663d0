//! The toy's tables.

use std::io::Write;

use anyhow::Result;

use crate::json::{Effort, ModelResult, ToyResult};
use crate::options::Options;
use crate::report::table::{score, table};
use crate::toy;

const HEADER: [&str; 9] = [
    "model",
    "solver",
    "iterations\nepochs",
    "training\nAUC",
    "training\nlog-loss",
    "unseen\nAUC",
    "unseen\nlog-loss",
    "share of\noracle's AUC",
    "seconds",
];

/// A table per seed, the settings, and with several seeds the means.
pub(super) fn write(results: &[ToyResult], options: &Options, out: &mut dyn Write) -> Result<()> {
    for result in results {
        writeln!(out, "Toy, seed {}: {} unseen rows\n", result.seed, toy::UNSEEN_ROWS)?;
        let oracle = [score(result.oracle.auc), score(result.oracle.log_loss), score(1.0)];
        let [auc, log_loss, share] = oracle;
        let none = String::new;
        let oracle = vec!["oracle".to_owned(), none(), none(), none(), none(), auc, log_loss, share, none()];
        writeln!(out, "{}\n", table(2, &HEADER, [oracle].into_iter().chain(result.models.iter().map(row))))?;
        writeln!(out, "The solvers' coefficients differ by at most {:.0e}.\n", disagreement(&result.models))?;
    }
    let (network, recipe) = options.knobs.apply(toy::network());
    writeln!(out, "network: {}\n  {}", network.describe(sim::toy::N_COLUMNS), recipe.describe(&network))?;
    if recipe.patience.is_some() {
        let percent = 100.0 * toy::VALIDATION_SHARE;
        writeln!(out, "  validated on {percent:.0} % of the training rows; seed: that of the data")?;
    }
    let (article, recipe) = toy::article(options);
    writeln!(out, "article network: {}\n  {}", article.describe(sim::toy::N_COLUMNS), recipe.describe(&article))?;
    writeln!(
        out,
        "The article reports an AUC of 0.794 on its own training data, where the true probabilities have 0.850 and a\n\
         main-effects GLM 0.813; its derivatives of relu and of its output were wrong, those here are right.\n"
    )?;
    if results.len() > 1 { write_means(results, out) } else { Ok(()) }
}

fn row(model: &ModelResult) -> Vec<String> {
    let (Effort::Iterations(effort) | Effort::Epochs(effort)) = model.effort;
    vec![
        model.name.to_owned(),
        model.solver.unwrap_or_default().to_owned(),
        effort.to_string(),
        score(model.train.auc),
        score(model.train.log_loss),
        score(model.unseen.scores.auc),
        score(model.unseen.scores.log_loss),
        score(model.unseen.share_of_oracle),
        format!("{:.2}", model.seconds),
    ]
}

/// The largest difference between a solver's coefficients and the first solver's.
fn disagreement(models: &[ModelResult]) -> f64 {
    let all: Vec<&Vec<f64>> = models.iter().filter_map(|model| model.coefficients.as_ref()).collect();
    let Some((first, others)) = all.split_first() else { return 0.0 };
    others.iter().flat_map(|other| other.iter().zip(*first)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// The mean and the least share of the oracle's AUC; the GLM is the same by any solver.
fn write_means(results: &[ToyResult], out: &mut dyn Write) -> Result<()> {
    let rows = ["glm", "article network", "network"].map(|name| {
        let of_seed = |result: &ToyResult| {
            let model = result.models.iter().find(|model| model.name == name);
            model.map_or(f64::NAN, |model| model.unseen.share_of_oracle)
        };
        let shares: Vec<f64> = results.iter().map(of_seed).collect();
        #[expect(clippy::cast_precision_loss, reason = "a few seeds")]
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        vec![name.to_owned(), score(mean), score(shares.iter().copied().fold(f64::INFINITY, f64::min))]
    });
    writeln!(out, "Toy, {} seeds: share of the oracle's AUC\n", results.len())?;
    writeln!(out, "{}\n", table(1, &["model", "mean", "least"], rows))?;
    Ok(())
}

//! The balloons' tables.

use std::io::Write;

use anyhow::Result;

use crate::balloons::{COLOR, NUMBER, Target, network};
use crate::json::{BalloonsResult, Coefficients, EpochLosses};
use crate::options::Options;
use crate::report::table::{number, table};

/// The validation losses that the article reports.
const ARTICLE_LOSSES: [(&str, &str, f64); 4] = [
    ("number", "regression", 0.0207),
    ("number", "network", 1.2e-4),
    ("color", "regression", 0.1969),
    ("color", "network", 0.0098),
];

/// Losses by epoch, the regressions beside their direct solutions, and everything beside the article.
pub(super) fn write(results: &[BalloonsResult], options: &Options, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "Balloons, seed {}: training / validation loss per row,", options.seeds().start())?;
    writeln!(out, "the mean squared error of the number and the cross-entropy of the color\n")?;
    writeln!(out, "{}\n", losses(results))?;
    let header = ["target", "model", "relationship", "children", "age", "bias", "validation loss"];
    writeln!(out, "{}\n", table(2, &header, results.iter().flat_map(summary)))?;
    writeln!(out, "The best linear model of the number is 0.45 children + 0.15 age, with loss 0.35²/6 = 0.0204.")?;
    for target in [&NUMBER, &COLOR] {
        let (spec, recipe) = options.knobs.apply(network(target));
        let inputs = sim::balloons::COLUMNS.len();
        writeln!(out, "{}: {}\n  {}", target.name, spec.describe(inputs), recipe.describe(&spec))?;
    }
    writeln!(out, "The regressions are these without the hidden layers, and nothing else.")?;
    Ok(())
}

/// A row per epoch, a column per model.
fn losses(results: &[BalloonsResult]) -> comfy_table::Table {
    let header: Vec<String> = results.iter().map(|result| format!("{}\n{}", result.target, result.model)).collect();
    let header: Vec<&str> = ["epoch"].into_iter().chain(header.iter().map(String::as_str)).collect();
    let epochs = results.iter().map(|result| result.epochs.len()).max().unwrap_or(0);
    let rows = (0..epochs).map(|epoch| {
        let losses = results.iter().map(|result| result.epochs.get(epoch).map_or(String::new(), both));
        [(epoch + 1).to_string()].into_iter().chain(losses).collect()
    });
    table(0, &header, rows)
}

fn both(losses: &EpochLosses) -> String {
    format!("{} / {}", number(losses.loss), number(losses.val_loss))
}

/// What was trained, what is solved directly, and what the article has.
fn summary(result: &BalloonsResult) -> Vec<Vec<String>> {
    let line = |what: &str, glm: Option<(&[f64], f64)>, loss: Option<f64>| {
        let values = glm.map(|(weights, bias)| weights.iter().copied().chain([bias]).map(number).collect());
        let values: Vec<String> = values.unwrap_or_else(|| vec![String::new(); 4]);
        let names = [result.target.to_owned(), format!("{}{what}", result.model)];
        names.into_iter().chain(values).chain([loss.map_or(String::new(), number)]).collect()
    };
    let trained = result.weights.as_deref().zip(result.bias);
    let mut lines = vec![line("", trained, result.epochs.last().map(|last| last.val_loss))];
    if let Some(Coefficients { weights, bias }) = &result.direct {
        lines.push(line(", direct", Some((weights, *bias)), None));
    }
    let same = |(target, model, _): &&(&str, &str, f64)| (*target, *model) == (result.target, result.model);
    let mut article: Vec<String> = line(", article", None, ARTICLE_LOSSES.iter().find(same).map(|figure| figure.2));
    if is_linear_regression(result, &NUMBER) {
        (article[3], article[4]) = ("0.435".to_owned(), "0.142".to_owned());
    }
    lines.push(article);
    lines
}

/// The one whose weights the article gives.
fn is_linear_regression(result: &BalloonsResult, number: &Target) -> bool {
    result.target == number.name && result.weights.is_some()
}

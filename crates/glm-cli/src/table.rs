//! A fit as a table to read, in the look of R's `summary`.

mod coefficients;
mod comparison;

pub(crate) use comparison::of_comparison;

use std::fmt::Write;

use glm_model::{DispersionChoice, Model, ModelSpec, Summary, WeightsKind};
use glm_solvers::DispersionSource;

use crate::number::significant;

/// Digits of deviances, criteria and the dispersion.
const DIGITS: usize = 5;

/// Label and text of a line.
type Line = (&'static str, String);

/// All that `glm fit` says.
pub(crate) fn of_model(model: &Model) -> String {
    let summary = model.summary();
    let mut text = lines(&asked(model));
    if !summary.coefficients.is_empty() {
        text += "\n";
        text += &coefficients::table(summary, model.spec().conf_level);
    }
    text += "\n";
    text += &lines(&found(model));
    // What is aliased is said below the coefficients, what is left out beside the rows.
    let is_told = |code: &str| matches!(code, "aliased" | "rows_omitted");
    for warning in summary.warnings.iter().filter(|warning| !is_told(&warning.code)) {
        let terms = if warning.terms.is_empty() { String::new() } else { format!(" ({})", warning.terms.join(", ")) };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "Warning: {}{terms}", warning.message);
    }
    text
}

/// What was fitted, to what.
fn asked(model: &Model) -> Vec<Line> {
    let (spec, summary) = (model.spec(), model.summary());
    let mut lines = vec![("Formula", summary.formula.clone()), ("Family", family(spec, summary))];
    lines.extend(
        model.design().response_levels().and_then(|levels| classes(levels, summary)).map(|text| ("Response", text)),
    );
    if !spec.hidden.is_empty() {
        let widths: Vec<String> = spec.hidden.iter().map(ToString::to_string).collect();
        let on = if spec.skip { ", added to the regression" } else { "" };
        lines.push(("Hidden", format!("{} {} units{on}", widths.join(", "), spec.activation)));
    }
    if let Some(weights) = &spec.weights {
        lines.push(("Weights", format!("{weights}, {}", kind(spec.weights_kind))));
    }
    let columns = [("Trials", &spec.trials, ""), ("Offset", &spec.offset, ""), ("Exposure", &spec.exposure, "log of ")];
    for (label, column, of) in columns {
        lines.extend(column.iter().map(|column| (label, format!("{of}{column}"))));
    }
    lines.push(("Rows", rows(spec, summary)));
    if spec.bias_reduction {
        lines.push(("Estimator", "bias reduced by Firth's adjusted score".to_owned()));
    }
    lines
}

fn family(spec: &ModelSpec, summary: &Summary) -> String {
    match (&summary.link, &spec.link) {
        (Some(link), Some(_)) => format!("{}, link {link}", summary.family),
        (Some(link), None) => format!("{}, link {link} (its default)", summary.family),
        (None, _) => summary.family.clone(),
    }
}

/// What a category is compared with: its first level, or in order each class with those above it.
fn classes(levels: &[String], summary: &Summary) -> Option<String> {
    let (first, others) = levels.split_first()?;
    Some(match others {
        _ if summary.family == "ordinal" => levels.join(" < "),
        [only] => format!("the probability of {only}, against {first}"),
        _ => format!("{}, each against {first}", others.join(", ")),
    })
}

fn kind(kind: WeightsKind) -> &'static str {
    match kind {
        WeightsKind::Analytic => "analytic: the variance is divided by them",
        WeightsKind::Frequency => "frequencies: each row stands for so many",
        WeightsKind::Probability => "sampling weights: the covariance is robust",
    }
}

fn rows(spec: &ModelSpec, summary: &Summary) -> String {
    let is_frequency = spec.weights.is_some() && spec.weights_kind == WeightsKind::Frequency;
    let used = match is_frequency {
        true => format!("{} that stand for {} observations", summary.n_rows, summary.n_used),
        false => format!("{} used of {}", summary.n_used, summary.n_rows),
    };
    match summary.rows_omitted {
        0 => used,
        omitted => format!("{used}; {omitted} with missing values left out"),
    }
}

/// What came out beside the coefficients.
fn found(model: &Model) -> Vec<Line> {
    let summary = model.summary();
    let mut lines = Vec::new();
    lines.extend(dispersion(model).map(|text| ("Dispersion", text)));
    lines.extend(theta(summary).map(|text| ("Theta", text)));
    lines.extend(power(summary).map(|text| ("Power", text)));
    let deviances = [
        ("Null deviance", summary.null_deviance, summary.df_null),
        ("Residual deviance", summary.deviance, summary.df_residual),
    ];
    for (label, deviance, df) in deviances {
        let Some(deviance) = deviance else { continue };
        let on = df.map_or(String::new(), |df| format!(" on {df} degrees of freedom"));
        lines.push((label, significant(deviance, DIGITS) + &on));
    }
    let criteria = [("", summary.log_likelihood), ("AIC ", summary.aic), ("BIC ", summary.bic)];
    let criteria =
        criteria.iter().filter_map(|(name, value)| value.map(|v| format!("{name}{}", significant(v, DIGITS))));
    let criteria: Vec<String> = criteria.collect();
    if !criteria.is_empty() {
        lines.push(("Log-likelihood", criteria.join(", ")));
    }
    if let Some(covariance) = summary.covariance.as_ref().filter(|covariance| *covariance != "model") {
        lines.push(("Covariance", covariance.clone()));
    }
    lines.extend(certificate(summary));
    lines.extend(training(summary));
    lines
}

/// φ, and how it was found.
fn dispersion(model: &Model) -> Option<String> {
    let value = significant(model.summary().dispersion?, DIGITS);
    let estimates = model.estimates()?;
    let asked = if model.spec().dispersion == DispersionChoice::Family { " (the default)" } else { "" };
    let df = estimates.df_residual();
    Some(match estimates.dispersion_source() {
        DispersionSource::Known => format!("{value}, known for this family"),
        DispersionSource::Fixed => format!("{value}, given"),
        DispersionSource::Pearson => format!("{value}, Pearson's chi-square over {df}{asked}"),
        DispersionSource::Deviance => format!("{value}, deviance over {df}{asked}"),
        DispersionSource::MaximumLikelihood => format!("{value}, by maximum likelihood{asked}"),
    })
}

fn theta(summary: &Summary) -> Option<String> {
    let theta = summary.theta?;
    Some(match theta.estimate {
        Some(estimate) => by_likelihood(estimate, theta.std_error),
        None => "infinite: the Poisson limit".to_owned(),
    })
}

fn power(summary: &Summary) -> Option<String> {
    let power = summary.power?;
    let is_gamma = summary.warnings.iter().any(|warning| warning.code == "gamma_limit");
    Some(match power.estimate {
        Some(estimate) => by_likelihood(estimate, power.std_error),
        None if is_gamma => "2: the gamma limit".to_owned(),
        None => "1: the Poisson limit".to_owned(),
    })
}

fn by_likelihood(estimate: f64, std_error: Option<f64>) -> String {
    let error = std_error.map_or(String::new(), |error| format!(", standard error {}", significant(error, DIGITS)));
    format!("{}, by maximum likelihood{error}", significant(estimate, DIGITS))
}

/// Solver and certificate, a line each.
fn certificate(summary: &Summary) -> Vec<Line> {
    let Some(certificate) = &summary.certificate else { return vec![("Solver", summary.solver.clone())] };
    let plural = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    let mut solver = format!("{}, {}", summary.solver, plural(certificate.iterations, "iteration"));
    if certificate.halvings > 0 {
        solver += &format!(", {}", plural(certificate.halvings, "halved step"));
    }
    let mut parts = vec![if certificate.converged { "converged" } else { "not converged" }.to_owned()];
    parts.extend(certificate.score_norm.map(|score| format!("score {} standard errors", significant(score, 2))));
    parts.extend(certificate.condition_number.map(|number| format!("condition number {}", significant(number, 3))));
    parts.push(format!("factorised by {}", certificate.factorisation));
    vec![("Solver", solver), ("Certificate", parts.join(", "))]
}

/// How a network was trained.
fn training(summary: &Summary) -> Option<Line> {
    let training = summary.training.as_ref()?;
    let mut text =
        format!("{} epochs (stopped by {}), best {}", training.epochs, training.stopped, training.best_epoch);
    for (what, loss) in [("training", training.training_loss), ("validation", training.validation_loss)] {
        text += &loss.map_or(String::new(), |loss| format!(", {what} loss {}", significant(loss, DIGITS)));
    }
    text += &format!(", rate {}, {} rows a step, seed {}", training.rate, training.batch, training.seed);
    Some(("Training", text))
}

/// Labels and texts below each other.
fn lines(lines: &[Line]) -> String {
    let width = lines.iter().map(|(label, _)| label.len() + 1).max().unwrap_or(0);
    lines.iter().map(|(label, text)| format!("{:<width$} {text}\n", format!("{label}:"))).collect()
}

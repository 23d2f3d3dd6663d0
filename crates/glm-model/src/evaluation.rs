//! How well a model predicts responses, of the rows of its fit or of others.

use glm_core::{Order, Response, Units, scores};
use glm_frame::{Columns, Frame};
use serde::{Deserialize, Serialize};

use crate::naming::needs;
use crate::prediction::means;
use crate::rows::{Kind, Rows, place};
use crate::summary::number;
use crate::{Error, Model};

/// How well a model predicts; what does not exist for the response is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scores {
    /// Rows of positive weight.
    pub n_rows: usize,
    /// The sum of their weights.
    pub total_weight: f64,
    /// Twice the loss: Σ w d(y, μ).
    pub deviance: Option<f64>,
    /// Half the deviance per unit weight.
    pub mean_loss: Option<f64>,
    /// √ mean of (y − μ)², in the units of y.
    pub rmse: Option<f64>,
    /// Mean of −y ln μ − (1 − y) ln(1 − μ), or of −ln of the probability of the class.
    pub log_loss: Option<f64>,
    /// Mean of (y − μ)² over the two outcomes.
    pub brier: Option<f64>,
    /// The probability that a success is predicted above a failure.
    pub auc: Option<f64>,
    /// The share of rows whose most probable class is theirs.
    pub accuracy: Option<f64>,
}

pub(crate) fn evaluate(model: &Model, frame: &Frame) -> Result<Scores, Error> {
    let columns = model.design.columns_and_response(frame)?;
    let label = model.design.response_label().unwrap_or_default();
    let kind = Kind::of(&model.spec)?;
    let rows = Rows::of(&model.spec, &kind, &columns, label)?;
    let response = model.fitted.response()?;
    check(&*response, &rows.y, (frame, &columns), label)?;
    let eta = model.fitted.eta(frame, &columns)?;
    let weights = rows.total().unwrap_or_else(|| vec![1.0; rows.y.len()]);
    let mu = means(&*response, &eta, rows.y.len());
    Ok(scored(&*response, &rows.y, &weights, &eta, &mu))
}

/// Refuses responses that the family cannot have.
pub(crate) fn check(
    response: &dyn Response,
    y: &[f64],
    (frame, columns): (&Frame, &Columns<'_>),
    label: &str,
) -> Result<(), Error> {
    response.check(y).map_err(|error| match error {
        glm_core::Error::OutsideSupport { row, value, support, family } => Error::Value {
            place: Box::new(place(frame, columns, row)),
            what: format!("the response `{label}`"),
            value,
            advice: needs(&family, support),
        },
        error => Error::Input(error),
    })
}

/// Twice the loss of rows of positive weight.
pub(crate) fn deviance(response: &dyn Response, y: &[f64], weights: &[f64], eta: &[f64]) -> f64 {
    let losses = losses(response, y, eta);
    let used = losses.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
    2.0 * used.map(|(loss, weight)| loss * weight).sum::<f64>()
}

fn losses(response: &dyn Response, y: &[f64], eta: &[f64]) -> Vec<f64> {
    let mut loss = vec![0.0; y.len()];
    let units = Units { loss: &mut loss, slope: &mut [], curvature: &mut [] };
    response.units(y, eta, Order::Loss, units);
    loss
}

fn scored(response: &dyn Response, y: &[f64], weights: &[f64], eta: &[f64], mu: &[f64]) -> Scores {
    let loss = losses(response, y, eta);
    let used = || loss.iter().zip(weights).filter(|(_, weight)| **weight > 0.0);
    let total_weight: f64 = weights.iter().sum();
    let sum: f64 = used().map(|(loss, weight)| loss * weight).sum();
    let single = response.n_means() == 1;
    let is_binomial = response.family().is_some_and(|family| family.name().ends_with("binomial"))
        && response.family().is_some_and(|family| !family.name().starts_with("negative"));
    let rises = response.link().is_some_and(|link| eta.first().is_some_and(|eta| link.dmu_deta(*eta) > 0.0));
    let of = |score: Result<f64, scores::ScoreError>, exists: bool| {
        if exists { score.ok().and_then(number) } else { None }
    };
    let log_loss = match single {
        // The loss is what the model adds to the entropy of the responses, which is zero for 0 and 1.
        true if is_binomial => number((sum + entropy(y, weights)) / total_weight),
        true => None,
        false => number(sum / total_weight),
    };
    Scores {
        n_rows: used().count(),
        total_weight,
        deviance: number(2.0 * sum),
        mean_loss: number(sum / total_weight),
        rmse: if single { of(scores::rmse(y, mu, Some(weights)), true) } else { None },
        log_loss,
        brier: if single { of(scores::brier_score(y, mu, Some(weights)), is_binomial) } else { None },
        auc: if single { of(scores::auc(y, if rises { eta } else { mu }, Some(weights)), is_binomial) } else { None },
        accuracy: (!single).then(|| accuracy(y, weights, mu)).and_then(number),
    }
}

/// −Σ w [y ln y + (1 − y) ln(1 − y)].
fn entropy(y: &[f64], weights: &[f64]) -> f64 {
    let part = |y: f64| if y > 0.0 { -y * y.ln() } else { 0.0 };
    y.iter().zip(weights).map(|(y, weight)| weight * (part(*y) + part(1.0 - y))).sum()
}

fn accuracy(y: &[f64], weights: &[f64], mu: &[f64]) -> f64 {
    let n = y.len();
    let likeliest = |row: usize| {
        let classes = (0..mu.len() / n).map(|class| (class, mu[class * n + row]));
        classes.fold((0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best }).0
    };
    #[expect(clippy::cast_precision_loss, reason = "a class is a small number")]
    let right = (0..n).filter(|row| (likeliest(*row) as f64 - y[*row]).abs() < 0.5).map(|row| weights[row]);
    right.sum::<f64>() / weights.iter().sum::<f64>()
}

//! How much weight each class has, and that none is empty.

use crate::{Error, Problem};

/// Σ w of each class, in class order, over rows that name one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "y was checked to be a class number")]
pub(crate) fn class_weights(y: &[f64], weight: impl Fn(usize) -> f64, classes: usize) -> Vec<f64> {
    let mut total = vec![0.0; classes];
    for (row, y) in y.iter().enumerate() {
        total[*y as usize] += weight(row);
    }
    total
}

/// Refuses a class without weight.
pub(crate) fn check_classes(class_weights: &[f64]) -> Result<(), Error> {
    let classes = class_weights.len();
    match class_weights.iter().position(|weight| *weight == 0.0) {
        Some(class) => Err(Error::EmptyClass { class, classes }),
        None => Ok(()),
    }
}

/// −2 Σ W ln(W/ΣW): the deviance of the model that gives each class its share.
pub(crate) fn deviance_of_shares(class_weights: &[f64]) -> f64 {
    let total: f64 = class_weights.iter().sum();
    let part = |weight: &f64| if *weight > 0.0 { -2.0 * weight * (weight / total).ln() } else { 0.0 };
    class_weights.iter().map(part).sum()
}

/// Refuses a problem of classes with an intercept and an empty class: its intercept would be infinite.
pub(crate) fn check_problem(problem: &Problem<'_>) -> Result<(), Error> {
    let response = problem.response();
    if response.is_categorical() && problem.design().has_intercept() {
        check_classes(&class_weights(problem.y(), |row| problem.weight(row), response.n_means()))?;
    }
    Ok(())
}

//! y as the number of a class: 0, 1, …, k − 1.

use crate::Error;
use crate::error::check_finite;

/// The class that y names, where it names one.
#[expect(clippy::cast_possible_truncation, reason = "whole, and below the number of classes")]
pub(super) fn class_number(y: f64, classes: usize) -> Option<usize> {
    if y >= 0.0 && y < classes as f64 && y.fract() == 0.0 { Some(y as usize) } else { None }
}

/// Checks that every response is a class number.
pub(super) fn check_classes(y: &[f64], classes: usize) -> Result<(), Error> {
    check_finite("y", y, None)?;
    match y.iter().position(|value| class_number(*value, classes).is_none()) {
        Some(row) => Err(Error::NotAClass { row, value: y[row], classes }),
        None => Ok(()),
    }
}

/// Checks that there are at least two classes.
pub(super) fn check_number_of_classes(of: &'static str, classes: usize) -> Result<(), Error> {
    if classes >= 2 {
        return Ok(());
    }
    Err(Error::InvalidParameter { of, parameter: "classes", value: classes as f64, allowed: "at least 2" })
}

/// The weight of each class among these rows, each class given half an observation more, so that none is empty.
pub(super) fn smoothed_shares(y: &[f64], weights: &[f64], classes: usize) -> Vec<f64> {
    let mut shares = vec![0.5; classes];
    for (row, y) in y.iter().enumerate() {
        if let Some(class) = class_number(*y, classes) {
            shares[class] += weights.get(row).copied().unwrap_or(1.0);
        }
    }
    shares
}

//! One number found beside the one expected, and how far they lie apart.

use crate::reference::Case;

/// Digits that a comparison with a binary64 number can confirm.
pub(crate) const MOST_DIGITS: f64 = 15.0;

/// One comparison: |found − expected| is at most rel · scale + abs, or it fails.
#[derive(Debug)]
pub(crate) struct Finding {
    /// Which quantity this is, `std_errors`.
    pub(crate) quantity: String,
    /// Which of its values, `[age]`; empty for a single one.
    pub(crate) place: String,
    pub(crate) found: f64,
    pub(crate) expected: f64,
    scale: f64,
    allowed: f64,
}

impl Finding {
    /// The error in units of the tolerance; NaN where what was found is not a number, and zero where it is exact.
    pub(crate) fn share(&self) -> f64 {
        let error = (self.found - self.expected).abs();
        if error == 0.0 { 0.0 } else { error / self.allowed }
    }

    /// Whether it is within its tolerance; NaN is not.
    pub(crate) fn passes(&self) -> bool {
        self.share() <= 1.0
    }

    /// Correct digits, −log₁₀ of the error relative to the scale, or of the error itself where the scale is zero; at
    /// most [`MOST_DIGITS`].
    pub(crate) fn digits(&self) -> f64 {
        digits((self.found - self.expected).abs(), self.scale)
    }
}

/// Correct digits of a number with an error on a scale.
pub(crate) fn digits(error: f64, scale: f64) -> f64 {
    if error.is_nan() {
        return f64::NEG_INFINITY;
    }
    (-(error / if scale == 0.0 { 1.0 } else { scale }).log10()).min(MOST_DIGITS)
}

/// All that was compared in one fit.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) all: Vec<Finding>,
    /// What is wrong and no number.
    pub(crate) refused: Vec<String>,
}

impl Findings {
    /// Something that is not as it should be.
    pub(crate) fn refuse(&mut self, what: String) {
        self.refused.push(what);
    }

    /// A number beside the one expected, at a relative and an absolute tolerance.
    pub(crate) fn add(&mut self, what: (&str, &str), found: f64, expected: f64, scale: f64, (rel, abs): (f64, f64)) {
        let ((quantity, place), allowed) = (what, rel * scale + abs);
        let (quantity, place) = (quantity.to_owned(), place.to_owned());
        self.all.push(Finding { quantity, place, found, expected, scale, allowed });
    }

    /// A field of the case, if it is there, relative to its own size.
    pub(crate) fn add_field(&mut self, case: &Case, field: &str, found: f64, group: &str) {
        if let Some(expected) = case.expected(field) {
            self.add((field, ""), found, expected, expected.abs(), case.tolerance(group));
        }
    }

    /// A field with one value per column, on a scale of its own.
    pub(crate) fn add_columns(&mut self, case: &Case, field: &str, found: &[f64], scale: impl Fn(usize, f64) -> f64) {
        for (j, expected) in case.by_column(field).into_iter().enumerate() {
            let place = format!("[{}]", case.names[j]);
            match expected {
                Some(expected) => {
                    self.add((field, &place), found[j], expected, scale(j, expected.abs()), case.tolerance(field));
                }
                None if found[j].is_nan() => {}
                None => self.refuse(format!("{field}{place} is {} but should be missing", found[j])),
            }
        }
    }

    /// The first thing that is wrong, in words, and how many more there are.
    pub(crate) fn wrong(&self) -> Option<String> {
        let numbers = self.all.iter().filter(|finding| !finding.passes()).map(|finding| {
            let Finding { quantity, place, found, expected, .. } = finding;
            let share = finding.share();
            format!("{quantity}{place} is {found:e} instead of {expected:e}, {share:.1} times the tolerance")
        });
        let mut wrong = self.refused.iter().cloned().chain(numbers);
        let first = wrong.next()?;
        Some(format!("{first} (and {} more)", wrong.count()))
    }
}

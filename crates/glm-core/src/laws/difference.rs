//! Derivatives by central differences.

use crate::Interval;

/// A derivative found numerically, with its error estimated.
struct Difference {
    value: f64,
    error: f64,
}

/// Ridders' method: central differences at shrinking steps, extrapolated to step zero; the step is never more than
/// `step`.
fn difference(f: impl Fn(f64) -> f64, x: f64, step: f64) -> Difference {
    const SHRINK: f64 = 1.6;
    const ROWS: usize = 12;
    let mut best = Difference { value: f64::NAN, error: f64::INFINITY };
    let mut previous: Vec<f64> = Vec::new();
    let mut step = step;
    for _ in 0..ROWS {
        let (above, below) = (x + step, x - step);
        let (high, low) = (f(above), f(below));
        step /= SHRINK;
        if !(high - low).is_finite() {
            previous.clear();
            continue;
        }
        let mut row = vec![(high - low) / (above - below)];
        let rounding = 8.0 * f64::EPSILON * (high.abs() + low.abs()) / (above - below);
        let mut factor = SHRINK * SHRINK;
        for (order, last) in previous.iter().enumerate() {
            row.push((row[order] * factor - last) / (factor - 1.0));
            factor *= SHRINK * SHRINK;
            let value = row[order + 1];
            let error = rounding + (value - row[order]).abs().max((value - last).abs());
            if error < best.error {
                best = Difference { value, error };
            }
        }
        previous = row;
    }
    best
}

/// Asserts that `derivative` is the derivative of `f` at `x`, to 1e-7 and the error of the difference and an absolute
/// `slack`, differencing inside `domain` and on one side of zero (where activations may have a kink).
pub(super) fn assert_derivative(
    law: &str,
    place: &str,
    f: impl Fn(f64) -> f64,
    x: f64,
    domain: &Interval,
    (derivative, slack): (f64, f64),
) {
    let room = (x - domain.lower).min(domain.upper - x).min(x.abs());
    let numeric = difference(f, x, 0.25 * room.min(1.0));
    if !numeric.value.is_finite() || !numeric.error.is_finite() {
        assert!(!derivative.is_nan(), "{law} at {place}: NaN");
        return;
    }
    let allowed = 1e-7 * numeric.value.abs() + 10.0 * numeric.error + slack;
    let near = (derivative - numeric.value).abs() <= allowed;
    assert!(near, "{law} at {place}: {derivative:e} but differences give {:e} ± {allowed:e}", numeric.value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_derivative_passes() {
        assert_derivative("exp", "1", f64::exp, 1.0, &Interval::REAL, (1.0_f64.exp(), 0.0));
    }

    #[test]
    #[should_panic(expected = "exp′ at 1")]
    fn a_wrong_derivative_fails() {
        assert_derivative("exp′", "1", f64::exp, 1.0, &Interval::REAL, (1.000_001 * 1.0_f64.exp(), 0.0));
    }
}

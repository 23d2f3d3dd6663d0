//! Comparing fits on the scale that matters: a coefficient's own size or its standard error, whichever is larger.

use glm_solvers::Fit;
use proptest::test_runner::TestCaseError;

/// Whether a number is another within `tolerance` times a scale, or both are missing.
pub(crate) fn near(what: &str, found: f64, expected: f64, tolerance: f64, scale: f64) -> Result<(), TestCaseError> {
    if found.is_nan() && expected.is_nan() || (found - expected).abs() <= tolerance * scale {
        return Ok(());
    }
    let error = (found - expected).abs() / scale;
    Err(TestCaseError::fail(format!("{what}: {found:e} is not {expected:e}; off by {error:.1e}, not {tolerance:.0e}")))
}

/// Coefficients within `tolerance`·max(|b|, SE).
pub(crate) fn same_coefficients(what: &str, found: &Fit, expected: &Fit, tolerance: f64) -> Result<(), TestCaseError> {
    let scale: Vec<f64> =
        expected.coefficients.iter().zip(&expected.std_errors).map(|(b, error)| b.abs().max(*error)).collect();
    for (j, scale) in scale.into_iter().enumerate() {
        let what = format!("{what}, {} by {}, coefficient {j}", found.response, found.solver);
        near(&what, found.coefficients[j], expected.coefficients[j], tolerance, scale)?;
    }
    Ok(())
}

/// Standard errors within a relative tolerance.
pub(crate) fn same_std_errors(what: &str, found: &Fit, expected: &Fit, tolerance: f64) -> Result<(), TestCaseError> {
    for j in 0..expected.std_errors.len() {
        let what = format!("{what}, {} by {}, standard error {j}", found.response, found.solver);
        near(&what, found.std_errors[j], expected.std_errors[j], tolerance, expected.std_errors[j])?;
    }
    Ok(())
}

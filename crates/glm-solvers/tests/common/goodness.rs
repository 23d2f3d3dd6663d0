//! Comparing what two fits say about their goodness.

use glm_solvers::Fit;
use proptest::test_runner::TestCaseError;

use crate::close::near;

/// Everything that a fit says about goodness, within a relative tolerance.
pub(crate) fn same_goodness(what: &str, found: &Fit, expected: &Fit, tolerance: f64) -> Result<(), TestCaseError> {
    let what = format!("{what}, {} by {}", found.response, found.solver);
    near(&format!("{what}, deviance"), found.deviance, expected.deviance, tolerance, expected.deviance)?;
    near(&format!("{what}, Pearson"), found.pearson_chisq, expected.pearson_chisq, tolerance, expected.pearson_chisq)?;
    let phi = |fit: &Fit| fit.dispersion.unwrap_or(f64::NAN);
    near(&format!("{what}, dispersion"), phi(found), phi(expected), tolerance, phi(expected))
}

//! NIST's sets: linear models and analyses of variance, and their digits beside those of other programs.

use glm_solvers::{Error, Fit, Solver};

use super::finding::{self, Findings};
use super::glm::{estimates, fit};
use crate::reference::Case;

/// What no solver can exceed: the solution of the data as binary64 numbers hold them, in exact arithmetic.
pub(crate) const LIMIT: &str = "exact solution of the binary64 data";

/// A case of kind `nist_linear`.
pub(crate) fn linear(case: &Case, solver: Solver, findings: &mut Findings) -> Result<(), Error> {
    let (fit, _) = fit(case, solver)?;
    estimates(case, &fit, findings);
    findings.add_field(case, "residual_sd", fit.dispersion.unwrap_or(f64::NAN).sqrt(), "residual_sd");
    findings.add_field(case, "df_residual", fit.df_residual as f64, "default");
    if case.names[0] == "(Intercept)" {
        findings.add_field(case, "r_squared", 1.0 - fit.deviance / fit.null_deviance, "r_squared");
    }
    Ok(())
}

/// A case of kind `nist_anova`.
pub(crate) fn anova(case: &Case, solver: Solver, findings: &mut Findings) -> Result<(), Error> {
    let (fit, _) = fit(case, solver)?;
    let between = (fit.null_deviance - fit.deviance) / (fit.df_null - fit.df_residual) as f64;
    let within = fit.deviance / fit.df_residual as f64;
    findings.add_field(case, "F", between / within, "F");
    findings.add_field(case, "ss_within", fit.deviance, "default");
    findings.add_field(case, "ss_between", fit.null_deviance - fit.deviance, "default");
    findings.add_field(case, "residual_sd", within.sqrt(), "default");
    Ok(())
}

/// The smallest numbers of correct digits (log relative errors, at most 15) over the coefficients and over the standard
/// errors of a set.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Digits {
    pub(crate) coefficients: Option<f64>,
    /// `None` where the certified ones are zero.
    pub(crate) std_errors: Option<f64>,
    /// The largest standard error where the certified ones are zero.
    pub(crate) size: Option<f64>,
}

/// Ours, by a solver, and whether the certificate says that it converged.
pub(crate) fn digits(case: &Case, solver: Solver) -> Result<(Digits, bool), Error> {
    let (fit, _) = fit(case, solver)?;
    let converged = fit.certificate.converged();
    let Fit { coefficients, std_errors, .. } = fit;
    let certified = certified(case, "std_errors");
    let largest = std_errors.iter().fold(0.0, |a: f64, b| a.max(b.abs()));
    let perfect = certified.iter().all(|error| *error == 0.0);
    let coefficients = Some(fewest(&coefficients, &self::certified(case, "coefficients")));
    let (std_errors, size) =
        if perfect { (None, Some(largest)) } else { (Some(fewest(&std_errors, &certified)), None) };
    Ok((Digits { coefficients, std_errors, size }, converged))
}

/// Another program's, or the limit's, as the case has them.
pub(crate) fn baseline(case: &Case, program: &str) -> Digits {
    let digits = &case.json["baseline_lre"][program];
    let number = |field: &str| digits[field].as_f64();
    Digits { coefficients: number("coef"), std_errors: number("se"), size: number("se_abs") }
}

/// The programs that the case has digits of, but the limit, in the file's order.
pub(crate) fn programs(case: &Case) -> Vec<String> {
    let table = case.json["baseline_lre"].as_object().expect("a table of programs");
    table.keys().filter(|program| *program != LIMIT).cloned().collect()
}

fn certified(case: &Case, field: &str) -> Vec<f64> {
    let number = |name: &String| case.json["certified_strings"][field][name].as_str().unwrap().trim().parse().unwrap();
    case.names.iter().map(number).collect()
}

fn fewest(found: &[f64], certified: &[f64]) -> f64 {
    let pairs = found.iter().zip(certified);
    pairs.map(|(found, certified)| finding::digits((found - certified).abs(), certified.abs())).fold(15.0, f64::min)
}

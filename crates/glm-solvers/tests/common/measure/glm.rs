//! Fits with one linear predictor: everything that a case says about them.

use glm_core::{Response, spec};
use glm_solvers::{Boundary, DispersionEstimate, Error, Fit, Problem, Solver, fit_gamma_shape, fit_negative_binomial};

use super::finding::Findings;
use crate::reference::Case;

/// A case of kind `glm`.
pub(crate) fn glm(case: &Case, solver: Solver, findings: &mut Findings) -> Result<(), Error> {
    let (fit, fitted) = fit(case, solver)?;
    compare(case, &fit, &fitted, findings);
    gamma_shape(case, &fit, findings)
}

/// `MASS::gamma.shape` with its standard error, where the case has it.
fn gamma_shape(case: &Case, fit: &Fit, findings: &mut Findings) -> Result<(), Error> {
    let expected = &case.json["expected"]["gamma_shape_ml"];
    let (Some(shape), Some(std_error)) = (expected["alpha"].as_f64(), expected["se"].as_f64()) else { return Ok(()) };
    let (response, design, tolerance) =
        (case.response().expect("a gamma family"), case.design(), case.tolerance("gamma_shape_ml"));
    let problem = Problem::new(&design, &*response, case.y.clone())?
        .with_weights(case.weights.clone())?
        .with_offset(case.offset.clone())?;
    let found = fit_gamma_shape(&problem, fit)?;
    findings.add(("gamma_shape", ""), found.shape, shape, shape, tolerance);
    findings.add(("gamma_shape_se", ""), found.std_error, std_error, std_error, tolerance);
    Ok(())
}

/// A case of kind `negbin_ml`, whose θ is estimated too.
pub(crate) fn negative_binomial(case: &Case, solver: &Solver, findings: &mut Findings) -> Result<(), Error> {
    let (design, poisson) = (case.design(), spec::response("poisson(log)")?);
    let problem = Problem::new(&design, &*poisson, case.y.clone())?.with_offset(case.offset.clone())?;
    let link = spec::link(case.json["family"]["link"].as_str().unwrap())?;
    let found = fit_negative_binomial(solver, &problem, &*link)?;
    findings.add_field(case, "theta", found.theta.unwrap_or(f64::NAN), "theta");
    findings.add_field(case, "theta_se", found.theta_std_error.unwrap_or(f64::NAN), "theta_se");
    let fitted = found.fit.fitted(&problem)?;
    compare(case, &found.fit, &fitted, findings);
    Ok(())
}

/// A case of kind `behaviour` with a finite limit, which may lie on the edge of the domain.
pub(crate) fn behaviour(case: &Case, solver: Solver, findings: &mut Findings) -> Result<(), Error> {
    match fit(case, solver) {
        Ok((fit, _)) => limit(case, &fit, findings),
        Err(Error::Boundary(found)) => boundary(case, &found, findings),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// The fit and its means.
pub(crate) fn fit(case: &Case, solver: Solver) -> Result<(Fit, Vec<f64>), Error> {
    let response: Box<dyn Response> = case.response().expect("a family of ours");
    let design = case.design();
    let mut problem = Problem::new(&design, &*response, case.y.clone())?
        .with_weights(case.weights.clone())?
        .with_offset(case.offset.clone())?;
    let known = problem.known_dispersion();
    if known.is_some_and(|known| case.expected("dispersion").is_some_and(|expected| (known - expected).abs() > 1e-12)) {
        problem = problem.with_dispersion(DispersionEstimate::Pearson)?;
    }
    let solver = match case.start() {
        Some(start) => solver.with_start(start),
        None => solver,
    };
    let fit = solver.fit(&problem)?;
    let fitted = fit.fitted(&problem)?;
    Ok((fit, fitted))
}

fn compare(case: &Case, fit: &Fit, fitted: &[f64], findings: &mut Findings) {
    estimates(case, fit, findings);
    let covariance = &case.json["expected"]["cov"]["data"];
    for i in 0..fit.rank {
        for j in 0..fit.rank {
            let entry = |i: usize, j: usize| covariance[i][j].as_f64();
            if let (Some(expected), Some(a), Some(b)) = (entry(i, j), entry(i, i), entry(j, j)) {
                let (place, scale) = (format!("[{i}, {j}]"), (a * b).sqrt());
                findings.add(("cov", &place), fit.covariance[(i, j)], expected, scale, case.tolerance("cov"));
            }
        }
    }
    goodness(case, fit, findings);
    if let Some(expected) = case.json["expected"]["fitted"].as_array() {
        let largest = expected.iter().filter_map(|value| value.as_f64()).fold(0.0, |a: f64, b| a.max(b.abs()));
        for (i, (found, expected)) in fitted.iter().zip(expected).enumerate() {
            let (place, expected) = (format!("[{i}]"), expected.as_f64().unwrap());
            let scale = expected.abs().max(1e-3 * largest);
            findings.add(("fitted", &place), *found, expected, scale, case.tolerance("fitted"));
        }
    }
}

/// Coefficients, in units of themselves or of their standard errors, and standard errors.
pub(crate) fn estimates(case: &Case, fit: &Fit, findings: &mut Findings) {
    let errors = case.by_column("std_errors");
    let scale = |j: usize, size: f64| size.max(errors[j].unwrap_or(0.0));
    findings.add_columns(case, "coefficients", &fit.coefficients, scale);
    findings.add_columns(case, "std_errors", &fit.std_errors, |_, size| size);
}

fn goodness(case: &Case, fit: &Fit, findings: &mut Findings) {
    for (field, found, group) in [
        ("deviance", fit.deviance, "deviance"),
        ("null_deviance", fit.null_deviance, "deviance"),
        ("pearson_chisq", fit.pearson_chisq, "dispersion"),
        ("dispersion", fit.dispersion.unwrap_or(f64::NAN), "dispersion"),
        ("df_residual", fit.df_residual as f64, "default"),
        ("df_null", fit.df_null as f64, "default"),
        ("rank", fit.rank as f64, "default"),
        ("nobs", fit.n_used as f64, "default"),
        ("loglik", fit.log_likelihood.unwrap_or(f64::NAN), "loglik_aic_bic"),
        ("aic", fit.aic.unwrap_or(f64::NAN), "loglik_aic_bic"),
        ("tweedie_loglik_at_pearson_dispersion", fit.log_likelihood.unwrap_or(f64::NAN), "loglik_aic_bic"),
    ] {
        // A saturated model's residuals are rounding errors, here and in the reference.
        if fit.df_residual > 0 || found.abs() > 1e-16 {
            findings.add_field(case, field, found, group);
        }
    }
    if fit.n_used == fit.n_rows {
        // R counts rows of weight zero in the BIC; we do not.
        findings.add_field(case, "bic", fit.bic.unwrap_or(f64::NAN), "loglik_aic_bic");
    }
}

fn limit(case: &Case, fit: &Fit, findings: &mut Findings) {
    let limit = &case.json["expected"]["limit"];
    for (name, value) in limit["coefficients"].as_object().expect("a finite limit") {
        let j = case.names.iter().position(|column| column == name).unwrap();
        let (place, value) = (format!("[{name}]"), value.as_f64().unwrap());
        let tolerance = case.tolerance("limit.finite_coefficients");
        findings.add(("coefficients", &place), fit.coefficients[j], value, value.abs(), tolerance);
    }
    let deviance = limit["deviance"].as_f64().unwrap();
    findings.add(("deviance", ""), fit.deviance, deviance, deviance, case.tolerance("limit.deviance"));
}

/// The constrained estimate and its multiplier, to more digits than the reference asks for.
fn boundary(case: &Case, found: &Boundary, findings: &mut Findings) {
    limit(case, &found.fit, findings);
    let limit = &case.json["expected"]["limit"];
    if limit["min_fitted"].as_f64() != Some(0.0) {
        findings.refuse("a maximum on the edge was not expected".to_owned());
    }
    let expected = limit["constraint_multiplier"].as_f64().unwrap_or(f64::NAN);
    let multiplier = found.active.iter().map(|active| active.multiplier).sum();
    findings.add(("multiplier", ""), multiplier, expected, expected.abs(), (1e-6, 0.0));
}

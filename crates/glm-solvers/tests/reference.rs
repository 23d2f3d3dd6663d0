//! Every reference case with a numeric design, by every second-order solver, at the case's own tolerance.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[path = "common/reference.rs"]
mod reference;

use glm_core::{Response, spec};
use glm_solvers::{
    Boundary, DispersionEstimate, Error, Fit, GammaShape, Problem, Solver, fisher_scoring, fit_gamma_shape,
    fit_negative_binomial, irls, lbfgs, newton_raphson,
};
use reference::{Case, cases, folders};

/// Cases that cannot be expressed yet, each with its reason. A case is either here or passes.
const NOT_YET: &[(&str, &str)] = &[("elastic_net:", "penalties are not built yet")];

/// Kinds that are no single-predictor maximum-likelihood fits, each with the test that checks every case of it.
const ELSEWHERE: &[(&str, &str)] = &[
    ("bias_reduced", "tests/bias_reduction.rs"),
    ("multinomial", "tests/reference_classes.rs"),
    ("ordinal", "tests/reference_classes.rs"),
];

fn solvers() -> [Solver; 4] {
    [irls(), fisher_scoring(), newton_raphson(), lbfgs()]
}

/// What disagrees, in words.
struct Findings(Vec<String>);

impl Findings {
    fn check(&mut self, what: &str, found: f64, expected: f64, scale: f64, (rel, abs): (f64, f64)) {
        let error = (found - expected).abs();
        // NaN is no agreement.
        let allowed = rel * scale + abs;
        if error.is_nan() || error > allowed {
            let share = error / allowed;
            self.0.push(format!("{what}: {found:e} instead of {expected:e}, {share:.1} times the tolerance"));
        }
    }

    fn check_field(&mut self, case: &Case, field: &str, found: f64, group: &str) {
        if let Some(expected) = case.expected(field) {
            self.check(field, found, expected, expected.abs(), case.tolerance(group));
        }
    }

    fn check_all(&mut self, case: &Case, field: &str, found: &[f64], group: &str, scale: impl Fn(usize, f64) -> f64) {
        for (j, expected) in case.by_column(field).into_iter().enumerate() {
            let what = format!("{field}[{}]", case.names[j]);
            match expected {
                Some(expected) => {
                    self.check(&what, found[j], expected, scale(j, expected.abs()), case.tolerance(group));
                }
                None if found[j].is_nan() => {}
                None => self.0.push(format!("{what} is {} but should be missing", found[j])),
            }
        }
    }
}

fn fit(case: &Case, solver: Solver) -> Result<(Fit, Vec<f64>), Error> {
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

fn fit_theta(case: &Case, solver: &Solver, findings: &mut Findings) -> Result<(Fit, Vec<f64>), Error> {
    let (design, poisson) = (case.design(), spec::response("poisson(log)")?);
    let problem = Problem::new(&design, &*poisson, case.y.clone())?.with_offset(case.offset.clone())?;
    let link = spec::link(case.json["family"]["link"].as_str().unwrap())?;
    let found = fit_negative_binomial(solver, &problem, &*link)?;
    findings.check_field(case, "theta", found.theta.unwrap_or(f64::NAN), "theta");
    findings.check_field(case, "theta_se", found.theta_std_error.unwrap_or(f64::NAN), "theta_se");
    let fitted = found.fit.fitted(&problem)?;
    Ok((found.fit, fitted))
}

// Over budget: a list of the fields of a case.
fn check_glm(case: &Case, fit: &Fit, fitted: &[f64], findings: &mut Findings) {
    let errors = case.by_column("std_errors");
    findings.check_all(case, "coefficients", &fit.coefficients, "coefficients", |j, size| {
        size.max(errors[j].unwrap_or(0.0))
    });
    findings.check_all(case, "std_errors", &fit.std_errors, "std_errors", |_, size| size);
    let covariance = &case.json["expected"]["cov"]["data"];
    for i in 0..fit.rank {
        for j in 0..fit.rank {
            let entry = |i: usize, j: usize| covariance[i][j].as_f64();
            if let (Some(expected), Some(a), Some(b)) = (entry(i, j), entry(i, i), entry(j, j)) {
                let scale = (a * b).sqrt();
                findings.check("cov", fit.covariance[(i, j)], expected, scale, case.tolerance("cov"));
            }
        }
    }
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
            findings.check_field(case, field, found, group);
        }
    }
    if fit.n_used == fit.n_rows {
        // R counts rows of weight zero in the BIC; we do not.
        findings.check_field(case, "bic", fit.bic.unwrap_or(f64::NAN), "loglik_aic_bic");
    }
    if let Some(expected) = case.json["expected"]["fitted"].as_array() {
        let largest = expected.iter().filter_map(|value| value.as_f64()).fold(0.0, |a: f64, b| a.max(b.abs()));
        for (found, expected) in fitted.iter().zip(expected.iter().map(|value| value.as_f64().unwrap())) {
            findings.check("fitted", *found, expected, expected.abs().max(1e-3 * largest), case.tolerance("fitted"));
        }
    }
}

fn check_nist(case: &Case, fit: &Fit, findings: &mut Findings) {
    let errors = case.by_column("std_errors");
    findings.check_all(case, "coefficients", &fit.coefficients, "coefficients", |j, size| {
        size.max(errors[j].unwrap_or(0.0))
    });
    findings.check_all(case, "std_errors", &fit.std_errors, "std_errors", |_, size| size);
    findings.check_field(case, "residual_sd", fit.dispersion.unwrap_or(f64::NAN).sqrt(), "residual_sd");
    findings.check_field(case, "df_residual", fit.df_residual as f64, "default");
    if case.names[0] == "(Intercept)" {
        findings.check_field(case, "r_squared", 1.0 - fit.deviance / fit.null_deviance, "r_squared");
    }
}

fn check_anova(case: &Case, fit: &Fit, findings: &mut Findings) {
    let between = (fit.null_deviance - fit.deviance) / (fit.df_null - fit.df_residual) as f64;
    let within = fit.deviance / fit.df_residual as f64;
    findings.check_field(case, "F", between / within, "F");
    findings.check_field(case, "ss_within", fit.deviance, "default");
    findings.check_field(case, "ss_between", fit.null_deviance - fit.deviance, "default");
    findings.check_field(case, "residual_sd", within.sqrt(), "default");
}

fn check_behaviour(case: &Case, fit: &Fit, findings: &mut Findings) {
    let limit = &case.json["expected"]["limit"];
    let expected = limit["coefficients"].as_object().expect("a finite limit");
    for (name, value) in expected {
        let j = case.names.iter().position(|column| column == name).unwrap();
        let value = value.as_f64().unwrap();
        findings.check(name, fit.coefficients[j], value, value.abs(), case.tolerance("limit.finite_coefficients"));
    }
    let deviance = limit["deviance"].as_f64().unwrap();
    findings.check("deviance", fit.deviance, deviance, deviance, case.tolerance("limit.deviance"));
}

/// The constrained estimate and its multiplier, to more digits than the reference asks for.
fn check_boundary(case: &Case, found: &Boundary, findings: &mut Findings) {
    check_behaviour(case, &found.fit, findings);
    let limit = &case.json["expected"]["limit"];
    if limit["min_fitted"].as_f64() != Some(0.0) {
        findings.0.push("a maximum on the edge was not expected".to_owned());
    }
    let expected = limit["constraint_multiplier"].as_f64().unwrap_or(f64::NAN);
    let multiplier = found.active.iter().map(|active| active.multiplier).sum();
    findings.check("multiplier", multiplier, expected, expected.abs(), (1e-6, 0.0));
}

fn reason(case: &Case) -> Option<&'static str> {
    let name = format!("{}:{}", case.kind, case.id);
    NOT_YET.iter().find(|(entry, _)| *entry == name || *entry == format!("{}:", case.kind)).map(|(_, reason)| *reason)
}

fn elsewhere(case: &Case) -> bool {
    ELSEWHERE.iter().any(|(kind, _)| case.kind == *kind)
}

#[test]
fn every_case_passes_by_every_solver() {
    let (mut passed, mut wrong) = (0, Vec::new());
    for case in folders().iter().flat_map(|folder| cases(folder)) {
        if reason(&case).is_some() || case.is_infinite() || elsewhere(&case) {
            continue;
        }
        for solver in solvers() {
            let name = solver.name();
            let mut findings = Findings(Vec::new());
            let result =
                if case.kind == "negbin_ml" { fit_theta(&case, &solver, &mut findings) } else { fit(&case, solver) };
            match result {
                Err(Error::Boundary(found)) if case.kind == "behaviour" => check_boundary(&case, &found, &mut findings),
                Ok((fit, fitted)) => match case.kind.as_str() {
                    "glm" | "negbin_ml" => check_glm(&case, &fit, &fitted, &mut findings),
                    "nist_linear" => check_nist(&case, &fit, &mut findings),
                    "nist_anova" => check_anova(&case, &fit, &mut findings),
                    "behaviour" => check_behaviour(&case, &fit, &mut findings),
                    kind => panic!("{}: unknown kind {kind}", case.id),
                },
                Err(error) => findings.0.push(error.to_string()),
            }
            passed += usize::from(findings.0.is_empty());
            wrong.extend(
                findings
                    .0
                    .first()
                    .map(|first| format!("{} by {name}: {first} (and {} more)", case.id, findings.0.len() - 1)),
            );
        }
    }
    assert!(wrong.is_empty(), "{} wrong, {passed} right:\n{}", wrong.len(), wrong.join("\n"));
    assert!(passed >= 4 * 90, "only {passed} fits were checked; is reference/ complete?");
}

#[test]
fn what_is_not_built_yet_is_listed_and_exists() {
    let all: Vec<Case> = folders().iter().flat_map(|folder| cases(folder)).collect();
    for (entry, _) in NOT_YET {
        let named =
            |case: &&Case| *entry == format!("{}:{}", case.kind, case.id) || *entry == format!("{}:", case.kind);
        assert!(all.iter().any(|case| named(&case)), "{entry} names no case");
    }
    for (kind, test) in ELSEWHERE {
        let text = std::fs::read_to_string(format!("{}/{test}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(text.contains(&format!("\"{kind}\"")), "{test} does not select the cases of kind {kind}");
        assert!(all.iter().any(|case| case.kind == *kind), "{kind} names no case");
        assert!(NOT_YET.iter().all(|(entry, _)| !entry.starts_with(&format!("{kind}:"))), "{kind} is listed twice");
    }
}

/// `MASS::gamma.shape`, and the same φ by the fit itself.
#[test]
fn gamma_shapes_are_those_of_mass() {
    let mut checked = 0;
    for case in folders().iter().flat_map(|folder| cases(folder)) {
        let expected = &case.json["expected"]["gamma_shape_ml"];
        let (Some(shape), Some(std_error)) = (expected["alpha"].as_f64(), expected["se"].as_f64()) else { continue };
        let (response, design) = (case.response().unwrap(), case.design());
        let problem = Problem::new(&design, &*response, case.y.clone()).unwrap();
        let problem = problem.with_weights(case.weights.clone()).unwrap();
        for solver in solvers() {
            let solver = case.start().map_or(solver, |start| irls().with_start(start));
            let mut findings = Findings(Vec::new());
            let found = fit_gamma_shape(&problem, &solver.fit(&problem).unwrap()).unwrap();
            let GammaShape { shape: found, std_error: error } = found;
            findings.check("alpha", found, shape, shape, case.tolerance("gamma_shape_ml"));
            findings.check("se", error, std_error, std_error, case.tolerance("gamma_shape_ml"));
            let likeliest = problem.clone().with_dispersion(DispersionEstimate::MaximumLikelihood).unwrap();
            let dispersion = solver.fit(&likeliest).unwrap().dispersion.unwrap();
            findings.check("phi", dispersion.recip(), shape, shape, case.tolerance("gamma_shape_ml"));
            assert!(findings.0.is_empty(), "{}: {:?}", case.id, findings.0);
        }
        checked += 1;
    }
    assert_eq!(checked, 7);
}

/// A case whose estimate is infinite is refused as separated, with the best iterate, by every solver (the columns are
/// checked in `existence.rs`); one whose estimate is on the edge of the domain as not converged.
#[test]
fn what_has_no_finite_estimate_is_refused() {
    for case in folders().iter().flat_map(|folder| cases(folder)) {
        if case.kind != "behaviour" || !(case.is_infinite() || reason(&case).is_some()) {
            continue;
        }
        for solver in solvers() {
            let name = solver.name();
            match fit(&case, solver) {
                Err(Error::Separation(found)) => {
                    assert!(case.is_infinite() && !found.columns.is_empty(), "{} by {name}", case.id);
                    assert!(found.best.deviance.is_finite(), "{} by {name}", case.id);
                }
                Err(Error::NotConverged(best)) => {
                    assert!(!case.is_infinite(), "{} by {name}", case.id);
                    assert!(!best.certificate.converged(), "{} by {name}", case.id);
                    assert!(best.deviance.is_finite(), "{} by {name}", case.id);
                }
                Err(error) => panic!("{} by {name}: {error}", case.id),
                Ok((fit, _)) => panic!("{} by {name}: reported as a fit, {:?}", case.id, fit.coefficients),
            }
        }
    }
}

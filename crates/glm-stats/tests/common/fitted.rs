//! Fits of the reference cases, and their new rows.

use glm_core::{Dense, Response, spec};
use glm_solvers::{DispersionEstimate, Fit, Problem, fit_negative_binomial, irls};

use crate::reference::{Case, cases, folders};

/// Every case with one linear predictor.
pub(crate) fn of_one_predictor() -> Vec<Case> {
    of_kinds(&["glm", "negbin_ml"])
}

/// Every case of some kinds.
pub(crate) fn of_kinds(kinds: &[&str]) -> Vec<Case> {
    let all = folders().into_iter().flat_map(|folder| cases(&folder));
    all.filter(|case| kinds.contains(&case.kind.as_str())).collect()
}

/// A case with its response; θ of a negative binomial is the one that maximises the likelihood.
pub(crate) fn fit(case: &Case) -> (Fit, Box<dyn Response>) {
    if case.kind == "negbin_ml" {
        let (design, poisson) = (case.design(), spec::response("poisson(log)").unwrap());
        let problem = Problem::new(&design, &*poisson, case.y.clone()).unwrap();
        let problem = problem.with_offset(case.offset.clone()).unwrap();
        let link = spec::link(case.json["family"]["link"].as_str().unwrap()).unwrap();
        let fit = fit_negative_binomial(&irls(), &problem, &*link).unwrap().fit;
        let response = spec::response(&fit.response).unwrap();
        return (fit, response);
    }
    let response = case.response().expect("a family of ours");
    let fit = fit_design(case, &case.design(), &*response, case.start());
    (fit, response)
}

/// The data of a case on another design.
pub(crate) fn fit_design(case: &Case, design: &Dense<'_>, response: &dyn Response, start: Option<Vec<f64>>) -> Fit {
    let problem = Problem::new(design, response, case.y.clone()).unwrap();
    let mut problem = problem.with_weights(case.weights.clone()).unwrap().with_offset(case.offset.clone()).unwrap();
    let expected = case.expected("dispersion");
    let is_other = |known: f64| expected.is_some_and(|expected| (known - expected).abs() > 1e-12);
    if problem.known_dispersion().is_some_and(is_other) {
        problem = problem.with_dispersion(DispersionEstimate::Pearson).unwrap();
    }
    let solver = start.map_or_else(irls, |start| irls().with_start(start));
    solver.fit(&problem).unwrap_or_else(|error| panic!("{}: {error}", case.id))
}

/// A design of columns of which the first may be the intercept.
pub(crate) fn design_of<'a>(case: &Case, columns: &'a [Vec<f64>]) -> Dense<'a> {
    let all = columns.iter().map(Vec::as_slice);
    match (&*case.names[0], columns.len()) {
        ("(Intercept)", 1) => Dense::intercept_only(columns[0].len()).unwrap(),
        ("(Intercept)", _) => Dense::with_intercept(all.skip(1).collect::<Vec<_>>()).unwrap(),
        _ => Dense::without_intercept(all).unwrap(),
    }
}

/// The columns of the new rows, and their offset.
pub(crate) fn new_rows(case: &Case) -> (Vec<Vec<f64>>, Vec<f64>) {
    let predictions = &case.json["expected"]["predictions"];
    let rows = predictions["X"]["data"].as_array().unwrap();
    let number = |row: &serde_json::Value, j: usize| row[j].as_f64().unwrap();
    let columns = (0..case.columns.len()).map(|j| rows.iter().map(|row| number(row, j)).collect()).collect();
    // A column, or a term of the formula.
    let formula = case.json["formula"].as_str().unwrap();
    let logarithm = formula.split_once("offset(log(").and_then(|(_, rest)| rest.split(')').next());
    let of_name = |name: &str, function: fn(f64) -> f64| -> Vec<f64> {
        let values = predictions["newdata"][name].as_array().expect("the offset of the new rows");
        values.iter().map(|value| function(value.as_f64().unwrap())).collect()
    };
    let offset = match (case.json["offset"].as_str(), logarithm) {
        (Some(name), _) => of_name(name, |value| value),
        (None, Some(name)) => of_name(name, f64::ln),
        (None, None) => Vec::new(),
    };
    (columns, offset)
}

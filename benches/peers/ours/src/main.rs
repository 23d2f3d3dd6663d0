//! Fits with glm-solvers: from slices to a fit with its standard errors, its certificate and its proof of existence.

use std::error::Error;

use glm_core::{Dense, Response, spec};
use glm_solvers::{Problem, Solver, auto, irls};
use worker::{Fitted, Input};

const FAMILIES: [&str; 4] = ["gaussian", "binomial", "poisson", "gamma"];

fn main() -> Result<(), Box<dyn Error>> {
    let input = Input::from_args()?;
    let ys = FAMILIES.map(|family| input.y(family));
    let solver = match input.program.as_str() {
        "ours-qr" => irls(),
        _ => auto(),
    };
    // The driver tells the commit.
    worker::serve("", &FAMILIES, |family| {
        let place = FAMILIES.iter().position(|known| *known == family).ok_or("an unknown family")?;
        let y = ys[place].as_ref().map_err(ToString::to_string)?;
        fit(&solver, &input, y, &*response(family)?)
    })
}

/// Gamma with a log link, the others with their canonical one.
fn response(family: &str) -> Result<Box<dyn Response>, Box<dyn Error>> {
    Ok(spec::response(if family == "gamma" { "gamma(log)" } else { family })?)
}

fn fit(solver: &Solver, input: &Input, y: &[f64], response: &dyn Response) -> Result<Fitted, Box<dyn Error>> {
    let design = Dense::with_intercept(input.x.chunks_exact(input.n))?;
    let fit = solver.fit(&Problem::new(&design, response, y.to_vec())?)?;
    Ok(Fitted {
        coefficients: fit.coefficients,
        std_errors: Some(fit.std_errors),
        iterations: Some(fit.certificate.iterations),
    })
}

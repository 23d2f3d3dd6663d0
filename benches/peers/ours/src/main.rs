//! Fits with glm-solvers: from slices to a fit with its standard errors, its certificate and its proof of existence.

use std::error::Error;

use glm_core::{Categories, Dense, Design, Mixed, Response, spec};
use glm_solvers::{Problem, Solver, auto, irls};
use worker::{Fitted, Input};

const FAMILIES: [&str; 5] = ["gaussian", "binomial", "poisson", "gamma", "claims"];

fn main() -> Result<(), Box<dyn Error>> {
    let input = Input::from_args()?;
    let (ys, codes) = (FAMILIES.map(|family| input.y(family)), input.codes()?);
    let exposure =
        input.y("exposure").map(|exposure| exposure.iter().map(|exposure| exposure.ln()).collect::<Vec<_>>());
    let solver = match input.program.as_str() {
        "ours-qr" => irls(),
        _ => auto(),
    };
    // The driver tells the commit.
    worker::serve("", &FAMILIES, |family| {
        let place = FAMILIES.iter().position(|known| *known == family).ok_or("an unknown family")?;
        let y = ys[place].as_ref().map_err(ToString::to_string)?;
        let response = response(family)?;
        if family != "claims" {
            let design = Dense::with_intercept(input.x.chunks_exact(input.n))?;
            return fit(&solver, &design, &*response, (y, &[]));
        }
        let mut design = Mixed::new(input.n).intercept();
        for codes in &codes {
            let levels = codes.iter().max().map_or(0, |code| *code as usize + 1);
            design = design.term(Categories::treatment(codes, levels)?)?;
        }
        for column in input.x.chunks_exact(input.n) {
            design = design.term(column)?;
        }
        fit(&solver, &design, &*response, (y, exposure.as_ref().map_err(ToString::to_string)?))
    })
}

/// Gamma with a log link, the others with their canonical one; claims are counts.
fn response(family: &str) -> Result<Box<dyn Response>, Box<dyn Error>> {
    Ok(spec::response(match family {
        "gamma" => "gamma(log)",
        "claims" => "poisson",
        _ => family,
    })?)
}

fn fit(
    solver: &Solver,
    design: &dyn Design,
    response: &dyn Response,
    (y, offset): (&[f64], &[f64]),
) -> Result<Fitted, Box<dyn Error>> {
    let problem = Problem::new(design, response, y.to_vec())?;
    let problem = if offset.is_empty() { problem } else { problem.with_offset(offset.to_vec())? };
    let fit = solver.fit(&problem)?;
    Ok(Fitted {
        coefficients: fit.coefficients,
        std_errors: Some(fit.std_errors),
        iterations: Some(fit.certificate.iterations),
    })
}

//! Fits with anofox-regression, with its inference.

use std::error::Error;

use anofox_regression::solvers::{
    BinomialRegressor, FittedRegressor, GammaRegressor, OlsRegressor, PoissonRegressor, Regressor,
};
use faer::{Col, Mat};
use worker::{Fitted, Input};

const FAMILIES: [&str; 4] = ["gaussian", "binomial", "poisson", "gamma"];

fn main() -> Result<(), Box<dyn Error>> {
    let input = Input::from_args()?;
    let x = Mat::from_fn(input.n, input.p, |row, column| input.x[column * input.n + row]);
    let column = |family: &str| input.y(family).map(|y| Col::from_fn(y.len(), |row| y[row]));
    let (gaussian, binomial) = (column(FAMILIES[0])?, column(FAMILIES[1])?);
    let (poisson, gamma) = (column(FAMILIES[2])?, column(FAMILIES[3])?);
    worker::serve("0.9.0", &FAMILIES, |family| {
        Ok(match family {
            "gaussian" => fitted(&OlsRegressor::builder().compute_inference(true).build().fit(&x, &gaussian)?, None),
            "binomial" => {
                let fit = BinomialRegressor::logistic().compute_inference(true).build().fit(&x, &binomial)?;
                fitted(&fit, Some(fit.iterations))
            }
            "poisson" => {
                let fit = PoissonRegressor::log().compute_inference(true).build().fit(&x, &poisson)?;
                fitted(&fit, Some(fit.iterations))
            }
            _ => fitted(&GammaRegressor::builder().compute_inference(true).build().fit(&x, &gamma)?, None),
        })
    })
}

fn fitted(fit: &impl FittedRegressor, iterations: Option<usize>) -> Fitted {
    let result = fit.result();
    let coefficients = result.intercept.into_iter().chain(result.coefficients.iter().copied()).collect();
    let std_errors = result.std_errors.as_ref().map(|errors| {
        let intercept = result.intercept_std_error.unwrap_or(f64::NAN);
        std::iter::once(intercept).chain(errors.iter().copied()).collect()
    });
    Fitted { coefficients, std_errors, iterations }
}

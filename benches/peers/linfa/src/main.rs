//! Fits with linfa, which has no standard errors: least squares, logistic regression and Tweedie by L-BFGS.

use std::error::Error;

use linfa::Dataset;
use linfa::traits::Fit;
use linfa_linear::{LinearRegression, Link, TweedieRegressor};
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, Array2};
use worker::{Fitted, Input};

/// Where L-BFGS stops, a norm of the gradient: what scikit-learn and glum are given.
const TOLERANCE: f64 = 1e-5;
const ITERATIONS: usize = 1000;

fn main() -> Result<(), Box<dyn Error>> {
    let input = Input::from_args()?;
    let x = Array2::from_shape_vec((input.n, input.p), input.rows())?;
    let y = |family| Ok::<_, Box<dyn Error>>(Array1::from(input.y(family)?));
    let gaussian = Dataset::new(x.clone(), y("gaussian")?);
    let poisson = Dataset::new(x.clone(), y("poisson")?);
    let gamma = Dataset::new(x.clone(), y("gamma")?);
    let binomial = Dataset::new(x, y("binomial")?.mapv(|y| y > 0.5));
    worker::serve("0.8.1", &["gaussian", "binomial", "poisson", "gamma"], |family| {
        let tweedie = |power: f64, data| {
            let model = TweedieRegressor::params().power(power).link(Link::Log).alpha(0.0);
            let model = model.tol(TOLERANCE).max_iter(ITERATIONS).fit(data)?;
            Ok(fitted(model.intercept, &model.coef))
        };
        match family {
            "gaussian" => {
                let model = LinearRegression::new().fit(&gaussian)?;
                Ok(fitted(model.intercept(), model.params()))
            }
            "binomial" => {
                let model = LogisticRegression::default().alpha(0.0).gradient_tolerance(TOLERANCE);
                let model = model.max_iterations(ITERATIONS as u64).fit(&binomial)?;
                // Which of the two classes is the positive one depends on the order of the rows.
                let sign = if model.labels().pos.class { 1.0 } else { -1.0 };
                Ok(fitted(sign * model.intercept(), &(sign * model.params())))
            }
            "poisson" => tweedie(1.0, &poisson),
            _ => tweedie(2.0, &gamma),
        }
    })
}

fn fitted(intercept: f64, slopes: &Array1<f64>) -> Fitted {
    let coefficients = std::iter::once(intercept).chain(slopes.iter().copied()).collect();
    Fitted { coefficients, std_errors: None, iterations: None }
}

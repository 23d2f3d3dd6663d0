//! Fits with ndarray-glm, with standard errors from its covariance.

use std::error::Error;

use ndarray::{Array1, Array2};
use ndarray_glm::gamma_link::Log;
use ndarray_glm::{Gamma, Linear, Logistic, ModelBuilder, Poisson};
use worker::{Fitted, Input};

/// Fits one model of the type `$model` to `$y` and `$x`.
macro_rules! fit {
    ($model:ty, $y:expr, $x:expr) => {{
        let model = ModelBuilder::<$model>::data(&$y, &$x).build()?;
        let fit = model.fit()?;
        let std_errors = fit.covariance()?.diag().iter().map(|variance| variance.sqrt()).collect();
        Fitted { coefficients: fit.result.to_vec(), std_errors: Some(std_errors), iterations: Some(fit.n_iter) }
    }};
}

fn main() -> Result<(), Box<dyn Error>> {
    let input = Input::from_args()?;
    let x = Array2::from_shape_vec((input.n, input.p), input.rows())?;
    let y = |family| Ok::<_, Box<dyn Error>>(Array1::from(input.y(family)?));
    let (gaussian, gamma) = (y("gaussian")?, y("gamma")?);
    let binomial = y("binomial")?.mapv(|y| y > 0.5);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the counts are small")]
    let poisson = y("poisson")?.mapv(|y| y as u32);
    worker::serve("0.1.0", &["gaussian", "binomial", "poisson", "gamma"], |family| {
        Ok(match family {
            "gaussian" => fit!(Linear, gaussian, x),
            "binomial" => fit!(Logistic, binomial, x),
            "poisson" => fit!(Poisson, poisson, x),
            _ => fit!(Gamma<Log>, gamma, x),
        })
    })
}

//! Bliss's beetles (1935): deaths by dose, three links, every solver, and what a fit says about itself.
//!
//! `cargo run -p glm-solvers --example beetles`

#![expect(clippy::print_stdout, reason = "an example shows its results")]

use glm_core::{Dense, spec};
use glm_solvers::{Error, Problem, fisher_scoring, gradient_descent, irls, lbfgs, newton_raphson};

const LOG_DOSE: [f64; 8] = [1.6907, 1.7242, 1.7552, 1.7842, 1.8113, 1.8369, 1.8610, 1.8839];
const EXPOSED: [f64; 8] = [59.0, 60.0, 62.0, 56.0, 63.0, 59.0, 62.0, 60.0];
const KILLED: [f64; 8] = [6.0, 13.0, 18.0, 28.0, 52.0, 53.0, 61.0, 60.0];

fn main() -> Result<(), Error> {
    let share: Vec<f64> = KILLED.iter().zip(EXPOSED).map(|(killed, exposed)| killed / exposed).collect();
    let design = Dense::with_intercept([&LOG_DOSE[..]])?;
    for name in ["binomial(logit)", "binomial(probit)", "binomial(cloglog)"] {
        let response = spec::response(name)?;
        let problem = Problem::new(&design, &*response, share.clone())?.with_weights(EXPOSED.to_vec())?;
        for solver in [newton_raphson(), fisher_scoring(), irls(), lbfgs(), gradient_descent()] {
            let fit = solver.fit(&problem)?;
            println!(
                "{name:18} {:16} slope {:.6} ± {:.6}  deviance {:.4} on {} df  {} iterations, score {:.0e}",
                fit.solver,
                fit.coefficients[1],
                fit.std_errors[1],
                fit.deviance,
                fit.df_residual,
                fit.certificate.iterations,
                fit.certificate.score_norm
            );
        }
    }
    Ok(())
}

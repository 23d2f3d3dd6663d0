//! What a link knows far out: a probit mean at η = ±9 and beyond, and the loss and slope of a Bernoulli response there.
//!
//! `cargo run -p glm-core --example tails`

#![expect(clippy::print_stdout, reason = "an example shows its results")]

use glm_core::{Binomial, Glm, Link, Probit};

fn main() -> Result<(), glm_core::Error> {
    let probit = Glm::new(Binomial, Probit)?;
    println!("{:>5} {:>12} {:>12} {:>14} {:>14} {:>12}", "η", "μ", "1 − μ", "ln μ", "loss (y = 0)", "slope");
    for eta in [-40.0, -9.0, 0.0, 9.0, 40.0] {
        let (at, unit) = (Probit.at(eta), probit.unit(0.0, eta));
        println!(
            "{eta:>5} {:>12.4e} {:>12.4e} {:>14.6e} {:>14.6e} {:>12.4e}",
            at.mu, at.complement, at.ln_mu.value, unit.loss, unit.slope
        );
    }
    Ok(())
}

//! Cases whose estimate is infinite: they are refused as separated, with the best iterate.

use glm_solvers::{Error, Solver};

use super::finding::Findings;
use super::glm::fit;
use crate::reference::Case;

/// A case of kind `behaviour` without a finite limit. (Which columns are named is checked in `existence.rs`.)
pub(crate) fn measure(case: &Case, solver: Solver, findings: &mut Findings) -> Result<(), Error> {
    match fit(case, solver) {
        Err(Error::Separation(found)) => {
            if found.columns.is_empty() {
                findings.refuse("a separation without columns".to_owned());
            }
            if !found.best.deviance.is_finite() {
                findings.refuse(format!("a best iterate of deviance {}", found.best.deviance));
            }
        }
        Err(error) => return Err(error),
        Ok((fit, _)) => findings.refuse(format!("reported as a fit, {:?}", fit.coefficients)),
    }
    Ok(())
}

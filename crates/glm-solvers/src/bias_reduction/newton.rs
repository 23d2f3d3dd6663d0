//! Newton's step for an adjusted score, from differences: for the few problems on which scoring converges slowly.

use faer::Mat;
use faer::linalg::solvers::Solve;

use super::adjustment::{Adjusted, Target};
use crate::Error;

/// ∛ε, in standard errors: central differences then err by about ε^⅔ = 4e-11, relatively.
const DIFFERENCE: f64 = 6e-6;

/// J⁻¹G for the gradient G and its Jacobian J by central differences, at the cost of two points per column; `None` where
/// a difference leaves the domain or J is singular.
pub(super) fn newton_direction(target: &Target<'_>, at: &Adjusted) -> Result<Option<Vec<f64>>, Error> {
    let (kept, k) = (at.factor.kept(), at.factor.kept().len());
    // Columns of unit length, so that the elimination compares what can be compared.
    let scale: Vec<f64> = at.factor.diagonal().iter().map(|value| value.sqrt()).collect();
    let mut jacobian = Mat::zeros(k, k);
    for (b, j) in kept.iter().enumerate() {
        let h = DIFFERENCE * target.dispersion.sqrt() / scale[*j];
        let moved = |by: f64| {
            let mut params = at.params.clone();
            params[*j] += by;
            target.at(params)
        };
        let (Some(after), Some(before)) = (moved(h)?, moved(-h)?) else { return Ok(None) };
        let width = (after.params[*j] - before.params[*j]) * scale[*j];
        for (a, i) in kept.iter().enumerate() {
            jacobian[(a, b)] = (after.gradient[*i] - before.gradient[*i]) / (width * scale[*i]);
        }
    }
    let gradient = Mat::from_fn(k, 1, |a, _| at.gradient[kept[a]] / scale[kept[a]]);
    let solution = jacobian.partial_piv_lu().solve(&gradient);
    let mut direction = vec![0.0; at.params.len()];
    for (a, j) in kept.iter().enumerate() {
        direction[*j] = solution[(a, 0)] / scale[*j];
    }
    Ok(direction.iter().all(|value| value.is_finite()).then_some(direction))
}

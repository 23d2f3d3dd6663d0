//! The last digits: steps of iterative refinement in twice the working precision, and an inverse to match.
//!
//! Working precision limits a fit in two places that an ill-conditioned design makes visible. The parameters are rounded,
//! and Σ |βⱼ xⱼ| may be far larger than η; and (XᵀWX)⁻¹ has the condition number of X as its relative error. Here the
//! parameters are unevaluated sums of two numbers, η and the gradient are summed with compensation, and XᵀWX is summed,
//! factorised and inverted in twice the precision. What is left is the rounding of η and of the slopes, which no
//! conditioning magnifies; for least squares on a small design the residuals keep twice the precision too. Reference: Björck, Numerical Methods for Least Squares Problems (1996), §2.9.

use faer::Mat;
use glm_core::special::Twofold;
use glm_core::{Order, Units, Work, blocks, linear_predictors};

use crate::run::Run;
use crate::{Error, Factor, Factorisation, Outcome};

/// Elements of the design up to which refinement is done wherever it gains a digit: it costs less than a millisecond.
const SMALL: usize = 4096;
/// There is none to gain where every column is at least so far from the span of those before it, as a share of its length,
const WELL_CONDITIONED: f64 = 0.1;
/// and where the parameters are at most so many of their standard errors, of which rounding is that much smaller.
const IN_SIGHT: f64 = 1e3;
/// Steps of refinement; two or three are usual.
const MAX_STEPS: usize = 8;

/// Refines a converged run on a small or an ill-conditioned design, where it helps.
// Over budget: one loop with its two ways to end.
pub(crate) fn refine(run: &mut Run<'_>, outcome: Outcome, tolerance: f64) -> Result<Outcome, Error> {
    let converged = matches!(outcome, Outcome::Converged | Outcome::RoundingFloor);
    let coupled = run.problem.response().n_predictors() > 1;
    let unwanted = run.start.wanted == Some(Factorisation::Cholesky);
    let gains = is_small(run) && !is_precise(run);
    if !converged || coupled || unwanted || !(gains || run.start.ill_conditioned) {
        return Ok(outcome);
    }
    let Some(factor) = Factor::new(&run.expand(Order::Root)?.information, run.start.factor.kept()) else {
        return Ok(outcome);
    };
    run.low = vec![0.0; run.params.len()];
    let (mut last, mut before) = (f64::INFINITY, run.params.clone());
    let mut low_before = run.low.clone();
    for _ in 0..MAX_STEPS {
        let gradient = match least_squares(run) {
            Some((gradient, _)) => gradient,
            None => run.expand(Order::Gradient)?.gradient,
        };
        let step = factor.solve(&gradient);
        let length = factor.length(&step);
        // The expected information may not suit a loss whose observed one is far from it. (So does this leave NaN alone.)
        if length.is_nan() || length > last {
            (run.params, run.low) = (before, low_before);
            break;
        }
        // Steps that no longer shrink are made of rounding errors.
        if length >= 0.5 * last {
            break;
        }
        last = length;
        before.clone_from(&run.params);
        low_before.clone_from(&run.low);
        for ((high, low), step) in run.params.iter_mut().zip(&mut run.low).zip(&step) {
            let moved = Twofold::sum(*high, *low) - Twofold::from(*step);
            (*high, *low) = (moved.high, moved.low);
        }
    }
    run.order = Order::Root;
    run.renew()?;
    if let Some((gradient, loss)) = least_squares(run) {
        (run.at.gradient, run.at.loss, run.at.merit) = (gradient, loss, loss);
    }
    let score = factor.score_norm(&run.at.gradient);
    Ok(if score <= tolerance * run.visible_deviation(&factor) { Outcome::Converged } else { outcome })
}

/// Whether working precision is enough where the run is.
fn is_precise(run: &Run<'_>) -> bool {
    let in_sight = |metric: &Factor| metric.size(&run.params) <= IN_SIGHT * run.deviation();
    Factor::new(&run.at.information, run.start.factor.kept())
        .is_some_and(|metric| metric.smallest_pivot() >= WELL_CONDITIONED && in_sight(&metric))
}

/// Gradient and loss of least squares on a small design, Xᵀw(Xβ − y) and ½ Σ w (Xβ − y)², in twice the precision.
fn least_squares(run: &Run<'_>) -> Option<(Vec<f64>, f64)> {
    let (problem, n) = (run.problem, run.problem.y().len());
    if !(is_small(run) && problem.response().is_location()) {
        return None;
    }
    let zero = Twofold::from(0.0);
    let (mut x, mut gradient, mut loss) = (vec![0.0; n * run.params.len()], vec![zero; run.params.len()], zero);
    problem.design().dense(0..n, &mut x);
    for row in 0..n {
        let offset = problem.offset().get(row).copied().unwrap_or(0.0);
        let terms = x.chunks_exact(n).zip(run.params.iter().zip(&run.low));
        let residual = terms.fold(Twofold::sum(offset, -problem.y()[row]), |sum, (column, (high, low))| {
            sum + Twofold::sum(*high, *low).scale(column[row])
        });
        let weighted = residual.scale(problem.weight(row));
        loss = loss + residual * weighted;
        for (gradient, column) in gradient.iter_mut().zip(x.chunks_exact(n)) {
            *gradient = *gradient + weighted.scale(column[row]);
        }
    }
    Some((gradient.into_iter().map(Twofold::value).collect(), 0.5 * loss.value()))
}

fn is_small(run: &Run<'_>) -> bool {
    run.problem.y().len() * run.params.len() <= SMALL
}

/// (XᵀWX)⁻¹ of the kept columns for a refined run on a small design, the expected information summed, factorised (`LDLᵀ`)
/// and inverted in twice the working precision; `None` elsewhere, and where it is not positive definite even so.
pub(crate) fn refined_inverse(run: &Run<'_>) -> Option<Mat<Twofold>> {
    if run.low.is_empty() || !is_small(run) {
        return None;
    }
    let kept = run.start.factor.kept();
    let k = kept.len();
    let mut ldl = twofold_gram(run, kept);
    for j in 0..k {
        for i in j..k {
            let sum = (0..j).fold(ldl[j * k + i], |sum, l| sum - ldl[l * k + i] * ldl[l * k + j] * ldl[l * k + l]);
            ldl[j * k + i] = if i == j { sum } else { sum / ldl[j * k + j] };
        }
        if ldl[j * k + j].high.is_nan() || ldl[j * k + j].high <= 0.0 {
            return None;
        }
    }
    let columns: Vec<Vec<Twofold>> = (0..k).map(|j| solve_unit(&ldl, k, j)).collect();
    Some(Mat::from_fn(k, k, |i, j| columns[i.max(j)][i.min(j)]))
}

/// The lower triangle of XᵀWX of the kept columns, column-major.
fn twofold_gram(run: &Run<'_>, kept: &[usize]) -> Vec<Twofold> {
    let (problem, k, mut work) = (run.problem, kept.len(), Work::new());
    let mut gram = vec![Twofold::from(0.0); k * k];
    for rows in blocks(0..problem.y().len()) {
        let m = rows.len();
        let (mut eta, mut loss, mut slope, mut curvature) = (vec![0.0; m], vec![0.0; m], vec![0.0; m], vec![0.0; m]);
        linear_predictors(problem.response(), problem.batch(), rows.clone(), run.place(), &mut eta, &mut work);
        let units = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
        problem.response().units(&problem.y()[rows.clone()], &eta, Order::Expected, units);
        let mut x = vec![0.0; m * problem.design().n_cols()];
        problem.design().dense(rows.clone(), &mut x);
        for (i, row) in rows.enumerate().filter(|(_, row)| problem.weight(*row) > 0.0) {
            let weight = Twofold::product(curvature[i], problem.weight(row));
            for (b, column) in kept.iter().enumerate() {
                let weighted = weight.scale(x[column * m + i]);
                for (a, column) in kept.iter().enumerate().skip(b) {
                    gram[b * k + a] = gram[b * k + a] + weighted.scale(x[column * m + i]);
                }
            }
        }
    }
    gram
}

/// Column j of the inverse, from `LDLᵀ`.
fn solve_unit(ldl: &[Twofold], k: usize, j: usize) -> Vec<Twofold> {
    let mut z = vec![Twofold::from(0.0); k];
    z[j] = Twofold::from(1.0);
    for l in j..k {
        for i in l + 1..k {
            z[i] = z[i] - ldl[l * k + i] * z[l];
        }
    }
    for l in (0..k).rev() {
        z[l] = (l + 1..k).fold(z[l] / ldl[l * k + l], |sum, i| sum - ldl[l * k + i] * z[i]);
    }
    z
}

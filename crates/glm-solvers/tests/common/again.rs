//! Other ways to the same estimate: another method from another start, and where the domain has a point at all.

use glm_solvers::{Error, Fit, Problem, Solver, lbfgs, newton_raphson};

use crate::recomputed::eta;
use crate::tails::split;
use crate::truth::{ends, noise};
use crate::wild::Wild;

/// Whether the loss of every response is convex in η, so that there is one minimum: from the second derivatives of
/// −y θ(η) + b(θ(η)).
pub(crate) fn is_convex(family: &str, link: &str) -> bool {
    let (word, power) = split(family);
    match link {
        "identity" => {
            ["gaussian", "binomial", "quasi-binomial", "poisson", "quasi-poisson"].contains(&word)
                || family == "quasi(0)"
        }
        "log" => word != "gaussian" && word != "inverse-gaussian" && (word != "quasi" || (1.0..=2.0).contains(&power)),
        "logit" | "probit" | "cloglog" | "loglog" => ["binomial", "quasi-binomial"].contains(&word),
        "sqrt" => ["poisson", "quasi-poisson"].contains(&word),
        "inverse" => word == "gamma",
        "inverse-squared" => word == "inverse-gaussian",
        _ => false,
    }
}

/// A fit or an edge clearly below a fit, by Newton–Raphson from three standard errors away, and by L-BFGS from half way
/// to the origin: its deviance, and how it was found.
pub(crate) fn lower(wild: &Wild, problem: &Problem<'_>, fit: &Fit) -> Option<String> {
    let params = fit.params();
    let away = |j: usize| if j.is_multiple_of(2) { 3.0 } else { -3.0 };
    let errors = fit.std_errors.iter().map(|error| if error.is_finite() { *error } else { 0.0 });
    let moved: Vec<f64> = params.iter().zip(errors).enumerate().map(|(j, (b, error))| b + away(j) * error).collect();
    let half: Vec<f64> = params.iter().map(|b| 0.5 * b).collect();
    // Of a family whose dispersion is known, a deviance is what it is; of another, a share of the null model's.
    let least = 1e-14 * if fit.null_deviance.is_finite() { 1.0 + fit.null_deviance } else { 1.0 };
    let below = |deviance: f64| deviance < fit.deviance * (1.0 - 1e-6) - 2.0 * noise(wild, &params) - least;
    let attempts = [(newton_raphson().with_start(moved), "away"), (lbfgs().with_start(half), "half way")];
    attempts.into_iter().find_map(|(solver, place)| {
        let found = match again(&solver, problem) {
            Ok(other) => Some(other.deviance),
            Err(Error::Boundary(found)) => Some(found.fit.deviance),
            Err(Error::Separation(_)) => return Some(format!("separated, says {} from {place}", solver.name())),
            _ => None,
        };
        let deviance = found.filter(|deviance| below(*deviance))?;
        Some(format!("{} from {place} has the deviance {deviance:e}, not {:e}", solver.name(), fit.deviance))
    })
}

/// Where the start is outside the domain, the method's own.
fn again(solver: &Solver, problem: &Problem<'_>) -> Result<Fit, Error> {
    match solver.fit(problem) {
        Err(Error::InvalidStart { .. }) => newton_raphson().fit(problem),
        other => other,
    }
}

/// A point inside the domain, where one is easily found: by projections on the wall that is most violated (Agmon, 1954).
pub(crate) fn a_start(wild: &Wild) -> Option<Vec<f64>> {
    let (lower, upper) = ends(wild.family, wild.link);
    let mut params = vec![0.0; wild.row(0).len()];
    for _ in 0..20_000 {
        let violation = |row: usize| {
            let (x, at) = (wild.row(row), eta(&wild.row(row), &params, wild.offset_of(row)).value());
            let length = x.iter().map(|x| x * x).sum::<f64>().sqrt();
            // Signed: positive where η must rise. A wall counts until η is clearly inside.
            let inside = 1e-9 * (1.0 + at.abs());
            let (up, down) = (lower + inside - at, at - (upper - inside));
            let need = if up > 0.0 {
                1.5 * up
            } else if down > 0.0 {
                -1.5 * down
            } else {
                0.0
            };
            (row, need / (length * length).max(f64::MIN_POSITIVE), need.abs() / length.max(f64::MIN_POSITIVE))
        };
        let worst = wild.used().map(violation).max_by(|a, b| a.2.total_cmp(&b.2));
        let Some((row, step, _)) = worst.filter(|worst| worst.2 > 0.0) else { return Some(params) };
        params.iter_mut().zip(wild.row(row)).for_each(|(b, x)| *b += step * x);
    }
    None
}

//! Thousands of problems that nobody would choose, each of which ends in a fit that verifies or in an error that is true.

#![allow(clippy::unwrap_used, reason = "a test may fail at a fit that is not as it should be")]

#[path = "common/again.rs"]
mod again;
#[path = "common/pairs.rs"]
mod pairs;
#[expect(dead_code, reason = "existence.rs enumerates rays of small cones")]
#[path = "common/rational.rs"]
mod rational;
#[path = "common/recomputed.rs"]
mod recomputed;
#[path = "common/separated.rs"]
mod separated;
#[path = "common/simplex.rs"]
mod simplex;
#[expect(dead_code, reason = "agree.rs simulates whole data sets")]
#[path = "common/simulate.rs"]
mod simulate;
#[path = "common/tails.rs"]
mod tails;
#[path = "common/truth.rs"]
mod truth;
#[path = "common/wild.rs"]
mod wild;

use std::collections::BTreeMap;

use glm_solvers::{
    Error, Fit, Outcome, Problem, Solver, fisher_scoring, gradient_descent, irls, lbfgs, newton_raphson,
};
use pairs::{Pair, pairs};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use wild::Wild;

/// Problems of each pair of a family and a link.
const PROBLEMS: u64 = 31;

/// The first seed: one at which nothing was decided.
const FIRST_SEED: u64 = 20_260_000_000;

/// Of the fits of so many seeds, one is compared with what other methods find from other starts.
const COMPARED: u64 = 2;

/// How one problem ended.
#[derive(Debug)]
struct End {
    family: &'static str,
    what: &'static str,
    /// The problem, and what is not true about its end.
    lie: Option<String>,
    /// Of a fit that was compared with others: whether there is one clearly below.
    lower: Option<bool>,
}

fn solver(seed: u64) -> Solver {
    match seed % 9 {
        0 | 4 => irls(),
        1 | 5 => fisher_scoring(),
        2 | 6 => newton_raphson(),
        3 | 7 => lbfgs(),
        _ => gradient_descent().with_max_iterations(300),
    }
}

/// Fits one problem and checks what comes of it.
fn end(pair: &Pair, seed: u64) -> End {
    let wild = Wild::new(pair.family, pair.link, seed);
    let (design, response, solver) = (wild.dense(), &*pair.response, solver(seed));
    let problem = wild.problem(&design, response);
    let result = solver.fit(&problem);
    let (what, truth) = match &result {
        Ok(fit) if fit.certificate.outcome == Outcome::Converged => ("fit", truth::of_fit(&wild, fit)),
        Ok(fit) => ("floor", truth::of_fit(&wild, fit)),
        Err(Error::Separation(found)) => ("separated", truth::of_separation(&wild, found)),
        Err(Error::Boundary(found)) => {
            ("edge", truth::of_boundary(&wild, found).and_then(|()| truth::fell(&wild, &found.fit)))
        }
        Err(Error::Infeasible { rows, .. }) => ("infeasible", truth::of_infeasible(&wild, rows)),
        Err(Error::NoValidStart { .. }) => (no_start(&wild, &problem), Ok(())),
        Err(Error::NotConverged(fit)) => not_converged(&wild, &problem, fit, &solver),
        Err(error) => ("other", Err(error.to_string())),
    };
    let name = format!(
        "{} seed {seed} by {}: {:?} {:?} n {} p {}",
        response.name(),
        solver.name(),
        wild.design,
        wild.kind,
        wild.y.len(),
        wild.row(0).len()
    );
    let compared = result.as_ref().ok().filter(|_| seed.is_multiple_of(COMPARED));
    let lower = compared.map(|fit| again::lower(&wild, &problem, fit));
    let convex = again::is_convex(pair.family, pair.link);
    let other = lower.clone().flatten().filter(|why| convex || why.starts_with("separated"));
    let truth = truth.and_then(|()| other.map_or(Ok(()), Err));
    let lie = truth.err().map(|why| format!("{name}: {what}: {why}"));
    End { family: pair.family, what, lie, lower: lower.map(|found| found.is_some()) }
}

/// Whether a point inside the domain is found by projections, and taken by the library.
fn no_start(wild: &Wild, problem: &Problem<'_>) -> &'static str {
    let Some(start) = again::a_start(wild) else { return "no start" };
    match lbfgs().with_start(start).fit(problem) {
        Err(Error::InvalidStart { .. } | Error::NoValidStart { .. }) => "no start",
        _ => "start missed",
    }
}

/// What is known where no method of ours got to an end.
fn not_converged(wild: &Wild, problem: &Problem<'_>, fit: &Fit, solver: &Solver) -> (&'static str, Result<(), String>) {
    let truth = truth::fell(wild, fit).and_then(|()| match fit.certificate.converged() {
        true => Err("converged, but an error".to_owned()),
        false => Ok(()),
    });
    if solver.name() == "gradient-descent" && fit.certificate.outcome == Outcome::IterationLimit {
        return ("steepest", truth);
    }
    if fit.certificate.escape.is_some() {
        return ("runs off", truth.and_then(|()| truth::of_escape(wild, problem.response(), fit)));
    }
    if better(problem, fit) {
        return ("missed", truth);
    }
    let what = match fit.certificate.outcome {
        Outcome::IterationLimit => "limit",
        Outcome::NoProgress => "stuck",
        Outcome::Diverging => "diverging",
        Outcome::Boundary => "at edge",
        Outcome::LocalMinimum => "local",
        Outcome::Overflow => "overflow",
        Outcome::Cancellation => return ("cancels", truth.and_then(|()| truth::of_cancellation(wild, fit))),
        _ => "unknown",
    };
    (what, truth)
}

/// Whether another method, or the same point as a start, leads to a fit or an edge clearly below.
fn better(problem: &Problem<'_>, fit: &Fit) -> bool {
    let below = |deviance: f64| deviance < fit.deviance * (1.0 - 1e-6);
    let from_there = |solver: Solver| solver.with_start(fit.params());
    let solvers = [newton_raphson(), irls(), from_there(newton_raphson()), from_there(lbfgs())];
    solvers.iter().any(|solver| match solver.fit(problem) {
        Ok(other) => below(other.deviance),
        Err(Error::Boundary(found)) => below(found.fit.deviance),
        Err(Error::Separation(_)) => true,
        _ => false,
    })
}

/// The caps are set from three other sets of seeds, from 1, 2 and 3 million on, where 0.61, 0.76 and 0.59 % of the ends
/// were unfinished, rounding hid 3.86, 3.23 and 3.27 %, and 7 of 1331, 10 of 1336 and 9 of 1284 fits compared were local
/// minima, none of them where the loss is convex. Defects that those seeds showed are in `regressions.rs`; the seeds
/// asserted here were run for the first time after that, with 0.73 %, 3.03 % and 5 of 1321.
// Over budget: the tables, one after the other, and the caps.
#[test]
#[expect(clippy::print_stdout, reason = "the counts are what this test reports")]
fn every_problem_ends_in_a_fit_that_verifies_or_in_an_error_that_is_true() {
    let pairs = pairs();
    let tasks: Vec<(usize, u64)> = (0..pairs.len())
        .flat_map(|pair| (0..PROBLEMS).map(move |k| (pair, FIRST_SEED + pair as u64 * 1000 + k)))
        .collect();
    let ends: Vec<End> = tasks.into_par_iter().map(|(pair, seed)| end(&pairs[pair], seed)).collect();
    let mut table: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut total: BTreeMap<&str, usize> = BTreeMap::new();
    for end in &ends {
        *table.entry(end.family).or_default().entry(end.what).or_default() += 1;
        *total.entry(end.what).or_default() += 1;
    }
    for (family, counts) in &table {
        println!("{family:22} {counts:?}");
    }
    println!("{:22} {total:?}", "all");
    let lies: Vec<&String> = ends.iter().filter_map(|end| end.lie.as_ref()).collect();
    for lie in &lies {
        println!("{lie}");
    }
    let compared: Vec<bool> = ends.iter().filter_map(|end| end.lower).collect();
    let local = compared.iter().filter(|lower| **lower).count();
    println!("{local} of {} fits compared are local minima", compared.len());
    // True, but not much help: no end was found, or rounding errors hide it.
    let share = |names: &[&str]| {
        let count: usize = names.iter().filter_map(|name| total.get(name)).sum();
        count as f64 / ends.len() as f64
    };
    let unfinished = [
        "limit",
        "stuck",
        "diverging",
        "at edge",
        "local",
        "overflow",
        "unknown",
        "missed",
        "no start",
        "start missed",
    ];
    println!("unfinished {:.2} %, hidden by rounding {:.2} %", 100.0 * share(&unfinished), 100.0 * share(&["cancels"]));
    assert!(ends.len() > 4000 && share(&unfinished) < 0.01 && share(&["cancels"]) < 0.05, "{total:?}");
    assert!(compared.len() > 1000 && local * 100 < 2 * compared.len(), "{local} local minima");
    assert!(lies.is_empty(), "{} ends are not what they are said to be", lies.len());
}

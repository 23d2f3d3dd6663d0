//! Separated data are always reported, with the rows and columns that show it, and data that are not separated never are.

#![allow(clippy::unwrap_used, reason = "a test may fail at a file that is not as it should be")]

#[path = "common/random.rs"]
mod random;
#[path = "common/rational.rs"]
mod rational;
#[expect(dead_code, reason = "reference.rs reads more of a case than this")]
#[path = "common/reference.rs"]
mod reference;

use glm_core::{Dense, Recession, Response, spec};
use glm_solvers::{
    Error, Existence, Problem, Separation, Solver, Towards, fisher_scoring, gradient_descent, irls, lbfgs,
    newton_raphson,
};
use random::SplitMix;
use rational::{Cone, Side};
use reference::{cases, folders};

fn solvers() -> [Solver; 5] {
    [irls(), fisher_scoring(), newton_raphson(), lbfgs(), gradient_descent().with_max_iterations(300)]
}

fn separation(outcome: Result<glm_solvers::Fit, Error>, what: &str) -> Separation {
    match outcome {
        Err(Error::Separation(separation)) => *separation,
        Err(error) => panic!("{what}: {error}"),
        Ok(fit) => panic!("{what}: reported as a fit, {:?}", fit.coefficients),
    }
}

/// The cases of `reference/` whose estimate is infinite: the columns that it names, and no others.
#[test]
fn reference_cases_are_separated_for_every_solver() {
    let mut count = 0;
    for case in folders().iter().flat_map(|folder| cases(folder)) {
        let infinite = &case.json["expected"]["limit"]["infinite"];
        if !case.is_infinite() {
            continue;
        }
        count += 1;
        let response = case.response().unwrap();
        let design = case.design();
        let problem = Problem::new(&design, &*response, case.y.clone()).unwrap();
        let problem = problem.with_weights(case.weights.clone()).unwrap().with_offset(case.offset.clone()).unwrap();
        for solver in solvers() {
            let found = separation(solver.fit(&problem), &case.id);
            let named: Vec<&str> = found.columns.iter().map(|(column, _)| case.names[*column].as_str()).collect();
            let expected: Vec<&str> = infinite.as_object().unwrap().keys().map(String::as_str).collect();
            assert!(expected.iter().all(|name| named.contains(name)), "{}: {named:?}, not {expected:?}", case.id);
            for (column, towards) in &found.columns {
                let sign = if infinite[&case.names[*column]] == "-Inf" {
                    Towards::MinusInfinity
                } else {
                    Towards::PlusInfinity
                };
                assert_eq!(*towards, sign, "{}", case.id);
            }
            assert!(found.best.deviance.is_finite() && !found.rows.is_empty());
        }
    }
    assert!(count >= 5, "{count}");
}

fn silent(file: &str, columns: &[&str]) -> (Vec<Vec<f64>>, Vec<f64>) {
    let path = folders()[0].join("silent").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let rows: Vec<Vec<f64>> = lines.map(|row| row.iter().map(|value| value.parse().unwrap()).collect()).collect();
    let column = |name: &str| {
        let j = header.iter().position(|entry| *entry == name).unwrap();
        rows.iter().map(|row| row[j]).collect::<Vec<f64>>()
    };
    (columns.iter().map(|name| column(name)).collect(), column("y"))
}

/// Data on which other systems report a large number without a word.
#[test]
fn silent_failures_of_others_are_named() {
    for (file, columns, name, complete) in
        [("complete_separated.csv", &["x"][..], 1, true), ("quasi_separated.csv", &["z", "d"][..], 2, false)]
    {
        let (x, y) = silent(file, columns);
        let design = Dense::with_intercept(x.iter().map(Vec::as_slice)).unwrap();
        for link in ["logit", "probit", "cloglog", "loglog", "cauchit"] {
            let response = spec::response(&format!("binomial({link})")).unwrap();
            let problem = Problem::new(&design, &*response, y.clone()).unwrap();
            for solver in solvers() {
                let found = separation(solver.fit(&problem), file);
                assert_eq!(found.complete, complete, "{file} {link}");
                assert_eq!(found.columns, [(name, Towards::PlusInfinity)], "{file} {link} {}", solver.name());
                let text = Error::Separation(Box::new(found)).to_string();
                assert!(
                    text.contains(&format!("column {name} goes to +∞")) && text.contains("bias reduction"),
                    "{text}"
                );
            }
        }
    }
}

/// An empty level of a factor: its own coefficient goes, and only that.
#[test]
fn an_empty_level_names_its_column() {
    let level: Vec<f64> = (0..30).map(|i| f64::from(i % 3 == 2)).collect();
    let x: Vec<f64> = (0..30).map(|i| f64::from(i * 7 % 30) / 10.0 - 1.0).collect();
    let y: Vec<f64> = (0..30).map(|i| if i % 3 == 2 { 0.0 } else { f64::from(i % 4) }).collect();
    let design = Dense::with_intercept([&x[..], &level[..]]).unwrap();
    for name in ["poisson(log)", "quasi-poisson(log)", "negative-binomial(2)(log)", "tweedie(1.5)(log)"] {
        let response = spec::response(name).unwrap();
        let problem = Problem::new(&design, &*response, y.clone()).unwrap();
        for solver in solvers() {
            let found = separation(solver.fit(&problem), name);
            assert_eq!(found.columns, [(2, Towards::MinusInfinity)], "{name}");
            assert!(!found.complete && found.rows == (0..30).filter(|i| i % 3 == 2).collect::<Vec<_>>(), "{name}");
        }
    }
}

/// Neither the units of columns nor heavy weights, nor a start near the truth, hide a separation or invent one.
#[test]
fn scales_and_weights_do_not_matter() {
    let x: Vec<f64> = (0..60).map(|i| (f64::from(i) * 0.7).sin()).collect();
    let z: Vec<f64> = (0..60).map(|i| (f64::from(i) * 1.3).cos()).collect();
    for gap in [true, false] {
        let y: Vec<f64> = (0..60)
            .map(|i| if gap { f64::from(x[i] + 0.5 * z[i] > 0.1) } else { f64::from((i * 5) % 7 < 3) })
            .collect();
        for (a, b) in [(1.0, 1.0), (1e8, 1e-8), (1e-8, 1e-8), (1e8, 1e8)] {
            let columns = [x.iter().map(|v| a * v).collect::<Vec<_>>(), z.iter().map(|v| b * (v + 100.0)).collect()];
            let design = Dense::with_intercept(columns.iter().map(Vec::as_slice)).unwrap();
            let response = spec::response("binomial").unwrap();
            let weights: Vec<f64> = (0..60).map(|i| [1.0, 1e-6, 1e6][i % 3]).collect();
            let problem = Problem::new(&design, &*response, y.clone()).unwrap().with_weights(weights).unwrap();
            for solver in [irls(), fisher_scoring(), newton_raphson(), lbfgs()] {
                match solver.fit(&problem) {
                    Err(Error::Separation(found)) => assert!(gap && found.complete, "{a} {b}"),
                    Err(Error::NotConverged(fit)) => assert!(
                        !gap && fit.certificate.existence == Existence::Proved,
                        "{a} {b} {gap} {} {:?}",
                        solver.name(),
                        fit.certificate
                    ),
                    Err(error) => panic!("{error}"),
                    Ok(fit) => assert!(!gap && fit.certificate.existence == Existence::Proved, "{a} {b}"),
                }
            }
        }
    }
}

/// Where there is no theorem the certificate says so; where losses are unbounded both ways, existence is plain.
#[test]
fn certificates_say_what_is_known() {
    let x = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];
    let y = vec![1.0, 2.5, 3.0, 3.5, 5.5, 6.0];
    let design = Dense::with_intercept([&x[..]]).unwrap();
    for (name, expected) in [
        ("gaussian", Existence::Proved),
        ("gamma(log)", Existence::Proved),
        ("poisson(log)", Existence::Proved),
        ("gaussian(log)", Existence::NotCertified),
        ("poisson(identity)", Existence::NotCertified),
        ("inverse-gaussian(log)", Existence::NotCertified),
    ] {
        let response = spec::response(name).unwrap();
        let fit = newton_raphson().fit(&Problem::new(&design, &*response, y.clone()).unwrap()).unwrap();
        assert_eq!(fit.certificate.existence, expected, "{name}");
    }
}

/// Where no coefficients give every mean a place in its domain, the rows that contradict each other are named; where
/// some do, a start is found, without an intercept too.
#[test]
fn an_empty_domain_names_its_rows() {
    let (x, z) = ([1.0, -1.0, 2.0, 3.0, 1.0], [1.0, 1.0, 0.5, -1.0, 2.0]);
    let y = vec![1.0, 2.0, 1.0, 3.0, 1.0];
    let poisson = spec::response("poisson(identity)").unwrap();
    let alone = Dense::without_intercept([&x[..]]).unwrap();
    let problem = Problem::new(&alone, &*poisson, y.clone()).unwrap();
    for solver in solvers() {
        match solver.fit(&problem) {
            // Row 1 asks for a negative slope, any other for a positive one.
            Err(Error::Infeasible { rows, .. }) => assert!(rows.len() == 2 && rows.contains(&1), "{rows:?}"),
            other => panic!("{}: {other:?}", solver.name()),
        }
    }
    // An offset makes room, and so does another column.
    let both = Dense::without_intercept([&x[..], &z[..]]).unwrap();
    for problem in [
        problem.with_offset(vec![1.5; 5]).unwrap(),
        Problem::new(&both, &*poisson, y.clone()).unwrap(),
        Problem::new(&both, &*poisson, y).unwrap().with_offset(vec![-1.0, 0.5, 0.0, 0.0, -0.5]).unwrap(),
    ] {
        for solver in solvers() {
            match solver.fit(&problem) {
                Ok(fit) => assert!(fit.fitted(&problem).unwrap().iter().all(|mu| *mu > 0.0)),
                Err(Error::Boundary(found)) => assert!(found.fit.deviance.is_finite()),
                Err(error) => panic!("{}: {error}", solver.name()),
            }
        }
    }
}

const RESPONSES: [&str; 12] = [
    "binomial(logit)",
    "poisson(log)",
    "binomial(probit)",
    "negative-binomial(2)(log)",
    "binomial(cloglog)",
    "tweedie(1.5)(log)",
    "binomial(loglog)",
    "quasi-poisson(log)",
    "binomial(cauchit)",
    "binomial(log)",
    "quasi-binomial(logit)",
    "quasi(1.3)(log)",
];

/// A random design of small integers, and responses that are at the edge as often as not.
fn random(source: &mut SplitMix, response: &dyn Response) -> (Vec<Vec<i64>>, Vec<f64>) {
    let (n, p) = (source.below(12) + 2, source.below(4) + 1);
    let spread = source.below(3) + 1;
    let intercept = source.below(4) > 0;
    let mut element = |j: i64| if j == 0 && intercept { 1 } else { source.below(2 * spread + 1) - spread };
    let rows: Vec<Vec<i64>> = (0..n).map(|_| (0..p).map(&mut element).collect()).collect();
    let proportion = response.family().unwrap().mean_domain().contains(0.5) && response.check(&[2.0]).is_err();
    let levels = source.below(4) + 2;
    let y = (0..n).map(|_| match (proportion, source.below(levels)) {
        (true, 0) if levels > 4 => 0.5,
        (true, value) => f64::from(u8::from(value % 2 == 1)),
        (false, value) => (value - 1).max(0) as f64,
    });
    let y = y.collect();
    (rows, y)
}

fn side(recession: Option<Recession>) -> Side {
    match recession.unwrap() {
        Recession::Fixed => Side::Zero,
        Recession::Upward => Side::NonNegative,
        Recession::Downward => Side::NonPositive,
    }
}

/// What happened to one problem.
#[derive(Debug, Default)]
struct Counts {
    separated: usize,
    fitted: usize,
    edge: usize,
    infeasible: usize,
    not_converged: usize,
}

// Over budget: one arm for each thing that can happen to a fit.
fn check(rows: &[Vec<i64>], y: &[f64], response: &dyn Response, solver: &Solver, counts: &mut Counts) {
    let what = format!("{} by {}: {rows:?} {y:?}", response.name(), solver.name());
    let sides: Vec<Side> = y.iter().map(|y| side(response.recession(*y))).collect();
    let Some(cone) = Cone::of(rows, &sides) else { return };
    let columns = (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j] as f64).collect()).collect::<Vec<Vec<f64>>>();
    let design = Dense::without_intercept(columns.iter().map(Vec::as_slice)).unwrap();
    let problem = Problem::new(&design, response, y.to_vec()).unwrap();
    match solver.fit(&problem) {
        Err(Error::Separation(found)) => {
            counts.separated += 1;
            assert_eq!(found.rows, cone.moved, "{what}");
            assert_eq!(found.complete, cone.moved.len() == rows.len(), "{what}");
            for (column, sign) in &cone.certain {
                let towards = if *sign > 0 { Towards::PlusInfinity } else { Towards::MinusInfinity };
                assert!(found.columns.contains(&(*column, towards)), "{what}: {:?} {:?}", found.columns, cone.certain);
            }
            assert!(cone.certain.is_empty() || found.columns.len() == cone.certain.len(), "{what}");
        }
        Ok(fit) => {
            counts.fitted += 1;
            assert!(cone.moved.is_empty(), "{what}: separated, but a fit {:?}", fit.coefficients);
            assert_eq!(fit.certificate.existence, Existence::Proved, "{what}");
            assert!(fit.certificate.converged(), "{what}");
            // A perfect fit has no dispersion to measure its score by.
            assert!(fit.certificate.score_norm < 1e-6 || fit.deviance < 1e-20, "{what}: {:?}", fit.certificate);
        }
        Err(Error::Boundary(found)) => {
            counts.edge += 1;
            assert!(cone.moved.is_empty() && response.name() == "binomial(log)", "{what}");
            // A domain that is a single point, or a row of zeros, is on the edge without any force.
            assert!(found.active.iter().all(|active| active.multiplier >= 0.0) && !found.active.is_empty(), "{what}");
            let on_edge =
                |row: &Vec<i64>| row.iter().zip(&found.fit.coefficients).map(|(x, b)| *x as f64 * b).sum::<f64>();
            assert!(found.active.iter().all(|active| on_edge(&rows[active.row]).abs() < 1e-9), "{what}");
        }
        // A loss that is not convex, or too few iterations.
        Err(Error::NotConverged(fit))
            if ["binomial(log)", "binomial(cauchit)"].contains(&response.name().as_str())
                || solver.name() == "gradient-descent" =>
        {
            counts.not_converged += 1;
            assert!(cone.moved.is_empty(), "{what}: separated, but only not converged");
            assert_eq!(fit.certificate.existence, Existence::Proved, "{what}");
        }
        Err(Error::Infeasible { rows: conflict, .. }) => {
            counts.infeasible += 1;
            let chosen: Vec<Vec<i64>> = conflict.iter().map(|i| rows[*i].clone()).collect();
            for rows in [rows, &chosen] {
                let below = vec![Side::NonPositive; rows.len()];
                assert!(
                    Cone::of(rows, &below).is_none_or(|cone| cone.moved.len() < rows.len()),
                    "{what}: {conflict:?}"
                );
            }
        }
        Err(error) => panic!("{what}: {error}"),
    }
}

/// Ten thousand designs against the enumeration of every extreme ray, in integers.
#[test]
fn random_integer_designs_agree_with_exact_arithmetic() {
    let mut source = SplitMix(20_261_121);
    let mut counts = Counts::default();
    let solvers = solvers();
    for case in 0..10_000 {
        let response = spec::response(RESPONSES[case % RESPONSES.len()]).unwrap();
        let solver = &solvers[case / RESPONSES.len() % 5];
        let (rows, y) = random(&mut source, &*response);
        check(&rows, &y, &*response, solver, &mut counts);
    }
    assert!(
        counts.separated > 2000 && counts.fitted > 2000 && counts.infeasible > 20 && counts.edge > 100,
        "{counts:?}"
    );
    // Mostly steepest descent at its limit; the rest are edges of log-binomial fits that no active set was found for.
    assert!(counts.not_converged < 100, "{counts:?}");
}

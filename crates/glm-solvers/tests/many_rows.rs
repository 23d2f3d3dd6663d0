//! Fits of many rows start from a sample of them: the answer is that of any other start, also where the sample misleads.

#![allow(clippy::unwrap_used, reason = "a test may fail at data that are not as they should be")]

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use glm_core::{Categories, Dense, Design, Gram, Mixed, Response, Work, spec};
use glm_solvers::{Error, Existence, Fit, Problem, Solver, auto, fisher_scoring, irls, lbfgs, newton_raphson};
use sim::{draw, uniform};

/// Above four groups of 8192 rows a sample is taken: the first 512 rows of each group.
const N: usize = 50_000;

fn sampled(row: usize) -> bool {
    row % 8192 < 512
}

fn columns(seed: u64) -> Vec<Vec<f64>> {
    columns_of(seed, N)
}

fn columns_of(seed: u64, n: usize) -> Vec<Vec<f64>> {
    let mut rng = sim::rng(seed, 0);
    (0..3).map(|_| (0..n).map(|_| uniform::between(&mut rng, -1.0, 1.0)).collect()).collect()
}

fn draw_y(family: &str, columns: &[Vec<f64>]) -> Vec<f64> {
    let mut rng = sim::rng(7, 1);
    let eta = |row: usize| 0.3 + 0.8 * columns[0][row] - 0.5 * columns[1][row] + 0.2 * columns[2][row];
    (0..columns[0].len())
        .map(|row| match family {
            "binomial" => draw::bernoulli(&mut rng, 1.0 / (1.0 + (-eta(row)).exp())),
            "poisson" => draw::poisson(&mut rng, eta(row).exp()),
            "gamma" => draw::gamma(&mut rng, eta(row).exp(), 0.5),
            _ => draw::gaussian(&mut rng, eta(row), 1.0),
        })
        .map(Result::unwrap)
        .collect()
}

fn fit(solver: Solver, columns: &[Vec<f64>], response: &dyn Response, y: &[f64]) -> Result<Fit, Error> {
    let design = Dense::with_intercept(columns.iter().map(Vec::as_slice))?;
    solver.fit(&Problem::new(&design, response, y.to_vec())?)
}

/// The same fit from a start of the caller's, which no sample has a part in.
fn same_from_elsewhere(columns: &[Vec<f64>], response: &dyn Response, y: &[f64], start: &[f64]) {
    for solver in [auto, irls, fisher_scoring, newton_raphson, lbfgs] {
        let own = fit(solver(), columns, response, y).unwrap_or_else(|error| panic!("{error}"));
        let other = fit(solver().with_start(start.to_vec()), columns, response, y).unwrap();
        let (trace, score) = (&own.certificate.trace, own.certificate.score_norm);
        assert!(score < 1e-8, "{} by {}: a score of {score:e}", own.response, own.solver);
        assert!(trace[trace.len() - 1] <= trace[0] * (1.0 + 1e-13), "{} by {}: {trace:?}", own.response, own.solver);
        assert_eq!((own.rank, &own.aliased), (other.rank, &other.aliased), "{}", own.solver);
        assert_same(&own, &other);
    }
}

/// The same coefficients and standard errors, but for columns that are aliased.
fn assert_same(own: &Fit, other: &Fit) {
    for j in 0..own.coefficients.len() {
        let (error, place) = (other.std_errors[j], format!("{} by {}, {j}", own.response, own.solver));
        if !error.is_nan() {
            assert!((own.coefficients[j] - other.coefficients[j]).abs() < 1e-7 * error, "{place}");
            assert!((own.std_errors[j] / error - 1.0).abs() < 1e-7, "{place}");
        }
    }
}

#[test]
fn every_family_is_fitted_as_from_elsewhere() {
    let columns = columns(1);
    for (name, start) in [
        ("binomial(logit)", 0.0),
        ("binomial(probit)", 0.0),
        ("poisson(log)", 0.0),
        ("gamma(log)", 0.0),
        ("gaussian(identity)", 0.0),
        ("gamma(inverse)", 1.0),
    ] {
        let response = spec::response(name).unwrap();
        let y = draw_y(name.split('(').next().unwrap(), &columns);
        same_from_elsewhere(&columns, &*response, &y, &[start, 0.0, 0.0, 0.0]);
    }
}

#[test]
fn newton_raphson_is_chosen_off_the_canonical_link() {
    let columns = columns(7);
    for (name, chosen) in [("gamma(log)", "newton"), ("poisson(log)", "fisher"), ("gaussian(identity)", "fisher")] {
        let (response, y) = (spec::response(name).unwrap(), draw_y(name.split('(').next().unwrap(), &columns));
        let fit = fit(auto(), &columns, &*response, &y).unwrap();
        assert_eq!(fit.solver, chosen, "{name}");
    }
}

#[test]
fn fewer_full_passes_are_made() {
    let (columns, response) = (columns(2), spec::response("binomial(logit)").unwrap());
    let y = draw_y("binomial", &columns);
    let own = fit(fisher_scoring(), &columns, &*response, &y).unwrap();
    let other = fit(fisher_scoring().with_start(vec![0.0; 4]), &columns, &*response, &y).unwrap();
    assert!(own.certificate.iterations < other.certificate.iterations, "{:?}", own.certificate);
    assert_eq!(own.certificate.existence, Existence::Proved);
}

/// What the sample does not see: sorted rows, a column that is constant or the double of another there, a sample that is
/// separated, and one whose maximum is outside the domain of the other rows.
#[test]
fn a_sample_that_misleads_does_no_harm() {
    let (logit, poisson) = (spec::response("binomial(logit)").unwrap(), spec::response("poisson(log)").unwrap());
    let mut sorted = columns(3);
    sorted[0].sort_by(f64::total_cmp);
    same_from_elsewhere(&sorted, &*poisson, &draw_y("poisson", &sorted), &[0.0; 4]);

    let mut constant = columns(4);
    (0..N).filter(|row| sampled(*row)).for_each(|row| constant[0][row] = 1.0);
    same_from_elsewhere(&constant, &*logit, &draw_y("binomial", &constant), &[0.0; 4]);

    let mut doubled = columns(5);
    (0..N).filter(|row| sampled(*row)).for_each(|row| doubled[1][row] = 2.0 * doubled[0][row]);
    same_from_elsewhere(&doubled, &*poisson, &draw_y("poisson", &doubled), &[0.0; 4]);

    let mut aliased = columns(6);
    (0..N).for_each(|row| aliased[2][row] = aliased[0][row] - aliased[1][row]);
    same_from_elsewhere(&aliased, &*poisson, &draw_y("poisson", &aliased), &[0.0; 4]);

    let separated = columns(7);
    let mut y = draw_y("binomial", &separated);
    (0..N).filter(|row| sampled(*row)).for_each(|row| y[row] = f64::from(u8::from(separated[0][row] > 0.0)));
    same_from_elsewhere(&separated, &*logit, &y, &[0.0; 4]);

    let (identity, mut wide) = (spec::response("poisson(identity)").unwrap(), columns(8));
    wide.truncate(1);
    (0..N).for_each(|row| wide[0][row] = if sampled(row) { wide[0][row] } else { 3.0 + wide[0][row] });
    let y: Vec<f64> = (0..N).map(|row| f64::from(u8::from(sampled(row))) * 4.0 + (row % 3) as f64).collect();
    same_from_elsewhere(&wide, &*identity, &y, &[5.0, 0.0]);
}

/// Some of these levels have no events in one row of sixteen, all have in one of four. From a maximum of n/ratio rows the
/// loss at the start is about p (ratio − 1)/2 above the least, here 75; that of one mean for all levels is some 800 above.
#[test]
fn a_level_without_events_in_the_sample_takes_a_larger_one() {
    const LEVELS: u32 = 60;
    let mut rng = sim::rng(11, 0);
    #[expect(clippy::cast_possible_truncation, reason = "a level is below 60")]
    let codes: Vec<u32> = (0..N).map(|_| uniform::below(&mut rng, u64::from(LEVELS)) as u32).collect();
    let y: Vec<f64> = codes.iter().map(|code| 0.03 * (0.1 * f64::from(code % 20)).exp()).collect();
    let y: Vec<f64> = y.into_iter().map(|mean| draw::poisson(&mut rng, mean).unwrap()).collect();
    let events = |level: u32| (0..N).filter(|row| sampled(*row) && codes[*row] == level).map(|row| y[row]).sum::<f64>();
    assert!((1..LEVELS).any(|level| events(level) == 0.0), "the sample has events of every level");

    let levels = Categories::treatment(&codes, LEVELS as usize).unwrap();
    let design = Mixed::new(N).intercept().term(levels).unwrap();
    let response = spec::response("poisson(log)").unwrap();
    let problem = Problem::new(&design, &*response, y).unwrap();
    let own = auto().fit(&problem).unwrap();
    let other = auto().with_start([vec![-3.0], vec![0.0; LEVELS as usize - 1]].concat()).fit(&problem).unwrap();
    let trace = &own.certificate.trace;
    let above = trace[0] - trace[trace.len() - 1];
    assert!(above > 40.0 && above < 150.0, "{trace:?}");
    assert_same(&own, &other);
}

/// Factors of 4 and 40 levels, and an exposure.
struct Crossed {
    codes: [Vec<u32>; 2],
    exposure: Vec<f64>,
}

impl Crossed {
    const LEVELS: [u32; 2] = [4, 40];

    fn new() -> Self {
        let mut rng = sim::rng(12, 0);
        let mut code = |levels: u32| u32::try_from(uniform::below(&mut rng, levels.into())).unwrap();
        let codes = Self::LEVELS.map(|levels| (0..N).map(|_| code(levels)).collect());
        Self { codes, exposure: (0..N).map(|_| uniform::between(&mut rng, 0.2, 1.0)).collect() }
    }

    fn draw_y(&self, family: &str) -> Vec<f64> {
        let mut rng = sim::rng(12, 1);
        let eta = |row: usize| f64::from(self.codes[0][row]) - 1.5 + f64::from(self.codes[1][row]).sin();
        (0..N)
            .map(|row| self.exposure[row] * eta(row).exp())
            .map(|mean| match family {
                "gamma" => draw::gamma(&mut rng, mean, 4.0),
                "poisson" => draw::poisson(&mut rng, 0.02 * mean),
                _ => draw::tweedie(&mut rng, 0.02 * mean, 1.5, 3.0),
            })
            .map(Result::unwrap)
            .collect()
    }

    fn factors(&self) -> Mixed<'_> {
        self.codes.iter().zip(Self::LEVELS).fold(Mixed::new(N).intercept(), |design, (codes, levels)| {
            design.term(Categories::treatment(codes, levels as usize).unwrap()).unwrap()
        })
    }

    /// The same columns as numbers.
    fn columns(&self) -> Vec<Vec<f64>> {
        let column = |codes: &[u32], level: u32| codes.iter().map(|code| f64::from(u8::from(*code == level))).collect();
        let pairs = self.codes.iter().zip(Self::LEVELS);
        pairs.flat_map(|(codes, levels)| (1..levels).map(move |level| column(codes, level))).collect()
    }
}

/// Only columns that are known to be factors take steps on the scale of the mean.
#[test]
fn factors_are_fitted_in_fewer_steps_than_their_columns() {
    let data = Crossed::new();
    let columns = data.columns();
    let (factors, columns) = (data.factors(), Dense::with_intercept(columns.iter().map(Vec::as_slice)).unwrap());
    let offset: Vec<f64> = data.exposure.iter().map(|exposure| exposure.ln()).collect();
    for family in ["poisson", "gamma", "tweedie(1.5)"] {
        let (response, y) = (spec::response(&format!("{family}(log)")).unwrap(), data.draw_y(family));
        let fit = |design: &dyn Design, solver: Solver| {
            let problem = Problem::new(design, &*response, y.clone()).unwrap().with_offset(offset.clone()).unwrap();
            solver.fit(&problem).unwrap()
        };
        for solver in [fisher_scoring, newton_raphson] {
            let (own, other) = (fit(&factors, solver()), fit(&columns, solver()));
            let steps = [own.certificate.iterations, other.certificate.iterations];
            // Off the canonical link scoring converges linearly, whatever its first steps; and ln r is d + d³/12 for p = 1.5.
            let equal = family == "tweedie(1.5)" || (family == "gamma" && own.solver == "fisher");
            assert!(steps[0] < steps[1] + usize::from(equal), "{family} by {}: {steps:?} steps", own.solver);
            assert_same(&own, &other);
        }
    }
}

#[test]
fn separated_rows_are_reported() {
    let (columns, response) = (columns(9), spec::response("binomial(logit)").unwrap());
    let y: Vec<f64> = columns[0].iter().map(|x| f64::from(u8::from(*x > 0.2))).collect();
    match fit(fisher_scoring(), &columns, &*response, &y) {
        Err(Error::Separation(found)) => assert!(found.complete && found.rows.len() == N, "{found}"),
        other => panic!("{other:?}"),
    }
}

/// A design that counts the rows of which XᵀWX was summed.
#[derive(Debug)]
struct Counting<'a> {
    design: Dense<'a>,
    rows: AtomicUsize,
}

impl Design for Counting<'_> {
    fn n_rows(&self) -> usize {
        self.design.n_rows()
    }
    fn n_cols(&self) -> usize {
        self.design.n_cols()
    }
    fn dense(&self, rows: Range<usize>, out: &mut [f64]) {
        self.design.dense(rows, out);
    }
    fn has_intercept(&self) -> bool {
        true
    }
    fn add_gram(&self, rows: Range<usize>, weight: &[f64], gram: &mut Gram, work: &mut Work) {
        self.rows.fetch_add(rows.len(), Ordering::Relaxed);
        self.design.add_gram(rows, weight, gram, work);
    }
}

/// Least squares need the Gram once, other fits twice: near the maximum and there; a third time where a sample cannot give it.
#[test]
fn grams_are_few() {
    const MANY: usize = 10 * N;
    let columns = columns_of(8, MANY);
    for (name, most) in
        [("gaussian(identity)", 1.0), ("binomial(logit)", 2.0), ("poisson(log)", 2.0), ("gamma(log)", 3.0)]
    {
        let (response, y) = (spec::response(name).unwrap(), draw_y(name.split('(').next().unwrap(), &columns));
        let design = Dense::with_intercept(columns.iter().map(|column| &column[..])).unwrap();
        let design = Counting { design, rows: AtomicUsize::new(0) };
        let fit = auto().fit(&Problem::new(&design, &*response, y).unwrap()).unwrap();
        let passes = design.rows.into_inner() as f64 / MANY as f64;
        assert!(passes >= 1.0 && passes < most + 0.6, "{name}: {passes} passes with a Gram");
        assert!(fit.certificate.score_norm < 1e-9, "{name}: {:?}", fit.certificate);
    }
}

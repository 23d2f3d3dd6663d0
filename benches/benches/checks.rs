//! What does it cost that a fit knows it is right? The well-behaved logistic regression as it is fitted, and the same fit
//! with the checks left out.
//!
//! `fit` is [`glm_solvers::Solver::fit`]. `unchecked` takes the same steps from the same public parts and comes to the same
//! estimates, standard errors, deviance, null deviance, Pearson statistic and log-likelihood: it knows no line search, no
//! other start, no domain, no rank, no certificate and no proof that a maximum exists.
//! Both alternate, whichever is timed, and the median of the ratios of neighbours is printed.
//! Estimates, standard errors and the deviance are asserted to be the same to the last bit.

use std::hint::black_box;
use std::ops::Range;
use std::time::{Duration, Instant};

use benches::{Case, SIZES};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use glm_core::{
    At, BLOCK, Expansion, GROUP, Information, Mean, Merge, Objective, Order, Precision, Units, Work, accumulate,
    blocks, fold_rows,
};
use glm_solvers::{Factor, Problem, Solver, fisher_scoring, irls};

/// Sums over the rows: the log-likelihood of y at its own mean, and half the null deviance.
struct Goodness([f64; 2]);

impl Merge for Goodness {
    fn merge(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a += b);
    }
}

/// The sums, where all weights are one and φ is.
#[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
fn goodness(problem: &Problem<'_>) -> Goodness {
    let (response, y) = (problem.response(), problem.y());
    let (family, link) = (response.family().expect("a family"), response.link().expect("a link"));
    let constant = link.eta(Mean::from(y.iter().sum::<f64>() / y.len() as f64));
    let group = |rows: Range<usize>| {
        let mut sum = Goodness([0.0; 2]);
        for rows in blocks(rows) {
            let (mut parts, ones) = ([(); 3].map(|()| vec![0.0; rows.len()]), vec![1.0; rows.len()]);
            let [loss, slope, curvature] = &mut parts;
            let y = &y[rows.clone()];
            sum.0[0] += family.saturated_log_likelihood(y, &ones, &ones, 1.0).expect("a likelihood");
            response.units(y, &vec![constant; y.len()], Order::Loss, Units { loss, slope, curvature });
            sum.0[1] += loss.iter().sum::<f64>();
        }
        Ok::<_, glm_core::Error>(sum)
    };
    fold_rows(y.len(), &group).expect("no errors")
}

/// The expansion over the first block of each group of rows.
fn expand_sample(problem: &Problem<'_>, at: At<'_>) -> Expansion {
    let group = |rows: Range<usize>| {
        let (mut into, mut work) = (Expansion::zeros(Order::Expected, problem.n_params()), Work::new());
        let rows = rows.start..rows.end.min(rows.start + BLOCK);
        accumulate(problem.response(), problem.batch(), rows, at, Order::Expected, &mut work, &mut into);
        Ok::<_, glm_core::Error>(into)
    };
    fold_rows(problem.y().len(), &group).expect("no errors")
}

/// What a fit looks for at one point after the other, having begun with the information of the sample; the method's own
/// order from then on.
fn looks(order: Order) -> std::vec::IntoIter<Order> {
    let kept = vec![Order::Gradient, order, order, Order::Gradient];
    if order == Order::Expected { kept } else { Vec::new() }.into_iter()
}

/// The rows that one of the sample stands for.
#[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
fn rows_of_one(n: usize) -> f64 {
    let used: usize = (0..n).step_by(GROUP).map(|start| BLOCK.min(n - start)).sum();
    n as f64 / used as f64
}

/// What a fit says beside its certificate.
struct Numbers {
    params: Vec<f64>,
    errors: Vec<f64>,
    deviance: f64,
    null_deviance: f64,
    pearson: f64,
    log_likelihood: f64,
}

/// All numbers of a fit, unchecked.
fn unchecked(problem: &Problem<'_>, order: Order) -> Numbers {
    let all: Vec<usize> = (0..problem.n_params()).collect();
    let factor = |at: &Expansion| Factor::new(&at.information, &all).expect("full rank");
    let start = expand_sample(problem, At::Start);
    let mut params: Vec<f64> = factor(&start).solve(&start.gradient).iter().map(|step| -step).collect();
    let (mut sampled, mut last, mut looks) = (true, Information::None, looks(order));
    loop {
        let here = |order| problem.expand(At::Params(&params), order, Precision::Plain).expect("an expansion");
        let at = match sampled.then_some(Order::Loss).or_else(|| looks.next()) {
            Some(Order::Loss) => expand_sample(problem, At::Params(&params)),
            Some(Order::Gradient) => Expansion { information: last, ..here(Order::Gradient) },
            _ => here(order),
        };
        let factor = factor(&at);
        last = at.information.clone();
        match factor.score_norm(&at.gradient) {
            score if sampled && score <= 1e-2 => {
                sampled = false;
                last.scale(rows_of_one(problem.y().len()));
            }
            score if !sampled && score <= 1e-9 => {
                let (inverse, Goodness([saturated, null])) = (factor.inverse().0, goodness(problem));
                let pearson = at.pearson.expect("one predictor").chi_square;
                let errors = all.iter().map(|j| inverse[(*j, *j)].sqrt()).collect();
                let (deviance, log_likelihood) = (2.0 * at.loss, saturated - at.loss);
                return Numbers { params, errors, deviance, null_deviance: 2.0 * null, pearson, log_likelihood };
            }
            _ => params.iter_mut().zip(factor.solve(&at.gradient)).for_each(|(param, step)| *param -= step),
        }
    }
}

#[expect(clippy::print_stderr, reason = "criterion knows no ratios")]
fn checks(criterion: &mut Criterion) {
    let (n, p) = SIZES[1];
    let case = Case::new("binomial", (n, p));
    let design = case.design();
    let problem = Problem::new(&design, &*case.response, case.y.clone()).expect("valid data");
    let methods: [(fn() -> Solver, Order); 2] = [(irls, Order::Root), (fisher_scoring, Order::Expected)];
    for (solver, order) in methods {
        let solver = solver();
        let fit = solver.fit(&problem).expect("a fit");
        let plain = unchecked(&problem, order);
        assert_eq!((&fit.coefficients, &fit.std_errors), (&plain.params, &plain.errors), "the same fit");
        assert!(fit.deviance.to_bits() == plain.deviance.to_bits(), "the same deviance");
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
        assert!(close(plain.null_deviance, fit.null_deviance), "the same null model");
        assert!(close(plain.pearson, fit.pearson_chisq), "the same statistic");
        assert!(fit.log_likelihood.is_some_and(|value| close(plain.log_likelihood, value)), "the same likelihood");
        let mut group = criterion.benchmark_group("checks");
        group.sample_size(30);
        let id = |what| BenchmarkId::new(format!("binomial/{}/{what}", solver.name()), format!("{n}x{p}"));
        let mut pairs = Vec::new();
        let mut pair = || {
            let bare = time(|| unchecked(black_box(&problem), order));
            let checked = time(|| solver.fit(black_box(&problem)).expect("a fit"));
            pairs.push(checked.as_secs_f64() / bare.as_secs_f64());
            (bare, checked)
        };
        group.bench_function(id("unchecked"), |bencher| bencher.iter_custom(|n| (0..n).map(|_| pair().0).sum()));
        group.bench_function(id("fit"), |bencher| bencher.iter_custom(|n| (0..n).map(|_| pair().1).sum()));
        group.finish();
        pairs.sort_by(f64::total_cmp);
        let [lower, middle, upper] = [1, 2, 3].map(|quarter| pairs[quarter * (pairs.len() - 1) / 4]);
        eprintln!("{}: fit/unchecked {middle:.3}, quartiles {lower:.3} and {upper:.3}", solver.name());
    }
}

/// How long something takes.
fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

criterion_group!(benches, checks);
criterion_main!(benches);

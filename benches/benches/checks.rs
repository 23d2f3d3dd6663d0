//! What does it cost that a fit knows it is right? The well-behaved logistic regression as it is fitted, and the same fit
//! with the checks left out.
//!
//! `fit` is [`glm_solvers::Solver::fit`]. `unchecked` takes the same steps from the same public parts and comes to the same
//! estimates, standard errors, deviance, null deviance, Pearson statistic and log-likelihood, in one pass fewer: it knows no
//! line search, no constant to start from instead, no domain, no certificate and no proof that a maximum exists.
//! Estimates, standard errors and the deviance are asserted to be the same to the last bit.

use std::hint::black_box;
use std::ops::Range;

use benches::{Case, SIZES};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use glm_core::{At, Mean, Merge, Objective, Order, Precision, Units, Work, blocks, fold_rows, linear_predictors};
use glm_solvers::{Factor, Problem, Solver, fisher_scoring, irls};

/// Pearson's statistic and the log-likelihood.
struct Goodness {
    pearson: f64,
    log_likelihood: f64,
}

impl Merge for Goodness {
    fn merge(&mut self, other: Self) {
        self.pearson += other.pearson;
        self.log_likelihood += other.log_likelihood;
    }
}

/// Both sums over the rows, where all weights are one and φ is.
fn goodness(problem: &Problem<'_>, params: &[f64]) -> Goodness {
    let (response, y) = (problem.response(), problem.y());
    let (family, link) = (response.family().expect("a family"), response.link().expect("a link"));
    let group = |rows: Range<usize>| {
        let (mut sum, mut work) = (Goodness { pearson: 0.0, log_likelihood: 0.0 }, Work::new());
        for rows in blocks(rows) {
            let mut parts = [(); 4].map(|()| vec![0.0; rows.len()]);
            let [eta, loss, slope, curvature] = &mut parts;
            linear_predictors(response, problem.batch(), rows.clone(), At::Params(params), eta, &mut work);
            response.units(&y[rows.clone()], eta, Order::Expected, Units { loss, slope, curvature });
            for (i, row) in rows.enumerate() {
                sum.pearson += slope[i] * slope[i] / curvature[i];
                let mean = link.at(eta[i]).mean();
                sum.log_likelihood += family.log_likelihood(y[row], mean, 1.0, 1.0).expect("a likelihood");
            }
        }
        Ok::<_, glm_core::Error>(sum)
    };
    fold_rows(y.len(), &group).expect("no errors")
}

/// The deviance of the mean response.
#[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
fn null_deviance(problem: &Problem<'_>) -> f64 {
    let family = problem.response().family().expect("a family");
    let mean = Mean::from(problem.y().iter().sum::<f64>() / problem.y().len() as f64);
    problem.y().iter().map(|y| family.unit_deviance(*y, mean)).sum()
}

/// Estimates, standard errors, the deviance and the rest, unchecked.
fn unchecked(problem: &Problem<'_>, order: Order) -> (Vec<f64>, Vec<f64>, f64, f64, Goodness) {
    let expand = |at: At<'_>, order| problem.expand(at, order, Precision::Plain).expect("an expansion");
    let all: Vec<usize> = (0..problem.n_params()).collect();
    let start = expand(At::Start, Order::Expected);
    let step = Factor::new(&start.information, &all).expect("full rank").solve(&start.gradient);
    let mut params: Vec<f64> = step.iter().map(|step| -step).collect();
    loop {
        let at = expand(At::Params(&params), order);
        let factor = Factor::new(&at.information, &all).expect("full rank");
        if factor.score_norm(&at.gradient) <= 1e-9 {
            let (inverse, goodness) = (factor.inverse().0, goodness(problem, &params));
            let errors = all.iter().map(|j| inverse[(*j, *j)].sqrt()).collect();
            return (params, errors, 2.0 * at.loss, null_deviance(problem), goodness);
        }
        params.iter_mut().zip(factor.solve(&at.gradient)).for_each(|(param, step)| *param -= step);
    }
}

fn checks(criterion: &mut Criterion) {
    let (n, p) = SIZES[1];
    let case = Case::new("binomial", (n, p));
    let design = case.design();
    let problem = Problem::new(&design, &*case.response, case.y.clone()).expect("valid data");
    let methods: [(fn() -> Solver, Order); 2] = [(irls, Order::Root), (fisher_scoring, Order::Expected)];
    for (solver, order) in methods {
        let solver = solver();
        let fit = solver.fit(&problem).expect("a fit");
        let (params, errors, deviance, null_deviance, goodness) = unchecked(&problem, order);
        assert_eq!((&fit.coefficients, &fit.std_errors), (&params, &errors), "the same fit");
        assert!(fit.deviance.to_bits() == deviance.to_bits(), "the same deviance");
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs();
        assert!(
            close(null_deviance, fit.null_deviance) && close(goodness.pearson, fit.pearson_chisq),
            "the same tests"
        );
        assert!(fit.log_likelihood.is_some_and(|value| close(goodness.log_likelihood, value)), "the same likelihood");
        let mut group = criterion.benchmark_group("checks");
        group.sample_size(30);
        let id = |what| BenchmarkId::new(format!("binomial/{}/{what}", solver.name()), format!("{n}x{p}"));
        group.bench_function(id("unchecked"), |bencher| bencher.iter(|| unchecked(black_box(&problem), order)));
        group.bench_function(id("fit"), |bencher| bencher.iter(|| solver.fit(black_box(&problem)).expect("a fit")));
        group.finish();
    }
}

criterion_group!(benches, checks);
criterion_main!(benches);

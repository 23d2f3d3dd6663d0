//! What does a factor of many levels cost? Poisson counts with exposure on three factors and five numbers.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use glm_core::{At, Categories, Mixed, Order, Precision, spec};
use glm_solvers::{Problem, fisher_scoring};

const LEVELS: [usize; 3] = [10, 100, 1000];

/// Uniform numbers below one, by Knuth's MMIX generator.
fn uniform(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..n).map(|_| next()).collect()
}

/// Codes below `levels`, of which the first are the most frequent, as levels are.
#[expect(clippy::cast_possible_truncation, reason = "codes are small")]
fn codes(n: usize, levels: usize) -> Vec<u32> {
    uniform(n, levels as u64).into_iter().map(|u| (u * u * levels as f64) as u32).collect()
}

fn categories(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("categories");
    group.sample_size(10);
    for n in [100_000, 1_000_000] {
        let codes = LEVELS.map(|levels| codes(n, levels));
        let numbers: Vec<Vec<f64>> = (1..=5).map(|seed| uniform(n, seed)).collect();
        let exposure = uniform(n, 6);
        let mean = |i: usize| (0.1 + exposure[i]) * (0.3 * (numbers[0][i] + f64::from(codes[2][i]).sin()) - 1.0).exp();
        let y: Vec<f64> = uniform(n, 7).iter().enumerate().map(|(i, u)| (mean(i) + 2.0 * u * u).floor()).collect();
        let mut design = Mixed::new(n).intercept();
        for (codes, levels) in codes.iter().zip(LEVELS) {
            design = design.term(Categories::treatment(codes, levels).expect("codes below levels")).expect("n codes");
        }
        for numbers in &numbers {
            design = design.term(numbers).expect("finite numbers");
        }
        let response = spec::response("poisson").expect("a response");
        let offset = exposure.iter().map(|exposure| (0.1 + exposure).ln()).collect();
        let problem =
            Problem::new(&design, &*response, y).and_then(|problem| problem.with_offset(offset)).expect("valid data");
        group.throughput(Throughput::Elements(n as u64));
        let params = vec![0.0; glm_core::Design::n_cols(&design)];
        for order in [Order::Gradient, Order::Expected] {
            let pass = || problem.expand(At::Params(black_box(&params)), order, Precision::Plain);
            let id = BenchmarkId::new(format!("pass/{order:?}"), n);
            group.bench_function(id, |bencher| bencher.iter(|| pass().expect("a pass")));
        }
        let id = BenchmarkId::new("fit", n);
        group.bench_function(id, |bencher| bencher.iter(|| fisher_scoring().fit(black_box(&problem)).expect("a fit")));
    }
    group.finish();
}

criterion_group!(benches, categories);
criterion_main!(benches);

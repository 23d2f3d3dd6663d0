//! What does one pass over the rows cost, and its parts? Logistic, with the expected information.

use std::hint::black_box;

use benches::Case;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use glm_core::{At, Batch, Design, Expansion, Order, Units, Work, accumulate, spec};

/// Rows × columns, the intercept not counted.
const SIZES: [(usize, usize); 3] = [(100_000, 20), (100_000, 50), (20_000, 200)];

/// Responses whose elementwise stage is timed.
const NAMES: [&str; 8] = [
    "gaussian",
    "binomial",
    "poisson",
    "gamma(log)",
    "tweedie(1.5)",
    "negative-binomial(2)",
    "binomial(probit)",
    "binomial(cloglog)",
];

fn passes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pass");
    group.sample_size(20);
    for size in SIZES {
        let case = Case::new("binomial", size);
        let (design, mut work) = (case.design(), Work::new());
        let batch = Batch { design: &design, y: &case.y, weights: &[], offset: &[] };
        let params = vec![0.1; design.n_cols()];
        group.throughput(Throughput::Elements(case.n as u64));
        for order in [Order::Loss, Order::Gradient, Order::Expected] {
            let id = BenchmarkId::new(format!("{order:?}").to_lowercase(), format!("{}x{}", size.0, size.1));
            group.bench_function(id, |bencher| {
                bencher.iter(|| {
                    let mut into = Expansion::zeros(order, params.len());
                    let at = At::Params(black_box(&params));
                    accumulate(&*case.response, batch, 0..case.n, at, order, &mut work, &mut into);
                    into
                });
            });
        }
    }
    group.finish();
}

fn units(criterion: &mut Criterion) {
    const ROWS: usize = 512;
    let mut group = criterion.benchmark_group("units");
    group.sample_size(20).throughput(Throughput::Elements(ROWS as u64));
    let eta: Vec<f64> = (0..ROWS).map(|i| 0.3 + (i * 193 % ROWS) as f64 / 300.0).collect();
    for name in NAMES {
        let response = spec::response(name).expect("a response by its name");
        let y: Vec<f64> = (0..ROWS).map(|i| if name.starts_with('b') { i % 2 } else { 1 + i % 7 } as f64).collect();
        let (mut loss, mut slope, mut curvature) = (vec![0.0; ROWS], vec![0.0; ROWS], vec![0.0; ROWS]);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let out = Units { loss: &mut loss, slope: &mut slope, curvature: &mut curvature };
                response.units(black_box(&y), black_box(&eta), Order::Expected, out);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, passes, units);
criterion_main!(benches);

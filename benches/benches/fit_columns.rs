//! How does one pass grow with the columns? Loss, gradient, Gram and root, on one design after the other.

use std::hint::black_box;

use benches::{Case, SIZES};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use glm_core::{At, Order, Precision};
use glm_solvers::Problem;

fn columns(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pass_columns");
    group.sample_size(10);
    for size in SIZES {
        let case = Case::new("binomial", size);
        let design = case.design();
        let problem = Problem::new(&design, &*case.response, case.y.clone()).expect("valid data");
        let params = vec![0.01; size.1 + 1];
        group.throughput(Throughput::Elements((size.0 * size.1) as u64));
        for order in [Order::Loss, Order::Gradient, Order::Expected, Order::Root] {
            let id = BenchmarkId::new(format!("{order:?}"), format!("{}x{}", size.0, size.1));
            let pass = || problem.expand(At::Params(black_box(&params)), order, Precision::Plain).expect("a pass");
            group.bench_function(id, |bencher| bencher.iter(pass));
        }
    }
    group.finish();
}

criterion_group!(benches, columns);
criterion_main!(benches);

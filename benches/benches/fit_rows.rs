//! How does a fit grow with the rows? Every second-order solver, logistic and Poisson.

use std::hint::black_box;

use benches::{Case, SIZES};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use glm_solvers::{Problem, fisher_scoring, irls, lbfgs, newton_raphson};

fn rows(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fit_rows");
    group.sample_size(10);
    for name in ["binomial", "poisson"] {
        for size in SIZES.into_iter().filter(|(_, p)| *p <= 20) {
            let case = Case::new(name, size);
            let design = case.design();
            let problem = Problem::new(&design, &*case.response, case.y.clone()).expect("valid data");
            group.throughput(Throughput::Elements(size.0 as u64));
            for solver in [irls(), fisher_scoring(), newton_raphson(), lbfgs()] {
                let id = BenchmarkId::new(format!("{name}/{}", solver.name()), format!("{}x{}", size.0, size.1));
                group.bench_function(id, |bencher| bencher.iter(|| solver.fit(black_box(&problem)).expect("a fit")));
            }
        }
    }
    group.finish();
}

criterion_group!(benches, rows);
criterion_main!(benches);

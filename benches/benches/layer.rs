//! What does a layer cost? Loss and gradient of the article's network and of its first layer alone, per row.

use std::hint::black_box;

use benches::{Case, SIZES};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use glm_core::{Expansion, Objective, Order, spec};
use nn::{Data, Network};

fn network(p: usize, widths: &[usize]) -> Network {
    let response = spec::response("binomial").expect("a response");
    widths.iter().enumerate().fold(Network::new(p, response).expect("features"), |network, (depth, width)| {
        let activation = spec::activation(if depth % 2 == 0 { "relu" } else { "sigmoid" }).expect("an activation");
        network.hidden(*width, activation).expect("a width")
    })
}

fn layers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("layer");
    group.sample_size(10);
    for size in SIZES.into_iter().filter(|(n, _)| *n <= 100_000) {
        let case = Case::new("binomial", size);
        let data = Data::new(case.x.chunks_exact(case.n), &case.y).expect("valid data");
        group.throughput(Throughput::Elements(size.0 as u64));
        for widths in [&[][..], &[100], &[100, 85, 80, 70, 60]] {
            let network = network(size.1, widths);
            let objective = network.objective(&data).expect("data of this network");
            let params = vec![0.01; network.n_params()];
            let mut into = Expansion::zeros(Order::Gradient, network.n_params());
            let id = BenchmarkId::new(format!("{widths:?}"), format!("{}x{}", size.0, size.1));
            group.bench_function(id, |bencher| {
                bencher.iter(|| objective.evaluate(black_box(&params), Order::Gradient, &mut into).expect("a pass"));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, layers);
criterion_main!(benches);

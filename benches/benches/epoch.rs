//! What does an epoch cost? Adam on mini-batches of 32 and 256 rows, single and double precision.

use benches::{Case, SIZES};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use glm_core::{Relu, spec};
use nn::{Adam, BatchSize, Data, Network, Storage, Training, Validation};

fn epoch<S: Storage>(network: &Network, data: &Data<'_>, rows: usize) {
    let training = Training { epochs: 1, batch_size: BatchSize::Rows(rows), ..Training::with(Adam::new(1e-3)) };
    network.train::<S>(data, Validation::None, &training, &mut ()).expect("an epoch");
}

fn epochs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("epoch");
    group.sample_size(10);
    for size in SIZES {
        let case = Case::new("binomial", size);
        let data = Data::new(case.x.chunks_exact(case.n), &case.y).expect("valid data");
        let glm = Network::new(size.1, spec::response("binomial").expect("a response")).expect("features");
        let network = glm.hidden(64, Relu).and_then(|network| network.hidden(32, Relu)).expect("widths");
        group.throughput(Throughput::Elements(size.0 as u64));
        for rows in [32, 256] {
            let id =
                |storage| BenchmarkId::new(format!("64-32 {storage} batch {rows}"), format!("{}x{}", size.0, size.1));
            group.bench_function(id("f32"), |bencher| bencher.iter(|| epoch::<f32>(&network, &data, rows)));
            group.bench_function(id("f64"), |bencher| bencher.iter(|| epoch::<f64>(&network, &data, rows)));
        }
    }
    group.finish();
}

criterion_group!(benches, epochs);
criterion_main!(benches);

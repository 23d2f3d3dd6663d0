//! What does one number cost? Each function of slices beside the scalar one.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use glm_core::{special, vector};

const N: usize = 512;

type OfSlices = fn(&[f64], &mut [f64]);
type OfNumbers = fn(f64) -> f64;

const FUNCTIONS: [(&str, OfSlices, OfNumbers, f64); 8] = [
    ("exp", vector::exp, f64::exp, -20.0),
    ("exp_m1", vector::exp_m1, f64::exp_m1, -20.0),
    ("ln", vector::ln, f64::ln, 0.0),
    ("ln_1p", vector::ln_1p, f64::ln_1p, 0.0),
    ("tanh", vector::tanh, f64::tanh, -3.0),
    ("normal_pdf", vector::normal_pdf, special::normal_pdf, -4.0),
    ("normal_cdf", vector::normal_cdf, special::normal_cdf, -4.0),
    ("ln_normal_cdf", vector::ln_normal_cdf, special::ln_normal_cdf, -4.0),
];

fn elementwise(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("elementwise");
    group.sample_size(20).throughput(Throughput::Elements(N as u64));
    for (name, of_slices, of_numbers, from) in FUNCTIONS {
        // From `from` up to a few, in an order that no branch predictor learns.
        let x: Vec<f64> = (0..N).map(|i| from + (i * 193 % N) as f64 * (4.0 - from) / N as f64).collect();
        let mut out = vec![0.0; N];
        group.bench_function(BenchmarkId::new(name, "slice"), |bencher| {
            bencher.iter(|| of_slices(black_box(&x), black_box(&mut out)));
        });
        group.bench_function(BenchmarkId::new(name, "scalar"), |bencher| {
            bencher
                .iter(|| black_box(&mut out).iter_mut().zip(black_box(&x)).for_each(|(out, x)| *out = of_numbers(*x)));
        });
    }
    group.finish();
}

criterion_group!(benches, elementwise);
criterion_main!(benches);

//! How near is a pass to what the machine can do? Loss, gradient and XᵀWX of a logistic regression, beside the time that
//! reading X once takes and the time that its products take, whichever is longer.
//!
//! The reading speed is that of four columns at once, the arithmetic that of independent fused multiplications and
//! additions in registers, both on one thread and measured here, so that one run has all its numbers from one machine. XᵀWX
//! is counted as n p (p + 1) operations with p columns of numbers; the intercept comes on top. As a processor does not
//! overlap the two as the bound supposes, a loop that does nothing but both is timed as well. The least of some runs counts.

#![expect(clippy::print_stdout, reason = "a table is what this bench is for")]
#![expect(clippy::cast_precision_loss, reason = "sizes are far below 2^53")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use benches::Case;
use glm_core::{At, BLOCK, Design, Order, Precision};
use glm_solvers::Problem;
use pulp::{Arch, Simd, WithSimd};

/// Rows × columns, the intercept not counted.
const SIZES: [(usize, usize); 4] = [(1_000_000, 20), (400_000, 50), (100_000, 200), (20_000, 500)];

/// Seconds, the least of some runs.
fn least(mut run: impl FnMut()) -> f64 {
    let time = |_| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    (0..15).map(time).min().unwrap_or(Duration::ZERO).as_secs_f64()
}

/// Twelve independent sums of products: as many as hide the latency of any processor's.
struct Products(usize);

impl WithSimd for Products {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let (factor, mut sums) = (simd.splat_f64s(black_box(0.999)), [simd.splat_f64s(black_box(1.0)); 12]);
        for _ in 0..self.0 {
            for sum in &mut sums {
                *sum = simd.mul_add_f64s(*sum, factor, factor);
            }
        }
        let total: f64 = sums.into_iter().map(|sum| simd.reduce_sum_f64s(sum)).sum();
        total.mul_add(0.0, (24 * self.0 * S::F64_LANES) as f64)
    }
}

/// Runs of a block's rows read, column by column, with as many operations in registers between as XᵀWX has.
struct Both<'a>(&'a [&'a [f64]]);

impl WithSimd for Both<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let (factor, mut sums) = (simd.splat_f64s(black_box(0.999)), [simd.splat_f64s(black_box(1.0)); 12]);
        let (mut read, mut owed) = (simd.splat_f64s(0.0), 0);
        for start in (0..self.0[0].len()).step_by(BLOCK) {
            for column in self.0 {
                for x in S::as_simd_f64s(&column[start..column.len().min(start + BLOCK)]).0 {
                    read = simd.add_f64s(read, *x);
                    // Half a product for each pair of columns, and half a one for the diagonal.
                    owed += self.0.len() + 1;
                    while owed >= 24 {
                        owed -= 24;
                        for sum in &mut sums {
                            *sum = simd.mul_add_f64s(*sum, factor, factor);
                        }
                    }
                }
            }
        }
        sums.into_iter().map(|sum| simd.reduce_sum_f64s(sum)).sum::<f64>() + simd.reduce_sum_f64s(read)
    }
}

/// Operations of a second.
fn arithmetic() -> f64 {
    let mut operations = 0.0;
    let seconds = least(|| operations = black_box(Arch::new().dispatch(Products(1_000_000))));
    operations / seconds
}

/// Bytes of a second.
fn reading(case: &Case) -> f64 {
    let quarters: Vec<&[[f64; 8]]> = case.x.chunks(case.x.len() / 4).map(|part| part.as_chunks().0).collect();
    let seconds = least(|| {
        let mut sums = [[0.0; 8]; 4];
        for row in 0..quarters[0].len() {
            for (sums, quarter) in sums.iter_mut().zip(&quarters) {
                sums.iter_mut().zip(quarter[row]).for_each(|(sum, x)| *sum += x);
            }
        }
        black_box(sums);
    });
    (8 * case.x.len()) as f64 / seconds
}

/// Seconds of a pass on so many threads.
fn pass(case: &Case, order: Order, threads: usize) -> f64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let design = case.design();
    let params = vec![0.1; design.n_cols()];
    let problem = Problem::new(&design, &*case.response, case.y.clone()).expect("a problem");
    let expand = || problem.expand(At::Params(black_box(&params)), order, Precision::Plain).expect("a pass");
    pool.install(|| least(|| drop(black_box(expand()))))
}

fn main() {
    // What is meant for criterion is not meant for a table.
    if std::env::args().skip(1).any(|arg| arg != "--bench") {
        return;
    }
    let peak = arithmetic();
    println!("One thread: {:.0} GF/s in registers. Milliseconds of a pass:\n", peak / 1e9);
    println!(
        "| rows × columns | reading X | GB/s | XᵀWX | both alone | loss, gradient | and XᵀWX | share of the bound | 2 threads |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (n, p) in SIZES {
        let case = Case::new("binomial", (n, p));
        let (read, products) = (reading(&case), (n * p * (p + 1)) as f64 / peak);
        let memory = (8 * n * p) as f64 / read;
        let [gradient, full] = [Order::Gradient, Order::Expected].map(|order| pass(&case, order, 1));
        let columns: Vec<&[f64]> = case.x.chunks_exact(n).collect();
        let alone = least(|| {
            black_box(Arch::new().dispatch(Both(&columns)));
        });
        let both = pass(&case, Order::Expected, 2);
        println!(
            "| {n} × {p} | {:.1} | {:.0} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} % | × {:.2} |",
            1e3 * memory,
            read / 1e9,
            1e3 * products,
            1e3 * alone,
            1e3 * gradient,
            1e3 * full,
            100.0 * memory.max(products) / full,
            full / both,
        );
    }
}

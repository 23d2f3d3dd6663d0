//! Runs of cells: each row adds its weight, and the products of it with numbers, to cells side by side.

use pulp::{Simd, WithSimd};

use super::Block;

/// Runs are as long as a multiple of this, so that they fill registers.
const RUN: usize = 4;

/// For each row its weight, the weight times its numbers, and zeros up to the width.
pub(super) struct Runs {
    width: usize,
    amounts: Vec<f64>,
}

impl Runs {
    /// Of these weights and columns of numbers, in a buffer.
    pub(super) fn new(weight: &[f64], columns: &[&[f64]], buffer: Vec<f64>) -> Self {
        let (width, mut amounts) = (Self::width(columns.len()), buffer);
        amounts.resize(weight.len() * width, 0.0);
        pulp::Arch::new().dispatch(OfWidth(width, Write { amounts: &mut amounts, weight, columns }));
        Self { width, amounts }
    }

    /// The buffer again.
    pub(super) fn into_buffer(self) -> Vec<f64> {
        self.amounts
    }

    /// With so many columns.
    pub(super) fn width(n_columns: usize) -> usize {
        (1 + n_columns).next_multiple_of(RUN)
    }

    /// Adds each row's run to the cells of its category, which are `stride` apart, and zeros behind them; as many cells
    /// behind all are spare.
    pub(super) fn add(&self, cells: &mut [f64], stride: usize, block: &Block) {
        let scaled = block.numbers.as_ref().map(|numbers| self.times(numbers));
        let amounts = scaled.as_ref().unwrap_or(&self.amounts);
        pulp::Arch::new().dispatch(OfWidth(self.width, Add { cells, stride, places: &block.places, amounts }));
    }

    /// For columns times these numbers: the weight is of the column's square.
    fn times(&self, numbers: &[f64]) -> Vec<f64> {
        let mut amounts = self.amounts.clone();
        for (run, number) in amounts.chunks_exact_mut(self.width).zip(numbers) {
            run.iter_mut().for_each(|amount| *amount *= number);
            run[0] *= number;
        }
        amounts
    }
}

/// What is done with runs: compiled for each width whose runs stay in registers, and for any other.
trait Operation {
    /// Always `#[inline(always)]`.
    fn short<const WIDTH: usize>(self);
    fn long(self, width: usize);
}

/// An operation on runs of this width.
struct OfWidth<O>(usize, O);

impl<O: Operation> WithSimd for OfWidth<O> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match self {
            Self(4, operation) => operation.short::<4>(),
            Self(8, operation) => operation.short::<8>(),
            Self(12, operation) => operation.short::<12>(),
            Self(16, operation) => operation.short::<16>(),
            Self(width, operation) => operation.long(width),
        }
    }
}

struct Write<'a> {
    amounts: &'a mut [f64],
    weight: &'a [f64],
    columns: &'a [&'a [f64]],
}

impl Operation for Write<'_> {
    #[inline(always)]
    fn short<const WIDTH: usize>(self) {
        let zeros = vec![0.0; self.weight.len()];
        let mut columns = [&zeros[..]; WIDTH];
        columns[1..].iter_mut().zip(self.columns).for_each(|(slot, column)| *slot = column);
        let columns = columns.map(|column| &column[..self.weight.len()]);
        let runs = self.amounts.as_chunks_mut::<WIDTH>().0;
        for (i, (run, weight)) in runs.iter_mut().zip(self.weight).enumerate() {
            run[0] = *weight;
            for k in 1..WIDTH {
                run[k] = weight * columns[k][i];
            }
        }
    }

    fn long(self, width: usize) {
        for (i, (run, weight)) in self.amounts.chunks_exact_mut(width).zip(self.weight).enumerate() {
            run[0] = *weight;
            let (products, zeros) = run[1..].split_at_mut(self.columns.len());
            products.iter_mut().zip(self.columns).for_each(|(amount, column)| *amount = weight * column[i]);
            zeros.fill(0.0);
        }
    }
}

struct Add<'a> {
    cells: &'a mut [f64],
    stride: usize,
    places: &'a [u32],
    amounts: &'a [f64],
}

impl Operation for Add<'_> {
    #[inline(always)]
    fn short<const WIDTH: usize>(self) {
        let Self { cells, stride, places, amounts } = self;
        assert!(cells.len() >= WIDTH, "there is a spare run of cells");
        let spare = cells.len() - WIDTH;
        for (place, amounts) in places.iter().zip(amounts.as_chunks::<WIDTH>().0) {
            let first = (*place as usize * stride).min(spare);
            if let Some(run) = cells[first..].first_chunk_mut::<WIDTH>() {
                // All are read before any is written, as registers would.
                *run = std::array::from_fn(|j| run[j] + amounts[j]);
            }
        }
    }

    fn long(self, width: usize) {
        let Self { cells, stride, places, amounts } = self;
        let spare = cells.len() - width;
        for (place, amounts) in places.iter().zip(amounts.chunks_exact(width)) {
            let run = &mut cells[(*place as usize * stride).min(spare)..][..width];
            run.iter_mut().zip(amounts).for_each(|(cell, amount)| *cell += amount);
        }
    }
}

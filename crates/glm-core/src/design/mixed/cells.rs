//! Sums by category: each row adds to one cell of a table, or to none.
//!
//! A row in no place adds to spare cells behind the others, which say nothing: which rows those are is not for a processor
//! to guess.

use super::Block;
use crate::special::Twofold;

/// Tables up to this size are summed in four copies by turns, so that a row need not wait for what the last one wrote.
const SMALL: usize = 128;
/// Tables up to this size are summed apart, with a spare cell.
const MIDDLE: usize = 512;

/// tableⱼ += Σ amountᵢ over the rows i in place j.
pub(super) fn add(table: &mut [f64], places: &[u32], amounts: &[f64], buffer: &mut Vec<f64>) {
    let n = table.len() + 1;
    buffer.clear();
    match () {
        () if n <= SMALL => {
            buffer.resize(4 * n, 0.0);
            add_by_turns(buffer, places, amounts);
            table.iter_mut().enumerate().for_each(|(j, cell)| {
                *cell += (buffer[j] + buffer[n + j]) + (buffer[2 * n + j] + buffer[3 * n + j]);
            });
        }
        () if n <= MIDDLE => {
            buffer.resize(n, 0.0);
            add_strided(buffer, 1, places, amounts);
            table.iter_mut().zip(&buffer[..]).for_each(|(cell, sum)| *cell += sum);
        }
        () => {
            for (place, amount) in places.iter().zip(amounts) {
                if let Some(cell) = table.get_mut(*place as usize) {
                    *cell += amount;
                }
            }
        }
    }
}

/// Adds to four tables with a spare cell each, row by row in turn.
fn add_by_turns(tables: &mut [f64], places: &[u32], amounts: &[f64]) {
    let n = tables.len() / 4;
    let (first, rest) = tables.split_at_mut(n);
    let (second, rest) = rest.split_at_mut(n);
    let (third, fourth) = rest.split_at_mut(n);
    let (places, last_places) = places.as_chunks::<4>();
    let (amounts, last_amounts) = amounts.as_chunks::<4>();
    for (place, amount) in places.iter().zip(amounts) {
        first[(place[0] as usize).min(n - 1)] += amount[0];
        second[(place[1] as usize).min(n - 1)] += amount[1];
        third[(place[2] as usize).min(n - 1)] += amount[2];
        fourth[(place[3] as usize).min(n - 1)] += amount[3];
    }
    add_strided(first, 1, last_places, last_amounts);
}

/// cellsⱼ += Σ amountᵢ over the rows i in place j, for cells that are `stride` apart, behind which there is a spare one.
pub(super) fn add_strided(cells: &mut [f64], stride: usize, places: &[u32], amounts: &[f64]) {
    let spare = cells.len() - 1;
    for (place, amount) in places.iter().zip(amounts) {
        cells[(*place as usize * stride).min(spare)] += amount;
    }
}

/// The same for a run of cells, to which each row adds a run of amounts times its number; as many cells are spare.
pub(super) fn add_runs<'a>(
    cells: &mut [f64],
    stride: usize,
    block: &Block,
    (width, amounts): (usize, impl Iterator<Item = &'a [f64]>),
) {
    match width {
        1 => add_runs_of::<1>(cells, stride, block, amounts),
        2 => add_runs_of::<2>(cells, stride, block, amounts),
        3 => add_runs_of::<3>(cells, stride, block, amounts),
        4 => add_runs_of::<4>(cells, stride, block, amounts),
        5 => add_runs_of::<5>(cells, stride, block, amounts),
        6 => add_runs_of::<6>(cells, stride, block, amounts),
        7 => add_runs_of::<7>(cells, stride, block, amounts),
        8 => add_runs_of::<8>(cells, stride, block, amounts),
        _ => add_long_runs(cells, stride, block, (width, amounts)),
    }
}

/// The same for runs so short that they fit into registers.
fn add_runs_of<'a, const WIDTH: usize>(
    cells: &mut [f64],
    stride: usize,
    block: &Block,
    amounts: impl Iterator<Item = &'a [f64]>,
) {
    let spare = cells.len() - WIDTH;
    for (i, (place, amounts)) in block.places.iter().zip(amounts).enumerate() {
        let first = (*place as usize * stride).min(spare);
        if let (Some(run), Some(amounts)) = (cells[first..].first_chunk_mut::<WIDTH>(), amounts.first_chunk::<WIDTH>())
        {
            let number = block.numbers.as_ref().map_or(1.0, |numbers| numbers[i]);
            for j in 0..WIDTH {
                run[j] += amounts[j] * number;
            }
        }
    }
}

fn add_long_runs<'a>(
    cells: &mut [f64],
    stride: usize,
    block: &Block,
    (width, amounts): (usize, impl Iterator<Item = &'a [f64]>),
) {
    let spare = cells.len() - width;
    for (i, (place, amounts)) in block.places.iter().zip(amounts).enumerate() {
        let run = &mut cells[(*place as usize * stride).min(spare)..][..width];
        match &block.numbers {
            None => run.iter_mut().zip(amounts).for_each(|(cell, amount)| *cell += amount),
            Some(numbers) => run.iter_mut().zip(amounts).for_each(|(cell, amount)| *cell += amount * numbers[i]),
        }
    }
}

/// The cell of two categories; those of the first are `stride` apart, and behind all there is a spare one.
pub(super) fn add_pairs(cells: &mut [f64], stride: usize, (first, second): (&[u32], &[u32]), amounts: &[f64]) {
    let spare = cells.len() - 1;
    for ((first, second), amount) in first.iter().zip(second).zip(amounts) {
        cells[(*first as usize * stride + *second as usize).min(spare)] += amount;
    }
}

/// cellsⱼ += Σ amountᵢ·numberᵢ over the rows i in place j, as if in twice the precision and rounded once.
pub(super) fn add_compensated(cells: &mut [f64], block: &Block, amounts: &[f64]) {
    let mut sums = vec![(0.0, 0.0); cells.len()];
    for (i, (place, amount)) in block.places.iter().zip(amounts).enumerate() {
        if let Some((sum, error)) = sums.get_mut(*place as usize) {
            let product = Twofold::product(*amount, block.number(i));
            let next = Twofold::sum(*sum, product.high);
            *sum = next.high;
            *error += next.low + product.low;
        }
    }
    cells.iter_mut().zip(sums).for_each(|(cell, (sum, error))| *cell += sum + error);
}

/// yᵢ += tableⱼ·numberᵢ for the row i in place j.
pub(super) fn look_up(table: &[f64], block: &Block, y: &mut [f64], buffer: &mut Vec<f64>) {
    buffer.clear();
    buffer.extend_from_slice(table);
    buffer.push(0.0);
    let values = block.places.iter().map(|place| buffer[(*place as usize).min(table.len())]);
    match &block.numbers {
        None => y.iter_mut().zip(values).for_each(|(y, value)| *y += value),
        Some(numbers) => y.iter_mut().zip(values.zip(numbers)).for_each(|(y, (value, number))| *y += value * number),
    }
}

/// The same, the error carrying what rounding took from y.
pub(super) fn look_up_compensated(table: &[f64], block: &Block, y: &mut [f64], error: &mut [f64]) {
    for (i, (place, (y, error))) in block.places.iter().zip(y.iter_mut().zip(error)).enumerate() {
        if let Some(value) = table.get(*place as usize) {
            let product = Twofold::product(*value, block.number(i));
            let sum = Twofold::sum(*y, product.high);
            *y = sum.high;
            *error += sum.low + product.low;
        }
    }
}

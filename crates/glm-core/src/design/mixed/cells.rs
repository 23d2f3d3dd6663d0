//! Sums by category: each row adds to one cell of a table, or to none.
//!
//! A row in no place adds to spare cells behind the others, which say nothing: which rows those are is not for a processor
//! to guess.

use super::Block;
use crate::special::Twofold;

/// Tables up to this size are summed in four copies by turns, so that a row need not wait for what the last one wrote.
const SMALL: usize = 128;
/// Tables up to this size are copied to where there is a spare cell; in larger ones, a row in no place is rare.
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
            add_one_by_one(buffer, places, amounts);
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
    add_one_by_one(first, last_places, last_amounts);
}

/// The same where a spare cell is behind the others.
fn add_one_by_one(cells: &mut [f64], places: &[u32], amounts: &[f64]) {
    assert!(!cells.is_empty(), "there is a spare cell");
    let spare = cells.len() - 1;
    for (place, amount) in places.iter().zip(amounts) {
        cells[(*place as usize).min(spare)] += amount;
    }
}

/// The cell of two categories; those of the first are `stride` apart, and behind all there is a spare one.
pub(super) fn add_pairs(cells: &mut [f64], stride: usize, (first, second): (&[u32], &[u32]), amounts: &[f64]) {
    assert!(!cells.is_empty(), "there is a spare cell");
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
    if table.len() > MIDDLE {
        let value = |place: u32| table.get(place as usize).copied().unwrap_or(0.0);
        return add_values(block, y, value);
    }
    buffer.clear();
    buffer.extend_from_slice(table);
    buffer.push(0.0);
    add_values(block, y, |place| buffer[(place as usize).min(table.len())]);
}

fn add_values(block: &Block, y: &mut [f64], value: impl Fn(u32) -> f64) {
    let values = block.places.iter().map(|place| value(*place));
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

//! Sums by category: each row adds to one cell of a table, or to none.

use super::Block;
use super::categories::NONE;
use crate::special::Twofold;

/// cellsⱼ += Σ amountᵢ over the rows i in place j.
pub(super) fn add(cells: &mut [f64], places: &[usize], amounts: &[f64]) {
    for (place, amount) in places.iter().zip(amounts) {
        // `NONE` is beyond every table.
        if let Some(cell) = cells.get_mut(*place) {
            *cell += amount;
        }
    }
}

/// The same for cells that are `stride` apart.
pub(super) fn add_strided(cells: &mut [f64], stride: usize, places: &[usize], amounts: &[f64]) {
    for (place, amount) in places.iter().zip(amounts) {
        if *place != NONE {
            cells[place * stride] += amount;
        }
    }
}

/// The same for a run of cells, to which each row adds a run of amounts times its number.
pub(super) fn add_runs<'a>(cells: &mut [f64], stride: usize, block: &Block, amounts: impl Iterator<Item = &'a [f64]>) {
    for (i, (place, amounts)) in block.places.iter().zip(amounts).enumerate() {
        if *place != NONE {
            let (run, number) = (&mut cells[place * stride..][..amounts.len()], block.number(i));
            run.iter_mut().zip(amounts).for_each(|(cell, amount)| *cell += amount * number);
        }
    }
}

/// The cell of two categories; those of the first are `stride` apart.
pub(super) fn add_pairs(cells: &mut [f64], stride: usize, (first, second): (&[usize], &[usize]), amounts: &[f64]) {
    for ((first, second), amount) in first.iter().zip(second).zip(amounts) {
        if *first.max(second) != NONE {
            cells[first * stride + second] += amount;
        }
    }
}

/// cellsⱼ += Σ amountᵢ·numberᵢ over the rows i in place j, as if in twice the precision and rounded once.
pub(super) fn add_compensated(cells: &mut [f64], block: &Block, amounts: &[f64]) {
    let mut sums = vec![(0.0, 0.0); cells.len()];
    for (i, (place, amount)) in block.places.iter().zip(amounts).enumerate() {
        if let Some((sum, error)) = sums.get_mut(*place) {
            let product = Twofold::product(*amount, block.number(i));
            let next = Twofold::sum(*sum, product.high);
            *sum = next.high;
            *error += next.low + product.low;
        }
    }
    cells.iter_mut().zip(sums).for_each(|(cell, (sum, error))| *cell += sum + error);
}

/// yᵢ += tableⱼ·numberᵢ for the row i in place j.
pub(super) fn look_up(table: &[f64], block: &Block, y: &mut [f64]) {
    let values = block.places.iter().map(|place| table.get(*place).copied().unwrap_or(0.0));
    match &block.numbers {
        None => y.iter_mut().zip(values).for_each(|(y, value)| *y += value),
        Some(numbers) => y.iter_mut().zip(values.zip(numbers)).for_each(|(y, (value, number))| *y += value * number),
    }
}

/// The same, the error carrying what rounding took from y.
pub(super) fn look_up_compensated(table: &[f64], block: &Block, y: &mut [f64], error: &mut [f64]) {
    for (i, (place, (y, error))) in block.places.iter().zip(y.iter_mut().zip(error)).enumerate() {
        if let Some(value) = table.get(*place) {
            let product = Twofold::product(*value, block.number(i));
            let sum = Twofold::sum(*y, product.high);
            *y = sum.high;
            *error += sum.low + product.low;
        }
    }
}

//! A term that is coded, on the rows of a block: the column that each row is in, and its number there.

use std::ops::Range;

use super::Term;
use super::categories::NONE;

#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// The term's columns of the design.
    pub(super) columns: Range<usize>,
    /// The column of the term that each row is in, or `NONE`.
    pub(super) places: Vec<u32>,
    /// The numbers that the factors are multiplied by, where there are any.
    pub(super) numbers: Option<Vec<f64>>,
}

impl Block {
    pub(super) fn new(term: &Term<'_>, columns: Range<usize>, rows: Range<usize>) -> Self {
        let mut places = vec![0; rows.len()];
        term.places(rows.clone(), &mut places);
        let numbers = term.has_numbers().then(|| {
            let mut numbers = vec![1.0; rows.len()];
            term.multiply(rows, &mut numbers);
            numbers
        });
        Self { columns, places, numbers }
    }

    /// The column of the design that row i is in.
    pub(super) fn column(&self, i: usize) -> Option<usize> {
        (self.places[i] != NONE).then(|| self.columns.start + self.places[i] as usize)
    }

    /// The number of row i in its column.
    pub(super) fn number(&self, i: usize) -> f64 {
        self.numbers.as_ref().map_or(1.0, |numbers| numbers[i])
    }

    /// The amounts times the numbers.
    pub(super) fn times<'b>(&self, amounts: &'b [f64], buffer: &'b mut Vec<f64>) -> &'b [f64] {
        let Some(numbers) = &self.numbers else { return amounts };
        buffer.clear();
        buffer.extend(amounts.iter().zip(numbers).map(|(amount, number)| amount * number));
        buffer
    }
}

//! A term that is coded, on the rows of a block: the column that each row is in, and its number there.

use std::ops::Range;

use super::Term;
use super::categories::NONE;

#[derive(Debug, Clone, Default)]
pub(crate) struct Block {
    /// The term's columns of the design.
    pub(super) columns: Range<usize>,
    /// The column of the term that each row is in, or `NONE`.
    pub(super) places: Vec<u32>,
    /// The numbers that the factors are multiplied by, where there are any.
    pub(super) numbers: Option<Vec<f64>>,
}

impl Block {
    /// Reads a term's codes and numbers on some rows, in place of what was here.
    pub(super) fn read(&mut self, term: &Term<'_>, columns: Range<usize>, rows: Range<usize>) {
        self.columns = columns;
        self.places.resize(rows.len(), 0);
        term.places(rows.clone(), &mut self.places);
        self.numbers = term.has_numbers().then(|| {
            let mut numbers = self.numbers.take().unwrap_or_default();
            numbers.clear();
            numbers.resize(rows.len(), 1.0);
            term.multiply(rows, &mut numbers);
            numbers
        });
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

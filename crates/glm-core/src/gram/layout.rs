//! Which elements of a Gram are kept, and where.

use std::ops::Range;

/// How the Gram of a design is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum GramLayout {
    /// A dense lower triangle.
    #[default]
    Lower,
    /// The same without what is zero whatever the weights: no row has an element other than zero in two columns of one of
    /// these ranges, which ascend and do not overlap. A factor is such a range.
    Exclusive(Vec<Range<usize>>),
}

impl GramLayout {
    /// Elements of a Gram of order n that may be other than zero, each pair counted once.
    #[must_use]
    pub fn n_elements(&self, n: usize) -> usize {
        let left_out = match self {
            Self::Lower => 0,
            Self::Exclusive(ranges) => ranges.iter().map(|range| range.len() * range.len().saturating_sub(1) / 2).sum(),
        };
        n * (n + 1) / 2 - left_out
    }
}

/// Where the elements of a layout that leaves some out are.
///
/// A column in a range has behind its diagonal element those with the columns in none, then those with the columns of later
/// ranges, all in order; a column in none has those with later such columns. So what a row of a factor adds to the numbers
/// beside it is side by side, and the columns of a range are equally far apart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    ranges: Vec<Range<usize>>,
    /// Where each column starts, with its element on the diagonal; then where the last one ends.
    starts: Vec<usize>,
    positions: Vec<Position>,
    /// The number of columns in no range.
    n_free: usize,
}

/// Where a column is among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Position {
    /// In no range, after so many such columns.
    Free(usize),
    /// In a range, after so many columns of any range; the range ends before this one of them.
    Ranged(usize, usize),
}

impl Columns {
    pub(super) fn new(ranges: &[Range<usize>], n: usize) -> Self {
        let n_ranged: usize = ranges.iter().map(ExactSizeIterator::len).sum();
        let n_free = n - n_ranged;
        let mut positions = Vec::with_capacity(n);
        let mut ranged = 0;
        for range in ranges {
            positions.extend((positions.len()..range.start).map(|column| Position::Free(column - ranged)));
            let end = ranged + range.len();
            positions.extend((ranged..end).map(|column| Position::Ranged(column, end)));
            ranged = end;
        }
        positions.extend((positions.len()..n).map(|column| Position::Free(column - ranged)));
        let mut starts = vec![0];
        starts.extend(positions.iter().scan(0, |start, position| {
            *start += match position {
                Position::Free(column) => n_free - column,
                Position::Ranged(_, end) => 1 + n_free + n_ranged - end,
            };
            Some(*start)
        }));
        Self { ranges: ranges.to_vec(), starts, positions, n_free }
    }

    pub(super) fn n_elements(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    pub(super) fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Of the element (i, j), i ≥ j.
    #[inline]
    pub(super) fn place(&self, i: usize, j: usize) -> Option<usize> {
        use Position::{Free, Ranged};
        match (self.positions[i], self.positions[j]) {
            _ if i == j => Some(self.starts[j]),
            (Free(i), Free(before)) => Some(self.starts[j] + i - before),
            (Free(i), Ranged(..)) => Some(self.starts[j] + 1 + i),
            (Ranged(..), Free(j)) => Some(self.starts[i] + 1 + j),
            (Ranged(i, _), Ranged(_, end)) => (i >= end).then(|| self.starts[j] + 1 + self.n_free + i - end),
        }
    }
}

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

/// Where the elements of a layout that leaves some out are: those of a column touch each other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    ranges: Vec<Range<usize>>,
    /// Where each column starts, with its element on the diagonal; then where the last one ends.
    starts: Vec<usize>,
    /// The row of the second element of each column.
    next: Vec<usize>,
}

impl Columns {
    pub(super) fn new(ranges: &[Range<usize>], n: usize) -> Self {
        let mut next: Vec<usize> = (1..=n).collect();
        for range in ranges {
            next[range.clone()].fill(range.end);
        }
        let mut starts = vec![0];
        starts.extend(next.iter().scan(0, |start, next| {
            *start += 1 + n - next;
            Some(*start)
        }));
        Self { ranges: ranges.to_vec(), starts, next }
    }

    pub(super) fn n_elements(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    pub(super) fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Of the element (i, j), i ≥ j.
    pub(super) fn place(&self, i: usize, j: usize) -> Option<usize> {
        match i {
            _ if i == j => Some(self.starts[j]),
            _ if i >= self.next[j] => Some(self.starts[j] + 1 + i - self.next[j]),
            _ => None,
        }
    }
}

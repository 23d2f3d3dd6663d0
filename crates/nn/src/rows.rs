//! Which rows a pass goes over: a range of them, or those that a shuffle picked.

use std::ops::Range;

use glm_core::{BLOCK, Scalar};

/// Rows in the order in which they are read.
#[derive(Debug, Clone)]
pub(crate) enum Rows<'a> {
    /// Rows that follow each other.
    Range(Range<usize>),
    /// Rows by index.
    Picked(&'a [usize]),
}

impl<'a> Rows<'a> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Range(range) => range.len(),
            Self::Picked(picked) => picked.len(),
        }
    }

    /// The rows at these positions.
    pub(crate) fn part(&self, positions: Range<usize>) -> Self {
        match self {
            Self::Range(range) => Self::Range(range.start + positions.start..range.start + positions.end),
            Self::Picked(picked) => Self::Picked(&picked[positions]),
        }
    }

    /// Part `index` of `count` parts that are as long as each other, give or take one, and its first position.
    pub(crate) fn lane(&self, index: usize, count: usize) -> (usize, Self) {
        let bound = |index: usize| self.len() * index / count;
        (bound(index), self.part(bound(index)..bound(index + 1)))
    }

    /// What fits in cache at once, and its first position.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = (usize, Self)> {
        let len = self.len();
        (0..len).step_by(BLOCK).map(move |start| (start, self.part(start..(start + BLOCK).min(len))))
    }

    /// The rows' values of a column.
    pub(crate) fn gather<S: Scalar>(&self, column: &[f64], out: &mut [S]) {
        match self {
            Self::Range(range) => {
                for (out, value) in out.iter_mut().zip(&column[range.clone()]) {
                    *out = S::from_f64(*value);
                }
            }
            Self::Picked(picked) => {
                for (out, row) in out.iter_mut().zip(*picked) {
                    *out = S::from_f64(column[*row]);
                }
            }
        }
    }
}

//! Splitting rows at random: train and test, and folds.

use rand::Rng;

use crate::error::Error;
use crate::uniform::{OWN_STREAMS, below, rng};

const HOLD_OUT: u64 = OWN_STREAMS + 5;
const FOLDS: u64 = OWN_STREAMS + 6;

/// The row numbers of a training and a test part, each in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows to fit on.
    pub train: Vec<usize>,
    /// Rows to judge on.
    pub test: Vec<usize>,
}

impl Split {
    /// Puts `test` of `n_rows` rows in the test part, every choice equally likely.
    ///
    /// # Errors
    ///
    /// If either part would be empty.
    ///
    /// ```
    /// use sim::Split;
    ///
    /// let split = Split::by_count(10, 3, 1)?;
    /// assert_eq!((split.train.len(), split.test.len()), (7, 3));
    /// # Ok::<(), sim::Error>(())
    /// ```
    pub fn by_count(n_rows: usize, test: usize, seed: u64) -> Result<Self, Error> {
        if test == 0 || test >= n_rows {
            return Err(Error::EmptyPart { n_rows, test });
        }
        let order = permutation(n_rows, &mut rng(seed, HOLD_OUT));
        Ok(Self { train: sorted(&order[test..]), test: sorted(&order[..test]) })
    }

    /// Puts a fraction of the rows in the test part: `fraction · n_rows` rounded to the nearest whole number, halves
    /// up.
    ///
    /// # Errors
    ///
    /// If the fraction is not between 0 and 1, or either part would be empty.
    ///
    /// ```
    /// use sim::{Split, gather};
    ///
    /// let split = Split::by_fraction(10, 0.25, 1)?;
    /// assert_eq!(split.test.len(), 3);
    /// let y: Vec<f64> = (0..10).map(f64::from).collect();
    /// let test_y = gather(&y, &split.test)?;
    /// assert_eq!(test_y.len(), 3);
    /// # Ok::<(), sim::Error>(())
    /// ```
    pub fn by_fraction(n_rows: usize, fraction: f64, seed: u64) -> Result<Self, Error> {
        if !(0.0..=1.0).contains(&fraction) {
            return Err(Error::Parameter { name: "fraction", value: fraction, domain: "between 0 and 1" });
        }
        #[expect(clippy::cast_possible_truncation, reason = "a whole number between 0 and n_rows")]
        let test = (fraction * n_rows as f64).round() as usize;
        Self::by_count(n_rows, test, seed)
    }
}

/// Cuts `n_rows` rows at random into folds whose sizes differ by one at most; each split tests on one fold and trains
/// on the others.
///
/// # Errors
///
/// If `folds` is below 2 or above `n_rows`.
///
/// ```
/// let splits = sim::k_fold(10, 3, 1)?;
/// assert_eq!(splits.iter().map(|split| split.test.len()).collect::<Vec<_>>(), [4, 3, 3]);
/// # Ok::<(), sim::Error>(())
/// ```
pub fn k_fold(n_rows: usize, folds: usize, seed: u64) -> Result<Vec<Split>, Error> {
    if folds < 2 || folds > n_rows {
        return Err(Error::Folds { n_rows, folds });
    }
    let order = permutation(n_rows, &mut rng(seed, FOLDS));
    let (size, larger) = (n_rows / folds, n_rows % folds);
    let start = |fold: usize| fold * size + fold.min(larger);
    Ok((0..folds)
        .map(|fold| {
            let (begin, end) = (start(fold), start(fold + 1));
            let others = [&order[..begin], &order[end..]].concat();
            Split { train: sorted(&others), test: sorted(&order[begin..end]) }
        })
        .collect())
}

/// The numbers `0 … n − 1` in random order, each order equally likely (Fisher–Yates, as Durstenfeld 1964 has it).
pub fn permutation<R: Rng + ?Sized>(n: usize, rng: &mut R) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for last in (1..n).rev() {
        #[expect(clippy::cast_possible_truncation, reason = "at most last, which is a usize")]
        let other = below(rng, last as u64 + 1) as usize;
        order.swap(last, other);
    }
    order
}

/// The values of a column at the given rows, in their order.
///
/// # Errors
///
/// If a row is beyond the end of the column.
pub fn gather(column: &[f64], rows: &[usize]) -> Result<Vec<f64>, Error> {
    rows.iter().map(|&row| column.get(row).copied().ok_or(Error::Row { row, n_rows: column.len() })).collect()
}

/// The values of several columns at the given rows.
///
/// # Errors
///
/// If a row is beyond the end of a column.
///
/// ```
/// use sim::{Split, Toy, gather_columns};
///
/// let toy = Toy::new(100, 1);
/// let split = Split::by_fraction(100, 0.2, 1)?;
/// let train = gather_columns(&toy.columns(), &split.train)?;
/// assert_eq!((train.len(), train[0].len()), (10, 80));
/// # Ok::<(), sim::Error>(())
/// ```
pub fn gather_columns(columns: &[impl AsRef<[f64]>], rows: &[usize]) -> Result<Vec<Vec<f64>>, Error> {
    columns.iter().map(|column| gather(column.as_ref(), rows)).collect()
}

fn sorted(rows: &[usize]) -> Vec<usize> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_split_is_a_partition() {
        for (n, test) in [(2, 1), (10, 3), (101, 100)] {
            let split = Split::by_count(n, test, 4).unwrap();
            assert_eq!(split.test.len(), test);
            assert_eq!(sorted(&[split.train, split.test].concat()), (0..n).collect::<Vec<_>>());
        }
        assert_eq!(Split::by_count(50, 20, 1), Split::by_count(50, 20, 1));
        assert_ne!(Split::by_count(50, 20, 1), Split::by_count(50, 20, 2));
    }

    #[test]
    fn folds_are_a_partition_too() {
        let splits = k_fold(17, 5, 4).unwrap();
        assert_eq!(splits.iter().map(|s| s.test.len()).collect::<Vec<_>>(), [4, 4, 3, 3, 3]);
        let all: Vec<usize> = splits.iter().flat_map(|s| s.test.clone()).collect();
        assert_eq!(sorted(&all), (0..17).collect::<Vec<_>>());
        for split in splits {
            assert_eq!(sorted(&[split.train, split.test].concat()), (0..17).collect::<Vec<_>>());
        }
    }

    #[test]
    fn every_order_is_equally_likely() {
        let mut rng = rng(1, 0);
        let mut counts = std::collections::BTreeMap::new();
        (0..24_000).for_each(|_| *counts.entry(permutation(4, &mut rng)).or_insert(0_u32) += 1);
        assert_eq!(counts.len(), 24);
        // Mean 1000 each: 5 standard errors are 5 √(1000 · 23/24) = 155.
        assert!(counts.values().all(|count| count.abs_diff(1000) < 155), "{counts:?}");
    }

    #[test]
    fn what_cannot_be_split_is_an_error() {
        assert_eq!(Split::by_count(5, 0, 1), Err(Error::EmptyPart { n_rows: 5, test: 0 }));
        assert_eq!(Split::by_count(5, 5, 1), Err(Error::EmptyPart { n_rows: 5, test: 5 }));
        assert_eq!(Split::by_fraction(5, 0.01, 1), Err(Error::EmptyPart { n_rows: 5, test: 0 }));
        assert!(matches!(Split::by_fraction(5, f64::NAN, 1), Err(Error::Parameter { name: "fraction", .. })));
        assert!(matches!(Split::by_fraction(5, 1.5, 1), Err(Error::Parameter { name: "fraction", .. })));
        assert_eq!(k_fold(5, 1, 1), Err(Error::Folds { n_rows: 5, folds: 1 }));
        assert_eq!(k_fold(5, 6, 1), Err(Error::Folds { n_rows: 5, folds: 6 }));
        assert_eq!(gather(&[1.0, 2.0], &[1, 2]), Err(Error::Row { row: 2, n_rows: 2 }));
    }
}

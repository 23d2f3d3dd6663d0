//! Sums over rows that do not depend on the number of threads or the size of chunks.
//!
//! Rows belong to groups of [`GROUP`] by absolute index, or of a multiple that depends on the columns. A group is summed by
//! one thread, block after block; the groups' sums are merged as a balanced binary tree whose shape depends on the number
//! of rows alone.

use std::cell::Cell;
use std::ops::Range;

/// Rows of a group: the unit of work of a thread, and of re-blocking for a stream.
pub const GROUP: usize = 8192;

/// Rows of a block: what is in cache at once.
pub const BLOCK: usize = 512;

/// A sum that can take up another.
pub trait Merge {
    /// Adds `other`, which comes from later rows.
    fn merge(&mut self, other: Self);
}

/// The blocks of a range of rows.
pub fn blocks(rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = rows.end;
    rows.step_by(BLOCK).map(move |start| start..(start + BLOCK).min(end))
}

/// Runs `work` on one of the threads that share sums over rows, so that none of the sums in it has to change threads to
/// begin.
pub fn among_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if are_alone() { work() } else { rayon::scope(|_| work()) }
}

/// Runs `work`, every sum over rows in it being taken by this thread alone: for sums that are done before another thread has
/// woken up. They are bit for bit the same.
pub fn alone<T>(work: impl FnOnce() -> T) -> T {
    let _before = Before(ALONE.replace(true));
    work()
}

/// What [`ALONE`] was, and will be again.
struct Before(bool);

impl Drop for Before {
    fn drop(&mut self) {
        ALONE.set(self.0);
    }
}

thread_local! {
    /// Whether this thread has been told to sum by itself.
    static ALONE: Cell<bool> = const { Cell::new(false) };
}

/// Whether there is nobody to share a sum with.
fn are_alone() -> bool {
    ALONE.get() || rayon::current_num_threads() == 1
}

/// Sums `group` over the groups of `0..n_rows`, in parallel, bit for bit the same on any number of threads.
///
/// # Errors
///
/// The error of the earliest group that failed.
///
/// # Panics
///
/// When there are no rows.
pub fn fold_rows<T, E, F>(n_rows: usize, group: &F) -> Result<T, E>
where
    T: Merge + Send,
    E: Send,
    F: Fn(Range<usize>) -> Result<T, E> + Sync,
{
    fold_rows_by(GROUP, n_rows, group)
}

/// [`fold_rows`] over groups of `size` rows.
///
/// # Errors
///
/// As [`fold_rows`].
///
/// # Panics
///
/// When there are no rows.
pub fn fold_rows_by<T, E, F>(size: usize, n_rows: usize, group: &F) -> Result<T, E>
where
    T: Merge + Send,
    E: Send,
    F: Fn(Range<usize>) -> Result<T, E> + Sync,
{
    assert!(n_rows > 0, "a sum over no rows has no value");
    fold_groups(0..n_rows.div_ceil(size), size, n_rows, group)
}

/// [`GROUP`], or so many times it that a Gram of so many elements, summed over rows of `entries` elements other than zero,
/// costs more to sum than to make and merge: each of its elements then costs about as much as eight additions in cache.
pub(crate) fn group_rows(gram_elements: usize, entries: usize) -> usize {
    let row = entries * (entries + 1) / 2;
    GROUP * (32 * (gram_elements / row.max(1)) / GROUP).next_power_of_two()
}

/// Runs `work` on every part, in parallel where there are threads; each part knows its index and nothing of the others.
pub fn for_each_part<T: Send>(parts: &mut [T], work: &(impl Fn(usize, &mut T) + Sync)) {
    fn split<T: Send>(first: usize, parts: &mut [T], work: &(impl Fn(usize, &mut T) + Sync)) {
        match parts {
            [] => {}
            [part] => work(first, part),
            _ if are_alone() => parts.iter_mut().enumerate().for_each(|(i, part)| work(first + i, part)),
            _ => {
                let middle = parts.len() / 2;
                let (left, right) = parts.split_at_mut(middle);
                rayon::join(|| split(first, left, work), || split(first + middle, right, work));
            }
        }
    }
    split(0, parts, work);
}

fn fold_groups<T, E, F>(groups: Range<usize>, size: usize, n_rows: usize, group: &F) -> Result<T, E>
where
    T: Merge + Send,
    E: Send,
    F: Fn(Range<usize>) -> Result<T, E> + Sync,
{
    let count = groups.len();
    if count == 1 {
        return group(groups.start * size..(groups.end * size).min(n_rows));
    }
    // The left subtree is the largest complete one, as when a stream pushes one group after the other.
    let middle = groups.start + count.next_power_of_two() / 2;
    let left = || fold_groups(groups.start..middle, size, n_rows, group);
    let right = || fold_groups(middle..groups.end, size, n_rows, group);
    let (left, right) = if are_alone() { (left(), right()) } else { rayon::join(left, right) };
    let mut left = left?;
    left.merge(right?);
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Trace(String);
    impl Merge for Trace {
        fn merge(&mut self, other: Self) {
            self.0 = format!("({}{})", self.0, other.0);
        }
    }

    #[test]
    fn alone_a_thread_sums_the_same_tree_by_itself() {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        threads.install(|| {
            let own = std::thread::current().id();
            let group = |rows: Range<usize>| {
                assert_eq!(std::thread::current().id(), own, "another thread's group");
                Ok::<_, ()>(Trace((rows.start / GROUP).to_string()))
            };
            assert_eq!(alone(|| fold_rows(5 * GROUP, &group)).unwrap().0, "(((01)(23))4)");
            let panicking = std::panic::catch_unwind(|| alone(|| panic!("in the middle of a sum")));
            assert!(panicking.is_err() && !ALONE.get(), "a thread that stays alone");
        });
    }

    #[test]
    fn the_tree_depends_on_the_rows_alone() {
        let shape = |n: usize| {
            let group = |rows: Range<usize>| Ok::<_, ()>(Trace((rows.start / GROUP).to_string()));
            fold_rows(n, &group).unwrap().0
        };
        assert_eq!(shape(1), "0");
        assert_eq!(shape(3 * GROUP), "((01)2)");
        assert_eq!(shape(6 * GROUP + 1), "(((01)(23))((45)6))");
    }

    #[test]
    fn blocks_cover_a_range() {
        let found: Vec<_> = blocks(8192..9000).collect();
        assert_eq!(found, [8192..8704, 8704..9000]);
    }
}

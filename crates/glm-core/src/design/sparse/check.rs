//! Whether compressed rows or columns are what they claim to be.

use crate::Error;
use crate::error::check_length;

/// Checks starts, and indices that ascend and are small enough, in either orientation.
pub(super) fn compressed(
    (major, starts): (&'static str, &[usize]),
    (minor, limit, indices): (&'static str, usize, &[u32]),
    values: &[f64],
) -> Result<(), Error> {
    check_length("values", indices.len(), values.len())?;
    let invalid = |what, place, found, allowed| Err(Error::InvalidSparsity { what, place, found, allowed });
    let [first, .., last] = starts else {
        return Err(Error::LengthMismatch { what: "starts", expected: 2, found: starts.len() });
    };
    if *first != 0 {
        return invalid(major, 0, *first, "0, where the first one starts");
    }
    if let Some(place) = starts.windows(2).position(|ends| ends[1] < ends[0]) {
        return invalid(major, place + 1, starts[place + 1], "at least the start before it");
    }
    if *last != indices.len() {
        return invalid(major, starts.len() - 1, *last, "the number of elements, where the last one ends");
    }
    for ends in starts.windows(2) {
        let own = &indices[ends[0]..ends[1]];
        if let Some(k) = own.windows(2).position(|pair| pair[1] <= pair[0]) {
            return invalid(minor, ends[0] + k + 1, own[k + 1] as usize, "larger than the index before it");
        }
        if let Some(index) = own.last().filter(|index| **index as usize >= limit) {
            return invalid(minor, ends[1] - 1, *index as usize, "smaller than their number");
        }
    }
    Ok(())
}

//! Rows in ascending order of a prediction, with its ties found.

/// Row numbers in ascending order of `values`, which hold no NaN.
pub(super) fn ascending(values: &[f64]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..values.len()).collect();
    // Adding zero turns -0 into +0, which `total_cmp` would otherwise put apart.
    rows.sort_by(|&a, &b| (values[a] + 0.0).total_cmp(&(values[b] + 0.0)));
    rows
}

/// The groups of equal values along an ascending order.
pub(super) fn ties<'a>(rows: &'a [usize], values: &'a [f64]) -> impl Iterator<Item = &'a [usize]> {
    #[expect(clippy::float_cmp, reason = "a tie is equality; predictions a rounding apart are ranked")]
    rows.chunk_by(|&a, &b| values[a] == values[b])
}

//! Whether a vector is in a cone, in integers: the first phase of the simplex method without fractions.

/// Whether the target is a combination of the vectors with coefficients that are not negative.
///
/// The tableau is kept times its last pivot, so that all divisions are exact (Edmonds, Bareiss); Bland's rule ends it.
pub(crate) fn in_cone(vectors: &[Vec<i128>], target: &[i128]) -> bool {
    let n = vectors.len();
    let row = |i: usize| -> Vec<i128> {
        let sign = if target[i] < 0 { -1 } else { 1 };
        vectors.iter().map(|vector| sign * vector[i]).chain([sign * target[i]]).collect()
    };
    let mut tableau: Vec<Vec<i128>> = (0..target.len()).map(row).collect();
    // What the artificial variables, all in the basis and numbered after the others, cost.
    tableau.push((0..=n).map(|j| -tableau.iter().map(|row| row[j]).sum::<i128>()).collect());
    let mut basis: Vec<usize> = (0..target.len()).map(|i| n + i).collect();
    let mut last = 1;
    while let Some(entering) = (0..n).find(|j| tableau[target.len()][*j] < 0) {
        let candidates = (0..target.len()).filter(|i| tableau[*i][entering] > 0);
        let leaving = candidates.min_by(|a, b| {
            let (a_side, b_side) = (tableau[*a][n] * tableau[*b][entering], tableau[*b][n] * tableau[*a][entering]);
            a_side.cmp(&b_side).then(basis[*a].cmp(&basis[*b]))
        });
        let leaving = leaving.expect("costs are bounded below");
        let pivot_row = tableau[leaving].clone();
        let pivot = pivot_row[entering];
        for row in tableau.iter_mut().enumerate().filter(|(i, _)| *i != leaving).map(|(_, row)| row) {
            let factor = row[entering];
            row.iter_mut().zip(&pivot_row).for_each(|(value, p)| *value = (*value * pivot - factor * p) / last);
        }
        (last, basis[leaving]) = (pivot, entering);
    }
    tableau[target.len()][n] == 0
}

#[test]
fn a_quadrant_and_a_half_plane() {
    let quadrant = [vec![1, 0], vec![0, 1]];
    assert!(in_cone(&quadrant, &[3, 2]) && in_cone(&quadrant, &[0, 0]) && !in_cone(&quadrant, &[3, -1]));
    let half = [vec![2, 1], vec![-4, -2], vec![1, 3]];
    assert!(in_cone(&half, &[-1, 7]) && in_cone(&half, &[-6, -3]) && !in_cone(&half, &[1, 0]));
}

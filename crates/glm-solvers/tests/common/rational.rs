//! The directions that satisfy every row, in integers: the extreme rays of a pointed cone, by enumeration.

/// What a row asks of xᵀd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Zero,
    NonNegative,
    NonPositive,
}

/// {d : every row is satisfied}, of a design of full column rank.
#[derive(Debug)]
pub(crate) struct Cone {
    /// Rows with xᵀd ≠ 0 for some direction.
    pub(crate) moved: Vec<usize>,
    /// Columns whose dⱼ is never of the other sign, and sometimes not zero.
    pub(crate) certain: Vec<(usize, i128)>,
}

impl Cone {
    /// `None` where the columns are dependent.
    pub(crate) fn of(rows: &[Vec<i64>], sides: &[Side]) -> Option<Self> {
        let p = rows[0].len();
        let rows: Vec<Vec<i128>> = rows.iter().map(|row| row.iter().map(|v| i128::from(*v)).collect()).collect();
        if subsets(rows.len(), p).iter().all(|chosen| determinant(&pick(&rows, chosen)) == 0) {
            return None;
        }
        // A ray of a pointed cone is where p − 1 independent rows are tight.
        let rays: Vec<Vec<i128>> = subsets(rows.len(), p - 1)
            .iter()
            .map(|chosen| orthogonal(&pick(&rows, chosen), p))
            .flat_map(|d| [d.iter().map(|v| -v).collect(), d])
            .filter(|d| d.iter().any(|v| *v != 0))
            .filter(|d| rows.iter().zip(sides).all(|(row, side)| satisfied(dot(row, d), *side)))
            .collect();
        let moved = (0..rows.len()).filter(|i| rays.iter().any(|d| dot(&rows[*i], d) != 0)).collect();
        let certain = (0..p)
            .filter_map(|j| match (rays.iter().any(|d| d[j] > 0), rays.iter().any(|d| d[j] < 0)) {
                (true, false) => Some((j, 1)),
                (false, true) => Some((j, -1)),
                _ => None,
            })
            .collect();
        Some(Self { moved, certain })
    }
}

fn satisfied(step: i128, side: Side) -> bool {
    match side {
        Side::Zero => step == 0,
        Side::NonNegative => step >= 0,
        Side::NonPositive => step <= 0,
    }
}

fn dot(a: &[i128], b: &[i128]) -> i128 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn pick(rows: &[Vec<i128>], chosen: &[usize]) -> Vec<Vec<i128>> {
    chosen.iter().map(|i| rows[*i].clone()).collect()
}

/// Every choice of `k` of `n`.
fn subsets(n: usize, k: usize) -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for _ in 0..k {
        all = all
            .into_iter()
            .flat_map(|chosen: Vec<usize>| {
                (chosen.last().map_or(0, |last| last + 1)..n).map(move |i| [&chosen[..], &[i]].concat())
            })
            .collect();
    }
    all
}

/// By expansion along the first row.
fn determinant(rows: &[Vec<i128>]) -> i128 {
    let Some(first) = rows.first() else { return 1 };
    (0..first.len()).filter(|j| first[*j] != 0).map(|j| first[j] * sign(j) * determinant(&without(&rows[1..], j))).sum()
}

/// The vector of signed minors, orthogonal to p − 1 rows; zero where they are dependent.
fn orthogonal(rows: &[Vec<i128>], p: usize) -> Vec<i128> {
    (0..p).map(|j| sign(j) * determinant(&without(rows, j))).collect()
}

fn without(rows: &[Vec<i128>], column: usize) -> Vec<Vec<i128>> {
    let kept = |row: &Vec<i128>| row.iter().enumerate().filter(|(j, _)| *j != column).map(|(_, v)| *v).collect();
    rows.iter().map(kept).collect()
}

fn sign(j: usize) -> i128 {
    if j.is_multiple_of(2) { 1 } else { -1 }
}

//! Which of many columns are aliased, without QR: what a Gram makes suspect is looked at on the rows themselves.
//!
//! A Gram cannot tell a column that is in the span of others from one that is `1e-8` of its length away. But it gives the
//! coefficients of the combination, and the combination can be compared with the column row by row, at the cost of a pass
//! over a linear predictor. Among categories the coefficients are whole numbers, and the comparison is exact.

use std::ops::Range;

use glm_core::{At, Design, Gram, Information, Merge, Objective, Order, Precision, Work, blocks, fold_rows_by, kernel};

use crate::start::{ALIAS, First, SAFE_PIVOT};
use crate::{Error, Factor, Problem};

/// Columns from which QR of the rows takes far longer than all else.
const MANY: usize = 256;
/// Distance from a whole number within which a coefficient is one.
const WHOLE: f64 = 1e-6;

/// The factor of the information at the start on the columns that are not aliased, and the gradient there; `None` where
/// the columns are few, or QR has to decide.
pub(crate) fn without_qr(problem: &Problem<'_>) -> Result<Option<First>, Error> {
    let (design, p) = (problem.design(), problem.n_params());
    if p < MANY || p != design.n_cols() {
        return Ok(None);
    }
    let first = problem.expand(At::Start, Order::Expected, Precision::Plain)?;
    let Information::Gram(gram) = &first.information else { return Ok(None) };
    let safe = |kept: &[usize]| Factor::new(&first.information, kept).filter(|f| f.smallest_pivot() > SAFE_PIVOT);
    if let Some(factor) = safe(&(0..p).collect::<Vec<_>>()) {
        return Ok(Some(First::plain(factor, first)));
    }
    let (kept, suspects) = suspects(gram);
    let Some(factor) = safe(&kept) else { return Ok(None) };
    let certain = equations(design, &|row| problem.weight(row) > 0.0, &kept, &suspects)?.is_some();
    Ok(certain.then(|| First::plain(factor, first)))
}

/// The coefficients of each aliased column on those that are kept; `None` where the columns are few, or it is not certain
/// that each is such a combination of those before it on the rows in use.
pub(crate) fn equations(
    design: &dyn Design,
    used: &(impl Fn(usize) -> bool + Sync),
    kept: &[usize],
    aliased: &[usize],
) -> Result<Option<Vec<Vec<f64>>>, Error> {
    if design.n_cols() < MANY {
        return Ok(None);
    }
    let Total(gram) = fold_rows_by(design.rows_per_group(), design.n_rows(), &|rows: Range<usize>| {
        let (mut gram, mut work) = (Gram::with_layout(design.n_cols(), &design.gram_layout()), Work::new());
        for rows in blocks(rows) {
            let ones: Vec<f64> = rows.clone().map(|row| f64::from(u8::from(used(row)))).collect();
            design.add_gram(rows, &ones, &mut gram, &mut work);
        }
        Ok::<_, Error>(Total(gram))
    })?;
    let information = Information::Gram(gram.clone());
    let Some(factor) = Factor::new(&information, kept).filter(|f| f.smallest_pivot() > SAFE_PIVOT) else {
        return Ok(None);
    };
    let combinations: Vec<Vec<f64>> = aliased.iter().map(|j| combination(&gram, &factor, *j)).collect();
    let Largest(found) = fold_rows_by(design.rows_per_group(), design.n_rows(), &|rows| {
        Ok::<_, Error>(Largest::of(design, used, rows, &combinations))
    })?;
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    let typical = |j: usize| (gram.get(j, j) / design.n_rows() as f64).sqrt();
    let certain = aliased.iter().zip(&found).all(|(j, found)| *found <= ALIAS * typical(*j));
    let on_kept = |all: Vec<f64>| kept.iter().map(|j| 0.0 - all[*j]).collect();
    Ok(certain.then(|| combinations.into_iter().map(on_kept).collect()))
}

/// Parameters at which η is a column less its combination of those before it.
fn combination(gram: &Gram, factor: &Factor, column: usize) -> Vec<f64> {
    let products: Vec<f64> = (0..gram.n()).map(|i| gram.get(i, column)).collect();
    let mut params = factor.solve(&products);
    for (j, value) in params.iter_mut().enumerate() {
        let whole = value.round();
        let near = if (*value - whole).abs() < WHOLE { whole } else { *value };
        *value = if j < column { 0.0 - near } else { 0.0 };
    }
    params[column] = 1.0;
    params
}

/// The columns that are clear of the span of those before them, and the others.
fn suspects(gram: &Gram) -> (Vec<usize>, Vec<usize>) {
    let n = gram.n();
    let (mut kept, mut suspects, mut r) = (Vec::new(), Vec::new(), Vec::<Vec<f64>>::new());
    for j in 0..n {
        let scale = gram.get(j, j).sqrt();
        let mut column: Vec<f64> = Vec::with_capacity(kept.len() + 1);
        for (i, above) in kept.iter().zip(&r) {
            let entry = gram.get(*i, j) / (gram.get(*i, *i).sqrt() * scale);
            let product = kernel::dot(&above[..column.len()], &column);
            column.push((entry - product) / above[column.len()]);
        }
        let pivot = 1.0 - kernel::dot(&column, &column);
        if scale > 0.0 && pivot > SAFE_PIVOT * SAFE_PIVOT {
            column.push(pivot.sqrt());
            r.push(column);
            kept.push(j);
        } else {
            suspects.push(j);
        }
    }
    (kept, suspects)
}

struct Total(Gram);

impl Merge for Total {
    fn merge(&mut self, other: Self) {
        self.0.merge(&other.0);
    }
}

/// The largest |η| at each of some parameters.
struct Largest(Vec<f64>);

impl Largest {
    fn of(design: &dyn Design, used: &impl Fn(usize) -> bool, rows: Range<usize>, all: &[Vec<f64>]) -> Self {
        let (mut largest, mut work) = (vec![0.0; all.len()], Work::with_precision(Precision::Compensated));
        for rows in blocks(rows) {
            for (largest, params) in largest.iter_mut().zip(all) {
                let mut eta = vec![0.0; rows.len()];
                design.add_eta(rows.clone(), params, &mut eta, &mut work);
                let in_use = eta.iter().zip(rows.clone()).filter(|(_, row)| used(*row));
                *largest = in_use.fold(*largest, |largest: f64, (eta, _)| largest.max(eta.abs()));
            }
        }
        Self(largest)
    }
}

impl Merge for Largest {
    fn merge(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a = a.max(b));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glm_core::{Categories, Mixed};

    #[test]
    #[expect(clippy::float_cmp, reason = "coefficients that are whole numbers are exact")]
    fn what_only_looks_aliased_is_left_to_qr() {
        let (rows, levels) = (2100, 300);
        let codes: Vec<u32> = (0..2100_u32).map(|i| (i * i % 7 + i) % 300).collect();
        let sums: Vec<f64> = codes.iter().map(|code| f64::from(*code % 3)).collect();
        let full = Categories::full(&codes, levels).unwrap();
        let last = levels + 1;
        let kept: Vec<usize> = (0..levels).chain([levels + 1]).collect();
        let of = |numbers: &[f64]| {
            let design = Mixed::new(rows).intercept().term(&full).unwrap().term(numbers).unwrap();
            equations(&design, &|_| true, &(0..levels).collect::<Vec<_>>(), &[levels, last]).unwrap()
        };
        let found = of(&sums).unwrap();
        // The last level is what the others leave of the intercept.
        assert_eq!(found[0], [&[1.0], &vec![-1.0; levels - 1][..]].concat());
        let at_last = ((levels - 1) % 3) as f64;
        assert!(found[1].iter().skip(1).enumerate().all(|(l, value)| *value == (l % 3) as f64 - at_last));
        for distance in [1e-3, 1e-9] {
            let near: Vec<f64> = sums.iter().enumerate().map(|(i, x)| x + distance * (i as f64).sin()).collect();
            assert!(of(&near).is_none(), "{distance}");
        }
        let design = Mixed::new(rows).intercept().term(&full).unwrap().term(&sums).unwrap();
        assert!(equations(&design, &|_| true, &kept, &[levels]).unwrap().is_none(), "kept columns are dependent");
    }
}

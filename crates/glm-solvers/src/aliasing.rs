//! What the aliased columns of a design are made of, and which new rows that leaves without a prediction.
//!
//! On the rows of a fit an aliased column j is the combination `x_j = Σ a_jk x_k` of the columns that are kept. The
//! coefficients β then stand for a whole family of them, and xᵀβ is the same for all (it is *estimable*) exactly for the
//! rows x on which those equations hold too.

use std::ops::Range;

use glm_core::{Design, Root, blocks, fold_rows};

use crate::problem::{check_finite, check_length};
use crate::{Error, rank};

/// Departure from the equations, relative to the size of their terms, up to which they hold.
const TOLERANCE: f64 = 1e-7;

/// The equations of the aliased columns: what tells which new rows a rank-deficient fit predicts.
///
/// ```
/// use glm_core::Dense;
/// use glm_solvers::Aliasing;
/// // Of three columns, the intercept counting as 0, the last is 1·column 0 + 2·column 1.
/// let aliasing = Aliasing::new(3, vec![(2, vec![1.0, 2.0])])?;
/// let new = Dense::with_intercept([&[5.0, 5.0][..], &[11.0, 12.0][..]])?;
/// assert_eq!(aliasing.not_estimable(&new), [1]);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Aliasing {
    /// Columns of the design that are kept.
    kept: Vec<usize>,
    /// For each aliased column, its place and its coefficients on the kept columns; then, where the model has a constant
    /// that is no column of the design, on that.
    equations: Vec<(usize, Vec<f64>)>,
    constant: bool,
}

impl Aliasing {
    /// Equations that were kept elsewhere: for each aliased column of `n_cols`, in order, its place and its coefficients on
    /// the columns that are not aliased.
    ///
    /// # Errors
    ///
    /// Places that do not ascend below `n_cols`, another number of coefficients, one that is not finite.
    pub fn new(n_cols: usize, equations: Vec<(usize, Vec<f64>)>) -> Result<Self, glm_core::Error> {
        let kept: Vec<usize> = (0..n_cols).filter(|j| equations.iter().all(|(aliased, _)| aliased != j)).collect();
        for (i, (column, coefficients)) in equations.iter().enumerate() {
            if *column >= n_cols || equations[..i].iter().any(|(before, _)| before >= column) {
                let (what, allowed) = ("aliased columns", "above those before it and below the number of columns");
                return Err(glm_core::Error::InvalidSparsity { what, place: i, found: *column, allowed });
            }
            check_length("the equation of an aliased column", kept.len(), coefficients.len())?;
            check_finite("the equation of an aliased column", coefficients)?;
        }
        Ok(Self { kept, equations, constant: false })
    }

    /// For each aliased column, in order, its place and its coefficients on the columns that are not aliased.
    #[must_use]
    pub fn equations(&self) -> &[(usize, Vec<f64>)] {
        &self.equations
    }

    /// The rows of a design that break an equation, so that the fit does not determine their linear predictors.
    ///
    /// # Panics
    ///
    /// When the design has fewer columns.
    #[must_use]
    pub fn not_estimable(&self, design: &dyn Design) -> Vec<usize> {
        not_estimable(Some(self), design)
    }

    /// The equations that hold on the rows of positive weight; `None` where no column is aliased.
    pub(crate) fn of(
        design: &dyn Design,
        weight: &(impl Fn(usize) -> f64 + Sync),
        aliased: &[usize],
        constant: bool,
    ) -> Result<Option<Self>, Error> {
        if aliased.is_empty() {
            return Ok(None);
        }
        let kept: Vec<usize> = (0..design.n_cols()).filter(|column| !aliased.contains(column)).collect();
        if !constant && let Some(found) = rank::equations(design, &|row| weight(row) > 0.0, &kept, aliased)? {
            let equations = aliased.iter().copied().zip(found).collect();
            return Ok(Some(Self { kept, equations, constant }));
        }
        let mut order = kept.clone();
        order.extend(constant.then_some(design.n_cols()));
        let independent = order.len();
        order.extend(aliased);
        let scales = scales(design, weight, constant)?;
        let root = reordered(&root(design, weight, &scales)?, &order);
        let equation = |(i, aliased): (usize, &usize)| {
            let mut coefficients = solved(&root, independent, independent + i);
            coefficients.iter_mut().zip(&order).for_each(|(a, j)| *a *= scales[*aliased] / scales[*j]);
            (*aliased, coefficients)
        };
        let equations = aliased.iter().enumerate().map(equation).collect();
        Ok(Some(Self { kept, equations, constant }))
    }

    /// Which rows of a block, column-major with one column per column of the design, break an equation.
    pub(crate) fn broken(&self, x: &[f64], m: usize) -> Vec<bool> {
        let mut broken = vec![false; m];
        for (i, broken) in broken.iter_mut().enumerate() {
            let at = |column: usize| x[column * m + i];
            *broken = self.equations.iter().any(|(aliased, coefficients)| {
                let own = at(*aliased);
                let values = self.kept.iter().map(|column| at(*column)).chain(self.constant.then_some(1.0));
                let terms = values.zip(coefficients).map(|(x, a)| x * a);
                let (sum, size) = terms.fold((0.0, own.abs()), |(sum, size), term| (sum + term, size + term.abs()));
                // What is not a number holds for no row.
                let holds = (own - sum).abs() <= TOLERANCE * size;
                !holds
            });
        }
        broken
    }
}

/// The power of two below the largest size of each column, and of the constant after them, on the rows of positive weight:
/// divided by these, no columns have squares that overflow, and all digits stay.
fn scales(design: &dyn Design, weight: &(impl Fn(usize) -> f64 + Sync), constant: bool) -> Result<Vec<f64>, Error> {
    let group = |rows: Range<usize>| {
        let (mut largest, mut x) = (vec![0.0_f64; design.n_cols()], Vec::new());
        for rows in blocks(rows) {
            x.resize(rows.len() * design.n_cols(), 0.0);
            design.dense(rows.clone(), &mut x);
            for (largest, column) in largest.iter_mut().zip(x.chunks_exact(rows.len())) {
                let used = column.iter().zip(rows.clone()).filter(|(_, row)| weight(*row) > 0.0);
                *largest = used.fold(*largest, |largest, (x, _)| largest.max(x.abs()));
            }
        }
        Ok::<_, Error>(Largest(largest))
    };
    let Largest(mut largest) = fold_rows(design.n_rows(), &group)?;
    largest.extend(constant.then_some(1.0));
    let power = |size: &f64| if size.is_normal() { f64::from_bits(size.to_bits() & EXPONENT) } else { 1.0 };
    Ok(largest.iter().map(power).collect())
}

/// The bits of a number that are its exponent.
const EXPONENT: u64 = 0x7ff << 52;

struct Largest(Vec<f64>);

impl glm_core::Merge for Largest {
    fn merge(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own = own.max(other));
    }
}

/// A root of `XᵀX` over the rows of positive weight, columns divided by their scales, of which a last one more than the
/// design has columns is that of the constant.
fn root(design: &dyn Design, weight: &(impl Fn(usize) -> f64 + Sync), scales: &[f64]) -> Result<Root, Error> {
    let n = scales.len();
    struct Part(Root);
    impl glm_core::Merge for Part {
        fn merge(&mut self, other: Self) {
            self.0.merge(&other.0);
        }
    }
    let group = |rows: Range<usize>| {
        let (mut part, mut x, mut scratch) = (Root::zeros(n), Vec::new(), Vec::new());
        for rows in blocks(rows) {
            let m = rows.len();
            x.resize(m * n, 1.0);
            x[m * design.n_cols()..].fill(1.0);
            design.dense(rows.clone(), &mut x[..m * design.n_cols()]);
            let used: Vec<f64> = rows.map(|row| f64::from(u8::from(weight(row) > 0.0))).collect();
            for (column, scale) in x.chunks_exact_mut(m).zip(scales) {
                column.iter_mut().zip(&used).for_each(|(x, used)| *x = if *used > 0.0 { *x / scale } else { 0.0 });
            }
            part.add_block(&x, &used, &mut scratch);
        }
        Ok::<_, Error>(Part(part))
    };
    Ok(fold_rows(design.n_rows(), &group)?.0)
}

/// A root of the same matrix with its columns in another order.
fn reordered(root: &Root, order: &[usize]) -> Root {
    let n = root.n();
    let mut columns = vec![0.0; n * n];
    for (column, j) in columns.chunks_exact_mut(n).zip(order) {
        column[..=*j].copy_from_slice(root.column(*j));
    }
    let mut reordered = Root::zeros(n);
    reordered.add_block(&columns, &vec![1.0; n], &mut Vec::new());
    reordered
}

/// The coefficients of a column on the first k, by back substitution.
fn solved(root: &Root, k: usize, column: usize) -> Vec<f64> {
    let mut right = root.column(column)[..k].to_vec();
    for j in (0..k).rev() {
        let r = root.column(j);
        right[j] /= r[j];
        for i in 0..j {
            right[i] -= right[j] * r[i];
        }
    }
    right
}

/// The rows of a design whose linear predictor is not estimable, in order.
pub(crate) fn not_estimable(aliasing: Option<&Aliasing>, design: &dyn Design) -> Vec<usize> {
    let Some(aliasing) = aliasing else { return Vec::new() };
    let (mut rows_found, mut x) = (Vec::new(), Vec::new());
    for rows in blocks(0..design.n_rows()) {
        x.resize(rows.len() * design.n_cols(), 0.0);
        design.dense(rows.clone(), &mut x);
        let broken = aliasing.broken(&x, rows.len());
        rows_found.extend(rows.zip(broken).filter(|(_, broken)| *broken).map(|(row, _)| row));
    }
    rows_found
}

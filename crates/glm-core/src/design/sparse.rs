//! A sparse design: of each row only the elements other than zero.

mod check;

use std::borrow::Cow;
use std::ops::Range;

use crate::rows::group_rows;
use crate::special::Twofold;
use crate::{Design, Error, Gram, GramLayout, Precision, Work};

/// Compressed sparse rows, with or without an intercept.
///
/// A row of z elements costs z operations in η and in the gradient and z²/2 in the Gram. The Gram itself is dense: it
/// takes 8p² bytes, so that some ten thousand columns are the limit.
///
/// ```
/// use glm_core::{Design, Sparse};
/// // Column 0 has 5 in row 1; column 1 has 1 in row 0 and 2 in row 1.
/// let design = Sparse::from_columns(2, &[0, 1, 3], &[1, 0, 1], &[5.0, 1.0, 2.0])?.with_intercept();
/// let mut x = [0.0; 6];
/// design.dense(0..2, &mut x);
/// assert_eq!(x, [1.0, 1.0, 0.0, 5.0, 1.0, 2.0]);
/// # Ok::<(), glm_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sparse<'a> {
    n_cols: usize,
    intercept: bool,
    /// Where each row starts, and where the last one ends.
    starts: Cow<'a, [usize]>,
    columns: Cow<'a, [u32]>,
    values: Cow<'a, [f64]>,
}

impl<'a> Sparse<'a> {
    /// From compressed rows (CSR), borrowed: `starts` has one element more than there are rows, and the elements of row i
    /// are those from `starts[i]` to `starts[i + 1]`, their columns ascending.
    ///
    /// # Errors
    ///
    /// [`Error::LengthMismatch`], [`Error::NoRows`]; [`Error::InvalidSparsity`] where starts descend, or an index is too
    /// large, out of order or repeated; [`Error::NotFinite`] with row and column.
    pub fn from_rows(n_cols: usize, starts: &'a [usize], columns: &'a [u32], values: &'a [f64]) -> Result<Self, Error> {
        check::compressed(("rows", starts), ("columns", n_cols, columns), values)?;
        if starts.len() < 2 {
            return Err(Error::NoRows);
        }
        let design = Self {
            n_cols,
            intercept: false,
            starts: Cow::Borrowed(starts),
            columns: Cow::Borrowed(columns),
            values: Cow::Borrowed(values),
        };
        design.check_finite()
    }

    /// From compressed columns (CSC): `starts` has one element more than there are columns, and the elements of column j
    /// are those from `starts[j]` to `starts[j + 1]`, their rows ascending. A pass goes by rows, so they are copied.
    ///
    /// # Errors
    ///
    /// As [`from_rows`](Self::from_rows), rows and columns having changed places.
    pub fn from_columns(n_rows: usize, starts: &[usize], rows: &[u32], values: &[f64]) -> Result<Self, Error> {
        check::compressed(("columns", starts), ("rows", n_rows, rows), values)?;
        if n_rows == 0 {
            return Err(Error::NoRows);
        }
        let n_cols = starts.len() - 1;
        let mut row_starts = vec![0; n_rows + 1];
        rows.iter().for_each(|row| row_starts[*row as usize + 1] += 1);
        (0..n_rows).for_each(|row| row_starts[row + 1] += row_starts[row]);
        let mut next = row_starts.clone();
        let (mut columns, mut by_rows) = (vec![0; rows.len()], vec![0.0; rows.len()]);
        for (j, ends) in (0_u32..).zip(starts.windows(2)) {
            for k in ends[0]..ends[1] {
                let place = &mut next[rows[k] as usize];
                (columns[*place], by_rows[*place]) = (j, values[k]);
                *place += 1;
            }
        }
        let (starts, columns, values) = (Cow::Owned(row_starts), Cow::Owned(columns), Cow::Owned(by_rows));
        Self { n_cols, intercept: false, starts, columns, values }.check_finite()
    }

    /// With an intercept as column 0, before the others.
    #[must_use]
    pub fn with_intercept(mut self) -> Self {
        self.intercept = true;
        self
    }

    /// The number of elements stored.
    #[must_use]
    pub fn n_elements(&self) -> usize {
        self.values.len()
    }

    fn check_finite(self) -> Result<Self, Error> {
        match self.values.iter().position(|value| !value.is_finite()) {
            None => Ok(self),
            Some(k) => {
                let row = self.starts.partition_point(|start| *start <= k) - 1;
                let (column, value) = (Some(self.columns[k] as usize), self.values[k]);
                Err(Error::NotFinite { what: "x", row, column, value })
            }
        }
    }

    /// Elements of a row, on average.
    fn entries(&self) -> usize {
        self.n_elements().div_ceil(self.n_rows()) + usize::from(self.intercept)
    }

    /// The elements of each row with their columns, the intercept not counted.
    fn rows(&self, rows: Range<usize>) -> impl Iterator<Item = (&[u32], &[f64])> {
        self.starts[rows.start..=rows.end].windows(2).map(|ends| {
            let elements = ends[0]..ends[1];
            (&self.columns[elements.clone()], &self.values[elements])
        })
    }
}

impl Design for Sparse<'_> {
    fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }
    fn n_cols(&self) -> usize {
        self.n_cols + usize::from(self.intercept)
    }
    fn has_intercept(&self) -> bool {
        self.intercept
    }
    fn rows_per_group(&self) -> usize {
        group_rows(GramLayout::Lower.n_elements(self.n_cols()), self.entries())
    }
    /// Products are added one by one.
    #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
    fn gram_cost(&self) -> f64 {
        self.entries() as f64 / 3.5
    }
    fn dense(&self, rows: Range<usize>, out: &mut [f64]) {
        let m = rows.len();
        let (ones, rest) = out.split_at_mut(m * usize::from(self.intercept));
        ones.fill(1.0);
        rest.fill(0.0);
        for (i, (columns, values)) in self.rows(rows).enumerate() {
            columns.iter().zip(values).for_each(|(column, value)| rest[*column as usize * m + i] = *value);
        }
    }
    fn add_eta(&self, rows: Range<usize>, params: &[f64], eta: &mut [f64], work: &mut Work) {
        let (constant, params) = params.split_at(usize::from(self.intercept));
        for ((columns, values), eta) in self.rows(rows).zip(eta) {
            let constant = constant.iter().map(|constant| (1.0, *constant));
            let terms = columns.iter().zip(values).map(|(column, value)| (*value, params[*column as usize]));
            match work.precision {
                Precision::Plain => constant.chain(terms).for_each(|(x, param)| *eta += x * param),
                Precision::Compensated => {
                    let mut sum = (*eta, 0.0);
                    constant.chain(terms).for_each(|(x, param)| add_product(&mut sum, x, param));
                    *eta = sum.0 + sum.1;
                }
            }
        }
    }
    fn add_gradient(&self, rows: Range<usize>, slope: &[f64], gradient: &mut [f64], work: &mut Work) {
        let (constant, gradient) = gradient.split_at_mut(usize::from(self.intercept));
        match work.precision {
            Precision::Plain => {
                constant.iter_mut().for_each(|constant| *constant += slope.iter().sum::<f64>());
                for ((columns, values), slope) in self.rows(rows).zip(slope) {
                    columns.iter().zip(values).for_each(|(column, value)| gradient[*column as usize] += value * slope);
                }
            }
            Precision::Compensated => {
                let (mut total, mut sums) = ((0.0, 0.0), vec![(0.0, 0.0); gradient.len()]);
                for ((columns, values), slope) in self.rows(rows).zip(slope) {
                    add_product(&mut total, 1.0, *slope);
                    for (column, value) in columns.iter().zip(values) {
                        add_product(&mut sums[*column as usize], *value, *slope);
                    }
                }
                let all = constant.iter_mut().zip([total]).chain(gradient.iter_mut().zip(sums));
                all.for_each(|(gradient, (sum, error))| *gradient += sum + error);
            }
        }
    }
    fn add_gram(&self, rows: Range<usize>, weight: &[f64], gram: &mut Gram, _: &mut Work) {
        let (n, shift) = (gram.n(), usize::from(self.intercept));
        let cells = gram.values_mut();
        for ((columns, values), weight) in self.rows(rows).zip(weight) {
            if self.intercept {
                cells[0] += weight;
            }
            for (a, (column, value)) in columns.iter().zip(values).enumerate() {
                let (i, scaled) = (*column as usize + shift, weight * value);
                if self.intercept {
                    cells[i] += scaled;
                }
                for (column, value) in columns[..=a].iter().zip(values) {
                    cells[(*column as usize + shift) * n + i] += scaled * value;
                }
            }
        }
    }
    fn quadratic(&self, rows: Range<usize>, v: &[f64], out: &mut [f64], _: &mut Work) {
        let (n, shift) = (self.n_cols(), usize::from(self.intercept));
        for ((columns, values), out) in self.rows(rows).zip(out) {
            *out = if self.intercept { v[0] } else { 0.0 };
            for (a, (column, value)) in columns.iter().zip(values).enumerate() {
                let j = *column as usize + shift;
                let own = &v[j * n..(j + 1) * n];
                let constant = if self.intercept { own[0] } else { 0.0 };
                let before =
                    columns[..a].iter().zip(values).map(|(column, value)| own[*column as usize + shift] * value);
                *out += value * (2.0 * (constant + before.sum::<f64>()) + value * own[j]);
            }
        }
    }
}

/// (sum, error) += a·b, the error carrying what rounding took from the sum.
fn add_product((sum, error): &mut (f64, f64), a: f64, b: f64) {
    let product = Twofold::product(a, b);
    let next = Twofold::sum(*sum, product.high);
    *sum = next.high;
    *error += next.low + product.low;
}

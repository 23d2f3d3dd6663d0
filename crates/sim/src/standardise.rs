//! Standardising columns: mean 0 and standard deviation 1 on the training rows, and the same shift and scale
//! elsewhere.

use crate::error::Error;

/// The mean and the standard deviation of each column of the training rows.
///
/// The standard deviation has the divisor `n − 1`, as R's `scale` does. With weights it is
/// `√(Σ w (x − m)² / (W − Σ w²/W))` with `W = Σ w` and `m = Σ w x / W`, as R's `cov.wt`: equal weights give the
/// divisor `n − 1`, the unit of the weights does not matter, and a row of weight zero is as good as absent.
///
/// ```
/// use sim::Standardise;
///
/// let fitted = Standardise::fit(&[[1.0, 2.0, 3.0]], None)?;
/// assert_eq!((fitted.mean[0], fitted.sd[0]), (2.0, 1.0));
/// assert_eq!(fitted.apply(&[[4.0, 2.0]])?, [[2.0, 0.0]]);
/// # Ok::<(), sim::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Standardise {
    /// The mean of each column.
    pub mean: Vec<f64>,
    /// The standard deviation of each column, never zero.
    pub sd: Vec<f64>,
}

impl Standardise {
    /// Finds mean and standard deviation of each column, in two passes; relative error about `n · 1e-16` at worst.
    ///
    /// # Errors
    ///
    /// Columns or weights of different lengths; a value that is not finite; a bad weight; fewer than two rows of
    /// positive weight; a column that does not vary (it has no scale, and zero would be a lie); an overflow.
    pub fn fit(columns: &[impl AsRef<[f64]>], weights: Option<&[f64]>) -> Result<Self, Error> {
        let mut fitted = Self { mean: Vec::with_capacity(columns.len()), sd: Vec::with_capacity(columns.len()) };
        validate(columns)?;
        let n = columns.first().map_or(0, |column| column.as_ref().len());
        let used = used_rows(weights, n)?;
        for (column, values) in columns.iter().enumerate() {
            let values = values.as_ref();
            let (low, high) = used.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &(row, _)| {
                (low.min(values[row]), high.max(values[row]))
            });
            if low >= high {
                return Err(Error::ConstantColumn { column, value: low });
            }
            let (mean, sd) = moments(values, &used);
            if !(mean.is_finite() && sd.is_finite()) {
                return Err(Error::Overflow { column });
            }
            fitted.mean.push(mean);
            fitted.sd.push(sd);
        }
        Ok(fitted)
    }

    /// `(x − mean) / sd` for each column, which may be of other rows than were fitted.
    ///
    /// # Errors
    ///
    /// A number of columns other than was fitted, columns of different lengths, or a value that is not finite.
    pub fn apply(&self, columns: &[impl AsRef<[f64]>]) -> Result<Vec<Vec<f64>>, Error> {
        if columns.len() != self.mean.len() {
            return Err(Error::Columns { found: columns.len(), expected: self.mean.len() });
        }
        validate(columns)?;
        let scaled = columns.iter().zip(self.mean.iter().zip(&self.sd));
        Ok(scaled.map(|(x, (mean, sd))| x.as_ref().iter().map(|x| (x - mean) / sd).collect()).collect())
    }
}

/// Mean and standard deviation over rows of positive weight whose values are not all equal.
fn moments(values: &[f64], used: &[(usize, f64)]) -> (f64, f64) {
    let sum_of = |value: &dyn Fn(f64) -> f64| used.iter().map(|&(row, w)| w * value(values[row])).sum::<f64>();
    let total = sum_of(&|_| 1.0);
    let rough = sum_of(&|x| x / total);
    let mean = rough + sum_of(&|x| x - rough) / total;
    // Deviations are scaled by their largest, so that no square overflows or vanishes.
    let largest = used.iter().map(|&(row, _)| (values[row] - mean).abs()).fold(0.0, f64::max);
    let squares: f64 = used.iter().map(|&(_, w)| w * w).sum();
    let variance = sum_of(&|x| ((x - mean) / largest).powi(2)) / (total - squares / total);
    (mean, largest * variance.sqrt())
}

fn validate(columns: &[impl AsRef<[f64]>]) -> Result<(), Error> {
    let expected = columns.first().map_or(0, |column| column.as_ref().len());
    for (column, values) in columns.iter().enumerate() {
        let values = values.as_ref();
        if values.len() != expected {
            return Err(Error::Length { what: "column", column, found: values.len(), expected });
        }
        if let Some(row) = values.iter().position(|x| !x.is_finite()) {
            return Err(Error::NotFinite { column, row, value: values[row] });
        }
    }
    Ok(())
}

/// The rows of positive weight with their weights relative to the largest.
fn used_rows(weights: Option<&[f64]>, n: usize) -> Result<Vec<(usize, f64)>, Error> {
    let used: Vec<(usize, f64)> = match weights {
        None => (0..n).map(|row| (row, 1.0)).collect(),
        Some(weights) if weights.len() != n => {
            return Err(Error::Length { what: "weights of column", column: 0, found: weights.len(), expected: n });
        }
        Some(weights) => {
            if let Some(row) = weights.iter().position(|&w| !(w.is_finite() && w >= 0.0)) {
                return Err(Error::Weight { row, value: weights[row] });
            }
            let largest = weights.iter().copied().fold(0.0, f64::max);
            let positive = weights.iter().enumerate().filter(|&(_, &w)| w > 0.0);
            positive.map(|(row, &w)| (row, w / largest)).collect()
        }
    };
    if used.len() < 2 { Err(Error::TooFewRows { rows: used.len() }) } else { Ok(used) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 4e-16 * expected.abs(), "{found} is not {expected}");
    }

    #[test]
    fn closed_forms() {
        let x = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
        let fitted = Standardise::fit(&[x], None).unwrap();
        close(fitted.mean[0], 5.0);
        close(fitted.sd[0], (32.0_f64 / 7.0).sqrt());
        let z = fitted.apply(&[x]).unwrap();
        close(z[0][7], 4.0 / (32.0_f64 / 7.0).sqrt());
        assert!(z[0].iter().sum::<f64>().abs() < 1e-14);
    }

    #[test]
    fn weights_as_in_cov_wt() {
        // By hand: W = 4, m = (1 + 2·2 + 7)/4 = 3, Σ w d² = 4 + 2 + 16 = 22, W − Σw²/W = 4 − 6/4 = 2.5.
        let fitted = Standardise::fit(&[[1.0, 2.0, 7.0]], Some(&[1.0, 2.0, 1.0])).unwrap();
        close(fitted.mean[0], 3.0);
        close(fitted.sd[0], (22.0_f64 / 2.5).sqrt());
        let same = Standardise::fit(&[[1.0, 2.0, 7.0]], Some(&[1e-300, 2e-300, 1e-300])).unwrap();
        close(same.sd[0], fitted.sd[0]);
        let subset = Standardise::fit(&[[1.0, 2.0, 3.0, 99.0]], Some(&[5.0, 5.0, 5.0, 0.0])).unwrap();
        close(subset.mean[0], 2.0);
        close(subset.sd[0], 1.0);
    }

    #[test]
    fn a_large_offset_or_a_tiny_scale_loses_nothing() {
        let x = [1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0];
        close(Standardise::fit(&[x], None).unwrap().sd[0], 30_f64.sqrt());
        let tiny = Standardise::fit(&[[1e-200, 2e-200, 3e-200]], None).unwrap();
        close(tiny.sd[0], 1e-200);
    }

    #[test]
    fn what_has_no_scale_is_an_error() {
        let fit = |columns: &[&[f64]], weights: Option<&[f64]>| Standardise::fit(columns, weights).unwrap_err();
        assert_eq!(fit(&[&[1.0, 2.0], &[0.1, 0.1]], None), Error::ConstantColumn { column: 1, value: 0.1 });
        let masked = fit(&[&[1.0, 1.0, 2.0]], Some(&[1.0, 1.0, 0.0]));
        assert_eq!(masked, Error::ConstantColumn { column: 0, value: 1.0 });
        assert_eq!(fit(&[&[1.0]], None), Error::TooFewRows { rows: 1 });
        assert_eq!(
            fit(&[&[1.0, 2.0], &[1.0]], None),
            Error::Length { what: "column", column: 1, found: 1, expected: 2 }
        );
        assert!(matches!(fit(&[&[1.0, f64::NAN]], None), Error::NotFinite { column: 0, row: 1, .. }));
        assert_eq!(fit(&[&[1.0, 2.0]], Some(&[1.0, -1.0])), Error::Weight { row: 1, value: -1.0 });
        assert_eq!(fit(&[&[f64::MAX, -f64::MAX]], None), Error::Overflow { column: 0 });
        let fitted = Standardise::fit(&[[1.0, 2.0]], None).unwrap();
        assert_eq!(fitted.apply(&[[1.0], [2.0]]), Err(Error::Columns { found: 2, expected: 1 }));
    }
}

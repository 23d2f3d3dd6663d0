//! Bases: functions of one column that are learnt from data and have one or more columns.

mod poly;
mod scale;
mod spline;

pub(crate) use poly::Poly;
pub(crate) use scale::Scale;
pub(crate) use spline::Spline;

use serde::{Deserialize, Serialize};

/// A basis with everything that it learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Basis {
    /// `scale(x)`.
    Scale(Scale),
    /// `poly(x, degree)`.
    Poly(Poly),
    /// `poly(x, degree, raw = TRUE)`: x, x², …
    Powers(usize),
    /// `bs(x, …)`.
    Spline(Spline),
    /// `ns(x, …)`.
    Natural(Spline),
}

/// The highest degree of powers or pieces.
pub(crate) const HIGHEST: usize = 64;

impl Basis {
    /// The number of columns.
    pub(crate) fn n_cols(&self) -> usize {
        match self {
            Self::Scale(_) => 1,
            Self::Poly(poly) => poly.degree(),
            Self::Powers(degree) => *degree,
            Self::Spline(spline) => spline.n_cols(),
            Self::Natural(spline) => spline.n_cols().saturating_sub(2),
        }
    }

    /// The columns at these values.
    pub(crate) fn columns(&self, x: &[f64]) -> Vec<Vec<f64>> {
        match self {
            Self::Scale(scale) => vec![x.iter().map(|x| scale.at(*x)).collect()],
            Self::Poly(poly) => poly.columns(x),
            Self::Powers(degree) => {
                let power = |k| x.iter().map(|x| crate::node::power(*x, k)).collect();
                (1..=*degree).map(|k| power(f64::from(u32::try_from(k).unwrap_or(u32::MAX)))).collect()
            }
            Self::Spline(spline) => spline.columns(x),
            Self::Natural(spline) => spline.natural_columns(x),
        }
    }

    /// Whether what was read from a file can be used.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            Self::Scale(scale) => scale.center.is_finite() && scale.scale.is_finite(),
            Self::Poly(poly) => poly.is_sound(),
            Self::Powers(degree) => (1..=HIGHEST).contains(degree),
            Self::Spline(spline) => spline.is_sound() && spline.n_cols() > 0,
            Self::Natural(spline) => spline.is_sound() && spline.degree == 3 && spline.n_cols() > 2,
        }
    }
}

/// Sum of terms with their rounding errors carried along (Neumaier).
pub(crate) fn sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0_f64);
    for term in terms {
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    sum + lost
}

/// The mean, accurate to one rounding.
pub(crate) fn mean(x: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "rows are fewer than 2^53")]
    let n = x.len() as f64;
    sum(x.iter().copied()) / n
}

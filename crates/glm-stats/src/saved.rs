//! Estimates as plain numbers, to be written to a file and read back.

use glm_core::Error as InputError;
use glm_solvers::{Aliasing, CovarianceType, DispersionSource};

use crate::{Error, Estimates};

/// The names of covariance types.
const COVARIANCES: [(&str, CovarianceType); 2] = [("model", CovarianceType::Model), ("robust", CovarianceType::Robust)];
/// The names of the ways to find the dispersion.
const DISPERSIONS: [(&str, DispersionSource); 5] = [
    ("known", DispersionSource::Known),
    ("fixed", DispersionSource::Fixed),
    ("pearson", DispersionSource::Pearson),
    ("deviance", DispersionSource::Deviance),
    ("maximum-likelihood", DispersionSource::MaximumLikelihood),
];

/// [`Estimates`] as plain numbers. With the feature `serde` it is `Serialize` and `Deserialize`; what is not a number is
/// `None`, so that JSON can hold it, and what is read back from 17 digits is what was written, bit for bit.
///
/// ```
/// use glm_stats::{Error, Estimates, SavedEstimates};
/// let saved = SavedEstimates {
///     response: "poisson(log)".to_owned(),
///     n_predictors: 1,
///     coefficients: vec![Some(1.0), Some(2.0)],
///     covariance: vec![Some(0.04), Some(0.0), Some(0.01)],
///     covariance_low: vec![],
///     covariance_type: "model".to_owned(),
///     dispersion: Some(1.0),
///     dispersion_source: "known".to_owned(),
///     df_residual: 7,
///     aliased: vec![],
/// };
/// let estimates = Estimates::try_from(saved.clone())?;
/// assert_eq!(estimates.std_errors(), [0.2, 0.1]);
/// let damaged = SavedEstimates { covariance: vec![], ..saved };
/// assert!(matches!(Estimates::try_from(damaged), Err(Error::InconsistentEstimates { expected: 3, .. })));
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SavedEstimates {
    /// The response's name, `poisson(log)`.
    pub response: String,
    /// Linear predictors per row.
    pub n_predictors: usize,
    /// One estimate per column of the design, predictor by predictor; `None` where the column is aliased.
    pub coefficients: Vec<Option<f64>>,
    /// The lower triangle of the covariance of the coefficients that are not aliased, column by column; `None` where the
    /// dispersion is missing.
    pub covariance: Vec<Option<f64>>,
    /// What rounding took from these numbers; empty where that is not known.
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Vec::is_empty"))]
    pub covariance_low: Vec<f64>,
    /// `model` or `robust`.
    pub covariance_type: String,
    /// φ.
    pub dispersion: Option<f64>,
    /// `known`, `fixed`, `pearson`, `deviance` or `maximum-likelihood`.
    pub dispersion_source: String,
    /// Observations minus the rank.
    pub df_residual: usize,
    /// What the aliased columns are made of.
    pub aliased: Vec<SavedEquation>,
}

/// An aliased column as the combination of the columns that are not.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SavedEquation {
    /// The column of the design.
    pub column: usize,
    /// Its coefficients on the columns that are not aliased, in their order.
    pub coefficients: Vec<f64>,
}

impl From<&Estimates> for SavedEstimates {
    fn from(estimates: &Estimates) -> Self {
        let (rank, number) = (estimates.rank(), |value: f64| (!value.is_nan()).then_some(value));
        let lower = || (0..rank).flat_map(|j| (j..rank).map(move |i| j * rank + i));
        let low = &estimates.covariance_low;
        let equations = estimates.aliasing.iter().flat_map(|aliasing| aliasing.equations());
        let equation = |(column, coefficients): &(usize, Vec<f64>)| SavedEquation {
            column: *column,
            coefficients: coefficients.clone(),
        };
        Self {
            response: estimates.response.clone(),
            n_predictors: estimates.n_predictors,
            coefficients: estimates.coefficients.iter().copied().map(number).collect(),
            covariance: lower().map(|at| number(estimates.covariance[at])).collect(),
            covariance_low: lower().filter_map(|at| low.get(at).copied()).collect(),
            covariance_type: estimates.covariance_type.to_string(),
            dispersion: estimates.dispersion,
            dispersion_source: name_of(&DISPERSIONS, estimates.dispersion_source).to_owned(),
            df_residual: estimates.df_residual,
            aliased: equations.map(equation).collect(),
        }
    }
}

impl TryFrom<SavedEstimates> for Estimates {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::InconsistentEstimates`]; in [`Error::Input`] names that are not known, equations of aliased columns that
    /// cannot be.
    fn try_from(saved: SavedEstimates) -> Result<Self, Error> {
        let (p, q) = (saved.coefficients.len(), saved.n_predictors);
        let rank = saved.coefficients.iter().flatten().count();
        needed("linear predictors", q.max(1), q)?;
        needed("coefficients beyond the same number per predictor", 0, p % q)?;
        needed("entries of the covariance", rank * (rank + 1) / 2, saved.covariance.len())?;
        if !saved.covariance_low.is_empty() {
            needed(
                "entries of what rounding took from the covariance",
                saved.covariance.len(),
                saved.covariance_low.len(),
            )?;
        }
        needed("numbers that are not finite", 0, infinite(&saved))?;
        let is_aliased = |j: usize| saved.aliased.iter().any(|equation| equation.column == j % (p / q));
        let wrong = (0..p).filter(|j| saved.coefficients[*j].is_none() != is_aliased(*j));
        needed("missing coefficients without equations, or equations of others", 0, wrong.count())?;
        let aliased: Vec<(usize, Vec<f64>)> =
            saved.aliased.into_iter().map(|equation| (equation.column, equation.coefficients)).collect();
        let aliasing = if aliased.is_empty() { None } else { Some(Aliasing::new(p / q, aliased)?) };
        Ok(Self {
            response: saved.response,
            n_predictors: q,
            coefficients: saved.coefficients.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect(),
            covariance: full(rank, saved.covariance.iter().map(|value| value.unwrap_or(f64::NAN))),
            covariance_low: match saved.covariance_low.is_empty() {
                true => Vec::new(),
                false => full(rank, saved.covariance_low.iter().copied()),
            },
            covariance_type: of_name("type of covariance", &COVARIANCES, &saved.covariance_type)?,
            dispersion: saved.dispersion,
            dispersion_source: of_name("source of the dispersion", &DISPERSIONS, &saved.dispersion_source)?,
            df_residual: saved.df_residual,
            aliasing,
        })
    }
}

fn needed(what: &'static str, expected: usize, found: usize) -> Result<(), Error> {
    if expected == found { Ok(()) } else { Err(Error::InconsistentEstimates { what, expected, found }) }
}

/// Numbers that JSON does not have but other formats do.
fn infinite(saved: &SavedEstimates) -> usize {
    let numbers = saved.coefficients.iter().chain(&saved.covariance).chain([&saved.dispersion]).flatten();
    numbers.chain(&saved.covariance_low).filter(|value| !value.is_finite()).count()
}

/// A symmetric matrix from its lower triangle.
fn full(n: usize, lower: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all = vec![0.0; n * n];
    let places = (0..n).flat_map(|j| (j..n).map(move |i| (i, j)));
    for ((i, j), value) in places.zip(lower) {
        (all[j * n + i], all[i * n + j]) = (value, value);
    }
    all
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, named)| *named == value).map_or("", |(name, _)| name)
}

fn of_name<T: Copy>(kind: &'static str, names: &[(&'static str, T)], name: &str) -> Result<T, Error> {
    let found = names.iter().find(|(known, _)| *known == name);
    let known = || names.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.map_or_else(
        || Err(InputError::UnknownName { kind, name: name.to_owned(), known: known() }.into()),
        |(_, value)| Ok(*value),
    )
}

//! What inference needs of a fit and no more, so that it works on a fit restored from a file as on a new one.

use glm_core::{Design, Response, Work, blocks};
use glm_solvers::{Aliasing, CovarianceType, DispersionSource, Fit};

use crate::{Error, Reference, Wald};

/// The estimates of a fit, their covariance, and what they rest on. They hold no data, and cannot exist inconsistent:
/// they come from a [`Fit`] or from [`SavedEstimates`](crate::SavedEstimates).
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, irls};
/// use glm_stats::{Estimates, Reference, SavedEstimates};
/// let x = [0.0, 1.0, 2.0, 3.0];
/// let (design, poisson) = (Dense::with_intercept([&x[..]])?, spec::response("poisson(log)")?);
/// let fit = irls().fit(&Problem::new(&design, &*poisson, vec![1.0, 2.0, 4.0, 9.0])?)?;
/// let estimates = Estimates::from(&fit);
/// assert_eq!(estimates.reference(), Reference::Normal);
/// let restored = Estimates::try_from(SavedEstimates::from(&estimates))?;
/// assert_eq!(restored.wald(0.95)?, estimates.wald(0.95)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Estimates {
    pub(crate) response: String,
    pub(crate) n_predictors: usize,
    /// NaN where aliased.
    pub(crate) coefficients: Vec<f64>,
    /// On the coefficients that are not aliased, column-major.
    pub(crate) covariance: Vec<f64>,
    /// What rounding took from it; empty where that is not known.
    pub(crate) covariance_low: Vec<f64>,
    pub(crate) covariance_type: CovarianceType,
    pub(crate) dispersion: Option<f64>,
    pub(crate) dispersion_source: DispersionSource,
    pub(crate) df_residual: usize,
    pub(crate) aliasing: Option<Aliasing>,
}

impl From<&Fit> for Estimates {
    fn from(fit: &Fit) -> Self {
        // From one triangle, as it is saved.
        let entries = || (0..fit.rank).flat_map(|j| (0..fit.rank).map(move |i| (i.max(j), i.min(j))));
        Self {
            response: fit.response.clone(),
            n_predictors: fit.n_predictors,
            coefficients: fit.coefficients.clone(),
            covariance: entries().map(|place| fit.covariance[place]).collect(),
            covariance_low: fit.covariance_low.iter().flat_map(|low| entries().map(|place| low[place])).collect(),
            covariance_type: fit.covariance_type,
            dispersion: fit.dispersion,
            dispersion_source: fit.dispersion_source,
            df_residual: fit.df_residual,
            aliasing: fit.aliasing().cloned(),
        }
    }
}

impl Estimates {
    /// The name of the response that was fitted, as [`glm_core::spec::response`] reads it.
    #[must_use]
    pub fn response(&self) -> &str {
        &self.response
    }

    /// One estimate per column of the design, predictor by predictor; NaN where the column is aliased.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Linear predictors per row.
    #[must_use]
    pub fn n_predictors(&self) -> usize {
        self.n_predictors
    }

    /// Columns of the design.
    #[must_use]
    pub fn n_cols(&self) -> usize {
        self.coefficients.len() / self.n_predictors
    }

    /// The number of coefficients that are not aliased.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.kept().count()
    }

    /// The covariance of the coefficients that are not aliased, rank × rank, column-major.
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }

    /// What the covariance rests on.
    #[must_use]
    pub fn covariance_type(&self) -> CovarianceType {
        self.covariance_type
    }

    /// φ; `None` without residual degrees of freedom.
    #[must_use]
    pub fn dispersion(&self) -> Option<f64> {
        self.dispersion
    }

    /// How φ was found.
    #[must_use]
    pub fn dispersion_source(&self) -> DispersionSource {
        self.dispersion_source
    }

    /// Observations minus the rank.
    #[must_use]
    pub fn df_residual(&self) -> usize {
        self.df_residual
    }

    /// What the aliased columns are made of; `None` where no column is.
    #[must_use]
    pub fn aliasing(&self) -> Option<&Aliasing> {
        self.aliasing.as_ref()
    }

    /// The distribution of an estimate in units of its standard error: [`Reference::of`] the fit.
    #[must_use]
    pub fn reference(&self) -> Reference {
        Reference::new(self.covariance_type, self.dispersion_source, self.df_residual)
    }

    /// The standard error of each coefficient; NaN where its column is aliased or the dispersion is missing.
    #[must_use]
    pub fn std_errors(&self) -> Vec<f64> {
        let (mut errors, rank) = (vec![f64::NAN; self.coefficients.len()], self.rank());
        for (i, j) in self.kept().enumerate() {
            errors[j] = self.covariance[i * rank + i].sqrt();
        }
        errors
    }

    /// Wald's tests and intervals of the coefficients.
    ///
    /// # Errors
    ///
    /// [`Error::Level`] unless 0 < level < 1.
    pub fn wald(&self, level: f64) -> Result<Wald, Error> {
        Wald::new(&self.coefficients, &self.std_errors(), self.reference(), level)
    }

    /// η = Xβ + offset for each row of a design with the columns of the fit, predictor by predictor (an empty offset is
    /// none); NaN where a column that was aliased is not the same combination of the others as it was in the fit.
    ///
    /// # Errors
    ///
    /// [`glm_core::Error::LengthMismatch`]: another number of columns, an offset of the wrong length.
    pub fn linear_predictor(&self, design: &dyn Design, offset: &[f64]) -> Result<Vec<f64>, Error> {
        let (n, p, q) = (design.n_rows(), design.n_cols(), self.n_predictors);
        check_length("the row of the design", self.n_cols(), p)?;
        let mut eta = if offset.is_empty() { vec![0.0; n * q] } else { offset.to_vec() };
        check_length("offset", n * q, eta.len())?;
        let params: Vec<f64> = self.coefficients.iter().map(|b| if b.is_nan() { 0.0 } else { *b }).collect();
        let mut work = Work::new();
        for (eta, params) in eta.chunks_exact_mut(n).zip(params.chunks_exact(p)) {
            for rows in blocks(0..n) {
                design.add_eta(rows.clone(), params, &mut eta[rows], &mut work);
            }
        }
        for row in self.aliasing.iter().flat_map(|aliasing| aliasing.not_estimable(design)) {
            eta.iter_mut().skip(row).step_by(n).for_each(|eta| *eta = f64::NAN);
        }
        Ok(eta)
    }

    /// The means of each row of a design, of any response; NaN where η is, and where η is outside the link's domain.
    ///
    /// # Errors
    ///
    /// Those of [`linear_predictor`](Self::linear_predictor); [`Error::OtherResponse`].
    pub fn means(&self, response: &dyn Response, design: &dyn Design, offset: &[f64]) -> Result<Vec<f64>, Error> {
        self.check_response(response)?;
        let eta = self.linear_predictor(design, offset)?;
        Ok(means(response, &eta, design.n_rows()))
    }

    /// Refuses a response that is not the one that was fitted.
    pub(crate) fn check_response(&self, response: &dyn Response) -> Result<(), Error> {
        let given = response.name();
        if given == self.response { Ok(()) } else { Err(Error::OtherResponse { fitted: self.response.clone(), given }) }
    }

    /// The places of the coefficients that are not aliased.
    pub(crate) fn kept(&self) -> impl Iterator<Item = usize> {
        self.coefficients.iter().enumerate().filter(|(_, value)| !value.is_nan()).map(|(j, _)| j)
    }

    /// The covariance of the coefficients of a single predictor, columns of the design on both sides, zero where aliased.
    pub(crate) fn covariance_by_column(&self) -> Vec<f64> {
        let (p, rank) = (self.coefficients.len(), self.rank());
        let mut all = vec![0.0; p * p];
        for (i, row) in self.kept().enumerate() {
            for (j, column) in self.kept().enumerate() {
                all[column * p + row] = self.covariance[j * rank + i];
            }
        }
        all
    }
}

/// The means of each row; NaN where a single η is outside the link's domain.
pub(crate) fn means(response: &dyn Response, eta: &[f64], n: usize) -> Vec<f64> {
    let mut mu = vec![0.0; n * response.n_means()];
    response.mean(eta, &mut mu);
    if let Some(domain) = response.link().map(glm_core::Link::domain) {
        let outside = |eta: &f64| !domain.contains(*eta);
        mu.iter_mut().zip(eta).filter(|(_, eta)| outside(eta)).for_each(|(mu, _)| *mu = f64::NAN);
    }
    mu
}

pub(crate) fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), glm_core::Error> {
    if expected == found { Ok(()) } else { Err(glm_core::Error::LengthMismatch { what, expected, found }) }
}

//! Predictions with their standard errors, on the scale of the linear predictor and on that of the mean.

use glm_core::special::Twofold;
use glm_core::{Design, GROUP, Link, Response, Work, blocks, for_each_part};
use glm_solvers::{CovarianceType, DispersionSource};

use crate::estimates::{check_length, means};
use crate::interval::{Bounds, image};
use crate::{Error, Estimates};

/// The rounding error of twice the precision, with some of it to spare.
const UNIT: f64 = 1e-30;

/// Which of the two a prediction is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// η.
    Link,
    /// μ.
    Response,
}

/// Predictions for rows, with standard errors; what is missing is NaN. Made by [`Estimates::predict`].
#[derive(Debug, Clone)]
pub struct Predictions<'a> {
    /// η = xᵀβ̂ + offset; NaN where it is not estimable.
    pub eta: Vec<f64>,
    /// √(xᵀVx), V the covariance of the estimates; NaN where η is, where the dispersion is missing, and where cancellation
    /// leaves xᵀVx no certain digit.
    pub eta_std_error: Vec<f64>,
    /// μ = g⁻¹(η); NaN where η is, and where η is outside the link's domain.
    pub mu: Vec<f64>,
    /// |dμ/dη| se(η), the delta method's; NaN where either is.
    pub mu_std_error: Vec<f64>,
    estimates: &'a Estimates,
    response: &'a dyn Response,
    link: &'a dyn Link,
}

impl Estimates {
    /// Linear predictors and means of the rows of a design with the columns of the fit, with their standard errors. An
    /// empty offset is none. `response` is the one that was fitted, perhaps made again from [`response`](Self::response).
    ///
    /// The variance xᵀVx has a relative error of about ε Σ |xᵢ Vᵢⱼ xⱼ|/xᵀVx, beside that of V; ε is squared where V is known
    /// in twice the precision.
    ///
    /// ```
    /// use glm_core::{Dense, spec};
    /// use glm_solvers::{Problem, irls};
    /// use glm_stats::Estimates;
    /// // Counts of one group: μ̂ = 4, ln μ̂ has the standard error 1/√(Σy) = 1/√16.
    /// let (design, poisson) = (Dense::intercept_only(4)?, spec::response("poisson(log)")?);
    /// let fit = irls().fit(&Problem::new(&design, &*poisson, vec![2.0, 5.0, 3.0, 6.0])?)?;
    /// let (estimates, new) = (Estimates::from(&fit), Dense::intercept_only(1)?);
    /// let prediction = estimates.predict(&*poisson, &new, &[10.0_f64.ln()])?;
    /// assert!((prediction.mu[0] - 40.0).abs() < 1e-10 && (prediction.eta_std_error[0] - 0.25).abs() < 1e-12);
    /// assert!((prediction.mu_std_error[0] - 10.0).abs() < 1e-10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::OtherResponse`]; [`Error::NoSinglePredictor`] for a response without a link or with several linear
    /// predictors, whose means alone are [`means`](Self::means); another number of columns, an offset of the wrong length.
    pub fn predict<'a>(
        &'a self,
        response: &'a dyn Response,
        design: &dyn Design,
        offset: &[f64],
    ) -> Result<Predictions<'a>, Error> {
        self.check_response(response)?;
        let Some(link) = response.link().filter(|_| self.n_predictors == 1) else {
            return Err(Error::NoSinglePredictor { response: self.response.clone() });
        };
        let eta = self.linear_predictor(design, offset)?;
        let mut eta_std_error = self.std_errors_of_eta(design);
        eta_std_error.iter_mut().zip(&eta).filter(|(_, eta)| eta.is_nan()).for_each(|(error, _)| *error = f64::NAN);
        let mu = means(response, &eta, eta.len());
        let delta = |(mu, (eta, error)): (&f64, (&f64, &f64))| match mu.is_nan() {
            true => f64::NAN,
            false => link.dmu_deta(*eta).abs() * error,
        };
        let mu_std_error = mu.iter().zip(eta.iter().zip(&eta_std_error)).map(delta).collect();
        Ok(Predictions { eta, eta_std_error, mu, mu_std_error, estimates: self, response, link })
    }

    /// √(xᵀVx) of each row.
    fn std_errors_of_eta(&self, design: &dyn Design) -> Vec<f64> {
        if !self.covariance_low.is_empty() {
            return self.twofold_std_errors_of_eta(design);
        }
        let (n, p, v) = (design.n_rows(), self.coefficients.len(), self.covariance_by_column());
        // Σ |xᵢ Vᵢⱼ xⱼ| ≤ (Σ |xⱼ| √Vⱼⱼ)² ≤ p Σ xⱼ² Vⱼⱼ, whose rounding error a variance must exceed.
        let mut floor = vec![0.0; p * p];
        #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
        (0..p).for_each(|j| floor[j * p + j] = f64::EPSILON * p as f64 * v[j * p + j]);
        let mut errors = vec![0.0; n];
        let mut parts: Vec<&mut [f64]> = errors.chunks_mut(GROUP).collect();
        for_each_part(&mut parts, &|group, errors| {
            let (mut work, mut least) = (Work::new(), Vec::new());
            for rows in blocks(0..errors.len()) {
                let (errors, from) = (&mut errors[rows.clone()], group * GROUP);
                let rows = from + rows.start..from + rows.end;
                least.resize(rows.len(), 0.0);
                design.quadratic(rows.clone(), &v, errors, &mut work);
                design.quadratic(rows, &floor, &mut least, &mut work);
                for (variance, least) in errors.iter_mut().zip(&least) {
                    *variance = if *variance > *least || *least == 0.0 { variance.sqrt() } else { f64::NAN };
                }
            }
        });
        errors
    }

    /// The same in twice the precision, of a covariance that is known so.
    #[expect(clippy::cast_precision_loss, reason = "a number of columns is far below 2^53")]
    fn twofold_std_errors_of_eta(&self, design: &dyn Design) -> Vec<f64> {
        let (rank, kept): (usize, Vec<usize>) = (self.rank(), self.kept().collect());
        let (mut errors, mut x) = (vec![f64::NAN; design.n_rows()], Vec::new());
        let entry = |place: usize| Twofold::sum(self.covariance[place], self.covariance_low[place]);
        for rows in blocks(0..design.n_rows()) {
            let m = rows.len();
            x.resize(m * design.n_cols(), 0.0);
            design.dense(rows.clone(), &mut x);
            for (i, row) in rows.enumerate() {
                let at = |place: usize| x[kept[place] * m + i];
                let (mut variance, mut least) = (Twofold::from(0.0), 0.0);
                for j in 0..rank {
                    let terms = (0..rank).map(|k| entry(j * rank + k).scale(at(k)));
                    let product = terms.fold(Twofold::from(0.0), |sum, term| sum + term);
                    variance = variance + product.scale(at(j));
                    least += entry(j * rank + j).high * at(j) * at(j);
                }
                // Rounding leaves no more of Σ |xᵢ Vᵢⱼ xⱼ| ≤ p Σ xⱼ² Vⱼⱼ than this.
                least *= UNIT * kept.len() as f64;
                errors[row] = if variance.high > least || least == 0.0 { variance.value().sqrt() } else { f64::NAN };
            }
        }
        errors
    }
}

impl Predictions<'_> {
    /// η or μ.
    #[must_use]
    pub fn fit(&self, scale: Scale) -> &[f64] {
        match scale {
            Scale::Link => &self.eta,
            Scale::Response => &self.mu,
        }
    }

    /// The standard error of η or of μ.
    #[must_use]
    pub fn std_error(&self, scale: Scale) -> &[f64] {
        match scale {
            Scale::Link => &self.eta_std_error,
            Scale::Response => &self.mu_std_error,
        }
    }

    /// Confidence intervals of η, η̂ ± c se(η̂), or of μ: the means that belong to that interval of η, so that
    /// `conf_low ≤ μ̂ ≤ conf_high` whichever way the link goes.
    ///
    /// c is the [critical value](crate::Reference::critical) of the fit's reference distribution. Where the interval of η
    /// reaches beyond the link's domain, or across the pole of the inverse link, the end is the limit there, so perhaps
    /// infinite. The interval of an identity link may reach means that the family cannot have.
    ///
    /// ```
    /// use glm_core::{Dense, spec};
    /// use glm_solvers::{Problem, irls};
    /// use glm_stats::{Estimates, Scale};
    /// let (design, gamma) = (Dense::intercept_only(3)?, spec::response("gamma(inverse)")?);
    /// let fit = irls().fit(&Problem::new(&design, &*gamma, vec![1.0, 2.0, 3.0])?)?;
    /// let estimates = Estimates::from(&fit);
    /// let prediction = estimates.predict(&*gamma, &design, &[])?;
    /// let (eta, mu) = (prediction.confidence(Scale::Link, 0.5)?, prediction.confidence(Scale::Response, 0.5)?);
    /// assert!((mu.low[0] - 1.0 / eta.high[0]).abs() < 1e-12 && (mu.high[0] - 1.0 / eta.low[0]).abs() < 1e-12);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Level`] unless 0 < level < 1.
    pub fn confidence(&self, scale: Scale, level: f64) -> Result<Bounds, Error> {
        let critical = self.estimates.reference().critical(level)?;
        let bounds = Bounds::around(&self.eta, |row| critical * self.eta_std_error[row]);
        match scale {
            Scale::Link => Ok(bounds),
            Scale::Response => Ok(image(self.link, &self.eta, &bounds)),
        }
    }

    /// Intervals that a new y of each row falls into with the probability `level`, μ̂ ± c √(φ/w + se(η̂)²), w being the
    /// row's prior weight (empty means all one): exact for the Gaussian response with the identity link, and refused for
    /// every other one.
    ///
    /// ```
    /// use glm_core::{Dense, spec};
    /// use glm_solvers::{Problem, irls};
    /// use glm_stats::{Error, Estimates};
    /// // The mean of −1 and 1: φ̂ = 2, se² = 1, so ± c √3, c = 1 at half of Cauchy's distribution.
    /// let (design, gaussian) = (Dense::intercept_only(2)?, spec::response("gaussian(identity)")?);
    /// let fit = irls().fit(&Problem::new(&design, &*gaussian, vec![-1.0, 1.0])?)?;
    /// let (estimates, new) = (Estimates::from(&fit), Dense::intercept_only(1)?);
    /// let bounds = estimates.predict(&*gaussian, &new, &[])?.prediction(0.5, &[])?;
    /// assert!((bounds.high[0] - 3.0_f64.sqrt()).abs() < 1e-14);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NoPredictionInterval`] for another family or link, for a dispersion by maximum likelihood, and with
    /// sampling weights; [`Error::Level`]; weights that are negative, not finite, or of another number.
    pub fn prediction(&self, level: f64, weights: &[f64]) -> Result<Bounds, Error> {
        self.check_exact()?;
        if !weights.is_empty() {
            check_length("weights", self.eta.len(), weights.len())?;
        }
        if let Some((row, value)) = weights.iter().copied().enumerate().find(|(_, weight)| !weight.is_finite()) {
            return Err(glm_core::Error::NotFinite { what: "weights", row, column: None, value }.into());
        }
        if let Some((row, value)) = weights.iter().copied().enumerate().find(|(_, weight)| *weight < 0.0) {
            return Err(glm_core::Error::NegativeWeight { row, value }.into());
        }
        let (critical, phi) = (self.estimates.reference().critical(level)?, self.estimates.dispersion);
        let half_width = |row: usize| {
            let variance = phi.unwrap_or(f64::NAN) / weights.get(row).copied().unwrap_or(1.0);
            critical * variance.sqrt().hypot(self.eta_std_error[row])
        };
        Ok(Bounds::around(&self.eta, half_width))
    }

    /// Refuses what has no exact prediction interval.
    fn check_exact(&self) -> Result<(), Error> {
        let is_gaussian = self.response.family().is_some_and(|family| family.name() == "gaussian");
        let reason = if !(is_gaussian && self.link.is_identity()) {
            "only a Gaussian response with the identity link has one; ask for the confidence interval of the mean"
        } else if self.estimates.covariance_type != CovarianceType::Model {
            "with sampling weights the variance of one more row is not known; ask for the confidence interval of the mean"
        } else if self.estimates.dispersion_source == DispersionSource::MaximumLikelihood {
            "maximum likelihood gives a dispersion that is too small; estimate it by Pearson's chi-square"
        } else {
            return Ok(());
        };
        Err(Error::NoPredictionInterval { response: self.estimates.response.clone(), reason })
    }
}

//! Linear predictors and means of rows, those of the fit and new ones.

use glm_core::{Design, Response, Work};

use crate::aliasing::{Aliasing, not_estimable};
use crate::problem::check_length;
use crate::{Error, Fit, Problem};

impl Fit {
    /// η = Xβ + offset for each row of a design with the same columns, predictor by predictor (an empty offset is none); NaN
    /// where it is [not estimable](Self::not_estimable).
    ///
    /// # Errors
    ///
    /// Another number of columns, an offset of the wrong length.
    pub fn linear_predictor(&self, design: &dyn Design, offset: &[f64]) -> Result<Vec<f64>, Error> {
        let mut eta = self.eta(design, offset)?;
        let n = design.n_rows();
        for row in self.not_estimable(design)? {
            eta.iter_mut().skip(row).step_by(n).for_each(|eta| *eta = f64::NAN);
        }
        Ok(eta)
    }

    /// The rows of a design with the same columns whose linear predictor the fit does not determine, because a column that
    /// was aliased when it was fitted is not the same combination of the others there.
    ///
    /// ```
    /// use glm_core::{Dense, spec};
    /// use glm_solvers::{Problem, irls};
    /// let (a, b, gaussian) = ([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0], spec::response("gaussian(identity)")?);
    /// let design = Dense::with_intercept([&a[..], &b[..]])?;
    /// let fit = irls().fit(&Problem::new(&design, &*gaussian, vec![1.0, 3.0, 4.0, 6.0])?)?;
    /// let new = Dense::with_intercept([&[5.0, 5.0][..], &[10.0, 11.0][..]])?;
    /// assert_eq!((fit.aliased.clone(), fit.not_estimable(&new)?), (vec![2], vec![1]));
    /// assert!(fit.linear_predictor(&new, &[])?[1].is_nan());
    /// # Ok::<(), glm_solvers::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Another number of columns.
    pub fn not_estimable(&self, design: &dyn Design) -> Result<Vec<usize>, Error> {
        self.check_columns(design)?;
        Ok(not_estimable(self.aliasing.as_ref(), design))
    }

    /// What the aliased columns are made of; `None` where no column is.
    #[must_use]
    pub fn aliasing(&self) -> Option<&Aliasing> {
        self.aliasing.as_ref()
    }

    /// Refuses a design with another number of columns.
    fn check_columns(&self, design: &dyn Design) -> Result<(), Error> {
        let expected = self.coefficients.len() / self.n_predictors;
        Ok(check_length("the row of the design", expected, design.n_cols())?)
    }

    /// η with zeros for the coefficients of aliased columns.
    fn eta(&self, design: &dyn Design, offset: &[f64]) -> Result<Vec<f64>, Error> {
        self.check_columns(design)?;
        let (n, p, q) = (design.n_rows(), design.n_cols(), self.n_predictors);
        let mut eta = if offset.is_empty() { vec![0.0; n * q] } else { offset.to_vec() };
        check_length("offset", n * q, eta.len())?;
        let (params, mut work) = (self.params(), Work::new());
        for (eta, params) in eta.chunks_exact_mut(n).zip(params.chunks_exact(p)) {
            for rows in glm_core::blocks(0..n) {
                design.add_eta(rows.clone(), params, &mut eta[rows], &mut work);
            }
        }
        Ok(eta)
    }

    /// The mean μ of each row of a design with the same columns, by the response that was fitted; NaN where the linear
    /// predictor is [not estimable](Self::not_estimable).
    ///
    /// ```
    /// use glm_core::{CanonicalGlm, Dense, Poisson};
    /// use glm_solvers::{Problem, irls};
    /// let (x, new_x) = ([0.0, 1.0, 2.0, 3.0], [4.0]);
    /// let (design, response) = (Dense::with_intercept([&x[..]])?, CanonicalGlm::new(Poisson));
    /// let fit = irls().fit(&Problem::new(&design, &response, vec![1.0, 2.0, 4.0, 8.0])?)?;
    /// let mu = fit.predict(&response, &Dense::with_intercept([&new_x[..]])?, &[])?;
    /// assert!((mu[0] - 16.0).abs() < 1e-8);
    /// # Ok::<(), glm_solvers::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`linear_predictor`](Self::linear_predictor).
    pub fn predict(&self, response: &dyn Response, design: &dyn Design, offset: &[f64]) -> Result<Vec<f64>, Error> {
        let eta = self.linear_predictor(design, offset)?;
        Ok(means(response, &eta, design.n_rows()))
    }

    /// The fitted means.
    ///
    /// # Errors
    ///
    /// When the problem is not the one that was fitted and has another number of columns.
    pub fn fitted(&self, problem: &Problem<'_>) -> Result<Vec<f64>, Error> {
        let eta = self.eta(problem.design(), problem.offset())?;
        Ok(means(problem.response(), &eta, problem.design().n_rows()))
    }
}

fn means(response: &dyn Response, eta: &[f64], n: usize) -> Vec<f64> {
    let mut mu = vec![0.0; n * response.n_means()];
    response.mean(eta, &mut mu);
    mu
}

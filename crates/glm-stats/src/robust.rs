//! Robust covariances: the variance of the estimating equations as the rows show it, not as the family claims it.

use std::fmt;
use std::ops::Range;

use glm_core::{At, Order, Units, Work, blocks, linear_predictors};
use glm_solvers::{Fit, Problem};

use crate::Error;

/// Leverages above this leave no residual to learn a variance from.
const FULL: f64 = 1.0 - 1e-10;

/// Which robust covariance: B M B with B = (XᵀWX)⁻¹ and M = Σ fᵢ uᵢ² xᵢxᵢᵀ, uᵢ being the derivative of row i's loss in its
/// linear predictor, and hᵢ its leverage; or with M = Σ s sᵀ over clusters, s being the sum of the rows' scores uᵢxᵢ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Robust<'a> {
    /// f = 1 (White, Econometrica 48, 1980).
    Hc0,
    /// f = n/(n − p).
    Hc1,
    /// f = 1/(1 − h), unbiased for least squares with equal variances (J. Econometrics 29, 1985).
    Hc2,
    /// f = 1/(1 − h)², near the jackknife.
    Hc3,
    /// Rows of one number belong together; with G clusters the sum is multiplied by G/(G − 1) · (n − 1)/(n − p) (CR1).
    Cluster(&'a [usize]),
}

impl fmt::Display for Robust<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hc0 => "hc0",
            Self::Hc1 => "hc1",
            Self::Hc2 => "hc2",
            Self::Hc3 => "hc3",
            Self::Cluster(_) => "cluster",
        })
    }
}

/// The fit with this covariance and its standard errors; estimates, deviance and likelihood stay those of the model.
///
/// Weights mean what they mean in the fit: a frequency is as many equal rows, which are one cluster only if it is said so.
/// The expected information is used throughout. Accurate to about ε times the squared condition number of √W·X.
///
/// ```
/// use glm_core::{Dense, spec};
/// use glm_solvers::{Problem, irls};
/// use glm_stats::{Robust, with_robust_covariance};
/// let (x, y) = ([-1.0, 1.0, -1.0, 1.0], vec![0.0, 3.0, 2.0, 3.0]);
/// let (design, gaussian) = (Dense::with_intercept([&x[..]])?, spec::response("gaussian")?);
/// let problem = Problem::new(&design, &*gaussian, y)?;
/// let fit = with_robust_covariance(irls().fit(&problem)?, &problem, Robust::Hc0)?;
/// // Residuals −1, 0, 1, 0: B = I/4 and M = Σ u² x xᵀ = [[2, −2], [−2, 2]].
/// assert!((fit.covariance[(1, 1)] - 2.0 / 16.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`Error::NoSinglePredictor`]; [`Error::NoDispersion`] where φ is not known, so that B is not; [`Error::Sampled`] with
/// sampling weights, whose covariance is robust already; [`Error::FullLeverage`] where HC2 or HC3 would divide by zero;
/// [`Error::Clusters`] for another number of rows, or fewer than two clusters.
pub fn with_robust_covariance(mut fit: Fit, problem: &Problem<'_>, robust: Robust<'_>) -> Result<Fit, Error> {
    if fit.n_predictors != 1 || problem.response().link().is_none() {
        return Err(Error::NoSinglePredictor { response: fit.response });
    }
    if problem.is_sample() {
        return Err(Error::Sampled { fit: 0 });
    }
    let phi = fit.dispersion.filter(|phi| *phi > 0.0).ok_or(Error::NoDispersion { fit: 0 })?;
    let rank = fit.rank;
    let bread: Vec<f64> = (0..rank * rank).map(|place| fit.covariance[(place % rank, place / rank)] / phi).collect();
    let meat = Meat { problem, bread: &bread, fit: &fit, robust }.sum()?;
    for j in 0..rank {
        (0..rank).for_each(|i| fit.covariance[(i, j)] = meat[j * rank + i]);
    }
    fit.covariance_low = None;
    let mut diagonal = (0..rank).map(|j| meat[j * rank + j].sqrt());
    for error in fit.std_errors.iter_mut().zip(&fit.coefficients).filter(|(_, b)| !b.is_nan()).map(|(error, _)| error) {
        *error = diagonal.next().unwrap_or(f64::NAN);
    }
    Ok(fit)
}

/// What B M B is summed from.
struct Meat<'a> {
    problem: &'a Problem<'a>,
    fit: &'a Fit,
    bread: &'a [f64],
    robust: Robust<'a>,
}

/// One observation of a row: B x u, its leverage, and how often it counts.
struct Influence {
    on_params: Vec<f64>,
    leverage: f64,
    times: f64,
}

impl Meat<'_> {
    #[expect(clippy::cast_precision_loss, reason = "numbers of rows and columns are far below 2^53")]
    fn sum(&self) -> Result<Vec<f64>, Error> {
        let (n, p) = (self.fit.n_used as f64, self.fit.rank as f64);
        match self.robust {
            Robust::Hc0 => self.of_rows(|_| 1.0),
            Robust::Hc1 => self.of_rows(|_| n / (n - p)),
            Robust::Hc2 => self.of_rows(|leverage| (1.0 - leverage).recip()),
            Robust::Hc3 => self.of_rows(|leverage| (1.0 - leverage).powi(-2)),
            Robust::Cluster(clusters) => {
                let (mut total, groups) = self.of_clusters(clusters)?;
                let groups = groups as f64;
                total.iter_mut().for_each(|value| *value *= groups / (groups - 1.0) * (n - 1.0) / (n - p));
                Ok(total)
            }
        }
    }

    fn of_rows(&self, factor: impl Fn(f64) -> f64) -> Result<Vec<f64>, Error> {
        let rank = self.fit.rank;
        let mut total = vec![0.0; rank * rank];
        let divides = matches!(self.robust, Robust::Hc2 | Robust::Hc3);
        self.for_each_row(|row, influence| {
            if divides && influence.leverage > FULL {
                return Err(Error::FullLeverage { row, leverage: influence.leverage });
            }
            add_square(&mut total, &influence.on_params, influence.times * factor(influence.leverage));
            Ok(())
        })?;
        Ok(total)
    }

    /// The sum, and the number of clusters.
    fn of_clusters(&self, clusters: &[usize]) -> Result<(Vec<f64>, usize), Error> {
        let (rank, rows) = (self.fit.rank, self.problem.y().len());
        let mut sums: Vec<Option<Vec<f64>>> = vec![None; clusters.iter().max().map_or(0, |last| last + 1)];
        if clusters.len() != rows {
            return Err(Error::Clusters { rows, given: clusters.len(), groups: sums.len() });
        }
        self.for_each_row(|row, influence| {
            let sum = sums[clusters[row]].get_or_insert_with(|| vec![0.0; rank]);
            sum.iter_mut().zip(&influence.on_params).for_each(|(sum, part)| *sum += influence.times * part);
            Ok(())
        })?;
        let mut total = vec![0.0; rank * rank];
        let groups = sums.iter().flatten().inspect(|sum| add_square(&mut total, sum, 1.0)).count();
        if groups < 2 {
            return Err(Error::Clusters { rows, given: clusters.len(), groups });
        }
        Ok((total, groups))
    }

    /// Rows of positive weight, in their order.
    fn for_each_row(&self, mut visit: impl FnMut(usize, &Influence) -> Result<(), Error>) -> Result<(), Error> {
        for rows in blocks(0..self.problem.y().len()) {
            self.block(rows, &mut visit)?;
        }
        Ok(())
    }

    fn block(
        &self,
        rows: Range<usize>,
        visit: &mut impl FnMut(usize, &Influence) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (problem, m, p, rank) = (self.problem, rows.len(), self.problem.design().n_cols(), self.fit.rank);
        let (mut x, mut eta, mut units) = (vec![0.0; m * p], vec![0.0; m], [(); 3].map(|()| vec![0.0; m]));
        let params = self.fit.params();
        problem.design().dense(rows.clone(), &mut x);
        linear_predictors(
            problem.response(),
            problem.batch(),
            rows.clone(),
            At::Params(&params),
            &mut eta,
            &mut Work::new(),
        );
        let [loss, slope, curvature] = &mut units;
        problem.response().units(&problem.y()[rows.clone()], &eta, Order::Expected, Units { loss, slope, curvature });
        let kept: Vec<usize> = (0..p).filter(|column| !self.fit.aliased.contains(column)).collect();
        let mut influence = Influence { on_params: vec![0.0; rank], leverage: 0.0, times: 0.0 };
        for (i, row) in rows.enumerate().filter(|(_, row)| problem.weight(*row) > 0.0) {
            let weight = problem.prior_weight(row);
            influence.times = problem.frequency(row);
            influence.leverage = 0.0;
            for (a, on_param) in influence.on_params.iter_mut().enumerate() {
                let column = &self.bread[a * rank..(a + 1) * rank];
                let moved: f64 = column.iter().zip(&kept).map(|(b, column)| b * x[column * m + i]).sum();
                influence.leverage += weight * curvature[i] * moved * x[kept[a] * m + i];
                *on_param = weight * slope[i] * moved;
            }
            visit(row, &influence)?;
        }
        Ok(())
    }
}

/// total += factor · z zᵀ.
fn add_square(total: &mut [f64], z: &[f64], factor: f64) {
    for (column, b) in total.chunks_exact_mut(z.len()).zip(z) {
        column.iter_mut().zip(z).for_each(|(total, a)| *total += factor * a * b);
    }
}

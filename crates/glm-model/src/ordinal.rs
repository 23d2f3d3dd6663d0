//! Ordered classes: the cumulative model `P(y ≤ k) = F(θ_k − x'β)`, R's `polr`.

use glm_core::{Cumulative, CumulativeLink, Dense, Design};
use glm_frame::{Columns, FittedDesign, Frame};
use glm_solvers::{CovarianceType, Error as Solver, Ordinal, OrdinalFit, Towards};
use glm_stats::{Reference, Wald};
use serde::{Deserialize, Serialize};

use crate::model::Fitted;
use crate::naming::Names;
use crate::network::inputs;
use crate::regression::solver;
use crate::rows::Rows;
use crate::summary::{self, CertificateSummary, Coefficient, number};
use crate::{DispersionChoice, Error, ModelSpec, Offender, Summary, Unfinished};

/// Thresholds and slopes, as they are saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct FittedOrdinal {
    link: String,
    thresholds: Vec<f64>,
    coefficients: Vec<f64>,
}

impl FittedOrdinal {
    /// The response, where the saved numbers can be those of one.
    pub(crate) fn response(&self) -> Result<Cumulative, Error> {
        let link: CumulativeLink = self.link.parse().map_err(Error::Name)?;
        Cumulative::new(self.thresholds.len() + 1, link).map_err(Error::Name)
    }

    /// The columns of the design that it was fitted on, with the intercept that the thresholds stand for.
    pub(crate) fn n_cols(&self) -> usize {
        self.coefficients.len() + 1
    }

    /// x'β + offset of each row.
    pub(crate) fn slopes(&self, columns: &Columns<'_>) -> Result<Vec<f64>, Error> {
        let mut eta = columns.offset().map_or_else(|| vec![0.0; columns.n_rows()], <[f64]>::to_vec);
        for (column, slope) in inputs::columns(&*columns.design()?, true).iter().zip(&self.coefficients) {
            eta.iter_mut().zip(column).for_each(|(eta, x)| *eta += slope * x);
        }
        Ok(eta)
    }

    /// The cut points `θ_k − x'β` of each row, threshold by threshold.
    pub(crate) fn cuts(&self, columns: &Columns<'_>) -> Result<Vec<f64>, Error> {
        let eta = self.slopes(columns)?;
        Ok(self.thresholds.iter().flat_map(|threshold| eta.iter().map(move |eta| threshold - eta)).collect())
    }
}

/// What an ordinal model is fitted from.
pub(crate) struct Fit<'a> {
    pub(crate) spec: &'a ModelSpec,
    pub(crate) frame: &'a Frame,
    pub(crate) design: &'a FittedDesign,
    pub(crate) columns: &'a Columns<'a>,
    pub(crate) rows: &'a Rows<'a>,
    pub(crate) label: &'a str,
}

impl Fit<'_> {
    pub(crate) fn fit(&self, link: CumulativeLink) -> Result<(Fitted, Summary), Error> {
        let refuse = |message: &str| Err(Error::Usage { message: message.to_owned() });
        match () {
            () if self.spec.bias_reduction => return refuse("bias reduction is not for ordered classes"),
            () if self.spec.dispersion != DispersionChoice::Family => {
                return refuse("ordered classes have no dispersion");
            }
            () if !self.design.has_intercept() => {
                return refuse("leave the intercept in the formula: thresholds take its place");
            }
            () => {}
        }
        let levels = self.rows.levels.clone().unwrap_or_default();
        let terms = self.terms(&levels);
        let names = Names { terms: &terms, levels: Some(&levels), ..self.names() };
        let slopes = inputs::columns(&*self.columns.design()?, true);
        let design = Dense::without_intercept(slopes.iter().map(Vec::as_slice)).map_err(|error| names.input(error))?;
        let response = Cumulative::new(levels.len(), link).map_err(|error| names.input(error))?;
        let fit = self.solve(&design, response).map_err(|error| self.error(error, &names))?;
        if let Some(aliased) = fit.aliased.first() {
            let term = &terms[levels.len() - 1 + aliased];
            return refuse(&format!("`{term}` is a combination of terms before it; leave it out"));
        }
        let summary = self.summary(&fit, &terms)?;
        let (link, thresholds, coefficients) = (link.link().name(), fit.thresholds, fit.coefficients);
        Ok((Fitted::Ordinal(FittedOrdinal { link, thresholds, coefficients }), summary))
    }

    fn solve(&self, design: &dyn Design, response: Cumulative) -> Result<OrdinalFit, Solver> {
        let mut ordinal = Ordinal::new(design, response, self.rows.y.to_vec())?;
        if let Some(weights) = &self.rows.analytic {
            ordinal = ordinal.with_weights(weights.clone())?;
        }
        if let Some(weights) = &self.rows.other {
            ordinal = ordinal.with_weights(weights.clone())?;
        }
        if let Some(offset) = self.columns.offset() {
            ordinal = ordinal.with_offset(offset.to_vec())?;
        }
        ordinal.fit(&solver(self.spec)?)
    }

    /// `low|high` of each threshold, then the columns.
    fn terms(&self, levels: &[String]) -> Vec<String> {
        let thresholds = levels.windows(2).map(|pair| pair.join("|"));
        thresholds.chain(self.design.names().iter().skip(1).cloned()).collect()
    }

    fn names(&self) -> Names<'_> {
        Names {
            frame: self.frame,
            columns: self.columns,
            terms: &[],
            response: self.label,
            weights: self.spec.weights.as_deref(),
            levels: None,
            describe: &|fit| Err(Error::Usage { message: fit.response.clone() }),
        }
    }

    fn error(&self, error: Solver, names: &Names<'_>) -> Error {
        match error {
            Solver::OrdinalNotConverged(fit) => Error::NotConverged {
                solver: fit.solver.to_owned(),
                reason: fit.certificate.outcome.to_string(),
                best: self.summary(&fit, names.terms).ok().map(Box::new),
            },
            Solver::OrdinalSeparation(found) => {
                let term = |(place, towards): &(usize, Towards)| Offender {
                    term: names.term(*place),
                    to_plus_infinity: *towards == Towards::PlusInfinity,
                };
                match self.summary(&found.best, names.terms) {
                    Err(error) => error,
                    Ok(best) => Error::Separation {
                        unfinished: Box::new(Unfinished {
                            response: "ordinal".to_owned(),
                            complete: found.complete,
                            terms: found.columns.iter().map(term).collect(),
                            direction: found.direction,
                            rows: names.places(&found.rows),
                            n_rows: found.rows.len(),
                            n_used: found.best.n_used,
                            best: Box::new(best),
                        }),
                    },
                }
            }
            error => names.solver(error),
        }
    }

    // Over budget: a list of the fields of a summary.
    #[expect(clippy::cast_precision_loss, reason = "a number of rows is far below 2^53")]
    fn summary(&self, fit: &OrdinalFit, terms: &[String]) -> Result<Summary, Error> {
        let reference = match fit.covariance_type {
            CovarianceType::Model => Reference::Normal,
            _ => Reference::StudentT { df: fit.df_residual as f64 },
        };
        let estimates: Vec<f64> = fit.thresholds.iter().chain(&fit.coefficients).copied().collect();
        let wald = Wald::new(&estimates, &fit.std_errors, reference, self.spec.conf_level)?;
        let link = Some(fit.response.cumulative_link().link().name());
        let (family, thresholds) = ("ordinal".to_owned(), fit.thresholds.len());
        let Self { spec, frame: table, columns, rows, label, .. } = *self;
        let around = summary::Frame { spec, terms, rows, label, table, columns, family, link };
        let aliased = |place: usize| place >= thresholds && fit.aliased.contains(&(place - thresholds));
        let summary = Summary {
            solver: fit.solver.to_owned(),
            n_used: fit.n_used,
            coefficients: Coefficient::table(&wald, terms, aliased),
            statistic: Some(wald.reference.to_string()),
            covariance: Some(fit.covariance_type.to_string()),
            deviance: number(fit.deviance),
            null_deviance: number(fit.null_deviance),
            df_residual: Some(fit.df_residual),
            df_null: Some((fit.n_used * thresholds).saturating_sub(thresholds)),
            dispersion: Some(1.0),
            log_likelihood: fit.log_likelihood.and_then(number),
            aic: fit.aic.and_then(number),
            bic: fit.bic.and_then(number),
            certificate: Some(CertificateSummary::of(&fit.certificate)),
            warnings: fit.warnings.iter().map(|warning| summary::describe(warning, &around)).collect(),
            ..Summary::empty(&around)
        };
        Ok(summary.with_rows_omitted())
    }
}

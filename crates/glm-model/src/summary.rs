//! What a fit says, as one object: the one that `glm fit --format json` prints.

use glm_frame::Columns;
use glm_solvers::{Certificate, CovarianceType, Factorisation, Fit, Warning};
use glm_stats::Wald;
use nn::{Stopped, Trained};
use serde::{Deserialize, Serialize};

use crate::rows::Rows;
use crate::{CovarianceChoice, Error, ModelSpec, Training};

/// A fitted model in numbers; what does not exist is `None`. It serialises to the JSON that `glm fit` prints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The formula as it was given.
    pub formula: String,
    /// The family's name, with its parameter where that was given.
    pub family: String,
    /// The link's name.
    pub link: Option<String>,
    /// The method that fitted it.
    pub solver: String,
    /// Rows of the table.
    pub n_rows: usize,
    /// Observations: rows of positive weight, each as often as its frequency says.
    pub n_used: usize,
    /// Rows left out for missing values.
    pub rows_omitted: usize,
    /// One per column of the design, class by class; none for a network.
    pub coefficients: Vec<Coefficient>,
    /// `t` or `z`.
    pub statistic: Option<String>,
    /// What the standard errors rest on: `model`, `hc0`, `hc1`, or `robust` with sampling weights.
    pub covariance: Option<String>,
    /// Twice the loss.
    pub deviance: Option<f64>,
    /// That of the intercept-only model with the same weights and offset.
    pub null_deviance: Option<f64>,
    /// Observations minus the rank.
    pub df_residual: Option<usize>,
    /// Those of the null model.
    pub df_null: Option<usize>,
    /// φ.
    pub dispersion: Option<f64>,
    /// By R's conventions for the family.
    pub log_likelihood: Option<f64>,
    /// −2 log L + 2 k.
    pub aic: Option<f64>,
    /// −2 log L + k ln n, n the rows of positive weight.
    pub bic: Option<f64>,
    /// θ of the negative binomial, where it was estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theta: Option<Theta>,
    /// The power of Tweedie's V = μ^p, where it was estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power: Option<Power>,
    /// What is known about the returned point.
    pub certificate: Option<CertificateSummary>,
    /// What is odd, and every default that changed numbers.
    pub warnings: Vec<WarningSummary>,
    /// Widths of the hidden layers, of a network only, as what follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Vec<usize>>,
    /// Their activation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation: Option<String>,
    /// The number of parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_params: Option<usize>,
    /// How training went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingSummary>,
}

/// How training went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainingSummary {
    /// Epochs begun.
    pub epochs: usize,
    /// The epoch of the lowest validation loss, or without validation of the lowest training loss.
    pub best_epoch: usize,
    /// Why it ended: `epochs`, `patience`, `observer`.
    pub stopped: String,
    /// The loss per unit weight over the last epoch.
    pub training_loss: Option<f64>,
    /// The lowest loss per unit weight on the rows held out.
    pub validation_loss: Option<f64>,
    /// Adam's rate.
    pub rate: f64,
    /// Rows per step.
    pub batch: usize,
    /// Where everything random came from.
    pub seed: u64,
}

/// A coefficient, as in R's table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Coefficient {
    /// R's name of the column: `(Intercept)`, `sexmale`, `a:b`; for classes `level:term`.
    pub term: String,
    /// β̂.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub std_error: Option<f64>,
    /// z or t.
    pub statistic: Option<f64>,
    /// Two-sided.
    pub p_value: Option<f64>,
    /// The lower end of the confidence interval.
    pub conf_low: Option<f64>,
    /// The upper end.
    pub conf_high: Option<f64>,
    /// Whether the column is a combination of columns before it.
    pub aliased: bool,
}

/// An estimate of θ.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Theta {
    /// θ̂; `None` in the Poisson limit.
    pub estimate: Option<f64>,
    /// Its standard error.
    pub std_error: Option<f64>,
}

/// An estimate of the power of V = μ^p.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Power {
    /// p̂; `None` in the limits 1 and 2.
    pub estimate: Option<f64>,
    /// Its standard error, with φ estimated too.
    pub std_error: Option<f64>,
}

/// The certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CertificateSummary {
    /// Whether the score at the returned point is small.
    pub converged: bool,
    /// Accepted steps.
    pub iterations: usize,
    /// Halved steps.
    pub halvings: usize,
    /// The score in standard errors.
    pub score_norm: Option<f64>,
    /// The decrease of the loss that is still available.
    pub decrement: Option<f64>,
    /// Of √W·X with columns of unit length.
    pub condition_number: Option<f64>,
    /// `cholesky` or `qr`.
    pub factorisation: String,
}

/// Something that the reader of a fit should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WarningSummary {
    /// A word for programs.
    pub code: String,
    /// A sentence.
    pub message: String,
    /// The terms that it is about.
    pub terms: Vec<String>,
}

/// What a summary needs beside the fit.
pub(crate) struct Frame<'a> {
    pub(crate) spec: &'a ModelSpec,
    pub(crate) terms: &'a [String],
    pub(crate) rows: &'a Rows<'a>,
    pub(crate) label: &'a str,
    pub(crate) family: String,
    pub(crate) link: Option<String>,
    pub(crate) table: &'a glm_frame::Frame,
    pub(crate) columns: &'a Columns<'a>,
}

impl Summary {
    /// What every model says, and nothing of its fit.
    // Over budget: a list of the fields of a summary.
    pub(crate) fn empty(around: &Frame<'_>) -> Self {
        Self {
            formula: around.spec.formula.clone(),
            family: around.family.clone(),
            link: around.link.clone(),
            solver: String::new(),
            n_rows: around.table.n_rows(),
            n_used: 0,
            rows_omitted: around.columns.omitted().len(),
            coefficients: Vec::new(),
            statistic: None,
            covariance: None,
            deviance: None,
            null_deviance: None,
            df_residual: None,
            df_null: None,
            dispersion: None,
            log_likelihood: None,
            aic: None,
            bic: None,
            theta: None,
            power: None,
            certificate: None,
            warnings: Vec::new(),
            hidden: None,
            activation: None,
            n_params: None,
            training: None,
        }
    }

    pub(crate) fn of(fit: &Fit, around: &Frame<'_>) -> Result<Self, Error> {
        let wald = Wald::of(fit, around.spec.conf_level)?;
        Ok(Self {
            solver: fit.solver.to_owned(),
            n_used: fit.n_used,
            coefficients: Coefficient::table(&wald, around.terms, |place| fit.aliased.contains(&place)),
            statistic: Some(wald.reference.to_string()),
            covariance: Some(match around.spec.covariance {
                CovarianceChoice::Model => fit.covariance_type.to_string(),
                ref choice => choice.name().to_owned(),
            }),
            deviance: number(fit.deviance),
            null_deviance: number(fit.null_deviance),
            df_residual: Some(fit.df_residual),
            df_null: Some(fit.df_null),
            dispersion: fit.dispersion.and_then(number),
            log_likelihood: fit.log_likelihood.and_then(number),
            aic: fit.aic.and_then(number),
            bic: fit.bic.and_then(number),
            certificate: Some(CertificateSummary::of(&fit.certificate)),
            warnings: fit.warnings.iter().map(|warning| describe(warning, around)).collect(),
            ..Self::empty(around)
        }
        .with_rows_omitted()
        .with_defaults(fit, around))
    }

    /// Says that rows were left out.
    pub(crate) fn with_rows_omitted(mut self) -> Self {
        if self.rows_omitted > 0 {
            let message = match self.rows_omitted {
                1 => "one row with missing values was left out".to_owned(),
                rows => format!("{rows} rows with missing values were left out"),
            };
            self.warnings.push(WarningSummary::new("rows_omitted", message));
        }
        self
    }

    /// Says what was decided without being asked, and changed numbers.
    fn with_defaults(mut self, fit: &Fit, around: &Frame<'_>) -> Self {
        if fit.covariance_type == CovarianceType::Robust {
            let message = "with sampling weights the covariance is robust, and there is no likelihood";
            self.warnings.push(WarningSummary::new("sampling_weights", message));
        }
        if let Some([failure, success]) = around.rows.levels.as_deref() {
            let message = format!("of `{}`, `{success}` is success and `{failure}` failure", around.label);
            self.warnings.push(WarningSummary::new("success_level", message));
        }
        let absent = around.rows.total().map_or(0, |weights| weights.iter().filter(|weight| **weight <= 0.0).count());
        if absent > 0 {
            let message = match absent {
                1 => "one row of weight zero counts as absent".to_owned(),
                rows => format!("{rows} rows of weight zero count as absent"),
            };
            self.warnings.push(WarningSummary::new("zero_weights", message));
        }
        if let Some(method) = fit.certificate.fallback {
            let message = format!("{} did not get there, and {method} finished the fit", fit.solver);
            self.warnings.push(WarningSummary::new("fallback", message));
        }
        self
    }
}

impl Coefficient {
    /// R's table of coefficients.
    pub(crate) fn table(wald: &Wald, terms: &[String], aliased: impl Fn(usize) -> bool) -> Vec<Self> {
        let row = |(place, (row, term)): (usize, (&glm_stats::WaldRow, &String))| Self {
            term: term.clone(),
            estimate: row.estimate.and_then(number),
            std_error: row.std_error.and_then(number),
            statistic: row.statistic.and_then(number),
            p_value: row.p_value.and_then(number),
            conf_low: row.conf_low.and_then(number),
            conf_high: row.conf_high.and_then(number),
            aliased: aliased(place),
        };
        wald.rows.iter().zip(terms).enumerate().map(row).collect()
    }
}

impl TrainingSummary {
    pub(crate) fn of(trained: &Trained<f64>, settings: &Training) -> Self {
        let lowest = trained.history.validation_losses().fold(f64::INFINITY, f64::min);
        Self {
            epochs: trained.epochs_run,
            best_epoch: trained.best_epoch,
            stopped: match trained.stopped {
                Stopped::Patience => "patience",
                Stopped::Observer => "observer",
                _ => "epochs",
            }
            .to_owned(),
            training_loss: trained.history.last().and_then(|epoch| number(epoch.training_loss)),
            validation_loss: number(lowest),
            rate: settings.rate,
            batch: settings.batch,
            seed: settings.seed,
        }
    }
}

impl WarningSummary {
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), terms: Vec::new() }
    }
}

impl CertificateSummary {
    pub(crate) fn of(certificate: &Certificate) -> Self {
        Self {
            converged: certificate.converged(),
            iterations: certificate.iterations,
            halvings: certificate.halvings,
            score_norm: number(certificate.score_norm),
            decrement: number(certificate.decrement),
            condition_number: number(certificate.condition_number),
            factorisation: match certificate.factorisation {
                Factorisation::Cholesky => "cholesky",
                Factorisation::Qr => "qr",
            }
            .to_owned(),
        }
    }
}

/// What JSON has as a number.
pub(crate) fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A warning in the user's words.
pub(crate) fn describe(warning: &Warning, around: &Frame<'_>) -> WarningSummary {
    let code = match warning {
        Warning::Aliased { columns } => {
            let terms: Vec<String> = columns.iter().filter_map(|column| around.terms.get(*column)).cloned().collect();
            let message = format!(
                "{} not estimable: linear combinations of terms before them",
                match terms.len() {
                    1 => "one coefficient is".to_owned(),
                    n => format!("{n} coefficients are"),
                }
            );
            return WarningSummary { terms, ..WarningSummary::new("aliased", message) };
        }
        Warning::NotACount { row, value } => {
            let message = format!(
                "{}: the response {value} is no whole count, so there is no likelihood",
                around.table.place(around.columns.row(*row))
            );
            return WarningSummary::new("not_a_count", message);
        }
        Warning::ConstantResponse { .. } => "constant_response",
        Warning::NoResidualDf => "no_residual_df",
        Warning::IllConditioned { .. } => "ill_conditioned",
        Warning::RoundingFloor { .. } => "rounding_floor",
        _ => "other",
    };
    WarningSummary::new(code, warning.to_string())
}

//! The arguments of `glm fit`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Formula, in R's language:
  y ~ a + b            main effects, with an intercept (`- 1` or `+ 0` leaves it out)
  y ~ a * b            a + b + a:b; also a/b, a %in% b, (a + b + c)^2, `.` for all other columns
  cbind(s, f) ~ x      successes and failures of a binomial response
  log(y) ~ poly(x, 2) + ns(z, df = 3) + C(g, sum) + offset(log(t)) + I(x^2)

Families: gaussian, binomial, poisson, gamma, inverse-gaussian, quasi-binomial, quasi-poisson, quasi(POWER),
  negative-binomial (theta estimated) or negative-binomial(THETA), tweedie (the power estimated) or tweedie(POWER),
  multinomial, ordinal
Links: identity, log, logit, probit, cloglog, loglog, cauchit, inverse, inverse-squared, sqrt, power(L), odds-power(L)

Examples:
  glm fit cars.csv --formula 'dist ~ speed'
  glm fit claims.csv --formula 'claims ~ age + region' --family poisson --exposure years --save model.json
  glm fit births.parquet --formula 'low ~ age + race * smoke' --family binomial --link probit --na omit
  glm fit beetles.csv --formula 'cbind(dead, alive) ~ dose' --family binomial --format json
  glm fit births.csv --formula 'low ~ age + lwt' --family binomial --hidden 16,8 --activation tanh";

/// What is fitted, to what, how, and how it is told.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, after_help = "`glm fit --help` lists families, links and examples.")]
pub(crate) struct FitArgs {
    /// The data: CSV with a header line, compressed by gzip or not, or Parquet
    pub(crate) data: PathBuf,

    /// The model in R's language: 'y ~ a + b:c + ns(x, df = 3) + offset(log(t))'
    #[arg(long, short, value_name = "FORMULA")]
    pub(crate) formula: String,

    /// The distribution of the response
    #[arg(long, value_name = "FAMILY", default_value = "gaussian")]
    pub(crate) family: String,

    /// The link; without it the family's own
    #[arg(long, value_name = "LINK")]
    pub(crate) link: Option<String>,

    /// Column of weights
    #[arg(long, value_name = "COL", help_heading = "Columns")]
    pub(crate) weights: Option<String>,

    /// What the weights mean: divisors of the variance, numbers of equal rows, or inverse sampling probabilities
    #[arg(long, value_name = "KIND", requires = "weights", value_enum, help_heading = "Columns")]
    pub(crate) weights_kind: Option<WeightsName>,

    /// Column of the numbers of trials of which the response is the proportion
    #[arg(long, value_name = "COL", help_heading = "Columns")]
    pub(crate) trials: Option<String>,

    /// Column added to the linear predictor
    #[arg(long, value_name = "COL", help_heading = "Columns")]
    pub(crate) offset: Option<String>,

    /// Column whose logarithm is added to the linear predictor, such as time at risk
    #[arg(long, value_name = "COL", help_heading = "Columns")]
    pub(crate) exposure: Option<String>,

    /// Types of columns where guessing is not enough: { "columns": { "Age": { "type": "ordered", "levels": [...] } } }
    #[arg(long, value_name = "COLUMNS.json", help_heading = "Columns")]
    pub(crate) schema: Option<PathBuf>,

    /// Rows with missing values: refuse them, or leave them out and say so
    #[arg(long, value_enum, default_value_t = Na::Error, help_heading = "Columns")]
    pub(crate) na: Na,

    /// The curvature that steps are taken by
    #[arg(long, value_enum, default_value_t = SolverName::Auto, help_heading = "Fit")]
    pub(crate) solver: SolverName,

    /// The score, in standard errors, at which the fit stops
    #[arg(long, value_name = "T", help_heading = "Fit")]
    pub(crate) tolerance: Option<f64>,

    /// Steps at most
    #[arg(long, value_name = "N", help_heading = "Fit")]
    pub(crate) max_iterations: Option<usize>,

    /// Starting coefficients in the order of the table, separated by commas
    #[arg(long, value_name = "V1,V2,...", value_delimiter = ',', allow_hyphen_values = true, help_heading = "Fit")]
    pub(crate) start: Option<Vec<f64>>,

    /// Firth's reduction of bias, finite under separation
    #[arg(long, help_heading = "Fit")]
    pub(crate) bias_reduction: bool,

    /// How the dispersion is found: pearson, deviance, ml, or a number
    #[arg(long, value_name = "HOW", help_heading = "Inference")]
    pub(crate) dispersion: Option<String>,

    /// Level of the confidence intervals
    #[arg(long, value_name = "LEVEL", default_value_t = 0.95, help_heading = "Inference")]
    pub(crate) conf_level: f64,

    /// The covariance that standard errors come from
    #[arg(long, value_enum, default_value_t = CovarianceName::Model, help_heading = "Inference")]
    pub(crate) covariance: CovarianceName,

    /// Column of clusters, whose rows may depend on each other
    #[arg(long, value_name = "COL", conflicts_with = "covariance", help_heading = "Inference")]
    pub(crate) cluster: Option<String>,

    #[command(flatten)]
    pub(crate) network: NetworkArgs,

    /// Write the fitted model here; it holds no data
    #[arg(long, value_name = "MODEL.json", help_heading = "Output")]
    pub(crate) save: Option<PathBuf>,

    /// A table to read, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    pub(crate) format: Format,

    /// No progress
    #[arg(long, short, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// The rungs above the GLM.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// Widths of hidden layers, separated by commas: a network above the GLM
    #[arg(long, value_name = "N,N,...", value_delimiter = ',')]
    pub(crate) hidden: Vec<usize>,

    /// The activation of the hidden layers
    #[arg(long, value_name = "NAME", requires = "hidden")]
    pub(crate) activation: Option<String>,

    /// Fit the regression first and add the network to it
    #[arg(long, requires = "hidden")]
    pub(crate) skip: bool,

    /// Passes over the rows
    #[arg(long, value_name = "N", requires = "hidden")]
    pub(crate) epochs: Option<usize>,

    /// Adam's learning rate
    #[arg(long, value_name = "RATE", requires = "hidden")]
    pub(crate) learning_rate: Option<f64>,

    /// Rows per step
    #[arg(long, value_name = "ROWS", requires = "hidden")]
    pub(crate) batch: Option<usize>,

    /// The penalty on the squares of the weights
    #[arg(long, value_name = "LAMBDA", requires = "hidden")]
    pub(crate) l2: Option<f64>,

    /// The probability with which a feature is dropped in training
    #[arg(long, value_name = "P", requires = "hidden")]
    pub(crate) dropout: Option<f64>,

    /// Epochs without improvement on held-out rows after which training stops
    #[arg(long, value_name = "EPOCHS", requires = "hidden")]
    pub(crate) patience: Option<usize>,

    /// Where everything random comes from
    #[arg(long, value_name = "SEED", requires = "hidden")]
    pub(crate) seed: Option<u64>,
}

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
}

/// What becomes of rows with missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Na {
    Error,
    Omit,
}

/// What weights mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WeightsName {
    Analytic,
    Frequency,
    Probability,
}

/// The solvers by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SolverName {
    Auto,
    Irls,
    Fisher,
    Newton,
    GradientDescent,
    Lbfgs,
}

/// The covariances by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CovarianceName {
    Model,
    Hc0,
    Hc1,
    Hc2,
    Hc3,
}

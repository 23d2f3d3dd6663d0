//! The arguments of `glm predict`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
One row is written per row of NEW: fit, std_error, conf_low, conf_high; NA where a value that the model needs is missing.
Of classes, one column of probabilities per class is written. The response need not be in NEW. Files larger than memory
go through, and the output appears only when it is complete.

Examples:
  glm predict model.json new.csv
  glm predict model.json new.parquet --interval prediction --output predictions.csv
  glm predict model.json new.csv.gz --type link | head";

/// Which model, which rows, what of them, and where to.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, after_help = "`glm predict --help` has examples.")]
pub(crate) struct PredictArgs {
    /// A model that `glm fit --save` wrote
    pub(crate) model: PathBuf,

    /// The new rows: CSV or Parquet with the columns that the model needs
    pub(crate) new: PathBuf,

    /// Means, or linear predictors
    #[arg(long = "type", value_enum, default_value_t = PredictType::Response)]
    pub(crate) kind: PredictType,

    /// What the bounds are for: the mean (unless told otherwise), or a new observation
    #[arg(long, value_enum)]
    pub(crate) interval: Option<IntervalName>,

    /// Where the predictions go, as CSV or, by the name, as Parquet; to the standard output without it
    #[arg(long, short, value_name = "OUT.csv|OUT.parquet")]
    pub(crate) output: Option<PathBuf>,

    /// No progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// The scale of predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PredictType {
    Response,
    Link,
}

/// What an interval is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum IntervalName {
    Confidence,
    Prediction,
}

//! The arguments of `glm compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;

const EXAMPLES: &str = "\
Each model is compared with the one before it, as R's anova does. The models must be nested and fitted to the same rows.
Without --test it is F where the dispersion was estimated, else the likelihood ratio.

Examples:
  glm compare small.json large.json
  glm compare null.json small.json large.json --test f --format json";

/// Which models, and by which test.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES, after_help = "`glm compare --help` has examples.")]
pub(crate) struct CompareArgs {
    /// Models that `glm fit --save` wrote, from the smallest to the largest
    #[arg(required = true, num_args = 2..)]
    pub(crate) models: Vec<PathBuf>,

    /// The test: likelihood ratio, score, or F
    #[arg(long, value_enum)]
    pub(crate) test: Option<TestName>,

    /// The data, which the score test needs
    #[arg(long, value_name = "DATA")]
    pub(crate) data: Option<PathBuf>,

    /// A table to read, or one JSON object
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

/// The tests by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestName {
    Lr,
    Score,
    F,
}

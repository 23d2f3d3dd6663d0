//! The arguments of `glm compare`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Format;

const EXAMPLES: &str = "\
Each model is compared with the one before it, as R's anova does. The models must be nested and fitted to the same rows.
Without --test it is F where the dispersion was estimated, else the likelihood ratio.

The score test (Rao's) takes the larger model's slope and expected information where the smaller one is fitted, and refers
the score over the dispersion to chi-square. It needs the data of the fits; R's anova(test = \"Rao\") prints the score
before it is divided. With --data any test first makes sure that the models were fitted to these rows: that each finds its
number of observations and its deviance in them, and all the same responses, weights and offset.

Examples:
  glm compare small.json large.json
  glm compare small.json large.json --test score --data claims.csv
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

    /// The data of the fits: checked, and needed by the score test
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

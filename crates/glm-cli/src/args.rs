//! What can be asked on the command line, and the help that teaches it.

mod compare;
mod fit;
mod predict;

pub(crate) use compare::{CompareArgs, TestName};
pub(crate) use fit::{CovarianceName, FitArgs, Format, Na, NetworkArgs, SolverName, WeightsName};
pub(crate) use predict::{IntervalName, PredictArgs, PredictType};

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use clap_complete::Shell;

const EXAMPLES: &str = "\
Examples:
  glm fit claims.csv --formula 'claims ~ age + region' --family poisson --exposure years --save model.json
  glm predict model.json new.csv --output predictions.csv
  glm compare small.json large.json

`glm fit --help` lists families, links and the formula language. Exit status: 0 a fit, 1 bad data or formula, 2 bad usage,
3 no fit exists or none was reached.";

/// Generalized linear models, and the networks above them, from a file and a formula
#[derive(Debug, Parser)]
#[command(name = "glm", version, after_help = EXAMPLES, max_term_width = 120)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fit a model to a file and print what it says
    Fit(Box<FitArgs>),
    /// Predict the rows of a file by a saved model
    Predict(PredictArgs),
    /// Compare saved models of the same data by their deviances
    Compare(CompareArgs),
    /// Print what a shell needs to complete this command's arguments
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages into a directory
    #[command(hide = true)]
    Man {
        /// The directory
        directory: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn each_command_has_examples() {
        for command in ["fit", "predict", "compare"] {
            let help = Cli::command().find_subcommand_mut(command).unwrap().render_long_help().to_string();
            assert!(help.contains("Examples:\n") && help.contains(&format!("  glm {command} ")), "{command}: {help}");
        }
    }
}

//! The command `glm`: from a file and a formula to an answer.

mod args;

mod fit;
mod predict;

mod compare;

mod number;
mod table;
mod text_table;

mod sink;

mod pages;
mod progress;

mod failure;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command, Format};
use crate::failure::{Failure, answer};

fn main() -> ExitCode {
    let args: Vec<OsString> = env::args_os().collect();
    match Cli::try_parse_from(&args) {
        Err(error) => failure::of_arguments(&error, &args),
        Ok(cli) => {
            let format = cli.command.format();
            run(cli.command).map_or_else(|failure| failure.tell(format), |()| ExitCode::SUCCESS)
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Fit(args) => fit::run(&args),
        Command::Predict(args) => predict::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Completions { shell } => answer(String::from_utf8_lossy(&pages::completions(shell))),
        Command::Man { directory } => {
            pages::write_manual(&directory).map_err(|error| Failure::writing(&directory, &error))
        }
    }
}

impl Command {
    /// How the answer, or what stands in its way, is told.
    fn format(&self) -> Format {
        match self {
            Self::Fit(args) => args.format,
            Self::Compare(args) => args.format,
            _ => Format::Table,
        }
    }
}

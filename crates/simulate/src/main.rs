//! The program behind `cargo xtask simulate`: simulates data whose truth is known, fits the ladder from GLM to network to
//! it, and prints what came out as tables or as JSON.

mod options;

mod recipe;
mod spec;

mod balloons;
mod toy;

mod json;
mod progress;
mod report;

use std::io::{ErrorKind, Write, stdout};

use anyhow::Result;

use crate::json::Results;
use crate::options::Options;
use crate::progress::Progress;

fn main() -> Result<()> {
    let options = Options::parse_or_exit();
    let results = simulate(&options, Progress::on_stderr())?;
    let mut text = Vec::new();
    match options.json {
        true => json::write(&results, &mut text),
        false => report::write(&results, &options, &mut text),
    }?;
    match stdout().write_all(&text) {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

fn simulate(options: &Options, progress: Progress) -> Result<Results> {
    let mut results = Results::default();
    if options.wants_toy() {
        results.toy = options.seeds().map(|seed| toy::run(options, seed, progress)).collect::<Result<_>>()?;
    }
    if options.wants_balloons() {
        results.balloons = balloons::run(options, *options.seeds().start(), progress)?;
    }
    Ok(results)
}

//! What a person reads: tables, and beside them the settings and the figures to compare with.

mod table;

mod balloons;
mod toy;

use std::io::Write;

use anyhow::Result;

use crate::json::Results;
use crate::options::Options;

/// Writes the tables of whatever was run.
pub(crate) fn write(results: &Results, options: &Options, out: &mut dyn Write) -> Result<()> {
    if !results.toy.is_empty() {
        toy::write(&results.toy, options, out)?;
    }
    if !results.balloons.is_empty() {
        balloons::write(&results.balloons, options, out)?;
    }
    Ok(())
}

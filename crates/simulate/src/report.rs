//! What a person reads: the tables, and the settings and figures to read beside them.

mod table;

use std::io::Write;

use anyhow::Result;

use crate::json::Results;
use crate::options::Options;

/// Writes the tables of whatever was run.
pub(crate) fn write(results: &Results, _options: &Options, out: &mut dyn Write) -> Result<()> {
    table::x(results, out)
}

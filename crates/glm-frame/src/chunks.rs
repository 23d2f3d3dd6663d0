//! A file in parts, for what is larger than memory.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::num::NonZeroUsize;
use std::path::Path;

use crate::csv::Csv;
use crate::input::Stream;
#[cfg(feature = "parquet")]
use crate::input::{Format, Input};
#[cfg(feature = "parquet")]
use crate::parquet::Parquet;
use crate::{Error, Frame, ReadOptions, Schema};

/// The rows of a file, CSV or Parquet, as frames of a given number of rows; the last has what is left.
///
/// The types must be known: only columns of the schema are read. A category has the levels of the schema in every
/// frame; without levels in the schema, those of the rows in the frame, never logical.
///
/// ```
/// use std::num::NonZeroUsize;
/// use glm_frame::{Chunks, ReadOptions, Schema};
/// let schema = Schema::from_json(r#"{ "columns": { "x": { "type": "number" } } }"#)?;
/// let options = ReadOptions { schema: Some(&schema), ..ReadOptions::default() };
/// let chunks = Chunks::from_reader(&b"x,z\n1,a\n2,b\n3,c\n"[..], NonZeroUsize::MIN.saturating_add(1), &options)?;
/// let rows: Vec<usize> = chunks.map(|frame| Ok(frame?.n_rows())).collect::<Result<_, glm_frame::Error>>()?;
/// assert_eq!(rows, [2, 1]);
/// # Ok::<(), glm_frame::Error>(())
/// ```
pub struct Chunks {
    source: Source,
    rows: usize,
}

enum Source {
    Csv(Box<Csv<'static>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<Parquet>),
    Finished,
}

impl Chunks {
    /// Of a file, which may be a pipe if it is CSV.
    ///
    /// # Errors
    ///
    /// As [`Frame::read`], and [`Error::UntypedColumn`] for a column that is asked for and not in the schema.
    pub fn open(path: &Path, rows: NonZeroUsize, options: &ReadOptions<'_>) -> Result<Self, Error> {
        let failed = |error| Error::io(Some(path), &error);
        let file = File::open(path).map_err(failed)?;
        #[cfg(feature = "parquet")]
        if file.metadata().map_err(failed)?.is_file() {
            let input = Input::file(path)?;
            if input.format().map_err(failed)? == Format::Parquet {
                let schema = needed(options)?;
                let columns: Vec<&str> = schema.columns.keys().map(String::as_str).collect();
                let options = ReadOptions { columns: Some(&columns), schema: Some(&schema), ..*options };
                let parquet = Parquet::open(&input, Some(path), &options)?;
                return Ok(Self { source: Source::Parquet(Box::new(parquet)), rows: rows.get() });
            }
        }
        Self::csv(Stream { bytes: Box::new(file), len: None }, Some(path), rows, options)
    }

    /// Of CSV text as it comes, compressed by gzip or not.
    ///
    /// # Errors
    ///
    /// As [`Chunks::open`].
    pub fn from_reader(
        reader: impl Read + 'static,
        rows: NonZeroUsize,
        options: &ReadOptions<'_>,
    ) -> Result<Self, Error> {
        Self::csv(Stream { bytes: Box::new(reader), len: None }, None, rows, options)
    }

    fn csv(
        stream: Stream<'static>,
        file: Option<&Path>,
        rows: NonZeroUsize,
        options: &ReadOptions<'_>,
    ) -> Result<Self, Error> {
        let (schema, rows) = (needed(options)?, rows.get());
        let columns: Vec<&str> = schema.columns.keys().map(String::as_str).collect();
        let options = ReadOptions { columns: Some(&columns), schema: Some(&schema), ..*options };
        let mut csv = Csv::open(stream, file, &options)?;
        csv.prepare(&options, &[])?;
        Ok(Self { source: Source::Csv(Box::new(csv)), rows })
    }
}

/// The types of the columns that are read.
fn needed(options: &ReadOptions<'_>) -> Result<Schema, Error> {
    let schema = options.schema.cloned().unwrap_or_default();
    schema.validate()?;
    let Some(columns) = options.columns else { return Ok(schema) };
    let typed = |&name: &&str| match schema.columns.get(name) {
        Some(kind) => Ok((name.to_owned(), kind.clone())),
        None => Err(Error::UntypedColumn { column: name.to_owned() }),
    };
    Ok(Schema { columns: columns.iter().map(typed).collect::<Result<_, _>>()? })
}

impl Iterator for Chunks {
    type Item = Result<Frame, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match &mut self.source {
            Source::Csv(csv) => csv.next_frame(self.rows).transpose()?,
            #[cfg(feature = "parquet")]
            Source::Parquet(parquet) => parquet.next_frame(self.rows).transpose()?,
            Source::Finished => return None,
        };
        if next.is_err() {
            self.source = Source::Finished;
        }
        Some(next)
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").field("rows", &self.rows).finish_non_exhaustive()
    }
}

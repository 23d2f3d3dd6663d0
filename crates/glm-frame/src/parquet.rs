//! Parquet to columns, a batch of rows at a time.

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::reader::ChunkReader;

use crate::arrow::{Batches, names};
use crate::input::Input;
use crate::{Error, Frame, ReadOptions};

/// Rows at a time.
const BATCH: usize = 8192;

/// The batches of a Parquet file and what becomes of them.
pub(crate) struct Parquet {
    file: Option<PathBuf>,
    reader: ParquetRecordBatchReader,
    batches: Batches,
    rows: usize,
    /// What was read and is not yet in a frame.
    rest: Option<RecordBatch>,
}

/// All rows.
pub(crate) fn read(input: &Input<'_>, file: Option<&Path>, options: &ReadOptions<'_>) -> Result<Frame, Error> {
    let mut parquet = Parquet::open(input, file, options)?;
    parquet.batches.reserve(parquet.rows);
    while let Some(batch) = parquet.next_batch()? {
        parquet.batches.push(&batch)?;
    }
    parquet.batches.frame()
}

/// The names of the columns.
pub(crate) fn column_names(input: &Input<'_>, file: Option<&Path>) -> Result<Vec<String>, Error> {
    Ok(names(&Parquet::source(input, file)?.schema()))
}

/// Either kind of source.
enum Source {
    File(ParquetRecordBatchReaderBuilder<File>),
    Bytes(ParquetRecordBatchReaderBuilder<Bytes>),
}

impl Source {
    fn schema(&self) -> SchemaRef {
        match self {
            Self::File(builder) => builder.schema().clone(),
            Self::Bytes(builder) => builder.schema().clone(),
        }
    }
}

impl Parquet {
    pub(crate) fn open(input: &Input<'_>, file: Option<&Path>, options: &ReadOptions<'_>) -> Result<Self, Error> {
        let source = Self::source(input, file)?;
        let schema = source.schema();
        let batches = Batches::new(file, &schema, options)?;
        let kept: Vec<usize> = (0..schema.fields().len()).filter(|&i| options.keeps(schema.field(i).name())).collect();
        let (reader, rows) = guarded(file, || match source {
            Source::File(builder) => Self::build(builder, kept),
            Source::Bytes(builder) => Self::build(builder, kept),
        })?
        .map_err(|error| failure(file, &error))?;
        Ok(Self { file: file.map(Path::to_owned), reader, batches, rows, rest: None })
    }

    fn source(input: &Input<'_>, file: Option<&Path>) -> Result<Source, Error> {
        let io = |error| Error::io(file, &error);
        let file_source = |opened: File| {
            whole(&opened, file)?;
            guarded(file, || ParquetRecordBatchReaderBuilder::try_new(opened).map(Source::File))
        };
        let source = match input {
            Input::File(path) => file_source(File::open(path).map_err(io)?)?,
            Input::Spooled(spooled) => file_source(spooled.try_clone().map_err(io)?)?,
            Input::Slice(_) | Input::Kept(_) => {
                let mut bytes = Vec::new();
                input.raw().and_then(|mut stream| stream.bytes.read_to_end(&mut bytes)).map_err(io)?;
                let bytes = Bytes::from(bytes);
                whole(&bytes, file)?;
                guarded(file, || ParquetRecordBatchReaderBuilder::try_new(bytes).map(Source::Bytes))?
            }
        };
        source.map_err(|error| failure(file, &error))
    }

    fn build<R: ChunkReader + 'static>(
        builder: ParquetRecordBatchReaderBuilder<R>,
        kept: Vec<usize>,
    ) -> Result<(ParquetRecordBatchReader, usize), ParquetError> {
        let metadata = builder.metadata().file_metadata();
        let rows = usize::try_from(metadata.num_rows()).unwrap_or(0);
        let mask = ProjectionMask::roots(metadata.schema_descr(), kept);
        Ok((builder.with_projection(mask).with_batch_size(BATCH).build()?, rows))
    }

    fn next_batch(&mut self) -> Result<Option<RecordBatch>, Error> {
        if let Some(rest) = self.rest.take() {
            return Ok(Some(rest));
        }
        let (file, reader) = (self.file.as_deref(), &mut self.reader);
        let next = guarded(file, || reader.next())?;
        next.transpose().map_err(|error| damaged(file, error.to_string()))
    }

    /// At most `limit` rows, if there are any left.
    pub(crate) fn next_frame(&mut self, limit: usize) -> Result<Option<Frame>, Error> {
        let mut missing = limit;
        while missing > 0 {
            let Some(batch) = self.next_batch()? else { break };
            let rows = batch.num_rows().min(missing);
            self.batches.push(&batch.slice(0, rows))?;
            if rows < batch.num_rows() {
                self.rest = Some(batch.slice(rows, batch.num_rows() - rows));
            }
            missing -= rows;
        }
        if missing == limit && self.rows > 0 { Ok(None) } else { self.batches.frame().map(Some) }
    }
}

/// A Parquet file ends as it begins.
fn whole(source: &impl ChunkReader, file: Option<&Path>) -> Result<(), Error> {
    let truncated = || Error::Truncated { file: file.map(Path::to_owned) };
    let start = source.len().checked_sub(4).filter(|start| *start >= 8).ok_or_else(truncated)?;
    match source.get_bytes(start, 4) {
        Ok(end) if end == b"PAR1"[..] || end == b"PARE"[..] => Ok(()),
        _ => Err(truncated()),
    }
}

/// Calls into the library, which has assertions on what it finds in a file: one that fails means a damaged file.
fn guarded<T>(file: Option<&Path>, call: impl FnOnce() -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|_| damaged(file, "the file is damaged".to_owned()))
}

fn failure(file: Option<&Path>, error: &ParquetError) -> Error {
    damaged(file, error.to_string())
}

fn damaged(file: Option<&Path>, message: String) -> Error {
    Error::Parquet { file: file.map(Path::to_owned), message }
}

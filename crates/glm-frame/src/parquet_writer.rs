//! Columns of numbers to Parquet, a part at a time.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// A Parquet file of columns of numbers, compressed by Snappy; NaN becomes null.
///
/// ```
/// use glm_frame::{Column, Frame, ParquetWriter, ReadOptions};
/// let mut writer = ParquetWriter::new(Vec::new(), &["fit"])?;
/// writer.write(&[&[1.0, 2.0]])?;
/// writer.write(&[&[3.0]])?;
/// let frame = Frame::from_bytes(&writer.finish()?, &ReadOptions::default())?;
/// assert_eq!(frame.column("fit"), Some(&Column::Numbers(vec![1.0, 2.0, 3.0])));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ParquetWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Begins a file with columns of these names.
    ///
    /// # Errors
    ///
    /// What writing says.
    pub fn new(to: W, names: &[&str]) -> io::Result<Self> {
        let fields: Vec<Field> = names.iter().map(|name| Field::new(*name, DataType::Float64, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(to, Arc::clone(&schema), Some(properties)).map_err(io::Error::other)?;
        Ok(Self { writer, schema })
    }

    /// Appends rows, given as columns of equal length in the order of the names.
    ///
    /// # Errors
    ///
    /// What writing says, and columns of another number or of unequal lengths.
    pub fn write(&mut self, columns: &[&[f64]]) -> io::Result<()> {
        let array = |column: &&[f64]| -> ArrayRef {
            Arc::new(column.iter().map(|value| (!value.is_nan()).then_some(*value)).collect::<Float64Array>())
        };
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.iter().map(array).collect());
        let batch = batch.map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(io::Error::other)
    }

    /// Ends the file, and returns what it was written to.
    ///
    /// # Errors
    ///
    /// What writing says.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(io::Error::other)
    }
}

impl<W: Write + Send> fmt::Debug for ParquetWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParquetWriter").field("schema", &self.schema).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, Frame, ReadOptions};

    #[test]
    fn numbers_come_back_and_nan_is_missing() {
        let mut writer = ParquetWriter::new(Vec::new(), &["fit", "a, b"]).unwrap();
        writer.write(&[&[0.1 + 0.2, f64::NAN], &[1e-300, -0.0]]).unwrap();
        assert!(writer.write(&[&[1.0]]).is_err(), "a column is missing");
        let frame = Frame::from_bytes(&writer.finish().unwrap(), &ReadOptions::default()).unwrap();
        let Some(Column::Numbers(fit)) = frame.column("fit") else { panic!("numbers") };
        assert_eq!((fit[0].to_bits(), fit[1].is_nan()), ((0.1_f64 + 0.2).to_bits(), true));
        assert_eq!(frame.column("a, b"), Some(&Column::Numbers(vec![1e-300, -0.0])));
    }
}

//! Where predictions go: CSV with the digits that give back the same numbers, or Parquet.

use std::io::{self, Write};

use glm_frame::ParquetWriter;

/// Rows of numbers below the names of their columns, which the first rows bring along.
#[derive(Debug)]
pub(crate) enum Sink<W: Write + Send> {
    /// Nothing is written yet.
    New(W, Kind),
    /// A line per row.
    Csv(W),
    /// Null where there is no number.
    Parquet(Box<ParquetWriter<W>>),
    /// Writing failed.
    Lost,
}

/// What is to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Csv,
    Parquet,
}

impl<W: Write + Send> Sink<W> {
    /// Text onto this.
    pub(crate) fn csv(to: W) -> Self {
        Self::New(to, Kind::Csv)
    }

    /// Parquet onto this.
    pub(crate) fn parquet(to: W) -> Self {
        Self::New(to, Kind::Parquet)
    }

    /// Writes rows given as columns, after the names if they are the first; what is not a number becomes `NA` or null.
    pub(crate) fn rows(&mut self, names: &[&str], columns: &[&[f64]]) -> io::Result<()> {
        if let Self::New(..) = self {
            *self = std::mem::replace(self, Self::Lost).begun(names)?;
        }
        match self {
            Self::Csv(to) => csv_rows(to, columns),
            Self::Parquet(to) => to.write(columns),
            Self::New(..) | Self::Lost => Err(io::Error::other("writing failed before")),
        }
    }

    fn begun(self, names: &[&str]) -> io::Result<Self> {
        Ok(match self {
            Self::New(mut to, Kind::Csv) => {
                let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                writeln!(to, "{}", names.join(","))?;
                Self::Csv(to)
            }
            Self::New(to, Kind::Parquet) => Self::Parquet(Box::new(ParquetWriter::new(to, names)?)),
            begun => begun,
        })
    }

    /// Ends the output, and returns what it was written to.
    pub(crate) fn finish(self) -> io::Result<W> {
        match self {
            Self::New(to, _) | Self::Csv(to) => Ok(to),
            Self::Parquet(to) => to.finish(),
            Self::Lost => Err(io::Error::other("writing failed before")),
        }
    }
}

fn csv_rows(to: &mut impl Write, columns: &[&[f64]]) -> io::Result<()> {
    let n_rows = columns.first().map_or(0, |column| column.len());
    assert!(columns.iter().all(|column| column.len() == n_rows), "columns of one table are equally long");
    let mut line = String::new();
    for row in 0..n_rows {
        line.clear();
        for (j, column) in columns.iter().enumerate() {
            if j > 0 {
                line.push(',');
            }
            push_number(&mut line, column[row]);
        }
        line.push('\n');
        to.write_all(line.as_bytes())?;
    }
    Ok(())
}

/// The shortest text that is read back as the same number.
fn push_number(line: &mut String, value: f64) {
    use std::fmt::Write as _;
    if value.is_nan() {
        line.push_str("NA");
    } else if value.is_infinite() {
        line.push_str(if value > 0.0 { "Inf" } else { "-Inf" });
    } else {
        // Writing to a string cannot fail.
        let _ = write!(line, "{value:?}");
    }
}

/// A name in quotes if it needs them.
fn quoted(name: &str) -> String {
    match name.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        let mut csv = Sink::csv(Vec::new());
        let (names, fit, other) = (["fit", "a \"b\", c"], [0.1 + 0.2, 1e-300], [3.0, f64::NEG_INFINITY]);
        csv.rows(&names, &[&fit, &other]).unwrap();
        csv.rows(&names, &[&[f64::NAN], &[1e22]]).unwrap();
        let text = String::from_utf8(csv.finish().unwrap()).unwrap();
        assert_eq!(text, "fit,\"a \"\"b\"\", c\"\n0.30000000000000004,3.0\n1e-300,-Inf\nNA,1e22\n");
    }

    #[test]
    fn parquet_has_the_same_numbers() {
        let mut parquet = Sink::parquet(Vec::new());
        parquet.rows(&["fit"], &[&[0.1 + 0.2, 1e-300]]).unwrap();
        let frame = glm_frame::Frame::from_bytes(&parquet.finish().unwrap(), &Default::default()).unwrap();
        assert_eq!(frame.column("fit"), Some(&glm_frame::Column::Numbers(vec![0.1 + 0.2, 1e-300])));
    }
}

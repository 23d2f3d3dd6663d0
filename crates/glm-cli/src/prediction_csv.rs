//! Predictions as CSV: one line per row, with the digits that give back the same numbers.

use std::io::{self, Write};

/// Lines of numbers below a header.
#[derive(Debug)]
pub(crate) struct PredictionCsv<W> {
    to: W,
    line: String,
    n_columns: Option<usize>,
}

impl<W: Write> PredictionCsv<W> {
    /// Onto this.
    pub(crate) fn new(to: W) -> Self {
        Self { to, line: String::new(), n_columns: None }
    }

    /// Writes the header before the first rows.
    pub(crate) fn header(&mut self, names: &[String]) -> io::Result<()> {
        if self.n_columns.is_none() {
            let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            writeln!(self.to, "{}", names.join(","))?;
            self.n_columns = Some(names.len());
        }
        Ok(())
    }

    /// Writes rows given as columns; what is not a number becomes `NA`.
    pub(crate) fn rows(&mut self, columns: &[&[f64]]) -> io::Result<()> {
        let n_rows = columns.first().map_or(0, |column| column.len());
        assert!(columns.iter().all(|column| column.len() == n_rows), "columns of one table are equally long");
        for row in 0..n_rows {
            self.line.clear();
            for (j, column) in columns.iter().enumerate() {
                if j > 0 {
                    self.line.push(',');
                }
                push_number(&mut self.line, column[row]);
            }
            self.line.push('\n');
            self.to.write_all(self.line.as_bytes())?;
        }
        Ok(())
    }

    /// What was written to.
    pub(crate) fn into_inner(self) -> W {
        self.to
    }
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
        let mut csv = PredictionCsv::new(Vec::new());
        let names = ["fit".to_owned(), "a \"b\", c".to_owned()];
        let (fit, other) = ([0.1 + 0.2, 1e-300, f64::NAN], [3.0, f64::NEG_INFINITY, 1e22]);
        csv.header(&names).unwrap();
        csv.header(&names).unwrap();
        csv.rows(&[&fit, &other]).unwrap();
        let text = String::from_utf8(csv.into_inner()).unwrap();
        assert_eq!(text, "fit,\"a \"\"b\"\", c\"\n0.30000000000000004,3.0\n1e-300,-Inf\nNA,1e22\n");
    }
}

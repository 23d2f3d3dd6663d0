//! A table from a file, whatever kind of file it is.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use crate::input::{Format, Input};
use crate::nearest::nearest;
#[cfg(feature = "parquet")]
use crate::parquet;
use crate::{ColumnType, Error, Frame, Schema, csv};

/// What stands between two fields of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    #[default]
    Comma,
    /// `;`
    Semicolon,
    /// A tab.
    Tab,
}

/// How a table is read.
///
/// ```
/// use glm_frame::{Delimiter, ReadOptions};
/// let options = ReadOptions { columns: Some(&["age", "sex"]), delimiter: Delimiter::Tab, ..ReadOptions::default() };
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// The columns to keep; all without it. Others take no memory and are not looked into.
    pub columns: Option<&'a [&'a str]>,
    /// The types of columns that are not to be inferred. Each must be in the file.
    pub schema: Option<&'a Schema>,
    /// Of CSV.
    pub delimiter: Delimiter,
}

impl Delimiter {
    pub(crate) fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

impl ReadOptions<'_> {
    /// Whether a column is asked for.
    pub(crate) fn keeps(&self, name: &str) -> bool {
        self.columns.is_none_or(|columns| columns.contains(&name))
    }

    /// Whether these are names of columns of which each is asked for or typed only if it is there.
    pub(crate) fn check(&self, file: Option<&Path>, names: &[String]) -> Result<(), Error> {
        let mut seen = HashSet::new();
        if let Some(column) = names.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
            return Err(Error::DuplicateColumn { column: column.clone() });
        }
        let known = |name: &str| match seen.contains(name) {
            true => Ok(()),
            false => Err(Error::NoSuchColumn {
                file: file.map(Path::to_owned),
                column: name.to_owned(),
                nearest: nearest(name, names.iter().map(String::as_str)).map(str::to_owned),
            }),
        };
        self.columns.into_iter().flatten().try_for_each(|name| known(name))?;
        self.schema.into_iter().flat_map(|schema| schema.columns.keys()).try_for_each(|name| known(name))?;
        match names.iter().position(String::is_empty) {
            Some(place) if self.columns.is_none() => {
                Err(Error::UnnamedColumn { file: file.map(Path::to_owned), position: place + 1 })
            }
            _ => Ok(()),
        }
    }

    /// The type of a column, if it is given.
    pub(crate) fn kind(&self, name: &str) -> Option<&ColumnType> {
        self.schema.and_then(|schema| schema.columns.get(name))
    }
}

impl Frame {
    /// From a file: CSV, compressed by gzip or not, or Parquet, as its first bytes tell.
    ///
    /// CSV is UTF-8 with one header line; fields may be quoted, then with newlines and doubled quotes in them; lines
    /// end in LF or CRLF; empty lines are skipped. A column in which every field is a number (decimal or scientific,
    /// blanks around it allowed), `NaN` or missing is one of numbers, else one of categories. `NA` and the empty
    /// field are missing, quoted or not, in categories too (R's `read.csv` would make the empty text a level), unless
    /// the schema names them among the levels. Levels are sorted by the bytes of their texts, as in R's C locale;
    /// a column of `TRUE FALSE T F true false` has the levels `FALSE`, `TRUE`. Infinite numbers are refused.
    ///
    /// The memory is that of the columns kept, 8 bytes a number and 4 a category, and the texts of the levels.
    ///
    /// ```
    /// use glm_frame::{Column, Frame, ReadOptions};
    /// let path = std::env::temp_dir().join("glm-frame-doc.csv");
    /// std::fs::write(&path, "age,sex\n41,f\n,m\n")?;
    /// let frame = Frame::read(&path, &ReadOptions::default())?;
    /// let Some(Column::Categories(sex)) = frame.column("sex") else { panic!("categories") };
    /// assert_eq!((sex.levels.as_slice(), sex.codes.as_slice()), (["f", "m"].map(String::from).as_slice(), [0, 1].as_slice()));
    /// assert!(frame.column("age").is_some_and(|age| age.is_missing(1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// With file, line and column: what is not such a file, cannot be read, or does not fit the options.
    pub fn read(path: &Path, options: &ReadOptions<'_>) -> Result<Self, Error> {
        from_input(&Input::file(path)?, Some(path), options)
    }

    /// From the bytes of a file.
    ///
    /// ```
    /// use glm_frame::{Frame, ReadOptions};
    /// let frame = Frame::from_bytes(b"x,y\n1,2\n3,4\n", &ReadOptions::default())?;
    /// assert_eq!(frame.n_rows(), 2);
    /// # Ok::<(), glm_frame::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Frame::read`].
    pub fn from_bytes(bytes: &[u8], options: &ReadOptions<'_>) -> Result<Self, Error> {
        from_input(&Input::Slice(bytes), None, options)
    }

    /// From a reader that can be read once, such as the standard input; what it brings is put aside, in memory up to
    /// 64 MB, else in a temporary file.
    ///
    /// # Errors
    ///
    /// As [`Frame::read`].
    pub fn from_reader(reader: impl Read, options: &ReadOptions<'_>) -> Result<Self, Error> {
        let input = Input::spool(reader).map_err(|error| Error::io(None, &error))?;
        from_input(&input, None, options)
    }
}

/// The names of the columns of a file, in their order, without reading the rows.
///
/// # Errors
///
/// As [`Frame::read`], as far as the header goes.
pub fn column_names(path: &Path, options: &ReadOptions<'_>) -> Result<Vec<String>, Error> {
    let (input, file) = (Input::file(path)?, Some(path));
    match input.format().map_err(|error| Error::io(file, &error))? {
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::column_names(&input, file),
        _ => csv::names(&input, file, options),
    }
}

fn from_input(input: &Input<'_>, file: Option<&Path>, options: &ReadOptions<'_>) -> Result<Frame, Error> {
    options.schema.map_or(Ok(()), Schema::validate)?;
    match input.format().map_err(|error| Error::io(file, &error))? {
        #[cfg(feature = "parquet")]
        Format::Parquet => parquet::read(input, file, options),
        _ => csv::read(input, file, options),
    }
}

//! What becomes of a field of a CSV file: nothing, a number, or a category.

use super::scan::{Stray, field, skip};
use crate::categories::{Categories, Refusal};
use crate::{Column, ColumnType};

/// Texts that stand for a missing value.
const MISSING_TEXTS: &[&str] = &["", "NA"];

/// A column of the file.
#[derive(Debug)]
pub(crate) enum Slot {
    Skipped,
    Numbers(Numbers),
    Categories(Categories),
}

/// A column of numbers in the making.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    values: Vec<f64>,
    /// The schema says so: text is an error, not news about the type.
    given: bool,
    /// The first infinite value: its line and text.
    pub(crate) infinite: Option<(usize, Vec<u8>)>,
    /// Whether there was text, so that the column is none of numbers.
    pub(crate) has_text: bool,
}

/// What is wrong with a field.
#[derive(Debug)]
pub(crate) enum Trouble {
    Stray,
    NotUtf8,
    Text(Vec<u8>),
    UnknownLevel(Vec<u8>),
}

impl From<Stray> for Trouble {
    fn from(_: Stray) -> Self {
        Self::Stray
    }
}

impl Slot {
    pub(crate) fn new(kind: Option<&ColumnType>, is_number: bool) -> Self {
        match kind {
            Some(ColumnType::Number {}) => Self::Numbers(Numbers { given: true, ..Numbers::default() }),
            None if is_number => Self::Numbers(Numbers::default()),
            _ => Self::Categories(Categories::new(kind, MISSING_TEXTS)),
        }
    }

    /// Takes the field that begins at `at`; where it ends and how many newlines are in it.
    #[inline]
    pub(crate) fn take_field(
        &mut self,
        text: &[u8],
        at: usize,
        delimiter: u8,
        line: usize,
    ) -> Result<(usize, usize), Trouble> {
        match self {
            Self::Numbers(numbers) => numbers.push(text, at, delimiter, line),
            Self::Categories(categories) => {
                let field = field(text, at, delimiter)?;
                let text = field.text();
                categories.push(&text).map_err(|refusal| match refusal {
                    Refusal::NotUtf8 => Trouble::NotUtf8,
                    Refusal::Unknown => Trouble::UnknownLevel(text.into_owned()),
                })?;
                Ok((field.end, field.newlines))
            }
            Self::Skipped => Ok(skip(text, at, delimiter)?),
        }
    }

    /// Makes room for about so many rows; no room is no error, since they may be fewer.
    pub(crate) fn reserve(&mut self, rows: usize) {
        let _ = match self {
            Self::Skipped => Ok(()),
            Self::Numbers(numbers) => numbers.values.try_reserve_exact(rows),
            Self::Categories(categories) => categories.reserve(rows),
        };
    }

    /// The rows so far as a column, unless it is skipped.
    pub(crate) fn take(&mut self) -> Option<Column> {
        match self {
            Self::Skipped => None,
            Self::Numbers(numbers) => {
                let mut values = std::mem::take(&mut numbers.values);
                values.shrink_to_fit();
                Some(Column::Numbers(values))
            }
            Self::Categories(categories) => Some(Column::Categories(categories.take())),
        }
    }
}

impl Numbers {
    #[inline]
    fn push(&mut self, text: &[u8], at: usize, delimiter: u8, line: usize) -> Result<(usize, usize), Trouble> {
        if let Ok((value, used)) = fast_float2::parse_partial::<f64, _>(&text[at..]) {
            let end = at + used;
            let end = end + usize::from(text[end] == b'\r');
            if (text[end] == delimiter || text[end] == b'\n') && value.is_finite() {
                self.values.push(value);
                return Ok((end, 0));
            }
        }
        self.push_unusual(text, at, delimiter, line)
    }

    /// A field that is not simply a finite number up to the delimiter: blanks, quotes, missing, infinite, text.
    #[cold]
    fn push_unusual(&mut self, text: &[u8], at: usize, delimiter: u8, line: usize) -> Result<(usize, usize), Trouble> {
        let field = field(text, at, delimiter)?;
        let text = field.text();
        let trimmed = text.trim_ascii();
        let value = match fast_float2::parse::<f64, _>(trimmed) {
            Ok(value) => value,
            Err(_) if MISSING_TEXTS.iter().any(|missing| missing.as_bytes() == trimmed) => f64::NAN,
            Err(_) if self.given => return Err(Trouble::Text(text.into_owned())),
            Err(_) => {
                self.has_text = true;
                f64::NAN
            }
        };
        if value.is_infinite() && self.infinite.is_none() {
            self.infinite = Some((line, trimmed.to_vec()));
        }
        self.values.push(value);
        Ok((field.end, field.newlines))
    }
}

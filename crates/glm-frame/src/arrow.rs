//! Arrow record batches to columns.

mod values;

use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

use self::values::{Trouble, Value, each_value};
use crate::categories::Categories;
use crate::nearest::nearest;
use crate::place::Origin;
use crate::{Column, ColumnType, Error, Frame, Place, ReadOptions};

/// Batches of one schema and what becomes of their columns.
#[derive(Debug)]
pub(crate) struct Batches {
    file: Option<PathBuf>,
    slots: Vec<Slot>,
    /// The rows before the next batch, and those that are in frames already.
    row: usize,
    first_row: usize,
}

/// A column in the making.
#[derive(Debug)]
struct Slot {
    name: String,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Numbers(Vec<f64>),
    Categories(Categories),
}

impl Frame {
    /// From Arrow record batches of one schema.
    ///
    /// Integers, floats and decimals are numbers (an integer beyond 2^53 is rounded), NaN and null are missing;
    /// booleans are categories with the levels `FALSE`, `TRUE`; texts and dictionaries of texts are categories, as
    /// they stand: unlike in CSV, the empty text and `NA` are levels. Levels are sorted by their bytes, whatever the
    /// order of a dictionary, and only those that occur are kept. Dates and nested types are errors.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use arrow_array::{Int32Array, RecordBatch, StringArray};
    /// use glm_frame::{Frame, ReadOptions};
    /// let age = Arc::new(Int32Array::from(vec![Some(41), None])) as _;
    /// let sex = Arc::new(StringArray::from(vec!["f", "m"])) as _;
    /// let batch = RecordBatch::try_from_iter([("age", age), ("sex", sex)])?;
    /// let frame = Frame::from_batches([batch], &ReadOptions::default())?;
    /// assert!(frame.column("age").is_some_and(|age| age.is_missing(1)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// With row and column, what [`Frame::read`] refuses, [`Error::ColumnKind`] for other types,
    /// [`Error::BatchColumns`] for a batch of another schema than the first.
    pub fn from_batches(
        batches: impl IntoIterator<Item = RecordBatch>,
        options: &ReadOptions<'_>,
    ) -> Result<Self, Error> {
        let mut batches = batches.into_iter();
        let Some(first) = batches.next() else { return Err(Error::EmptyFile { file: None }) };
        let schema = first.schema();
        let mut columns = Batches::new(None, &schema, options)?;
        let places: Vec<usize> =
            (0..schema.fields().len()).filter(|&i| options.keeps(schema.field(i).name())).collect();
        for (number, batch) in std::iter::once(first).chain(batches).enumerate() {
            match batch.project(&places) {
                Ok(kept) if batch.schema().fields() == schema.fields() => columns.push(&kept)?,
                _ => return Err(Error::BatchColumns { number }),
            }
        }
        columns.frame()
    }
}

/// The names of the columns.
pub(crate) fn names(schema: &SchemaRef) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

impl Batches {
    /// Of the columns of a schema that the options keep.
    pub(crate) fn new(file: Option<&Path>, schema: &SchemaRef, options: &ReadOptions<'_>) -> Result<Self, Error> {
        options.check(file, &names(schema))?;
        let mut slots = Vec::new();
        for field in schema.fields().iter().filter(|field| options.keeps(field.name())) {
            if let Some(advice) = values::advice(field.data_type()) {
                let place = Box::new(Place::new(file).column(field.name()));
                return Err(Error::ColumnKind { place, found: field.data_type().to_string(), advice });
            }
            let values = match options.kind(field.name()) {
                Some(ColumnType::Number {}) => Values::Numbers(Vec::new()),
                None if !values::is_text(field.data_type()) => Values::Numbers(Vec::new()),
                kind => Values::Categories(Categories::new(kind, &[])),
            };
            slots.push(Slot { name: field.name().clone(), values });
        }
        Ok(Self { file: file.map(Path::to_owned), slots, row: 0, first_row: 0 })
    }

    /// Makes room for so many rows, as a file says that it has; it may be wrong, so that no room is no error.
    pub(crate) fn reserve(&mut self, rows: usize) {
        for slot in &mut self.slots {
            let _ = match &mut slot.values {
                Values::Numbers(numbers) => numbers.try_reserve_exact(rows),
                Values::Categories(categories) => categories.reserve(rows),
            };
        }
    }

    /// Appends the rows of a batch, which has the kept columns alone.
    pub(crate) fn push(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        for (slot, array) in self.slots.iter_mut().zip(batch.columns()) {
            let Slot { name, values } = slot;
            if let Err(trouble) = each_value(array.as_ref(), &mut |value| values.push(value)) {
                let place = Place::new(self.file.as_deref()).row(self.first_row + values.len()).column(name);
                return Err(values.error(Box::new(place), trouble));
            }
        }
        self.row += batch.num_rows();
        Ok(())
    }

    /// The rows since the last frame.
    pub(crate) fn frame(&mut self) -> Result<Frame, Error> {
        if self.row == 0 {
            return Err(Error::HeaderOnly { file: self.file.clone() });
        }
        let origin = Origin::new(self.file.as_deref(), self.first_row);
        let rows = self.row - std::mem::replace(&mut self.first_row, self.row);
        let columns = self.slots.iter_mut().map(|slot| (slot.name.clone(), slot.values.take())).collect();
        Frame::with_origin(columns, rows, origin)
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories(categories) => categories.len(),
        }
    }

    fn push(&mut self, value: Value<'_>) -> Result<(), Trouble> {
        match (self, value) {
            (Self::Numbers(numbers), Value::Missing) => numbers.push(f64::NAN),
            (Self::Numbers(_), Value::Number(number, text)) if number.is_infinite() => {
                return Err(Trouble::Infinite(text.to_string()));
            }
            (Self::Numbers(numbers), Value::Number(number, _)) => numbers.push(number),
            (Self::Numbers(numbers), Value::Text(text)) => match text.trim().parse::<f64>() {
                Ok(number) if number.is_infinite() => return Err(Trouble::Infinite(text.to_owned())),
                Ok(number) => numbers.push(number),
                Err(_) => return Err(Trouble::Text(text.to_owned())),
            },
            (Self::Categories(categories), Value::Missing) => categories.push_missing(),
            (Self::Categories(categories), Value::Number(number, _)) if number.is_nan() => categories.push_missing(),
            (Self::Categories(categories), Value::Number(_, text)) => Self::level(categories, &text.to_string())?,
            (Self::Categories(categories), Value::Text(text)) => Self::level(categories, text)?,
        }
        Ok(())
    }

    fn level(categories: &mut Categories, text: &str) -> Result<(), Trouble> {
        // A text is UTF-8: only levels that are given can refuse it.
        categories.push(text.as_bytes()).map_err(|_| Trouble::UnknownLevel(text.to_owned()))
    }

    fn take(&mut self) -> Column {
        match self {
            Self::Numbers(numbers) => {
                let mut numbers = std::mem::take(numbers);
                numbers.shrink_to_fit();
                Column::Numbers(numbers)
            }
            Self::Categories(categories) => Column::Categories(categories.take()),
        }
    }

    fn error(&self, place: Box<Place>, trouble: Trouble) -> Error {
        match trouble {
            Trouble::Infinite(value) => Error::Infinite { place, value },
            Trouble::Text(value) => Error::TextInNumbers { place, value },
            Trouble::UnknownLevel(value) => {
                let levels = match self {
                    Self::Categories(categories) => categories.given().unwrap_or_default(),
                    Self::Numbers(_) => &[],
                };
                let nearest = nearest(&value, levels.iter().map(String::as_str)).map(str::to_owned);
                Error::UnknownLevel { place, value, nearest }
            }
        }
    }
}

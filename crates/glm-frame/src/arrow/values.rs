//! The values of an Arrow array, one by one.

use std::fmt::Display;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, BooleanArray};
use arrow_schema::DataType;

/// A value of an array.
pub(super) enum Value<'a> {
    Missing,
    /// A number, and how it is written.
    Number(f64, &'a dyn Display),
    Text(&'a str),
}

/// What is wrong with a value.
pub(super) enum Trouble {
    Infinite(String),
    Text(String),
    UnknownLevel(String),
}

type Each<'a> = dyn FnMut(Value<'_>) -> Result<(), Trouble> + 'a;

/// Whether values of a type are texts, or are written as such.
pub(super) fn is_text(found: &DataType) -> bool {
    match found {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean => true,
        _ => false,
    }
}

/// What to do about a type that is not read; nothing about one that is.
pub(super) fn advice(found: &DataType) -> Option<&'static str> {
    match found {
        DataType::Dictionary(_, values) => advice(values),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
            Some("write it as a number (such as days since a date), or as text for a category")
        }
        DataType::Time32(_) | DataType::Time64(_) | DataType::Duration(_) | DataType::Interval(_) => {
            Some("write it as a number (such as seconds)")
        }
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) | DataType::BinaryView => {
            Some("write it as text in UTF-8")
        }
        found if found.is_nested() => Some("give each of its parts a column, or leave it out"),
        _ => None,
    }
}

/// Hands over each value of an array whose type needs no [`advice`].
pub(super) fn each_value(array: &dyn Array, each: &mut Each<'_>) -> Result<(), Trouble> {
    match array.data_type() {
        DataType::Int8 => numbers::<Int8Type>(array, f64::from, each),
        DataType::Int16 => numbers::<Int16Type>(array, f64::from, each),
        DataType::Int32 => numbers::<Int32Type>(array, f64::from, each),
        DataType::Int64 => numbers::<Int64Type>(array, |value| value as f64, each),
        DataType::UInt8 => numbers::<UInt8Type>(array, f64::from, each),
        DataType::UInt16 => numbers::<UInt16Type>(array, f64::from, each),
        DataType::UInt32 => numbers::<UInt32Type>(array, f64::from, each),
        DataType::UInt64 => numbers::<UInt64Type>(array, |value| value as f64, each),
        DataType::Float16 => numbers::<Float16Type>(array, f64::from, each),
        DataType::Float32 => numbers::<Float32Type>(array, f64::from, each),
        DataType::Float64 => numbers::<Float64Type>(array, |value| value, each),
        DataType::Decimal32(..) => decimals::<Decimal32Type>(array, each),
        DataType::Decimal64(..) => decimals::<Decimal64Type>(array, each),
        DataType::Decimal128(..) => decimals::<Decimal128Type>(array, each),
        DataType::Decimal256(..) => decimals::<Decimal256Type>(array, each),
        DataType::Utf8 => {
            array.as_string::<i32>().iter().try_for_each(|text| each(text.map_or(Value::Missing, Value::Text)))
        }
        DataType::LargeUtf8 => {
            array.as_string::<i64>().iter().try_for_each(|text| each(text.map_or(Value::Missing, Value::Text)))
        }
        DataType::Utf8View => {
            array.as_string_view().iter().try_for_each(|text| each(text.map_or(Value::Missing, Value::Text)))
        }
        DataType::Boolean => logicals(array.as_boolean(), each),
        DataType::Null => (0..array.len()).try_for_each(|_| each(Value::Missing)),
        DataType::Dictionary(..) => dictionary(array, each),
        found => unreachable!("a column of type {found} was refused when its field was seen"),
    }
}

fn numbers<T: ArrowPrimitiveType<Native: Display>>(
    array: &dyn Array,
    number: impl Fn(T::Native) -> f64,
    each: &mut Each<'_>,
) -> Result<(), Trouble> {
    let mut values = array.as_primitive::<T>().iter();
    values.try_for_each(|value| match value {
        Some(value) => each(Value::Number(number(value), &value)),
        None => each(Value::Missing),
    })
}

/// Decimals are rounded once, from their digits.
fn decimals<T: DecimalType + ArrowPrimitiveType>(array: &dyn Array, each: &mut Each<'_>) -> Result<(), Trouble> {
    let values = array.as_primitive::<T>();
    (0..values.len()).try_for_each(|row| {
        if values.is_null(row) {
            return each(Value::Missing);
        }
        let text = values.value_as_string(row);
        let number = text.parse();
        each(number.map_or(Value::Text(&text), |number| Value::Number(number, &text)))
    })
}

fn logicals(array: &BooleanArray, each: &mut Each<'_>) -> Result<(), Trouble> {
    array.iter().try_for_each(|value| match value {
        Some(true) => each(Value::Text("TRUE")),
        Some(false) => each(Value::Text("FALSE")),
        None => each(Value::Missing),
    })
}

/// An entry of a dictionary, kept.
enum Entry {
    Missing,
    Number(f64, String),
    Text(String),
}

fn dictionary(array: &dyn Array, each: &mut Each<'_>) -> Result<(), Trouble> {
    let dictionary = array.as_any_dictionary();
    let mut entries = Vec::with_capacity(dictionary.values().len());
    each_value(dictionary.values().as_ref(), &mut |value| {
        entries.push(match value {
            Value::Missing => Entry::Missing,
            Value::Number(number, text) => Entry::Number(number, text.to_string()),
            Value::Text(text) => Entry::Text(text.to_owned()),
        });
        Ok(())
    })?;
    // Keys of an empty dictionary are all null, and `normalized_keys` would panic.
    let keys = if entries.is_empty() { vec![0; array.len()] } else { dictionary.normalized_keys() };
    keys.into_iter().enumerate().try_for_each(|(row, key)| match entries.get(key) {
        Some(entry) if array.is_valid(row) => match entry {
            Entry::Missing => each(Value::Missing),
            Entry::Number(number, text) => each(Value::Number(*number, text)),
            Entry::Text(text) => each(Value::Text(text)),
        },
        _ => each(Value::Missing),
    })
}

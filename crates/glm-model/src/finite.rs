//! Which number of a value is not finite, and where it is: JSON has no such number, and would be silent about it.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Serializer};

/// The first number that is not finite, and its place, as in `estimates.covariance[2]`.
pub(crate) fn first_infinite(value: &impl Serialize) -> Option<(String, f64)> {
    let mut walk = Walk { path: Vec::new() };
    match value.serialize(&mut walk) {
        Err(Found::Number(value)) => Some((walk.path.concat().trim_start_matches('.').to_owned(), value)),
        _ => None,
    }
}

/// On the way to a number, with the names and places of what it is in.
struct Walk {
    path: Vec<String>,
}

/// Why the walk ends.
#[derive(Debug)]
enum Found {
    Number(f64),
    /// The value itself refuses, of which whoever writes it will tell.
    Other,
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Found {}

impl ser::Error for Found {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::Other
    }
}

impl Walk {
    /// Goes into a part; what it is called stays in the path where a number is found.
    fn into(&mut self, step: String, part: &(impl Serialize + ?Sized)) -> Result<(), Found> {
        self.path.push(step);
        part.serialize(&mut *self)?;
        self.path.pop();
        Ok(())
    }
}

/// The elements of a list, or the entries of a map, by their places or names.
struct Parts<'a> {
    walk: &'a mut Walk,
    next: usize,
    key: String,
}

impl Parts<'_> {
    fn element(&mut self, part: &(impl Serialize + ?Sized)) -> Result<(), Found> {
        self.next += 1;
        self.walk.into(format!("[{}]", self.next - 1), part)
    }

    fn named(&mut self, name: &str, part: &(impl Serialize + ?Sized)) -> Result<(), Found> {
        self.walk.into(format!(".{name}"), part)
    }
}

/// What holds no number that could be infinite.
macro_rules! nothing {
    ($($method:ident($($kind:ty),*);)+) => {
        $(fn $method(self, $(_: $kind),*) -> Result<(), Found> { Ok(()) })+
    };
}

/// What begins a list, a map or a structure.
macro_rules! parts {
    ($($method:ident($($kind:ty),*);)+) => {
        $(fn $method(self, $(_: $kind),*) -> Result<Parts<'a>, Found> {
            Ok(Parts { walk: self, next: 0, key: String::new() })
        })+
    };
}

impl<'a> Serializer for &'a mut Walk {
    type Ok = ();
    type Error = Found;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    nothing! {
        serialize_bool(bool); serialize_char(char); serialize_str(&str); serialize_bytes(&[u8]);
        serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_i64(i64);
        serialize_u8(u8); serialize_u16(u16); serialize_u32(u32); serialize_u64(u64);
        serialize_none(); serialize_unit(); serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_f32(self, value: f32) -> Result<(), Found> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), Found> {
        if value.is_finite() { Ok(()) } else { Err(Found::Number(value)) }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, part: &T) -> Result<(), Found> {
        part.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, part: &T) -> Result<(), Found> {
        part.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        part: &T,
    ) -> Result<(), Found> {
        part.serialize(self)
    }

    parts! {
        serialize_seq(Option<usize>); serialize_tuple(usize); serialize_tuple_struct(&'static str, usize);
        serialize_tuple_variant(&'static str, u32, &'static str, usize); serialize_map(Option<usize>);
        serialize_struct(&'static str, usize); serialize_struct_variant(&'static str, u32, &'static str, usize);
    }
}

/// Lists by place and structures by name.
macro_rules! compound {
    ($($kind:ident $method:ident($($name:ident)?);)+) => {
        $(impl ser::$kind for Parts<'_> {
            type Ok = ();
            type Error = Found;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? part: &T) -> Result<(), Found> {
                compound!(@ self part $($name)?)
            }

            fn end(self) -> Result<(), Found> {
                Ok(())
            }
        })+
    };
    (@ $self:ident $part:ident) => { $self.element($part) };
    (@ $self:ident $part:ident $name:ident) => { $self.named($name, $part) };
}

compound! {
    SerializeSeq serialize_element();
    SerializeTuple serialize_element();
    SerializeTupleStruct serialize_field();
    SerializeTupleVariant serialize_field();
    SerializeStruct serialize_field(name);
    SerializeStructVariant serialize_field(name);
}

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Found;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Found> {
        self.key = serde_json::to_string(key).map_err(|_| Found::Other)?.trim_matches('"').to_owned();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, part: &T) -> Result<(), Found> {
        let key = std::mem::take(&mut self.key);
        self.named(&key, part)
    }

    fn end(self) -> Result<(), Found> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Serialize)]
    struct Whole {
        name: &'static str,
        parts: Vec<Part>,
        by_name: BTreeMap<String, f64>,
    }

    #[derive(Serialize)]
    enum Part {
        Nothing,
        One(Option<f64>),
        Pair(f64, f32),
        Named { value: Vec<f64> },
    }

    #[test]
    fn the_place_of_the_first_is_named() {
        let of = |parts: Vec<Part>, value: f64| {
            first_infinite(&Whole { name: "inf", parts, by_name: BTreeMap::from([("x".to_owned(), value)]) })
        };
        let finite = || vec![Part::Nothing, Part::One(None), Part::One(Some(1e308)), Part::Pair(0.0, -1.0)];
        assert_eq!(of(finite(), 1.0), None);
        assert_eq!(of(finite(), f64::NEG_INFINITY), Some(("by_name.x".to_owned(), f64::NEG_INFINITY)));
        let with = |part| of(finite().into_iter().chain([part]).collect(), 1.0).map(|(place, _)| place);
        assert_eq!(with(Part::One(Some(f64::NAN))).as_deref(), Some("parts[4]"));
        assert_eq!(with(Part::Pair(1.0, f32::INFINITY)).as_deref(), Some("parts[4][1]"));
        assert_eq!(with(Part::Named { value: vec![1.0, f64::INFINITY] }).as_deref(), Some("parts[4].value[1]"));
    }
}

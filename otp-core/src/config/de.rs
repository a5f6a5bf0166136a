//! From a configuration value to a Rust type.
//!
//! Values of files keep their type: a number is no text, `4000.7` is no whole number, and 70000 is
//! no `u16`. Environment variables have no types, so their text is read as what is asked for.

use std::fmt::Display;
use std::time::Duration;

use serde_core::de::value::{MapAccessDeserializer, MapDeserializer};
use serde_core::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer,
    MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde_core::forward_to_deserialize_any;

use super::duration;
use super::value::{Kind, Table, Value, WrongType, describe};

/// What a type is read from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given<'a> {
    /// Nothing: only an `Option` can be read from it.
    Missing,
    /// The text of an environment variable.
    Text(&'a str),
    /// A value of a file, or one that was put.
    Value(&'a Value),
}

/// Reads a value.
pub(crate) fn read<T: DeserializeOwned>(given: Given<'_>) -> Result<T, Mismatch> {
    T::deserialize(given)
}

/// Why a value is no `T`.
#[derive(Debug)]
pub(crate) struct Mismatch {
    /// The way to the part that is wrong, from the inside out.
    way: Vec<String>,
    found: Option<String>,
    expected: String,
}

impl Mismatch {
    fn new(found: Option<String>, expected: impl Into<String>) -> Mismatch {
        Mismatch { way: Vec::new(), found, expected: expected.into() }
    }

    fn below(mut self, step: String) -> Mismatch {
        self.way.push(step);
        self
    }
}

impl From<Mismatch> for WrongType {
    fn from(mismatch: Mismatch) -> WrongType {
        let Mismatch { mut way, found, expected } = mismatch;
        way.reverse();
        let inside: String = way.concat();
        let inside = inside.strip_prefix('.').unwrap_or(&inside).to_owned();
        WrongType { inside, found, expected }
    }
}

impl Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.expected)
    }
}

impl std::error::Error for Mismatch {}

impl serde_core::de::Error for Mismatch {
    fn custom<T: Display>(message: T) -> Mismatch {
        Mismatch::new(None, message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Mismatch {
        Mismatch::new(Some(found.to_string()), expected.to_string())
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Mismatch {
        Mismatch::new(Some(found.to_string()), expected.to_string())
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Mismatch {
        let names: Vec<String> = expected.iter().map(|name| format!("`{name}`")).collect();
        Mismatch::new(Some(format!("string {variant:?}")), format!("one of {}", names.join(", ")))
    }
}

impl<'a> Given<'a> {
    fn unexpected(self, expected: &dyn Expected) -> Mismatch {
        let found = match self {
            Given::Missing => None,
            Given::Text(text) => Some(format!("string {text:?}")),
            Given::Value(value) => Some(describe(value)),
        };
        Mismatch::new(found, expected.to_string())
    }

    /// The text, if it is one.
    fn text(self) -> Option<&'a str> {
        match self {
            Given::Text(text) => Some(text),
            Given::Value(Value { kind: Kind::String(text), .. }) => Some(text),
            _ => None,
        }
    }

    fn duration(self) -> Option<Result<Duration, Mismatch>> {
        match (self, self.text()) {
            (_, Some(text)) => {
                let wrong = || self.unexpected(&duration::EXPECTED);
                Some(duration::parse(text).ok_or_else(wrong))
            }
            (Given::Missing | Given::Value(Value { kind: Kind::Table(_), .. }), None) => None,
            (_, None) => Some(Err(self.unexpected(&duration::EXPECTED))),
        }
    }
}

/// Numbers: a text of the environment is read, other values go by their own type.
macro_rules! read_text {
    ($($method:ident: $($visit:ident as $number:ty),*;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            let Given::Text(text) = self else { return self.deserialize_any(visitor) };
            $(
                if let Ok(number) = text.trim().parse::<$number>() {
                    return visitor.$visit(number);
                }
            )*
            Err(self.unexpected(&visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for Given<'_> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let value = match self {
            Given::Missing => return Err(self.unexpected(&visitor)),
            Given::Text(text) => return visitor.visit_str(text),
            Given::Value(value) => value,
        };
        match &value.kind {
            Kind::Nil => visitor.visit_unit(),
            Kind::Boolean(value) => visitor.visit_bool(*value),
            Kind::I64(value) => visitor.visit_i64(*value),
            Kind::I128(value) => visitor.visit_i128(*value),
            Kind::U64(value) => visitor.visit_u64(*value),
            Kind::U128(value) => visitor.visit_u128(*value),
            Kind::Float(value) => visitor.visit_f64(*value),
            Kind::String(text) => visitor.visit_str(text),
            Kind::Array(values) => visitor.visit_seq(Values { values, at: 0 }),
            Kind::Table(table) => visitor.visit_map(Entries::new(table)),
        }
    }

    read_text! {
        deserialize_i8: visit_u64 as u64, visit_i64 as i64;
        deserialize_i16: visit_u64 as u64, visit_i64 as i64;
        deserialize_i32: visit_u64 as u64, visit_i64 as i64;
        deserialize_i64: visit_u64 as u64, visit_i64 as i64;
        deserialize_u8: visit_u64 as u64, visit_i64 as i64;
        deserialize_u16: visit_u64 as u64, visit_i64 as i64;
        deserialize_u32: visit_u64 as u64, visit_i64 as i64;
        deserialize_u64: visit_u64 as u64, visit_i64 as i64;
        deserialize_i128: visit_i128 as i128;
        deserialize_u128: visit_u128 as u128;
        deserialize_f32: visit_f64 as f64;
        deserialize_f64: visit_f64 as f64;
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Given::Text(text) = self else { return self.deserialize_any(visitor) };
        match text.trim() {
            "true" | "1" => visitor.visit_bool(true),
            "false" | "0" => visitor.visit_bool(false),
            _ => Err(self.unexpected(&"`true` or `false`")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Given::Missing | Given::Value(Value { kind: Kind::Nil, .. }) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        let Given::Text(text) = self else { return self.deserialize_any(visitor) };
        let values = text.split(',').map(str::trim).filter(|_| !text.trim().is_empty()).collect();
        visitor.visit_seq(Texts { values, at: 0 })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        // How the standard library's duration asks for its value.
        if name == "Duration" && fields == ["secs", "nanos"] {
            if let Some(duration) = self.duration() {
                let duration = duration?;
                let parts =
                    [("secs", duration.as_secs()), ("nanos", u64::from(duration.subsec_nanos()))];
                return visitor.visit_map(MapDeserializer::new(parts.into_iter()));
            }
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        if let Some(text) = self.text() {
            return visitor.visit_enum(text.into_deserializer());
        }
        match self {
            Given::Value(Value { kind: Kind::Table(table), .. }) if table.len() == 1 => {
                let entries = MapAccessDeserializer::new(Entries::new(table));
                entries.deserialize_enum(name, variants, visitor)
            }
            _ => Err(self.unexpected(&visitor)),
        }
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct map identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Mismatch> for Given<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The values of a list.
struct Values<'a> {
    values: &'a [Value],
    at: usize,
}

impl<'de> SeqAccess<'de> for Values<'_> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mismatch> {
        let Some(value) = self.values.get(self.at) else { return Ok(None) };
        let step = format!("[{}]", self.at);
        self.at += 1;
        seed.deserialize(Given::Value(value)).map(Some).map_err(|wrong| wrong.below(step))
    }
}

/// The pieces of an environment variable between its commas.
struct Texts<'a> {
    values: Vec<&'a str>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Texts<'_> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mismatch> {
        let Some(text) = self.values.get(self.at) else { return Ok(None) };
        let step = format!("[{}]", self.at);
        self.at += 1;
        seed.deserialize(Given::Text(text)).map(Some).map_err(|wrong| wrong.below(step))
    }
}

/// The entries of a table.
struct Entries<'a> {
    entries: std::collections::btree_map::Iter<'a, String, Value>,
    next: Option<(&'a String, &'a Value)>,
}

impl<'a> Entries<'a> {
    fn new(table: &'a Table) -> Entries<'a> {
        Entries { entries: table.iter(), next: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mismatch> {
        self.next = self.entries.next();
        // A key has no type of its own, so that maps may have numbers as keys.
        self.next.map(|(key, _)| seed.deserialize(Given::Text(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let Some((key, value)) = self.next.take() else {
            return Err(Mismatch::custom("a value was asked for before its key"));
        };
        seed.deserialize(Given::Value(value)).map_err(|wrong| wrong.below(format!(".{key}")))
    }
}

//! From a Rust value to a configuration value.

use std::fmt::Display;

use serde_core::ser::{
    Error as _, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
};
use serde_core::{Serialize, Serializer};

use super::value::{Kind, NotAValue, Table, Value};

/// The value, without a source.
pub(crate) fn value<T: Serialize + ?Sized>(value: &T) -> Result<Value, NotAValue> {
    value.serialize(ToValue).map(Value::from)
}

/// The value of an enum with content: a table with the variant as its key.
fn variant(name: &str, content: Kind) -> Kind {
    let mut table = Table::new();
    table.insert(name.to_owned(), content.into());
    Kind::Table(table)
}

impl serde_core::ser::Error for NotAValue {
    fn custom<T: Display>(message: T) -> NotAValue {
        NotAValue(message.to_string())
    }
}

struct ToValue;

macro_rules! plain {
    ($($method:ident: $type:ty => $kind:ident as $as:ty),* $(,)?) => {$(
        fn $method(self, value: $type) -> Result<Kind, NotAValue> {
            Ok(Kind::$kind(<$as>::from(value)))
        }
    )*};
}

impl Serializer for ToValue {
    type Ok = Kind;
    type Error = NotAValue;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    plain! {
        serialize_bool: bool => Boolean as bool,
        serialize_i8: i8 => I64 as i64,
        serialize_i16: i16 => I64 as i64,
        serialize_i32: i32 => I64 as i64,
        serialize_i64: i64 => I64 as i64,
        serialize_i128: i128 => I128 as i128,
        serialize_u8: u8 => I64 as i64,
        serialize_u16: u16 => I64 as i64,
        serialize_u32: u32 => I64 as i64,
        serialize_u128: u128 => U128 as u128,
        serialize_f32: f32 => Float as f64,
        serialize_f64: f64 => Float as f64,
        serialize_char: char => String as String,
        serialize_str: &str => String as String,
    }

    fn serialize_u64(self, value: u64) -> Result<Kind, NotAValue> {
        // Numbers are those of a file where they can be, so that equal values are equal.
        Ok(i64::try_from(value).map_or(Kind::U64(value), Kind::I64))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Kind, NotAValue> {
        let bytes = bytes.iter().map(|byte| Kind::I64(i64::from(*byte)).into());
        Ok(Kind::Array(bytes.collect()))
    }

    fn serialize_none(self) -> Result<Kind, NotAValue> {
        Ok(Kind::Nil)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Kind, NotAValue> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Kind, NotAValue> {
        Ok(Kind::Nil)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Kind, NotAValue> {
        Ok(Kind::Nil)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<Kind, NotAValue> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Kind, NotAValue> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<Kind, NotAValue> {
        Ok(variant(name, value.serialize(self)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, NotAValue> {
        Ok(List::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<List, NotAValue> {
        Ok(List::default())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, NotAValue> {
        Ok(List::default())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<List, NotAValue> {
        Ok(List { variant: Some(name), ..List::default() })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, NotAValue> {
        Ok(Entries::default())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, NotAValue> {
        Ok(Entries::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Entries, NotAValue> {
        Ok(Entries { variant: Some(name), ..Entries::default() })
    }
}

/// A list on its way.
#[derive(Default)]
struct List {
    variant: Option<&'static str>,
    values: Vec<Value>,
}

impl List {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotAValue> {
        self.values.push(self::value(value)?);
        Ok(())
    }

    fn finish(self) -> Kind {
        let list = Kind::Array(self.values);
        match self.variant {
            Some(name) => variant(name, list),
            None => list,
        }
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident),*) => {$(
        impl $trait for List {
            type Ok = Kind;
            type Error = NotAValue;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotAValue> {
                self.push(value)
            }

            fn end(self) -> Result<Kind, NotAValue> {
                Ok(self.finish())
            }
        }
    )*};
}

lists!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

/// A table on its way.
#[derive(Default)]
struct Entries {
    variant: Option<&'static str>,
    table: Table,
    key: Option<String>,
}

impl Entries {
    fn insert<T: Serialize + ?Sized>(&mut self, key: String, value: &T) -> Result<(), NotAValue> {
        self.table.insert(key, self::value(value)?);
        Ok(())
    }

    fn finish(self) -> Kind {
        let table = Kind::Table(self.table);
        match self.variant {
            Some(name) => variant(name, table),
            None => table,
        }
    }
}

impl SerializeMap for Entries {
    type Ok = Kind;
    type Error = NotAValue;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotAValue> {
        self.key = Some(match value(key)?.kind {
            Kind::String(text) => text,
            Kind::I64(number) => number.to_string(),
            Kind::Boolean(value) => value.to_string(),
            _ => return Err(NotAValue::custom("the keys of a map must be texts")),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotAValue> {
        let key = self.key.take();
        self.insert(key.ok_or_else(|| NotAValue::custom("a value without its key"))?, value)
    }

    fn end(self) -> Result<Kind, NotAValue> {
        Ok(self.finish())
    }
}

macro_rules! structs {
    ($($trait:ident),*) => {$(
        impl $trait for Entries {
            type Ok = Kind;
            type Error = NotAValue;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), NotAValue> {
                self.insert(key.to_owned(), value)
            }

            fn end(self) -> Result<Kind, NotAValue> {
                Ok(self.finish())
            }
        }
    )*};
}

structs!(SerializeStruct, SerializeStructVariant);

//! Configuration values, and the tables that they stand in.

use std::collections::BTreeMap;
use std::fmt;

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use super::de::{Given, read};
use super::fault::ConfigSource;
use super::ser;
use crate::sync::Arc;

/// Keys and values; values may be tables again.
pub(crate) type Table = BTreeMap<String, Value>;

/// What a value holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Kind {
    #[default]
    Nil,
    Boolean(bool),
    I64(i64),
    I128(i128),
    U64(u64),
    U128(u128),
    Float(f64),
    String(String),
    Array(Vec<Value>),
    Table(Table),
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.kind == other.kind
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Value {
        Value { source: None, kind }
    }
}

/// A configuration value of any type.
///
/// Two values are equal when they hold the same, wherever they came from.
///
/// ```
/// use otp_core::config::Value;
///
/// let value = Value::of(vec![80, 443]).expect("numbers can be configured");
/// assert_eq!(value.read::<Vec<u16>>(), Ok(vec![80, 443]));
/// assert!(value.read::<bool>().is_err());
/// ```
///
/// Elixir: any term.
#[derive(Clone, Default)]
pub struct Value {
    /// `None` for tables that were made on the way to a value.
    pub(crate) source: Option<Arc<ConfigSource>>,
    pub(crate) kind: Kind,
}

impl Value {
    /// The value that this is as configuration.
    ///
    /// # Errors
    ///
    /// What cannot stand in a configuration: a map whose keys are no texts, and what refuses to be
    /// serialised.
    pub fn of<T: Serialize>(value: T) -> Result<Value, NotAValue> {
        ser::value(&value)
    }

    /// The value as a `T`.
    ///
    /// # Errors
    ///
    /// When it is of another type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, WrongType> {
        read(Given::Value(self)).map_err(WrongType::from)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Nil => f.write_str("none"),
            Kind::Boolean(value) => value.fmt(f),
            Kind::I64(value) => value.fmt(f),
            Kind::I128(value) => value.fmt(f),
            Kind::U64(value) => value.fmt(f),
            Kind::U128(value) => value.fmt(f),
            Kind::Float(value) => fmt::Debug::fmt(value, f),
            Kind::String(value) => fmt::Debug::fmt(value, f),
            Kind::Array(values) => f.debug_list().entries(values).finish(),
            Kind::Table(table) => f.debug_map().entries(table).finish(),
        }
    }
}

/// A value that cannot stand in a configuration; says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAValue(pub(crate) String);

impl fmt::Display for NotAValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this cannot be a configuration value: {}", self.0)
    }
}

impl std::error::Error for NotAValue {}

/// A value of another type than the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrongType {
    /// Where inside of the value, as in `[2].port`; empty for the value itself.
    pub inside: String,
    /// What is there; `None` when the type itself refused it with a text of its own.
    pub found: Option<String>,
    /// What should be there, or what the type said.
    pub expected: String,
}

impl fmt::Display for WrongType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.inside.is_empty() {
            write!(f, "at `{}`: ", self.inside)?;
        }
        match &self.found {
            Some(found) => write!(f, "expected {}, found {found}", self.expected),
            None => f.write_str(&self.expected),
        }
    }
}

impl std::error::Error for WrongType {}

/// Marks a value, and all inside of it, with where it came from.
pub(crate) fn mark(mut value: Value, source: &ConfigSource) -> Value {
    mark_all(&mut value, &Arc::new(source.clone()));
    value
}

fn mark_all(value: &mut Value, source: &Arc<ConfigSource>) {
    value.source = Some(Arc::clone(source));
    match &mut value.kind {
        Kind::Table(table) => table.values_mut().for_each(|inner| mark_all(inner, source)),
        Kind::Array(values) => values.iter_mut().for_each(|inner| mark_all(inner, source)),
        _ => {}
    }
}

/// Whether the value, or a part of it, was put at run time.
pub(crate) fn is_put(value: &Value) -> bool {
    match &value.kind {
        Kind::Table(table) if !table.is_empty() => table.values().any(is_put),
        _ => value.source.as_deref() == Some(&ConfigSource::Put),
    }
}

/// Lays `above` over `below`: tables are merged, anything else is replaced.
///
/// What was put at run time stays, unless `above` was put, too. A dot in a key is part of the key.
pub(crate) fn merge(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Value { kind: Kind::Table(below), .. }), value)
                if matches!(value.kind, Kind::Table(_)) =>
            {
                merge(below, into_table(value));
            }
            (Some(old), value) if is_put(old) && !is_put(&value) => {}
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

/// The table that this value is; an empty one for any other value.
pub(crate) fn into_table(value: Value) -> Table {
    match value.kind {
        Kind::Table(table) => table,
        _ => Table::new(),
    }
}

/// The parts of a key such as `limits.requests`.
pub(crate) fn parts(key: &str) -> impl Iterator<Item = &str> {
    key.split('.')
}

/// What stands at a path.
pub(crate) enum Found<'a> {
    Nothing,
    Value(&'a Value),
    /// A part of the path that should be a table: how many parts lead there, and what it is.
    NoTable(usize, &'a Value),
}

/// Follows a path through tables.
pub(crate) fn find<'a, 'p>(table: &'a Table, path: impl Iterator<Item = &'p str>) -> Found<'a> {
    let mut found: Option<&Value> = None;
    for (depth, part) in path.enumerate() {
        let table = match found {
            None => table,
            Some(Value { kind: Kind::Table(inner), .. }) => inner,
            Some(Value { kind: Kind::Nil, .. }) => return Found::Nothing,
            Some(other) => return Found::NoTable(depth, other),
        };
        match table.get(part) {
            Some(value) => found = Some(value),
            None => return Found::Nothing,
        }
    }
    found.map_or(Found::Nothing, Found::Value)
}

/// Puts a value at a path; what is no table on the way becomes one.
pub(crate) fn insert(table: &mut Table, key: &str, value: Value) {
    let Some((first, rest)) = key.split_once('.') else {
        table.insert(key.to_owned(), value);
        return;
    };
    let next = table.entry(first.to_owned()).or_default();
    if !matches!(next.kind, Kind::Table(_)) {
        next.kind = Kind::Table(Table::new());
    }
    if let Kind::Table(inner) = &mut next.kind {
        insert(inner, rest, value);
    }
}

/// Takes out what stands at a path.
pub(crate) fn remove(table: &mut Table, key: &str) -> Option<Value> {
    match key.split_once('.') {
        None => table.remove(key),
        Some((first, rest)) => match &mut table.get_mut(first)?.kind {
            Kind::Table(inner) => remove(inner, rest),
            _ => None,
        },
    }
}

/// The value as a message shows it.
pub(crate) fn describe(value: &Value) -> String {
    match &value.kind {
        Kind::Nil => "nothing".to_owned(),
        Kind::Boolean(_) => format!("boolean `{value:?}`"),
        Kind::I64(_) | Kind::I128(_) | Kind::U64(_) | Kind::U128(_) => {
            format!("integer `{value:?}`")
        }
        Kind::Float(_) => format!("floating point `{value:?}`"),
        Kind::String(text) => format!("string {text:?}"),
        Kind::Array(_) => "sequence".to_owned(),
        Kind::Table(_) => "a table".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(value: impl Serialize, source: &ConfigSource) -> Table {
        into_table(mark(Value::of(value).unwrap(), source))
    }

    fn number(name: &str, number: i32) -> std::collections::BTreeMap<String, i32> {
        [(name.to_owned(), number)].into()
    }

    #[test]
    fn a_key_with_a_dot_in_a_file_stays_one_key() {
        let mut below = Table::new();
        merge(&mut below, table(number("a.b", 1), &ConfigSource::Provider));
        assert!(below.contains_key("a.b"));
    }

    #[test]
    fn what_was_put_wins_over_what_comes_later() {
        let mut below = table(number("a", 1), &ConfigSource::Put);
        merge(&mut below, table(number("a", 2), &ConfigSource::Provider));
        assert_eq!(below["a"], Value::of(1).unwrap());
        merge(&mut below, table(number("a", 3), &ConfigSource::Put));
        assert_eq!(below["a"], Value::of(3).unwrap());
    }

    #[test]
    fn paths_are_followed_made_and_removed() {
        let mut values = Table::new();
        insert(&mut values, "a.b.c", Kind::I64(1).into());
        assert!(matches!(find(&values, parts("a.b.c")), Found::Value(_)));
        assert!(matches!(find(&values, parts("a.x")), Found::Nothing));
        assert!(matches!(find(&values, parts("a.b.c.d")), Found::NoTable(3, _)));
        assert!(remove(&mut values, "a.b.c.d").is_none());
        assert!(remove(&mut values, "a.b.c").is_some());
        assert!(matches!(find(&values, parts("a.b.c")), Found::Nothing));
    }
}

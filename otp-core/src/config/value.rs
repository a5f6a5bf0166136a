//! Configuration values, and the tables that they stand in.

use std::fmt;

use ::config::Map;
pub(crate) use ::config::{Value as Raw, ValueKind as Kind};
use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use super::de::{Given, read};
use super::fault::ConfigSource;
use super::ser;

/// Keys and values; values may be tables again.
pub(crate) type Table = Map<String, Raw>;

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
#[derive(Clone)]
pub struct Value(pub(crate) Raw);

impl Value {
    /// The value that this is as configuration.
    ///
    /// # Errors
    ///
    /// What cannot stand in a configuration: a map whose keys are no texts, and what refuses to be
    /// serialised.
    pub fn of<T: Serialize>(value: T) -> Result<Value, NotAValue> {
        ser::value(&value).map(Value)
    }

    /// The value as a `T`.
    ///
    /// # Errors
    ///
    /// When it is of another type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, WrongType> {
        read(Given::Value(&self.0)).map_err(WrongType::from)
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        same(&self.0, &other.0)
    }
}

fn same(a: &Raw, b: &Raw) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Array(a), Kind::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Kind::Table(a), Kind::Table(b)) => {
            let in_b = |(key, value)| b.get(key).is_some_and(|other| same(value, other));
            a.len() == b.len() && a.iter().all(in_b)
        }
        (a, b) => a == b,
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::Nil => f.write_str("none"),
            Kind::Boolean(value) => value.fmt(f),
            Kind::I64(value) => value.fmt(f),
            Kind::I128(value) => value.fmt(f),
            Kind::U64(value) => value.fmt(f),
            Kind::U128(value) => value.fmt(f),
            Kind::Float(value) => fmt::Debug::fmt(value, f),
            Kind::String(value) => fmt::Debug::fmt(value, f),
            Kind::Array(values) => {
                f.debug_list().entries(values.iter().cloned().map(Value)).finish()
            }
            Kind::Table(table) => {
                let mut entries: Vec<_> = table.iter().collect();
                entries.sort_by_key(|(key, _)| *key);
                let entries = entries.into_iter().map(|(key, value)| (key, Value(value.clone())));
                f.debug_map().entries(entries).finish()
            }
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
pub(crate) fn mark(value: Raw, source: &ConfigSource) -> Raw {
    let kind = match value.kind {
        Kind::Table(table) => {
            Kind::Table(table.into_iter().map(|(key, value)| (key, mark(value, source))).collect())
        }
        Kind::Array(values) => {
            Kind::Array(values.into_iter().map(|value| mark(value, source)).collect())
        }
        kind => kind,
    };
    Raw::new(Some(&source.origin()), kind)
}

/// Whether the value, or a part of it, was put at run time.
pub(crate) fn is_put(value: &Raw) -> bool {
    match &value.kind {
        Kind::Table(table) if !table.is_empty() => table.values().any(is_put),
        _ => ConfigSource::of(value) == Some(ConfigSource::Put),
    }
}

/// Lays `above` over `below`: tables are merged, anything else is replaced.
///
/// What was put at run time stays, unless `above` was put, too.
///
/// The builder of the crate `config` is not used for this, as it takes a dot in a key for a path
/// and knows nothing of values that win over a later source.
pub(crate) fn merge(below: &mut Table, above: Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(Raw { kind: Kind::Table(below), .. }), value)
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
pub(crate) fn into_table(value: Raw) -> Table {
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
    Value(&'a Raw),
    /// A part of the path that should be a table: how many parts lead there, and what it is.
    NoTable(usize, &'a Raw),
}

/// Follows a path through tables.
pub(crate) fn find<'a, 'p>(table: &'a Table, path: impl Iterator<Item = &'p str>) -> Found<'a> {
    let mut found: Option<&Raw> = None;
    for (depth, part) in path.enumerate() {
        let table = match found {
            None => table,
            Some(Raw { kind: Kind::Table(inner), .. }) => inner,
            Some(Raw { kind: Kind::Nil, .. }) => return Found::Nothing,
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
pub(crate) fn insert(table: &mut Table, key: &str, value: Raw) {
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
pub(crate) fn remove(table: &mut Table, key: &str) -> Option<Raw> {
    match key.split_once('.') {
        None => table.remove(key),
        Some((first, rest)) => match &mut table.get_mut(first)?.kind {
            Kind::Table(inner) => remove(inner, rest),
            _ => None,
        },
    }
}

/// The value as a message shows it.
pub(crate) fn describe(value: &Raw) -> String {
    match &value.kind {
        Kind::Nil => "nothing".to_owned(),
        Kind::Boolean(_) => format!("boolean `{:?}`", Value(value.clone())),
        Kind::I64(_) | Kind::I128(_) | Kind::U64(_) | Kind::U128(_) => {
            format!("integer `{:?}`", Value(value.clone()))
        }
        Kind::Float(_) => format!("floating point `{:?}`", Value(value.clone())),
        Kind::String(text) => format!("string {text:?}"),
        Kind::Array(_) => "sequence".to_owned(),
        Kind::Table(_) => "a table".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(value: impl Serialize, source: &ConfigSource) -> Table {
        into_table(mark(Value::of(value).unwrap().0, source))
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
        assert_eq!(Value(below["a"].clone()), Value::of(1).unwrap());
        merge(&mut below, table(number("a", 3), &ConfigSource::Put));
        assert_eq!(Value(below["a"].clone()), Value::of(3).unwrap());
    }

    #[test]
    fn paths_are_followed_made_and_removed() {
        let mut values = Table::new();
        insert(&mut values, "a.b.c", Raw::new(None, 1));
        assert!(matches!(find(&values, parts("a.b.c")), Found::Value(_)));
        assert!(matches!(find(&values, parts("a.x")), Found::Nothing));
        assert!(matches!(find(&values, parts("a.b.c.d")), Found::NoTable(3, _)));
        assert!(remove(&mut values, "a.b.c.d").is_none());
        assert!(remove(&mut values, "a.b.c").is_some());
        assert!(matches!(find(&values, parts("a.b.c")), Found::Nothing));
    }
}

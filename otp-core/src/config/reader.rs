//! Reading the fields of one type.

use std::any::type_name;
use std::fmt;

use super::de::{Given, Mismatch, read};
use super::fault::{ConfigError, ConfigSource, Fault, Problem};
use super::sources::Sources;
use super::value::{Found, Kind, Table, Value, WrongType, describe, find, is_put, parts};
use super::{Config, ConfigValue};
use crate::name::short_type_name;

/// Reads fields, and collects what is wrong with them; [`Config::read`] gets one.
#[derive(Debug)]
pub struct Reader<'a> {
    sources: &'a Sources,
    values: Table,
    app: Option<&'static str>,
    /// The table that is read now, from the application's own on.
    path: Vec<String>,
    /// The keys that were asked for, from the application's own table on.
    known: Vec<String>,
    /// How many values came from a source.
    given: usize,
    faults: Vec<Fault>,
}

/// One field that is being read.
#[must_use = "a field is read by `required`, `or_else` or `or_default`"]
pub struct Field<'r, 'a, T> {
    reader: &'r mut Reader<'a>,
    key: String,
    variable: Option<&'static str>,
    secret: bool,
    read: fn(Given<'_>) -> Result<T, Mismatch>,
}

/// What the sources say about a field.
enum Answer<'a> {
    Nothing,
    Value(&'a Value),
    Text(String, ConfigSource),
    Fault(Fault),
}

/// Reads a whole type.
pub(super) fn load<C: Config>(sources: &Sources) -> Result<C, ConfigError> {
    let mut faults = Vec::new();
    let mut values = sources.collect(C::APP, &mut faults);
    let mut app_fault = None;
    if let Some(app) = C::APP {
        values = match values.remove(app) {
            None => Table::new(),
            Some(Value { kind: Kind::Table(table), .. }) => table,
            Some(other) => {
                app_fault = Some(no_table(app.to_owned(), &other));
                Table::new()
            }
        };
    }
    faults.extend(app_fault);
    let mut reader = Reader {
        sources,
        values,
        app: C::APP,
        path: Vec::new(),
        known: Vec::new(),
        given: 0,
        faults,
    };
    match C::read(&mut reader) {
        Some(value) if reader.faults.is_empty() => Ok(value),
        _ => Err(ConfigError::new(reader.faults)),
    }
}

fn no_table(key: String, found: &Value) -> Fault {
    let found_text = Some(describe(found));
    let wrong =
        WrongType { inside: String::new(), found: found_text, expected: "a table".to_owned() };
    Fault { key, source: ConfigSource::of(found), problem: Problem::Wrong(wrong) }
}

impl<'a> Reader<'a> {
    /// The field with this key; `limits.requests` is the key `requests` in the table `limits`.
    pub fn field<T: ConfigValue>(&mut self, key: &str) -> Field<'_, 'a, T> {
        let key = self.below(key);
        self.known.push(key.clone());
        Field { reader: self, key, variable: None, secret: false, read }
    }

    /// A field that is a configuration of its own, in the table with this key.
    ///
    /// `None` when something is wrong with it, which is noted.
    pub fn nested<C: Config>(&mut self, key: &str) -> Option<C> {
        let full = self.below(key);
        self.known.push(full);
        let depth = self.path.len();
        self.path.extend(parts(key).map(str::to_owned));
        let value = C::read(self);
        self.path.truncate(depth);
        value
    }

    /// Notes every key of a file, in the table that is read, that nobody asked for until now.
    pub fn deny_unknown(&mut self) {
        let mut unknown = Vec::new();
        let table = match find(&self.values, self.path.iter().map(String::as_str)) {
            _ if self.path.is_empty() => Some(&self.values),
            Found::Value(Value { kind: Kind::Table(table), .. }) => Some(table),
            _ => None,
        };
        if let Some(table) = table {
            self.unknown(table, &self.path.join("."), &mut unknown);
        }
        self.faults.extend(unknown);
    }

    fn unknown(&self, table: &Table, prefix: &str, found: &mut Vec<Fault>) {
        for (key, value) in table {
            let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            if self.known.contains(&path) {
                continue;
            }
            let below = format!("{path}.");
            match &value.kind {
                Kind::Table(inner) if self.known.iter().any(|known| known.starts_with(&below)) => {
                    self.unknown(inner, &path, found);
                }
                _ => found.extend(file_of(value).map(|source| Fault {
                    key: self.full(&path),
                    source: Some(source),
                    problem: Problem::Unknown { meant: self.meant(&path) },
                })),
            }
        }
    }

    /// The known key in the same table that was probably meant.
    fn meant(&self, path: &str) -> Option<String> {
        let limit = (path.rsplit('.').next().unwrap_or(path).chars().count() / 3).max(1);
        let distances = self.known.iter().map(|known| (distance(path, known), known));
        let nearest = distances.filter(|(distance, _)| *distance <= limit).min()?;
        Some(self.full(nearest.1))
    }

    /// Reads something that may be left out as a whole.
    pub(super) fn optional<C: Config>(&mut self) -> Option<Option<C>> {
        let (given, faults) = (self.given, self.faults.len());
        let value = C::read(self);
        let is_there = match find(&self.values, self.path.iter().map(String::as_str)) {
            _ if self.path.is_empty() => !self.values.is_empty(),
            Found::Nothing => false,
            _ => true,
        };
        if self.given == given && !is_there {
            // No source says anything about it.
            self.faults.truncate(faults);
            return Some(None);
        }
        value.map(Some)
    }

    /// A key of the table that is read, from the application's own table on.
    fn below(&self, key: &str) -> String {
        let mut full = self.path.join(".");
        if !full.is_empty() {
            full.push('.');
        }
        full + key
    }

    /// A key from the root of a file on.
    fn full(&self, key: &str) -> String {
        self.app.map_or_else(|| key.to_owned(), |app| format!("{app}.{key}"))
    }

    fn answer(&self, key: &str, variable: Option<&'static str>) -> Answer<'_> {
        let found = match find(&self.values, parts(key)) {
            Found::Nothing => None,
            Found::Value(value) if is_put(value) => return Answer::Value(value),
            Found::Value(value) => Some(value),
            Found::NoTable(depth, value) => {
                let table: Vec<&str> = parts(key).take(depth).collect();
                return Answer::Fault(no_table(self.full(&table.join(".")), value));
            }
        };
        if let Some(name) = variable {
            let source = ConfigSource::Variable(name.to_owned());
            match self.sources.variable(name) {
                Ok(None) => {}
                Ok(Some(text)) => return Answer::Text(text, source),
                Err(()) => {
                    let problem = Problem::Unreadable { message: "it is not UTF-8".to_owned() };
                    let key = self.full(key);
                    return Answer::Fault(Fault { key, source: Some(source), problem });
                }
            }
        }
        found.map_or(Answer::Nothing, Answer::Value)
    }

    fn fault(&mut self, fault: Fault) {
        // Every field of a table that is none meets the same fault.
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn missing(&mut self, key: &str, variable: Option<&'static str>) {
        let full = self.full(key);
        let mut places = Vec::new();
        places.extend(variable.map(|name| format!("the environment variable `{name}`")));
        for file in self.sources.file_names() {
            places.push(format!("`{full}` in {file}"));
        }
        if let Some(app) = self.app.filter(|_| self.sources.standard) {
            places.push(format!("`env::put({app:?}, {key:?}, ..)`"));
        }
        self.fault(Fault { key: full, source: None, problem: Problem::Missing { places } });
    }
}

impl<T> Field<'_, '_, T> {
    /// Also reads it from an environment variable.
    pub fn env(mut self, name: &'static str) -> Self {
        self.variable = Some(name);
        self
    }

    /// Keeps its value out of all messages.
    pub fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The value; a fault when no source has one, unless `T` is an `Option`.
    ///
    /// `None` when something is wrong, which is noted.
    pub fn required(self) -> Option<T> {
        let (key, variable, read) = (self.key.clone(), self.variable, self.read);
        let (reader, value) = self.value();
        match value {
            Ok(value) => value,
            Err(Absent) => match read(Given::Missing) {
                Ok(value) => Some(value),
                Err(_) => {
                    reader.missing(&key, variable);
                    None
                }
            },
        }
    }

    /// The value, or what the function makes when no source has one.
    ///
    /// `None` when something is wrong, which is noted.
    pub fn or_else(self, default: impl FnOnce() -> T) -> Option<T> {
        self.value().1.unwrap_or_else(|Absent| Some(default()))
    }

    /// The value, or the type's own default when no source has one.
    pub fn or_default(self) -> Option<T>
    where
        T: Default,
    {
        self.or_else(T::default)
    }
}

impl<T> fmt::Debug for Field<'_, '_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What `#[config(default)]` needs: `Default`, and no other type has it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default of its own",
    label = "this type is not `Default`",
    note = "write `#[config(default = ..)]` with a value, or `#[derive(Default)]` above the type",
    note = "OTP0809"
)]
pub trait OwnDefault: Default {}

#[diagnostic::do_not_recommend]
impl<T: Default> OwnDefault for T {}

/// No source has a value.
struct Absent;

impl<'r, 'a, T> Field<'r, 'a, T> {
    fn value(self) -> (&'r mut Reader<'a>, Result<Option<T>, Absent>) {
        let Field { reader, key, variable, secret, read } = self;
        let (result, source) = match reader.answer(&key, variable) {
            Answer::Nothing => return (reader, Err(Absent)),
            Answer::Fault(fault) => {
                reader.given += 1;
                reader.fault(fault);
                return (reader, Ok(None));
            }
            Answer::Value(value) => (read(Given::Value(value)), ConfigSource::of(value)),
            Answer::Text(text, source) => (read(Given::Text(&text)), Some(source)),
        };
        reader.given += 1;
        let value = result.map_err(|mismatch| {
            let problem = match secret {
                true => Problem::WrongSecret { expected: short_type_name(type_name::<T>()) },
                false => Problem::Wrong(WrongType::from(mismatch)),
            };
            let key = reader.full(&key);
            reader.fault(Fault { key, source, problem });
        });
        (reader, Ok(value.ok()))
    }
}

/// The file that the value, or a part of it, stands in.
fn file_of(value: &Value) -> Option<ConfigSource> {
    match &value.kind {
        Kind::Table(table) if !table.is_empty() => table.values().find_map(file_of),
        _ => ConfigSource::of(value).filter(|source| matches!(source, ConfigSource::File(_))),
    }
}

/// How many insertions, deletions, replacements and swaps of neighbours turn `a` into `b`.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

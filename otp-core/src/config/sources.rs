//! Where values come from, and reading them all into one table.

use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use super::fault::{ConfigSource, Fault, Problem};
use super::toml::{self, Malformed};
use super::value::{Found, NotAValue, Table, Value, find, insert, mark, merge, parts};
use crate::env::store;
use crate::sync::Arc;

/// The variable that names the file.
const FILE_VARIABLE: &str = "OTP_CONFIG";
/// The file where the variable is not set.
const FILE_NAME: &str = "config.toml";
/// What messages call a text given to [`Sources::toml_text`].
const TEXT_NAME: &str = "the TOML text";

/// What a provider gives back when it fails.
pub(crate) type ProviderError = Box<dyn Error + Send + Sync>;

type Provider = Arc<dyn Fn(&mut Values) -> Result<(), ProviderError> + Send + Sync>;

/// Where a configuration is read from.
///
/// Whatever the order of the calls, values of a later kind win over those of an earlier one: files
/// and texts, then providers, then environment variables, then what is put. Within a kind the last
/// one wins, and tables are merged key by key.
///
/// ```
/// use otp_core::config::{Config, Reader, Sources};
///
/// struct Port(u16);
///
/// impl Config for Port {
///     fn read(from: &mut Reader<'_>) -> Option<Port> {
///         from.field("port").env("APP_PORT").required().map(Port)
///     }
/// }
///
/// let file = Sources::new().toml_text("port = 80");
/// assert_eq!(Port::load_from(&file).unwrap().0, 80);
/// assert_eq!(Port::load_from(&file.clone().var("APP_PORT", "81")).unwrap().0, 81);
/// assert_eq!(Port::load_from(&file.var("APP_PORT", "81").put("port", 82)).unwrap().0, 82);
/// ```
///
/// Elixir: the list of configuration providers.
#[derive(Clone, Default)]
pub struct Sources {
    pub(super) standard: bool,
    environment: bool,
    files: Vec<FileOrText>,
    providers: Vec<Provider>,
    variables: Vec<(String, String)>,
    puts: Vec<(String, Result<Value, NotAValue>)>,
}

#[derive(Clone, Debug)]
enum FileOrText {
    File(PathBuf),
    Text(String),
}

impl Sources {
    /// Nothing at all: no file, no environment. Tests build theirs on it.
    pub fn new() -> Sources {
        Sources::default()
    }

    /// What [`Config::load`](super::Config::load) reads: the file that the variable `OTP_CONFIG`
    /// names, else `config.toml` in the current folder if it is there; then the environment; then,
    /// for a type with an application, what was [put](crate::env::put).
    ///
    /// The file is read once for each runtime; see [`env`](crate::env).
    pub fn standard() -> Sources {
        Sources { standard: true, environment: true, ..Sources::default() }
    }

    /// Adds a file, which must be there.
    #[must_use]
    pub fn toml_file(mut self, path: impl Into<PathBuf>) -> Sources {
        self.files.push(FileOrText::File(path.into()));
        self
    }

    /// Adds what could stand in a file.
    #[must_use]
    pub fn toml_text(mut self, text: impl Into<String>) -> Sources {
        self.files.push(FileOrText::Text(text.into()));
        self
    }

    /// Adds a function that sees what the files and the functions before it say, and puts values
    /// over it. It runs at each load.
    #[must_use]
    pub fn provider<F>(mut self, provide: F) -> Sources
    where
        F: Fn(&mut Values) -> Result<(), Box<dyn Error + Send + Sync>> + Send + Sync + 'static,
    {
        self.providers.push(Arc::new(provide));
        self
    }

    /// Adds an environment variable, which wins over one of the process with the same name.
    #[must_use]
    pub fn var(mut self, name: impl Into<String>, value: impl Into<String>) -> Sources {
        let (name, value) = (name.into(), value.into());
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value));
        self
    }

    /// Adds the environment of the process.
    #[must_use]
    pub fn environment(mut self) -> Sources {
        self.environment = true;
        self
    }

    /// Adds a value that wins over everything. The key is that of the field; `limits.requests` is
    /// a key in a table.
    #[must_use]
    pub fn put<T: Serialize>(mut self, key: impl Into<String>, value: T) -> Sources {
        self.puts.push((key.into(), Value::of(value)));
        self
    }

    /// The environment variable, or the fault that its value has.
    pub(super) fn variable(&self, name: &str) -> Result<Option<String>, ()> {
        if let Some((_, value)) = self.variables.iter().find(|(known, _)| known == name) {
            return Ok(Some(value.clone()));
        }
        match std::env::var_os(name).filter(|_| self.environment) {
            None => Ok(None),
            Some(value) => value.into_string().map(Some).map_err(drop),
        }
    }

    /// The names of the files, for messages; the usual name when there is none yet.
    pub(super) fn file_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.files.iter().map(FileOrText::name).collect();
        if self.standard {
            names.insert(0, standard_file().map_or_else(|| FILE_NAME.to_owned(), |it| it.name()));
        }
        names
    }

    /// Everything but the environment variables, merged. Values of the application `app`, or of
    /// all of them, stand where a file has them.
    pub(super) fn collect(&self, app: Option<&str>, faults: &mut Vec<Fault>) -> Table {
        let mut table = Table::new();
        if self.standard {
            table = store::snapshot(app, faults);
        }
        for file in &self.files {
            match file.read() {
                Ok(read) => merge(&mut table, read),
                Err(fault) => faults.push(*fault),
            }
        }
        for provider in &self.providers {
            let mut values = Values::new(table);
            match provider(&mut values) {
                Ok(()) => table = values.finish().0,
                Err(error) => {
                    faults.push(failed("", error.to_string()));
                    table = values.before;
                }
            }
        }
        for (key, value) in &self.puts {
            let key = app.map_or_else(|| key.clone(), |app| format!("{app}.{key}"));
            match value {
                Ok(value) => insert(&mut table, &key, mark(value.clone(), &ConfigSource::Put)),
                Err(error) => {
                    let source = Some(ConfigSource::Put);
                    faults.push(Fault { source, ..failed(&key, error.to_string()) });
                }
            }
        }
        table
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the values, which may be secret.
        f.debug_struct("Sources")
            .field("standard", &self.standard)
            .field("files", &self.files.iter().map(FileOrText::name).collect::<Vec<_>>())
            .field("providers", &self.providers.len())
            .field("environment", &self.environment)
            .field("variables", &self.variables.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("puts", &self.puts.iter().map(|(key, _)| key).collect::<Vec<_>>())
            .finish()
    }
}

impl FileOrText {
    fn name(&self) -> String {
        match self {
            FileOrText::File(path) => path.display().to_string(),
            FileOrText::Text(_) => TEXT_NAME.to_owned(),
        }
    }

    fn read(&self) -> Result<Table, Box<Fault>> {
        match self {
            FileOrText::Text(text) => parse(TEXT_NAME, text),
            FileOrText::File(path) => read_file(path),
        }
    }
}

/// What a provider sees and changes: the configuration so far, and what it puts over it.
///
/// Keys are paths from the root of a file: the key `port` of the application `bank` is
/// `bank.port`.
///
/// Elixir: what `Config.Provider.load/2` takes and returns.
pub struct Values {
    before: Table,
    table: Table,
    written: Table,
}

impl Values {
    pub(crate) fn new(before: Table) -> Values {
        Values { table: before.clone(), before, written: Table::new() }
    }

    /// The value of a key, of any earlier source or of this provider; `None` if there is none or
    /// it is no `T`.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        match find(&self.table, parts(key)) {
            Found::Value(value) => value.read().ok(),
            _ => None,
        }
    }

    /// Puts a value over that of the earlier sources; tables are merged.
    ///
    /// # Errors
    ///
    /// As [`Value::of`].
    pub fn put<T: Serialize>(&mut self, key: &str, value: T) -> Result<(), NotAValue> {
        let mut one = Table::new();
        insert(&mut one, key, mark(Value::of(value)?, &ConfigSource::Provider));
        merge(&mut self.table, one.clone());
        merge(&mut self.written, one);
        Ok(())
    }

    /// Everything, and what was written only.
    pub(crate) fn finish(self) -> (Table, Table) {
        (self.table, self.written)
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Values").finish_non_exhaustive()
    }
}

pub(crate) fn failed(key: &str, message: String) -> Fault {
    Fault { key: key.to_owned(), source: None, problem: Problem::Failed { message } }
}

/// Reads the standard file; an empty table if there is none and none is asked for.
pub(crate) fn read_standard_file() -> Result<Table, Box<Fault>> {
    standard_file().map_or_else(|| Ok(Table::new()), |file| file.read())
}

fn standard_file() -> Option<FileOrText> {
    let path = which_file(std::env::var_os(FILE_VARIABLE), Path::new(FILE_NAME).exists());
    path.map(FileOrText::File)
}

/// The file to read: the one that is named, which then must be there, or the one that is there.
fn which_file(named: Option<OsString>, is_there: bool) -> Option<PathBuf> {
    match named {
        Some(path) => Some(PathBuf::from(path)),
        None => is_there.then(|| PathBuf::from(FILE_NAME)),
    }
}

/// Reads a file into a table.
pub(crate) fn read_file(path: &Path) -> Result<Table, Box<Fault>> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| {
        let problem = Problem::Unreadable { message: error.to_string() };
        let source = Some(ConfigSource::File(name.clone()));
        Box::new(Fault { key: String::new(), source, problem })
    })?;
    parse(&name, &text)
}

/// Reads the text of the file with this name.
fn parse(name: &str, text: &str) -> Result<Table, Box<Fault>> {
    let source = ConfigSource::File(name.to_owned());
    toml::parse(text, source.clone()).map_err(|Malformed { line, message }| {
        let problem = Problem::Malformed { line, message };
        Box::new(Fault { key: String::new(), source: Some(source), problem })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_file_is_read_and_the_usual_one_only_if_it_is_there() {
        assert_eq!(which_file(None, false), None);
        assert_eq!(which_file(None, true), Some("config.toml".into()));
        assert_eq!(which_file(Some("a.toml".into()), true), Some("a.toml".into()));
    }

    #[test]
    fn a_malformed_text_says_its_line_and_quotes_nothing() {
        let fault = parse("a.toml", "a = 1\nkey = \"secret\nb = 2\n").unwrap_err();
        let text = fault.to_string();
        assert!(text.starts_with("a.toml:2: "), "{text}");
        assert!(!text.contains("secret") && !text.contains('\n'), "{text}");
        let fault = parse("a.toml", "a = 99999999999999999999\n").unwrap_err();
        assert!(fault.to_string().starts_with("a.toml:1: "), "{fault}");
    }
}

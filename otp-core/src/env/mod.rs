//! The application environment: values by application and key, readable from anywhere.
//!
//! ```
//! use otp_core::env;
//!
//! env::put("bank", "timeout", 5000).expect("a number can be put");
//! assert_eq!(env::get("bank", "timeout"), Some(5000));
//! assert_eq!(env::get_or("bank", "currency", "EUR".to_owned()), "EUR");
//! assert!(env::fetch::<String>("bank", "api_key").is_err());
//! ```
//!
//! # Precedence
//!
//! A value comes from the last of these that has it: the defaults given to [`load`], the table of
//! the application in the file (`OTP_CONFIG` or `config.toml`, read when it is first needed, and
//! files given to [`load_file`]), functions given to [`provide`], and what is [`put`].
//! Environment variables belong to the fields of a [`Config`](crate::config::Config) type, which
//! read what stands here, too.
//!
//! Loading an application overwrites what was put under a key of its defaults or of its
//! configuration before, unless it was put with [`put_persistent`]. Put with [`put`] after
//! loading.
//!
//! # Names
//!
//! Applications and keys are texts. A key with dots is a path through tables: `limits.requests` is
//! `requests` in `limits`.
//!
//! # Nodes
//!
//! Every runtime has values of its own, so that tests never see each other's. What is put outside
//! of any runtime is what runtimes that begin later start with.
//!
//! # When not to use it
//!
//! Values that are read from anywhere are global variables. Hand a
//! [`Config`](crate::config::Config) to the supervision tree as an argument where you can; this
//! module is for libraries, and for what an operator changes in a running program.

pub(crate) mod store;

use std::any::type_name;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::Path;

use serde_core::Serialize;
use serde_core::de::DeserializeOwned;

use crate::config::sources::read_file;
use crate::config::value::{Kind, Table, insert, into_table, mark};
use crate::config::{ConfigError, ConfigSource, NotAValue, Value, Values, WrongType};
use crate::name::short_type_name;
use crate::report;
use store::Lookup;

/// The value of a key, or `None` if there is none.
///
/// A value of another type is `None`, too, and is reported with `tracing`; [`fetch`] returns what
/// is wrong. The same holds for a file that cannot be read.
///
/// Elixir: `Application.get_env/2`.
pub fn get<T: DeserializeOwned>(app: &str, key: &str) -> Option<T> {
    store::faults_to_tell().iter().for_each(|fault| report::configuration(&fault.to_string()));
    let Lookup::Value(value) = store::lookup(app, key) else { return None };
    match value.read() {
        Ok(value) => Some(value),
        Err(_) => {
            // Without the value, which may be secret.
            let expected = short_type_name(type_name::<T>());
            report::configuration(&format!("the value of {app}.{key} is no `{expected}`"));
            None
        }
    }
}

/// The value of a key, or `default` if [`get`] has none.
///
/// Elixir: `Application.get_env/3`.
pub fn get_or<T: DeserializeOwned>(app: &str, key: &str, default: T) -> T {
    get(app, key).unwrap_or(default)
}

/// The value of a key.
///
/// # Errors
///
/// [`EnvError::UnknownApplication`] if the application is neither loaded nor configured,
/// [`EnvError::Unset`] if it has no such key, [`EnvError::WrongType`] if the value is no `T`, and
/// [`EnvError::Config`] if there is no value and the file could not be read.
///
/// Elixir: `Application.fetch_env/2`, and `fetch_env!/2` with `?`.
pub fn fetch<T: DeserializeOwned>(app: &str, key: &str) -> Result<T, EnvError> {
    let names = || (app.to_owned(), key.to_owned());
    let missing = match store::lookup(app, key) {
        Lookup::Value(value) => {
            let source = ConfigSource::of(&value);
            return value.read().map_err(|wrong| {
                let (app, key) = names();
                EnvError::WrongType { app, key, source, wrong: Box::new(wrong) }
            });
        }
        Lookup::Unset => {
            let (app, key) = names();
            EnvError::Unset { app, key }
        }
        Lookup::UnknownApplication => EnvError::UnknownApplication { app: app.to_owned() },
    };
    let faults = store::faults();
    if faults.is_empty() { Err(missing) } else { Err(EnvError::Config(ConfigError::new(faults))) }
}

/// All values of an application, by key; none for one that is not known.
///
/// Elixir: `Application.get_all_env/1`.
pub fn all(app: &str) -> BTreeMap<String, Value> {
    store::all(app)
}

/// Puts a value, in place of the one that was there.
///
/// [`load`] overwrites it if it comes later and has the key.
///
/// # Errors
///
/// [`PutError::NotAValue`].
///
/// Elixir: `Application.put_env/3`.
pub fn put<T: Serialize>(app: &str, key: &str, value: T) -> Result<(), PutError> {
    store::put(app, key, entry(app, key, value).checked()?, false);
    Ok(())
}

/// Puts a value that [`load`] does not overwrite.
///
/// # Errors
///
/// [`PutError::NotAValue`].
///
/// Elixir: `Application.put_env/4` with `persistent: true`.
pub fn put_persistent<T: Serialize>(app: &str, key: &str, value: T) -> Result<(), PutError> {
    store::put(app, key, entry(app, key, value).checked()?, true);
    Ok(())
}

/// Puts values of one or several applications in one step: all of them, or none if one is wrong.
///
/// A table is merged into the one that is there, key by key; any other value takes the place of
/// the old one.
///
/// ```
/// use otp_core::env::{self, entry};
///
/// env::put_all([
///     entry("bank", "currency", "EUR"),
///     entry("bank", "limits.requests", 100),
///     entry("web", "port", 4000),
/// ])
/// .expect("all of them can be put");
/// assert_eq!(env::get("web", "port"), Some(4000));
/// ```
///
/// # Errors
///
/// [`PutError::NotAValue`], and [`PutError::Twice`] for a key that is in the list twice.
///
/// Elixir: `Application.put_all_env/1`.
pub fn put_all(entries: impl IntoIterator<Item = Entry>) -> Result<(), PutError> {
    let mut tables: Vec<(String, Table)> = Vec::new();
    let mut seen = Vec::new();
    for entry in entries {
        let (app, key) = (entry.app.clone(), entry.key.clone());
        let name = (app.clone(), key.clone());
        if seen.contains(&name) {
            return Err(PutError::Twice { app, key });
        }
        seen.push(name);
        let value = entry.checked()?;
        match tables.iter_mut().find(|(known, _)| *known == app) {
            Some((_, table)) => insert(table, &key, value),
            None => {
                let mut table = Table::new();
                insert(&mut table, &key, value);
                tables.push((app, table));
            }
        }
    }
    store::put_all(tables);
    Ok(())
}

/// Removes a value, wherever it came from; says whether there was one.
///
/// Elixir: `Application.delete_env/2`.
pub fn delete(app: &str, key: &str) -> bool {
    store::delete(app, key)
}

/// Loads an application: gives it its own defaults, a struct or a map, under what is configured.
///
/// What was put before under a key of the defaults or of the configuration is overwritten, unless
/// it was [put to stay](put_persistent). Loading again does the same again.
///
/// # Errors
///
/// [`PutError::NotAValue`] if the defaults are no table.
///
/// Elixir: the `env` of `Application.load/1`.
pub fn load<T: Serialize>(app: &str, defaults: T) -> Result<(), PutError> {
    let defaults = entry(app, "", defaults);
    let table = defaults.clone().into_defaults()?;
    store::load(&defaults.app, table);
    Ok(())
}

/// As [`load`], with what the spec of an application says, which has been looked at already.
pub(crate) fn load_defaults(defaults: Entry) {
    let app = defaults.app.clone();
    if let Ok(table) = defaults.into_defaults() {
        store::load(&app, table);
    }
}

/// Forgets an application: its defaults, and what was put. What is configured stays.
///
/// Says whether it was known.
///
/// Elixir: `Application.unload/1`.
pub fn unload(app: &str) -> bool {
    store::unload(app)
}

/// Reads a TOML file over the files that were read before; what was put stays.
///
/// # Errors
///
/// If the file cannot be read. Then nothing changes.
///
/// Elixir: `Config.Reader.read!/1` with `Application.put_all_env/1`.
pub fn load_file(path: impl AsRef<Path>) -> Result<(), ConfigError> {
    let table = read_file(path.as_ref()).map_err(|fault| ConfigError::new(vec![*fault]))?;
    store::configure(table);
    Ok(())
}

/// Runs a function that sees what is configured so far, and lays what it puts over that. What was
/// [put](put()) stays.
///
/// ```
/// use otp_core::env;
///
/// env::provide(|values| {
///     let host: String = values.get("bank.host").unwrap_or_else(|| "localhost".to_owned());
///     values.put("bank.url", format!("https://{host}/"))?;
///     Ok(())
/// })
/// .expect("a text can be put");
/// assert_eq!(env::get("bank", "url"), Some("https://localhost/".to_owned()));
/// ```
///
/// # Errors
///
/// That of the function. Then nothing changes.
///
/// Elixir: `Config.Provider`.
pub fn provide<F>(provider: F) -> Result<(), ConfigError>
where
    F: FnOnce(&mut Values) -> Result<(), Box<dyn Error + Send + Sync>>,
{
    store::provide(provider)
        .map_err(|error| ConfigError::new(vec![store::provider_fault(error.to_string())]))
}

/// One value for [`put_all`].
pub fn entry<T: Serialize>(app: impl Into<String>, key: impl Into<String>, value: T) -> Entry {
    Entry { app: app.into(), key: key.into(), value: Value::of(value) }
}

/// One value for [`put_all`], made by [`entry`].
#[derive(Clone)]
pub struct Entry {
    app: String,
    key: String,
    value: Result<Value, NotAValue>,
}

impl Entry {
    /// The value as the defaults of an application.
    pub(crate) fn into_defaults(self) -> Result<Table, PutError> {
        let Entry { app, key, value } = self;
        let why = match value {
            Ok(value) if matches!(value.kind, Kind::Table(_)) => {
                return Ok(into_table(mark(value, &ConfigSource::Defaults)));
            }
            Ok(Value { kind: Kind::Nil, .. }) => return Ok(Table::new()),
            Ok(_) => NotAValue("defaults must be a table".to_owned()),
            Err(why) => why,
        };
        Err(PutError::NotAValue { app, key, why })
    }

    /// The value as one that was put.
    fn checked(self) -> Result<Value, PutError> {
        let Entry { app, key, value } = self;
        match value {
            Ok(value) => Ok(mark(value, &ConfigSource::Put)),
            Err(why) => Err(PutError::NotAValue { app, key, why }),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the value, which may be secret.
        f.debug_struct("Entry").field("app", &self.app).field("key", &self.key).finish()
    }
}

/// Why [`fetch`] has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvError {
    /// The application is neither loaded nor configured: its name is misspelt, or it is asked too
    /// early.
    UnknownApplication {
        /// The application.
        app: String,
    },
    /// The application is known and has no such key.
    Unset {
        /// The application.
        app: String,
        /// The key.
        key: String,
    },
    /// The value is of another type.
    WrongType {
        /// The application.
        app: String,
        /// The key.
        key: String,
        /// Where the value came from, where it has one place.
        source: Option<ConfigSource>,
        /// What was found, and what was expected.
        wrong: Box<WrongType>,
    },
    /// There is no value, and the file where it may stand cannot be read.
    Config(ConfigError),
}

impl fmt::Display for EnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnvError::UnknownApplication { app } => {
                write!(f, "the application `{app}` is neither loaded nor configured")
            }
            EnvError::Unset { app, key } => {
                write!(f, "the application `{app}` has no value for the key `{key}`")
            }
            EnvError::WrongType { app, key, source, wrong } => {
                write!(f, "{app}.{key}: {wrong}")?;
                source.as_ref().map_or(Ok(()), |source| write!(f, " in {source}"))
            }
            EnvError::Config(error) => error.fmt(f),
        }
    }
}

impl Error for EnvError {}

/// Why values cannot be put.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PutError {
    /// The value cannot stand in a configuration.
    NotAValue {
        /// The application.
        app: String,
        /// The key; empty for the defaults of an application.
        key: String,
        /// What is wrong with the value.
        why: NotAValue,
    },
    /// The key is given twice.
    Twice {
        /// The application.
        app: String,
        /// The key.
        key: String,
    },
}

impl fmt::Display for PutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PutError::NotAValue { app, key, why } if key.is_empty() => write!(f, "{app}: {why}"),
            PutError::NotAValue { app, key, why } => write!(f, "{app}.{key}: {why}"),
            PutError::Twice { app, key } => write!(f, "{app}.{key} is given twice"),
        }
    }
}

impl Error for PutError {}

//! What is wrong with a configuration.

use std::fmt;

use super::value::{Value, WrongType};

/// Where a value came from, in order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConfigSource {
    /// The application's own defaults, given to [`env::load`](crate::env::load).
    Defaults,
    /// A file, by its name as it was given.
    File(String),
    /// A function given to [`Sources::provider`](super::Sources::provider) or
    /// [`env::provide`](crate::env::provide).
    Provider,
    /// An environment variable, by its name.
    Variable(String),
    /// A value that was put at run time.
    Put,
}

impl ConfigSource {
    /// Where a value came from; `None` for tables that were made on the way to a value.
    pub(crate) fn of(value: &Value) -> Option<ConfigSource> {
        value.source.as_deref().cloned()
    }
}

impl fmt::Display for ConfigSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConfigSource::Defaults => f.write_str("the application's defaults"),
            ConfigSource::File(name) => f.write_str(name),
            ConfigSource::Provider => f.write_str("a provider"),
            ConfigSource::Variable(name) => write!(f, "the environment variable `{name}`"),
            ConfigSource::Put => f.write_str("a value put at run time"),
        }
    }
}

/// One thing that is wrong with a configuration; prints as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The full path of the key, such as `bank.limits.requests`; empty for a whole file.
    pub key: String,
    /// Where the value stands, if there is one.
    pub source: Option<ConfigSource>,
    /// What is wrong.
    pub problem: Problem,
}

/// What a [`Fault`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is no value and no default.
    Missing {
        /// Every place where it could be given.
        places: Vec<String>,
    },
    /// The value is of another type.
    Wrong(WrongType),
    /// The value is of another type, and secret: neither it nor a text about it is kept.
    WrongSecret {
        /// The Rust type that it should be.
        expected: String,
    },
    /// The file is there and cannot be read, or it is not there and has to be.
    Unreadable {
        /// What the operating system says.
        message: String,
    },
    /// The file is no TOML.
    Malformed {
        /// The line, from 1, where it is known.
        line: Option<usize>,
        /// What is wrong there.
        message: String,
    },
    /// The file has a key that the type with `deny_unknown` does not know.
    Unknown {
        /// The key that was probably meant.
        meant: Option<String>,
    },
    /// A provider failed, or gave what cannot be a configuration value.
    Failed {
        /// What it says.
        message: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        match (&self.problem, &self.source) {
            (Problem::Missing { places }, _) => {
                f.write_str("is missing")?;
                match places.split_last() {
                    None => Ok(()),
                    Some((only, [])) => write!(f, "; set {only}"),
                    Some((last, first)) => write!(f, "; set {} or {last}", first.join(", ")),
                }
            }
            (Problem::Wrong(wrong), _) => write!(f, "{wrong}{}", place(self.source.as_ref())),
            (Problem::WrongSecret { expected }, _) => {
                write!(f, "is no `{expected}`{}", place(self.source.as_ref()))
            }
            (Problem::Unreadable { message }, Some(source)) => {
                write!(f, "{source} cannot be read: {message}")
            }
            (Problem::Malformed { line: Some(line), message }, Some(source)) => {
                write!(f, "{source}:{line}: {message}")
            }
            (Problem::Unknown { meant }, source) => {
                write!(f, "unknown key{}", place(source.as_ref()))?;
                meant.as_ref().map_or(Ok(()), |meant| write!(f, "; did you mean `{meant}`?"))
            }
            (
                Problem::Unreadable { message }
                | Problem::Malformed { message, .. }
                | Problem::Failed { message },
                source,
            ) => match source {
                Some(source) => write!(f, "{source}: {message}"),
                None => f.write_str(message),
            },
        }
    }
}

fn place(source: Option<&ConfigSource>) -> String {
    source.map_or_else(String::new, |source| format!(" in {source}"))
}

/// Everything that is wrong with a configuration, at once; prints one fault a line.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    faults: Vec<Fault>,
}

impl ConfigError {
    pub(crate) fn new(faults: Vec<Fault>) -> ConfigError {
        ConfigError { faults }
    }

    /// The faults: those of files first, then those of the fields in their order.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.faults.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{fault}")?;
        }
        Ok(())
    }
}

/// The same lines as for `Display`, as this is what a program prints whose `main` returns it.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} fault", self.faults.len())?;
        f.write_str(if self.faults.len() == 1 { ":" } else { "s:" })?;
        for fault in &self.faults {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

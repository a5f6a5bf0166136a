//! Typed configuration: from defaults, a file, the environment and the program itself.
//!
//! A struct says what can be configured. `#[derive(Config)]` of the crate `otp` reads it; by hand
//! it is [`Config::read`]:
//!
//! ```
//! use std::path::PathBuf;
//! use std::time::Duration;
//!
//! use otp_core::config::{Config, Reader, Sources};
//!
//! struct BankConfig {
//!     ledger: PathBuf,
//!     port: u16,
//!     timeout: Duration,
//! }
//!
//! impl Config for BankConfig {
//!     const APP: Option<&'static str> = Some("bank");
//!
//!     fn read(from: &mut Reader<'_>) -> Option<BankConfig> {
//!         // All fields are read before any `?`, so that all faults are found.
//!         let ledger = from.field("ledger").required();
//!         let port = from.field("port").env("BANK_PORT").or_else(|| 4000);
//!         let timeout = from.field("timeout").or_else(|| Duration::from_secs(5));
//!         Some(BankConfig { ledger: ledger?, port: port?, timeout: timeout? })
//!     }
//! }
//!
//! let file = "[bank]\nledger = 'ledger.db'\ntimeout = '250ms'\n";
//! let config = BankConfig::load_from(&Sources::new().toml_text(file)).unwrap();
//! assert_eq!(config.ledger, PathBuf::from("ledger.db"));
//! assert_eq!((config.port, config.timeout), (4000, Duration::from_millis(250)));
//! ```
//!
//! # How to supervise
//!
//! The values reach children as arguments of the tree: `AppSup::start_link(AppConfig::load()?)`.
//! A child that is started again gets what it got the first time.
//!
//! # Sources
//!
//! [`Config::load`] takes each value from the last of these that has it:
//!
//! 1. the field's default,
//! 2. the defaults given to [`env::load`](crate::env::load), for a type with an application,
//! 3. the TOML file: the one that the environment variable `OTP_CONFIG` names, which then must be
//!    there, or else `config.toml` in the current folder, which need not be there,
//! 4. functions given to [`env::provide`](crate::env::provide),
//! 5. the field's environment variable,
//! 6. values [put](crate::env::put) at run time, for a type with an application.
//!
//! A type with an application reads the table of that name, one without reads the whole file.
//! Tables of several sources are merged key by key; of anything else the last one is taken.
//!
//! # Values
//!
//! A field may be of any type that implements `serde`'s `Deserialize`. The values of a file are
//! not converted: `"80"` is no number and 4000.7 is no whole one. An environment variable is a
//! text, which is read as the type of its field: numbers; `true`, `false`, `1` or `0`; lists
//! between commas, of which an empty text has none; enums by the name of the variant.
//!
//! A [`Duration`](std::time::Duration) is a text with a unit (`us`, `ms`, `s`, `m` or `min`, `h`),
//! such as `"5s"` or `"1.5h"`. A bare number is refused, as it does not tell whether it means
//! seconds or, as in Elixir, milliseconds.
//!
//! # Names
//!
//! A key with dots is a path through tables: `limits.requests` is `requests` in `[limits]`.
//!
//! # When not to use it
//!
//! What does not differ from one place to another is a constant. What changes while the program
//! runs is the state of a server. A configuration is read once, at the start, and handed to the
//! supervision tree as an argument, so that a test passes its own.

mod de;
mod duration;
mod fault;
pub(crate) mod reader;
mod ser;
pub(crate) mod sources;
mod toml;
pub(crate) mod value;

pub use fault::{ConfigError, ConfigSource, Fault, Problem};
pub use reader::{Field, Reader};
pub use sources::{Sources, Values};
pub use value::{NotAValue, Value, WrongType};

use serde_core::de::DeserializeOwned;

/// A type that can be read from the configuration.
///
/// `#[derive(Config)]` implements it; the [module](self) shows how it is done by hand.
///
/// An `Option` of such a type is `None` when no source says anything about it.
///
/// Elixir: the part of `config/runtime.exs` about one application.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no configuration",
    label = "this needs `#[derive(Config)]`",
    note = "a field of a type with serde's `Deserialize` is written without `nested`",
    note = "OTP0807"
)]
pub trait Config: Sized {
    /// The application whose table holds the values; `None` for the root of the file.
    const APP: Option<&'static str> = None;

    /// Reads all fields; `None` when something is wrong with one, which the reader has noted.
    fn read(from: &mut Reader<'_>) -> Option<Self>;

    /// Reads it from where programs are configured: see [`Sources::standard`].
    ///
    /// It may read a file, which blocks; programs call it when they start.
    ///
    /// # Errors
    ///
    /// All faults at once.
    fn load() -> Result<Self, ConfigError> {
        Self::load_from(&Sources::standard())
    }

    /// Reads it from these sources; for tests.
    ///
    /// # Errors
    ///
    /// All faults at once.
    fn load_from(sources: &Sources) -> Result<Self, ConfigError> {
        reader::load(sources)
    }
}

/// A type whose values can be read from one key: every type with serde's `Deserialize` that does
/// not borrow.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from a configuration",
    label = "this type has no `serde::Deserialize`",
    note = "for a struct with `#[derive(Config)]` write `#[config(nested)]` above the field",
    note = "OTP0806"
)]
pub trait ConfigValue: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> ConfigValue for T {}

impl<C: Config> Config for Option<C> {
    const APP: Option<&'static str> = C::APP;

    fn read(from: &mut Reader<'_>) -> Option<Option<C>> {
        from.optional()
    }
}

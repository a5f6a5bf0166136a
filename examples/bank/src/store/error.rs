//! What goes wrong with the books.
//!
//! The errors print as sentences in both forms, since exit reasons are reported by their `Debug`.

use std::fmt;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why the books cannot be opened.
#[derive(Error)]
#[error("{}: {problem}", path.display())]
pub struct OpenError {
    /// The file.
    pub path: PathBuf,
    /// What is the matter with it.
    pub problem: Problem,
}

/// What is the matter with a file.
#[derive(Debug, Error)]
pub enum Problem {
    /// End the other process, or take another file.
    #[error("another process has it open")]
    InUse,
    /// Take another file.
    #[error("it is the database of another application")]
    Foreign,
    /// Take the program that wrote it.
    #[error("it has version {found} of the schema, and this program knows version {known} only")]
    Version {
        /// The version in the file.
        found: i64,
        /// The one that is known.
        known: i64,
    },
    /// Restore it from a copy.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Restore it from a copy, and look for whoever wrote into it.
    #[error("the books do not balance: {0}")]
    Unbalanced(String),
    /// The system or SQLite refuses it.
    #[error("{0}")]
    Sqlite(rusqlite::Error),
}

/// Why the books could not be read or written.
#[derive(Error)]
pub enum StoreError {
    /// What SQLite says.
    #[error("the books cannot be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A recorded answer is none.
    #[error("the recorded answer to an order cannot be read: {0}")]
    Record(#[from] serde_json::Error),
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Problem {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Problem::InUse,
            Some(ErrorCode::NotADatabase) => Problem::Foreign,
            Some(ErrorCode::DatabaseCorrupt) => Problem::Damaged(error.to_string()),
            _ => Problem::Sqlite(error),
        }
    }
}

impl fmt::Debug for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

//! The value on disk.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use redb::{Database, ReadableDatabase, StorageBackend, TableDefinition};

const VALUES: TableDefinition<'_, &str, i64> = TableDefinition::new("values");

/// A database with one number in it. Its functions block; [`Store::on_disk`] runs them aside.
#[derive(Clone, Debug)]
pub struct Store(Arc<Database>);

/// Why the store could not be used. It prints as a sentence in both forms, since exit reasons are
/// reported by their `Debug`.
pub struct StoreError(redb::Error);

impl Store {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// Somebody else has it open, it is no database, or it cannot be read or written.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        let database = Database::create(path).map_err(redb::Error::from)?;
        Ok(Store(Arc::new(database)))
    }

    /// A store on something else than a file.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub fn on(backend: impl StorageBackend) -> Result<Store, StoreError> {
        let database = Database::builder().create_with_backend(backend);
        Ok(Store(Arc::new(database.map_err(redb::Error::from)?)))
    }

    /// The value that was saved last; 0 at first.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub fn load(&self) -> Result<i64, StoreError> {
        let read = || -> Result<i64, redb::Error> {
            match self.0.begin_read()?.open_table(VALUES) {
                Ok(table) => Ok(table.get("counter")?.map_or(0, |value| value.value())),
                Err(redb::TableError::TableDoesNotExist(_)) => Ok(0),
                Err(error) => Err(error.into()),
            }
        };
        read().map_err(StoreError)
    }

    /// Saves a value. When this returns it is on disk, whatever happens next.
    ///
    /// # Errors
    ///
    /// The file cannot be written. Which value it has is known when it is opened again.
    pub fn save(&self, value: i64) -> Result<(), StoreError> {
        let write = || -> Result<(), redb::Error> {
            let transaction = self.0.begin_write()?;
            transaction.open_table(VALUES)?.insert("counter", value)?;
            Ok(transaction.commit()?)
        };
        write().map_err(StoreError)
    }

    /// Runs a function that uses the disk on a thread that may block.
    ///
    /// # Errors
    ///
    /// Those of the function.
    ///
    /// # Panics
    ///
    /// When the function does.
    pub async fn on_disk<T: Send + 'static>(
        work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

impl From<redb::Error> for StoreError {
    fn from(error: redb::Error) -> StoreError {
        StoreError(error)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            redb::Error::DatabaseAlreadyOpen => f.write_str("another process has it open"),
            error => error.fmt(f),
        }
    }
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

//! The books on disk, in SQLite.
//!
//! What is on disk is the truth: the rules about money are checked in the transaction that writes
//! it. The functions block; [`Store::run`] runs them aside.

mod commit;
mod error;
mod history;
#[cfg(test)]
mod model;
mod open;

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;

pub use commit::{Balance, Committed};
pub(crate) use commit::{balance, commit};
pub use error::{OpenError, Problem, StoreError};
pub(crate) use history::history;
pub use history::{History, Page, Posting};
pub use open::StoreOptions;

/// The account of the outside world, which takes the other side of deposits and withdrawals. Its
/// name is empty, so nobody can ask for it, and it alone may be below zero.
const OUTSIDE: i64 = 0;

/// A connection to the books.
#[derive(Clone, Debug)]
pub struct Store(Arc<Mutex<Connection>>);

impl Store {
    /// Runs a function on the books, on a thread that may block.
    ///
    /// # Errors
    ///
    /// Those of the function.
    ///
    /// # Panics
    ///
    /// When the function does.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = Arc::clone(&self.0);
        // Whoever panicked has ended the ledger, and its transaction is rolled back.
        let work = move || work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner));
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

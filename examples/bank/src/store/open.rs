//! Opening the books: nobody else has them, they are ours, and they balance.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::Store;
use super::error::{OpenError, Problem};

/// Says that a database is a bank's: `BANK` in ASCII.
const APPLICATION: i64 = 0x42_41_4e_4b;

/// The version of the schema.
const VERSION: i64 = 1;

/// How long whoever had the file before may take to let it go.
const PATIENCE: Duration = Duration::from_secs(1);

/// Postings are never changed. Each has the balance after it, and the number that it has in its
/// account; an account without postings has nothing. Account 0 is the outside world.
const SCHEMA: &str = "
    CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE entries (
        id INTEGER PRIMARY KEY,
        payer INTEGER NOT NULL REFERENCES accounts,
        payee INTEGER NOT NULL REFERENCES accounts,
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE postings (
        account INTEGER NOT NULL REFERENCES accounts,
        number INTEGER NOT NULL,
        entry INTEGER NOT NULL REFERENCES entries,
        amount INTEGER NOT NULL CHECK (amount <> 0),
        balance INTEGER NOT NULL CHECK (balance >= 0 OR account = 0),
        PRIMARY KEY (account, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE orders (
        key TEXT PRIMARY KEY,
        operation TEXT NOT NULL,
        answer TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO accounts (id, name) VALUES (0, '');
";

/// The file, and how it is used.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The file, which is made when it is not there.
    pub path: PathBuf,
    /// Whether a commit waits for the disk.
    pub sync: bool,
}

impl Store {
    /// Opens the books, or begins new ones.
    ///
    /// # Errors
    ///
    /// Somebody else has the file, it is not a bank's, it is damaged, or the system refuses it.
    pub fn open(options: &StoreOptions) -> Result<Store, OpenError> {
        match open(options) {
            Ok(connection) => Ok(Store(Arc::new(Mutex::new(connection)))),
            Err(problem) => Err(OpenError { path: options.path.clone(), problem }),
        }
    }
}

/// Opens the file, and changes nothing in it before it is sure that it is ours.
fn open(options: &StoreOptions) -> Result<Connection, Problem> {
    let mut connection = Connection::open(&options.path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(32);
    // Nobody else may write while answers are kept in memory; so the file stays locked.
    set(&connection, "locking_mode", "EXCLUSIVE")?;
    let is_new = is_new(&connection)?;
    set(&connection, "journal_mode", "WAL")?;
    // NORMAL, which is often advised for this journal, may lose the last commits in a power cut.
    set(&connection, "synchronous", if options.sync { "FULL" } else { "OFF" })?;
    set(&connection, "fullfsync", "ON")?;
    set(&connection, "foreign_keys", "ON")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if is_new {
        begin(&transaction)?;
    } else {
        audit(&transaction)?;
    }
    transaction.commit()?;
    Ok(connection)
}

fn set(connection: &Connection, pragma: &str, value: &str) -> Result<(), Problem> {
    Ok(connection.pragma_update_and_check(None, pragma, value, |_| Ok(())).or_else(|error| {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(()), // most of them say nothing
            error => Err(error),
        }
    })?)
}

fn number(connection: &Connection, query: &str) -> Result<i64, rusqlite::Error> {
    connection.query_row(query, [], |row| row.get(0))
}

/// Whether the database is empty; if it is not, it must be ours.
fn is_new(connection: &Connection) -> Result<bool, Problem> {
    let application = number(connection, "PRAGMA application_id")?;
    let found = number(connection, "PRAGMA user_version")?;
    let objects = number(connection, "SELECT count(*) FROM sqlite_schema")?;
    match (application, found, objects) {
        (0, 0, 0) => Ok(true),
        (APPLICATION, VERSION, _) => Ok(false),
        (APPLICATION, ..) => Err(Problem::Version { found, known: VERSION }),
        _ => Err(Problem::Foreign),
    }
}

/// Begins new books. A kill in the middle leaves none.
fn begin(transaction: &Transaction<'_>) -> Result<(), Problem> {
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

/// Checks the file, that all postings sum to zero, and that each balance follows from the one
/// before it.
pub(super) fn audit(connection: &Connection) -> Result<(), Problem> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found != "ok" {
        return Err(Problem::Damaged(found.replace('\n', " ")));
    }
    let sum = number(connection, "SELECT coalesce(sum(amount), 0) FROM postings")?;
    if sum != 0 {
        return Err(Problem::Unbalanced(format!("all postings sum to {sum}")));
    }
    let wrong = number(
        connection,
        "SELECT count(*) FROM (
            SELECT balance - amount - lag(balance, 1, 0) OVER w AS off,
                number - lag(number, 1, 0) OVER w AS step
            FROM postings WINDOW w AS (PARTITION BY account ORDER BY number)
        ) WHERE off <> 0 OR step <> 1",
    )?;
    if wrong != 0 {
        return Err(Problem::Unbalanced(format!("{wrong} do not follow from the one before")));
    }
    Ok(())
}

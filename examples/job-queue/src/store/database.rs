//! The file: opening it, and what is in it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use serde::{Deserialize, Serialize};

/// Marks the file as one of this program: "JOBQ".
const APPLICATION_ID: i64 = 0x4a4f_4251;

/// Which form the tables have.
const VERSION: i64 = 1;

/// How long another program, such as a shell on the file, may hold it while this one runs.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) const SCHEMA: &str = "
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        kind TEXT NOT NULL,
        args TEXT NOT NULL,
        state TEXT NOT NULL,
        priority INTEGER NOT NULL,
        attempt INTEGER NOT NULL DEFAULT 0,
        max_attempts INTEGER NOT NULL,
        unique_key TEXT,
        inserted_at INTEGER NOT NULL,
        scheduled_at INTEGER NOT NULL,
        attempted_at INTEGER,
        finished_at INTEGER,
        result TEXT
    ) STRICT;
    CREATE INDEX jobs_by_state ON jobs (state, id, queue);
    CREATE INDEX jobs_next ON jobs (queue, priority, scheduled_at, id)
        WHERE state = 'available';
    CREATE INDEX jobs_due ON jobs (scheduled_at) WHERE state IN ('scheduled', 'retryable');
    CREATE INDEX jobs_unique ON jobs (unique_key, queue, kind) WHERE unique_key IS NOT NULL;
    CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
    CREATE TABLE attempts (
        job INTEGER NOT NULL,
        began_at INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        ended_at INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        error TEXT,
        PRIMARY KEY (job, began_at, attempt)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE queues (
        name TEXT PRIMARY KEY,
        concurrency INTEGER NOT NULL,
        configured INTEGER NOT NULL,
        paused INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE cron (
        entry TEXT PRIMARY KEY,
        schedule TEXT NOT NULL,
        last_tick INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// Whether a commit waits for the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Synchronous {
    /// It does.
    Full,
    /// It does not, so a power cut loses what was answered.
    Off,
}

/// How the store is opened.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The file.
    pub path: PathBuf,
    /// Whether a commit waits for the disk.
    pub synchronous: Synchronous,
    /// The queues that are there from the start, and how many jobs each runs at a time.
    pub queues: BTreeMap<String, u32>,
    /// How many jobs any other queue runs.
    pub concurrency: u32,
}

/// Why the store cannot be used. It prints as a sentence in both forms, since exit reasons are
/// reported by their `Debug`.
#[derive(thiserror::Error)]
pub enum StoreError {
    /// A second program on the same file.
    #[error("another job-queue is running on {}", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The lock file.
    #[error("{} cannot be opened: {error}", path.display())]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The tables are not those of this program.
    #[error("{} is the database of another program", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The tables are those of a later version.
    #[error("{} was made by a newer version of job-queue", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("{} is damaged: {text}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first thing that was found.
        text: String,
    },
    /// The file cannot be opened.
    #[error("{} cannot be used: {}", path.display(), plain(error))]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        error: rusqlite::Error,
    },
    /// Reading or writing failed.
    #[error("the database failed: {}", plain(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// The thread that used the file panicked.
    #[error("a panic in the use of the database: {0}")]
    Panicked(String),
}

impl fmt::Debug for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What SQLite says, in words for whoever started the program.
fn plain(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program has it locked".to_owned()
        }
        Some(ErrorCode::NotADatabase) => "it is not a database".to_owned(),
        _ => error.to_string(),
    }
}

/// The open file of a store.
pub(super) struct Database {
    pub(super) connection: Connection,
    /// Keeps other programs out for as long as it is there.
    _lock: File,
}

impl Database {
    /// Opens the file, or makes it.
    pub(super) fn open(options: &StoreOptions) -> Result<Database, StoreError> {
        let path = &options.path;
        let lock = lock(path)?;
        let failed = |error| StoreError::Open { path: path.clone(), error };
        let connection = Connection::open(path).map_err(failed)?;
        connection.set_prepared_statement_cache_capacity(64);
        // At the start nobody waits for somebody else to finish.
        connection.busy_timeout(Duration::ZERO).map_err(failed)?;
        prepare(&connection, options)?;
        make_queues(&connection, &options.queues).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        Ok(Database { connection, _lock: lock })
    }
}

/// Opens the file for reading beside the store.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        Ok(connection)
    };
    open().map_err(|error| StoreError::Open { path: path.to_owned(), error })
}

/// Takes the lock that keeps a second program out. It is a file of its own, as a handle of the
/// database beside SQLite's would lose SQLite's locks when it is closed.
fn lock(path: &Path) -> Result<File, StoreError> {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    let lock = PathBuf::from(name);
    let fault = |error| StoreError::Lock { path: lock.clone(), error };
    let file = File::options().create(true).truncate(false).write(true).open(&lock);
    let file = file.map_err(fault)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(fault(error)),
    }
}

/// Makes the queues that are configured. A concurrency that was set while the program ran stays,
/// unless the configuration says another one than before.
fn make_queues(connection: &Connection, queues: &BTreeMap<String, u32>) -> rusqlite::Result<()> {
    let sql = "INSERT INTO queues (name, concurrency, configured) VALUES (?1, ?2, ?2)
               ON CONFLICT DO UPDATE SET concurrency = ?2, configured = ?2
               WHERE configured != ?2";
    let transaction = connection.unchecked_transaction()?;
    for (name, concurrency) in queues {
        transaction.prepare_cached(sql)?.execute((name, concurrency))?;
    }
    transaction.commit()
}

/// Brings an open file into the form that the program needs, or says why that cannot be.
fn prepare(connection: &Connection, options: &StoreOptions) -> Result<(), StoreError> {
    let path = || options.path.clone();
    let failed = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => {
            StoreError::Damaged { path: path(), text: error.to_string() }
        }
        _ => StoreError::Open { path: path(), error },
    };
    let number = |sql: &str| connection.query_row(sql, (), |row| row.get::<_, i64>(0));
    let application = number("PRAGMA application_id").map_err(failed)?;
    let tables = number("SELECT count(*) FROM sqlite_schema").map_err(failed)?;
    if application != APPLICATION_ID && (application != 0 || tables != 0) {
        return Err(StoreError::Foreign { path: path() });
    }
    if number("PRAGMA user_version").map_err(failed)? > VERSION {
        return Err(StoreError::Newer { path: path() });
    }
    let check = "PRAGMA quick_check(1)";
    let found = connection.query_row(check, (), |row| row.get::<_, String>(0));
    let text = found.map_err(failed)?;
    if text != "ok" {
        let text = text.replace('\n', " ");
        return Err(StoreError::Damaged { path: path(), text });
    }
    let synchronous = match options.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Off => "OFF",
    };
    let set = format!("PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous};");
    connection.execute_batch(&set).map_err(failed)?;
    let make = if application == APPLICATION_ID {
        "BEGIN IMMEDIATE; COMMIT;".to_owned() // whether it can be written
    } else {
        format!(
            "BEGIN IMMEDIATE; {SCHEMA}
             PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
        )
    };
    connection.execute_batch(&make).map_err(failed)
}

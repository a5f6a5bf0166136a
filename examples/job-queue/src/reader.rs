//! The reader answers questions about what is committed.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use otp::prelude::*;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use crate::job::{Attempt, Job};
use crate::state::State;
use crate::store::{StoreError, blocking, open_reader};
use crate::time::Time;

/// How many jobs are in one answer at most.
pub(crate) const PAGE: u32 = 500;

/// How many jobs are on a picture, of those that run and of the last ones.
const SHOWN: u32 = 30;

/// The process that reads the database. It reads beside the store, so a long answer holds up no
/// commit; what it sees is on disk.
pub struct Reader {
    connection: Arc<Mutex<Connection>>,
}

/// Which jobs are wanted.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in this state.
    pub state: Option<State>,
    /// Only in this queue.
    pub queue: Option<String>,
    /// Only with smaller ids.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// Some jobs, the latest first.
#[derive(Clone, Debug, Serialize)]
pub struct JobPage {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// What `before` is for the next ones; `None` when there are none.
    pub next: Option<i64>,
}

/// A queue as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QueueInfo {
    /// Its name.
    pub name: String,
    /// How many jobs it runs at a time.
    pub concurrency: u32,
    /// Whether it takes no jobs.
    pub paused: bool,
    /// How many of its jobs are in each state.
    pub counts: BTreeMap<State, i64>,
}

/// The last tick of an entry of the timetable.
pub(crate) type LastTicks = BTreeMap<String, Time>;

/// All that a page shows.
#[derive(Serialize)]
struct Picture {
    time: Time,
    queues: Vec<QueueInfo>,
    running: Vec<Job>,
    recent: Vec<Job>,
}

#[gen_server(name)]
impl Reader {
    #[init]
    /// Opens the file for reading, which the store has made.
    pub async fn init(path: PathBuf) -> Result<Self, StoreError> {
        let connection = blocking(move || open_reader(&path)).await?;
        Ok(Reader { connection: Arc::new(Mutex::new(connection)) })
    }

    /// A job with its history.
    #[handle_call]
    pub async fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        self.read(move |connection| job(connection, id)).await
    }

    /// Some jobs, the latest first.
    #[handle_call]
    pub async fn jobs(&self, filter: Filter) -> Result<JobPage, StoreError> {
        self.read(move |connection| jobs(connection, &filter)).await
    }

    /// All queues.
    #[handle_call]
    pub async fn queues(&self) -> Result<Vec<QueueInfo>, StoreError> {
        self.read(queues).await
    }

    /// When each entry of the timetable has ticked last.
    #[handle_call]
    pub(crate) async fn last_ticks(&self) -> Result<LastTicks, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT entry, last_tick FROM cron")?;
            let ticks = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?)))?;
            ticks.collect()
        })
        .await
    }

    /// All that a page shows, as JSON.
    #[handle_call]
    pub(crate) async fn picture(&self) -> Result<String, StoreError> {
        self.read(picture).await
    }

    /// Reads in one transaction, so that everything in an answer is of the same moment.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = Arc::clone(&self.connection);
        blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction()?;
            Ok(work(&transaction)?)
        })
        .await
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

const COLUMNS: &str = "id, queue, kind, args, state, priority, attempt, max_attempts, unique_key, \
                       inserted_at, scheduled_at, attempted_at, finished_at, result";

/// A job without its history.
fn bare(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        id: row.get("id")?,
        queue: row.get("queue")?,
        kind: row.get("kind")?,
        args: row.get("args")?,
        state: row.get("state")?,
        priority: row.get("priority")?,
        attempt: row.get("attempt")?,
        max_attempts: row.get("max_attempts")?,
        unique_key: row.get("unique_key")?,
        inserted_at: row.get("inserted_at")?,
        scheduled_at: row.get("scheduled_at")?,
        attempted_at: row.get("attempted_at")?,
        finished_at: row.get("finished_at")?,
        result: row.get("result")?,
        history: Vec::new(),
    })
}

fn history(connection: &Connection, id: i64) -> rusqlite::Result<Vec<Attempt>> {
    let sql = "SELECT attempt, began_at, ended_at, outcome, error FROM attempts
               WHERE job = ?1 ORDER BY began_at, attempt";
    let mut statement = connection.prepare_cached(sql)?;
    let attempts = statement.query_map([id], |row| {
        Ok(Attempt {
            attempt: row.get(0)?,
            began_at: row.get(1)?,
            ended_at: row.get(2)?,
            outcome: row.get(3)?,
            error: row.get(4)?,
        })
    })?;
    attempts.collect()
}

fn job(connection: &Connection, id: i64) -> rusqlite::Result<Option<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1");
    let job = connection.prepare_cached(&sql)?.query_row([id], bare).optional()?;
    let Some(mut job) = job else { return Ok(None) };
    job.history = history(connection, id)?;
    Ok(Some(job))
}

fn jobs(connection: &Connection, filter: &Filter) -> rusqlite::Result<JobPage> {
    // Said twice, as `?3 IS NULL OR state = ?3` would not use the index.
    let by_state = if filter.state.is_some() { "state = ?3" } else { "?3 IS NULL" };
    let by_queue = if filter.queue.is_some() { "queue = ?4" } else { "?4 IS NULL" };
    let sql = format!(
        "SELECT {COLUMNS} FROM jobs WHERE id < ?1 AND {by_state} AND {by_queue}
         ORDER BY id DESC LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let limit = filter.limit.min(PAGE);
    let before = filter.before.unwrap_or(i64::MAX);
    let rows = statement.query_map((before, limit, filter.state, &filter.queue), bare)?;
    let mut jobs: Vec<Job> = rows.collect::<rusqlite::Result<_>>()?;
    for job in &mut jobs {
        job.history = history(connection, job.id)?;
    }
    let full = jobs.len() == limit as usize;
    let next = jobs.last().filter(|_| full).map(|job| job.id);
    Ok(JobPage { jobs, next })
}

fn queues(connection: &Connection) -> rusqlite::Result<Vec<QueueInfo>> {
    let sql = "SELECT name, concurrency, paused FROM queues ORDER BY name";
    let mut statement = connection.prepare_cached(sql)?;
    let empty = || State::ALL.into_iter().map(|state| (state, 0)).collect::<BTreeMap<_, _>>();
    let queues = statement.query_map((), |row| {
        let (name, concurrency, paused) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(QueueInfo { name, concurrency, paused, counts: empty() })
    })?;
    let mut queues: Vec<QueueInfo> = queues.collect::<rusqlite::Result<_>>()?;
    let sql = "SELECT queue, state, count(*) FROM jobs GROUP BY state, queue";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        if let Some(queue) = queues.iter_mut().find(|queue| queue.name == name) {
            queue.counts.insert(row.get(1)?, row.get(2)?);
        }
    }
    Ok(queues)
}

fn picture(connection: &Connection) -> rusqlite::Result<String> {
    let running = Filter { state: Some(State::Executing), limit: SHOWN, ..Filter::default() };
    let recent = Filter { limit: SHOWN, ..Filter::default() };
    let picture = Picture {
        time: Time::now(),
        queues: queues(connection)?,
        running: jobs(connection, &running)?.jobs,
        recent: jobs(connection, &recent)?.jobs,
    };
    serde_json::to_string(&picture)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

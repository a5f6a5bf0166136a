//! What operations write with.

use std::convert::Infallible;

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::state::{State, Step};
use crate::store::batch::Effects;
use crate::time::Time;

/// The open transaction, and what will have to be told when it is committed.
pub(super) struct Writer<'t> {
    pub(super) connection: &'t Connection,
    pub(super) effects: &'t mut Effects,
    pub(super) now: Time,
    /// How many jobs a queue runs that is not configured.
    pub(super) concurrency: u32,
}

/// Why an operation gives no value.
#[derive(Debug)]
pub(super) enum Failed<E> {
    /// It must not be done. Others are not concerned.
    Refused(E),
    /// The database does not do what it should, so the transaction is over.
    Broken(rusqlite::Error),
}

/// The result of an operation that is never refused.
pub(super) type Written<T> = Result<T, Failed<Infallible>>;

impl<E> From<rusqlite::Error> for Failed<E> {
    fn from(error: rusqlite::Error) -> Failed<E> {
        Failed::Broken(error)
    }
}

/// What an operation has to know of a job.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) id: i64,
    pub(super) queue: String,
    pub(super) state: State,
    pub(super) attempt: u32,
    pub(super) max_attempts: u32,
    pub(super) attempted_at: Option<Time>,
}

impl Writer<'_> {
    /// Looks at a job.
    pub(super) fn head(&self, id: i64) -> rusqlite::Result<Option<Head>> {
        let sql = "SELECT id, queue, state, attempt, max_attempts, attempted_at
                   FROM jobs WHERE id = ?1";
        let head = |row: &rusqlite::Row<'_>| {
            Ok(Head {
                id: row.get(0)?,
                queue: row.get(1)?,
                state: row.get(2)?,
                attempt: row.get(3)?,
                max_attempts: row.get(4)?,
                attempted_at: row.get(5)?,
            })
        };
        self.connection.prepare_cached(sql)?.query_row([id], head).optional()
    }

    /// Takes a step, or does nothing and says so when it cannot be taken. Every change of a state
    /// is made here.
    pub(super) fn step(
        &mut self,
        job: &Head,
        step: Step,
        change: &Change,
    ) -> rusqlite::Result<bool> {
        let Some(state) = job.state.after(step) else { return Ok(false) };
        let sql = "UPDATE jobs SET state = :state, attempt = :attempt,
                   max_attempts = :max_attempts,
                   scheduled_at = coalesce(:scheduled_at, scheduled_at),
                   attempted_at = coalesce(:attempted_at, attempted_at),
                   finished_at = :finished_at, result = :result
                   WHERE id = :id AND state = :from";
        let changed = self.connection.prepare_cached(sql)?.execute(named_params! {
            ":id": job.id,
            ":from": job.state,
            ":state": state,
            ":attempt": change.attempt.unwrap_or(job.attempt),
            ":max_attempts": change.max_attempts.unwrap_or(job.max_attempts),
            ":scheduled_at": change.scheduled_at,
            ":attempted_at": change.attempted_at,
            ":finished_at": state.is_finished().then_some(self.now),
            ":result": change.result,
        })?;
        self.arrived(&job.queue, state, change.scheduled_at.unwrap_or(self.now));
        Ok(changed == 1)
    }

    /// Notes whom a job concerns that has come into a state.
    pub(super) fn arrived(&mut self, queue: &str, state: State, scheduled_at: Time) {
        self.effects.changed = true;
        match state {
            State::Available if !self.effects.woken.contains(queue) => {
                self.effects.woken.insert(queue.to_owned());
            }
            State::Scheduled | State::Retryable => {
                let due = self.effects.due.map_or(scheduled_at, |due| due.min(scheduled_at));
                self.effects.due = Some(due);
            }
            _ => {}
        }
    }

    /// Keeps what became of the attempt that is over.
    pub(super) fn record(
        &self,
        job: &Head,
        ended_at: Time,
        outcome: &str,
        error: Option<&str>,
    ) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO attempts
                   (job, began_at, attempt, ended_at, outcome, error)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let began_at = job.attempted_at.unwrap_or(ended_at);
        self.connection.prepare_cached(sql)?.execute((
            job.id,
            began_at,
            job.attempt,
            ended_at.max(began_at),
            outcome,
            error,
        ))?;
        Ok(())
    }
}

/// What a step changes beside the state.
#[derive(Debug, Default)]
pub(super) struct Change {
    pub(super) attempt: Option<u32>,
    pub(super) max_attempts: Option<u32>,
    pub(super) scheduled_at: Option<Time>,
    pub(super) attempted_at: Option<Time>,
    pub(super) result: Option<String>,
}

//! Enqueuing.

use rusqlite::OptionalExtension;

use crate::cron::CronEntry;
use crate::job::{Enqueued, NewJob, Unique};
use crate::state::State;
use crate::store::writer::{Failed, Writer};
use crate::time::Time;

/// How many queues there may be: names come from outside, and each queue is a process.
const MAX_QUEUES: i64 = 100;

/// Why nothing was enqueued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnqueueError {
    /// A new name of a queue, when there are many already.
    #[error("there are {MAX_QUEUES} queues already, which is the most there can be")]
    TooManyQueues,
}

impl Writer<'_> {
    /// Enqueues all of these jobs, or none.
    pub(super) fn enqueue(
        &mut self,
        jobs: &[NewJob],
    ) -> Result<Vec<Enqueued>, Failed<EnqueueError>> {
        jobs.iter().map(|job| self.enqueue_one(job)).collect()
    }

    fn enqueue_one(&mut self, job: &NewJob) -> Result<Enqueued, Failed<EnqueueError>> {
        self.make_queue(&job.queue)?;
        if let Some(unique) = &job.unique
            && let Some(there) = self.same(job, unique)?
        {
            return Ok(there);
        }
        Ok(self.insert(job)?)
    }

    /// Enqueues the job of a tick, whose queue is there.
    pub(super) fn enqueue_tick(&mut self, entry: &CronEntry, tick: Time) -> rusqlite::Result<()> {
        let job = entry.job_at(tick);
        let there = match &job.unique {
            Some(unique) => self.same(&job, unique)?,
            None => None,
        };
        if there.is_none() {
            self.insert(&job)?;
        }
        Ok(())
    }

    /// Makes sure that the queue of a job is there.
    fn make_queue(&mut self, name: &str) -> Result<(), Failed<EnqueueError>> {
        let known = "SELECT 1 FROM queues WHERE name = ?1";
        if self.connection.prepare_cached(known)?.exists([name])? {
            return Ok(());
        }
        let count = "SELECT count(*) FROM queues";
        if self.connection.query_row(count, (), |row| row.get::<_, i64>(0))? >= MAX_QUEUES {
            return Err(Failed::Refused(EnqueueError::TooManyQueues));
        }
        let sql = "INSERT INTO queues (name, concurrency, configured) VALUES (?1, ?2, ?2)";
        self.connection.execute(sql, (name, self.concurrency))?;
        Ok(())
    }

    /// The job that makes this one a duplicate.
    fn same(&self, job: &NewJob, unique: &Unique) -> rusqlite::Result<Option<Enqueued>> {
        let sql = "SELECT id, state FROM jobs
                   WHERE unique_key = ?1 AND queue = ?2 AND kind = ?3
                   AND (state IN ('available', 'scheduled', 'executing', 'retryable')
                        OR state = 'completed' AND inserted_at > ?4)
                   ORDER BY id DESC LIMIT 1";
        let since = if unique.period_seconds == 0 {
            self.now.after(unique.period()) // nothing is that new
        } else {
            self.now.before(unique.period())
        };
        let there = |row: &rusqlite::Row<'_>| {
            Ok(Enqueued { id: row.get(0)?, state: row.get(1)?, duplicate: true })
        };
        let parameters = (&unique.key, &job.queue, &job.kind, since);
        self.connection.prepare_cached(sql)?.query_row(parameters, there).optional()
    }

    fn insert(&mut self, job: &NewJob) -> rusqlite::Result<Enqueued> {
        let scheduled_at = job.scheduled_at.unwrap_or(self.now);
        let waits = scheduled_at > self.now;
        let state = if waits { State::Scheduled } else { State::Available };
        let sql = "INSERT INTO jobs (queue, kind, args, state, priority, max_attempts, unique_key,
                   inserted_at, scheduled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let id = self.connection.prepare_cached(sql)?.insert((
            &job.queue,
            &job.kind,
            job.args.to_string(),
            state,
            job.priority,
            job.max_attempts,
            job.unique.as_ref().map(|unique| &unique.key),
            self.now,
            scheduled_at,
        ))?;
        self.arrived(&job.queue, state, scheduled_at);
        Ok(Enqueued { id, state, duplicate: false })
    }
}

//! What a queue and the store tell each other: attempts that are over, and jobs to run.

use rusqlite::OptionalExtension;
use serde_json::Value;

use crate::state::Step;
use crate::store::writer::{Change, Head, Writer, Written};
use crate::time::Time;
use crate::worker::JobInfo;

/// What a queue has to tell, and how much it can take.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) queue: String,
    /// Whether the queue has just started, so that nothing of it can be running.
    pub(crate) begins: bool,
    /// Attempts that are over.
    pub(crate) finished: Vec<Finished>,
    /// How many jobs go on running.
    pub(crate) running: usize,
    /// Whether more are wanted.
    pub(crate) takes: bool,
}

/// An attempt that is over.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) job: JobInfo,
    pub(crate) ended_at: Time,
    pub(crate) outcome: Outcome,
    /// When it is tried again, if it is.
    pub(crate) retry_at: Time,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Completed(Value),
    Failed(String),
    Panicked(String),
    TimedOut(String),
    Discarded(String),
    Cancelled(String),
    /// The program stops.
    Released,
    /// It was cancelled from outside, which is written down already.
    Stopped,
}

/// What the store answers.
#[derive(Debug)]
pub(crate) struct Exchanged {
    /// Jobs to run. They are claimed, which is on disk.
    pub(crate) claimed: Vec<Claimed>,
    /// How many the queue may run at a time now; none when it is paused.
    pub(crate) limit: usize,
}

/// A job to run.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) job: JobInfo,
    pub(crate) kind: String,
    pub(crate) args: Value,
}

impl Writer<'_> {
    /// Writes down what a queue reports, and gives it as many jobs as it may run.
    pub(super) fn exchange(&mut self, report: &Report) -> Written<Exchanged> {
        if report.begins {
            self.rescue(&report.queue)?;
        }
        for finished in &report.finished {
            self.finish(finished)?;
        }
        let limit = self.limit(&report.queue)?;
        let free = if report.takes { limit.saturating_sub(report.running) } else { 0 };
        let claimed = if free > 0 { self.claim(&report.queue, free)? } else { Vec::new() };
        Ok(Exchanged { claimed, limit })
    }

    /// How many jobs a queue may run at a time.
    fn limit(&self, queue: &str) -> rusqlite::Result<usize> {
        let sql = "SELECT iif(paused, 0, concurrency) FROM queues WHERE name = ?1";
        let limit = self.connection.prepare_cached(sql)?.query_row([queue], |row| row.get(0));
        let limit: u32 = limit.optional()?.unwrap_or(0);
        Ok(limit as usize)
    }

    /// Takes jobs, those of the first priority first and the oldest of these.
    fn claim(&mut self, queue: &str, free: usize) -> rusqlite::Result<Vec<Claimed>> {
        let sql = "SELECT id FROM jobs WHERE queue = ?1 AND state = 'available'
                   ORDER BY priority, scheduled_at, id LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let free = i64::try_from(free).unwrap_or(i64::MAX);
        let ids = statement.query_map((queue, free), |row| row.get(0))?;
        let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>()?;
        drop(statement);
        let mut claimed = Vec::with_capacity(ids.len());
        for id in ids {
            let Some(head) = self.head(id)? else { continue };
            let attempt = head.attempt + 1;
            let attempted_at = Some(self.now);
            let change = Change { attempt: Some(attempt), attempted_at, ..Change::default() };
            if self.step(&head, Step::Claim, &change)? {
                let job = JobInfo { id, attempt, max_attempts: head.max_attempts };
                claimed.push(self.work_of(job)?);
            }
        }
        Ok(claimed)
    }

    fn work_of(&self, job: JobInfo) -> rusqlite::Result<Claimed> {
        let sql = "SELECT kind, args FROM jobs WHERE id = ?1";
        self.connection
            .prepare_cached(sql)?
            .query_row([job.id], |row| Ok(Claimed { job, kind: row.get(0)?, args: row.get(1)? }))
    }

    /// Writes down how an attempt ended. One that was cancelled meanwhile is left alone.
    fn finish(&mut self, finished: &Finished) -> rusqlite::Result<()> {
        let Some(head) = self.head(finished.job.id)? else { return Ok(()) };
        if head.attempt != finished.job.attempt {
            return Ok(());
        }
        let exhausted = head.attempt >= head.max_attempts;
        let failed = if exhausted { Step::Discard } else { Step::Fail };
        let (step, outcome, error) = match &finished.outcome {
            Outcome::Completed(_) => (Step::Complete, "completed", None),
            Outcome::Failed(error) => (failed, "failed", Some(error)),
            Outcome::Panicked(error) => (failed, "panicked", Some(error)),
            Outcome::TimedOut(error) => (failed, "timed_out", Some(error)),
            Outcome::Discarded(error) => (Step::Discard, "discarded", Some(error)),
            Outcome::Cancelled(error) => (Step::Cancel, "cancelled", Some(error)),
            Outcome::Released => (Step::Release, "released", None),
            Outcome::Stopped => return Ok(()),
        };
        let mut change = Change::default();
        match (&finished.outcome, step) {
            (Outcome::Completed(result), _) => change.result = Some(result.to_string()),
            (_, Step::Fail) => change.scheduled_at = Some(finished.retry_at),
            (_, Step::Release) => change.attempt = Some(head.attempt - 1),
            _ => {}
        }
        if self.step(&head, step, &change)? {
            self.record(&head, finished.ended_at, outcome, error.map(String::as_str))?;
        }
        Ok(())
    }

    /// Takes back the jobs of a queue whose attempts nobody runs any more. Such an attempt counts,
    /// so that a job that kills the program does not do so for ever.
    fn rescue(&mut self, queue: &str) -> rusqlite::Result<()> {
        let sql = "SELECT id FROM jobs WHERE state = 'executing' AND queue = ?1";
        let mut statement = self.connection.prepare_cached(sql)?;
        let ids = statement.query_map([queue], |row| row.get(0))?;
        let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>()?;
        drop(statement);
        for id in ids {
            let Some(head) = self.head(id)? else { continue };
            self.rescue_one(&head)?;
        }
        Ok(())
    }

    fn rescue_one(&mut self, head: &Head) -> rusqlite::Result<()> {
        let exhausted = head.attempt >= head.max_attempts;
        let step = if exhausted { Step::Discard } else { Step::Rescue };
        if self.step(head, step, &Change::default())? {
            let error = "the program ended during this attempt";
            self.record(head, self.now, "orphaned", Some(error))?;
        }
        Ok(())
    }
}

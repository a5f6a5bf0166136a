//! What time does: jobs become due, ticks come, old jobs go.

use std::time::Duration;

use rusqlite::OptionalExtension;

use crate::cron::CronEntry;
use crate::state::Step;
use crate::store::writer::{Change, Writer, Written};
use crate::time::Time;

/// How many jobs one operation handles, so that others are not held up.
const AT_ONCE: u32 = 1000;

impl Writer<'_> {
    /// Makes available what is due, and gives the time at which the next job is.
    pub(super) fn stage(&mut self) -> Written<Option<Time>> {
        let sql = "SELECT id FROM jobs WHERE state IN ('scheduled', 'retryable')
                   AND scheduled_at <= ?1 ORDER BY scheduled_at LIMIT ?2";
        let mut statement = self.connection.prepare_cached(sql)?;
        let ids = statement.query_map((self.now, AT_ONCE), |row| row.get(0))?;
        let ids: Vec<i64> = ids.collect::<rusqlite::Result<_>>()?;
        drop(statement);
        for id in ids {
            let Some(head) = self.head(id)? else { continue };
            self.step(&head, Step::Stage, &Change::default())?;
        }
        let next = "SELECT min(scheduled_at) FROM jobs WHERE state IN ('scheduled', 'retryable')";
        Ok(self.connection.prepare_cached(next)?.query_row((), |row| row.get(0))?)
    }

    /// Enqueues the ticks of an entry that are over and not enqueued yet. The last tick is kept in
    /// the same transaction, so each one is enqueued once, whatever happens.
    pub(super) fn tick(&mut self, entry: &CronEntry, catch_up: Duration) -> Written<usize> {
        let sql = "SELECT last_tick FROM cron WHERE entry = ?1 AND schedule = ?2";
        let of = (&entry.name, &entry.schedule);
        let last = self.connection.query_row(sql, of, |row| row.get(0)).optional()?;
        let Some(last) = last else {
            self.set_last_tick(entry, self.now)?;
            return Ok(0);
        };
        let since = self.now.before(catch_up).max(last);
        let ticks: Vec<Time> = entry.ticks(since, self.now).take(AT_ONCE as usize).collect();
        for tick in &ticks {
            self.enqueue_tick(entry, *tick)?;
        }
        if let Some(tick) = ticks.last() {
            self.set_last_tick(entry, *tick)?;
        }
        Ok(ticks.len())
    }

    fn set_last_tick(&self, entry: &CronEntry, tick: Time) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO cron (entry, schedule, last_tick) VALUES (?1, ?2, ?3)";
        let values = (&entry.name, &entry.schedule, tick);
        self.connection.prepare_cached(sql)?.execute(values)?;
        Ok(())
    }

    /// Removes jobs that were finished before a time, and gives their number.
    pub(super) fn prune(&mut self, before: Time) -> Written<usize> {
        let sql = "DELETE FROM attempts WHERE job IN (
                   SELECT id FROM jobs WHERE finished_at < ?1 ORDER BY finished_at LIMIT ?2)";
        self.connection.prepare_cached(sql)?.execute((before, AT_ONCE))?;
        let sql = "DELETE FROM jobs WHERE id IN (
                   SELECT id FROM jobs WHERE finished_at < ?1 ORDER BY finished_at LIMIT ?2)";
        let pruned = self.connection.prepare_cached(sql)?.execute((before, AT_ONCE))?;
        self.effects.changed |= pruned > 0;
        Ok(pruned)
    }
}

//! Timetables: which times an entry names, and the job of each.

use chrono::{DateTime, Utc};
use croner::Cron;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::job::{DEFAULT_QUEUE, InvalidJob, NewJob, Unique};
use crate::time::Time;
use crate::worker::{WorkerError, Workers};

/// An entry, as it is configured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CronConfig {
    /// `minute hour day month weekday`, with seconds in front if wanted, or `@daily` and the like.
    /// Times are UTC.
    pub schedule: String,
    /// The kind of its jobs.
    pub kind: String,
    /// What they are called with.
    #[serde(default)]
    pub args: Map<String, Value>,
    /// Where they wait.
    #[serde(default)]
    pub queue: Option<String>,
}

/// An entry of the timetable.
#[derive(Clone, Debug)]
pub struct CronEntry {
    /// Its name.
    pub name: String,
    /// Its schedule, as a text.
    pub schedule: String,
    /// What is enqueued at each tick.
    pub job: NewJob,
    cron: Cron,
}

/// What is wrong with an entry.
#[derive(Debug, thiserror::Error)]
pub enum CronError {
    /// The schedule cannot be read.
    #[error("the schedule {schedule:?} cannot be read: {error}")]
    Schedule {
        /// The schedule.
        schedule: String,
        /// What is wrong with it.
        error: croner::errors::CronError,
    },
    /// The job cannot be run.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The job makes no sense.
    #[error(transparent)]
    Job(#[from] InvalidJob),
}

impl CronEntry {
    /// Reads an entry.
    ///
    /// # Errors
    ///
    /// The schedule, the kind, its arguments or the queue cannot be used.
    pub fn new(name: &str, config: &CronConfig, workers: &Workers) -> Result<Self, CronError> {
        let schedule = config.schedule.clone();
        let cron = match schedule.parse::<Cron>() {
            Ok(cron) => cron,
            Err(error) => return Err(CronError::Schedule { schedule, error }),
        };
        let mut job = NewJob::new(&config.kind, Value::Object(config.args.clone()));
        job.queue = config.queue.clone().unwrap_or_else(|| DEFAULT_QUEUE.to_owned());
        workers.check(&job.kind, &job.args)?;
        job.check()?;
        Ok(CronEntry { name: name.to_owned(), schedule, job, cron })
    }

    /// The first tick after a moment; `None` when there is none any more.
    pub fn next(&self, after: Time) -> Option<Time> {
        let next: DateTime<Utc> = self.cron.find_next_occurrence(&after.to_date(), false).ok()?;
        Some(Time::from_date(next))
    }

    /// The ticks after one moment up to another, as many as are wanted.
    pub fn ticks(&self, after: Time, until: Time) -> impl Iterator<Item = Time> {
        let next = move |tick: &Time| self.next(*tick);
        std::iter::successors(self.next(after), next).take_while(move |tick| *tick <= until)
    }

    /// The job of a tick. Its key is that of the entry and the time, so one look at the jobs shows
    /// that each tick is there once.
    pub fn job_at(&self, tick: Time) -> NewJob {
        let key = format!("cron:{}:{tick}", self.name);
        let unique = Some(Unique { key, period_seconds: u32::MAX });
        NewJob { scheduled_at: Some(tick), unique, ..self.job.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::{CronConfig, CronEntry, Map, Time};
    use crate::kinds::workers;

    fn entry(schedule: &str) -> Result<CronEntry, String> {
        let config = CronConfig {
            schedule: schedule.to_owned(),
            kind: "echo".to_owned(),
            args: Map::new(),
            queue: None,
        };
        CronEntry::new("e", &config, &workers()).map_err(|error| error.to_string())
    }

    fn time(text: &str) -> Time {
        serde_json::from_str(&format!("\"{text}\"")).unwrap()
    }

    fn next(schedule: &str, after: &str) -> String {
        entry(schedule).unwrap().next(time(after)).unwrap().to_string()
    }

    #[test]
    fn the_next_time_is_after_now() {
        assert_eq!(next("0 3 * * *", "2026-11-29T02:59:59.999Z"), "2026-11-29T03:00:00.000Z");
        assert_eq!(next("0 3 * * *", "2026-11-29T03:00:00Z"), "2026-11-30T03:00:00.000Z");
        assert_eq!(next("*/5 * * * *", "2026-12-31T23:56:00Z"), "2027-01-01T00:00:00.000Z");
        assert_eq!(next("0 12 29 2 *", "2026-01-01T00:00:00Z"), "2028-02-29T12:00:00.000Z");
        assert_eq!(next("0 9 * * MON", "2026-11-29T00:00:00Z"), "2026-11-30T09:00:00.000Z");
        assert_eq!(next("@hourly", "2026-11-29T00:00:00.001Z"), "2026-11-29T01:00:00.000Z");
        assert_eq!(next("*/10 * * * * *", "2026-11-29T00:00:55Z"), "2026-11-29T00:01:00.000Z");
    }

    #[test]
    fn ticks_are_between_two_moments() {
        let entry = entry("*/20 * * * * *").unwrap();
        let ticks = entry.ticks(time("2026-11-29T00:00:00Z"), time("2026-11-29T00:01:00Z"));
        let seconds: Vec<String> = ticks.map(|tick| tick.to_string()[14..19].to_owned()).collect();
        assert_eq!(seconds, ["00:20", "00:40", "01:00"]);
        let now = time("2026-11-29T00:00:30Z");
        assert_eq!(entry.ticks(now, now).count(), 0);
    }

    #[test]
    fn a_schedule_that_cannot_be_read_is_refused() {
        for wrong in ["", "* * *", "61 * * * *", "every day"] {
            let error = entry(wrong).unwrap_err();
            assert!(error.starts_with(&format!("the schedule {wrong:?} cannot be")), "{error}");
        }
        assert!(entry("0 0 31 2 *").unwrap().next(Time::now()).is_none());
    }
}

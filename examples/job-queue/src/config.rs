//! What can be configured, in the table `[job-queue]` and the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use otp::prelude::*;

use crate::backoff::Backoff;
use crate::cron::{CronConfig, CronEntry, CronError};
use crate::job::{InvalidJob, is_queue_name};
use crate::store::{StoreOptions, Synchronous};
use crate::worker::Workers;

/// The configuration; every value has a default.
#[derive(Clone, Debug, Config)]
#[config(app = "job-queue", deny_unknown)]
pub struct QueueConfig {
    /// Where the program listens, on this machine only.
    #[config(env = "JOB_QUEUE_PORT", default = 4001)]
    pub port: u16,
    /// The file of the jobs.
    #[config(env = "JOB_QUEUE_DATABASE", default = "jobs.db")]
    pub database: PathBuf,
    /// How many jobs each queue runs at a time. Another value than the last time replaces what was
    /// set while the program ran.
    #[config(default = BTreeMap::from([("default".to_owned(), 10)]))]
    pub queues: BTreeMap<String, u32>,
    /// How many a queue runs that is not among them.
    #[config(env = "JOB_QUEUE_CONCURRENCY", default = 10)]
    pub concurrency: u32,
    /// How long running jobs may take to finish when the program is to stop.
    #[config(env = "JOB_QUEUE_DRAIN", default = 10s)]
    pub drain: Duration,
    /// How long a job waits after its first failed attempt; twice as long after each other one.
    #[config(env = "JOB_QUEUE_BACKOFF", default = 1s)]
    pub backoff: Duration,
    /// How long it waits at most.
    #[config(env = "JOB_QUEUE_BACKOFF_MAX", default = 3600s)]
    pub backoff_max: Duration,
    /// Other time limits than those of the kinds.
    #[config(default)]
    pub time_limits: BTreeMap<String, Duration>,
    /// For how long finished jobs are kept.
    #[config(env = "JOB_QUEUE_KEEP", default = 86400s)]
    pub keep: Duration,
    /// How often older ones are looked for.
    #[config(env = "JOB_QUEUE_PRUNE_EVERY", default = 30s)]
    pub prune_every: Duration,
    /// Jobs that are enqueued again and again.
    #[config(default)]
    pub cron: BTreeMap<String, CronConfig>,
    /// Ticks that the program has missed are enqueued later, when they are no older than this.
    #[config(env = "JOB_QUEUE_CRON_CATCH_UP", default = 3600s)]
    pub cron_catch_up: Duration,
    /// `off` loses jobs at a power cut. It is there for a test that has to see that.
    #[config(env = "JOB_QUEUE_SYNCHRONOUS", default = Synchronous::Full)]
    pub synchronous: Synchronous,
}

/// What the parts of the program are started with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The configuration.
    pub config: QueueConfig,
    /// The kinds of jobs.
    pub workers: Workers,
    /// Jobs that are enqueued again and again.
    pub cron: Vec<CronEntry>,
}

/// What is wrong with values that can be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The name of a queue.
    #[error("`job-queue.queues`: {name:?} is no name: {error}")]
    Queue {
        /// The name.
        name: String,
        /// What is wrong with it.
        error: InvalidJob,
    },
    /// A queue that would never run anything.
    #[error("`job-queue.queues`: {name:?} runs no job at a time; pause it instead")]
    Idle {
        /// Its name.
        name: String,
    },
    /// A job of the timetable.
    #[error("`job-queue.cron.{entry}`: {error}")]
    Cron {
        /// The entry.
        entry: String,
        /// What is wrong with it.
        error: CronError,
    },
    /// A time limit of nothing.
    #[error("`job-queue.time_limits.{kind}`: there is no such kind of job")]
    TimeLimit {
        /// The kind.
        kind: String,
    },
}

impl Settings {
    /// Checks a configuration against the kinds that there are.
    ///
    /// # Errors
    ///
    /// The first value that makes no sense.
    pub fn new(config: QueueConfig, workers: Workers) -> Result<Settings, SettingsError> {
        if let Some(name) = config.queues.keys().find(|name| !is_queue_name(name)) {
            return Err(SettingsError::Queue { name: name.clone(), error: InvalidJob::Queue });
        }
        if let Some((name, _)) = config.queues.iter().find(|(_, concurrency)| **concurrency == 0) {
            return Err(SettingsError::Idle { name: name.clone() });
        }
        for kind in config.time_limits.keys() {
            if !workers.kinds().any(|known| known == kind) {
                return Err(SettingsError::TimeLimit { kind: kind.clone() });
            }
        }
        let entries = config.cron.iter().map(|(name, entry)| {
            CronEntry::new(name, entry, &workers)
                .map_err(|error| SettingsError::Cron { entry: name.clone(), error })
        });
        let cron = entries.collect::<Result<_, _>>()?;
        Ok(Settings { config, workers, cron })
    }

    /// How failed jobs wait.
    pub fn backoff(&self) -> Backoff {
        Backoff { base: self.config.backoff, max: self.config.backoff_max }
    }

    /// What the store is opened with.
    pub fn store(&self) -> StoreOptions {
        let mut queues = self.config.queues.clone();
        for entry in &self.cron {
            queues.entry(entry.job.queue.clone()).or_insert(self.config.concurrency);
        }
        StoreOptions {
            queues,
            path: self.config.database.clone(),
            synchronous: self.config.synchronous,
            concurrency: self.config.concurrency,
        }
    }
}

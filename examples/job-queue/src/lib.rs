//! A durable job queue: jobs are kept in SQLite, run in supervised tasks, and tried again until
//! they succeed or have failed too often.
//!
//! [`AppSup`] is everything that runs; [`Store`] is the one process that writes, [`Queue`] runs
//! jobs, and [`Worker`] is what a kind of job implements.

mod api;
mod backoff;
mod config;
mod cron;
mod drainer;
mod feed;
mod foreman;
mod job;
mod kinds;
mod page;
mod pruner;
mod queue;
mod reader;
mod run;
mod scheduler;
mod stager;
mod state;
mod store;
mod time;
mod tree;
mod worker;

pub use backoff::Backoff;
pub use config::{QueueConfig, Settings, SettingsError};
pub use cron::{CronConfig, CronEntry, CronError};
pub use drainer::{Drainer, DrainerClient};
pub use feed::{Feed, FeedClient};
pub use foreman::{Foreman, ForemanClient};
pub use job::{Attempt, Enqueued, InvalidJob, Job, NewJob, Unique, is_queue_name};
pub use kinds::workers;
pub use pruner::{Pruner, PrunerClient};
pub use queue::{Queue, QueueClient, QueueSup, QueueTree, Queues, Runners};
pub use reader::{Filter, JobPage, QueueInfo, Reader, ReaderClient};
pub use scheduler::{Scheduler, SchedulerClient};
pub use stager::{Stager, StagerClient};
pub use state::{State, Step};
pub use store::{
    ControlError, EnqueueError, QueueChange, Store, StoreClient, StoreError, StoreOptions,
    Synchronous,
};
pub use time::Time;
pub use tree::AppSup;
pub use worker::{JobError, JobInfo, Worker, WorkerError, Workers};

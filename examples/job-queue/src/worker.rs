//! Kinds of jobs: what runs for each, and the table of them.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A kind of job.
///
/// ```
/// use job_queue::{JobError, JobInfo, Worker};
/// use serde_json::Value;
///
/// pub struct Greet;
///
/// #[derive(serde::Deserialize)]
/// pub struct Person {
///     name: String,
/// }
///
/// impl Worker for Greet {
///     const KIND: &'static str = "greet";
///     type Args = Person;
///
///     async fn perform(person: Person, job: JobInfo) -> Result<Value, JobError> {
///         println!("job {}, attempt {}: hello {}", job.id, job.attempt, person.name);
///         Ok(Value::Null)
///     }
/// }
/// ```
///
/// A job may run more than once, at worst after it has done its work: when the program dies before
/// it has written down that the job is completed. What must not happen twice is made safe with the
/// id of the job, which is the same in each attempt.
pub trait Worker: 'static {
    /// Its name, as jobs are enqueued with it.
    const KIND: &'static str;

    /// How long an attempt may take.
    const TIME_LIMIT: Duration = Duration::from_secs(60);

    /// What it is called with. A job whose arguments do not fit is refused when it is enqueued.
    type Args: DeserializeOwned + Send;

    /// Runs one attempt and gives the job's result.
    ///
    /// It is dropped at its await point when the job is cancelled, when its time is over, and when
    /// the program stops. A panic is a failed attempt.
    fn perform(
        args: Self::Args,
        job: JobInfo,
    ) -> impl Future<Output = Result<Value, JobError>> + Send;
}

/// What an attempt knows of its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobInfo {
    /// The same in each attempt, and never used for another job.
    pub id: i64,
    /// 1 in the first attempt.
    pub attempt: u32,
    /// After which attempt it is given up.
    pub max_attempts: u32,
}

/// Why an attempt did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobError {
    /// It is tried again, if there are attempts left.
    Failed(String),
    /// Trying again would be of no use.
    Discard(String),
    /// There is nothing to do any more.
    Cancel(String),
}

impl JobError {
    /// An error after which the job is tried again.
    pub fn failed(error: impl fmt::Display) -> JobError {
        JobError::Failed(error.to_string())
    }
}

/// An attempt that runs.
pub(crate) type Performing = Pin<Box<dyn Future<Output = Result<Value, JobError>> + Send>>;

/// All kinds of jobs that a program knows.
#[derive(Clone, Debug, Default)]
pub struct Workers(Arc<BTreeMap<&'static str, Entry>>);

#[derive(Clone, Copy, Debug)]
struct Entry {
    time_limit: Duration,
    check: fn(&Value) -> Result<(), String>,
    perform: fn(Value, JobInfo) -> Performing,
}

impl Workers {
    /// No kinds.
    pub fn new() -> Workers {
        Workers::default()
    }

    /// These, and one more.
    pub fn with<W: Worker>(mut self) -> Workers {
        let entry = Entry {
            time_limit: W::TIME_LIMIT,
            check: |args| read::<W>(args.clone()).map(drop),
            perform: |args, job| {
                Box::pin(async move {
                    W::perform(read::<W>(args).map_err(JobError::Discard)?, job).await
                })
            },
        };
        Arc::make_mut(&mut self.0).insert(W::KIND, entry);
        self
    }

    /// The names of all kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// Whether a job can be run, at least today.
    ///
    /// # Errors
    ///
    /// The kind is unknown, or the arguments do not fit.
    pub fn check(&self, kind: &str, args: &Value) -> Result<(), WorkerError> {
        let entry = self.entry(kind)?;
        (entry.check)(args).map_err(|text| WorkerError::Args { kind: kind.to_owned(), text })
    }

    /// Begins an attempt; gives its time limit, too.
    pub(crate) fn begin(
        &self,
        kind: &str,
        args: Value,
        job: JobInfo,
    ) -> Result<(Performing, Duration), WorkerError> {
        let entry = self.entry(kind)?;
        Ok(((entry.perform)(args, job), entry.time_limit))
    }

    fn entry(&self, kind: &str) -> Result<&Entry, WorkerError> {
        self.0.get(kind).ok_or_else(|| {
            let kinds: Vec<&str> = self.kinds().collect();
            WorkerError::Unknown { kind: kind.to_owned(), kinds: kinds.join(", ") }
        })
    }
}

/// Reads arguments.
fn read<W: Worker>(args: Value) -> Result<W::Args, String> {
    serde_json::from_value(args).map_err(|error| error.to_string())
}

/// Why a job cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkerError {
    /// No such kind.
    #[error("there is no kind of job {kind:?}; there are: {kinds}")]
    Unknown {
        /// The kind that was asked for.
        kind: String,
        /// Those that there are.
        kinds: String,
    },
    /// The arguments are not those of the kind.
    #[error("the arguments do not fit a job of kind {kind:?}: {text}")]
    Args {
        /// The kind.
        kind: String,
        /// What is wrong with them.
        text: String,
    },
}

#[cfg(test)]
mod tests {
    use super::WorkerError;
    use crate::kinds::workers;
    use serde_json::json;

    #[test]
    fn arguments_are_checked_before_anything_runs() {
        let workers = workers();
        assert_eq!(workers.check("sleep", &json!({ "ms": 5 })), Ok(()));
        let error = workers.check("sleep", &json!({ "ms": "five" })).unwrap_err();
        assert!(error.to_string().contains("expected u64"), "{error}");
        let error = workers.check("sleep", &json!({ "ms": 5, "s": 1 })).unwrap_err();
        assert!(error.to_string().contains("unknown field `s`"), "{error}");
        let error = workers.check("mail", &json!({})).unwrap_err();
        assert!(matches!(error, WorkerError::Unknown { .. }));
        let text = "there is no kind of job \"mail\"; there are: echo, fail, panic, sleep";
        assert_eq!(error.to_string(), text);
    }
}

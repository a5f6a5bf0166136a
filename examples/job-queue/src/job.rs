//! Jobs: as they are asked for, as they are kept, and what became of their attempts.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::state::State;
use crate::time::Time;

/// The name of the queue of jobs that name none.
pub(crate) const DEFAULT_QUEUE: &str = "default";

/// How often a job is tried when it does not say.
pub(crate) const DEFAULT_ATTEMPTS: u32 = 20;

/// A job that somebody wants to be done.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewJob {
    /// The kind, which says what runs.
    pub kind: String,
    /// What the kind is called with.
    #[serde(default = "no_args")]
    pub args: Value,
    /// Where it waits.
    #[serde(default = "default_queue")]
    pub queue: String,
    /// From 0, which is first, to 9.
    #[serde(default)]
    pub priority: u8,
    /// After how many attempts it is given up.
    #[serde(default = "default_attempts")]
    pub max_attempts: u32,
    /// Not before this time.
    pub scheduled_at: Option<Time>,
    /// Refuses a second job of the same key.
    pub unique: Option<Unique>,
}

/// Which jobs count as the same.
///
/// A new job is a duplicate when there is one of the same queue, kind and key that is not finished;
/// with a period, also when one was enqueued within that time and has succeeded since. Then nothing
/// is enqueued, and the answer is the job that is there. As in Oban, this is a rule for enqueuing:
/// a finished job that is retried by hand may meet another of its key.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// Any text.
    pub key: String,
    /// For how long a completed job counts.
    #[serde(default)]
    pub period_seconds: u32,
}

impl Unique {
    /// For how long a completed job counts.
    pub fn period(&self) -> Duration {
        Duration::from_secs(self.period_seconds.into())
    }
}

fn no_args() -> Value {
    Value::Object(serde_json::Map::new())
}

fn default_queue() -> String {
    DEFAULT_QUEUE.to_owned()
}

fn default_attempts() -> u32 {
    DEFAULT_ATTEMPTS
}

/// What is wrong with a job that somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidJob {
    /// The name of its queue.
    #[error("the name of a queue has 1 to 64 letters, digits, `-`, `_` or `.`")]
    Queue,
    /// Its priority.
    #[error("a priority is a number from 0, which is first, to 9")]
    Priority,
    /// Its number of attempts.
    #[error("`max_attempts` is a number from 1 to 1000")]
    Attempts,
    /// Its unique key.
    #[error("a unique key has 1 to 200 bytes")]
    Key,
}

impl NewJob {
    /// A job of this kind, with nothing else said.
    pub fn new(kind: impl Into<String>, args: Value) -> NewJob {
        NewJob {
            kind: kind.into(),
            args,
            queue: default_queue(),
            priority: 0,
            max_attempts: DEFAULT_ATTEMPTS,
            scheduled_at: None,
            unique: None,
        }
    }

    /// Looks at everything but the kind and its arguments.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), InvalidJob> {
        if !is_queue_name(&self.queue) {
            return Err(InvalidJob::Queue);
        }
        if self.priority > 9 {
            return Err(InvalidJob::Priority);
        }
        if !(1..=1000).contains(&self.max_attempts) {
            return Err(InvalidJob::Attempts);
        }
        match &self.unique {
            Some(unique) if !(1..=200).contains(&unique.key.len()) => Err(InvalidJob::Key),
            _ => Ok(()),
        }
    }
}

/// Whether a queue may have this name.
pub fn is_queue_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (1..=64).contains(&name.len()) && name.chars().all(allowed)
}

/// What came of enqueuing a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Enqueued {
    /// The new job, or the one that was there.
    pub id: i64,
    /// Its state.
    pub state: State,
    /// Whether nothing was enqueued, as the job was there.
    pub duplicate: bool,
}

/// A job as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Job {
    /// Never used for another job.
    pub id: i64,
    /// Where it waits.
    pub queue: String,
    /// What runs.
    pub kind: String,
    /// What the kind is called with.
    pub args: Value,
    /// Where it is in its life.
    pub state: State,
    /// From 0, which is first, to 9.
    pub priority: u8,
    /// How many attempts have begun and count.
    pub attempt: u32,
    /// After how many attempts it is given up.
    pub max_attempts: u32,
    /// What makes it unique.
    pub unique_key: Option<String>,
    /// When it was enqueued.
    pub inserted_at: Time,
    /// From when on it may run.
    pub scheduled_at: Time,
    /// When its last attempt began.
    pub attempted_at: Option<Time>,
    /// When it was finished.
    pub finished_at: Option<Time>,
    /// What it succeeded with.
    pub result: Option<Value>,
    /// The attempts that are over, in order.
    pub history: Vec<Attempt>,
}

/// An attempt that is over.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attempt {
    /// Its number.
    pub attempt: u32,
    /// When it was claimed.
    pub began_at: Time,
    /// When it was over, or found to be.
    pub ended_at: Time,
    /// `completed`, `failed`, `panicked`, `timed_out`, `discarded`, `cancelled`, `released` or
    /// `orphaned`.
    pub outcome: String,
    /// What went wrong.
    pub error: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::{InvalidJob, NewJob, Unique, is_queue_name};
    use serde_json::json;

    #[test]
    fn a_job_needs_only_a_kind() {
        let job: NewJob = serde_json::from_value(json!({ "kind": "echo" })).unwrap();
        assert_eq!(job, NewJob::new("echo", json!({})));
        assert_eq!(job.check(), Ok(()));
        assert!(serde_json::from_value::<NewJob>(json!({ "kind": "echo", "when": 1 })).is_err());
        assert!(serde_json::from_value::<NewJob>(json!({ "args": {} })).is_err());
    }

    #[test]
    fn what_is_out_of_bounds_is_found() {
        let job = NewJob::new("echo", json!({}));
        let with = |change: fn(&mut NewJob)| {
            let mut job = job.clone();
            change(&mut job);
            job.check()
        };
        assert_eq!(with(|job| job.queue = "a b".to_owned()), Err(InvalidJob::Queue));
        assert_eq!(with(|job| job.priority = 10), Err(InvalidJob::Priority));
        assert_eq!(with(|job| job.max_attempts = 0), Err(InvalidJob::Attempts));
        let unnamed = |job: &mut NewJob| {
            job.unique = Some(Unique { key: String::new(), period_seconds: 0 });
        };
        assert_eq!(with(unnamed), Err(InvalidJob::Key));
        for (name, allowed) in [("mail.eu-1", true), ("", false), ("ü", false), ("../x", false)] {
            assert_eq!(is_queue_name(name), allowed, "{name}");
        }
        assert!(is_queue_name(&"q".repeat(64)) && !is_queue_name(&"q".repeat(65)));
    }
}

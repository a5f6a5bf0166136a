//! The kinds of jobs of this program: small ones, to see what happens to jobs.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::worker::{JobError, JobInfo, Worker, Workers};

/// All kinds that this program runs.
pub fn workers() -> Workers {
    Workers::new().with::<Echo>().with::<Sleep>().with::<Fail>().with::<Panic>()
}

/// Has its arguments as its result.
#[derive(Debug)]
pub(crate) struct Echo;

impl Worker for Echo {
    const KIND: &'static str = "echo";
    type Args = Value;

    async fn perform(args: Value, _: JobInfo) -> Result<Value, JobError> {
        Ok(args)
    }
}

/// Takes its time.
#[derive(Debug)]
pub(crate) struct Sleep;

/// How long [`Sleep`] takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SleepArgs {
    ms: u64,
}

impl Worker for Sleep {
    const KIND: &'static str = "sleep";
    const TIME_LIMIT: Duration = Duration::from_secs(30);
    type Args = SleepArgs;

    async fn perform(args: SleepArgs, _: JobInfo) -> Result<Value, JobError> {
        tokio::time::sleep(Duration::from_millis(args.ms)).await;
        Ok(json!({ "slept_ms": args.ms }))
    }
}

/// Fails at first.
#[derive(Debug)]
pub(crate) struct Fail;

/// How often [`Fail`] fails before it succeeds.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailArgs {
    times: u32,
}

impl Worker for Fail {
    const KIND: &'static str = "fail";
    type Args = FailArgs;

    async fn perform(args: FailArgs, job: JobInfo) -> Result<Value, JobError> {
        if job.attempt <= args.times {
            let (attempt, times) = (job.attempt, args.times);
            return Err(JobError::failed(format!("failed as asked, {attempt} of {times} times")));
        }
        Ok(json!({ "attempts": job.attempt }))
    }
}

/// Panics.
#[derive(Debug)]
pub(crate) struct Panic;

impl Worker for Panic {
    const KIND: &'static str = "panic";
    type Args = Value;

    async fn perform(_: Value, job: JobInfo) -> Result<Value, JobError> {
        panic!("job {} panics, as asked", job.id)
    }
}

//! One attempt, as a task runs it.

use std::time::Duration;

use otp::prelude::*;
use tokio::sync::oneshot;

use crate::store::Outcome;
use crate::worker::{JobError, Performing};

/// Runs an attempt until it ends, its time is over, or its queue drops the other end of `stopped`.
///
/// The label names the job in the report of a panic.
pub(crate) async fn run(
    label: String,
    work: Performing,
    limit: Duration,
    stopped: oneshot::Receiver<()>,
) -> Outcome {
    process::set_label(label);
    tokio::select! {
        result = work => match result {
            Ok(value) => Outcome::Completed(value),
            Err(JobError::Failed(error)) => Outcome::Failed(error),
            Err(JobError::Discard(error)) => Outcome::Discarded(error),
            Err(JobError::Cancel(error)) => Outcome::Cancelled(error),
        },
        _ = stopped => Outcome::Stopped,
        () = tokio::time::sleep(limit) => {
            Outcome::TimedOut(format!("it took longer than {limit:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, JobError, Outcome, Performing, oneshot, run};
    use serde_json::json;

    const LIMIT: Duration = Duration::from_secs(5);

    fn taking(time: Duration, error: Option<JobError>) -> Performing {
        Box::pin(async move {
            tokio::time::sleep(time).await;
            error.map_or(Ok(json!(7)), Err)
        })
    }

    #[otp::test(start_paused = true)]
    async fn an_attempt_ends_in_one_of_these_ways() {
        let second = Duration::from_secs(1);
        let failed = |error| taking(second, Some(error));
        let text = || "no".to_owned();
        for (work, outcome) in [
            (taking(second, None), Outcome::Completed(json!(7))),
            (failed(JobError::Failed(text())), Outcome::Failed(text())),
            (failed(JobError::Discard(text())), Outcome::Discarded(text())),
            (failed(JobError::Cancel(text())), Outcome::Cancelled(text())),
            (taking(LIMIT * 2, None), Outcome::TimedOut("it took longer than 5s".to_owned())),
        ] {
            let (_keep, stopped) = oneshot::channel();
            assert_eq!(run("job 1".to_owned(), work, LIMIT, stopped).await, outcome);
        }
    }

    #[otp::test(start_paused = true)]
    async fn an_attempt_that_is_stopped_ends_at_once() {
        let (stop, stopped) = oneshot::channel();
        drop(stop);
        let work = taking(LIMIT / 2, None);
        assert_eq!(run("job 1".to_owned(), work, LIMIT, stopped).await, Outcome::Stopped);
    }
}

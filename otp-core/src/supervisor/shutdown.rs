//! Ending a child and waiting until it is really gone.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use crate::child_spec::Shutdown;
use crate::pid::Pid;
use crate::process::block::ProcessRef;
use crate::process::signal::{self, Cause};
use crate::process::wait::exited;
use crate::reason::ExitReason;
use crate::seam;

/// Ends a process as its spec says, in the name of `supervisor`; gives the reason it ended with.
///
/// When it returns, the process is out of the table, its name is free and its state is dropped.
pub(crate) async fn shut_down(
    process: &ProcessRef,
    supervisor: Pid,
    shutdown: Shutdown,
) -> ExitReason {
    let gone = exited(ProcessRef::clone(process));
    let mut gone = std::pin::pin!(gone);
    let order = |reason| signal::exit(&**process, supervisor, &reason, Cause::Sent);
    match shutdown {
        Shutdown::BrutalKill => order(ExitReason::Kill),
        Shutdown::Infinity => order(ExitReason::Shutdown),
        Shutdown::After(limit) => {
            order(ExitReason::Shutdown);
            if let Some(reason) = within(limit, gone.as_mut()).await {
                return reason;
            }
            order(ExitReason::Kill);
        }
    }
    gone.await
}

/// The output of a future, if it is ready in time.
async fn within<F: Future + Unpin>(limit: Duration, mut future: F) -> Option<F::Output> {
    if limit.is_zero() {
        return None;
    }
    let mut sleep = std::pin::pin!(seam::sleep(limit));
    poll_fn(|task| match std::pin::Pin::new(&mut future).poll(task) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => sleep.as_mut().poll(task).map(|()| None),
    })
    .await
}

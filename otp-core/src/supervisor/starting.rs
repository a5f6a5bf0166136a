//! Waiting for the start of a child, which may never end.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use crate::child_spec::Shutdown;
use crate::gen_server::StartError;
use crate::process::block::{ProcessRef, with_control};
use crate::process::{current, find_pid};
use crate::reason::ExitReason;
use crate::supervisor::entry::{Entry, Up};
use crate::supervisor::shutdown::shut_down;

/// Starts a child of the running supervisor.
///
/// When the supervisor is told by its own starter to end, the start is broken off: the child is
/// shut down as its spec says, however far it is. A supervisor does the same with its own children,
/// so a whole tree that is stuck in a start can be ended. In OTP it has to be killed.
pub(super) fn start(entry: &Entry) -> impl Future<Output = Result<Up, StartError>> + Send + use<> {
    let (starting, shutdown) = (entry.start(), entry.settings.shutdown);
    async move {
        let mut starting = pin!(starting);
        let started = poll_fn(|task| match starting.as_mut().poll(task) {
            Poll::Ready(started) => Poll::Ready(Some(started)),
            Poll::Pending if is_to_end() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        });
        if let Some(started) = started.await {
            return started;
        }
        break_off(shutdown).await;
        Err(StartError::Exit(ExitReason::Shutdown))
    }
}

fn is_to_end() -> bool {
    current::with(|supervisor| supervisor.head().is_ordered()).unwrap_or(false)
}

/// Ends what the running supervisor has begun to start.
async fn break_off(shutdown: Shutdown) {
    let Some(supervisor) = current::get() else { return };
    let links = with_control(&*supervisor, |control, _| {
        control.get_rare().map(|rare| rare.links.to_vec()).unwrap_or_default()
    });
    let pid = supervisor.head().pid;
    let begun =
        |child: &ProcessRef| child.head().is_starting() && child.head().parent() == Some(pid);
    let begun: Vec<ProcessRef> = links.into_iter().filter_map(find_pid).filter(begun).collect();
    for child in begun {
        shut_down(&child, pid, shutdown).await;
    }
}

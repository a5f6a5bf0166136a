//! Ending a child and waiting until it is really gone.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use crate::child_spec::{ChildSettings, Restart, Shutdown};
use crate::pid::Pid;
use crate::process::block::{ProcessRef, with_control};
use crate::process::find_pid;
use crate::process::signal::{self, Cause};
use crate::process::wait::exited;
use crate::reason::ExitReason;
use crate::seam;
use crate::supervisor::SupervisorRef;

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

/// What a process that keeps its order has started and linked, last one first.
pub(crate) fn take_started(owner: &ProcessRef) -> Vec<ProcessRef> {
    let started = with_control(&**owner, |control, _| {
        control.get_rare_mut().map(|rare| std::mem::take(&mut rare.started))
    });
    started.unwrap_or_default().into_iter().rev().filter_map(find_pid).collect()
}

/// Stops what a process has started and linked, last one first, and waits for each.
pub(crate) async fn stop_started(owner: &ProcessRef) {
    for process in take_started(owner) {
        shut_down(&process, owner.head().pid, shutdown_of(&process)).await;
    }
}

/// How long a process that is no child may take to stop.
///
/// A supervisor gives its children their own limits, so it has none itself.
pub(crate) fn shutdown_of(process: &ProcessRef) -> Shutdown {
    if SupervisorRef::of_process(ProcessRef::clone(process)).is_some() {
        Shutdown::Infinity
    } else {
        Shutdown::After(Duration::from_secs(5))
    }
}

/// Ends many processes at the same time; gives the reasons they ended with, in the same order.
///
/// All are told before any is waited for, and each has its own limit from then on. They are waited
/// for one after another, in the order of their limits: so none is given more time than it has,
/// although there is only one timer at a time.
pub(super) async fn shut_down_all(
    processes: &[(ProcessRef, Shutdown)],
    supervisor: Pid,
) -> Vec<ExitReason> {
    let order = |process: &ProcessRef, reason| {
        signal::exit(&**process, supervisor, &reason, Cause::Sent);
    };
    let told = seam::now();
    let mut limited = Vec::new();
    for (process, shutdown) in processes {
        match shutdown {
            Shutdown::BrutalKill => order(process, ExitReason::Kill),
            Shutdown::Infinity => order(process, ExitReason::Shutdown),
            Shutdown::After(limit) => {
                order(process, ExitReason::Shutdown);
                limited.push((*limit, process));
            }
        }
    }
    limited.sort_unstable_by_key(|(limit, _)| *limit);
    for (limit, process) in limited {
        let left = limit.saturating_sub(seam::now().duration_since(told));
        let gone = std::pin::pin!(exited(ProcessRef::clone(process)));
        if within(left, gone).await.is_none() {
            order(process, ExitReason::Kill); // means nothing to one that is dead
        }
    }
    let mut reasons = Vec::with_capacity(processes.len());
    for (process, _) in processes {
        reasons.push(exited(ProcessRef::clone(process)).await);
    }
    reasons
}

/// Whether a child that was told to end did so in good order.
pub(super) fn as_expected(reason: &ExitReason, settings: &ChildSettings) -> bool {
    match (reason, settings.shutdown) {
        (ExitReason::Killed, Shutdown::BrutalKill) => true,
        (ExitReason::Normal, _) => settings.restart != Restart::Permanent,
        _ => reason.is_normal(),
    }
}

/// The output of a future, if it is ready in time.
pub(crate) async fn within<F: Future + Unpin>(limit: Duration, mut future: F) -> Option<F::Output> {
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

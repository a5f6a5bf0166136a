//! Waiting for a process to be gone.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::pid::Pid;
use crate::process::block::{Process, ProcessRef, with_control};
use crate::process::control::Phase;
use crate::process::find_pid;
use crate::reason::ExitReason;

/// Ready when the process is dead and everybody has been told; gives the reason.
pub(crate) fn exited(process: ProcessRef) -> Exited {
    Exited { process, place: None }
}

/// Waits until a process has ended, and says why it did.
///
/// It needs no monitor and works outside a process, too. `None` when there was no such process any
/// more.
///
/// # Cancel safety
///
/// The future may be dropped at any time.
pub async fn join(pid: Pid) -> Option<ExitReason> {
    let process = find_pid(pid)?;
    Some(exited(process).await)
}

/// A place among a process's waiters; see [`exited`].
pub(crate) struct Exited {
    process: ProcessRef,
    place: Option<usize>,
}

impl Exited {
    /// Enters the task among the waiters, or gives the reason if the process is dead.
    pub(crate) fn poll_exited(&mut self, cx: &mut Context<'_>) -> Poll<ExitReason> {
        enter(&*self.process, &mut self.place, cx)
    }
}

/// Enters a task among a process's waiters, or gives the reason if the process is dead.
pub(crate) fn enter(
    process: &dyn Process,
    place: &mut Option<usize>,
    cx: &mut Context<'_>,
) -> Poll<ExitReason> {
    with_control(process, |control, _| {
        if control.phase == Phase::Dead {
            *place = None; // the waiters were taken
            return Poll::Ready(control.reason().cloned().unwrap_or(ExitReason::Normal));
        }
        let waiters = &mut control.rare().waiters;
        match *place {
            Some(place) => waiters.refresh(place, cx.waker()),
            None => *place = Some(waiters.enter(cx.waker().clone())),
        }
        Poll::Pending
    })
}

/// Gives up a place among a process's waiters.
pub(crate) fn leave(process: &dyn Process, place: Option<usize>) {
    let Some(place) = place else { return };
    with_control(process, |control, _| {
        if control.phase != Phase::Dead {
            control.rare().waiters.leave(place);
        }
    });
}

impl Future for Exited {
    type Output = ExitReason;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        self.poll_exited(cx)
    }
}

impl Drop for Exited {
    fn drop(&mut self) {
        leave(&*self.process, self.place);
    }
}

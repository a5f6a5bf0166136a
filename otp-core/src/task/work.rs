//! What the process of a task does: run the future, and hand over its output.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;
use tokio::task::JoinHandle;

use crate::message::Message;
use crate::panic::catch;
use crate::process::MonitorRef;
use crate::process::block::{ProcessRef, with_control};
use crate::process::control::{Phase, Watched, Watcher};
use crate::process::{current, signal};
use crate::reason::ExitReason;
use crate::seam;
use crate::supervisor::ChildError;
use crate::task::TaskDone;

/// Where the output of a task goes.
pub(crate) trait Deliver<T>: Send + 'static {
    fn deliver(self, value: T);
}

/// To whoever awaits the task. One that is not awaited any more vanishes.
impl<T: Send + 'static> Deliver<T> for oneshot::Sender<T> {
    fn deliver(self, value: T) {
        let _ = self.send(value);
    }
}

/// Nowhere.
pub(crate) struct Nowhere;

impl<T> Deliver<T> for Nowhere {
    fn deliver(self, _: T) {}
}

/// Into the owner's mailbox, as [`TaskDone`], unless the owner has removed the monitor.
pub(crate) struct Tell {
    owner: ProcessRef,
    monitor: MonitorRef,
}

impl Tell {
    /// Has `owner` watch `task`, whose end without a result becomes a [`TaskDone`], too.
    pub(crate) fn watch<T: Send + 'static>(owner: &ProcessRef, task: &ProcessRef) -> Tell {
        let (owner_pid, pid) = (owner.head().pid, task.head().pid);
        let monitor = MonitorRef::new(owner_pid);
        let tag = |down: crate::message::Down| {
            let result: Result<T, ExitReason> = Err(said(down.reason));
            Message::new(TaskDone { monitor: down.monitor, result })
        };
        let watched = Watched { pid: Some(pid), tag: Some(Box::new(tag)) };
        with_control(&**owner, |control, _| control.rare().monitors.insert(monitor, watched));
        let watcher = Watcher { pid: owner_pid, target: crate::message::Target::Pid(pid) };
        signal::watch(&**task, monitor, watcher);
        Tell { owner: ProcessRef::clone(owner), monitor }
    }

    pub(crate) fn monitor(&self) -> MonitorRef {
        self.monitor
    }
}

impl<T: Send + 'static> Deliver<T> for Tell {
    fn deliver(self, value: T) {
        let Tell { owner, monitor } = self;
        let mut message = Some(Message::new(TaskDone { monitor, result: Ok(value) }));
        // Result and end of the monitor are one step, so there is never a second message.
        let wake = with_control(&*owner, |control, inbox| {
            if control.phase != Phase::Running || control.unwatch(monitor).is_none() {
                return false;
            }
            message.take().is_some_and(|it| signal::deliver(&*owner, control, inbox, it))
        });
        if wake {
            owner.head().wake_for_mail();
        }
        if let Some(process) = current::get() {
            with_control(&*process, |control, _| {
                control.get_rare_mut().and_then(|rare| rare.monitored_by.remove(&monitor))
            });
        }
    }
}

/// Inside the reason of a task that its supervisor did not take.
#[derive(Clone)]
pub(crate) struct Refused(pub(crate) ChildError);

impl std::fmt::Debug for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the task was not started: {}", self.0)
    }
}

/// Why a task was refused, if that is its reason.
pub(crate) fn refusal(reason: &ExitReason) -> Option<&ChildError> {
    match reason {
        ExitReason::Error(term) => term.downcast_ref::<Refused>().map(|refused| &refused.0),
        _ => None,
    }
}

/// A reason as it is told in messages.
fn said(reason: ExitReason) -> ExitReason {
    match refusal(&reason) {
        Some(error) => ExitReason::error(error.clone()),
        None => reason,
    }
}

pin_project! {
    /// The body of a task's process.
    pub(crate) struct Work<F, D> {
        #[pin]
        future: F,
        deliver: Option<D>,
    }
}

impl<F, D> Work<F, D> {
    pub(crate) fn new(future: F, deliver: D) -> Work<F, D> {
        Work { future, deliver: Some(deliver) }
    }
}

impl<F: Future, D: Deliver<F::Output>> Future for Work<F, D> {
    type Output = ExitReason;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<ExitReason> {
        let this = self.project();
        this.future.poll(task).map(|output| {
            if let Some(deliver) = this.deliver.take() {
                deliver.deliver(output);
            }
            ExitReason::Normal
        })
    }
}

/// The body of a process that waits for a function on a thread of its own.
pub(crate) struct Blocking<T> {
    running: JoinHandle<Result<T, ExitReason>>,
    deliver: Option<oneshot::Sender<T>>,
}

impl<T: Send + 'static> Blocking<T> {
    /// Runs `function` on a thread that may block, as if it was `process` that did so.
    pub(crate) fn new<F>(
        process: &ProcessRef,
        function: F,
        deliver: oneshot::Sender<T>,
    ) -> Blocking<T>
    where
        F: FnOnce() -> T + Send + 'static,
    {
        let own = ProcessRef::clone(process);
        let running = seam::spawn_blocking(&process.head().node, move || {
            let outside = current::replace(Some(own));
            let result = catch(function);
            current::replace(outside);
            result
        });
        Blocking { running, deliver: Some(deliver) }
    }
}

impl<T: Send + 'static> Future for Blocking<T> {
    type Output = ExitReason;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<ExitReason> {
        Pin::new(&mut self.running).poll(task).map(|joined| match joined {
            Ok(Ok(value)) => {
                if let Some(deliver) = self.deliver.take() {
                    deliver.deliver(value);
                }
                ExitReason::Normal
            }
            Ok(Err(reason)) => reason,
            Err(_) => ExitReason::Killed, // the runtime ends
        })
    }
}

impl<T> Drop for Blocking<T> {
    /// A function that has not begun never will.
    fn drop(&mut self) {
        self.running.abort();
    }
}

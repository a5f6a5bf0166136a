//! Running the body of a program or a test as a process: the root.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use crate::child_spec::Shutdown;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{Kind, ProcessRef, with_control};
use crate::process::signal::{self, Cause};
use crate::process::spawn::{Never, create};
use crate::process::task::ProcessTask;
use crate::process::{find_pid, wait};
use crate::reason::ExitReason;
use crate::supervisor::shutdown::shut_down;
use crate::sync::{Arc, Mutex};

pub(crate) mod main;
mod output;
pub(crate) mod signals;
pub(crate) mod test;

pub use output::MainOutput;

/// How many worker threads a runtime has, and whether it has any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// Everything runs on one thread.
    CurrentThread,
    /// Processes run on several worker threads.
    MultiThread,
}

/// The body of `main` or of a test, as a process.
struct Root<'a, T> {
    process: ProcessRef,
    task: Pin<Box<dyn Future<Output = ()> + 'a>>,
    output: Arc<Mutex<Option<T>>>,
}

impl<'a, T: 'a> Root<'a, T> {
    /// Makes the root of the current runtime's node.
    fn new(body: impl Future<Output = T> + 'a) -> Root<'a, T> {
        let process: ProcessRef = create::<Never>(&Node::expect_current(), Kind::Root, false);
        let output = Arc::new(Mutex::new(None));
        let result = Arc::clone(&output);
        let body = async move {
            let value = body.await;
            *result.lock() = Some(value);
            ExitReason::Normal
        };
        let task = Box::pin(ProcessTask::new(ProcessRef::clone(&process), body));
        Root { process, task, output }
    }

    /// Runs the body until it ends, or until `interrupt` does. Whether the body has ended.
    async fn run_until<I: Future>(&mut self, interrupt: I) -> Result<(), I::Output> {
        let mut interrupt = pin!(interrupt);
        poll_fn(|task| {
            if self.task.as_mut().poll(task).is_ready() {
                return Poll::Ready(Ok(()));
            }
            interrupt.as_mut().poll(task).map(Err)
        })
        .await
    }

    /// Ends the body at its await point.
    async fn cancel(&mut self) {
        signal::condemn_self(&*self.process, ExitReason::Shutdown);
        self.task.as_mut().await;
    }

    /// What the body returned, or why it did not.
    fn outcome(&mut self) -> Result<T, ExitReason> {
        let reason = with_control(&*self.process, |control, _| control.reason().cloned());
        self.output.lock().take().ok_or(reason.unwrap_or(ExitReason::Normal))
    }

    /// Stops what the body has started and linked, last one first, and waits for each.
    async fn stop_started(&self) {
        let started = with_control(&*self.process, |control, _| {
            control.get_rare_mut().map(|rare| std::mem::take(&mut rare.started))
        });
        for pid in started.unwrap_or_default().into_iter().rev() {
            if let Some(process) = find_pid(pid) {
                let own_limit = shutdown_of(&process);
                shut_down(&process, self.process.head().pid, own_limit).await;
            }
        }
    }
}

/// How long a process that the body has started may take to stop.
///
/// A supervisor gives its children their own limits, so it has none itself.
fn shutdown_of(process: &ProcessRef) -> Shutdown {
    if crate::supervisor::SupervisorRef::of_process(ProcessRef::clone(process)).is_some() {
        Shutdown::Infinity
    } else {
        Shutdown::After(Duration::from_secs(5))
    }
}

/// The processes of a node that are still there after everything was stopped.
async fn leaked(root: Pid) -> Vec<ProcessRef> {
    let node = Node::expect_current();
    let alive = || {
        let mut all = node.table.all();
        all.retain(|process| process.head().pid != root && !process.head().is_daemon());
        all
    };
    // What is ending needs a few more turns.
    for _ in 0..100 {
        if alive().is_empty() {
            return Vec::new();
        }
        tokio::task::yield_now().await;
    }
    for _ in 0..50 {
        if alive().is_empty() {
            return Vec::new();
        }
        crate::seam::sleep(Duration::from_millis(1)).await;
    }
    alive()
}

/// Kills processes and waits until they are gone.
async fn kill_all(processes: Vec<ProcessRef>) {
    for process in processes {
        let pid = process.head().pid;
        signal::exit(&*process, pid, &ExitReason::Kill, Cause::Sent);
        wait::exited(process).await;
    }
}

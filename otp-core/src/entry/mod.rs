//! Running the body of a program or a test as a process: the root.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use crate::application::end_of_all;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{Kind, ProcessRef, with_control};
use crate::process::signal::{self, Cause};
use crate::process::spawn::{Never, create};
use crate::process::task::ProcessTask;
use crate::process::wait;
use crate::reason::ExitReason;
use crate::seam;
use crate::supervisor::shutdown::{stop_started, within};
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

/// How long killed processes may take to be gone, all together.
const KILL_LIMIT: Duration = Duration::from_secs(5);

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

    /// Stops the applications, the one started last first, then what the body has started and
    /// linked, in the same order, and waits for each.
    async fn stop_all(&self) {
        end_of_all(&self.process.head().node).await;
        stop_started(&self.process).await;
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
        seam::sleep(Duration::from_millis(1)).await;
    }
    alive()
}

/// Kills processes and waits until they are gone. Gives those that a kill does not end in time, as
/// they never come to an await point.
async fn kill_all(processes: Vec<ProcessRef>) -> Vec<ProcessRef> {
    for process in &processes {
        signal::exit(&**process, process.head().pid, &ExitReason::Kill, Cause::Sent);
    }
    let deadline = seam::now() + KILL_LIMIT;
    let mut left = Vec::new();
    for process in processes {
        let time = deadline.saturating_duration_since(seam::now());
        if within(time, wait::exited(ProcessRef::clone(&process))).await.is_none() {
            left.push(process);
        }
    }
    left
}

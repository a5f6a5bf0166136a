//! Tasks: start, await, yield, shutdown, many at once, streams, task supervisors.

#![allow(clippy::async_yields_async)] // tasks are handed around

#[path = "task/awaiting.rs"]
mod awaiting;
#[path = "task/ending.rs"]
mod ending;
#[path = "task/many.rs"]
mod many;
#[path = "task/starting.rs"]
mod starting;
#[path = "task/stream.rs"]
mod stream;
#[path = "task/supervisor.rs"]
mod supervisor;
mod support;

use std::time::Duration;

use otp_core::process;
use otp_core::{
    ChildError, Down, Exit, ExitReason, Instant, Limit, Message, Pid, Restart, Shutdown, Task,
    TaskDone, TaskExit, TaskSupervisor, TaskSupervisorRef,
};
use support::{failure, paused, threaded};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

fn exited<T>(reason: ExitReason) -> Result<T, TaskExit> {
    Err(TaskExit::Exited(reason))
}

/// A task that ends with a reason and without a result.
fn failing(reason: ExitReason) -> Task<u32> {
    Task::spawn(async { process::exit(reason) })
}

/// A task that waits until it is told a number.
fn asked() -> Task<u32> {
    Task::spawn(async { process::receive_type().await })
}

/// A task that nothing but a kill ends.
fn deaf() -> Task<u32> {
    Task::spawn(async {
        process::trap_exit(true);
        std::future::pending().await
    })
}

/// How a process ends that runs `body`, is not linked to anybody and does not trap exits.
async fn end_of(body: impl Future<Output = ()> + Send + 'static) -> ExitReason {
    let (pid, monitor) = process::spawn_monitor(body);
    let down: Down = process::receive_type().await;
    assert_eq!((down.monitor, down.pid), (monitor, Some(pid)));
    down.reason
}

/// The next message within a second of virtual time.
async fn next() -> Option<Message> {
    process::receive_timeout(Ok, SECOND).await
}

async fn next_exit() -> Option<(Pid, ExitReason)> {
    let exit = process::receive_timeout(Message::downcast::<Exit>, SECOND).await;
    exit.map(|exit| (exit.from, exit.reason))
}

fn links() -> Vec<Pid> {
    process::info(process::self_pid()).expect("it runs").links
}

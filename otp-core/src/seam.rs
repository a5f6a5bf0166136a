//! The one place where tasks are spawned and the clock is read.
//!
//! Everything else in this crate asks here, so that a simulator can take over both.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::task::{AbortHandle, JoinHandle};
pub use tokio::time::Instant;
pub(crate) use tokio::time::Sleep;

use crate::node::Node;

/// Runs a future on the node's runtime.
pub(crate) fn spawn<F>(node: &Node, future: F) -> AbortHandle
where
    F: Future<Output = ()> + Send + 'static,
{
    node.runtime.spawn(future).abort_handle()
}

/// As [`spawn`], for what happens seldom. All such futures are one type to the executor, so that
/// its code for a task is compiled for them once.
pub(crate) fn spawn_seldom<F>(node: &Node, future: F) -> AbortHandle
where
    F: Future<Output = ()> + Send + 'static,
{
    let future: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(future);
    spawn(node, future)
}

/// Runs a function that may block its thread, on a thread for that.
pub(crate) fn spawn_blocking<F, T>(node: &Node, function: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    node.runtime.spawn_blocking(function)
}

/// The node's time, which stands still in a test with paused time.
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// A future that is ready after `duration`.
///
/// Any duration is fine: one beyond what the clock can count never ends.
pub(crate) fn sleep(duration: Duration) -> Sleep {
    tokio::time::sleep(duration)
}

/// A future that is ready at `deadline`.
pub(crate) fn sleep_until(deadline: Instant) -> Sleep {
    tokio::time::sleep_until(deadline)
}

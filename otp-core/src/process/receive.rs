//! Receiving messages in a process that is no server.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::message::Message;
use crate::process::block::{ProcessRef, with_control};
use crate::process::current;
use crate::seam;

/// Waits for the next message, of any type.
///
/// # Panics
///
/// Outside a process, and inside a server, whose messages belong to its handlers.
///
/// # Cancel safety
///
/// Dropping the future loses no message.
///
/// Elixir: `receive do message -> message end`.
#[track_caller]
pub fn receive() -> impl Future<Output = Message> + Send {
    receive_where(Ok)
}

/// Waits for the next message of type `T`; other messages stay in the mailbox, in their order.
///
/// # Panics
///
/// Outside a process, and inside a server.
///
/// # Cancel safety
///
/// Dropping the future loses no message.
#[track_caller]
pub fn receive_type<T: Send + 'static>() -> impl Future<Output = T> + Send {
    receive_where(Message::downcast::<T>)
}

/// Waits for the oldest message that `select` accepts; the others stay in the mailbox, in their
/// order.
///
/// `select` sees each message once, however long the wait, and gives back what it does not want.
///
/// A message wakes the process's own task. So the future works in `select!`, `join!` and `timeout`,
/// but not inside a collection of futures that polls only those that were woken themselves.
///
/// # Panics
///
/// Outside a process, and inside a server.
///
/// # Cancel safety
///
/// Dropping the future loses no message.
///
/// Elixir: selective `receive`.
#[track_caller]
pub fn receive_where<T, F>(select: F) -> impl Future<Output = T> + Send
where
    F: FnMut(Message) -> Result<T, Message> + Send,
    T: Send,
{
    start("receive", select)
}

/// As [`receive_where`], but gives up after `duration`, counted from the first poll.
///
/// A duration of zero looks at every message that is there. A time-out leaves the mailbox as it
/// was.
///
/// # Panics
///
/// Outside a process, and inside a server.
///
/// # Cancel safety
///
/// Dropping the future loses no message.
///
/// Elixir: `receive do .. after .. end`.
#[track_caller]
pub fn receive_timeout<T, F>(
    select: F,
    duration: Duration,
) -> impl Future<Output = Option<T>> + Send
where
    F: FnMut(Message) -> Result<T, Message> + Send,
    T: Send,
{
    within(start("receive", select), duration)
}

/// Begins to receive; `what` names the operation when it is not allowed here.
#[track_caller]
pub(crate) fn start<T, F>(what: &str, select: F) -> Receive<F>
where
    F: FnMut(Message) -> Result<T, Message>,
{
    let process = current::expect_receiver(what);
    Receive { process, select, passed: VecDeque::new() }
}

/// Gives up after `duration`, counted from the first poll.
pub(crate) async fn within<T, F>(receive: Receive<F>, duration: Duration) -> Option<T>
where
    F: FnMut(Message) -> Result<T, Message>,
{
    let mut receive = std::pin::pin!(receive);
    let mut sleep = None;
    std::future::poll_fn(|cx| {
        if let Poll::Ready(value) = receive.as_mut().poll(cx) {
            return Poll::Ready(Some(value));
        }
        if duration.is_zero() {
            return Poll::Ready(None);
        }
        let sleep = sleep.get_or_insert_with(|| Box::pin(seam::sleep(duration)));
        sleep.as_mut().poll(cx).map(|()| None)
    })
    .await
}

/// Looks through the mailbox of a process for the first message that `select` accepts.
#[must_use = "nothing is received until it is awaited"]
pub struct Receive<F> {
    process: ProcessRef,
    select: F,
    /// Messages that were not wanted; put back when the receive is over.
    passed: VecDeque<Message>,
}

impl<F> Unpin for Receive<F> {}

impl<T, F> Future for Receive<F>
where
    F: FnMut(Message) -> Result<T, Message>,
{
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<T> {
        let this = &mut *self;
        loop {
            let next = with_control(&*this.process, |control, inbox| {
                let saved = control.get_rare_mut().and_then(|rare| rare.saved.pop_front());
                let next = saved.or_else(|| inbox.pop());
                control.parked = next.is_none();
                next
            });
            let Some(message) = next else { return Poll::Pending };
            match (this.select)(message) {
                Ok(value) => return Poll::Ready(value),
                Err(message) => {
                    this.passed.push_back(message);
                    this.process.head().add_passed(1);
                }
            }
        }
    }
}

impl<F> fmt::Debug for Receive<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receive").field("passed", &self.passed.len()).finish_non_exhaustive()
    }
}

impl<F> Drop for Receive<F> {
    fn drop(&mut self) {
        if self.passed.is_empty() {
            return;
        }
        let mut passed = std::mem::take(&mut self.passed);
        self.process.head().remove_passed(passed.len());
        with_control(&*self.process, |control, _| {
            let saved = &mut control.rare().saved;
            passed.append(saved);
            *saved = std::mem::take(&mut passed);
        });
    }
}

/// Removes the oldest message that `select` points at from the mailbox; whether there was one.
pub(super) fn flush(process: &ProcessRef, select: &dyn Fn(&Message) -> bool) -> bool {
    let flushed = with_control(&**process, |control, inbox| {
        if let Some(rare) = control.get_rare_mut() {
            if let Some(at) = rare.saved.iter().position(select) {
                return rare.saved.remove(at);
            }
        }
        inbox.remove(select)
    });
    flushed.is_some()
}

//! Messages that are sent later.

use std::fmt;
use std::time::Duration;

use tokio::task::AbortHandle;

use crate::message::{Dest, Message};
use crate::node::Node;
use crate::process::{is_alive, send_message};
use crate::seam::{self, Instant};
use crate::sync::{Arc, AtomicBool, Ordering};

/// A timer started by [`send_after`] or [`send_interval`].
///
/// Dropping it does not stop the timer.
///
/// Elixir: the reference returned by `Process.send_after/3`.
#[derive(Clone)]
pub struct TimerRef {
    over: Arc<AtomicBool>,
    deadline: Instant,
    task: AbortHandle,
}

impl TimerRef {
    /// Stops the timer; the time that was left, or `None` when it had fired or was stopped before.
    ///
    /// A message that has been sent already stays in the mailbox. For an interval the time counts
    /// to its first message.
    ///
    /// Elixir: `Process.cancel_timer/1`.
    pub fn cancel(&self) -> Option<Duration> {
        if self.over.swap(true, Ordering::AcqRel) {
            return None;
        }
        self.task.abort();
        Some(self.deadline.saturating_duration_since(seam::now()))
    }

    /// The time that is left, or `None` when the timer has fired or was stopped.
    ///
    /// Elixir: `Process.read_timer/1`.
    pub fn read(&self) -> Option<Duration> {
        if self.over.load(Ordering::Acquire) {
            return None;
        }
        Some(self.deadline.saturating_duration_since(seam::now()))
    }
}

impl fmt::Debug for TimerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimerRef").field("left", &self.read()).finish_non_exhaustive()
    }
}

/// Sends `message` once, not earlier than after `delay`.
///
/// A timer to a pid is silent when that process has ended; a timer to a name looks for the holder
/// when it fires.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `Process.send_after/3`.
#[track_caller]
pub fn send_after<M: Send + 'static>(to: impl Into<Dest>, message: M, delay: Duration) -> TimerRef {
    let (to, message) = (to.into(), Message::new(message));
    start(delay, move |deadline, over| fire(deadline, over, to, message))
}

/// One task for messages of all types, so that it is compiled once.
async fn fire(deadline: Instant, over: Arc<AtomicBool>, to: Dest, message: Message) {
    seam::sleep_until(deadline).await;
    if !over.swap(true, Ordering::AcqRel) {
        send_message(to, message);
    }
}

/// Sends `message` once, not earlier than at `deadline`; at once when that is past.
///
/// The deadline is on the clock of [`now`].
///
/// ```
/// use std::time::Duration;
/// use otp_core::process;
///
/// # fn main() { otp_core::private::run_test(
/// #     otp_core::private::TestOptions::new("doc").start_paused(true), async {
/// let noon = process::now() + Duration::from_secs(3600);
/// process::send_at(process::self_pid(), "noon", noon);
/// assert_eq!(process::receive_type::<&str>().await, "noon");
/// assert_eq!(process::now(), noon);
/// # }) }
/// ```
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `Process.send_after/4` with `abs: true`.
#[track_caller]
pub fn send_at<M: Send + 'static>(
    to: impl Into<Dest>,
    message: M,
    deadline: std::time::Instant,
) -> TimerRef {
    let (to, message) = (to.into(), Message::new(message));
    start_at(Instant::from_std(deadline), move |deadline, over| fire(deadline, over, to, message))
}

/// The time of this node's timers, which stands still in a test with paused time.
///
/// # Panics
///
/// With paused time, outside that runtime.
///
/// Elixir: `System.monotonic_time/0`.
pub fn now() -> std::time::Instant {
    seam::now().into_std()
}

/// Sends a clone of `message` again and again, each time after `period`.
///
/// It ends when it is cancelled, or when it is aimed at a pid and that process has ended. A
/// period of zero counts as one millisecond.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `:timer.send_interval/2`.
#[track_caller]
pub fn send_interval<M>(to: impl Into<Dest>, message: M, period: Duration) -> TimerRef
where
    M: Clone + Send + 'static,
{
    let to = to.into();
    let period = if period.is_zero() { Duration::from_millis(1) } else { period };
    start(period, move |first, over| async move {
        let mut deadline = first;
        loop {
            seam::sleep_until(deadline).await;
            if over.load(Ordering::Acquire) {
                return;
            }
            if matches!(to, Dest::Pid(pid) if !is_alive(pid)) {
                over.store(true, Ordering::Release);
                return;
            }
            send_message(to.clone(), Message::new(message.clone()));
            deadline = later(deadline, period);
        }
    })
}

/// Waits for `duration` without blocking the thread.
///
/// Any duration is fine; one beyond what the clock can count lasts for decades.
///
/// # Cancel safety
///
/// Dropping the future ends the wait.
///
/// Elixir: `Process.sleep/1`.
pub async fn sleep(duration: Duration) {
    seam::sleep(duration).await;
}

#[track_caller]
fn start<F>(delay: Duration, body: impl FnOnce(Instant, Arc<AtomicBool>) -> F) -> TimerRef
where
    F: Future<Output = ()> + Send + 'static,
{
    start_at(later(seam::now(), delay), body)
}

#[track_caller]
fn start_at<F>(deadline: Instant, body: impl FnOnce(Instant, Arc<AtomicBool>) -> F) -> TimerRef
where
    F: Future<Output = ()> + Send + 'static,
{
    let node = Node::expect_current();
    let over = Arc::new(AtomicBool::new(false));
    let task = seam::spawn(&node, body(deadline, Arc::clone(&over)));
    TimerRef { over, deadline, task }
}

/// `delay` after `from`. Beyond what the clock can count, a century is as good as never.
fn later(from: Instant, delay: Duration) -> Instant {
    let century = Duration::from_secs(100 * 365 * 24 * 3600);
    from.checked_add(delay).unwrap_or(from + century)
}

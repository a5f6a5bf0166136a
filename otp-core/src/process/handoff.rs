//! Running a waiting server on its caller's thread.
//!
//! A call to a server that waits for messages need not wake the server's task and wait for its
//! turn: the caller can run the server for a moment itself, and has its answer when that returns.
//! It is what makes a call much cheaper than two trips through the scheduler.
//!
//! Whoever holds the lock of a [`Body`] runs the server. Nobody ever waits for that lock: a caller
//! that finds it taken wakes the server's task as for any message, and the task that finds it taken
//! leaves a note, upon which the holder wakes it again. So two servers that call each other cannot
//! lock each other up.
//!
//! It is done only where it pays and hurts nobody: for handlers that have proved to be short, as
//! long as the caller's task has not used up its turn, and not in too many servers deep.
//!
//! # Limits
//!
//! A handler that is run this way sees the caller's tokio task-locals and task id. A server for
//! which that matters says `handoff(false)` in its options.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::task::coop;

use crate::process::block::{Head, ProcessRef};
use crate::process::current;
use crate::sync::{AtomicU32, Mutex, Ordering};

/// Handlers that take longer than this are left to the server's own task.
const SHORT_NS: u32 = 1_000;
/// How deep servers may run each other.
const MAX_DEPTH: u8 = 4;
/// One turn in so many is timed.
const SAMPLE: u8 = 16;

thread_local! {
    static DEPTH: Cell<u8> = const { Cell::new(0) };
    static TURNS: Cell<u8> = const { Cell::new(0) };
}

/// The future of a server, for whoever runs it next.
#[derive(Default)]
pub(crate) struct Body {
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
}

/// What is known of a server's turns. It lies in the header, where there is room.
#[derive(Default)]
pub(crate) struct Turns {
    /// What a message costs, smoothed, in nanoseconds. Zero: not known yet.
    cost: AtomicU32,
    /// How many messages have been taken to be handled. It wraps.
    handled: AtomicU32,
}

/// What came of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// The server has ended.
    Over,
    /// It waits.
    Waits,
    /// Somebody else runs it.
    Taken,
}

impl Body {
    /// Puts the server's future in.
    pub(crate) fn fill(&self, future: Pin<Box<dyn Future<Output = ()> + Send>>) {
        *self.future.lock() = Some(future);
    }

    /// A turn on the server's own task.
    fn own_turn(&self, head: &Head, task: &mut Context<'_>) -> Turn {
        match self.turn(head, task) {
            Turn::Taken => {
                // Said before the second try: whoever lets go of the lock after it looks here.
                head.set_missed();
                self.turn(head, task)
            }
            turn => turn,
        }
    }

    /// A turn on a caller's task.
    fn lent_turn(&self, head: &Head, task: &mut Context<'_>) -> Turn {
        let turn = self.turn(head, task);
        // The task has to come again: because it came by, or because it has to end.
        if turn != Turn::Taken && (head.take_missed() || turn == Turn::Over) {
            head.wake();
        }
        turn
    }

    fn turn(&self, head: &Head, task: &mut Context<'_>) -> Turn {
        let Some(mut future) = self.future.try_lock() else { return Turn::Taken };
        let Some(running) = future.as_mut() else { return Turn::Over };
        let turns = TURNS.get().wrapping_add(1);
        TURNS.set(turns);
        let cost = head.turns.cost.load(Ordering::Relaxed);
        let timed =
            (cost == 0 || turns % SAMPLE == 0).then(|| (Instant::now(), head.turns.handled()));
        let polled = running.as_mut().poll(task);
        if let Some((start, handled)) = timed {
            let messages = head.turns.handled().wrapping_sub(handled);
            head.turns.learn(start.elapsed(), messages);
        }
        match polled {
            Poll::Pending => Turn::Waits,
            Poll::Ready(()) => {
                let ended = future.take();
                drop(future);
                drop(ended);
                Turn::Over
            }
        }
    }
}

impl Turns {
    /// Counts messages that are about to be handled; only the server itself does.
    pub(crate) fn count(&self, messages: usize) {
        let messages = u32::try_from(messages).unwrap_or(u32::MAX);
        let handled = self.handled.load(Ordering::Relaxed).wrapping_add(messages);
        self.handled.store(handled, Ordering::Relaxed);
    }

    fn handled(&self) -> u32 {
        self.handled.load(Ordering::Relaxed)
    }

    /// Learns from a turn that has handled so many messages.
    fn learn(&self, took: Duration, messages: u32) {
        if messages == 0 {
            return;
        }
        let took = u32::try_from(took.as_nanos()).unwrap_or(u32::MAX) / messages;
        let cost = self.cost.load(Ordering::Relaxed);
        let smoothed = if cost == 0 { took } else { cost - cost / 4 + took / 4 };
        self.cost.store(smoothed.max(1), Ordering::Relaxed);
    }

    /// Whether a turn is worth the caller's while.
    fn is_short(&self) -> bool {
        let cost = self.cost.load(Ordering::Relaxed);
        cost != 0 && cost < SHORT_NS
    }
}

/// Runs a server that has just been given a message while it waited, if that is allowed and pays.
/// Otherwise its task has to be woken.
pub(crate) fn run(head: &Head, body: &Body, task: &mut Context<'_>) -> bool {
    if !head.node.hands_off(head.turns.is_short()) || DEPTH.get() >= MAX_DEPTH {
        return false;
    }
    let Some(waker) = head.waker() else { return false };
    // What else the server has to do would happen in the caller's span.
    #[cfg(feature = "trace-calls")]
    if !tracing::Span::current().is_none() {
        return false;
    }
    if !in_runtime_of(head) {
        return false;
    }
    // The work is done on the caller's account, so that its task lets others run in time.
    let Poll::Ready(proceed) = coop::poll_proceed(task) else { return false };
    DEPTH.set(DEPTH.get() + 1);
    let turn = body.lent_turn(head, &mut Context::from_waker(waker));
    DEPTH.set(DEPTH.get() - 1);
    if turn == Turn::Taken {
        return false;
    }
    proceed.made_progress();
    true
}

/// Whether this thread runs the runtime to which the server belongs: only there do its timers and
/// sockets belong.
fn in_runtime_of(head: &Head) -> bool {
    match current::with(|process| process.head().node.id) {
        Some(node) => node == head.node.id,
        None => Handle::try_current().is_ok_and(|here| here.id() == head.node.runtime.id()),
    }
}

/// The future of the server's own task: it runs the server whenever nobody else does.
pub(crate) struct Driver {
    process: Option<ProcessRef>,
}

impl Driver {
    pub(crate) fn new(process: ProcessRef) -> Driver {
        Driver { process: Some(process) }
    }
}

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        let Some(process) = &self.process else { return Poll::Ready(()) };
        process.head().set_waker(task.waker());
        let Some(body) = process.body() else { return Poll::Ready(()) };
        if body.own_turn(process.head(), task) == Turn::Over {
            self.process = None;
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

impl Drop for Driver {
    /// The runtime is going away: the server ends with it.
    fn drop(&mut self) {
        let Some(process) = self.process.take() else { return };
        let future = process.body().and_then(|body| body.future.lock().take());
        drop(future);
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use std::time::Duration;

    #[test]
    fn a_server_is_short_once_its_messages_have_proved_cheap() {
        let turns = Turns::default();
        assert!(!turns.is_short(), "nothing is known yet");
        turns.learn(Duration::from_micros(3), 0);
        assert!(!turns.is_short(), "a turn without a message says nothing");
        turns.learn(Duration::from_micros(6), 64);
        assert!(turns.is_short(), "it is the message that counts, not the turn");
        turns.learn(Duration::from_micros(100), 1);
        assert!(!turns.is_short());
        (0..32).for_each(|_| turns.learn(Duration::from_nanos(100), 1));
        assert!(turns.is_short(), "one long turn is forgotten");
    }
}

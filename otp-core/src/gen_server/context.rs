//! What a handler can reach beside the state.

use std::fmt;
use std::task::Poll;
use std::time::Duration;

use crate::gen_server::{GenServer, ServerRef};
use crate::message::Dest;
use crate::pid::Pid;
use crate::process::block::{Block, Process, with_control};
use crate::process::mailbox::{Envelope, Queue};
use crate::process::{self, MonitorRef, NoProc, TimerRef, signal};
use crate::sync::Arc;

/// How many messages a server handles before it lets other tasks run.
const BUDGET: u8 = 128;

/// The server's own process, lent to each of its handlers.
pub struct Context<S: GenServer> {
    block: Arc<Block<S::Request>>,
    /// Messages that were taken out of the mailbox together and are handled one by one.
    taken: Queue<S::Request>,
    budget: u8,
    dropped: u64,
}

impl<S: GenServer> Context<S> {
    pub(crate) fn new(block: Arc<Block<S::Request>>) -> Context<S> {
        Context { block, taken: Queue::new(), budget: BUDGET, dropped: 0 }
    }

    /// The server's pid. Elixir: `self()`.
    pub fn pid(&self) -> Pid {
        self.block.head().pid
    }

    /// The process that started the server. Elixir: the first of `$ancestors`.
    pub fn parent(&self) -> Option<Pid> {
        self.block.head().parent
    }

    /// A client of the server itself, for handing out. Calling it from a handler is an error.
    pub fn client(&self) -> S::Client {
        ServerRef::<S>::direct(Arc::clone(&self.block)).into()
    }

    /// Sends the server a message after `delay`. Elixir: `Process.send_after(self(), ..)`.
    pub fn send_after<M: Send + 'static>(&self, delay: Duration, message: M) -> TimerRef {
        process::send_after(self.pid(), message, delay)
    }

    /// Sends the server a clone of a message every `period`. Elixir: `:timer.send_interval/2`.
    pub fn send_interval<M>(&self, period: Duration, message: M) -> TimerRef
    where
        M: Clone + Send + 'static,
    {
        process::send_interval(self.pid(), message, period)
    }

    /// Watches a process: its end arrives as [`Down`](crate::Down).
    ///
    /// Elixir: `Process.monitor/1`.
    pub fn monitor(&self, target: impl Into<Dest>) -> MonitorRef {
        signal::monitor(&*self.block, target.into())
    }

    /// Stops watching; whether the monitor was there and had not fired.
    ///
    /// Elixir: `Process.demonitor/2`.
    pub fn demonitor(&self, monitor: MonitorRef) -> bool {
        signal::demonitor(&*self.block, monitor)
    }

    /// Links the server with another process.
    ///
    /// # Errors
    ///
    /// [`NoProc`] when that process has ended and the server does not trap exits.
    ///
    /// Elixir: `Process.link/1`.
    pub fn link(&self, pid: Pid) -> Result<(), NoProc> {
        signal::link(&*self.block, pid).map_err(|()| NoProc)
    }

    /// Removes a link. Elixir: `Process.unlink/1`.
    pub fn unlink(&self, pid: Pid) {
        signal::unlink(&*self.block, pid);
    }

    /// Chooses whether exit signals become [`Exit`](crate::Exit) messages; returns the old setting.
    ///
    /// Elixir: `Process.flag(:trap_exit, value)`.
    pub fn trap_exit(&self, trap: bool) -> bool {
        with_control(&*self.block, |control, _| std::mem::replace(&mut control.trap_exit, trap))
    }

    pub(crate) fn block(&self) -> &Arc<Block<S::Request>> {
        &self.block
    }

    /// Counts a message without a handler and returns how many there were.
    pub(crate) fn count_dropped(&mut self) -> u64 {
        self.dropped += 1;
        self.dropped
    }

    /// The next message, or `Pending` with the process marked as waiting for one.
    pub(crate) fn poll_next(
        &mut self,
        task: &mut std::task::Context<'_>,
    ) -> Poll<Envelope<S::Request>> {
        if self.budget == 0 {
            self.budget = BUDGET;
            task.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.taken.is_empty() && !self.block.take_or_park(&mut self.taken) {
            self.budget = BUDGET;
            return Poll::Pending;
        }
        let Some(envelope) = self.taken.pop() else { return Poll::Pending };
        self.block.head().set_taken(self.taken.len());
        self.budget -= 1;
        Poll::Ready(envelope)
    }
}

impl<S: GenServer> Drop for Context<S> {
    fn drop(&mut self) {
        let taken = std::mem::replace(&mut self.taken, Queue::new());
        self.block.bury(taken);
    }
}

impl<S: GenServer> fmt::Debug for Context<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("pid", &self.pid()).finish_non_exhaustive()
    }
}

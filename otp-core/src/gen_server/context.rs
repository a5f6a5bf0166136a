//! What a handler can reach beside the state.

use std::collections::VecDeque;
use std::fmt;
use std::task::Poll;
use std::time::Duration;

use crate::gen_server::system::Aside;
use crate::gen_server::{GenServer, ServerRef};
use crate::message::{Dest, Message, TypeName};
use crate::name::short_type_name;
use crate::pid::Pid;
use crate::process::block::{Block, Process, with_control};
use crate::process::mailbox::Envelope;
use crate::process::{self, MonitorRef, NoProc, TimerRef, signal};
use crate::sync::Arc;

/// How many messages a server handles before it lets other tasks run.
const BUDGET: u8 = 128;

/// The server's own process, lent to each of its handlers.
pub struct Context<S: GenServer> {
    block: Arc<Block<S::Request>>,
    /// Messages that were taken out of the mailbox together and are handled one by one.
    taken: VecDeque<Envelope<S::Request>>,
    /// The mailbox may have been given a buffer to fill.
    lent: bool,
    budget: u8,
    /// What most servers never need.
    aside: Option<Box<Aside<S>>>,
    /// The type of the last message, or `None` for a request.
    last: Option<TypeName>,
}

impl<S: GenServer> Context<S> {
    pub(crate) fn new(block: Arc<Block<S::Request>>) -> Context<S> {
        Context {
            block,
            taken: VecDeque::new(),
            lent: false,
            budget: BUDGET,
            aside: None,
            last: None,
        }
    }

    /// The server's pid. Elixir: `self()`.
    pub fn pid(&self) -> Pid {
        self.block.head().pid
    }

    /// The process that started the server. Elixir: the first of `$ancestors`.
    pub fn parent(&self) -> Option<Pid> {
        self.block.head().parent()
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

    /// As [`Context::demonitor`], and removes the [`Down`](crate::Down) if it has arrived already.
    ///
    /// No handler sees that `Down` after this returns, whether or not the server has taken it out
    /// of the mailbox.
    ///
    /// Elixir: `Process.demonitor(ref, [:flush, :info])`.
    pub fn demonitor_flush(&mut self, monitor: MonitorRef) -> bool {
        let found = self.demonitor(monitor);
        if found || monitor.owner() != self.pid() {
            return found;
        }
        let is_down = |envelope: &Envelope<S::Request>| match envelope {
            Envelope::Message(message) => crate::message::is_down(message, monitor),
            Envelope::Request(..) => false,
        };
        if let Some(at) = self.taken.iter().position(is_down) {
            self.taken.remove(at);
            self.block.head().set_taken(self.taken.len() + 1);
            return found;
        }
        let select = |message: &Message| crate::message::is_down(message, monitor);
        drop(with_control(&*self.block, |_, inbox| inbox.remove(&select)));
        found
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

    /// Remembers the type of the message in hand, for reports.
    #[inline]
    pub(crate) fn note(&mut self, message_type: Option<TypeName>) {
        self.last = message_type;
    }

    /// The type of the last message, for people.
    pub(crate) fn last_message(&self) -> String {
        short_type_name(self.last.unwrap_or(std::any::type_name::<S::Request>)())
    }

    /// What most servers never need, made if it is not there.
    pub(crate) fn aside(&mut self) -> &mut Aside<S> {
        self.aside.get_or_insert_with(Box::default)
    }

    /// The messages that are out of the mailbox and have not been looked at.
    pub(crate) fn backlog(&mut self) -> &mut VecDeque<Envelope<S::Request>> {
        &mut self.taken
    }

    /// Whether a message waits, in the mailbox or taken out of it.
    pub(crate) fn has_waiting(&self) -> bool {
        !self.taken.is_empty() || self.block.head().has_mail()
    }

    /// The next message, or `Pending` with a wake to come.
    #[inline(always)] // the hot path of every server, and a few instructions only
    pub(crate) fn poll_next(
        &mut self,
        task: &mut std::task::Context<'_>,
    ) -> Poll<Envelope<S::Request>> {
        if self.budget > 0 {
            if let Some(envelope) = self.taken.pop_front() {
                self.budget -= 1;
                let head = self.block.head();
                head.set_taken(self.taken.len() + 1);

                return Poll::Ready(envelope);
            }
        }
        self.poll_mailbox(task)
    }

    /// Looks into the mailbox, when nothing is left of what was taken last or the turn is over.
    #[inline(never)]
    fn poll_mailbox(&mut self, task: &mut std::task::Context<'_>) -> Poll<Envelope<S::Request>> {
        if self.budget == 0 {
            self.budget = BUDGET;
            task.waker().wake_by_ref(); // others first
            return Poll::Pending;
        }
        let head = self.block.head();
        if head.has_mail() {
            let lent = self.taken.capacity() > 0;
            let taken = match S::OPTIONS.mailbox {
                Some(_) => self.block.take_one(),
                None => self.block.take(&mut self.taken),
            };
            if let Some(envelope) = taken {
                self.lent |= lent;
                self.budget -= 1;
                head.set_taken(self.taken.len() + 1);
                head.turns.count(self.taken.len() + 1);
                return Poll::Ready(envelope);
            }
        }
        head.set_taken(0);
        self.budget = BUDGET;
        if self.lent || self.taken.capacity() > 0 || S::OPTIONS.mailbox.is_some() {
            // An idle mailbox owns no memory.
            self.taken = VecDeque::new();
            self.block.release();
            self.lent = false;
        }
        Poll::Pending
    }
}

impl<S: GenServer> Drop for Context<S> {
    fn drop(&mut self) {
        if let Some(aside) = &mut self.aside {
            self.block.bury(std::mem::take(&mut aside.deferred));
        }
        self.block.bury(std::mem::take(&mut self.taken));
    }
}

impl<S: GenServer> fmt::Debug for Context<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("pid", &self.pid()).finish_non_exhaustive()
    }
}

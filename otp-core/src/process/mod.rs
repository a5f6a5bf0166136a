//! Processes: spawn, link, monitor, send, receive, exit.
//!
//! A process is a tokio task with a pid, a mailbox, links and monitors. It ends when its future
//! ends, panics, or is told to end by an exit signal, and everybody who linked to it or monitors it
//! learns why. Nothing that happens in one process can harm another one but through a link.
//!
//! ```
//! use otp_core::{Down, process};
//!
//! struct Ping(otp_core::Pid);
//! struct Pong;
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! let parent = process::self_pid();
//! let child = process::spawn(async {
//!     let Ping(from) = process::receive_type().await;
//!     process::send(from, Pong);
//! });
//! let monitor = process::monitor(child);
//! process::send(child, Ping(parent));
//! let Pong = process::receive_type().await;
//! let down: Down = process::receive_type().await;
//! assert_eq!((down.monitor, down.reason.is_normal()), (monitor, true));
//! # }) }
//! ```
//!
//! # Limits
//!
//! Rust code is not preempted. A process that computes without awaiting keeps its thread, and an
//! exit signal, even an untrappable one, ends it at its next await point only. The destructors of
//! what it owned run then; clean-up that sends or waits belongs into `terminate`.
//!
//! # When not to use a process
//!
//! For state that is read and changed by calls, use a `GenServer`. For one result of one
//! computation, use a task.

use std::fmt;

use crate::message::{self, Dest, Message, Tagged};
use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::reason::ExitReason;

pub(crate) mod alias;
pub(crate) mod block;
pub(crate) mod control;
pub(crate) mod current;
pub mod dict;
pub(crate) mod handoff;
mod info;
pub(crate) mod lineage;
pub(crate) mod mailbox;
pub(crate) mod origin;
pub(crate) mod receive;
pub(crate) mod routes;
pub(crate) mod signal;
pub(crate) mod spawn;
pub(crate) mod task;
mod timer;
pub(crate) mod via;
pub(crate) mod wait;

pub use alias::{Alias, AliasMode, alias, monitor_alias, reply_alias, unalias};
pub use info::{ProcessInfo, Status, info, is_alive, list, set_label};
pub use receive::{receive, receive_timeout, receive_type, receive_where};
pub use spawn::{SpawnOptions, spawn, spawn_link, spawn_monitor};
pub use timer::{TimerRef, now, send_after, send_at, send_interval, sleep};
pub use via::{Via, ViaName};
pub use wait::join;

use block::with_control;

/// Identifies one monitor.
///
/// Elixir: the reference returned by `Process.monitor/1`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonitorRef {
    number: u64,
    owner: Pid,
}

impl MonitorRef {
    pub(crate) fn new(owner: Pid) -> MonitorRef {
        MonitorRef { number: crate::unique::unique(), owner }
    }

    /// The process that watches.
    pub(crate) fn owner(self) -> Pid {
        self.owner
    }
}

impl fmt::Debug for MonitorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MonitorRef({})", self.number)
    }
}

/// The pid of the running process.
///
/// # Panics
///
/// Outside a process. [`current`] does not panic.
///
/// Elixir: `self()`.
#[track_caller]
pub fn self_pid() -> Pid {
    current::expect("self_pid").head().pid
}

/// The pid of the running process, or `None` in a plain task or thread.
pub fn current() -> Option<Pid> {
    current::pid()
}

/// Sends any message to a process or to the holder of a name.
///
/// It never waits and never fails: a message to a process that has ended, or to a name that nobody
/// holds, is dropped. [`send_named`] tells whether a name has a holder.
///
/// # Panics
///
/// When sending to a name outside a tokio runtime.
///
/// Elixir: `send/2`.
#[track_caller]
pub fn send<M: Send + 'static>(to: impl Into<Dest>, message: M) {
    send_message(to.into(), Message::new(message));
}

#[track_caller]
pub(crate) fn send_message(to: Dest, message: Message) {
    let target = match to {
        Dest::Pid(pid) => find_pid(pid),
        Dest::Name(name) => block::holder(&Node::expect_current(), &name),
    };
    if let Some(target) = target {
        block::send(&*target, message);
    }
}

/// The process that a pid names, from wherever this is called.
pub(crate) fn find_pid(pid: Pid) -> Option<block::ProcessRef> {
    let near = current::with(|process| {
        let node = &process.head().node;
        (node.id == pid.node()).then(|| node.table.get(pid))
    });
    match near {
        Some(Some(found)) => found,
        _ => Node::by_id(pid.node())?.table.get(pid),
    }
}

/// Sends a message to the holder of a name.
///
/// # Errors
///
/// [`NoProc`] when nobody holds the name.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `send/2` to a name, which raises when nobody holds it.
#[track_caller]
pub fn send_named<M: Send + 'static>(name: impl Into<Name>, message: M) -> Result<(), NoProc> {
    let target = block::holder(&Node::expect_current(), &name.into()).ok_or(NoProc)?;
    block::send(&*target, Message::new(message));
    Ok(())
}

/// There is no such process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoProc;

impl fmt::Display for NoProc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no such process")
    }
}

impl std::error::Error for NoProc {}

/// Ends the running process with `reason`, now.
///
/// It unwinds the process's stack silently, which costs about as much as a panic: a server that can
/// return a value should return one that stops it.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `exit/1`.
#[track_caller]
pub fn exit(reason: ExitReason) -> ! {
    current::expect("exit");
    std::panic::resume_unwind(Box::new(current::ExitUnwind(reason)))
}

/// Sends an exit signal to a process.
///
/// - [`ExitReason::Kill`] ends it whatever it does, with the reason [`ExitReason::Killed`].
/// - A process that traps exits gets any other reason as an [`Exit`](crate::Exit) message.
/// - [`ExitReason::Normal`] is ignored by everybody else but the sender itself.
/// - Any other reason ends the process with that reason, at its next await point.
///
/// A signal to a process that has ended does nothing. A process that ends itself this way is gone
/// before the call returns.
///
/// Elixir: `Process.exit/2`.
pub fn send_exit(pid: Pid, reason: ExitReason) {
    let Some(target) = find_pid(pid) else { return };
    let from = current::pid().unwrap_or(pid);
    // Outside a process there is no sender; `normal` must then not count as sent to itself.
    if from == pid && current::pid().is_none() && reason == ExitReason::Normal {
        return;
    }
    signal::exit(&*target, from, &reason, signal::Cause::Sent);
    if current::is(&*target) && target.head().is_condemned() {
        std::panic::resume_unwind(Box::new(current::ExitUnwind(reason)));
    }
}

/// Links the running process with another one: when either ends abnormally, so does the other.
///
/// Linking twice is the same as once, and linking to oneself does nothing. A process that traps
/// exits and links to a dead one gets an [`Exit`](crate::Exit) message with `NoProc`.
///
/// # Errors
///
/// [`NoProc`] when the other process has ended and this one does not trap exits.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.link/1`.
#[track_caller]
pub fn link(pid: Pid) -> Result<(), NoProc> {
    signal::link(&*current::expect("link"), pid).map_err(|()| NoProc)
}

/// Removes the link between the running process and another one.
///
/// After it returns, no exit of that process arrives because of the link. An [`Exit`](crate::Exit)
/// message that is already in the mailbox stays there.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.unlink/1`.
#[track_caller]
pub fn unlink(pid: Pid) {
    signal::unlink(&*current::expect("unlink"), pid);
}

/// Watches a process or the holder of a name: when it ends, the running process gets one
/// [`Down`](crate::Down) message.
///
/// A dead process or a name without a holder gives a `Down` with `NoProc` at once. A monitor made
/// by name follows the process that held it then, not the name. Each call makes a monitor of its
/// own. A monitor of oneself watches nothing and never fires.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.monitor/1`.
#[track_caller]
pub fn monitor(target: impl Into<Dest>) -> MonitorRef {
    signal::monitor(&*current::expect("monitor"), target.into())
}

/// As [`monitor`], but the end arrives as a [`Tagged`] message with a tag of any type in place of
/// [`Down`](crate::Down), so that it can be told from other ends by its type.
///
/// ```
/// use otp_core::{ExitReason, Tagged, process};
///
/// struct Worker(u32);
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// let pid = process::spawn(async {});
/// process::monitor_tagged(pid, Worker(7));
/// let Tagged { tag: Worker(number), down, .. } = process::receive_type().await;
/// assert_eq!((number, down.pid), (7, Some(pid)));
/// # }) }
/// ```
///
/// [`demonitor_flush`] does not find a message with a tag; [`demonitor_flush_tagged`] does.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.monitor/2` with `tag:`.
#[track_caller]
pub fn monitor_tagged<T: Send + 'static>(target: impl Into<Dest>, tag: T) -> MonitorRef {
    let process = current::expect("monitor_tagged");
    let monitor = MonitorRef::new(process.head().pid);
    let tag: control::Tag = Box::new(|down| Message::new(Tagged { tag, down }));
    signal::monitor_as(&*process, target.into(), monitor, Some(tag));
    monitor
}

/// Stops watching; whether the monitor was there and had not fired.
///
/// No `Down` of this monitor arrives after it returns; one that is already in the mailbox stays.
/// A monitor of another process is left alone, and `false` returned.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.demonitor(ref, [:info])`.
#[track_caller]
pub fn demonitor(monitor: MonitorRef) -> bool {
    signal::demonitor(&*current::expect("demonitor"), monitor)
}

/// As [`demonitor`], and removes the `Down` if it is already in the mailbox.
///
/// A server has taken some of its messages out of the mailbox already, so in a server use
/// [`Context::demonitor_flush`](crate::Context::demonitor_flush), which finds those, too.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.demonitor(ref, [:flush, :info])`.
#[track_caller]
pub fn demonitor_flush(monitor: MonitorRef) -> bool {
    let process = current::expect("demonitor_flush");
    let found = signal::demonitor(&*process, monitor);
    if !found && monitor.owner == process.head().pid {
        receive::flush(&process, &|message| message::is_down(message, monitor));
    }
    found
}

/// As [`demonitor_flush`], for a monitor made by [`monitor_tagged`] with a tag of type `T`.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.demonitor(ref, [:flush, :info])`.
#[track_caller]
pub fn demonitor_flush_tagged<T: 'static>(monitor: MonitorRef) -> bool {
    let process = current::expect("demonitor_flush_tagged");
    let found = signal::demonitor(&*process, monitor);
    if !found && monitor.owner == process.head().pid {
        receive::flush(&process, &|message| {
            message.downcast_ref::<Tagged<T>>().is_some_and(|it| it.down.monitor == monitor)
        });
    }
    found
}

/// Chooses whether exit signals end the running process or become [`Exit`](crate::Exit) messages;
/// returns the old setting.
///
/// It affects signals that arrive from now on, also over older links.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.flag(:trap_exit, value)`.
#[track_caller]
pub fn trap_exit(trap: bool) -> bool {
    let process = current::expect("trap_exit");
    with_control(&*process, |control, _| std::mem::replace(&mut control.trap_exit, trap))
}

/// Gives a live process of this node a name.
///
/// The name is free again when the process ends, before anybody hears of that.
///
/// # Errors
///
/// The name is taken, the process has a name already, or it has ended.
///
/// Elixir: `Process.register/2`.
pub fn register(pid: Pid, name: impl Into<Name>) -> Result<(), RegisterError> {
    let process = find_pid(pid).ok_or(RegisterError::NoProc)?;
    signal::register(&process, name.into())
}

/// Why a name could not be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegisterError {
    /// The process has ended. The caller has an old pid.
    NoProc,
    /// The process has a name already; it can hold one. Unregister that first.
    HasName,
    /// Another process holds the name. Choose another name, or talk to that process.
    Taken(Pid),
    /// The registry that is to keep the name does not run. Start it first.
    NoRegistry,
    /// The registry keeps a value with each name, and the name comes without one: it was made to
    /// find a process. Make it with its value.
    NoValue,
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegisterError::NoProc => f.write_str("the process has ended"),
            RegisterError::HasName => f.write_str("the process already has a name"),
            RegisterError::Taken(pid) => write!(f, "the name is held by {pid}"),
            RegisterError::NoRegistry => f.write_str("the registry of the name does not run"),
            RegisterError::NoValue => f.write_str("the name has no value for its registry"),
        }
    }
}

impl std::error::Error for RegisterError {}

/// Takes a name away from its holder.
///
/// # Errors
///
/// [`NoProc`] when nobody holds the name.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `Process.unregister/1`.
#[track_caller]
pub fn unregister(name: impl Into<Name>) -> Result<(), NoProc> {
    let name = name.into();
    let process = block::holder(&Node::expect_current(), &name).ok_or(NoProc)?;
    // It may have ended just now, or been renamed.
    if signal::release(&*process, &name) { Ok(()) } else { Err(NoProc) }
}

/// The process that holds a name.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `Process.whereis/1`.
#[track_caller]
pub fn whereis(name: impl Into<Name>) -> Option<Pid> {
    block::holder(&Node::expect_current(), &name.into()).map(|process| process.head().pid)
}

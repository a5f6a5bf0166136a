//! Handles for one message type.

use std::fmt;

use crate::gen_server::{GenServer, HandleInfo, ServerRef};
use crate::message::{Dest, Message};
use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{self, ProcessRef};
use crate::process::{self, find_pid};
use crate::sync::Arc;

/// A handle of a process for messages of one type, whatever else that process understands.
///
/// It breaks the cycle of two servers that know each other: each keeps a `Recipient` of what it
/// sends instead of the other's client. Any client whose server has a handler for `M` gives one.
///
/// ```
/// use otp_core::{Recipient, process};
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// let me: Recipient<&str> = Recipient::of(process::self_pid());
/// me.send("hello");
/// assert_eq!(process::receive_type::<&str>().await, "hello");
/// # }) }
/// ```
///
/// Elixir: a pid, which takes any message.
pub struct Recipient<M> {
    target: Target,
    _message: std::marker::PhantomData<fn(M)>,
}

#[derive(Clone)]
enum Target {
    Process(ProcessRef),
    /// A pid whose process had ended already.
    Gone(Pid),
    Named(Arc<(Name, Option<Arc<Node>>)>),
}

impl<M: Send + 'static> Recipient<M> {
    fn new(target: Target) -> Recipient<M> {
        Recipient { target, _message: std::marker::PhantomData }
    }

    /// A process that is known to understand `M`.
    pub fn of(pid: Pid) -> Recipient<M> {
        Recipient::new(match find_pid(pid) {
            Some(process) => Target::Process(process),
            None => Target::Gone(pid),
        })
    }

    /// Whoever holds a name, and is known to understand `M`.
    pub fn named(name: impl Into<Name>) -> Recipient<M> {
        Recipient::new(Target::Named(Arc::new((name.into(), Node::current()))))
    }

    pub(crate) fn of_process(process: ProcessRef) -> Recipient<M> {
        Recipient::new(Target::Process(process))
    }

    /// Sends a message. It never waits and never fails.
    pub fn send(&self, message: M) {
        if let Some(process) = self.resolve() {
            block::send(&*process, Message::new(message));
        }
    }

    fn resolve(&self) -> Option<ProcessRef> {
        match &self.target {
            Target::Process(process) => Some(ProcessRef::clone(process)),
            Target::Gone(_) => None,
            Target::Named(named) => match &named.1 {
                Some(node) => block::holder(node, &named.0),
                None => block::holder(&*Node::current()?, &named.0),
            },
        }
    }

    /// The process's pid; `None` when the name has no holder.
    pub fn pid(&self) -> Option<Pid> {
        match &self.target {
            Target::Gone(pid) => Some(*pid),
            _ => self.resolve().map(|process| process.head().pid),
        }
    }

    /// Whether the process runs.
    pub fn is_alive(&self) -> bool {
        self.pid().is_some_and(process::is_alive)
    }

    /// What the handle stands for, for [`process::monitor`] and its like.
    pub fn dest(&self) -> Dest {
        match &self.target {
            Target::Process(process) => Dest::Pid(process.head().pid),
            Target::Gone(pid) => Dest::Pid(*pid),
            Target::Named(named) => Dest::Name(named.0.clone()),
        }
    }
}

impl<S: GenServer> ServerRef<S> {
    /// A handle for one of the messages that the server has a handler for.
    pub fn recipient<M: Send + 'static>(&self) -> Recipient<M>
    where
        S: HandleInfo<M>,
    {
        match self.as_process() {
            Ok(process) => Recipient::of_process(process),
            Err(name) => Recipient::named(name.clone()),
        }
    }
}

impl<M> Clone for Recipient<M> {
    fn clone(&self) -> Recipient<M> {
        Recipient { target: self.target.clone(), _message: std::marker::PhantomData }
    }
}

impl<M: Send + 'static> PartialEq for Recipient<M> {
    /// Whether both stand for the same pid or the same name.
    fn eq(&self, other: &Recipient<M>) -> bool {
        self.dest() == other.dest()
    }
}

impl<M: Send + 'static> Eq for Recipient<M> {}

impl<M: Send + 'static> fmt::Debug for Recipient<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.dest() {
            Dest::Pid(pid) => write!(f, "Recipient({pid})"),
            Dest::Name(name) => write!(f, "Recipient({name})"),
        }
    }
}

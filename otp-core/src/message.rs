//! Messages of any type, and the ones that the runtime itself sends.

use std::any::{Any, TypeId};
use std::fmt;

use crate::name::{Name, short_type_name};
use crate::pid::Pid;
use crate::process::MonitorRef;
use crate::reason::ExitReason;

/// A message of any type, as it lies in a mailbox.
///
/// `Debug` prints the type's name only: a message may hold what must not be logged.
///
/// ```
/// use otp_core::Message;
///
/// let message = Message::new("hello");
/// assert!(message.is::<&str>());
/// let message = message.downcast::<u32>().unwrap_err(); // not that: unharmed
/// assert_eq!(message.downcast::<&str>().unwrap(), "hello");
/// ```
pub struct Message(Box<dyn Payload>);

/// A function that gives the name of a type.
pub(crate) type TypeName = fn() -> &'static str;

trait Payload: Any + Send {
    /// Gives the type's name when it is called: a pointer is half as large as a text.
    fn type_name(&self) -> TypeName;
    fn as_any(&self) -> &dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

impl<T: Any + Send> Payload for T {
    fn type_name(&self) -> TypeName {
        std::any::type_name::<T>
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

impl Message {
    /// Wraps `value`.
    pub fn new<T: Send + 'static>(value: T) -> Message {
        Message(Box::new(value))
    }

    /// Whether the message is a `T`.
    pub fn is<T: 'static>(&self) -> bool {
        (*self.0).as_any().is::<T>()
    }

    /// The message, if it is a `T`.
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        (*self.0).as_any().downcast_ref()
    }

    /// Takes the message out.
    ///
    /// # Errors
    ///
    /// Gives the message back unharmed when it is not a `T`.
    pub fn downcast<T: 'static>(self) -> Result<T, Message> {
        if !self.is::<T>() {
            return Err(self);
        }
        match self.0.into_any().downcast::<T>() {
            Ok(value) => Ok(*value),
            Err(_) => unreachable!("the type was checked above"),
        }
    }

    /// Takes the message out in its box; with `T = Message` that is the message itself.
    pub(crate) fn open<T: Send + 'static>(self) -> Result<Box<T>, Message> {
        if TypeId::of::<T>() == TypeId::of::<Message>() {
            let whole: Box<dyn Any> = Box::new(self);
            return match whole.downcast() {
                Ok(message) => Ok(message),
                Err(_) => unreachable!("the type was compared above"),
            };
        }
        if !self.is::<T>() {
            return Err(self);
        }
        match self.0.into_any().downcast() {
            Ok(value) => Ok(value),
            Err(_) => unreachable!("the type was checked above"),
        }
    }

    /// Undoes [`Message::open`].
    pub(crate) fn close<T: Send + 'static>(value: Box<T>) -> Message {
        if TypeId::of::<T>() == TypeId::of::<Message>() {
            let whole: Box<dyn Any> = value;
            return match whole.downcast::<Message>() {
                Ok(message) => *message,
                Err(_) => unreachable!("the type was compared above"),
            };
        }
        Message(value)
    }

    /// The name of the message's type, with its path.
    pub fn type_name(&self) -> &'static str {
        (*self.0).type_name()()
    }

    /// As [`Message::type_name`], to be asked later.
    pub(crate) fn late_type_name(&self) -> TypeName {
        (*self.0).type_name()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Message({})", short_type_name(self.type_name()))
    }
}

/// A linked process ended, and this process traps exits.
///
/// Elixir: `{:EXIT, from, reason}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exit {
    /// The process that ended, or that sent the exit signal.
    pub from: Pid,
    /// Why.
    pub reason: ExitReason,
}

/// A monitored process ended, or was not there.
///
/// Elixir: `{:DOWN, ref, :process, target, reason}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Down {
    /// What [`process::monitor`](crate::process::monitor) returned.
    pub monitor: MonitorRef,
    /// What was monitored: the pid or the name.
    pub target: Target,
    /// The process that ended; `None` when the name had no holder.
    pub pid: Option<Pid>,
    /// Why; [`ExitReason::NoProc`] when there was no such process.
    pub reason: ExitReason,
}

/// Whether a message is the `Down` of this monitor.
pub(crate) fn is_down(message: &Message, monitor: MonitorRef) -> bool {
    message.downcast_ref::<Down>().is_some_and(|down| down.monitor == monitor)
}

/// A process monitored by [`process::monitor_tagged`](crate::process::monitor_tagged) ended, or was
/// not there.
///
/// Elixir: `{tag, ref, :process, target, reason}`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tagged<T> {
    /// What was given when the monitor was made.
    pub tag: T,
    /// What a monitor without a tag would have sent.
    pub down: Down,
}

/// What a monitor watches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A process.
    Pid(Pid),
    /// The process that held this name when the monitor was made.
    Name(Name),
}

/// No message came within the time-out that the last callback asked for.
///
/// Elixir: the info message `:timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeout;

/// Where a message goes: a pid or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dest {
    /// This process.
    Pid(Pid),
    /// The holder of this name at the time of sending.
    Name(Name),
}

impl From<Pid> for Dest {
    fn from(pid: Pid) -> Dest {
        Dest::Pid(pid)
    }
}

impl From<Name> for Dest {
    fn from(name: Name) -> Dest {
        Dest::Name(name)
    }
}

impl From<&'static str> for Dest {
    fn from(name: &'static str) -> Dest {
        Dest::Name(name.into())
    }
}

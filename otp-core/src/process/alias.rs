//! Aliases: a way to a process that can be closed without ending the process.

use std::fmt;
use std::marker::PhantomData;

use crate::message::{Dest, Message};
use crate::pid::Pid;
use crate::process::block::with_control;
use crate::process::control::Phase;
use crate::process::{MonitorRef, current, find_pid, signal};

/// A way to send messages of type `M` to the process that made it, until it is closed.
///
/// It is a small value that can be copied and sent. Messages sent through it arrive like any other.
/// When it is closed, messages vanish without an error for their sender: an answer that comes too
/// late does not fill the mailbox.
///
/// ```
/// use otp_core::process;
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// let answers = process::alias::<u32>();
/// let worker = process::spawn(async move { answers.send(42) });
/// assert_eq!(process::receive_type::<u32>().await, 42);
/// assert!(process::unalias(answers));
/// answers.send(43); // nobody hears it
/// # process::join(worker).await;
/// # }) }
/// ```
///
/// Elixir: the reference returned by `Process.alias/1`.
pub struct Alias<M> {
    number: u64,
    owner: Pid,
    // An alias takes messages and owns none.
    message: PhantomData<fn(M)>,
}

/// When an alias that belongs to a monitor closes by itself.
///
/// Elixir: the option `alias:` of `Process.monitor/2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AliasMode {
    /// When the monitor is removed or has fired. Elixir: `:demonitor`.
    Demonitor,
    /// Never: only [`unalias`] closes it. Elixir: `:explicit_unalias`.
    Explicit,
    /// As `Demonitor`, and with the first message, which also removes the monitor: there is one
    /// answer or one [`Down`](crate::Down). Elixir: `:reply_demonitor`.
    Reply,
}

/// What closes an alias, as its owner keeps it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// Only its owner.
    Explicit,
    /// The first message.
    Once,
    /// The end of a monitor.
    Monitor,
    /// The end of a monitor, or the first message, which ends the monitor.
    MonitorOnce(MonitorRef),
}

impl Closing {
    pub(crate) fn ends_with_monitor(self) -> bool {
        matches!(self, Closing::Monitor | Closing::MonitorOnce(_))
    }
}

/// Makes an alias of the running process that stays open until [`unalias`].
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.alias/0`.
#[track_caller]
pub fn alias<M: Send + 'static>() -> Alias<M> {
    open("alias", Closing::Explicit)
}

/// Makes an alias of the running process that lets exactly one message through.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.alias([:reply])`.
#[track_caller]
pub fn reply_alias<M: Send + 'static>() -> Alias<M> {
    open("reply_alias", Closing::Once)
}

#[track_caller]
fn open<M>(what: &str, closing: Closing) -> Alias<M> {
    let process = current::expect(what);
    let number = crate::unique::unique();
    with_control(&*process, |control, _| control.rare().aliases.insert(number, closing));
    Alias { number, owner: process.head().pid, message: PhantomData }
}

/// Watches a process or the holder of a name, as [`monitor`](crate::process::monitor), and makes an
/// alias that closes as `mode` says.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.monitor/2` with `alias:`.
#[track_caller]
pub fn monitor_alias<M: Send + 'static>(
    target: impl Into<Dest>,
    mode: AliasMode,
) -> (MonitorRef, Alias<M>) {
    let process = current::expect("monitor_alias");
    let owner = process.head().pid;
    let monitor = MonitorRef::new(owner);
    let closing = match mode {
        AliasMode::Demonitor => Closing::Monitor,
        AliasMode::Explicit => Closing::Explicit,
        AliasMode::Reply => Closing::MonitorOnce(monitor),
    };
    // Before the monitor is made: it may fire at once.
    with_control(&*process, |control, _| control.rare().aliases.insert(monitor.number, closing));
    signal::monitor_as(&*process, target.into(), monitor, None);
    (monitor, Alias { number: monitor.number, owner, message: PhantomData })
}

/// Closes an alias of the running process; whether it was open.
///
/// An alias of another process is left alone, and `false` returned.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.unalias/1`.
#[track_caller]
pub fn unalias<M>(alias: Alias<M>) -> bool {
    let process = current::expect("unalias");
    with_control(&*process, |control, _| {
        control.get_rare_mut().is_some_and(|rare| rare.aliases.remove(&alias.number).is_some())
    })
}

impl<M: Send + 'static> Alias<M> {
    /// Sends a message to the process that made the alias; silent when the alias is closed or the
    /// process has ended.
    ///
    /// Elixir: `send/2` to an alias.
    pub fn send(self, message: M) {
        let Some(owner) = find_pid(self.owner) else { return };
        let mut message = Some(Message::new(message));
        let (wake, ended) = with_control(&*owner, |control, inbox| {
            if control.phase != Phase::Running {
                return (false, None);
            }
            let Some(rare) = control.get_rare_mut() else { return (false, None) };
            let ended = match rare.aliases.get(&self.number) {
                None => return (false, None),
                Some(Closing::Explicit | Closing::Monitor) => None,
                Some(Closing::Once) => {
                    rare.aliases.remove(&self.number);
                    None
                }
                Some(&Closing::MonitorOnce(monitor)) => {
                    rare.aliases.remove(&self.number);
                    rare.monitors.remove(&monitor).map(|watched| (monitor, watched))
                }
            };
            let wake =
                message.take().is_some_and(|it| signal::deliver(&*owner, control, inbox, it));
            (wake, ended)
        });
        if wake {
            owner.head().wake_for_mail();
        }
        if let Some((monitor, watched)) = ended {
            signal::forget_watcher(&*owner, monitor, &watched);
        }
    }

    /// The process that made the alias.
    pub fn owner(self) -> Pid {
        self.owner
    }
}

impl<M> Clone for Alias<M> {
    fn clone(&self) -> Alias<M> {
        *self
    }
}

impl<M> Copy for Alias<M> {}

impl<M> PartialEq for Alias<M> {
    fn eq(&self, other: &Alias<M>) -> bool {
        (self.number, self.owner) == (other.number, other.owner)
    }
}

impl<M> Eq for Alias<M> {}

impl<M> fmt::Debug for Alias<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Alias({})", self.number)
    }
}

//! Looking into a running server, and holding it still.
//!
//! ```
//! # use otp_core::{Call, Context, GenServer, InitResult, Never, Next, ReplyTo, ServerRef, Start};
//! # #[derive(Clone)]
//! # struct Counter(i64);
//! # enum Request { Get(ReplyTo<i64>) }
//! # impl GenServer for Counter {
//! #     type Args = i64;
//! #     type Request = Request;
//! #     type Continue = Never;
//! #     type Client = ServerRef<Counter>;
//! #     async fn init(initial: i64, _: &mut Context<Self>) -> InitResult<Self> {
//! #         InitResult::ok(Counter(initial))
//! #     }
//! #     async fn handle(&mut self, request: Request, _: &mut Context<Self>) -> Next<Self> {
//! #         match request { Request::Get(caller) => Next::answer(caller, self.0) }
//! #     }
//! # }
//! use otp_core::sys;
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! let counter = Start::<Counter>::link(40).await.unwrap();
//! assert_eq!(sys::get_state(&counter).await.unwrap().0, 40);
//! sys::replace_state(&counter, |state| state.0 += 2).await.unwrap();
//! assert_eq!(counter.call(Request::Get).await, Ok(42));
//!
//! sys::suspend(&counter).await.unwrap();
//! assert!(sys::get_status(&counter).await.unwrap().suspended);
//! sys::resume(&counter).await.unwrap();
//! # }) }
//! ```
//!
//! The functions take the handle of a server; a generated client and the handle of a supervisor
//! deref to one. Each returns a [`Request`], which does nothing until it is awaited.
//!
//! A request waits its turn in the mailbox, like every message, and is served between two of them.
//! Only [`process::info`](crate::process::info) and exit signals do not wait.
//!
//! # Time-outs
//!
//! A request waits five seconds, unless [`Request::timeout`] says otherwise. A time-out that the
//! server has asked for is not used up by a request: it starts anew, in full.
//!
//! # Cost
//!
//! A server that nobody asks pays nothing. While one is watched (statistics, log, trace, installed
//! functions), each message costs a call for each watcher.
//!
//! # When not to use it
//!
//! For looking at systems that run, and in tests. What a program does as a matter of course is a
//! call that the server handles.
//!
//! Elixir: the module `:sys`.

use crate::gen_server::system::{Job, resume as put_back, state_text};
use crate::gen_server::{Context, GenServer, ServerRef};
use crate::name::Name;
use crate::node::Node;
use crate::panic;
use crate::pid::Pid;
use crate::process::info;
use crate::reason::ExitReason;

mod request;
mod watch;

pub use request::{Request, SysError};
pub(crate) use watch::Watch;
pub use watch::{DebugId, DebugOption, Event, Statistics};

/// What [`get_status`] tells of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The server's process.
    pub pid: Pid,
    /// Its registered name.
    pub name: Option<Name>,
    /// What [`process::set_label`](crate::process::set_label) said.
    pub label: Option<String>,
    /// The type of the state, with its path.
    pub server: &'static str,
    /// The process that started it.
    pub parent: Option<Pid>,
    /// Whether it is suspended.
    pub suspended: bool,
    /// How many messages wait to be handled.
    pub message_queue_len: usize,
    /// How many messages it has dropped because it has no handler for them.
    pub unhandled: u64,
    /// How it is watched.
    pub debug: Vec<DebugOption>,
    /// The state, as [`GenServer::format_status`] shows it.
    pub state: Option<String>,
}

/// Sends a job whose value is the answer.
fn ask<S, T, F>(server: &ServerRef<S>, job: F) -> Request<T>
where
    S: GenServer,
    T: Send + 'static,
    F: FnOnce(&mut S, &mut Context<S>) -> T + Send + 'static,
{
    Request::new(server, |answer| -> Job<S> {
        Box::new(move |state, cx| {
            let _ = answer.send(panic::catch(|| job(state, cx)));
            None
        })
    })
}

/// The state as it is now, copied.
///
/// [`with_state`] does it for a state that cannot be cloned.
///
/// # Errors
///
/// [`SysError`]; [`SysError::Panicked`] when `clone` does.
///
/// Elixir: `:sys.get_state/1`.
pub fn get_state<S: GenServer + Clone>(server: &ServerRef<S>) -> Request<S> {
    with_state(server, S::clone)
}

/// What `read` makes of the state as it is now. It runs in the server's process.
///
/// # Errors
///
/// [`SysError`]; [`SysError::Panicked`] when `read` does, which does not harm the server.
pub fn with_state<S, T, F>(server: &ServerRef<S>, read: F) -> Request<T>
where
    S: GenServer,
    T: Send + 'static,
    F: FnOnce(&S) -> T + Send + 'static,
{
    ask(server, |state: &mut S, _| read(state))
}

/// Changes the state between two messages, and gives the new one.
///
/// `change` works on a copy that takes the state's place when it is done. So a panic leaves the
/// state and the server as they were. [`replace_state_with`] needs no copy.
///
/// # Errors
///
/// [`SysError`]; [`SysError::Panicked`] when `change` or `clone` does.
///
/// Elixir: `:sys.replace_state/2`.
pub fn replace_state<S, F>(server: &ServerRef<S>, change: F) -> Request<S>
where
    S: GenServer + Clone,
    F: FnOnce(&mut S) + Send + 'static,
{
    ask(server, |state: &mut S, _| {
        let mut changed = state.clone();
        change(&mut changed);
        let answer = changed.clone();
        *state = changed;
        answer
    })
}

/// Puts another state in the place of the present one, between two messages.
///
/// As [`replace_state`], for a state that cannot be cloned: a panic of `make` leaves the state and
/// the server as they were.
///
/// # Errors
///
/// [`SysError`]; [`SysError::Panicked`] when `make` does.
///
/// Elixir: `:sys.replace_state/2`.
pub fn replace_state_with<S, F>(server: &ServerRef<S>, make: F) -> Request<()>
where
    S: GenServer,
    F: FnOnce(&S) -> S + Send + 'static,
{
    ask(server, |state: &mut S, _| {
        let made = make(state);
        *state = made;
    })
}

/// What the server is doing, and how it is watched.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.get_status/1`.
pub fn get_status<S: GenServer>(server: &ServerRef<S>) -> Request<Status> {
    ask(server, |state: &mut S, cx| {
        let pid = cx.pid();
        let known = info(pid);
        let aside = cx.aside();
        let waiting = known.as_ref().map_or(0, |info| info.message_queue_len);
        Status {
            pid,
            server: std::any::type_name::<S>(),
            suspended: aside.suspended,
            message_queue_len: waiting + aside.deferred.len(),
            unhandled: aside.unhandled,
            debug: aside.watch.options(),
            state: state_text(state),
            parent: cx.parent(),
            name: known.as_ref().and_then(|info| info.name.clone()),
            label: known.and_then(|info| info.label),
        }
    })
}

/// Stops the handling of messages; they wait, and are handled in order after [`resume`].
///
/// Requests of this module are still served. So are [`ServerRef::stop`] and, in a server that traps
/// exits, the end of its parent. Suspending twice is suspending once. A bounded mailbox stays
/// bounded.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.suspend/1`.
pub fn suspend<S: GenServer>(server: &ServerRef<S>) -> Request<()> {
    ask(server, |_: &mut S, cx| cx.aside().suspended = true)
}

/// Lets a suspended server go on. It does nothing to one that is not suspended.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.resume/1`.
pub fn resume<S: GenServer>(server: &ServerRef<S>) -> Request<()> {
    ask(server, |_: &mut S, cx| {
        if cx.aside().suspended {
            put_back(cx);
        }
    })
}

/// Has the server run `terminate` and end with `reason`. The answer comes before the end.
///
/// [`ServerRef::stop`] waits for the end.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.terminate/2`.
pub fn terminate<S: GenServer>(server: &ServerRef<S>, reason: ExitReason) -> Request<()> {
    Request::new(server, |answer| -> Job<S> {
        Box::new(move |_, _| {
            let _ = answer.send(Ok(()));
            Some(reason)
        })
    })
}

/// Starts counting messages from zero, or stops counting.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.statistics(server, true)`.
pub fn statistics<S: GenServer>(server: &ServerRef<S>, on: bool) -> Request<()> {
    ask(server, move |_: &mut S, cx| cx.aside().watch.count(on))
}

/// What has been counted so far; `None` when nothing is counted.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.statistics(server, :get)`.
pub fn statistics_get<S: GenServer>(server: &ServerRef<S>) -> Request<Option<Statistics>> {
    ask(server, |_: &mut S, cx| cx.aside().watch.statistics())
}

/// Keeps the last `limit` events for [`log_get`]; zero keeps none.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.log(server, {true, limit})`.
pub fn log<S: GenServer>(server: &ServerRef<S>, limit: usize) -> Request<()> {
    ask(server, move |_: &mut S, cx| cx.aside().watch.keep(limit))
}

/// The last events, oldest first; none when they are not kept.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.log(server, :get)`.
pub fn log_get<S: GenServer>(server: &ServerRef<S>) -> Request<Vec<Event>> {
    ask(server, |_: &mut S, cx| cx.aside().watch.kept())
}

/// Reports each event as a `tracing` event of the target `otp::sys` at level info, or stops that.
///
/// Without a `tracing` subscriber the events are lines on standard error.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.trace/2`.
pub fn trace<S: GenServer>(server: &ServerRef<S>, on: bool) -> Request<()> {
    ask(server, move |_: &mut S, cx| cx.aside().watch.trace(on))
}

/// Has `function` see every event, until it is removed.
///
/// It runs in the server's process and owns what it captures. It is removed when it panics, which
/// does not harm the server. Installing a function under an id that is in use changes nothing.
///
/// ```
/// # use otp_core::{GenServer, ServerRef, sys};
/// # async fn watch<S: GenServer>(server: ServerRef<S>) -> Result<(), sys::SysError> {
/// let mut seen = 0;
/// sys::install(&server, "count", move |event| {
///     seen += 1;
///     println!("{seen}: {event}");
/// })
/// .await?;
/// sys::remove(&server, "count").await?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.install/2`.
pub fn install<S, F>(server: &ServerRef<S>, id: impl Into<DebugId>, function: F) -> Request<()>
where
    S: GenServer,
    F: FnMut(&Event) + Send + 'static,
{
    let id = id.into();
    ask(server, move |_: &mut S, cx| cx.aside().watch.install(id, Box::new(function)))
}

/// Removes an installed function; whether it was there.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.remove/2`.
pub fn remove<S: GenServer>(server: &ServerRef<S>, id: impl Into<DebugId>) -> Request<bool> {
    let id = id.into();
    ask(server, move |_: &mut S, cx| cx.aside().watch.remove(&id))
}

/// Ends all watching: trace, log, statistics and installed functions.
///
/// # Errors
///
/// [`SysError`].
///
/// Elixir: `:sys.no_debug/1`.
pub fn no_debug<S: GenServer>(server: &ServerRef<S>) -> Request<()> {
    ask(server, |_: &mut S, cx| cx.aside().watch = Watch::default())
}

/// Whether the node looks for servers that wait for each other's answers in a circle.
///
/// It does so in every test, which fails with the circle, and nowhere else until this is called,
/// since each call that is not answered at once then costs a lock. A circle that stands for a tenth
/// of a second is an `otp::deadlock` event, which names its servers: `Bank -> Ledger -> Bank`. The
/// calls themselves go on until they time out.
///
/// A call of a server to itself is [`CallError::CallingSelf`](crate::CallError::CallingSelf)
/// everywhere and at once.
///
/// ```
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// otp_core::sys::watch_deadlocks(true);
/// # }) }
/// ```
///
/// # Panics
///
/// Outside a tokio runtime.
#[track_caller]
pub fn watch_deadlocks(on: bool) {
    Node::expect_current().deadlocks.watch(on);
}

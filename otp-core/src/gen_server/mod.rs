//! A server: a process that owns a state and changes it by handling one message after another.
//!
//! `#[gen_server]` in the crate `otp` writes everything below for you. By hand it is:
//!
//! ```
//! use otp_core::{Context, GenServer, InitResult, Never, Next, ReplyTo, ServerRef, Start};
//!
//! struct Counter(i64);
//!
//! enum Request {
//!     Get(ReplyTo<i64>),
//!     Add(i64),
//! }
//!
//! impl GenServer for Counter {
//!     type Args = i64;
//!     type Request = Request;
//!     type Continue = Never;
//!     type Client = ServerRef<Counter>;
//!
//!     async fn init(initial: i64, _: &mut Context<Self>) -> InitResult<Self> {
//!         InitResult::ok(Counter(initial))
//!     }
//!
//!     async fn handle(&mut self, request: Request, _: &mut Context<Self>) -> Next<Self> {
//!         match request {
//!             Request::Get(caller) => Next::answer(caller, self.0),
//!             Request::Add(n) => Next::after(self.0 += n),
//!         }
//!     }
//! }
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! let counter = Start::<Counter>::link(40).await.unwrap();
//! counter.cast(Request::Add(2));
//! assert_eq!(counter.call(Request::Get).await, Ok(42));
//! # }) }
//! ```
//!
//! # How to supervise it
//!
//! `ChildSpec::<Counter>::new(0)` goes into a [`Supervisor`](crate::Supervisor); the restart type
//! and the shutdown limit come from [`GenServer::OPTIONS`] and can be changed on the spec.
//!
//! # Names
//!
//! A server has the name that [`GenServer::name`] gives, or the one said at its start. A name is
//! taken before `init` runs, and free before anybody hears that the server has ended.
//!
//! # Time-outs
//!
//! A call waits five seconds by default. A callback may ask for a [`Timeout`](crate::Timeout)
//! message when nothing comes in time. A start has no limit unless one is given.
//!
//! # Limits
//!
//! A handler that never awaits cannot be ended from outside. Requests, replies and the state cross
//! threads, so they are `Send + 'static`. After a panic, `terminate` sees the state as the handler
//! left it.
//!
//! # When not to use it
//!
//! For work that needs no state and no turn, use a plain function; for one result, a task.

use std::future::Future;
use std::time::Duration;

use crate::child_spec::{Restart, Shutdown};
use crate::message::Message;
use crate::name::Name;
use crate::reason::ExitReason;

mod call;
mod context;
mod limit;
mod mailbox;
mod outcome;
mod pipe;
mod recipient;
mod reply_to;
mod request;
mod requests;
mod serve;
mod server_ref;
mod start;
pub(crate) mod stop;
pub(crate) mod system;

pub use call::{Call, CallError, OrExit};
pub use context::Context;
pub use limit::Limit;
pub use mailbox::{Full, FullCall, Mailbox, TryCastError};
pub use outcome::{
    Answered, Continuation, Done, Init, InitResult, IntoInit, IntoNoreply, IntoReply, Next,
    Noreply, NoreplyStep, Reply, Then, noreply, reply,
};
pub use recipient::Recipient;
pub use reply_to::{Answer, ReplyTo};
pub use request::Request;
pub use requests::{CollectionError, RequestCollection};
pub(crate) use serve::unhandled;
pub use server_ref::ServerRef;
pub use start::{Start, StartError};
pub use stop::{Stop, StopError};

/// A server that can be started, called and supervised.
///
/// `#[gen_server]` implements it from an `impl` block; implementing it by hand is supported and
/// gives the same.
///
/// Elixir: the `GenServer` behaviour.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a gen_server",
    label = "no `#[gen_server] impl {Self}` was found",
    note = "put `#[gen_server]` on the `impl` block that contains `#[init]`",
    note = "OTP0705"
)]
pub trait GenServer
where
    // For a state that is not `Send` the compiler shows this line.
    Self: Send, // help: use `Arc` instead of `Rc`, `Mutex` instead of `RefCell`; note: OTP0703
    Self: Sized + 'static,
{
    /// What `init` is given.
    type Args: Send + 'static;
    /// The calls and casts of this server, one variant each; a call's carries its [`ReplyTo`].
    type Request: Send + 'static;
    /// What `handle_continue` is given; [`Never`](crate::Never) when there is none.
    type Continue: Send + 'static;
    /// The typed client; [`ServerRef`] itself will do.
    type Client: From<ServerRef<Self>> + Clone + Send + Sync + 'static;

    /// How the server behaves in a supervision tree.
    const OPTIONS: ServerOptions = ServerOptions::new();

    /// The name that the server takes before `init`; none by default.
    fn name(args: &Self::Args) -> Option<Name> {
        let _ = args;
        None
    }

    /// Whether a request is a call, whose caller waits for an answer: a full mailbox drops casts
    /// only.
    ///
    /// `#[gen_server]` knows; by hand, a server without a bounded mailbox need not say.
    fn is_call(request: &Self::Request) -> bool {
        let _ = request;
        true
    }

    /// Makes the state. It runs in the new process, and the starter waits for it.
    ///
    /// [`Init`] lists what it may return.
    fn init(
        args: Self::Args,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = InitResult<Self>> + Send;

    /// Handles a call or a cast.
    fn handle(
        &mut self,
        request: Self::Request,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Next<Self>> + Send;

    /// Handles any other message; logs and drops it by default.
    fn handle_info(
        &mut self,
        message: Message,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Next<Self>> + Send {
        let next = unhandled(message, cx);
        async move { next }
    }

    /// Goes on after `init` or another callback that returned a continuation.
    fn handle_continue(
        &mut self,
        value: Self::Continue,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = Next<Self>> + Send {
        let _ = cx;
        async move {
            drop(value);
            Next::wait()
        }
    }

    /// Gives back what the state can do without, before a long wait.
    ///
    /// It runs when a callback returned `.hibernate()`, and when the server has been idle for
    /// [`ServerOptions::hibernate_after`]. An idle mailbox owns no memory anyway; this is for the
    /// state's own buffers: `self.cache.shrink_to_fit()`.
    ///
    /// Elixir: what `:hibernate` does by a garbage collection.
    fn hibernate(&mut self) {}

    /// Cleans up when the server ends by itself: because a callback stopped it, panicked or exited,
    /// because of [`ServerRef::stop`], or, when it traps exits, because its parent ended.
    ///
    /// It does not run when an exit signal ends a server that does not trap exits, and never after
    /// a kill.
    fn terminate(
        &mut self,
        reason: &ExitReason,
        cx: &mut Context<Self>,
    ) -> impl Future<Output = ()> + Send {
        let _ = (reason, cx);
        async {}
    }

    /// The state as people may see it: in crash reports, in [`sys::get_status`] and in traces.
    ///
    /// `None`, the default, shows nothing of it. `#[gen_server(debug)]` prints it with `Debug`;
    /// writing this function leaves out what must stay secret. A panic in it costs nothing but the
    /// text: the report appears all the same, and the exit reason stays.
    ///
    /// [`sys::get_status`]: crate::sys::get_status
    ///
    /// Elixir: `format_status/1`.
    fn format_status(&self) -> Option<String> {
        None
    }
}

/// Says that the server `Self` has a handler for messages of type `M`, so that
/// [`ServerRef::send`] takes them.
///
/// `#[handle_info]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[handle_info]` for `{M}`",
    label = "it would be logged and dropped",
    note = "add `#[handle_info] fn on_message(&mut self, message: {M})` to its `#[gen_server]` \
            block; `process::send(pid, ..)` sends it anyway",
    note = "OTP0709"
)]
pub trait HandleInfo<M>: GenServer {}

// With one impl alone, the compiler takes its message for the meant one and talks of mismatched
// types. No message is of these types, and with them every server has more impls than one.
#[diagnostic::do_not_recommend]
impl<S: GenServer> HandleInfo<crate::Never> for S {}
#[diagnostic::do_not_recommend]
impl<S: GenServer> HandleInfo<std::convert::Infallible> for S {}

/// How a server behaves in a supervision tree, and how it is run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ServerOptions {
    /// When its supervisor starts it again. Permanent by default.
    pub restart: Restart,
    /// How its supervisor ends it. Five seconds by default.
    pub shutdown: Shutdown,
    /// Whether its end counts for the supervisor's automatic shutdown. Not by default.
    pub significant: bool,
    /// Whether exit signals become [`Exit`](crate::Exit) messages. Not by default.
    pub trap_exit: bool,
    /// The limit of the mailbox. None by default, as in OTP.
    pub mailbox: Option<Mailbox>,
    /// Whether callers may run the server on their own thread while it waits, which makes short
    /// calls several times cheaper. By default they may. A handler that reads tokio task-locals, or
    /// must run on its own task for another reason, says no.
    pub handoff: bool,
    /// How long the server is idle before it hibernates by itself. Never by default.
    pub hibernate_after: Option<Duration>,
}

impl ServerOptions {
    /// The defaults of OTP.
    pub const fn new() -> ServerOptions {
        ServerOptions {
            restart: Restart::Permanent,
            shutdown: Shutdown::After(Duration::from_secs(5)),
            significant: false,
            trap_exit: false,
            mailbox: None,
            handoff: true,
            hibernate_after: None,
        }
    }

    /// Sets whether callers may run the server on their own thread while it waits.
    pub const fn handoff(mut self, handoff: bool) -> ServerOptions {
        self.handoff = handoff;
        self
    }

    /// Sets how long the server is idle before it hibernates by itself.
    pub const fn hibernate_after(mut self, idle: Duration) -> ServerOptions {
        self.hibernate_after = Some(idle);
        self
    }

    /// Sets a limit for the mailbox.
    pub const fn mailbox(mut self, mailbox: Mailbox) -> ServerOptions {
        self.mailbox = Some(mailbox);
        self
    }

    /// Sets when the server's supervisor starts it again.
    pub const fn restart(mut self, restart: Restart) -> ServerOptions {
        self.restart = restart;
        self
    }

    /// Sets how the server's supervisor ends it.
    pub const fn shutdown(mut self, shutdown: Shutdown) -> ServerOptions {
        self.shutdown = shutdown;
        self
    }

    /// Sets whether the server's end counts for its supervisor's automatic shutdown.
    pub const fn significant(mut self, significant: bool) -> ServerOptions {
        self.significant = significant;
        self
    }

    /// Sets whether exit signals become messages.
    pub const fn trap_exit(mut self, trap_exit: bool) -> ServerOptions {
        self.trap_exit = trap_exit;
        self
    }
}

impl Default for ServerOptions {
    fn default() -> ServerOptions {
        ServerOptions::new()
    }
}

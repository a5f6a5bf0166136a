//! What callbacks return, and what that means for the server.

use std::fmt::Debug;
use std::time::Duration;

use crate::gen_server::{GenServer, ReplyTo};
use crate::marker::ExitError;
use crate::reason::ExitReason;

/// What a server does after a callback.
pub(crate) enum Step<C> {
    /// Wait for the next message.
    Wait,
    /// Wait, and handle `Timeout` when nothing comes in time.
    Timeout(Duration),
    /// Wait, and give back memory first.
    Hibernate,
    /// Run `handle_continue` before anything else.
    Continue(C),
    /// Run `terminate` and end.
    Stop(Box<Stop>),
    /// Serve the job that lies in the context, then go on as before it.
    System,
}

/// How a server stops.
pub(crate) struct Stop {
    pub(crate) reason: ExitReason,
    /// Answers the caller, when `terminate` has run and the name is free.
    pub(crate) answer: Option<Box<dyn FnOnce() + Send>>,
}

impl<C> Step<C> {
    fn stop(reason: ExitReason) -> Step<C> {
        Step::Stop(Box::new(Stop { reason, answer: None }))
    }

    fn map<D>(self, f: impl FnOnce(C) -> D) -> Step<D> {
        match self {
            Step::Wait => Step::Wait,
            Step::Timeout(duration) => Step::Timeout(duration),
            Step::Hibernate => Step::Hibernate,
            Step::Continue(value) => Step::Continue(f(value)),
            Step::Stop(stop) => Step::Stop(stop),
            Step::System => Step::System,
        }
    }
}

impl<C> std::fmt::Debug for Step<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Step::Wait => f.write_str("wait"),
            Step::Timeout(duration) => write!(f, "timeout({duration:?})"),
            Step::Hibernate => f.write_str("hibernate"),
            Step::Continue(_) => f.write_str("continue"),
            Step::Stop(stop) => write!(f, "stop({})", stop.reason),
            Step::System => f.write_str("system"),
        }
    }
}

/// Marks a [`Reply`] or [`Noreply`] that names no continuation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {}

/// Marks a [`Reply`] or [`Noreply`] that may name a continuation of type `C`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Then<C>(C);

/// The answer of a call and what the server does next.
///
/// Most handlers return the plain value; this type is for the rest.
///
/// ```
/// use otp_core::{ExitReason, Reply, reply};
///
/// fn close(balance: u64) -> Reply<u64> {
///     reply(balance).stop(ExitReason::Normal)
/// }
/// # close(3);
/// ```
///
/// Elixir: `{:reply, value, state, ..}` and `{:stop, reason, value, state}`.
#[derive(Debug)]
#[must_use = "return it from the handler, or nothing happens"]
pub struct Reply<T, K = Done> {
    value: T,
    step: Step<K>,
}

/// Answers with `value` and waits for the next message.
pub fn reply<T>(value: T) -> Reply<T> {
    Reply { value, step: Step::Wait }
}

impl<T> Reply<T> {
    /// Answers, then runs `handle_continue` with `value` before anything else.
    pub fn continue_with<C>(self, value: C) -> Reply<T, Then<C>> {
        Reply { value: self.value, step: Step::Continue(Then(value)) }
    }
}

impl<T, K> Reply<T, K> {
    /// Runs `terminate`, answers, and ends with `reason`.
    pub fn stop(mut self, reason: ExitReason) -> Reply<T, K> {
        self.step = Step::stop(reason);
        self
    }

    /// Answers, and handles [`Timeout`](crate::Timeout) when no message comes in time.
    pub fn timeout(mut self, duration: Duration) -> Reply<T, K> {
        self.step = Step::Timeout(duration);
        self
    }

    /// Answers, and gives back memory before it waits.
    pub fn hibernate(mut self) -> Reply<T, K> {
        self.step = Step::Hibernate;
        self
    }

    /// The answer; for testing a handler as the plain function that it is.
    pub fn value(&self) -> &T {
        &self.value
    }
}

impl<T, C> From<Reply<T>> for Reply<T, Then<C>> {
    fn from(plain: Reply<T>) -> Reply<T, Then<C>> {
        Reply { value: plain.value, step: plain.step.map(|done| match done {}) }
    }
}

/// No answer now, and what the server does next.
///
/// Elixir: `{:noreply, state, ..}` and `{:stop, reason, state}`.
#[derive(Debug)]
#[must_use = "return it from the handler, or nothing happens"]
pub struct Noreply<K = Done> {
    step: Step<K>,
}

/// Waits for the next message.
pub fn noreply() -> Noreply {
    Noreply { step: Step::Wait }
}

impl Noreply {
    /// Runs `handle_continue` with `value` before anything else.
    pub fn continue_with<C>(self, value: C) -> Noreply<Then<C>> {
        Noreply { step: Step::Continue(Then(value)) }
    }
}

impl<K> Noreply<K> {
    /// Runs `terminate` and ends with `reason`.
    pub fn stop(mut self, reason: ExitReason) -> Noreply<K> {
        self.step = Step::stop(reason);
        self
    }

    /// Handles [`Timeout`](crate::Timeout) when no message comes in time.
    pub fn timeout(mut self, duration: Duration) -> Noreply<K> {
        self.step = Step::Timeout(duration);
        self
    }

    /// Gives back memory before it waits.
    pub fn hibernate(mut self) -> Noreply<K> {
        self.step = Step::Hibernate;
        self
    }
}

impl<C> From<Noreply> for Noreply<Then<C>> {
    fn from(plain: Noreply) -> Noreply<Then<C>> {
        Noreply { step: plain.step.map(|done| match done {}) }
    }
}

/// How a server starts.
///
/// Elixir: the return values of `init/1`.
#[must_use = "return it from `init`, or nothing happens"]
pub struct Init<S: GenServer>(pub(crate) Start<S>);

/// What [`GenServer::init`] returns.
pub type InitResult<S> = Init<S>;

pub(crate) enum Start<S: GenServer> {
    Run(S, Step<S::Continue>),
    Ignore,
    /// Fails, and is reported as a crash unless the reason is a clean one.
    Stop(ExitReason),
    /// Fails, and is the starter's business alone.
    Error(ExitReason),
}

impl<S: GenServer> Init<S> {
    /// Starts with this state. Elixir: `{:ok, state}`.
    pub fn ok(state: S) -> Init<S> {
        Init(Start::Run(state, Step::Wait))
    }

    /// Runs no server; the start returns [`StartError::Ignore`](crate::StartError::Ignore).
    ///
    /// Elixir: `:ignore`.
    pub fn ignore() -> Init<S> {
        Init(Start::Ignore)
    }

    /// Fails with `reason`. Elixir: `{:stop, reason}`.
    pub fn stop(reason: ExitReason) -> Init<S> {
        Init(Start::Stop(reason))
    }

    /// Runs `handle_continue` with `value` once the starter has its answer, before any message.
    ///
    /// Elixir: `{:ok, state, {:continue, value}}`.
    pub fn continue_with(self, value: impl Continuation<S::Continue>) -> Init<S> {
        self.step(Step::Continue(value.into_continuation()))
    }

    /// Handles [`Timeout`](crate::Timeout) when no message comes in time.
    ///
    /// Elixir: `{:ok, state, timeout}`.
    pub fn timeout(self, duration: Duration) -> Init<S> {
        self.step(Step::Timeout(duration))
    }

    /// Gives back memory before the server waits. Elixir: `{:ok, state, :hibernate}`.
    pub fn hibernate(self) -> Init<S> {
        self.step(Step::Hibernate)
    }

    fn step(self, step: Step<S::Continue>) -> Init<S> {
        match self.0 {
            Start::Run(state, _) => Init(Start::Run(state, step)),
            refused => Init(refused),
        }
    }

    /// The state to start with, if there is one; for testing `init` as the plain function it is.
    pub fn into_state(self) -> Option<S> {
        match self.0 {
            Start::Run(state, _) => Some(state),
            _ => None,
        }
    }
}

impl<S: GenServer> Debug for Init<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Start::Run(_, step) => write!(f, "Init(ok, {step:?})"),
            Start::Ignore => f.write_str("Init(ignore)"),
            Start::Stop(reason) | Start::Error(reason) => write!(f, "Init(stop: {reason})"),
        }
    }
}

/// What a server that continues with `C` takes as a continuation: a `C`, or what becomes one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what the `#[handle_continue]` of this server takes",
    label = "give it the type of that function's parameter",
    note = "OTP0715"
)]
pub trait Continuation<C> {
    /// The value for `handle_continue`.
    fn into_continuation(self) -> C;
}

#[diagnostic::do_not_recommend]
impl<C, D: Into<C>> Continuation<C> for D {
    fn into_continuation(self) -> C {
        self.into()
    }
}

/// What an `init` function may return for the server `S`.
///
/// The state itself, [`Init`], or a `Result` of either whose error becomes the reason of the failed
/// start.
#[diagnostic::on_unimplemented(
    message = "`#[init]` of `{S}` cannot return `{Self}`",
    label = "this is no `{S}`",
    note = "return `Self`, `Init<Self>`, `Result<Self, E>` or `Result<Init<Self>, E>`, where `E` \
            is `Debug + Send + Sync + 'static`",
    note = "OTP0706"
)]
pub trait IntoInit<S: GenServer> {
    /// Says it in the one form that the server loop knows.
    fn into_init(self) -> Init<S>;
}

impl<S: GenServer> IntoInit<S> for S {
    fn into_init(self) -> Init<S> {
        Init::ok(self)
    }
}

impl<S: GenServer> IntoInit<S> for Init<S> {
    fn into_init(self) -> Init<S> {
        self
    }
}

impl<S: GenServer, E: ExitError> IntoInit<S> for Result<S, E> {
    fn into_init(self) -> Init<S> {
        self.map(Init::ok).into_init()
    }
}

impl<S: GenServer, E: ExitError> IntoInit<S> for Result<Init<S>, E> {
    fn into_init(self) -> Init<S> {
        self.unwrap_or_else(|error| Init(Start::Error(ExitReason::error(error))))
    }
}

/// What a handler may return for a call whose reply is `T`, in a server that continues with `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot answer a call whose reply is `{T}`",
    label = "expected `{T}` or `Reply<{T}>`",
    note = "the server's continue type is `{C}`; `.continue_with(..)` takes that type only",
    note = "OTP0707"
)]
pub trait IntoReply<T, C> {
    /// The answer, and what the server does next.
    #[doc(hidden)]
    fn into_reply(self) -> Answered<T, C>;
}

/// An answer with what follows it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Answered<T, C> {
    value: T,
    step: Step<C>,
}

impl<T, C> IntoReply<T, C> for T {
    #[inline]
    fn into_reply(self) -> Answered<T, C> {
        Answered { value: self, step: Step::Wait }
    }
}

impl<T, C> IntoReply<T, C> for Reply<T> {
    fn into_reply(self) -> Answered<T, C> {
        Answered { value: self.value, step: self.step.map(|done| match done {}) }
    }
}

impl<T, C, D: Continuation<C>> IntoReply<T, C> for Reply<T, Then<D>> {
    fn into_reply(self) -> Answered<T, C> {
        Answered { value: self.value, step: self.step.map(|then| then.0.into_continuation()) }
    }
}

/// What a handler may return when nobody waits for its value, in a server that continues with `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be returned here: nobody waits for a value",
    label = "expected `()`, `Noreply`, or a `Result` of one of them",
    note = "return nothing, or make it a `#[handle_call]`; an error type must be \
            `Debug + Send + Sync + 'static`",
    note = "OTP0710"
)]
pub trait IntoNoreply<C> {
    /// What the server does next.
    #[doc(hidden)]
    fn into_noreply(self) -> NoreplyStep<C>;
}

/// What follows a handler without an answer.
#[doc(hidden)]
#[derive(Debug)]
pub struct NoreplyStep<C>(Step<C>);

impl<C> IntoNoreply<C> for () {
    #[inline]
    fn into_noreply(self) -> NoreplyStep<C> {
        NoreplyStep(Step::Wait)
    }
}

impl<C> IntoNoreply<C> for Noreply {
    fn into_noreply(self) -> NoreplyStep<C> {
        NoreplyStep(self.step.map(|done| match done {}))
    }
}

impl<C, D: Continuation<C>> IntoNoreply<C> for Noreply<Then<D>> {
    fn into_noreply(self) -> NoreplyStep<C> {
        NoreplyStep(self.step.map(|then| then.0.into_continuation()))
    }
}

impl<C, N, E> IntoNoreply<C> for Result<N, E>
where
    N: IntoNoreply<C>,
    E: ExitError,
{
    fn into_noreply(self) -> NoreplyStep<C> {
        match self {
            Ok(next) => next.into_noreply(),
            Err(error) => NoreplyStep(Step::stop(ExitReason::error(error))),
        }
    }
}

/// What a server does next; what `handle` and its sisters return.
///
/// A server written by hand makes one with the functions below.
#[must_use = "return it from the callback, or nothing happens"]
pub struct Next<S: GenServer> {
    pub(crate) step: Step<S::Continue>,
    /// Whether the handler has answered its caller; for those who watch the server.
    pub(crate) answered: bool,
}

impl<S: GenServer> Next<S> {
    #[inline]
    fn new(step: Step<S::Continue>) -> Next<S> {
        Next { step, answered: false }
    }

    /// Waits for the next message.
    #[inline]
    pub fn wait() -> Next<S> {
        Next::new(Step::Wait)
    }

    /// Serves the job that lies in the context.
    pub(crate) fn system() -> Next<S> {
        Next::new(Step::System)
    }

    /// Runs `terminate` and ends with `reason`.
    pub fn stop(reason: ExitReason) -> Next<S> {
        Next::new(Step::stop(reason))
    }

    /// Does what a handler without an answer returned.
    #[inline]
    pub fn after(outcome: impl IntoNoreply<S::Continue>) -> Next<S> {
        Next::new(outcome.into_noreply().0)
    }

    /// Answers a call with what its handler returned, and does what follows from that.
    ///
    /// An answer that stops the server goes out last: after `terminate`, and when the name is free.
    #[inline]
    pub fn answer<T: Send + 'static>(
        reply_to: ReplyTo<T>,
        outcome: impl IntoReply<T, S::Continue>,
    ) -> Next<S> {
        let Answered { value, mut step } = outcome.into_reply();
        match &mut step {
            Step::Stop(stop) => stop.answer = Some(Box::new(move || reply_to.reply(value))),
            _ => reply_to.reply(value),
        }
        Next { step, answered: true }
    }
}

impl<S: GenServer> Debug for Next<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Next({:?})", self.step)
    }
}

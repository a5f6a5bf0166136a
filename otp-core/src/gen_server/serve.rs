//! The loop that a server runs.

use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use crate::gen_server::outcome::{Start as Started, Step, Stop};
use crate::gen_server::stop::Order;
use crate::gen_server::{Context, GenServer, Init, Next, system};
use crate::message::{Exit, Message, Timeout};
use crate::pid::Pid;
use crate::process::block::Process;
use crate::process::current;
use crate::process::mailbox::Envelope;
use crate::process::signal;
use crate::reason::ExitReason;
use crate::report::{self, Details};
use crate::{panic, seam};

/// Tells the starter how the start went. Dropped without a word, it means: see how the process
/// ended.
pub(crate) type Acknowledge = oneshot::Sender<Acknowledged>;

/// How a start went, when it did not fail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Acknowledged {
    Up,
    Ignored,
}

/// Runs a server from `init` to its end and gives the reason.
///
/// A function that returns a block, not an `async fn`, which would keep each argument twice.
#[allow(clippy::manual_async_fn)] // a block keeps each argument once
pub(crate) fn serve<S: GenServer>(
    args: S::Args,
    acknowledge: Acknowledge,
    mut cx: Context<S>,
) -> impl Future<Output = ExitReason> + Send {
    async move {
        let mut state = None;
        let init = Guarded::new(S::init(args, &mut cx)).await;
        let step = match accept(init, acknowledge, &cx, &mut state) {
            Ok(step) => step,
            Err(reason) => return reason,
        };
        let stop = Guarded::new(handle_messages(there(&mut state), step, &mut cx)).await;
        let Stop { mut reason, answer } =
            stop.unwrap_or_else(|reason| Stop { reason, answer: None });
        if let Err(failed) = Guarded::last(there(&mut state).terminate(&reason, &mut cx)).await {
            reason = failed;
        }
        if !reason.is_normal() {
            let details = Details {
                server: Some(std::any::type_name::<S>()),
                last_message: Some(&cx.last_message()),
                state: system::state_text(there(&mut state)),
                ..Details::default()
            };
            report::crash(&**cx.block(), &details, &reason);
        }
        let reason = close(&cx, reason);
        if let Some(answer) = answer {
            answer();
        }
        reason
    }
}

/// The state, which `accept` has put there. Asked for anew, so that no reference is kept.
fn there<S>(state: &mut Option<S>) -> &mut S {
    match state {
        Some(state) => state,
        None => unreachable!("a server without a state does not get so far"),
    }
}

/// Tells the starter what `init` returned; puts the state into its place and gives the first step,
/// or the reason to end.
fn accept<S: GenServer>(
    init: Result<Init<S>, ExitReason>,
    acknowledge: Acknowledge,
    cx: &Context<S>,
    place: &mut Option<S>,
) -> Result<Step<S::Continue>, ExitReason> {
    match init.map(|init| init.0) {
        Ok(Started::Run(state, step)) => {
            *place = Some(state);
            cx.block().head().set_starting(false);
            let _ = acknowledge.send(Acknowledged::Up);
            Ok(step)
        }
        Ok(Started::Ignore) => {
            let _ = acknowledge.send(Acknowledged::Ignored);
            Err(close(cx, ExitReason::Normal))
        }
        Ok(Started::Error(reason)) => Err(close(cx, reason)),
        Ok(Started::Stop(reason)) | Err(reason) => Err(crash_before_start(cx, reason)),
    }
}

/// Handles messages until a callback stops the server.
///
/// A panic of a callback unwinds through here; the state outlives it.
#[allow(clippy::manual_async_fn)] // a block keeps each argument once
fn handle_messages<'a, S: GenServer>(
    state: &'a mut S,
    mut step: Step<S::Continue>,
    cx: &'a mut Context<S>,
) -> impl Future<Output = Stop> + Send + use<'a, S> {
    async move {
        loop {
            step = match step {
                Step::Hibernate => {
                    state.hibernate();
                    Step::Wait
                }
                Step::Wait if S::OPTIONS.hibernate_after.is_some() => {
                    let envelope = next_or_hibernate(state, cx).await;
                    dispatch(state, envelope, cx).await.step
                }
                Step::Wait => match poll_fn(|task| cx.poll_next(task)).await {
                    Envelope::Request(request, origin) => {
                        cx.note(None);
                        origin.follow::<S, S::Request, _>(state.handle(request, cx)).await.step
                    }
                    message => dispatch(state, message, cx).await.step,
                },
                Step::Timeout(duration) => {
                    let envelope = next_within(cx, duration).await;
                    dispatch(state, envelope, cx).await.step
                }
                Step::Continue(value) => state.handle_continue(value, cx).await.step,
                Step::System => system::attend(state, cx).await,
                Step::Stop(stop) => return *stop,
            };
        }
    }
}

/// Handles one message. A plain function, so that the message lives in the handler's future only.
pub(super) fn dispatch<'a, S: GenServer>(
    state: &'a mut S,
    envelope: Envelope<S::Request>,
    cx: &'a mut Context<S>,
) -> impl Future<Output = Next<S>> + Send + use<'a, S> {
    match envelope {
        Envelope::Request(request, origin) => {
            cx.note(None);
            Handler::Request {
                future: origin.follow::<S, S::Request, _>(state.handle(request, cx)),
            }
        }
        Envelope::Message(message) => match own_business(message, cx) {
            Ok(next) => Handler::None { next: Some(next) },
            Err(message) => {
                cx.note(Some(message.late_type_name()));
                Handler::Message { future: state.handle_info(message, cx) }
            }
        },
    }
}

pin_project! {
    /// The future of whichever handler a message needs.
    #[project = Projected]
    enum Handler<R, M, N> {
        Request { #[pin] future: R },
        Message { #[pin] future: M },
        None { next: Option<N> },
    }
}

impl<R, M, N> Future for Handler<R, M, N>
where
    R: Future<Output = N>,
    M: Future<Output = N>,
{
    type Output = N;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<N> {
        match self.project() {
            Projected::Request { future } => future.poll(task),
            Projected::Message { future } => future.poll(task),
            Projected::None { next } => match next.take() {
                Some(next) => Poll::Ready(next),
                None => Poll::Pending,
            },
        }
    }
}

/// Whether a message is for the loop itself: an order, or the end of a trapping server's parent.
pub(super) fn is_own_business(message: &Message, guardian: Option<Pid>) -> bool {
    let is_parents_end = |exit: &Exit| Some(exit.from) == guardian;
    message.is::<Order>() || message.downcast_ref().is_some_and(is_parents_end)
}

/// Gives what follows from a message that is for the loop itself.
pub(super) fn own_business<S: GenServer>(
    message: Message,
    cx: &mut Context<S>,
) -> Result<Next<S>, Message> {
    let message = match message.downcast::<Order>() {
        Ok(Order::Stop(reason)) => return Ok(Next::stop(reason)),
        Ok(Order::System(job)) => {
            cx.aside().accept(job);
            return Ok(Next::system());
        }
        Err(message) => message,
    };
    match message.downcast_ref::<Exit>() {
        Some(exit) if Some(exit.from) == cx.block().head().guardian() => {
            Ok(Next::stop(exit.reason.clone()))
        }
        _ => Err(message),
    }
}

/// The next message, or a `Timeout` when none comes in time. Messages that wait already come first,
/// even when the time is zero.
pub(super) fn next_within<S: GenServer>(
    cx: &mut Context<S>,
    duration: Duration,
) -> impl Future<Output = Envelope<S::Request>> + Send + use<'_, S> {
    let mut sleep = None;
    poll_fn(move |task| {
        if let Poll::Ready(envelope) = cx.poll_next(task) {
            system::keep_time_out(cx, &envelope, duration);
            return Poll::Ready(envelope);
        }
        if duration.is_zero() {
            // At the end of a turn messages may wait still: then the task is woken, and a timer
            // would have fired before they are looked at.
            let timeout = || Envelope::Message(Message::new(Timeout));
            return if cx.has_waiting() { Poll::Pending } else { Poll::Ready(timeout()) };
        }
        let sleep = sleep.get_or_insert_with(|| Box::pin(seam::sleep(duration)));
        sleep.as_mut().poll(task).map(|()| Envelope::Message(Message::new(Timeout)))
    })
}

/// The next message; when none comes in time, the server hibernates and waits on.
pub(super) fn next_or_hibernate<'a, S: GenServer>(
    state: &'a mut S,
    cx: &'a mut Context<S>,
) -> impl Future<Output = Envelope<S::Request>> + Send + use<'a, S> {
    let mut idle = S::OPTIONS.hibernate_after;
    let mut sleep = None;
    poll_fn(move |task| {
        if let Poll::Ready(envelope) = cx.poll_next(task) {
            return Poll::Ready(envelope);
        }
        if let Some(duration) = idle {
            let sleep = sleep.get_or_insert_with(|| Box::pin(seam::sleep(duration)));
            if sleep.as_mut().poll(task).is_ready() {
                idle = None;
                state.hibernate();
            }
        }
        Poll::Pending
    })
}

/// Gives the process its reason and frees its name, before its state is dropped.
fn close<S: GenServer>(cx: &Context<S>, reason: ExitReason) -> ExitReason {
    crate::process::signal::close(&**cx.block(), reason.clone());
    reason
}

/// Ends a server whose `init` failed.
fn crash_before_start<S: GenServer>(cx: &Context<S>, reason: ExitReason) -> ExitReason {
    if !reason.is_normal() {
        let server = Some(std::any::type_name::<S>());
        let details = Details { server, last_message: Some("init"), ..Details::default() };
        report::crash(&**cx.block(), &details, &reason);
    }
    close(cx, reason)
}

/// What a server without a handler does with a message: it counts and reports it.
pub(crate) fn unhandled<S: GenServer>(message: Message, cx: &mut Context<S>) -> Next<S> {
    // A flood must not become a flood of log lines.
    if let Some(dropped) = cx.aside().count_unhandled(seam::now()) {
        report::unhandled(&**cx.block(), message.type_name(), dropped);
    }
    Next::wait()
}

pin_project! {
    /// A callback whose panic is its own: it becomes the reason to stop.
    struct Guarded<F, P> {
        #[pin]
        callback: F,
        place: PhantomData<P>,
    }
}

/// Whether a callback is the last one.
///
/// Callers that the last one drops hear of the server's end, and not of being dropped.
trait Place {
    const LAST: bool;
}

struct Middle;

struct Last;

impl Place for Middle {
    const LAST: bool = false;
}

impl Place for Last {
    const LAST: bool = true;
}

impl<F> Guarded<F, Middle> {
    fn new(callback: F) -> Guarded<F, Middle> {
        Guarded { callback, place: PhantomData }
    }
}

impl<F> Guarded<F, Last> {
    fn last(callback: F) -> Guarded<F, Last> {
        Guarded { callback, place: PhantomData }
    }
}

impl<F: Future, P: Place> Future for Guarded<F, P> {
    type Output = Result<F::Output, ExitReason>;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let callback = self.project().callback;
        match catch_unwind(AssertUnwindSafe(|| callback.poll(task))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => {
                let failed = current::with(|process| {
                    let failed = signal::take_given_up(&**process);
                    if failed.is_none() && !P::LAST {
                        signal::tell_refused(&**process);
                    }
                    failed
                });
                failed.flatten().map_or(Poll::Pending, |reason| Poll::Ready(Err(reason)))
            }
            Err(payload) => {
                let reason = panic::exit_reason(payload);
                // An exit signal to oneself ends the process without `terminate`.
                if current::with(|process| process.head().is_condemned()) == Some(true) {
                    return Poll::Pending;
                }
                Poll::Ready(Err(reason))
            }
        }
    }
}

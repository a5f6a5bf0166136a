//! The loop that a server runs.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;

use crate::gen_server::outcome::{Start as Started, Step};
use crate::gen_server::stop::StopRequest;
use crate::gen_server::{Context, GenServer, Next};
use crate::message::{Exit, Message, Timeout};
use crate::name::short_type_name;
use crate::process::block::Process;
use crate::process::current;
use crate::process::mailbox::Envelope;
use crate::reason::ExitReason;
use crate::{panic, report, seam};

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
pub(crate) async fn serve<S: GenServer>(
    args: S::Args,
    acknowledge: Acknowledge,
    mut cx: Context<S>,
) -> ExitReason {
    let (mut state, mut step) = match Guarded::new(S::init(args, &mut cx)).await {
        Ok(init) => match init.0 {
            Started::Run(state, step) => (state, step),
            Started::Ignore => {
                let _ = acknowledge.send(Acknowledged::Ignored);
                return close(&cx, ExitReason::Normal);
            }
            Started::Error(reason) => return close(&cx, reason),
            Started::Stop(reason) => return crash_before_start(&cx, reason),
        },
        Err(reason) => return crash_before_start(&cx, reason),
    };
    cx.block().head().set_starting(false);
    let _ = acknowledge.send(Acknowledged::Up);
    let mut last = "none";
    let stop = loop {
        let next = match step {
            Step::Stop(stop) => break *stop,
            Step::Continue(value) => {
                last = "continue";
                Guarded::new(state.handle_continue(value, &mut cx)).await
            }
            Step::Wait | Step::Hibernate => {
                let envelope = std::future::poll_fn(|task| cx.poll_next(task)).await;
                dispatch(&mut state, envelope, &mut cx, &mut last).await
            }
            Step::Timeout(duration) => {
                let envelope = next_within(&mut cx, duration).await;
                dispatch(&mut state, envelope, &mut cx, &mut last).await
            }
        };
        step = match next {
            Ok(next) => next.step,
            Err(reason) => Next::<S>::stop(reason).step,
        };
    };
    let mut reason = stop.reason;
    if let Err(failed) = Guarded::new(state.terminate(&reason, &mut cx)).await {
        reason = failed;
    }
    if !reason.is_normal() {
        report::crash(&**cx.block(), Some(&short_type_name(last)), &reason);
    }
    let reason = close(&cx, reason);
    if let Some(answer) = stop.answer {
        answer();
    }
    reason
}

/// Handles one message. The future has the size of the largest handler and nothing else of weight.
async fn dispatch<S: GenServer>(
    state: &mut S,
    envelope: Envelope<S::Request>,
    cx: &mut Context<S>,
    last: &mut &'static str,
) -> Result<Next<S>, ExitReason> {
    match envelope {
        Envelope::Request(request) => {
            *last = std::any::type_name::<S::Request>();
            Guarded::new(state.handle(request, cx)).await
        }
        Envelope::Message(message) => {
            *last = message.type_name();
            match own_business(message, cx) {
                Ok(reason) => Ok(Next::stop(reason)),
                Err(message) => Guarded::new(state.handle_info(message, cx)).await,
            }
        }
    }
}

/// Whether a message is for the loop itself: a request to stop, or the end of a trapping server's
/// parent. Gives the reason to stop with.
fn own_business<S: GenServer>(message: Message, cx: &Context<S>) -> Result<ExitReason, Message> {
    let message = match message.downcast::<StopRequest>() {
        Ok(stop) => return Ok(stop.0),
        Err(message) => message,
    };
    match message.downcast_ref::<Exit>() {
        Some(exit) if Some(exit.from) == cx.block().head().guardian() => Ok(exit.reason.clone()),
        _ => Err(message),
    }
}

/// The next message, or a `Timeout` when none comes in time. Messages that wait already come first,
/// even when the time is zero.
async fn next_within<S: GenServer>(
    cx: &mut Context<S>,
    duration: Duration,
) -> Envelope<S::Request> {
    let mut sleep = None;
    std::future::poll_fn(|task| {
        if let Poll::Ready(envelope) = cx.poll_next(task) {
            return Poll::Ready(envelope);
        }
        let sleep = sleep.get_or_insert_with(|| Box::pin(seam::sleep(duration)));
        sleep.as_mut().poll(task).map(|()| Envelope::Message(Message::new(Timeout)))
    })
    .await
}

/// Gives the process its reason and frees its name, before its state is dropped.
fn close<S: GenServer>(cx: &Context<S>, reason: ExitReason) -> ExitReason {
    crate::process::signal::close(&**cx.block(), reason.clone());
    reason
}

/// Ends a server whose `init` failed.
fn crash_before_start<S: GenServer>(cx: &Context<S>, reason: ExitReason) -> ExitReason {
    if !reason.is_normal() {
        report::crash(&**cx.block(), Some("init"), &reason);
    }
    close(cx, reason)
}

/// What a server without a handler does with a message: it counts and reports it.
pub(crate) fn unhandled<S: GenServer>(message: Message, cx: &mut Context<S>) -> Next<S> {
    let dropped = cx.count_dropped();
    // The first one, and then ever rarer: a flood must not become a flood of log lines.
    if dropped.is_power_of_two() {
        report::unhandled(&**cx.block(), message.type_name(), dropped);
    }
    Next::wait()
}

pin_project! {
    /// A callback whose panic is its own: it becomes the reason to stop.
    struct Guarded<F> {
        #[pin]
        callback: F,
    }
}

impl<F> Guarded<F> {
    fn new(callback: F) -> Guarded<F> {
        Guarded { callback }
    }
}

impl<F: Future> Future for Guarded<F> {
    type Output = Result<F::Output, ExitReason>;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let callback = self.project().callback;
        match catch_unwind(AssertUnwindSafe(|| callback.poll(task))) {
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Ok(Poll::Pending) => Poll::Pending,
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

//! Orders to a server's loop: system requests, suspension, and the loop of a watched server.
//!
//! A server that nobody asks anything pays nothing for all this: jobs come as messages, and while
//! the server is suspended or watched, [`attend`] runs a loop of its own in place of the usual one.

use std::any::Any;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::gen_server::outcome::Step;
use crate::gen_server::serve::{
    dispatch, is_own_business, next_or_hibernate, next_within, own_business,
};
use crate::gen_server::stop::Order;
use crate::gen_server::{Context, GenServer, Next};
use crate::panic;
use crate::process::block::{Process, with_control};
use crate::process::mailbox::Envelope;
use crate::reason::ExitReason;
use crate::seam::Instant;
use crate::sync::Arc;
use crate::sys::{Event, Watch};

/// What runs between two messages; a reason ends the server.
pub(crate) type Job<S> = Box<dyn FnOnce(&mut S, &mut Context<S>) -> Option<ExitReason> + Send>;

/// How long a server is silent about messages without a handler after it has reported one.
const SILENCE: Duration = Duration::from_secs(60);

/// The part of a context that most servers never need.
pub(crate) struct Aside<S: GenServer> {
    pub(crate) watch: Watch,
    pub(crate) suspended: bool,
    /// The ordinary messages that came while the server was suspended.
    pub(crate) deferred: VecDeque<Envelope<S::Request>>,
    job: Option<Job<S>>,
    /// The time-out that was running when the job came; it starts anew.
    time_out: Option<Duration>,
    pub(crate) unhandled: u64,
    reported: Option<Instant>,
}

impl<S: GenServer> Default for Aside<S> {
    fn default() -> Aside<S> {
        Aside {
            watch: Watch::default(),
            suspended: false,
            deferred: VecDeque::new(),
            job: None,
            time_out: None,
            unhandled: 0,
            reported: None,
        }
    }
}

impl<S: GenServer> Aside<S> {
    /// Keeps a job for [`attend`]. One for a server of another type is dropped, which its sender
    /// sees.
    pub(crate) fn accept(&mut self, job: Box<dyn Any + Send>) {
        self.job = job.downcast::<Job<S>>().ok().map(|job| *job);
    }

    /// Counts a message without a handler. Gives the count when it is time to report it.
    pub(crate) fn count_unhandled(&mut self, now: Instant) -> Option<u64> {
        self.unhandled += 1;
        let due = self.reported.is_none_or(|last| now.duration_since(last) >= SILENCE);
        if due {
            self.reported = Some(now);
        }
        due.then_some(self.unhandled)
    }

    fn time_out<C>(&mut self) -> Step<C> {
        self.time_out.take().map_or(Step::Wait, Step::Timeout)
    }
}

/// Remembers a time-out that an order interrupts: it starts anew when the order is carried out.
pub(super) fn keep_time_out<S: GenServer>(
    cx: &mut Context<S>,
    envelope: &Envelope<S::Request>,
    duration: Duration,
) {
    if is_order(envelope) {
        cx.aside().time_out = Some(duration);
    }
}

fn is_order<R>(envelope: &Envelope<R>) -> bool {
    matches!(envelope, Envelope::Message(message) if message.is::<Order>())
}

/// Does the job that lies in the context, and runs the server while it is suspended or watched.
///
/// Gives the step with which the usual loop goes on.
pub(super) fn attend<'a, S: GenServer>(
    state: &'a mut S,
    cx: &'a mut Context<S>,
) -> Pin<Box<dyn Future<Output = Step<S::Continue>> + Send + 'a>> {
    Box::pin(async move {
        let mut step = cx.aside().time_out();
        loop {
            if let Some(job) = cx.aside().job.take() {
                if let Some(reason) = job(state, cx) {
                    return Next::<S>::stop(reason).step;
                }
            }
            let after = if cx.aside().suspended {
                next_order(cx).await.step
            } else if cx.aside().watch.is_on() {
                let after = watched(state, step, cx).await;
                step = cx.aside().time_out();
                after
            } else {
                return step;
            };
            if !matches!(after, Step::System) {
                return after;
            }
        }
    })
}

/// Waits for the next order to a suspended server; ordinary messages queue behind each other.
async fn next_order<S: GenServer>(cx: &mut Context<S>) -> Next<S> {
    loop {
        let envelope = poll_fn(|task| poll_suspended(cx, task)).await;
        let kept = match envelope {
            Envelope::Message(message) => match own_business(message, cx) {
                Ok(next) => return next,
                Err(message) => Envelope::Message(message),
            },
            request => request,
        };
        cx.aside().deferred.push_back(kept);
    }
}

fn poll_suspended<S: GenServer>(
    cx: &mut Context<S>,
    task: &mut TaskContext<'_>,
) -> Poll<Envelope<S::Request>> {
    if S::OPTIONS.mailbox.is_some() {
        return poll_orders(cx);
    }
    let polled = cx.poll_next(task);
    if polled.is_pending() {
        // What is deferred still waits to be handled; one more is taken to be in hand.
        let waiting = cx.aside().deferred.len() + cx.backlog().len();
        cx.block().head().set_taken(if waiting == 0 { 0 } else { waiting + 1 });
    }
    polled
}

/// The next order in a bounded mailbox, which keeps all other messages: they go on counting.
fn poll_orders<S: GenServer>(cx: &mut Context<S>) -> Poll<Envelope<S::Request>> {
    let head = cx.block().head();
    head.set_taken(0);
    let guardian = head.guardian();
    let order = with_control(&**cx.block(), |control, inbox| {
        let order = inbox.remove(&|message| is_own_business(message, guardian));
        control.parked = order.is_none();
        order
    });
    order.map_or(Poll::Pending, |order| Poll::Ready(Envelope::Message(order)))
}

/// Lets a suspended server go on; the messages that were deferred come before all others.
pub(crate) fn resume<S: GenServer>(cx: &mut Context<S>) {
    let aside = cx.aside();
    aside.suspended = false;
    let mut deferred = std::mem::take(&mut aside.deferred);
    deferred.append(cx.backlog());
    *cx.backlog() = deferred;
    cx.block().head().wake_for_mail(); // a bounded mailbox has not been looked into
}

/// The loop of a server that is watched, until a job comes or the server stops.
async fn watched<S: GenServer>(
    state: &mut S,
    mut step: Step<S::Continue>,
    cx: &mut Context<S>,
) -> Step<S::Continue> {
    loop {
        step = match step {
            Step::Hibernate => {
                state.hibernate();
                Step::Wait
            }
            Step::Wait => {
                let envelope = next_or_hibernate(state, cx).await;
                handle(state, envelope, cx).await
            }
            Step::Timeout(duration) => {
                let envelope = next_within(cx, duration).await;
                handle(state, envelope, cx).await
            }
            Step::Continue(value) => {
                let next = state.handle_continue(value, cx).await;
                tell_outcome(state, next, cx)
            }
            Step::Stop(_) | Step::System => return step,
        };
    }
}

/// Handles one message of a watched server.
async fn handle<S: GenServer>(
    state: &mut S,
    envelope: Envelope<S::Request>,
    cx: &mut Context<S>,
) -> Step<S::Continue> {
    if is_order(&envelope) {
        return dispatch(state, envelope, cx).await.step;
    }
    let message = match &envelope {
        Envelope::Request(..) => std::any::type_name::<S::Request>(),
        Envelope::Message(message) => message.type_name(),
    };
    tell(cx, Event::In { message });
    let next = dispatch(state, envelope, cx).await;
    tell_outcome(state, next, cx)
}

/// Tells the watchers what a callback has done.
fn tell_outcome<S: GenServer>(state: &S, next: Next<S>, cx: &mut Context<S>) -> Step<S::Continue> {
    if next.answered {
        tell(cx, Event::Out);
    }
    let text = if cx.aside().watch.wants_state() { state_text(state) } else { None };
    tell(cx, Event::State(text));
    next.step
}

fn tell<S: GenServer>(cx: &mut Context<S>, event: Event) {
    let block = Arc::clone(cx.block());
    cx.aside().watch.tell(&*block, event);
}

/// The state as the server wants it to be seen. A panic of `format_status` costs the text only.
pub(crate) fn state_text<S: GenServer>(state: &S) -> Option<String> {
    panic::catch(|| state.format_status())
        .unwrap_or_else(|reason| Some(format!("(`format_status` failed: {reason})")))
}

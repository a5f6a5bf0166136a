//! Calls: a request, and the wait for its answer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant as StdInstant};

use crate::gen_server::mailbox::{FullCall, Mailbox};
use crate::gen_server::{GenServer, Limit, ReplyTo, Request, ServerRef};
use crate::process::block::{Block, Offered, ProcessRef};
use crate::process::mailbox::Envelope;
use crate::process::origin::Origin;
use crate::process::{current, signal};
use crate::reason::ExitReason;
use crate::seam;

/// How long a call waits when nothing else is said. Elixir's default, too.
const DEFAULT_LIMIT: Limit = Limit::After(Duration::from_secs(5));

/// A call that is about to be made: a future of the answer.
///
/// Nothing is sent before the first poll. Without [`Call::timeout`] it waits five seconds.
///
/// # Errors
///
/// [`CallError`] says what became of the call.
///
/// # Cancel safety
///
/// Dropping the future gives up the answer; the server still handles a request that was sent.
///
/// Elixir: `GenServer.call/3`.
#[must_use = "nothing is sent until the call is awaited"]
pub struct Call<S: GenServer, T> {
    limit: Limit,
    stage: Stage<S, T>,
    #[cfg(feature = "metrics")]
    watch: crate::metrics::Stopwatch,
}

/// How far a call is.
enum Stage<S: GenServer, T> {
    /// Nothing is sent.
    New(ServerRef<S>, S::Request, oneshot::AsyncReceiver<T>),
    /// The mailbox is full, and the call waits for a place in it.
    Queued(Queued<S>, oneshot::AsyncReceiver<T>, Timer),
    /// The request lies in the mailbox; the server gets one turn before anything is armed.
    Sent(Arc<Block<S::Request>>, oneshot::AsyncReceiver<T>, Timer),
    /// The server takes its time: the limit runs, and the server's end is watched.
    Waiting(Request<T>, Timer),
    /// The result has been given.
    Over,
}

/// The limit of a call, once it runs.
type Timer = Option<Pin<Box<seam::Sleep>>>;

/// A request that waits for a place in a full mailbox.
struct Queued<S: GenServer> {
    block: Arc<Block<S::Request>>,
    request: Option<S::Request>,
    place: Option<usize>,
}

impl<S: GenServer> Drop for Queued<S> {
    fn drop(&mut self) {
        self.block.leave_queue(self.place);
    }
}

impl<S: GenServer, T> Unpin for Call<S, T> {}

impl<S: GenServer, T> Call<S, T> {
    #[inline]
    pub(crate) fn new(
        server: ServerRef<S>,
        request: impl FnOnce(ReplyTo<T>) -> S::Request,
    ) -> Call<S, T> {
        let (sender, answer) = oneshot::async_channel();
        let stage = Stage::New(server, request(ReplyTo::new(sender)), answer);
        Call {
            limit: DEFAULT_LIMIT,
            stage,
            #[cfg(feature = "metrics")]
            watch: Default::default(),
        }
    }

    /// Waits at most this long for the answer, or until this moment.
    pub fn timeout(mut self, limit: impl Into<Limit>) -> Call<S, T> {
        self.limit = limit.into();
        self
    }

    /// Waits without a limit. Elixir: `:infinity`.
    pub fn infinity(mut self) -> Call<S, T> {
        self.limit = Limit::Infinity;
        self
    }

    /// Sends the request now, to wait for its answer later.
    ///
    /// The limit of the call does not count; the [`Request`] is given one each time it is waited
    /// for. A bounded mailbox that is full refuses it.
    ///
    /// Elixir: `:gen_server.send_request/2`.
    pub fn send(mut self) -> Request<T> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::New(server, request, answer) => {
                let sent = match send(server, request, None) {
                    Ok(block) => Ok(block as ProcessRef),
                    Err(Unsent::Error(error)) => Err(error),
                    Err(Unsent::Full(..)) => Err(CallError::Overload),
                };
                Request::new(answer, sent)
            }
            Stage::Sent(block, answer, _) => Request::new(answer, Ok(block as ProcessRef)),
            Stage::Waiting(request, _) => request,
            Stage::Queued(_, answer, _) => Request::new(answer, Err(CallError::Overload)),
            Stage::Over => panic!("a call was used after it had given its result"),
        }
    }

    /// Makes the call, and ends the calling process when it fails: let it crash.
    ///
    /// In a server it is the callback that fails, so `terminate` runs as after any exit in a
    /// callback. The reason has the [`CallError`] inside, and with it that of the server called.
    ///
    /// # Panics
    ///
    /// When it is awaited outside a process.
    ///
    /// Elixir: what `GenServer.call/3` always does.
    pub fn or_exit(self) -> OrExit<S, T> {
        OrExit(self)
    }

    /// Makes the call from a thread that may block, outside any runtime.
    ///
    /// # Errors
    ///
    /// As awaiting the call.
    ///
    /// # Panics
    ///
    /// Inside a process, which must not block its thread.
    pub fn blocking(mut self) -> Result<T, CallError> {
        assert!(
            current::pid().is_none(),
            "`blocking` would block the thread that runs this process: await the call instead"
        );
        let deadline = std::mem::replace(&mut self.limit, Limit::Infinity).real_deadline();
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut task = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(result) = Pin::new(&mut self).poll(&mut task) {
                return result;
            }
            match deadline {
                None => std::thread::park(),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(StdInstant::now());
                    if left.is_zero() {
                        #[cfg(feature = "metrics")]
                        self.watch.stop::<S>(Some(&CallError::Timeout));
                        return Err(CallError::Timeout);
                    }
                    std::thread::park_timeout(left);
                }
            }
        }
    }

    /// Sends the request, or finds out why it can't be sent now.
    fn poll_new(&mut self, task: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        let Stage::New(server, request, answer) = std::mem::replace(&mut self.stage, Stage::Over)
        else {
            return Poll::Pending;
        };
        match send(server, request, Some(task)) {
            Ok(block) => {
                let mut answer = answer;
                if S::OPTIONS.handoff && answer.has_message() {
                    // The server was run at once, and has answered.
                    if let Poll::Ready(Ok(value)) = Pin::new(&mut answer).poll(task) {
                        return Poll::Ready(Ok(value));
                    }
                }
                self.stage = Stage::Sent(block, answer, None);
                // One turn for the server: if it answers in it, neither waker nor timer is needed.
                task.waker().wake_by_ref();
                Poll::Pending
            }
            Err(Unsent::Error(error)) => Poll::Ready(Err(error)),
            Err(Unsent::Full(block, request)) => {
                let queued = Queued { block, request: Some(request), place: None };
                self.stage = Stage::Queued(queued, answer, self.limit.sleep());
                self.poll_slow(task)
            }
        }
    }

    /// Goes on when there is no answer, or none yet.
    #[cold]
    fn poll_slow(&mut self, task: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::New(..) | Stage::Over => {
                panic!("a call was polled after it had given its result")
            }
            Stage::Queued(queued, answer, timer) => self.poll_queued(task, queued, answer, timer),
            Stage::Sent(block, answer, timer) => {
                let timer = timer.or_else(|| self.limit.sleep());
                self.poll_waiting(task, Request::new(answer, Ok(block as ProcessRef)), timer)
            }
            Stage::Waiting(request, timer) => self.poll_waiting(task, request, timer),
        }
    }

    fn poll_queued(
        &mut self,
        task: &mut Context<'_>,
        mut queued: Queued<S>,
        answer: oneshot::AsyncReceiver<T>,
        mut timer: Timer,
    ) -> Poll<Result<T, CallError>> {
        let Some(request) = queued.request.take() else { return Poll::Pending };
        let capacity = crate::gen_server::mailbox::capacity::<S>();
        match queued.block.offer_or_wait(request, capacity, &mut queued.place, task) {
            Offered::Taken => {
                self.stage = Stage::Sent(Arc::clone(&queued.block), answer, timer);
                task.waker().wake_by_ref();
                Poll::Pending
            }
            Offered::Closed(_) => Poll::Ready(Err(CallError::NoProc)),
            Offered::Full(request) => {
                queued.request = Some(request);
                if is_over(&mut timer, task) {
                    return Poll::Ready(Err(CallError::Timeout));
                }
                self.stage = Stage::Queued(queued, answer, timer);
                Poll::Pending
            }
        }
    }

    fn poll_waiting(
        &mut self,
        task: &mut Context<'_>,
        mut request: Request<T>,
        mut timer: Timer,
    ) -> Poll<Result<T, CallError>> {
        if let Poll::Ready(answer) = request.poll_answer(task) {
            return Poll::Ready(answer);
        }
        if is_over(&mut timer, task) {
            return Poll::Ready(Err(CallError::Timeout));
        }
        request.waits(Some(std::any::type_name::<S>));
        self.stage = Stage::Waiting(request, timer);
        Poll::Pending
    }
}

fn is_over(timer: &mut Timer, task: &mut Context<'_>) -> bool {
    timer.as_mut().is_some_and(|timer| timer.as_mut().poll(task).is_ready())
}

/// Why a request does not lie in the mailbox.
enum Unsent<S: GenServer> {
    Error(CallError),
    /// It waits for a place.
    Full(Arc<Block<S::Request>>, S::Request),
}

/// Puts the request into the server's mailbox.
#[inline]
fn send<S: GenServer>(
    server: ServerRef<S>,
    request: S::Request,
    task: Option<&mut Context<'_>>,
) -> Result<Arc<Block<S::Request>>, Unsent<S>> {
    let Some(block) = server.into_block() else { return Err(Unsent::Error(CallError::NoProc)) };
    if current::is(&*block) {
        return Err(Unsent::Error(CallError::CallingSelf));
    }
    if let Some(mailbox) = S::OPTIONS.mailbox {
        return send_bounded(block, request, mailbox);
    }
    let taken = match task {
        Some(task) if S::OPTIONS.handoff => block.push_and_run(request, task),
        _ => block.push(Envelope::Request(request, Origin::here())),
    };
    if taken { Ok(block) } else { Err(Unsent::Error(CallError::NoProc)) }
}

fn send_bounded<S: GenServer>(
    block: Arc<Block<S::Request>>,
    request: S::Request,
    mailbox: Mailbox,
) -> Result<Arc<Block<S::Request>>, Unsent<S>> {
    match block.offer(request, mailbox.capacity) {
        Offered::Taken => Ok(block),
        Offered::Closed(_) => Err(Unsent::Error(CallError::NoProc)),
        Offered::Full(request) => match mailbox.calls {
            FullCall::Refuse => Err(Unsent::Error(CallError::Overload)),
            FullCall::Wait => Err(Unsent::Full(block, request)),
        },
    }
}

impl<S: GenServer, T> Call<S, T> {
    /// Goes on, whatever the stage is.
    #[inline]
    fn poll_stage(&mut self, task: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        match &mut self.stage {
            Stage::New(..) => self.poll_new(task),
            Stage::Sent(_, answer, _) => {
                if let Poll::Ready(Ok(value)) = Pin::new(answer).poll(task) {
                    self.stage = Stage::Over;
                    return Poll::Ready(Ok(value));
                }
                self.poll_slow(task)
            }
            _ => self.poll_slow(task),
        }
    }
}

impl<S: GenServer, T> Future for Call<S, T> {
    type Output = Result<T, CallError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        #[cfg(feature = "metrics")]
        {
            self.watch.start();
            let polled = self.poll_stage(task);
            if let Poll::Ready(result) = &polled {
                self.watch.stop::<S>(result.as_ref().err());
            }
            polled
        }
        #[cfg(not(feature = "metrics"))]
        self.poll_stage(task)
    }
}

impl<S: GenServer, T> fmt::Debug for Call<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct("Call");
        if let Stage::New(server, ..) = &self.stage {
            call.field("server", server);
        }
        call.field("limit", &self.limit).finish_non_exhaustive()
    }
}
/// A call that ends the calling process when it fails; see [`Call::or_exit`].
#[must_use = "nothing is sent until the call is awaited"]
#[derive(Debug)]
pub struct OrExit<S: GenServer, T>(Call<S, T>);

impl<S: GenServer, T> Future for OrExit<S, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<T> {
        let Some(process) = current::get() else {
            panic!("`or_exit` needs a process to end: in a plain task, handle the error")
        };
        match Pin::new(&mut self.0).poll(task) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(value)) => Poll::Ready(value),
            Poll::Ready(Err(error)) => {
                signal::give_up(&*process, ExitReason::from(error));
                Poll::Pending
            }
        }
    }
}

/// Wakes a blocked thread.
struct Unpark(std::thread::Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What became of a call that has no answer.
///
/// Elixir: the reason with which `GenServer.call/3` exits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallError {
    /// There is no such process, or nobody holds the name. The caller has an old handle, or came
    /// too early.
    NoProc,
    /// No answer came in time. The server may still handle the request; its answer is dropped.
    Timeout,
    /// The server ended before it answered, with this reason.
    Exited(ExitReason),
    /// A server cannot call itself: it would wait for its own turn. Call the function directly.
    CallingSelf,
    /// The server dropped the caller without an answer. Its handler is at fault.
    NoReply,
    /// The server's mailbox is full. Try again later.
    Overload,
    /// The server's node cannot be reached.
    NoConnection,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::NoProc => f.write_str("there is no such server"),
            CallError::Timeout => f.write_str("the server did not answer in time"),
            CallError::Exited(reason) => write!(f, "the server ended before it answered: {reason}"),
            CallError::CallingSelf => f.write_str("a server cannot call itself"),
            CallError::NoReply => f.write_str("the server dropped the call without an answer"),
            CallError::Overload => f.write_str("the server's mailbox is full"),
            CallError::NoConnection => f.write_str("the server's node cannot be reached"),
        }
    }
}

impl std::error::Error for CallError {}

impl From<CallError> for ExitReason {
    /// A server that was shut down takes its caller down cleanly. Anything else is a fault of the
    /// caller, even a normal end or a shutdown with a value, as in OTP.
    fn from(error: CallError) -> ExitReason {
        match &error {
            CallError::Exited(ExitReason::Shutdown) => ExitReason::shutdown_with(error),
            _ => ExitReason::error(error),
        }
    }
}

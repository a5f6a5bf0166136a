//! Calls: a request, and the wait for its answer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant as StdInstant};

use crate::gen_server::{GenServer, ReplyTo, ServerRef};
use crate::process::block::{Block, Process, with_control};
use crate::process::control::Phase;
use crate::process::mailbox::Envelope;
use crate::process::{current, signal, wait};
use crate::reason::ExitReason;
use crate::seam;

/// How long a call waits when nothing else is said. Elixir's default, too.
const DEFAULT_LIMIT: Duration = Duration::from_secs(5);

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
    answer: oneshot::AsyncReceiver<T>,
    limit: Option<Duration>,
    stage: Stage<S>,
}

/// How far a call is.
enum Stage<S: GenServer> {
    /// Nothing is sent.
    New(ServerRef<S>, S::Request),
    /// The request lies in the mailbox; the server gets one turn before anything is armed.
    Sent(Arc<Block<S::Request>>),
    /// The server takes its time: the limit runs, and the server's end is watched.
    Waiting(Waiting<S>),
    /// The answer will not come, because the server is ending: its reason is.
    Ending(Waiting<S>),
    /// The result has been given.
    Over,
}

struct Waiting<S: GenServer> {
    sleep: Option<Pin<Box<seam::Sleep>>>,
    block: Arc<Block<S::Request>>,
    /// The caller's place among those who wait for the server's end.
    place: Option<usize>,
}

impl<S: GenServer> Drop for Waiting<S> {
    fn drop(&mut self) {
        wait::leave(&*self.block, self.place);
    }
}

impl<S: GenServer, T> Unpin for Call<S, T> {}

impl<S: GenServer, T: Send + 'static> Call<S, T> {
    #[inline]
    pub(crate) fn new(
        server: ServerRef<S>,
        request: impl FnOnce(ReplyTo<T>) -> S::Request,
    ) -> Call<S, T> {
        let (sender, answer) = oneshot::async_channel();
        let stage = Stage::New(server, request(ReplyTo::new(sender)));
        Call { answer, limit: Some(DEFAULT_LIMIT), stage }
    }

    /// Waits at most this long for the answer.
    pub fn timeout(mut self, limit: Duration) -> Call<S, T> {
        self.limit = Some(limit);
        self
    }

    /// Waits without a limit. Elixir: `:infinity`.
    pub fn infinity(mut self) -> Call<S, T> {
        self.limit = None;
        self
    }

    /// Makes the call, and ends the calling process when it fails: let it crash.
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
        let deadline = self.limit.take().and_then(|limit| StdInstant::now().checked_add(limit));
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
                        return Err(CallError::Timeout);
                    }
                    std::thread::park_timeout(left);
                }
            }
        }
    }

    /// Waits with everything armed: for the server's end, or the limit. The answer is not there.
    fn poll_waiting(
        &mut self,
        task: &mut Context<'_>,
        mut waiting: Waiting<S>,
    ) -> Poll<Result<T, CallError>> {
        if let Poll::Ready(reason) = wait::enter(&*waiting.block, &mut waiting.place, task) {
            // An answer that was given before the end counts.
            return Poll::Ready(match Pin::new(&mut self.answer).poll(task) {
                Poll::Ready(Ok(value)) => Ok(value),
                _ => Err(CallError::Exited(reason)),
            });
        }
        let late = waiting.sleep.as_mut().is_some_and(|sleep| sleep.as_mut().poll(task).is_ready());
        if late {
            return Poll::Ready(Err(CallError::Timeout));
        }
        self.stage = Stage::Waiting(waiting);
        Poll::Pending
    }

    /// Goes on when there is no answer, or none yet.
    #[cold]
    fn poll_unanswered(
        &mut self,
        task: &mut Context<'_>,
        refused: bool,
    ) -> Poll<Result<T, CallError>> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::New(..) | Stage::Over => {
                panic!("a call was polled after it had given its result")
            }
            Stage::Sent(block) if !refused => {
                let waiting = Waiting {
                    sleep: self.limit.map(|limit| Box::pin(seam::sleep(limit))),
                    block,
                    place: None,
                };
                self.poll_waiting(task, waiting)
            }
            Stage::Waiting(waiting) if !refused => self.poll_waiting(task, waiting),
            Stage::Sent(block) => {
                self.poll_refused(task, Waiting { sleep: None, block, place: None })
            }
            Stage::Waiting(waiting) => self.poll_refused(task, waiting),
            Stage::Ending(ending) => self.poll_ending(task, ending),
        }
    }

    /// The caller was dropped: by a live server, or because the server is ending.
    fn poll_refused(
        &mut self,
        task: &mut Context<'_>,
        waiting: Waiting<S>,
    ) -> Poll<Result<T, CallError>> {
        let phase = with_control(&*waiting.block, |control, _| control.phase);
        if phase == Phase::Running && !waiting.block.head().is_unwinding() {
            return Poll::Ready(Err(CallError::NoReply));
        }
        self.poll_ending(task, waiting)
    }

    /// Waits for the server's end only.
    fn poll_ending(
        &mut self,
        task: &mut Context<'_>,
        mut ending: Waiting<S>,
    ) -> Poll<Result<T, CallError>> {
        if let Poll::Ready(reason) = wait::enter(&*ending.block, &mut ending.place, task) {
            return Poll::Ready(Err(CallError::Exited(reason)));
        }
        self.stage = Stage::Ending(ending);
        Poll::Pending
    }
}

/// Puts the request into the server's mailbox.
#[inline]
fn send<S: GenServer>(
    server: ServerRef<S>,
    request: S::Request,
) -> Result<Arc<Block<S::Request>>, CallError> {
    let block = server.into_block().ok_or(CallError::NoProc)?;
    if current::is(&*block) {
        return Err(CallError::CallingSelf);
    }
    if block.push(Envelope::Request(request)) { Ok(block) } else { Err(CallError::NoProc) }
}

impl<S: GenServer, T: Send + 'static> Future for Call<S, T> {
    type Output = Result<T, CallError>;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Stage::New(..) = this.stage {
            let stage = std::mem::replace(&mut this.stage, Stage::Over);
            if let Stage::New(server, request) = stage {
                this.stage = Stage::Sent(send(server, request)?);
                // One turn for the server: if it answers in it, neither waker nor timer is needed.
                task.waker().wake_by_ref();
            }
            return Poll::Pending;
        }
        if let Stage::Ending(_) = this.stage {
            return this.poll_unanswered(task, true);
        }
        match Pin::new(&mut this.answer).poll(task) {
            Poll::Ready(Ok(value)) => {
                this.stage = Stage::Over;
                Poll::Ready(Ok(value))
            }
            Poll::Ready(Err(_)) => this.poll_unanswered(task, true),
            Poll::Pending => this.poll_unanswered(task, false),
        }
    }
}

impl<S: GenServer, T> fmt::Debug for Call<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut call = f.debug_struct("Call");
        if let Stage::New(server, _) = &self.stage {
            call.field("server", server);
        }
        call.field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// A call that ends the calling process when it fails; see [`Call::or_exit`].
#[must_use = "nothing is sent until the call is awaited"]
#[derive(Debug)]
pub struct OrExit<S: GenServer, T>(Call<S, T>);

impl<S: GenServer, T: Send + 'static> Future for OrExit<S, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<T> {
        let Some(process) = current::get() else {
            panic!("`or_exit` needs a process to end: in a plain task, handle the error")
        };
        match Pin::new(&mut self.0).poll(task) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(value)) => Poll::Ready(value),
            Poll::Ready(Err(error)) => {
                signal::condemn_self(&*process, ExitReason::from(error));
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
    /// A server that was shut down takes its caller down cleanly; anything else is a fault.
    fn from(error: CallError) -> ExitReason {
        match &error {
            CallError::Exited(ExitReason::Shutdown | ExitReason::ShutdownWith(_)) => {
                ExitReason::shutdown_with(error)
            }
            _ => ExitReason::error(error),
        }
    }
}

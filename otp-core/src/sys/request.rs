//! The wait for the answer of a system request.

use std::fmt;
use std::future::{Future, IntoFuture, poll_fn};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::gen_server::stop::Order;
use crate::gen_server::system::Job;
use crate::gen_server::{GenServer, ServerRef};
use crate::message::Message;
use crate::process::block::ProcessRef;
use crate::process::mailbox::Envelope;
use crate::process::wait::{Exited, exited};
use crate::process::{current, is_alive, signal};
use crate::reason::ExitReason;
use crate::seam;

/// How long a request waits when nothing else is said. Elixir's default, too.
const DEFAULT_LIMIT: Duration = Duration::from_secs(5);

/// Where a job puts its value, or why it panicked.
pub(super) type Answer<T> = oneshot::Sender<Result<T, ExitReason>>;

/// A system request that is about to be made. It becomes a future of the answer.
///
/// Nothing is sent before it is awaited. Without [`Request::timeout`] it waits five seconds.
///
/// # Errors
///
/// [`SysError`] says what became of the request.
///
/// # Cancel safety
///
/// Dropping the future gives up the answer; the server still serves a request that was sent.
#[must_use = "nothing is sent until it is awaited"]
pub struct Request<T> {
    send: Box<dyn FnOnce() -> Result<Sent<T>, SysError> + Send>,
    limit: Option<Duration>,
}

/// A request that lies in the mailbox.
struct Sent<T> {
    process: ProcessRef,
    exited: Exited,
    /// `None` when it was dropped without a word.
    answer: Option<oneshot::AsyncReceiver<Result<T, ExitReason>>>,
    sleep: Option<Pin<Box<seam::Sleep>>>,
}

impl<T: Send + 'static> Request<T> {
    pub(super) fn new<S, F>(server: &ServerRef<S>, job: F) -> Request<T>
    where
        S: GenServer,
        F: FnOnce(Answer<T>) -> Job<S> + Send + 'static,
    {
        let server = server.clone();
        let send = move || {
            let block = server.into_block().ok_or(SysError::NoProc)?;
            if current::is(&*block) {
                return Err(SysError::CallingSelf);
            }
            let (sender, answer) = oneshot::async_channel();
            let order = Order::System(Box::new(job(sender)));
            if !block.push(Envelope::Message(Message::new(order))) {
                return Err(SysError::NoProc);
            }
            let process: ProcessRef = block;
            let exited = exited(ProcessRef::clone(&process));
            Ok(Sent { process, exited, answer: Some(answer), sleep: None })
        };
        Request { send: Box::new(send), limit: Some(DEFAULT_LIMIT) }
    }

    /// Waits at most this long for the answer.
    pub fn timeout(mut self, limit: Duration) -> Request<T> {
        self.limit = Some(limit);
        self
    }

    /// Waits without a limit. Elixir: `:infinity`.
    pub fn infinity(mut self) -> Request<T> {
        self.limit = None;
        self
    }

    /// Makes the request, and ends the requesting process when it fails: let it crash.
    ///
    /// # Panics
    ///
    /// When it is awaited outside a process.
    ///
    /// Elixir: what the functions of `:sys` always do.
    pub async fn or_exit(self) -> T {
        let Some(process) = current::get() else {
            panic!("`or_exit` needs a process to end: in a plain task, handle the error")
        };
        match self.await {
            Ok(value) => value,
            Err(error) => {
                signal::give_up(&*process, ExitReason::from(error));
                std::future::pending().await
            }
        }
    }

    async fn run(self) -> Result<T, SysError> {
        let mut sent = (self.send)()?;
        sent.sleep = self.limit.map(|limit| Box::pin(seam::sleep(limit)));
        poll_fn(|task| sent.poll_answer(task)).await
    }
}

impl<T> Sent<T> {
    fn poll_answer(&mut self, task: &mut TaskContext<'_>) -> Poll<Result<T, SysError>> {
        // Asked before the answer, so that an answer given before the end is seen.
        let exited = self.exited.poll_exited(task);
        if let Some(answer) = &mut self.answer {
            match Pin::new(answer).poll(task) {
                Poll::Ready(Ok(result)) => {
                    return Poll::Ready(result.map_err(SysError::Panicked));
                }
                Poll::Ready(Err(_)) => self.answer = None,
                Poll::Pending => {}
            }
        }
        if let Poll::Ready(reason) = exited {
            return Poll::Ready(Err(SysError::Exited(reason)));
        }
        if self.answer.is_none() && is_alive(self.process.head().pid) {
            return Poll::Ready(Err(SysError::NoProc)); // a server of another type
        }
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().poll(task).map(|()| Err(SysError::Timeout)),
            None => Poll::Pending,
        }
    }
}

impl<T: Send + 'static> IntoFuture for Request<T> {
    type Output = Result<T, SysError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// What became of a system request that has no answer.
///
/// Elixir: the reason with which the functions of `:sys` exit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SysError {
    /// There is no such process, nobody holds the name, or a server of another type does.
    NoProc,
    /// No answer came in time. The server may still serve the request.
    Timeout,
    /// The server ended before it answered, with this reason.
    Exited(ExitReason),
    /// A server cannot ask itself: it would wait for its own turn.
    CallingSelf,
    /// The given function panicked, or ended otherwise than by returning. The server goes on as if
    /// nothing had been asked.
    Panicked(ExitReason),
}

impl fmt::Display for SysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SysError::NoProc => f.write_str("there is no such server"),
            SysError::Timeout => f.write_str("the server did not answer in time"),
            SysError::Exited(reason) => write!(f, "the server ended before it answered: {reason}"),
            SysError::CallingSelf => f.write_str("a server cannot ask itself"),
            SysError::Panicked(reason) => write!(f, "the given function failed: {reason}"),
        }
    }
}

impl std::error::Error for SysError {}

impl From<SysError> for ExitReason {
    /// As for a call: a server that was shut down takes its requester down cleanly, anything else
    /// is a fault.
    fn from(error: SysError) -> ExitReason {
        match &error {
            SysError::Exited(ExitReason::Shutdown) => ExitReason::shutdown_with(error),
            _ => ExitReason::error(error),
        }
    }
}

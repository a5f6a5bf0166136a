//! Requests that have been sent and not yet answered.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::deadlock::{self, Waiting};
use crate::gen_server::{CallError, Limit};
use crate::process::block::{ProcessRef, with_control};
use crate::process::control::Phase;
use crate::process::wait;

/// A request that has been sent: a future of its answer, without a limit.
///
/// A client makes one by `client.get().send()`, does other things, and waits later, for as long as
/// it likes and as often as it likes. A request to a server that is not there is made all the same;
/// waiting for it says [`CallError::NoProc`].
///
/// ```
/// # use otp_core::{CallError, GenServer, Limit, ReplyTo, ServerRef};
/// # async fn ask<S: GenServer>(
/// #     server: ServerRef<S>,
/// #     get: fn(ReplyTo<u32>) -> S::Request,
/// # ) -> Result<u32, CallError> {
/// let mut request = server.call(get).send();
/// match request.wait(std::time::Duration::from_secs(1)).await {
///     Err(CallError::Timeout) => request.await, // still good
///     answered => answered,
/// }
/// # }
/// ```
///
/// # Cancel safety
///
/// Waiting may be given up at any time and taken up again.
///
/// # Panics
///
/// When it is polled after it has given its answer.
///
/// Elixir: `:gen_server.send_request/2`.
#[must_use = "the answer is dropped with it"]
pub struct Request<T> {
    answer: oneshot::AsyncReceiver<T>,
    /// The server; `None` when there was none to send to, or when the answer was given.
    process: Result<ProcessRef, CallError>,
    /// The caller's place among those who wait for the server's end.
    place: Option<usize>,
    /// No answer will come: the server is ending.
    refused: bool,
    /// The wait for the answer, while deadlocks are watched for.
    waiting: Option<Box<Waiting>>,
}

impl<T> Unpin for Request<T> {}

impl<T> Request<T> {
    pub(crate) fn new(
        answer: oneshot::AsyncReceiver<T>,
        process: Result<ProcessRef, CallError>,
    ) -> Request<T> {
        Request { answer, process, place: None, refused: false, waiting: None }
    }

    /// Waits for the answer; after a time-out the request is as good as before.
    ///
    /// # Errors
    ///
    /// [`CallError::Timeout`], after which it may be waited for again; any other error is final.
    ///
    /// Elixir: `:gen_server.wait_response/2`.
    pub async fn wait(&mut self, limit: impl Into<Limit>) -> Result<T, CallError> {
        let mut sleep = limit.into().sleep();
        let answered = poll_fn(|task| {
            if let Poll::Ready(answer) = self.poll_answer(task) {
                return Poll::Ready(answer);
            }
            self.waits(None);
            match &mut sleep {
                Some(sleep) => sleep.as_mut().poll(task).map(|()| Err(CallError::Timeout)),
                None => Poll::Pending,
            }
        });
        let answer = answered.await;
        self.waiting = None;
        answer
    }

    /// Waits for the answer; a time-out gives the request up, and a late answer vanishes.
    ///
    /// # Errors
    ///
    /// As for a call.
    ///
    /// Elixir: `:gen_server.receive_response/2`.
    pub async fn receive(mut self, limit: impl Into<Limit>) -> Result<T, CallError> {
        self.wait(limit).await
    }

    /// The answer if it is there, without waiting; `None` leaves the request as it is.
    ///
    /// Elixir: `:gen_server.check_response/2`.
    pub fn check(&mut self) -> Option<Result<T, CallError>> {
        let mut task = Context::from_waker(std::task::Waker::noop());
        match self.poll_answer(&mut task) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }

    /// The running process does nothing else until the answer is there.
    pub(crate) fn waits(&mut self, server: Option<fn() -> &'static str>) {
        if let (Ok(process), None) = (&self.process, &self.waiting) {
            self.waiting = deadlock::enter(process, server);
        }
    }

    /// The answer, the server's end, or `Pending` with a wake at either.
    pub(crate) fn poll_answer(&mut self, task: &mut Context<'_>) -> Poll<Result<T, CallError>> {
        let process = match &self.process {
            Ok(process) => process,
            Err(error) => return Poll::Ready(Err(error.clone())),
        };
        if !self.refused {
            match Pin::new(&mut self.answer).poll(task) {
                Poll::Ready(Ok(value)) => return Poll::Ready(Ok(value)),
                Poll::Ready(Err(_)) => self.refused = true,
                Poll::Pending => {}
            }
        }
        let Poll::Ready(reason) = wait::enter(&**process, &mut self.place, task) else {
            // Refused by a live server, or because the server is ending? The end of its turn tells,
            // and wakes those who had entered before.
            let lives = |process: &ProcessRef| {
                with_control(&**process, |control, _| control.phase == Phase::Running)
            };
            if self.refused && lives(process) && !process.head().is_refusing() {
                return Poll::Ready(Err(CallError::NoReply));
            }
            return Poll::Pending;
        };
        if !self.refused {
            // An answer that was given before the end counts.
            if let Poll::Ready(Ok(value)) = Pin::new(&mut self.answer).poll(task) {
                return Poll::Ready(Ok(value));
            }
        }
        self.refused = true;
        Poll::Ready(Err(CallError::Exited(reason)))
    }
}

impl<T> Drop for Request<T> {
    fn drop(&mut self) {
        if let Ok(process) = &self.process {
            wait::leave(&**process, self.place);
        }
    }
}

impl<T> Future for Request<T> {
    type Output = Result<T, CallError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = self.poll_answer(task);
        if answer.is_pending() {
            self.waits(None);
        }
        answer
    }
}

impl<T> fmt::Debug for Request<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.process.as_ref().map(|process| process.head().pid);
        f.debug_struct("Request").field("server", &server).finish_non_exhaustive()
    }
}

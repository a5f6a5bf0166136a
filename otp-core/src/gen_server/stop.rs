//! Stopping a server in an orderly way.

use std::any::Any;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use crate::gen_server::{GenServer, ServerRef};
use crate::message::Message;
use crate::process::block::{self, ProcessRef};
use crate::process::current;
use crate::process::wait::exited;
use crate::reason::ExitReason;
use crate::seam;

/// What a server's loop itself is asked; it waits its turn in the mailbox.
pub(crate) enum Order {
    /// Run `terminate` and end.
    Stop(ExitReason),
    /// Run a [`Job`](crate::gen_server::system::Job) between two messages.
    System(Box<dyn Any + Send>),
}

/// A stop that is about to be asked for; see [`ServerRef::stop`].
#[must_use = "nothing happens until it is awaited"]
pub struct Stop {
    process: Option<ProcessRef>,
    reason: ExitReason,
    limit: Option<Duration>,
}

impl Stop {
    pub(crate) fn new<S: GenServer>(server: &ServerRef<S>) -> Stop {
        let process = server.resolve().map(|block| block as ProcessRef);
        Stop { process, reason: ExitReason::Normal, limit: None }
    }

    /// Ends the server with this reason instead of `Normal`.
    pub fn reason(mut self, reason: ExitReason) -> Stop {
        self.reason = reason;
        self
    }

    /// Waits no longer than this. The server ends all the same when its turn comes.
    pub fn timeout(mut self, limit: Duration) -> Stop {
        self.limit = Some(limit);
        self
    }

    async fn run(self) -> Result<(), StopError> {
        let process = self.process.ok_or(StopError::NoProc)?;
        if current::is(&*process) {
            return Err(StopError::CallingSelf);
        }
        if !crate::process::is_alive(process.head().pid) {
            return Err(StopError::NoProc);
        }
        block::send(&*process, Message::new(Order::Stop(self.reason.clone())));
        let ended = exited(process);
        let reason = match self.limit {
            None => ended.await,
            Some(limit) => {
                let mut ended = std::pin::pin!(ended);
                let mut sleep = std::pin::pin!(seam::sleep(limit));
                std::future::poll_fn(|task| match ended.as_mut().poll(task) {
                    std::task::Poll::Ready(reason) => std::task::Poll::Ready(Some(reason)),
                    std::task::Poll::Pending => sleep.as_mut().poll(task).map(|()| None),
                })
                .await
                .ok_or(StopError::Timeout)?
            }
        };
        if reason == self.reason { Ok(()) } else { Err(StopError::Exited(reason)) }
    }
}

impl IntoFuture for Stop {
    type Output = Result<(), StopError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stop").field("reason", &self.reason).finish_non_exhaustive()
    }
}

/// Why a server could not be stopped as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopError {
    /// There is no such process. It has ended already.
    NoProc,
    /// It did not end in time; it still will when its turn comes.
    Timeout,
    /// A server cannot wait for its own end. Return a stop from the handler.
    CallingSelf,
    /// It ended with another reason than the one asked for.
    Exited(ExitReason),
}

impl fmt::Display for StopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StopError::NoProc => f.write_str("there is no such process"),
            StopError::Timeout => f.write_str("the server did not stop in time"),
            StopError::CallingSelf => f.write_str("a server cannot wait for its own end"),
            StopError::Exited(reason) => write!(f, "the server ended otherwise: {reason}"),
        }
    }
}

impl std::error::Error for StopError {}

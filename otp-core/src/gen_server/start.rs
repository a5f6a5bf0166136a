//! Starting servers.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::gen_server::serve::{Acknowledge, Acknowledged, serve};
use crate::gen_server::{Context, GenServer, ServerRef};
use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::RegisterError;
use crate::process::block::{Block, Kind, Process, ProcessRef};
use crate::process::current;
use crate::process::signal::{self, Cause};
use crate::process::spawn::{abandon, create, link_new, run, run_shared};
use crate::process::wait::{Exited, exited};
use crate::reason::ExitReason;
use crate::seam;
use crate::supervisor::FailedToStart;
use crate::sync::Arc;

/// A server that is about to be started: a future of its client.
///
/// Nothing happens before the first poll. The future is ready when `init` has returned.
///
/// # Errors
///
/// [`StartError`] says why there is no server. As in OTP, a linked start that fails also ends a
/// starter that is an ordinary process and does not trap exits, with the same reason; in the body
/// of `main` or a test it only returns the error.
///
/// # Panics
///
/// When polled outside a tokio runtime.
///
/// # Cancel safety
///
/// When the future is dropped after the first poll, the server goes on starting.
#[must_use = "nothing is started until it is awaited"]
pub struct Start<S: GenServer> {
    args: Option<S::Args>,
    name: Option<Name>,
    /// It gets the server's own name when it was given no other.
    own_name: bool,
    link: bool,
    limit: Option<Duration>,
    stage: Stage<S>,
}

enum Stage<S: GenServer> {
    New,
    Starting {
        block: Arc<Block<S::Request>>,
        acknowledged: oneshot::AsyncReceiver<Acknowledged>,
        sleep: Option<Pin<Box<seam::Sleep>>>,
    },
    Failing {
        exited: Exited,
        error: Option<StartError>,
    },
}

impl<S: GenServer> Unpin for Start<S> {}

impl<S: GenServer> Start<S> {
    /// Starts the server linked to the running process; in a plain task, unlinked.
    ///
    /// Elixir: `GenServer.start_link/3`.
    pub fn link(args: S::Args) -> Start<S> {
        Start { link: true, ..Start::alone(args) }
    }

    /// Starts the server without a link.
    ///
    /// Elixir: `GenServer.start/3`.
    pub fn alone(args: S::Args) -> Start<S> {
        Start {
            args: Some(args),
            name: None,
            own_name: true,
            link: false,
            limit: None,
            stage: Stage::New,
        }
    }

    /// Registers this server under another name than its own.
    pub fn name(mut self, name: impl Into<Name>) -> Start<S> {
        self.name = Some(name.into());
        self
    }

    /// Leaves out the server's own name.
    pub(crate) fn unnamed(mut self) -> Start<S> {
        self.own_name = false;
        self
    }

    /// Kills the server when `init` takes longer than this.
    pub fn timeout(mut self, limit: Duration) -> Start<S> {
        self.limit = Some(limit);
        self
    }

    /// Makes the process and lets it run.
    fn launch(&mut self) -> Result<Stage<S>, StartError> {
        let Some(args) = self.args.take() else { return Err(StartError::Ignore) };
        let node = Node::expect_current();
        let block = create::<S::Request>(&node, Kind::Server, S::OPTIONS.trap_exit);
        let process = Arc::clone(&block) as ProcessRef;
        let own = || S::name(&args).filter(|_| self.own_name);
        if let Some(name) = self.name.take().or_else(own) {
            if let Err(error) = signal::register(&process, name) {
                abandon(process);
                return Err(error.into());
            }
        }
        #[cfg(feature = "metrics")]
        crate::metrics::label(&*process, std::any::type_name::<S>());
        process.head().set_starting(true);
        if self.link {
            current::with(|parent| link_new(&**parent, &process));
        }
        let (acknowledge, acknowledged) = oneshot::async_channel();
        let body = body::<S>(args, acknowledge, Context::new(Arc::clone(&block)));
        if S::OPTIONS.handoff {
            run_shared(process, body);
        } else {
            run(process, body);
        }
        let sleep = self.limit.map(|limit| Box::pin(seam::sleep(limit)));
        Ok(Stage::Starting { block, acknowledged, sleep })
    }
}

/// The server's future, without the arguments twice.
fn body<S: GenServer>(
    args: S::Args,
    acknowledge: Acknowledge,
    cx: Context<S>,
) -> impl Future<Output = ExitReason> + Send {
    serve(args, acknowledge, cx)
}

impl<S: GenServer> Future for Start<S> {
    type Output = Result<S::Client, StartError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        self.poll_server(task).map_ok(Into::into)
    }
}

impl<S: GenServer> Start<S> {
    /// Starts the server and gives its plain handle.
    pub(crate) async fn into_server(mut self) -> Result<ServerRef<S>, StartError> {
        std::future::poll_fn(|task| self.poll_server(task)).await
    }

    fn poll_server(
        &mut self,
        task: &mut TaskContext<'_>,
    ) -> Poll<Result<ServerRef<S>, StartError>> {
        let this = self;
        loop {
            match &mut this.stage {
                Stage::New => this.stage = this.launch()?,
                Stage::Starting { block, acknowledged, sleep } => {
                    let error = match Pin::new(acknowledged).poll(task) {
                        Poll::Ready(Ok(Acknowledged::Up)) => {
                            return Poll::Ready(Ok(ServerRef::direct(Arc::clone(block))));
                        }
                        Poll::Ready(Ok(Acknowledged::Ignored)) => Some(StartError::Ignore),
                        Poll::Ready(Err(_)) => None,
                        Poll::Pending => {
                            let late = sleep
                                .as_mut()
                                .is_some_and(|sleep| sleep.as_mut().poll(task).is_ready());
                            if !late {
                                return Poll::Pending;
                            }
                            kill_silently(&**block);
                            Some(StartError::Timeout)
                        }
                    };
                    let exited = exited(Arc::clone(block) as ProcessRef);
                    this.stage = Stage::Failing { exited, error };
                }
                Stage::Failing { exited, error } => {
                    let Poll::Ready(reason) = exited.poll_exited(task) else {
                        return Poll::Pending;
                    };
                    return Poll::Ready(Err(error.take().unwrap_or(StartError::Exit(reason))));
                }
            }
        }
    }
}

/// Kills a process so that its starter hears nothing of it.
fn kill_silently(process: &dyn Process) {
    let pid = process.head().pid;
    if let Some(parent) = current::get() {
        signal::unlink(&*parent, pid);
    }
    signal::exit(process, pid, &ExitReason::Kill, Cause::Sent);
}

impl<S: GenServer> fmt::Debug for Start<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("name", &self.name)
            .field("link", &self.link)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// Why a process was not started.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartError {
    /// The name is held by this process. `init` has not run.
    AlreadyStarted(Pid),
    /// `init` chose not to run. Nothing is wrong.
    Ignore,
    /// `init` took too long, and was killed.
    Timeout,
    /// `init` failed, or the process was ended while it started, with this reason.
    Exit(ExitReason),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::AlreadyStarted(pid) => {
                write!(f, "already started: the name is held by {pid}")
            }
            StartError::Ignore => f.write_str("`init` chose not to run"),
            StartError::Timeout => f.write_str("`init` did not finish in time"),
            StartError::Exit(ExitReason::ShutdownWith(term))
                if term.downcast_ref::<FailedToStart>().is_some() =>
            {
                write!(f, "{term}")
            }
            StartError::Exit(reason) => write!(f, "`init` failed: {reason}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<RegisterError> for StartError {
    fn from(error: RegisterError) -> StartError {
        match error {
            RegisterError::Taken(holder) => StartError::AlreadyStarted(holder),
            other => StartError::Exit(ExitReason::error(other)),
        }
    }
}

impl From<StartError> for ExitReason {
    fn from(error: StartError) -> ExitReason {
        match error {
            StartError::Exit(reason) => reason,
            StartError::Timeout => ExitReason::Timeout,
            other => ExitReason::error(other),
        }
    }
}

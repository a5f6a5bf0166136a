//! Starting, stopping and listing applications.

use std::fmt;

use crate::application::erased::Source;
use crate::application::error::{LoadAppError, StartAppError, StopAppError, UnloadAppError};
use crate::application::registry::{Begun, Last, Life, Stopping};
use crate::application::{AppInfo, Application, Erased, IntoApplication, StartMode, master};
use crate::node::Node;
use crate::process::block::ProcessRef;
use crate::process::wait::exited;
use crate::reason::ExitReason;
use crate::seam;
use crate::sync::Arc;

/// The applications of the current runtime.
///
/// ```
/// use otp_core::{Application, Applications, StartContext, StartMode};
/// # use otp_core::{Supervisor, SupervisorRef};
/// # struct Bank;
/// # impl Application for Bank {
/// #     async fn start(
/// #         &self,
/// #         _: &StartContext,
/// #     ) -> Result<SupervisorRef, Box<dyn std::error::Error + Send + Sync>> {
/// #         Ok(Supervisor::one_for_one().start_link().await?)
/// #     }
/// # }
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// Applications::start(Bank, StartMode::Temporary).await.unwrap();
/// assert_eq!(Applications::running()[0].name, "bank");
/// Applications::stop("bank").await.unwrap();
/// Applications::start("bank", StartMode::Temporary).await.unwrap(); // the same value again
/// # }) }
/// ```
///
/// An application is given by value, which loads it, or by name. A value takes the place of an
/// earlier one of the same type under the same name, unless that one runs.
///
/// # Panics
///
/// All functions, outside a tokio runtime.
///
/// # Deadlocks
///
/// There are none: in a callback, applications can be started and stopped, but not those that wait
/// for this callback, which is an error. This is known of the processes of an application, not of
/// plain tasks that they have spawned.
///
/// Elixir: the module `Application`.
#[derive(Debug)]
pub struct Applications(());

/// The end of an application that ends the program; see [`Applications::terminated`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terminated {
    /// Its name.
    pub application: String,
    /// The reason its top supervisor ended with.
    pub reason: ExitReason,
}

impl fmt::Display for Terminated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the application `{}` ended: {}", self.application, self.reason)
    }
}

impl Applications {
    /// Loads an application and those that it needs by value, without starting them; its name.
    ///
    /// # Errors
    ///
    /// It is loaded already, or its name is that of an application of another type.
    ///
    /// Elixir: `Application.load/1`.
    pub fn load(app: impl Application) -> Result<String, LoadAppError> {
        Node::expect_current().applications.load(Arc::new(app), false)
    }

    /// Forgets an application that does not run.
    ///
    /// # Errors
    ///
    /// It is not loaded, or it runs.
    ///
    /// Elixir: `Application.unload/1`.
    pub fn unload(name: &str) -> Result<(), UnloadAppError> {
        Node::expect_current().applications.unload(name)
    }

    /// Starts one application. When it is being started already, waits for the outcome of that.
    ///
    /// # Errors
    ///
    /// [`StartAppError::NotStarted`] when something that it needs does not run,
    /// [`StartAppError::AlreadyStarted`] when it runs itself, [`StartAppError::Failed`] when its
    /// start callback fails; see there for the others.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped after the first poll, the application goes on starting.
    ///
    /// Elixir: `Application.start/2`.
    pub async fn start(app: impl IntoApplication, mode: StartMode) -> Result<(), StartAppError> {
        let (node, name) = loaded(app)?;
        match start_one(&node, &name, mode).await? {
            Start::RanBefore => Err(StartAppError::AlreadyStarted { application: name }),
            Start::Ours | Start::Theirs => Ok(()),
        }
    }

    /// As [`Applications::start`], but an application that runs is fine.
    ///
    /// # Errors
    ///
    /// As [`Applications::start`] has.
    ///
    /// Elixir: `Application.ensure_started/2`.
    pub async fn ensure_started(
        app: impl IntoApplication,
        mode: StartMode,
    ) -> Result<(), StartAppError> {
        let (node, name) = loaded(app)?;
        start_one(&node, &name, mode).await.map(drop)
    }

    /// Starts an application and before it everything that it needs; the names of those that this
    /// call has started, in order.
    ///
    /// # Errors
    ///
    /// As [`Applications::start`] has; also when one is needed that is not loaded, and when
    /// applications need each other in a circle. What this call has started is stopped again then,
    /// last one first; what ran before is left alone.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped, what was started stays.
    ///
    /// Elixir: `Application.ensure_all_started/2`.
    pub async fn ensure_all_started(
        app: impl IntoApplication,
        mode: StartMode,
    ) -> Result<Vec<String>, StartAppError> {
        let (node, name) = loaded(app)?;
        let mut started = Vec::new();
        let outcome = start_all(&node, &name, mode, &mut started).await;
        if let Err(error) = outcome {
            for name in started.iter().rev() {
                let _ = stop_one(&node, name).await; // its faults are reported there
            }
            return Err(error);
        }
        Ok(started)
    }

    /// Stops an application: `prep_stop`, then the tree, then `stop`. Those that need it go on.
    ///
    /// # Errors
    ///
    /// [`StopAppError::NotStarted`] when it does not run, or has not finished its start;
    /// [`StopAppError::CallbackFailed`] when it is stopped, but not as it should.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped after the first poll, the application goes on stopping.
    ///
    /// Elixir: `Application.stop/1`.
    pub async fn stop(name: &str) -> Result<(), StopAppError> {
        stop_one(&Node::expect_current(), name).await
    }

    /// Stops all applications, the one started last first. Starts are refused meanwhile, and those
    /// that are under way are given up. `#[otp::main]` does this by itself.
    ///
    /// # Errors
    ///
    /// Nothing was stopped when it is called in a callback, or by what a callback waits for.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped after the first poll, the applications go on stopping.
    ///
    /// Elixir: what `:init.stop/0` does first.
    pub async fn stop_all() -> Result<(), StopAppError> {
        let node = Node::expect_current();
        if let Some(name) = node.applications.callback() {
            return Err(StopAppError::Cycle { path: vec![name.clone(), name] });
        }
        let (done, all_stopped) = oneshot::async_channel();
        let of_node = Arc::clone(&node);
        seam::spawn_seldom(&node, async move {
            end_of_all(&of_node).await;
            let _ = done.send(());
        });
        let _ = all_stopped.await;
        Ok(())
    }

    /// The applications that run, the one started last first.
    ///
    /// Elixir: `Application.started_applications/0`.
    pub fn running() -> Vec<AppInfo> {
        Node::expect_current().applications.running()
    }

    /// The applications that are loaded, by name.
    ///
    /// Elixir: `Application.loaded_applications/0`.
    pub fn loaded() -> Vec<AppInfo> {
        Node::expect_current().applications.loaded()
    }

    /// The application to which the running process belongs: the one whose master is among its
    /// ancestors.
    ///
    /// Elixir: `:application.get_application/0`.
    pub fn current() -> Option<String> {
        Node::current()?.applications.current()
    }

    /// Ready when an application has ended that ends the program: a permanent one, or a transient
    /// one with another reason than normal.
    ///
    /// All applications are stopped then, and what comes next is up to the program. Under
    /// `#[otp::main]` it is ready before that, [`shutdown_signal`](crate::shutdown_signal) is too,
    /// and the exit code is 1.
    ///
    /// # Cancel safety
    ///
    /// The future may be dropped at any time.
    ///
    /// Elixir: there the runtime ends.
    pub async fn terminated() -> Terminated {
        Node::expect_current().applications.terminated().await
    }
}

/// The node, and the name of what is wanted there.
fn loaded(app: impl IntoApplication) -> Result<(Arc<Node>, String), StartAppError> {
    let node = Node::expect_current();
    let name = match app.into_wanted().0 {
        Source::Named(name) => name,
        Source::Value(app) => node.applications.load(app, true)?,
    };
    Ok((node, name))
}

/// What has come of a request to start an application that runs now.
enum Start {
    /// This request has started it.
    Ours,
    /// Another one has.
    Theirs,
    /// It ran before.
    RanBefore,
}

async fn start_one(node: &Arc<Node>, name: &str, mode: StartMode) -> Result<Start, StartAppError> {
    loop {
        let (begun, _wait) = node.applications.begin(node, name, mode)?;
        match begun {
            Begun::Running => return Ok(Start::RanBefore),
            Begun::Theirs(life) => return outcome(&life).await.map(|()| Start::Theirs),
            Begun::Ending(life) => {
                exited(ProcessRef::clone(&life.master)).await;
            }
            Begun::Ours(life, app, cx) => {
                master::run(node, &life, app, cx);
                return outcome(&life).await.map(|()| Start::Ours);
            }
        }
    }
}

/// Waits for the end of a start; after a failed one also for the end of what belonged to it.
async fn outcome(life: &Life) -> Result<(), StartAppError> {
    let mut started = life.started.subscribe();
    let outcome = started.wait_for(Option::is_some).await.map(|outcome| outcome.clone());
    match outcome {
        Ok(Some(Err(error))) => {
            exited(ProcessRef::clone(&life.master)).await;
            Err(error)
        }
        _ => Ok(()),
    }
}

/// Starts an application and what it needs. What this request has started so far is in `started`,
/// also when it fails.
async fn start_all(
    node: &Arc<Node>,
    name: &str,
    mode: StartMode,
    started: &mut Vec<String>,
) -> Result<(), StartAppError> {
    for name in node.applications.plan(name)? {
        if let Start::Ours = start_one(node, &name, mode).await? {
            started.push(name);
        }
    }
    Ok(())
}

/// Loads an application and starts it with all that it needs, as permanent ones. When that fails,
/// what has been started is left to the caller, who stops everything.
pub(crate) async fn start_first(
    node: &Arc<Node>,
    app: Arc<dyn Erased>,
) -> Result<(), StartAppError> {
    let name = node.applications.load(app, true)?;
    start_all(node, &name, StartMode::Permanent, &mut Vec::new()).await
}

async fn stop_one(node: &Arc<Node>, name: &str) -> Result<(), StopAppError> {
    let (stopping, _wait) = node.applications.begin_stop(node, name)?;
    let life = match stopping {
        Stopping::Ours(life) => {
            master::order_stop(&life);
            life
        }
        Stopping::Theirs(life) => life,
    };
    exited(ProcessRef::clone(&life.master)).await;
    let trouble = life.trouble.lock().clone();
    match trouble {
        None => Ok(()),
        Some(reason) => Err(StopAppError::CallbackFailed { application: name.to_owned(), reason }),
    }
}

/// Stops all applications in reverse, and lets nothing start meanwhile.
pub(crate) async fn end_of_all(node: &Arc<Node>) {
    struct Closing<'a>(&'a Node);
    impl Drop for Closing<'_> {
        fn drop(&mut self) {
            self.0.applications.closed();
        }
    }
    node.applications.close();
    let _closing = Closing(node);
    while let Some(last) = node.applications.last() {
        match last {
            Last::Running(name) => {
                let _ = stop_one(node, &name).await; // its faults are reported there
            }
            Last::Starting(life) | Last::Stopping(life) => {
                exited(ProcessRef::clone(&life.master)).await;
            }
        }
    }
}

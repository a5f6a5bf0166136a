//! The handle of a running supervisor, and what it tells of the children.

use std::fmt;
use std::ops::Deref;

use crate::child_spec::{Child, ChildId, ChildSettings, ChildSpec, ChildType, RestartArgs};
use crate::gen_server::{CallError, GenServer, ServerRef, Stop};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::ProcessRef;
use crate::supervisor::DynamicSupervisorRef;
use crate::supervisor::entry::Entry;
use crate::supervisor::error::ChildError;
use crate::supervisor::handles::{Above, ChildName};
use crate::supervisor::server::{Ask, Request, Server};
use crate::supervisor::tree::Tree;

/// The handle of a supervisor.
///
/// Its methods wait without a limit: a supervisor that is starting or stopping children answers
/// when it is done. It derefs to the [`ServerRef`] of the server that a supervisor is, for the
/// functions of [`sys`](crate::sys).
#[derive(Clone, Debug)]
pub struct SupervisorRef(pub(super) ServerRef<Server>);

/// What [`SupervisorRef::which_children`] tells of one child.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildInfo {
    /// What tells it apart.
    pub id: ChildId,
    /// Whether it runs.
    pub state: ChildState,
    /// Server or supervisor.
    pub kind: ChildType,
    /// How often the supervisor has started it again.
    pub restarts: u64,
}

/// Whether a child runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChildState {
    /// As this process.
    Running(Pid),
    /// Its last restart failed and the next attempt is due, or it waits for its restart as
    /// [`Backoff`](crate::Backoff) says.
    Restarting,
    /// It does not.
    Stopped,
}

/// The pid, `restarting` or `stopped`.
impl fmt::Display for ChildState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChildState::Running(pid) => pid.fmt(f),
            ChildState::Restarting => f.write_str("restarting"),
            ChildState::Stopped => f.write_str("stopped"),
        }
    }
}

/// How many children a supervisor has.
///
/// Elixir: the map returned by `Supervisor.count_children/1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildCounts {
    /// All children, running or not.
    pub specs: usize,
    /// Those that run.
    pub active: usize,
    /// Those that are supervisors, running or not.
    pub supervisors: usize,
    /// Those that are not, running or not.
    pub workers: usize,
}

impl Deref for SupervisorRef {
    type Target = ServerRef<Server>;

    fn deref(&self) -> &ServerRef<Server> {
        &self.0
    }
}

impl SupervisorRef {
    /// The supervisor that holds a name, looked up at each use.
    pub fn named(name: impl Into<Name>) -> SupervisorRef {
        SupervisorRef(ServerRef::named(name))
    }

    /// The supervisor that a process is.
    pub(crate) fn of_process(process: ProcessRef) -> Option<SupervisorRef> {
        crate::child_spec::server_of(process).map(SupervisorRef)
    }

    /// The supervisor's pid; `None` when its name has no holder.
    pub fn pid(&self) -> Option<Pid> {
        self.0.pid()
    }

    /// The server that a child is: whichever process that is at the time of each use.
    ///
    /// The handle outlives restarts of the child, and finds it without asking the supervisor. While
    /// the child does not run, or is a server of another type, calls end with
    /// [`CallError::NoProc`]. Like all handles, one by name follows the name: made from
    /// `AppSup::client()` it also outlives a restart of `AppSup`, made from what a start returned
    /// it ends with that process.
    ///
    /// ```
    /// # use otp_core::{ChildSpec, GenServer, StartError, Supervisor};
    /// # async fn demo<Counter: GenServer<Args = i64>>() -> Result<(), StartError> {
    /// let spec = ChildSpec::<Counter>::new(100).id("second");
    /// let supervisor = Supervisor::one_for_one().child(spec).start_link().await?;
    /// let second = supervisor.child::<Counter>("second");
    /// # drop(second);
    /// # Ok(()) }
    /// ```
    pub fn child<S: GenServer>(&self, id: impl Into<ChildId>) -> S::Client {
        ServerRef::<S>::named(self.child_name(id)).into()
    }

    /// As [`SupervisorRef::child`], for the child that was given no other id than its type.
    pub fn child_of<S: GenServer>(&self) -> S::Client {
        self.child::<S>(ChildId::of::<S>())
    }

    /// The supervisor that a child is, at the time of each use; see [`SupervisorRef::child`].
    ///
    /// ```
    /// # fn demo<Router: otp_core::GenServer>(app: otp_core::SupervisorRef) {
    /// let router = app.supervisor("Web").child_of::<Router>();
    /// # drop(router);
    /// # }
    /// ```
    pub fn supervisor(&self, id: impl Into<ChildId>) -> SupervisorRef {
        SupervisorRef::named(self.child_name(id))
    }

    /// The dynamic supervisor that a child is, at the time of each use; see
    /// [`SupervisorRef::child`]. `S` is the type of its children, or
    /// [`AnyChild`](crate::AnyChild).
    pub fn dynamic_supervisor<S>(&self, id: impl Into<ChildId>) -> DynamicSupervisorRef<S> {
        DynamicSupervisorRef::named(self.child_name(id))
    }

    /// The name that a child has through its supervisor, for children that are no servers: it can
    /// be sent to, monitored and looked up, but not registered.
    pub fn child_name(&self, id: impl Into<ChildId>) -> Name {
        let supervisor = match self.0.as_process() {
            Ok(process) => Above::Process(process.head().pid),
            Err(name) => Above::Named(name.clone()),
        };
        Name::via(ChildName { supervisor, id: id.into() })
    }

    /// The children, the most recently added first.
    ///
    /// # Errors
    ///
    /// The supervisor is not running.
    ///
    /// Elixir: `Supervisor.which_children/1`.
    pub async fn which_children(&self) -> Result<Vec<ChildInfo>, CallError> {
        self.0.call(|caller| Request(Ask::Which(caller))).infinity().await
    }

    /// How many children there are.
    ///
    /// # Errors
    ///
    /// The supervisor is not running.
    ///
    /// Elixir: `Supervisor.count_children/1`.
    pub async fn count_children(&self) -> Result<ChildCounts, CallError> {
        self.0.call(|caller| Request(Ask::Count(caller))).infinity().await
    }

    /// What the supervisor knows about a child, whether it runs or not.
    ///
    /// # Errors
    ///
    /// There is no child with this id.
    ///
    /// Elixir: `:supervisor.get_childspec/2`.
    pub async fn get_childspec(&self, id: impl Into<ChildId>) -> Result<ChildSettings, ChildError> {
        let id = id.into();
        self.0.call(|caller| Request(Ask::Spec(id, caller))).infinity().await?
    }

    /// Adds a child behind the others and starts it.
    ///
    /// # Errors
    ///
    /// The id is taken, or the child did not start; nothing of it is then kept, but the spec of one
    /// that chose not to run.
    ///
    /// Elixir: `Supervisor.start_child/2`.
    pub async fn start_child<S: Child>(&self, spec: ChildSpec<S>) -> Result<S::Client, ChildError>
    where
        S::Args: RestartArgs,
    {
        let entry = Entry::new(spec);
        let up = self.0.call(|caller| Request(Ask::Start(entry, caller))).infinity().await??;
        match up.1.downcast::<S::Client>() {
            Ok(client) => Ok(*client),
            Err(_) => unreachable!("the entry was made from a spec of the same type"),
        }
    }

    /// Ends a child and waits until it is gone; its spec stays, unless it is temporary.
    ///
    /// # Errors
    ///
    /// There is no child with this id. A child that does not run is fine.
    ///
    /// Elixir: `Supervisor.terminate_child/2`.
    pub async fn terminate_child(&self, id: impl Into<ChildId>) -> Result<(), ChildError> {
        let id = id.into();
        self.0.call(|caller| Request(Ask::Terminate(id, caller))).infinity().await?
    }

    /// Starts a child that was terminated or has ended for good.
    ///
    /// # Errors
    ///
    /// There is no such child, it runs, or it does not start.
    ///
    /// Elixir: `Supervisor.restart_child/2`.
    pub async fn restart_child(&self, id: impl Into<ChildId>) -> Result<Pid, ChildError> {
        let id = id.into();
        self.0.call(|caller| Request(Ask::Restart(id, caller))).infinity().await?
    }

    /// Forgets the spec of a child that does not run.
    ///
    /// # Errors
    ///
    /// There is no such child, or it runs.
    ///
    /// Elixir: `Supervisor.delete_child/2`.
    pub async fn delete_child(&self, id: impl Into<ChildId>) -> Result<(), ChildError> {
        let id = id.into();
        self.0.call(|caller| Request(Ask::Delete(id, caller))).infinity().await?
    }

    /// Stops the supervisor and its children and waits until they are gone.
    ///
    /// Elixir: `Supervisor.stop/3`.
    pub fn stop(&self) -> Stop {
        self.0.stop()
    }

    /// The tree below the supervisor as it is now.
    pub async fn live_tree(&self) -> Tree {
        let children = self.which_children().await.unwrap_or_default();
        Tree::live(self.pid(), children).await
    }
}

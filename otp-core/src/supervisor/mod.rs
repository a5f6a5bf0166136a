//! Supervisors: processes that start other processes and start them again.
//!
//! `supervisor!` in the crate `otp` declares trees; this is what it writes:
//!
//! ```
//! # use otp_core::{Supervisor, ChildSpec, GenServer};
//! # async fn tree<Ledger, Accounts>() -> Result<(), otp_core::StartError>
//! # where Ledger: GenServer<Args = ()>, Accounts: GenServer<Args = u32> {
//! let supervisor = Supervisor::rest_for_one()
//!     .max_restarts(3)
//!     .max_seconds(5)
//!     .child(ChildSpec::<Ledger>::new(()))
//!     .child(ChildSpec::<Accounts>::new(7))
//!     .start_link()
//!     .await?;
//! println!("{}", supervisor.live_tree().await);
//! # Ok(()) }
//! ```
//!
//! Children start one after another in the order given, and stop in reverse. When one ends, its
//! restart type says whether it comes back, and the strategy says which others go with it. More
//! than `max_restarts` restarts within `max_seconds` end the supervisor itself with `Shutdown`, and
//! its own supervisor decides what then.
//!
//! # How to supervise it
//!
//! A supervisor is a child like any other: [`Supervisor::child_spec`]. Its shutdown limit is
//! `Infinity`, so that its children have their own limits.
//!
//! # Names
//!
//! [`Supervisor::name`]; a supervisor made by `supervisor!` is named by its type.
//!
//! # Time-outs
//!
//! A start waits for every child's `init` without a limit. Requests to a supervisor wait without a
//! limit, as in OTP, since it may be busy starting a child.
//!
//! # When not to use it
//!
//! For children that are known only at run time and have no order, use a
//! [`DynamicSupervisor`](crate::DynamicSupervisor).

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::child_spec::{
    Child, ChildId, ChildSettings, ChildSpec, ChildType, Named, Restart, RestartArgs, Shutdown,
    Started,
};
use crate::gen_server::{CallError, ServerRef, Start, StartError, Stop};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::ProcessRef;
use crate::process::routes::Routes;
use crate::sync::Arc;

pub(crate) mod dynamic;
mod entry;
mod error;
mod intensity;
pub(crate) mod partition;
mod server;
pub(crate) mod shutdown;
mod tree;

pub use dynamic::{
    AnyChild, AsPid, DynamicSupervisor, DynamicSupervisorModule, DynamicSupervisorRef,
    StartDynamicSupervisor,
};
pub use error::{ChildError, FailedToStart};
pub use partition::{
    ByHash, PartitionError, PartitionKey, PartitionSupervisor, PartitionSupervisorModule,
    PartitionSupervisorRef, StartPartitionSupervisor,
};
pub use tree::{Tree, TreeNode};

use entry::Entry;
use server::{Ask, Request, Server};

/// Which children are restarted when one has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// That one.
    OneForOne,
    /// All of them.
    OneForAll,
    /// That one and those that were started after it.
    RestForOne,
}

/// When the end of significant children ends the supervisor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutoShutdown {
    /// Never.
    #[default]
    Never,
    /// When one of them has ended and is not restarted.
    AnySignificant,
    /// When the last of them has ended and is not restarted.
    AllSignificant,
}

/// A supervisor that is about to be started: its options and its children.
///
/// Elixir: `Supervisor.start_link/2`, `Supervisor.init/2`.
#[derive(Clone)]
#[must_use = "it supervises nothing until it is started"]
pub struct Supervisor {
    flags: Flags,
    name: Option<Name>,
    children: Vec<Entry>,
    /// Where its children are, when they are partitions.
    routes: Option<Arc<Routes>>,
    /// It chooses not to run.
    ignored: bool,
}

/// The options of a supervisor.
#[derive(Clone, Copy, Debug)]
struct Flags {
    strategy: Strategy,
    max_restarts: u32,
    max_seconds: u64,
    auto_shutdown: AutoShutdown,
}

impl Supervisor {
    /// A supervisor with this strategy: three restarts in five seconds, no automatic shutdown.
    pub fn new(strategy: Strategy) -> Supervisor {
        let flags =
            Flags { strategy, max_restarts: 3, max_seconds: 5, auto_shutdown: AutoShutdown::Never };
        Supervisor { flags, name: None, children: Vec::new(), routes: None, ignored: false }
    }

    /// Restarts only the child that ended.
    pub fn one_for_one() -> Supervisor {
        Supervisor::new(Strategy::OneForOne)
    }

    /// Restarts all children when one has ended.
    pub fn one_for_all() -> Supervisor {
        Supervisor::new(Strategy::OneForAll)
    }

    /// Restarts the child that ended and those started after it.
    pub fn rest_for_one() -> Supervisor {
        Supervisor::new(Strategy::RestForOne)
    }

    /// No supervisor: its start returns [`StartError::Ignore`], and under another supervisor it is
    /// a child that does not run.
    ///
    /// Elixir: `:ignore` returned by `init/1`.
    pub fn ignore() -> Supervisor {
        Supervisor { ignored: true, ..Supervisor::one_for_one() }
    }

    /// How many restarts are tolerated within [`Supervisor::max_seconds`].
    pub fn max_restarts(mut self, max_restarts: u32) -> Supervisor {
        self.flags.max_restarts = max_restarts;
        self
    }

    /// The length of the window, at least one second; a start with zero fails.
    pub fn max_seconds(mut self, max_seconds: u64) -> Supervisor {
        self.flags.max_seconds = max_seconds;
        self
    }

    /// When the end of significant children ends the supervisor.
    pub fn auto_shutdown(mut self, auto_shutdown: AutoShutdown) -> Supervisor {
        self.flags.auto_shutdown = auto_shutdown;
        self
    }

    /// Registers the supervisor under this name.
    pub fn name(mut self, name: impl Into<Name>) -> Supervisor {
        self.name = Some(name.into());
        self
    }

    /// Adds a child behind the others.
    ///
    /// Ids must be different; a start with two equal ones fails.
    pub fn child<S: Child>(mut self, spec: ChildSpec<S>) -> Supervisor
    where
        S::Args: RestartArgs,
    {
        self.children.push(Entry::new(spec));
        self
    }

    /// Starts the supervisor and its children, linked to the running process.
    ///
    /// Elixir: `Supervisor.start_link/2`.
    pub fn start_link(self) -> StartSupervisor {
        StartSupervisor(Start::link(self))
    }

    /// Starts the supervisor and its children without a link.
    pub fn start(self) -> StartSupervisor {
        StartSupervisor(Start::alone(self))
    }

    /// Makes the supervisor a child of another one.
    pub fn child_spec(self, id: impl Into<ChildId>) -> ChildSpec<Supervisor> {
        ChildSpec::with_settings(self, supervisor_settings(id.into()))
    }
}

impl fmt::Debug for Supervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&ChildId> = self.children.iter().map(|entry| &entry.settings.id).collect();
        f.debug_struct("Supervisor")
            .field("flags", &self.flags)
            .field("name", &self.name)
            .field("children", &ids)
            .finish()
    }
}

/// How a supervisor is supervised, unless the spec says otherwise.
pub(crate) fn supervisor_settings(id: ChildId) -> ChildSettings {
    ChildSettings {
        id,
        restart: Restart::Permanent,
        shutdown: Shutdown::Infinity,
        significant: false,
        kind: ChildType::Supervisor,
    }
}

impl Child for Supervisor {
    type Args = Supervisor;
    type Client = SupervisorRef;

    async fn start(
        args: Supervisor,
        name: Option<Name>,
    ) -> Result<Started<Supervisor>, StartError> {
        start_child_supervisor(args, name).await
    }

    async fn start_copy(args: Supervisor) -> Result<Started<Supervisor>, StartError> {
        start_child_supervisor(Supervisor { name: None, ..args }, None).await
    }
}

impl Named for Supervisor {
    fn named_client(name: Name) -> SupervisorRef {
        SupervisorRef::named(name)
    }
}

/// Starts a supervisor as the child `S` of the running one.
pub(crate) async fn start_child_supervisor<S>(
    supervisor: Supervisor,
    name: Option<Name>,
) -> Result<Started<S>, StartError>
where
    S: Child<Client = SupervisorRef>,
{
    let mut start = Start::<Server>::link(supervisor);
    if let Some(name) = name {
        start = start.name(name);
    }
    let server = start.into_server().await?;
    let Some(block) = server.resolve() else {
        unreachable!("a start returns the handle of a process")
    };
    Ok(Started::new(block, SupervisorRef(server)))
}

/// A type that stands for a supervisor, as `supervisor!` makes it.
///
/// Elixir: a module that says `use Supervisor`.
pub trait SupervisorModule: 'static {
    /// The parameters of the supervisor.
    type Args: Clone + Send + 'static;

    /// The options and children for these parameters; called for each start.
    ///
    /// Elixir: `init/1`.
    fn init(args: Self::Args) -> Supervisor;
}

/// A supervisor that is being started: a future of its handle.
///
/// # Errors
///
/// A child that fails to start ends the start: the children that are up are stopped in reverse
/// order, and the reason is [`ExitReason::ShutdownWith`](crate::ExitReason::ShutdownWith) with a
/// [`FailedToStart`].
#[derive(Debug)]
#[must_use = "nothing is started until it is awaited"]
pub struct StartSupervisor(Start<Server>);

impl StartSupervisor {
    pub(crate) fn of<M: SupervisorModule>(args: M::Args, link: bool) -> StartSupervisor {
        let supervisor = M::init(args).name(Name::of::<M>());
        if link { supervisor.start_link() } else { supervisor.start() }
    }

    /// Registers the supervisor under another name than its own.
    pub fn name(mut self, name: impl Into<Name>) -> StartSupervisor {
        self.0 = self.0.name(name);
        self
    }
}

impl Future for StartSupervisor {
    type Output = Result<SupervisorRef, StartError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(task).map_ok(SupervisorRef)
    }
}

/// The handle of a supervisor.
///
/// Its methods wait without a limit: a supervisor that is starting or stopping children answers
/// when it is done. It derefs to the [`ServerRef`] of the server that a supervisor is, for the
/// functions of [`sys`](crate::sys).
#[derive(Clone, Debug)]
pub struct SupervisorRef(ServerRef<Server>);

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
    /// Its last restart failed, and the next attempt is due.
    Restarting,
    /// It does not.
    Stopped,
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
        Tree::live(self).await
    }
}

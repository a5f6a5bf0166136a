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
//! A start waits for every child's `init` without a limit, as in OTP. A child that may take too
//! long is started by a function, [`ChildSpec::from_fn`], with
//! [`Start::timeout`](crate::Start::timeout) in it. A supervisor that is told by its own starter to
//! end breaks off a start that it waits for, and ends what was begun.
//!
//! Requests to a supervisor wait without a limit, as in OTP, since it may be busy starting a child.
//!
//! # When not to use it
//!
//! For children that are known only at run time and have no order, use a
//! [`DynamicSupervisor`](crate::DynamicSupervisor).

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::child_spec::{
    Child, ChildId, ChildSettings, ChildSpec, ChildType, Named, Restart, RestartArgs, Shutdown,
    Started,
};
use crate::gen_server::{Start, StartError};
use crate::name::Name;
use crate::process::routes::Routes;
use crate::sync::Arc;

mod backoff;
mod client;
pub(crate) mod dynamic;
mod entry;
mod error;
mod handles;
mod intensity;
pub(crate) mod partition;
mod server;
pub(crate) mod shutdown;
mod starting;
mod tree;

pub use backoff::Backoff;
pub use client::{ChildCounts, ChildInfo, ChildState, SupervisorRef};
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
use server::Server;

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
    flags: SupervisorFlags,
    name: Option<Name>,
    children: Vec<Entry>,
    /// Where its children are, when they are partitions.
    routes: Option<Arc<Routes>>,
    /// It chooses not to run.
    ignored: bool,
}

/// The options of a supervisor.
///
/// They print like `rest_for_one, 3 restarts in 5s`.
///
/// Elixir: the flags that `init/1` of a supervisor returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SupervisorFlags {
    /// Which children are restarted when one has ended.
    pub strategy: Strategy,
    /// How many restarts are tolerated within `max_seconds`.
    pub max_restarts: u32,
    /// The length of the window, in seconds.
    pub max_seconds: u64,
    /// When the end of significant children ends the supervisor.
    pub auto_shutdown: AutoShutdown,
    /// How long a child that ended abnormally waits for its restart; `None` is not at all.
    pub backoff: Option<Backoff>,
}

impl fmt::Display for SupervisorFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let strategy = match self.strategy {
            Strategy::OneForOne => "one_for_one",
            Strategy::OneForAll => "one_for_all",
            Strategy::RestForOne => "rest_for_one",
        };
        let restarts = if self.max_restarts == 1 { "restart" } else { "restarts" };
        write!(f, "{strategy}, {} {restarts} in {}s", self.max_restarts, self.max_seconds)?;
        match self.auto_shutdown {
            AutoShutdown::Never => {}
            AutoShutdown::AnySignificant => f.write_str(", auto_shutdown any_significant")?,
            AutoShutdown::AllSignificant => f.write_str(", auto_shutdown all_significant")?,
        }
        self.backoff.map_or(Ok(()), |backoff| write!(f, ", backoff {backoff}"))
    }
}

impl Supervisor {
    /// A supervisor with this strategy: three restarts in five seconds, no automatic shutdown.
    pub fn new(strategy: Strategy) -> Supervisor {
        let flags = SupervisorFlags {
            strategy,
            max_restarts: 3,
            max_seconds: 5,
            auto_shutdown: AutoShutdown::Never,
            backoff: None,
        };
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

    /// Has children that ended abnormally wait before they are restarted; see [`Backoff`].
    ///
    /// Without it they are restarted at once, as in OTP.
    pub fn backoff(mut self, backoff: impl Into<Backoff>) -> Supervisor {
        self.flags.backoff = Some(backoff.into());
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

    /// The tree as it is declared; nothing is started for it.
    ///
    /// ```
    /// # use otp_core::{ChildSpec, GenServer, Supervisor};
    /// # fn print<Router: GenServer<Args = ()>>() {
    /// let web = Supervisor::one_for_all().child(ChildSpec::<Router>::new(()));
    /// let app = Supervisor::one_for_one().name("app").child(web.child_spec("web"));
    /// println!("{}", app.tree()); // or .to_dot(), or .to_mermaid()
    /// # }
    /// ```
    ///
    /// Supervisors below are shown with their children, those of `supervisor!` too, whose children
    /// are made for it from their arguments. What a [`DynamicSupervisor`] will be given is not
    /// known.
    pub fn tree(&self) -> Tree {
        Tree::declared(self)
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

    fn declared(args: Supervisor) -> Option<Supervisor> {
        Some(args)
    }

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

    /// The options and children for these parameters; called for each start, and whenever the tree
    /// is drawn without being started. It should do nothing else.
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

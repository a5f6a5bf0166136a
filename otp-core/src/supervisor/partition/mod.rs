//! Supervisors of several copies of one child, one of which is found by a key.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::child_spec::{Child, ChildId, ChildSpec, Named, RestartArgs, Started};
use crate::gen_server::{Start, StartError};
use crate::name::Name;
use crate::node::Node;
use crate::process::routes::Routes;
use crate::supervisor::entry::Entry;
use crate::supervisor::server::Server;
use crate::supervisor::{Strategy, Supervisor, SupervisorRef, supervisor_settings};
use crate::sync::Arc;

mod child;
mod client;
mod error;
mod key;
mod name;

pub use client::PartitionSupervisorRef;
pub use error::PartitionError;
pub use key::{ByHash, PartitionKey};

/// A partition supervisor that is about to be started: it runs several copies of one child, and a
/// key always leads to the same one.
///
/// It spreads the work of a process that has become a bottleneck. Partitions are numbered from 0;
/// the number is the id of the child. Finding one costs two look-ups and never waits for the
/// supervisor.
///
/// ```
/// use otp_core::{ChildSpec, DynamicSupervisor, PartitionSupervisor};
/// # use otp_core::GenServer;
///
/// # async fn demo<Worker: GenServer<Args = u32>>() -> Result<(), Box<dyn std::error::Error>> {
/// let workers = DynamicSupervisor::of::<Worker>().child_spec("workers");
/// let sups = PartitionSupervisor::new(workers).partitions(8).name("sups").start_link().await?;
///
/// sups.of("user:9").start_child(ChildSpec::new(9)).await?;
/// assert_eq!(sups.partitions()?, 8);
/// # Ok(()) }
/// ```
///
/// # How to supervise it
///
/// It is a child like any other supervisor: [`PartitionSupervisor::child_spec`].
///
/// # Names
///
/// The supervisor may have a name, and so has handles by name; without one it is reached through
/// the handle of its start. A partition has no name that only one copy could have: that of a
/// supervisor made by an attribute, or of a server registered under its type. It is found by
/// its key wherever a name is accepted: [`PartitionSupervisorRef::name_of`].
///
/// # When not to use it
///
/// Where two keys must see the same state, and where there are as many processes as keys: a
/// [`DynamicSupervisor`](crate::DynamicSupervisor) starts those.
///
/// Elixir: `PartitionSupervisor`.
#[must_use = "it supervises nothing until it is started"]
pub struct PartitionSupervisor<S: Child> {
    source: Source<S>,
    with_arguments: Option<Arc<WithArguments<S>>>,
    partitions: Option<usize>,
    /// The options; the children come at the start.
    supervisor: Supervisor,
}

type WithArguments<S> = dyn Fn(<S as Child>::Args, usize) -> <S as Child>::Args + Send + Sync;

/// Where the specs of the partitions come from.
enum Source<S: Child> {
    /// All from this one.
    Spec(ChildSpec<S>),
    /// From a function.
    Each(Arc<dyn Fn(usize) -> ChildSpec<S> + Send + Sync>),
}

impl<S: Child> PartitionSupervisor<S>
where
    S::Args: RestartArgs,
{
    /// A supervisor of copies of this child, as many as the runtime has workers: three restarts in
    /// five seconds, one for one.
    pub fn new(spec: ChildSpec<S>) -> PartitionSupervisor<S> {
        PartitionSupervisor::of(Source::Spec(spec))
    }

    /// As [`PartitionSupervisor::new`], with a spec for each partition number. The function is
    /// called once a partition, each time the supervisor starts.
    ///
    /// ```
    /// # use otp_core::{ChildSpec, GenServer, PartitionSupervisor};
    /// # fn demo<Counter: GenServer<Args = usize>>() {
    /// let counters = PartitionSupervisor::from_fn(|partition| {
    ///     ChildSpec::<Counter>::new(partition)
    /// });
    /// # drop(counters);
    /// # }
    /// ```
    pub fn from_fn(
        spec: impl Fn(usize) -> ChildSpec<S> + Send + Sync + 'static,
    ) -> PartitionSupervisor<S> {
        PartitionSupervisor::of(Source::Each(Arc::new(spec)))
    }

    fn of(source: Source<S>) -> PartitionSupervisor<S> {
        let supervisor = Supervisor::one_for_one();
        PartitionSupervisor { source, with_arguments: None, partitions: None, supervisor }
    }

    /// How many partitions there are, at least one; a start with zero fails.
    ///
    /// Elixir: `:partitions`.
    pub fn partitions(mut self, partitions: usize) -> PartitionSupervisor<S> {
        self.partitions = Some(partitions);
        self
    }

    /// Makes the arguments of each partition from those of the spec and its number.
    ///
    /// Elixir: `:with_arguments`.
    pub fn with_arguments(
        mut self,
        arguments: impl Fn(S::Args, usize) -> S::Args + Send + Sync + 'static,
    ) -> PartitionSupervisor<S> {
        self.with_arguments = Some(Arc::new(arguments));
        self
    }

    /// Which partitions are restarted when one has ended.
    pub fn strategy(mut self, strategy: Strategy) -> PartitionSupervisor<S> {
        self.supervisor.flags.strategy = strategy;
        self
    }

    /// How many restarts, of all partitions together, are tolerated within
    /// [`PartitionSupervisor::max_seconds`].
    pub fn max_restarts(mut self, max_restarts: u32) -> PartitionSupervisor<S> {
        self.supervisor = self.supervisor.max_restarts(max_restarts);
        self
    }

    /// The length of the window, at least one second; a start with zero fails.
    pub fn max_seconds(mut self, max_seconds: u64) -> PartitionSupervisor<S> {
        self.supervisor = self.supervisor.max_seconds(max_seconds);
        self
    }

    /// Registers the supervisor under this name.
    pub fn name(mut self, name: impl Into<Name>) -> PartitionSupervisor<S> {
        self.supervisor = self.supervisor.name(name);
        self
    }

    /// Starts the supervisor and its partitions, linked to the running process.
    ///
    /// Elixir: `PartitionSupervisor.start_link/1`.
    pub fn start_link(self) -> StartPartitionSupervisor<S> {
        StartPartitionSupervisor(Start::link(self.into_supervisor()), PhantomData)
    }

    /// Starts the supervisor and its partitions without a link.
    pub fn start(self) -> StartPartitionSupervisor<S> {
        StartPartitionSupervisor(Start::alone(self.into_supervisor()), PhantomData)
    }

    /// Makes the supervisor a child of another one. Restarted, it has all its partitions again.
    ///
    /// Elixir: `PartitionSupervisor.child_spec/1`.
    pub fn child_spec(self, id: impl Into<ChildId>) -> ChildSpec<PartitionSupervisor<S>> {
        ChildSpec::with_settings(self, supervisor_settings(id.into()))
    }

    /// The ordinary supervisor that it is, for one start.
    fn into_supervisor(self) -> Supervisor {
        let PartitionSupervisor { source, with_arguments, partitions, mut supervisor } = self;
        let partitions = partitions.unwrap_or_else(workers);
        let routes = Arc::new(Routes::new(partitions));
        for partition in 0..partitions {
            let mut spec = match &source {
                Source::Spec(spec) => spec.clone(),
                Source::Each(make) => make(partition),
            };
            if let Some(with_arguments) = &with_arguments {
                spec.args = with_arguments(spec.args, partition);
            }
            supervisor.children.push(Entry::new(child::spec(spec, partition, &routes)));
        }
        supervisor.routes = Some(routes);
        supervisor
    }
}

/// How many threads run the processes.
fn workers() -> usize {
    match Node::current() {
        Some(node) => node.runtime.metrics().num_workers(),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

impl<S: Child> Clone for PartitionSupervisor<S>
where
    S::Args: Clone,
{
    fn clone(&self) -> PartitionSupervisor<S> {
        PartitionSupervisor {
            source: match &self.source {
                Source::Spec(spec) => Source::Spec(spec.clone()),
                Source::Each(make) => Source::Each(Arc::clone(make)),
            },
            with_arguments: self.with_arguments.clone(),
            partitions: self.partitions,
            supervisor: self.supervisor.clone(),
        }
    }
}

impl<S: Child> fmt::Debug for PartitionSupervisor<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartitionSupervisor")
            .field("flags", &self.supervisor.flags)
            .field("name", &self.supervisor.name)
            .field("partitions", &self.partitions)
            .finish_non_exhaustive()
    }
}

impl<S: Child> Child for PartitionSupervisor<S>
where
    S::Args: RestartArgs,
{
    type Args = PartitionSupervisor<S>;
    type Client = PartitionSupervisorRef<S>;

    async fn start(
        args: PartitionSupervisor<S>,
        name: Option<Name>,
    ) -> Result<Started<PartitionSupervisor<S>>, StartError> {
        start_child_supervisor(args, name).await
    }

    async fn start_copy(
        args: PartitionSupervisor<S>,
    ) -> Result<Started<PartitionSupervisor<S>>, StartError> {
        start_child_supervisor(unnamed(args), None).await
    }
}

impl<S: Child> Named for PartitionSupervisor<S>
where
    S::Args: RestartArgs,
{
    fn named_client(name: Name) -> PartitionSupervisorRef<S> {
        PartitionSupervisorRef::named(name)
    }
}

/// The same without a name.
pub(crate) fn unnamed<S: Child>(mut supervisor: PartitionSupervisor<S>) -> PartitionSupervisor<S> {
    supervisor.supervisor.name = None;
    supervisor
}

/// Starts a partition supervisor as the child `C` of the running one.
pub(crate) async fn start_child_supervisor<C, S: Child>(
    supervisor: PartitionSupervisor<S>,
    name: Option<Name>,
) -> Result<Started<C>, StartError>
where
    C: Child<Client = PartitionSupervisorRef<S>>,
    S::Args: RestartArgs,
{
    let mut start = supervisor.start_link();
    if let Some(name) = name {
        start = start.name(name);
    }
    let server = start.0.into_server().await?;
    let Some(block) = server.resolve() else {
        unreachable!("a start returns the handle of a process")
    };
    Ok(Started::new(block, PartitionSupervisorRef::new(SupervisorRef(server))))
}

/// A type that stands for a partition supervisor, as `#[partition_supervisor]` makes it.
///
/// Elixir: a module whose `child_spec/1` is that of a `PartitionSupervisor`.
pub trait PartitionSupervisorModule: 'static {
    /// What runs in each partition.
    type Child: Child<Args: RestartArgs>;

    /// The options and the child; called for each start.
    fn init() -> PartitionSupervisor<Self::Child>;
}

/// A partition supervisor that is being started: a future of its handle.
///
/// # Errors
///
/// There are no partitions, the name is taken, or a partition fails to start: then those that are
/// up are stopped, and the reason is as for a [`StartSupervisor`](crate::StartSupervisor).
#[must_use = "nothing is started until it is awaited"]
pub struct StartPartitionSupervisor<S>(Start<Server>, PhantomData<fn() -> S>);

impl<S: Child> StartPartitionSupervisor<S> {
    /// Registers the supervisor under another name than its own.
    pub fn name(self, name: impl Into<Name>) -> StartPartitionSupervisor<S> {
        StartPartitionSupervisor(self.0.name(name), PhantomData)
    }
}

impl<S: Child> Future for StartPartitionSupervisor<S> {
    type Output = Result<PartitionSupervisorRef<S>, StartError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let server = Pin::new(&mut self.0).poll(task);
        server.map_ok(|server| PartitionSupervisorRef::new(SupervisorRef(server)))
    }
}

impl<S> fmt::Debug for StartPartitionSupervisor<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartPartitionSupervisor")
    }
}

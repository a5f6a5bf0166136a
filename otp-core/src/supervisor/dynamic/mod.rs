//! Supervisors of children that are started on demand and have no order.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::child_spec::{Child, ChildId, ChildSpec, Named, RestartArgs, Started};
use crate::gen_server::{CallError, GenServer, ServerRef, Start, StartError, Stop};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::ProcessRef;
use crate::supervisor::entry::Entry;
use crate::supervisor::error::ChildError;
use crate::supervisor::{Backoff, ChildCounts, ChildInfo, Tree, supervisor_settings};

mod adopt;
mod server;

pub(crate) use adopt::Prepared;
use server::{Ask, Request, Server};

/// Stands for the children of a dynamic supervisor that takes specs of every type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyChild {}

/// A dynamic supervisor that is about to be started: it starts empty, and is given its children
/// one by one.
///
/// Each child is on its own, as under `one_for_one`. Children are known by their pid, so the ids of
/// their specs mean nothing and the same spec may be started many times. A start and an end cost
/// the same however many children there are.
///
/// ```
/// # use otp_core::{ChildSpec, DynamicSupervisor, GenServer};
/// # async fn demo<Worker: GenServer<Args = u32>>() -> Result<(), Box<dyn std::error::Error>> {
/// let workers = DynamicSupervisor::new().max_children(100).name("workers").start_link().await?;
/// let _worker = workers.start_child(ChildSpec::<Worker>::new(7)).await?;
/// assert_eq!(workers.count_children().await?.active, 1);
/// # Ok(()) }
/// ```
///
/// When it ends, all children are told at the same time and waited for together, each with its own
/// limit. A child that ends in good order under `Restart::Transient`, and every `Temporary` one
/// that ends, is forgotten. A failed restart is tried again until it succeeds or there were too
/// many.
///
/// Arguments that all children share, Elixir's `extra_arguments`, belong into the function that
/// makes their specs: they are kept with each spec for its restarts.
///
/// Elixir: `DynamicSupervisor`.
#[must_use = "it supervises nothing until it is started"]
pub struct DynamicSupervisor<S = AnyChild> {
    options: Options,
    _children: PhantomData<fn() -> S>,
}

/// The options of a dynamic supervisor.
#[derive(Clone, Debug)]
pub struct Options {
    max_restarts: u32,
    max_seconds: u64,
    max_children: Option<usize>,
    backoff: Option<Backoff>,
    name: Option<Name>,
}

impl DynamicSupervisor {
    /// A supervisor of children of every type: three restarts in five seconds, no limit on the
    /// number of children.
    pub fn new() -> DynamicSupervisor {
        DynamicSupervisor::with_defaults()
    }

    /// As [`DynamicSupervisor::new`], for children of one type only.
    ///
    /// ```
    /// # use otp_core::{ChildSpec, DynamicSupervisor, DynamicSupervisorRef, GenServer, StartError};
    /// # async fn demo<Worker: GenServer<Args = u32>>() -> Result<(), StartError> {
    /// let workers: DynamicSupervisorRef<Worker> =
    ///     DynamicSupervisor::of::<Worker>().start_link().await?;
    /// # drop(workers);
    /// # Ok(()) }
    /// ```
    pub fn of<S: Child>() -> DynamicSupervisor<S> {
        DynamicSupervisor::with_defaults()
    }
}

impl Default for DynamicSupervisor {
    fn default() -> DynamicSupervisor {
        DynamicSupervisor::new()
    }
}

impl<S: 'static> DynamicSupervisor<S> {
    fn with_defaults() -> DynamicSupervisor<S> {
        let options = Options {
            max_restarts: 3,
            max_seconds: 5,
            max_children: None,
            backoff: None,
            name: None,
        };
        DynamicSupervisor { options, _children: PhantomData }
    }

    /// How many restarts, of all children together, are tolerated within
    /// [`DynamicSupervisor::max_seconds`].
    pub fn max_restarts(mut self, max_restarts: u32) -> DynamicSupervisor<S> {
        self.options.max_restarts = max_restarts;
        self
    }

    /// The length of the window, at least one second; a start with zero fails.
    pub fn max_seconds(mut self, max_seconds: u64) -> DynamicSupervisor<S> {
        self.options.max_seconds = max_seconds;
        self
    }

    /// How many children there may be, those that wait for a restart included.
    pub fn max_children(mut self, max_children: usize) -> DynamicSupervisor<S> {
        self.options.max_children = Some(max_children);
        self
    }

    /// Has children that ended abnormally wait before they are restarted; see [`Backoff`].
    pub fn backoff(mut self, backoff: impl Into<Backoff>) -> DynamicSupervisor<S> {
        self.options.backoff = Some(backoff.into());
        self
    }

    /// Registers the supervisor under this name.
    pub fn name(mut self, name: impl Into<Name>) -> DynamicSupervisor<S> {
        self.options.name = Some(name.into());
        self
    }

    /// Starts the supervisor, linked to the running process.
    ///
    /// Elixir: `DynamicSupervisor.start_link/1`.
    pub fn start_link(self) -> StartDynamicSupervisor<S> {
        StartDynamicSupervisor(Start::link(self.options), PhantomData)
    }

    /// Starts the supervisor without a link.
    pub fn start(self) -> StartDynamicSupervisor<S> {
        StartDynamicSupervisor(Start::alone(self.options), PhantomData)
    }

    /// Makes the supervisor a child of another one. Restarted, it is empty again.
    ///
    /// Elixir: `DynamicSupervisor.child_spec/1`.
    pub fn child_spec(self, id: impl Into<ChildId>) -> ChildSpec<DynamicSupervisor<S>> {
        ChildSpec::with_settings(self, supervisor_settings(id.into()))
    }
}

impl<S> Clone for DynamicSupervisor<S> {
    fn clone(&self) -> DynamicSupervisor<S> {
        DynamicSupervisor { options: self.options.clone(), _children: PhantomData }
    }
}

impl<S> fmt::Debug for DynamicSupervisor<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynamicSupervisor").field(&self.options).finish()
    }
}

impl<S: 'static> Child for DynamicSupervisor<S> {
    type Args = DynamicSupervisor<S>;
    type Client = DynamicSupervisorRef<S>;

    async fn start(
        args: DynamicSupervisor<S>,
        name: Option<Name>,
    ) -> Result<Started<DynamicSupervisor<S>>, StartError> {
        start_child_supervisor(args, name).await
    }

    async fn start_copy(
        args: DynamicSupervisor<S>,
    ) -> Result<Started<DynamicSupervisor<S>>, StartError> {
        start_child_supervisor(unnamed(args), None).await
    }
}

impl<S: 'static> Named for DynamicSupervisor<S> {
    fn named_client(name: Name) -> DynamicSupervisorRef<S> {
        DynamicSupervisorRef::named(name)
    }
}

/// The same without a name.
pub(crate) fn unnamed<S>(mut supervisor: DynamicSupervisor<S>) -> DynamicSupervisor<S> {
    supervisor.options.name = None;
    supervisor
}

/// A type that stands for a dynamic supervisor, as `#[dynamic_supervisor]` makes it.
///
/// Elixir: a module that says `use DynamicSupervisor`.
pub trait DynamicSupervisorModule: 'static {
    /// The type of its children, or [`AnyChild`].
    type Child: 'static;

    /// The options; called for each start.
    ///
    /// Elixir: `init/1`.
    fn init() -> DynamicSupervisor<Self::Child>;
}

/// Starts a dynamic supervisor as the child `C` of the running one.
pub(crate) async fn start_child_supervisor<C, S: 'static>(
    supervisor: DynamicSupervisor<S>,
    name: Option<Name>,
) -> Result<Started<C>, StartError>
where
    C: Child<Client = DynamicSupervisorRef<S>>,
{
    let (process, client) = start_below(supervisor, name).await?;
    Ok(Started::new(process, client))
}

/// Starts a dynamic supervisor linked to the running process: its process and its handle.
pub(crate) async fn start_below<S: 'static>(
    supervisor: DynamicSupervisor<S>,
    name: Option<Name>,
) -> Result<(ProcessRef, DynamicSupervisorRef<S>), StartError> {
    let mut start = supervisor.start_link();
    if let Some(name) = name {
        start = start.name(name);
    }
    let server = start.0.into_server().await?;
    let Some(block) = server.resolve() else {
        unreachable!("a start returns the handle of a process")
    };
    Ok((block, DynamicSupervisorRef::new(server)))
}

/// A dynamic supervisor that is being started: a future of its handle.
///
/// # Errors
///
/// The name is taken, or `max_seconds` is zero.
#[must_use = "nothing is started until it is awaited"]
pub struct StartDynamicSupervisor<S = AnyChild>(Start<Server>, PhantomData<fn() -> S>);

impl<S> StartDynamicSupervisor<S> {
    /// Registers the supervisor under another name than its own.
    pub fn name(self, name: impl Into<Name>) -> StartDynamicSupervisor<S> {
        StartDynamicSupervisor(self.0.name(name), PhantomData)
    }
}

impl<S> Future for StartDynamicSupervisor<S> {
    type Output = Result<DynamicSupervisorRef<S>, StartError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(task).map_ok(DynamicSupervisorRef::new)
    }
}

impl<S> fmt::Debug for StartDynamicSupervisor<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartDynamicSupervisor")
    }
}

/// The handle of a dynamic supervisor, whose children are of the type `S`, or of every type.
///
/// Its methods wait without a limit: a supervisor that is starting or stopping a child answers when
/// it is done. It derefs to the [`ServerRef`] of the server that a supervisor is, for the functions
/// of [`sys`](crate::sys).
///
/// Elixir: what the functions of `DynamicSupervisor` take, a pid or a name.
pub struct DynamicSupervisorRef<S = AnyChild>(ServerRef<Server>, PhantomData<fn() -> S>);

impl<S> Clone for DynamicSupervisorRef<S> {
    fn clone(&self) -> DynamicSupervisorRef<S> {
        DynamicSupervisorRef::new(self.0.clone())
    }
}

impl<S> fmt::Debug for DynamicSupervisorRef<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynamicSupervisorRef").field(&self.0).finish()
    }
}

impl<S> Deref for DynamicSupervisorRef<S> {
    type Target = ServerRef<Server>;

    fn deref(&self) -> &ServerRef<Server> {
        &self.0
    }
}

impl DynamicSupervisorRef {
    /// Starts a child of any type and returns its client.
    ///
    /// # Errors
    ///
    /// [`ChildError::MaxChildren`] when there is no place left, [`ChildError::Invalid`] when the
    /// spec says `significant`, which means nothing here, and [`ChildError::Start`] when the child
    /// did not start or chose not to run. Nothing is kept of it then, and it takes no place.
    ///
    /// Elixir: `DynamicSupervisor.start_child/2`.
    pub async fn start_child<S: Child>(&self, spec: ChildSpec<S>) -> Result<S::Client, ChildError>
    where
        S::Args: RestartArgs,
    {
        start_child(&self.0, spec).await
    }
}

impl<S: Child> DynamicSupervisorRef<S>
where
    S::Args: RestartArgs,
{
    /// Starts a child and returns its client.
    ///
    /// # Errors
    ///
    /// [`ChildError::MaxChildren`] when there is no place left, [`ChildError::Invalid`] when the
    /// spec says `significant`, which means nothing here, and [`ChildError::Start`] when the child
    /// did not start or chose not to run. Nothing is kept of it then, and it takes no place.
    ///
    /// Elixir: `DynamicSupervisor.start_child/2`.
    pub async fn start_child(&self, spec: ChildSpec<S>) -> Result<S::Client, ChildError> {
        start_child(&self.0, spec).await
    }
}

async fn start_child<S: Child>(
    server: &ServerRef<Server>,
    spec: ChildSpec<S>,
) -> Result<S::Client, ChildError>
where
    S::Args: RestartArgs,
{
    if spec.settings.significant {
        let fault = "a child of a dynamic supervisor cannot be significant";
        return Err(ChildError::Invalid(fault.to_owned()));
    }
    let entry = Entry::new(spec);
    let up = server.call(|caller| Request(Ask::Start(entry, caller))).infinity().await??;
    match up.1.downcast::<S::Client>() {
        Ok(client) => Ok(*client),
        Err(_) => unreachable!("the entry was made from a spec of the same type"),
    }
}

impl<S> DynamicSupervisorRef<S> {
    fn new(server: ServerRef<Server>) -> DynamicSupervisorRef<S> {
        DynamicSupervisorRef(server, PhantomData)
    }

    /// The dynamic supervisor that holds a name, looked up at each use.
    pub fn named(name: impl Into<Name>) -> DynamicSupervisorRef<S> {
        DynamicSupervisorRef::new(ServerRef::named(name))
    }

    /// The dynamic supervisor that a process is.
    pub(crate) fn of_process(process: ProcessRef) -> Option<DynamicSupervisorRef<S>> {
        crate::child_spec::server_of(process).map(DynamicSupervisorRef::new)
    }

    /// The supervisor's pid; `None` when its name has no holder.
    pub fn pid(&self) -> Option<Pid> {
        self.0.pid()
    }

    /// Ends a child, waits until it is gone, and forgets it. It takes the child's pid or its
    /// client. A child that waits for a restart has the pid that it had before.
    ///
    /// # Errors
    ///
    /// [`ChildError::NotFound`] when it has no such child.
    ///
    /// Elixir: `DynamicSupervisor.terminate_child/2`.
    pub async fn terminate_child(&self, child: impl AsPid) -> Result<(), ChildError> {
        let pid = child.as_pid().ok_or(ChildError::NotFound)?;
        self.0.call(|caller| Request(Ask::Terminate(pid, caller))).infinity().await?
    }

    /// The children, in no particular order. They have no ids: each has [`ChildId::Undefined`].
    ///
    /// # Errors
    ///
    /// The supervisor is not running.
    ///
    /// Elixir: `DynamicSupervisor.which_children/1`.
    pub async fn which_children(&self) -> Result<Vec<ChildInfo>, CallError> {
        self.0.call(|caller| Request(Ask::Which(caller))).infinity().await
    }

    /// How many children there are; those that wait for a restart are not active.
    ///
    /// # Errors
    ///
    /// The supervisor is not running.
    ///
    /// Elixir: `DynamicSupervisor.count_children/1`.
    pub async fn count_children(&self) -> Result<ChildCounts, CallError> {
        self.0.call(|caller| Request(Ask::Count(caller))).infinity().await
    }

    /// The tree below the supervisor as it is now, its children in no particular order.
    pub async fn live_tree(&self) -> Tree {
        let children = self.which_children().await.unwrap_or_default();
        Tree::live(self.pid(), children).await
    }

    /// Stops the supervisor and its children, all at the same time, and waits until they are gone.
    ///
    /// Elixir: `DynamicSupervisor.stop/3`.
    pub fn stop(&self) -> Stop {
        self.0.stop()
    }
}

/// What tells which process is meant: a pid, or the handle of a server.
///
/// ```
/// # use otp_core::{AsPid, process};
/// # fn demo() {
/// assert_eq!(process::self_pid().as_pid(), Some(process::self_pid()));
/// # }
/// ```
pub trait AsPid {
    /// The pid; `None` when it is a name without a holder.
    fn as_pid(&self) -> Option<Pid>;
}

impl AsPid for Pid {
    fn as_pid(&self) -> Option<Pid> {
        Some(*self)
    }
}

impl AsPid for &Pid {
    fn as_pid(&self) -> Option<Pid> {
        Some(**self)
    }
}

impl<S: GenServer> AsPid for ServerRef<S> {
    fn as_pid(&self) -> Option<Pid> {
        self.pid()
    }
}

impl<S: GenServer> AsPid for &ServerRef<S> {
    fn as_pid(&self) -> Option<Pid> {
        self.pid()
    }
}

impl<C: Deref> AsPid for &C
where
    C::Target: AsPid,
{
    fn as_pid(&self) -> Option<Pid> {
        C::deref(self).as_pid()
    }
}

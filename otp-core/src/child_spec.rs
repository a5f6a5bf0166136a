//! How a supervisor starts, restarts and ends a child.

use std::any::TypeId;
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use crate::gen_server::{GenServer, ServerRef, Start, StartError};
use crate::name::{Name, short_type_name};
use crate::pid::Pid;
use crate::process::block::{ProcessRef, typed};
use crate::process::find_pid;
use crate::supervisor::Supervisor;

/// When a supervisor starts a child again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restart {
    /// Always.
    #[default]
    Permanent,
    /// When it ended with another reason than normal, shutdown, or shutdown with a value.
    Transient,
    /// Never.
    Temporary,
}

/// How a supervisor ends a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shutdown {
    /// It is killed at once; `terminate` does not run.
    BrutalKill,
    /// It is asked to shut down, and killed when it is still there after this time.
    After(Duration),
    /// It is asked to shut down and waited for without a limit.
    Infinity,
}

impl From<Duration> for Shutdown {
    fn from(limit: Duration) -> Shutdown {
        Shutdown::After(limit)
    }
}

/// Whether a child is a server or a supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildType {
    /// Anything but a supervisor.
    Worker,
    /// A supervisor, which has children of its own.
    Supervisor,
}

/// What tells the children of one supervisor apart: a type, a text or a number.
///
/// Elixir: the child's `id`.
#[derive(Clone)]
#[non_exhaustive]
pub enum ChildId {
    /// The child's type.
    #[non_exhaustive]
    Type {
        /// Identifies the type.
        id: TypeId,
        /// How the type prints.
        text: &'static str,
    },
    /// A text.
    Text(Cow<'static, str>),
    /// A number: a partition of a partition supervisor.
    Index(usize),
    /// None: the children of a dynamic supervisor are known by their pids.
    #[non_exhaustive]
    Undefined {},
}

impl ChildId {
    /// The id that the type `T` stands for, which is the default of a child of that type.
    pub fn of<T: 'static>() -> ChildId {
        ChildId::Type { id: TypeId::of::<T>(), text: std::any::type_name::<T>() }
    }
}

impl PartialEq for ChildId {
    fn eq(&self, other: &ChildId) -> bool {
        match (self, other) {
            (ChildId::Type { id: a, .. }, ChildId::Type { id: b, .. }) => a == b,
            (ChildId::Text(a), ChildId::Text(b)) => a == b,
            (ChildId::Index(a), ChildId::Index(b)) => a == b,
            (ChildId::Undefined { .. }, ChildId::Undefined { .. }) => true,
            _ => false,
        }
    }
}

impl Eq for ChildId {}

impl Hash for ChildId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            ChildId::Type { id, .. } => id.hash(state),
            ChildId::Text(text) => text.hash(state),
            ChildId::Index(index) => index.hash(state),
            ChildId::Undefined { .. } => {}
        }
    }
}

impl fmt::Display for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChildId::Type { text, .. } => f.write_str(&short_type_name(text)),
            ChildId::Text(text) => f.write_str(text),
            ChildId::Index(index) => write!(f, "{index}"),
            ChildId::Undefined { .. } => f.write_str("undefined"),
        }
    }
}

impl fmt::Debug for ChildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChildId({self})")
    }
}

impl From<&'static str> for ChildId {
    fn from(text: &'static str) -> ChildId {
        ChildId::Text(Cow::Borrowed(text))
    }
}

impl From<usize> for ChildId {
    fn from(index: usize) -> ChildId {
        ChildId::Index(index)
    }
}

impl From<String> for ChildId {
    fn from(text: String) -> ChildId {
        ChildId::Text(Cow::Owned(text))
    }
}

/// What can be started by a supervisor: every [`GenServer`], and every type made by `supervisor!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a gen_server or supervisor",
    label = "no `#[gen_server] impl {Self}` was found",
    note = "put `#[gen_server]` on the `impl` block that contains `#[init]`",
    note = "OTP0705"
)]
pub trait Child: Sized + 'static {
    /// What its start is given.
    type Args: Send + 'static;
    /// What `start_child` returns: a handle of the running child.
    type Client: Send + 'static;

    /// The supervisor that these arguments make, for drawing a tree without starting it. `None`
    /// unless the child is a supervisor whose children are known beforehand.
    fn declared(_: Self::Args) -> Option<Supervisor> {
        None
    }

    /// Starts the child, linked to the running process.
    fn start(
        args: Self::Args,
        name: Option<Name>,
    ) -> impl Future<Output = Result<Started<Self>, StartError>> + Send;

    /// Starts one of several copies: as [`Child::start`], but without a name of its type, which
    /// only one of them could have. A partition supervisor starts its partitions so.
    ///
    /// Unless said otherwise it leaves the name to [`Child::start`].
    fn start_copy(
        args: Self::Args,
    ) -> impl Future<Output = Result<Started<Self>, StartError>> + Send {
        Self::start(args, None)
    }
}

/// A child with a client that finds it by its name: every [`GenServer`], and every supervisor.
pub trait Named: Child {
    /// The client of the child that holds a name, looked up at each use.
    fn named_client(name: Name) -> Self::Client;
}

/// A child that is up.
pub struct Started<S: Child> {
    pub(crate) process: ProcessRef,
    client: S::Client,
}

impl<S: Child> Started<S> {
    pub(crate) fn new(process: ProcessRef, client: S::Client) -> Started<S> {
        Started { process, client }
    }

    /// The child that runs as `pid`, for those who implement [`Child`] by hand. Its start has
    /// linked it to the running process.
    ///
    /// # Errors
    ///
    /// [`StartError::Exit`] with `NoProc` when it has ended already.
    pub fn find(pid: Pid, client: S::Client) -> Result<Started<S>, StartError> {
        let process = find_pid(pid).ok_or(StartError::Exit(crate::ExitReason::NoProc))?;
        Ok(Started::new(process, client))
    }

    /// The handle of the child.
    pub fn into_client(self) -> S::Client {
        self.client
    }
}

impl<S: Child> fmt::Debug for Started<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Started({})", self.process.head().pid)
    }
}

impl<S: GenServer> Child for S {
    type Args = S::Args;
    type Client = S::Client;

    async fn start(args: S::Args, name: Option<Name>) -> Result<Started<S>, StartError> {
        let mut start = Start::<S>::link(args);
        if let Some(name) = name {
            start = start.name(name);
        }
        started(start).await
    }

    /// A name that is a text or in a registry may come from the arguments, so it stays.
    async fn start_copy(args: S::Args) -> Result<Started<S>, StartError> {
        let start = match S::name(&args) {
            Some(Name::Type { .. }) => Start::<S>::link(args).unnamed(),
            _ => Start::<S>::link(args),
        };
        started(start).await
    }
}

impl<S: GenServer> Named for S {
    fn named_client(name: Name) -> S::Client {
        ServerRef::<S>::named(name).into()
    }
}

async fn started<S: GenServer>(start: Start<S>) -> Result<Started<S>, StartError> {
    let server = start.into_server().await?;
    let Some(block) = server.resolve() else {
        unreachable!("a start returns the handle of a process")
    };
    Ok(Started::new(block, server.into()))
}

/// How to start, restart and end one child.
///
/// `Counter::child_spec(0)` makes one from the options of `#[gen_server]`; the methods change it
/// for this child.
///
/// ```
/// # use otp_core::{ChildSpec, GenServer, Restart};
/// # fn spec<Counter: GenServer<Args = i64>>() -> ChildSpec<Counter> {
/// ChildSpec::<Counter>::new(0).id("second").restart(Restart::Transient)
/// # }
/// ```
///
/// Elixir: the child specification, and `Supervisor.child_spec/2`.
#[must_use = "a child runs only when a supervisor has its spec"]
pub struct ChildSpec<S: Child> {
    pub(crate) args: S::Args,
    pub(crate) name: Option<Name>,
    pub(crate) settings: ChildSettings,
    _child: PhantomData<fn() -> S>,
}

/// The part of a spec that does not depend on the child's type, as a supervisor keeps it.
///
/// It prints like `Counter: permanent worker, shutdown 5s`.
///
/// Elixir: the map returned by `:supervisor.get_childspec/2`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildSettings {
    /// What tells the child apart.
    pub id: ChildId,
    /// When it is started again.
    pub restart: Restart,
    /// How it is ended.
    pub shutdown: Shutdown,
    /// Whether its end counts for the supervisor's automatic shutdown.
    pub significant: bool,
    /// Server or supervisor.
    pub kind: ChildType,
}

impl ChildSettings {
    /// All but the id, as it prints.
    pub(crate) fn without_id(&self) -> String {
        let restart = match self.restart {
            Restart::Permanent => "permanent",
            Restart::Transient => "transient",
            Restart::Temporary => "temporary",
        };
        let kind = match self.kind {
            ChildType::Worker => "worker",
            ChildType::Supervisor => "supervisor",
        };
        let shutdown = match self.shutdown {
            Shutdown::BrutalKill => "brutal_kill".to_owned(),
            Shutdown::After(limit) => format!("{limit:?}"),
            Shutdown::Infinity => "infinity".to_owned(),
        };
        let significant = if self.significant { ", significant" } else { "" };
        format!("{restart} {kind}, shutdown {shutdown}{significant}")
    }
}

impl fmt::Display for ChildSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.without_id())
    }
}

impl<S: GenServer> ChildSpec<S> {
    /// The spec that the server's own options make.
    pub fn new(args: S::Args) -> ChildSpec<S> {
        let options = S::OPTIONS;
        let settings = ChildSettings {
            id: ChildId::of::<S>(),
            restart: options.restart,
            shutdown: options.shutdown,
            significant: options.significant,
            kind: ChildType::Worker,
        };
        ChildSpec::with_settings(args, settings)
    }
}

impl<S: Child> ChildSpec<S> {
    pub(crate) fn with_settings(args: S::Args, settings: ChildSettings) -> ChildSpec<S> {
        ChildSpec { args, name: None, settings, _child: PhantomData }
    }

    /// The spec of a child that implements [`Child`] by hand: a permanent worker with a shutdown
    /// limit of five seconds, known by its type, unless said otherwise.
    pub fn worker(args: S::Args) -> ChildSpec<S> {
        ChildSpec::with_settings(args, function_settings(ChildId::of::<S>()))
    }

    /// Gives the child another id than its type.
    pub fn id(mut self, id: impl Into<ChildId>) -> ChildSpec<S> {
        self.settings.id = id.into();
        self
    }

    /// Says when the child is started again.
    pub fn restart(mut self, restart: Restart) -> ChildSpec<S> {
        self.settings.restart = restart;
        self
    }

    /// Says how the child is ended.
    pub fn shutdown(mut self, shutdown: impl Into<Shutdown>) -> ChildSpec<S> {
        self.settings.shutdown = shutdown.into();
        self
    }

    /// Says whether the child's end counts for the supervisor's automatic shutdown.
    pub fn significant(mut self, significant: bool) -> ChildSpec<S> {
        self.settings.significant = significant;
        self
    }

    /// Registers the child under another name than its own.
    pub fn name(mut self, name: impl Into<Name>) -> ChildSpec<S> {
        self.name = Some(name.into());
        self
    }
}

impl<F> ChildSpec<FromFn<F>>
where
    F: StartFn,
{
    /// A child that is no server: `start` is called for each start, inside the supervisor, and
    /// returns the pid of a process that it has linked there, for example by
    /// [`process::spawn_link`](crate::process::spawn_link).
    ///
    /// It is a permanent worker with a shutdown limit of five seconds unless said otherwise.
    pub fn from_fn(id: impl Into<ChildId>, start: F) -> ChildSpec<FromFn<F>> {
        ChildSpec::with_settings(start, function_settings(id.into()))
    }
}

impl<F> ChildSpec<FromFnWith<F>>
where
    FromFnWith<F>: Child<Args = F>,
{
    /// As [`ChildSpec::from_fn`], for a function that returns more than the pid:
    /// `Ok((pid, value))`. `start_child` gives both to its caller, and nobody keeps the value.
    ///
    /// Elixir: a start function that returns `{:ok, pid, info}`.
    pub fn from_fn_with(id: impl Into<ChildId>, start: F) -> ChildSpec<FromFnWith<F>> {
        ChildSpec::with_settings(start, function_settings(id.into()))
    }
}

/// How a child that is started by a function is supervised, unless the spec says otherwise.
fn function_settings(id: ChildId) -> ChildSettings {
    ChildSettings {
        id,
        restart: Restart::Permanent,
        shutdown: Shutdown::After(Duration::from_secs(5)),
        significant: false,
        kind: ChildType::Worker,
    }
}

impl<S: Child> Clone for ChildSpec<S>
where
    S::Args: Clone,
{
    fn clone(&self) -> ChildSpec<S> {
        ChildSpec {
            args: self.args.clone(),
            name: self.name.clone(),
            settings: self.settings.clone(),
            _child: PhantomData,
        }
    }
}

impl<S: Child> fmt::Debug for ChildSpec<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChildSpec")
            .field("settings", &self.settings)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A child started by a function; see [`ChildSpec::from_fn`].
#[derive(Debug)]
pub struct FromFn<F>(PhantomData<fn() -> F>);

/// A function that starts a process and returns its pid.
pub trait StartFn: Send + 'static {
    /// Calls it.
    fn start(&self) -> Pin<Box<dyn Future<Output = Result<Pid, StartError>> + Send>>;
}

impl<F, R> StartFn for F
where
    F: Fn() -> R + Send + 'static,
    R: Future<Output = Result<Pid, StartError>> + Send + 'static,
{
    fn start(&self) -> Pin<Box<dyn Future<Output = Result<Pid, StartError>> + Send>> {
        Box::pin(self())
    }
}

impl<F: StartFn> Child for FromFn<F> {
    type Args = F;
    type Client = Pid;

    async fn start(args: F, _: Option<Name>) -> Result<Started<FromFn<F>>, StartError> {
        let starting = args.start();
        drop(args);
        let pid = starting.await?;
        Started::find(pid, pid)
    }
}

/// A child started by a function that returns a value beside the pid; see
/// [`ChildSpec::from_fn_with`].
#[derive(Debug)]
pub struct FromFnWith<F>(PhantomData<fn() -> F>);

impl<F, R, X> Child for FromFnWith<F>
where
    F: Fn() -> R + Send + 'static,
    R: Future<Output = Result<(Pid, X), StartError>> + Send + 'static,
    X: Send + 'static,
{
    type Args = F;
    type Client = (Pid, X);

    async fn start(args: F, _: Option<Name>) -> Result<Started<FromFnWith<F>>, StartError> {
        let starting = args();
        drop(args);
        let (pid, extra) = starting.await?;
        Started::find(pid, (pid, extra))
    }
}

/// Arguments that a supervisor can keep for restarts.
#[diagnostic::on_unimplemented(
    message = "the arguments of a supervised child must be `Clone`: they are kept for restarts",
    label = "`{Self}` is not `Clone`",
    note = "derive `Clone`, or pass an `Arc`; `start_link` without a supervisor does not need it",
    note = "OTP0708"
)]
pub trait RestartArgs: Clone + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + 'static> RestartArgs for T {}

/// Finds the server behind a process again.
pub(crate) fn server_of<S: GenServer>(process: ProcessRef) -> Option<ServerRef<S>> {
    typed(process).map(ServerRef::direct)
}

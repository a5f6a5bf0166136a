//! What generated code calls, and nothing else should.
//!
//! Everything here is ordinary generic code over the public API, so that a macro's output stays
//! short. It is public only for the macros and may change in any release.

use std::convert::Infallible;
use std::time::Duration;

use crate::child_spec::{Child, ChildId, ChildSpec, RestartArgs, Started};
#[cfg(feature = "config")]
use crate::config::reader::OwnDefault;
use crate::gen_server::{
    Call, Context, GenServer, InitResult, IntoInit, IntoNoreply, IntoReply, Next, Reply, ReplyTo,
    ServerRef, Start, StartError,
};
use crate::marker::{MessageField, ReplyValue, ServerState};
use crate::message::Message;
use crate::name::Name;
use crate::process::receive::{self, Receive};
use crate::registry::{Registry, RegistryModule, RegistryRef, StartRegistry};
use crate::supervisor::{
    ChildError, DynamicSupervisor, DynamicSupervisorModule, DynamicSupervisorRef,
    PartitionSupervisor, PartitionSupervisorModule, PartitionSupervisorRef, StartSupervisor,
    Supervisor, SupervisorModule, SupervisorRef, Tree, dynamic, partition, start_child_supervisor,
    supervisor_settings,
};
use crate::task::{StartTaskSupervisor, TaskSupervisor, TaskSupervisorRef};

pub use crate::entry::main::{MainOptions, run_application, run_main};
pub use crate::entry::test::{TestOptions, run_test};
pub use crate::entry::{Flavor, MainOutput};
pub use crate::registry::generated::{
    FindBy, client_via, registry_child_spec, start_registry_child, via, via_with,
};

/// Says in the loop's form what an `#[init]` function returned.
#[inline]
pub fn init<S: GenServer, R: IntoInit<S>>(outcome: R) -> InitResult<S> {
    outcome.into_init()
}

/// Answers a call with what its handler returned.
#[inline]
pub fn answer<S: GenServer, T: Send + 'static, R: IntoReply<T, S::Continue>>(
    reply_to: ReplyTo<T>,
    outcome: R,
) -> Next<S> {
    Next::answer(reply_to, outcome)
}

/// Does what a handler without an answer returned.
#[inline]
pub fn proceed<S: GenServer, R: IntoNoreply<S::Continue>>(outcome: R) -> Next<S> {
    Next::after(outcome)
}

/// Logs and drops a message that the server has no handler for.
pub fn unhandled<S: GenServer>(message: Message, cx: &mut Context<S>) -> Next<S> {
    crate::gen_server::unhandled(message, cx)
}

/// `Server::start_link`.
pub fn start_link<S: GenServer>(args: S::Args) -> Start<S> {
    Start::link(args)
}

/// `Server::start`.
pub fn start<S: GenServer>(args: S::Args) -> Start<S> {
    Start::alone(args)
}

/// `Server::child_spec`.
pub fn child_spec<S: GenServer>(args: S::Args) -> ChildSpec<S> {
    ChildSpec::new(args)
}

/// `Server::client` and `Server::named`.
pub fn client_of<S: GenServer>(name: impl Into<Name>) -> S::Client {
    ServerRef::<S>::named(name).into()
}

/// The state as `Debug` prints it, for `format_status`.
pub fn state_text<S: std::fmt::Debug>(state: &S) -> Option<String> {
    Some(format!("{state:?}"))
}

/// A method of a client that calls. What `T` must be able to do is asked elsewhere, once.
#[inline]
pub fn call<S: GenServer, T>(
    server: &ServerRef<S>,
    request: impl FnOnce(ReplyTo<T>) -> S::Request,
) -> Call<S, T> {
    Call::new(server.clone(), request)
}

/// A method of a client that casts.
#[inline]
pub fn cast<S: GenServer>(server: &ServerRef<S>, request: S::Request) {
    server.cast(request);
}

/// Finds out whether a state can move between threads: an inherent constant wins over the trait's.
#[derive(Debug)]
pub struct State<T>(std::marker::PhantomData<T>);

impl<T: Send> State<T> {
    /// It can.
    pub const MOVES: bool = true;
}

/// The answer of [`State`] for all other types.
pub trait CannotMove {
    /// It cannot.
    const MOVES: bool = false;
}

impl<T> CannotMove for State<T> {}

/// Asks the futures of a server whether they can move between threads.
///
/// Those of a server whose state cannot move are not asked: that has been said of the state.
#[derive(Debug)]
pub struct Moves<const STATE: bool>;

impl Moves<true> {
    /// What a callback of the trait returns.
    #[inline(always)]
    pub fn callback<F: Future + Send>(future: F) -> F {
        future
    }

    /// What an async function of the user's returns.
    #[inline(always)]
    pub fn handler<F: Future + Send>(future: F) -> F {
        future
    }
}

impl Moves<false> {
    /// Takes the place of a future that cannot move. Such a program does not compile.
    pub fn callback<F: Future>(future: F) -> std::future::Pending<F::Output> {
        drop(future);
        std::future::pending()
    }

    /// What an async function of the user's returns.
    pub fn handler<F: Future>(future: F) -> F {
        future
    }
}

/// Asserts that an argument can be part of a message.
pub const fn field<T: MessageField>() {}

/// Asserts that a value can answer a call.
pub const fn answer_value<T: ReplyValue>() {}

/// The default of a field with `#[config(default)]`.
#[cfg(feature = "config")]
#[must_use]
pub fn default_value<T: OwnDefault>() -> T {
    T::default()
}

/// Asserts that a value can be a part of a state.
pub const fn state<T: ServerState>() {}

/// Asserts that a type can be started by a supervisor.
pub const fn child<T: Child>() {}

/// Asserts that a parameter of a supervisor can be kept for restarts.
pub const fn kept<T: RestartArgs>() {}

/// `Users::client`.
pub fn registry<M: RegistryModule>() -> RegistryRef<M::Key, M::Value, M::Kind> {
    M::registry()
}

/// `Users::start_link_with`.
pub fn start_link_registry<M: RegistryModule>(
    options: Registry<M::Key, M::Value, M::Kind>,
) -> StartRegistry<M::Key, M::Value, M::Kind> {
    options.start_link()
}

/// Asserts that a type can be the key of a registry.
pub const fn registry_key<T: crate::registry::Key>() {}

/// Asserts that a type can be the value of a registry's entry.
pub const fn registry_value<T: crate::registry::Value>() {}

/// Asks of an argument what [`field`] asks, in a signature.
#[derive(Debug)]
pub struct FieldType<T: MessageField>(std::marker::PhantomData<T>);

/// Asks of an answer what [`answer_value`] asks, in a signature.
#[derive(Debug)]
pub struct AnswerType<T: ReplyValue>(std::marker::PhantomData<T>);

/// Asks whether a type can be a parameter of a server, in a signature.
#[derive(Debug)]
pub struct ParameterType<T: Send + 'static>(std::marker::PhantomData<T>);

macro_rules! no_child {
    ($($name:ident($($arg:ident)*))*) => {$(
        /// Takes the place of a `child_spec` with so many arguments that a type does not have.
        pub trait $name: Sized {
            /// Exists so that the compiler asks whether the type is a child at all.
            fn child_spec<$($arg,)* Spec>($(_: $arg),*) -> Spec
            where
                Self: Child,
            {
                unreachable!("a child has a `child_spec` of its own")
            }
        }

        impl<T> $name for T {}
    )*};
}

no_child! { NoChild0() NoChild1(A) NoChild2(A B) NoChild3(A B C) NoChild4(A B C D) }

/// Names `T` behind a constant: when the constant is broken, the compiler has no type here.
pub trait Sound<T> {
    /// `T`.
    type Type;
}

impl<T, const N: usize> Sound<T> for [(); N] {
    type Type = T;
}

/// Finds out whether a type is `Reply<_>` under another name: an inherent constant wins over the
/// trait's.
#[derive(Debug)]
pub struct IsReply<T: ?Sized>(std::marker::PhantomData<T>);

/// The answer of [`IsReply`] for all other types.
pub trait NotReply {
    /// Whether the type is `Reply<_>`.
    const VALUE: bool = false;
}

impl<T: ?Sized> NotReply for IsReply<T> {}

impl<T, K> IsReply<Reply<T, K>> {
    /// Whether the type is `Reply<_>`.
    pub const VALUE: bool = true;
}

/// `Bank::start_link` of a supervisor made by `supervisor!`.
pub fn start_link_supervisor<M: SupervisorModule>(args: M::Args) -> StartSupervisor {
    StartSupervisor::of::<M>(args, true)
}

/// `Bank::start`.
pub fn start_supervisor<M: SupervisorModule>(args: M::Args) -> StartSupervisor {
    StartSupervisor::of::<M>(args, false)
}

/// `Bank::child_spec`.
pub fn supervisor_child_spec<M: Child>(args: M::Args) -> ChildSpec<M> {
    ChildSpec::with_settings(args, supervisor_settings(ChildId::of::<M>()))
}

/// `Bank::client`.
pub fn supervisor_client<M: SupervisorModule>() -> SupervisorRef {
    SupervisorRef::named(Name::of::<M>())
}

/// What a supervisor made by `supervisor!` is declared to be, for the tree above it.
pub fn declared_supervisor<M: SupervisorModule>(args: M::Args) -> Option<Supervisor> {
    Some(M::init(args))
}

/// `Bank::tree`.
pub fn supervisor_tree<M: SupervisorModule>(args: M::Args) -> Tree {
    M::init(args).name(Name::of::<M>()).tree()
}

/// Starts a supervisor made by `supervisor!` as a child.
///
/// # Errors
///
/// As any start.
pub async fn start_supervisor_child<M>(
    args: <M as SupervisorModule>::Args,
    name: Option<Name>,
) -> Result<Started<M>, StartError>
where
    M: SupervisorModule + Child<Client = SupervisorRef>,
{
    let supervisor: Supervisor = M::init(args).name(name.unwrap_or_else(Name::of::<M>));
    start_child_supervisor(supervisor, None).await
}

/// As [`start_supervisor_child`], for one of several copies, which have no name.
///
/// # Errors
///
/// As any start.
pub async fn start_supervisor_copy<M>(
    args: <M as SupervisorModule>::Args,
) -> Result<Started<M>, StartError>
where
    M: SupervisorModule + Child<Client = SupervisorRef>,
{
    start_child_supervisor(M::init(args), None).await
}

/// What a type made by `#[dynamic_supervisor]` starts, under the name of the type.
pub fn dynamic_supervisor<M: DynamicSupervisorModule>() -> DynamicSupervisor<M::Child> {
    M::init().name(Name::of::<M>())
}

/// `WorkerSup::client`.
pub fn dynamic_client<M: DynamicSupervisorModule>() -> DynamicSupervisorRef<M::Child> {
    DynamicSupervisorRef::named(Name::of::<M>())
}

/// `WorkerSup::start_child`.
///
/// # Errors
///
/// As [`DynamicSupervisorRef::start_child`].
pub async fn start_dynamic<M, S>(spec: ChildSpec<S>) -> Result<S::Client, ChildError>
where
    M: DynamicSupervisorModule<Child = S>,
    S: Child<Args: RestartArgs>,
{
    dynamic_client::<M>().start_child(spec).await
}

/// Starts a dynamic supervisor made by an attribute as a child.
///
/// # Errors
///
/// As any start.
pub async fn start_dynamic_child<M>(
    args: DynamicSupervisor<<M as DynamicSupervisorModule>::Child>,
    name: Option<Name>,
) -> Result<Started<M>, StartError>
where
    M: DynamicSupervisorModule,
    M: Child<Client = DynamicSupervisorRef<<M as DynamicSupervisorModule>::Child>>,
{
    dynamic::start_child_supervisor(args, name).await
}

/// As [`start_dynamic_child`], for one of several copies, which have no name.
///
/// # Errors
///
/// As any start.
pub async fn start_dynamic_copy<M>(
    args: DynamicSupervisor<<M as DynamicSupervisorModule>::Child>,
) -> Result<Started<M>, StartError>
where
    M: DynamicSupervisorModule,
    M: Child<Client = DynamicSupervisorRef<<M as DynamicSupervisorModule>::Child>>,
{
    dynamic::start_child_supervisor(dynamic::unnamed(args), None).await
}

/// What a type made by `#[partition_supervisor]` starts, under the name of the type.
pub fn partition_supervisor<M: PartitionSupervisorModule>() -> PartitionSupervisor<M::Child> {
    M::init().name(Name::of::<M>())
}

/// `WorkerSups::client`.
pub fn partition_client<M: PartitionSupervisorModule>() -> PartitionSupervisorRef<M::Child> {
    PartitionSupervisorRef::named(Name::of::<M>())
}

/// Starts a partition supervisor made by an attribute as a child.
///
/// # Errors
///
/// As any start.
pub async fn start_partition_child<M>(
    args: PartitionSupervisor<<M as PartitionSupervisorModule>::Child>,
    name: Option<Name>,
) -> Result<Started<M>, StartError>
where
    M: PartitionSupervisorModule,
    M: Child<Client = PartitionSupervisorRef<<M as PartitionSupervisorModule>::Child>>,
{
    partition::start_child_supervisor(args, name).await
}

/// As [`start_partition_child`], for one of several copies, which have no name.
///
/// # Errors
///
/// As any start.
pub async fn start_partition_copy<M>(
    args: PartitionSupervisor<<M as PartitionSupervisorModule>::Child>,
) -> Result<Started<M>, StartError>
where
    M: PartitionSupervisorModule,
    M: Child<Client = PartitionSupervisorRef<<M as PartitionSupervisorModule>::Child>>,
{
    partition::start_child_supervisor(partition::unnamed(args), None).await
}

/// `Mailer::child_spec` of a `#[task_supervisor]`.
pub fn task_supervisor_child_spec<M: Child<Args = ()>>() -> ChildSpec<M> {
    ChildSpec::with_settings((), supervisor_settings(ChildId::of::<M>()))
}

/// `Mailer::start_link`.
pub fn start_link_task_supervisor<M: 'static>(supervisor: TaskSupervisor) -> StartTaskSupervisor {
    supervisor.name(Name::of::<M>()).start_link()
}

/// `Mailer::client`.
pub fn task_supervisor_client<M: 'static>() -> TaskSupervisorRef {
    TaskSupervisorRef::named(Name::of::<M>())
}

/// Starts a task supervisor made by `#[task_supervisor]` as a child.
///
/// # Errors
///
/// As any start.
pub async fn start_task_supervisor_child<M>(
    supervisor: TaskSupervisor,
    name: Option<Name>,
) -> Result<Started<M>, StartError>
where
    M: Child<Client = TaskSupervisorRef>,
{
    let name = name.unwrap_or_else(Name::of::<M>);
    crate::task::start_as_child(supervisor, Some(name)).await
}

/// As [`start_task_supervisor_child`], for one of several copies, which have no name.
///
/// # Errors
///
/// As any start.
pub async fn start_task_supervisor_copy<M>(
    supervisor: TaskSupervisor,
) -> Result<Started<M>, StartError>
where
    M: Child<Client = TaskSupervisorRef>,
{
    crate::task::start_as_child(supervisor, None).await
}

/// Begins a `receive!`: waits for the first message that `select` accepts.
#[track_caller]
pub fn receive<T, F>(select: F) -> Receive<F>
where
    F: FnMut(Message) -> Result<T, Message>,
{
    receive::start("receive!", select)
}

/// Begins a `receive!` with `after`.
#[track_caller]
pub fn receive_within<T, F>(
    select: F,
    duration: Duration,
) -> impl Future<Output = Option<T>> + use<T, F>
where
    F: FnMut(Message) -> Result<T, Message>,
{
    receive::within(receive::start("receive!", select), duration)
}

/// Tests a message for one arm: takes it out when it is a `T` that `wants` accepts. `wants` gives
/// the box back in any case, so a message that is not wanted is not even moved.
///
/// # Errors
///
/// Gives the message back unharmed.
pub fn take_if<T, F>(message: Message, wants: F) -> Result<Box<T>, Message>
where
    T: Send + 'static,
    F: FnOnce(Box<T>) -> (bool, Box<T>),
{
    match wants(message.open()?) {
        (true, value) => Ok(value),
        (false, value) => Err(Message::close(value)),
    }
}

/// What a `receive!` without patterns accepts.
///
/// # Errors
///
/// Always.
pub fn refuse(message: Message) -> Result<Infallible, Message> {
    Err(message)
}

/// A pattern that matched a moment ago does not match any more.
///
/// # Panics
///
/// Always. It takes a pattern whose constants compare differently each time.
pub fn unmatched() -> ! {
    panic!("the pattern of a `receive!` arm matched the message once, but not twice")
}

/// The message of the first arm, or of one of the arms below.
#[derive(Debug)]
pub enum Received<A, B> {
    /// The first one.
    This(A),
    /// One below.
    Next(B),
}

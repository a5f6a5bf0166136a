//! Supervisors of tasks.

use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use crate::child_spec::{Child, ChildId, ChildSpec, Named, Shutdown, Started};
use crate::gen_server::{CallError, Context, GenServer, HandleInfo, StartError};
use crate::message::Message;
use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::{Kind, ProcessRef, send};
use crate::process::lineage::{self, Lineage};
use crate::process::spawn::{Never, create_below};
use crate::process::{MonitorRef, current, signal};
use crate::reason::ExitReason;
use crate::supervisor::dynamic::unnamed;
use crate::supervisor::dynamic::{Prepared, start_below};
use crate::supervisor::{
    ChildError, ChildState, DynamicSupervisor, DynamicSupervisorRef, StartDynamicSupervisor,
    supervisor_settings,
};
use crate::task::stream::Launcher;
use crate::task::work::{Deliver, Nowhere, Refused, Tell, Work};
use crate::task::{Stage, Task, TaskChild, TaskDone, TaskStream};

/// A supervisor of tasks that is about to be started.
///
/// ```
/// use otp_core::TaskSupervisor;
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// let mailer = TaskSupervisor::new().max_children(100).start_link().await.unwrap();
/// mailer.start_child(async { /* send an email */ }).await.unwrap();
/// assert_eq!(mailer.spawn(async { 42 }).await, Ok(42));
/// # mailer.stop().await.unwrap();
/// # }) }
/// ```
///
/// Tasks are temporary: one that ends is forgotten, whatever its reason. When the supervisor stops,
/// they are told to shut down at the same time, and killed five seconds later if they are still
/// there; [`TaskSupervisorRef::with_shutdown`] changes that.
///
/// Elixir: `Task.Supervisor`.
#[derive(Clone, Debug, Default)]
#[must_use = "it supervises nothing until it is started"]
pub struct TaskSupervisor(DynamicSupervisor);

impl TaskSupervisor {
    /// No limit on the number of tasks, no name.
    pub fn new() -> TaskSupervisor {
        TaskSupervisor::default()
    }

    /// How many tasks there may be.
    pub fn max_children(self, max_children: usize) -> TaskSupervisor {
        TaskSupervisor(self.0.max_children(max_children))
    }

    /// How many restarts, of all tasks that are restarted at all, are tolerated within
    /// [`TaskSupervisor::max_seconds`]. Three by default.
    pub fn max_restarts(self, max_restarts: u32) -> TaskSupervisor {
        TaskSupervisor(self.0.max_restarts(max_restarts))
    }

    /// The length of that window, five seconds by default; a start with zero fails.
    pub fn max_seconds(self, max_seconds: u64) -> TaskSupervisor {
        TaskSupervisor(self.0.max_seconds(max_seconds))
    }

    /// Registers the supervisor under this name.
    pub fn name(self, name: impl Into<Name>) -> TaskSupervisor {
        TaskSupervisor(self.0.name(name))
    }

    /// Starts the supervisor, linked to the running process.
    ///
    /// Elixir: `Task.Supervisor.start_link/1`.
    pub fn start_link(self) -> StartTaskSupervisor {
        StartTaskSupervisor(self.0.start_link())
    }

    /// Starts the supervisor without a link.
    pub fn start(self) -> StartTaskSupervisor {
        StartTaskSupervisor(self.0.start())
    }

    /// Makes the supervisor a child of another one. Restarted, it is empty again.
    ///
    /// Elixir: `Task.Supervisor.child_spec/1`.
    pub fn child_spec(self, id: impl Into<ChildId>) -> ChildSpec<TaskSupervisor> {
        ChildSpec::with_settings(self, supervisor_settings(id.into()))
    }
}

impl Child for TaskSupervisor {
    type Args = TaskSupervisor;
    type Client = TaskSupervisorRef;

    async fn start(
        args: TaskSupervisor,
        name: Option<Name>,
    ) -> Result<Started<TaskSupervisor>, StartError> {
        start_as_child(args, name).await
    }

    async fn start_copy(args: TaskSupervisor) -> Result<Started<TaskSupervisor>, StartError> {
        start_as_child(TaskSupervisor(unnamed(args.0)), None).await
    }
}

impl Named for TaskSupervisor {
    fn named_client(name: Name) -> TaskSupervisorRef {
        TaskSupervisorRef::named(name)
    }
}

/// Starts a task supervisor as the child `C` of the running process.
pub(crate) async fn start_as_child<C>(
    supervisor: TaskSupervisor,
    name: Option<Name>,
) -> Result<Started<C>, StartError>
where
    C: Child<Client = TaskSupervisorRef>,
{
    let (process, client) = start_below(supervisor.0, name).await?;
    Ok(Started::new(process, TaskSupervisorRef::new(client)))
}

/// A task supervisor that is being started: a future of its handle.
///
/// # Errors
///
/// The name is taken, or `max_seconds` is zero.
#[derive(Debug)]
#[must_use = "nothing is started until it is awaited"]
pub struct StartTaskSupervisor(StartDynamicSupervisor);

impl StartTaskSupervisor {
    /// Registers the supervisor under another name than its own.
    pub fn name(self, name: impl Into<Name>) -> StartTaskSupervisor {
        StartTaskSupervisor(self.0.name(name))
    }
}

impl Future for StartTaskSupervisor {
    type Output = Result<TaskSupervisorRef, StartError>;

    fn poll(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(task).map_ok(TaskSupervisorRef::new)
    }
}

/// The handle of a task supervisor.
///
/// It derefs to the [`DynamicSupervisorRef`] of the supervisor that it is, which has
/// `terminate_child`, `which_children`, `count_children` and `stop`.
///
/// A task has its supervisor as first ancestor, and whoever asked for it as first
/// [caller](crate::callers).
///
/// Elixir: what the functions of `Task.Supervisor` take, a pid or a name.
#[derive(Clone, Debug)]
pub struct TaskSupervisorRef {
    supervisor: DynamicSupervisorRef,
    shutdown: Shutdown,
}

impl Deref for TaskSupervisorRef {
    type Target = DynamicSupervisorRef;

    fn deref(&self) -> &DynamicSupervisorRef {
        &self.supervisor
    }
}

impl TaskSupervisorRef {
    fn new(supervisor: DynamicSupervisorRef) -> TaskSupervisorRef {
        TaskSupervisorRef { supervisor, shutdown: Shutdown::After(Duration::from_secs(5)) }
    }

    /// The task supervisor that holds a name, looked up at each use.
    pub fn named(name: impl Into<Name>) -> TaskSupervisorRef {
        TaskSupervisorRef::new(DynamicSupervisorRef::named(name))
    }

    /// A handle whose tasks are ended in this way when the supervisor stops.
    ///
    /// Elixir: the option `shutdown:`.
    pub fn with_shutdown(mut self, how: impl Into<Shutdown>) -> TaskSupervisorRef {
        self.shutdown = how.into();
        self
    }

    /// Starts a task that nobody waits for, and returns its pid. It is not linked to the caller.
    ///
    /// # Errors
    ///
    /// [`ChildError::MaxChildren`] when there is no place left, and [`ChildError::Call`] when the
    /// supervisor does not run. The future is dropped then.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped after the first poll, the task is started all the same.
    ///
    /// Elixir: `Task.Supervisor.start_child/2`.
    pub async fn start_child<F>(&self, future: F) -> Result<Pid, ChildError>
    where
        F: Future + Send + 'static,
    {
        let process = self.prepare()?;
        let pid = process.head().pid;
        let work = Work::new(future, Nowhere);
        let child = Box::new(Prepared::new(process, None, work, refused));
        self.supervisor.adopt(child, self.shutdown).await??;
        Ok(pid)
    }

    /// As [`TaskSupervisorRef::start_child`], for a task that may be restarted: its spec is made by
    /// [`Task::child_spec`].
    ///
    /// # Errors
    ///
    /// As for [`TaskSupervisorRef::start_child`].
    ///
    /// Elixir: `Task.Supervisor.start_child/3` with `restart:`.
    pub async fn start_child_with<F, Fut>(
        &self,
        mut spec: ChildSpec<TaskChild<F>>,
    ) -> Result<Pid, ChildError>
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future + Send + 'static,
    {
        spec.args.callers = Some(lineage::callers_of_started());
        self.supervisor.start_child(spec).await
    }

    /// Starts a task that is linked to the running process as well as to the supervisor.
    ///
    /// It does not wait: the supervisor runs the task when it gets to it. A start that the
    /// supervisor refuses harms nobody, and is the result of the wait:
    /// [`TaskExit::NotStarted`](crate::TaskExit::NotStarted).
    ///
    /// Elixir: `Task.Supervisor.async/2`.
    pub fn spawn<F, T>(&self, future: F) -> Task<T>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        self.spawn_as(true, future)
    }

    /// As [`TaskSupervisorRef::spawn`], without a link to the running process: a crash is only the
    /// result of the wait.
    ///
    /// Elixir: `Task.Supervisor.async_nolink/2`.
    pub fn spawn_nolink<F, T>(&self, future: F) -> Task<T>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        self.spawn_as(false, future)
    }

    pub(super) fn spawn_as<F, T>(&self, link: bool, future: F) -> Task<T>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let process = match self.prepare() {
            Ok(process) => process,
            Err(error) => return Task::with(None, Stage::NotStarted(error)),
        };
        let owner = if link { current::get() } else { None };
        if let Some(owner) = &owner {
            let _ = signal::link(&**owner, process.head().pid); // it is there, and lives
        }
        let (sender, result) = oneshot::async_channel();
        let task = Task::running(ProcessRef::clone(&process), result);
        self.hand_over(process, owner, future, sender);
        task
    }

    /// Starts a task whose result, or whose end without one, the running server gets as a
    /// [`TaskDone`] message. It is not linked to the server.
    ///
    /// There is exactly one message for each task, also when the supervisor refuses the start. It
    /// is told apart by the monitor that this returns; a server that removes the monitor, with
    /// [`Context::demonitor`], gives up the result.
    ///
    /// ```
    /// # use otp_core::{Context, HandleInfo, MonitorRef, TaskDone, TaskSupervisorRef};
    /// # async fn convert(_: String) -> usize { 0 }
    /// fn begin<S>(runners: &TaskSupervisorRef, file: String, cx: &mut Context<S>) -> MonitorRef
    /// where
    ///     S: HandleInfo<TaskDone<usize>>,
    /// {
    ///     runners.start_nolink(cx, convert(file)) // arrives as `TaskDone { monitor, result }`
    /// }
    /// ```
    ///
    /// Elixir: `Task.Supervisor.async_nolink/2` in a server that handles `{ref, result}` and
    /// `{:DOWN, ref, ..}`.
    pub fn start_nolink<S, F, T>(&self, cx: &Context<S>, future: F) -> MonitorRef
    where
        S: GenServer + HandleInfo<TaskDone<T>>,
        F: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let owner = std::sync::Arc::clone(cx.block()) as ProcessRef;
        match self.prepare() {
            Ok(process) => {
                let tell = Tell::watch::<T>(&owner, &process);
                let monitor = tell.monitor();
                self.hand_over(process, None, future, tell);
                monitor
            }
            Err(error) => {
                let monitor = MonitorRef::new(owner.head().pid);
                let result: Result<T, ExitReason> = Err(ExitReason::error(error));
                send(&*owner, Message::new(TaskDone { monitor, result }));
                monitor
            }
        }
    }

    /// As [`Task::stream`](crate::Task::stream), with the tasks under this supervisor.
    ///
    /// When the supervisor refuses a task, the stream ends the ones that run, gives
    /// [`TaskExit::NotStarted`](crate::TaskExit::NotStarted), and is over.
    ///
    /// Elixir: `Task.Supervisor.async_stream/4`.
    pub fn stream<I, F, Fut>(&self, items: I, f: F) -> TaskStream<I::IntoIter, F, Fut::Output>
    where
        I: IntoIterator,
        F: Fn(I::Item) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Send + 'static> + Send + 'static,
    {
        TaskStream::new(items.into_iter(), f, Launcher::Below(self.clone(), true))
    }

    /// As [`TaskSupervisorRef::stream`], but a task that fails never ends the consumer: its
    /// element says why.
    ///
    /// Elixir: `Task.Supervisor.async_stream_nolink/4`.
    pub fn stream_nolink<I, F, Fut>(
        &self,
        items: I,
        f: F,
    ) -> TaskStream<I::IntoIter, F, Fut::Output>
    where
        I: IntoIterator,
        F: Fn(I::Item) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: Send + 'static> + Send + 'static,
    {
        TaskStream::new(items.into_iter(), f, Launcher::Below(self.clone(), false))
    }

    /// The tasks that run, in no particular order.
    ///
    /// # Errors
    ///
    /// The supervisor is not running.
    ///
    /// Elixir: `Task.Supervisor.children/1`.
    pub async fn children(&self) -> Result<Vec<Pid>, CallError> {
        let children = self.supervisor.which_children().await?;
        let pid = |state| match state {
            ChildState::Running(pid) => Some(pid),
            _ => None,
        };
        Ok(children.into_iter().filter_map(|child| pid(child.state)).collect())
    }

    /// Makes a process below the supervisor, which does not know of it yet.
    fn prepare(&self) -> Result<ProcessRef, ChildError> {
        let Some(supervisor) = self.supervisor.process() else {
            return Err(ChildError::Call(CallError::NoProc));
        };
        let lineage = Some(Lineage::below(&*supervisor));
        let node = &supervisor.head().node;
        let process: ProcessRef = create_below::<Never>(node, lineage, Kind::Plain, false);
        lineage::set_callers(&*process, lineage::callers_of_started());
        Ok(process)
    }

    /// Has the supervisor run a process when it gets to it.
    fn hand_over<F, D>(&self, process: ProcessRef, owner: Option<ProcessRef>, future: F, deliver: D)
    where
        F: Future + Send + 'static,
        D: Deliver<F::Output>,
    {
        let work = Work::new(future, deliver);
        let child = Box::new(Prepared::new(process, owner, work, refused));
        drop(self.supervisor.adopt(child, self.shutdown)); // a refusal arrives elsewhere
    }
}

/// The reason of a task that the supervisor did not take.
fn refused(error: ChildError) -> ExitReason {
    ExitReason::error(Refused(error))
}

//! Tasks: processes that compute one result.
//!
//! ```
//! use otp_core::Task;
//!
//! # async fn fetch(_: &str) -> String { "page".to_owned() }
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! let page = Task::spawn(async { fetch("https://example.org").await });
//! // .. something else meanwhile ..
//! assert_eq!(page.await.unwrap(), "page");
//! # }) }
//! ```
//!
//! A [`Task`] is a process of its own. It is linked to the process that started it, its owner: a
//! task that panics takes its owner with it, and an owner that fails ends its tasks. Only the owner
//! may wait for it. Where there is no process to own it, in a plain tokio task, it is linked to
//! nobody and may be awaited anywhere.
//!
//! # How to supervise it
//!
//! Tasks that must not harm their owner, or must end in good order with the program, belong under a
//! [`TaskSupervisor`]. [`Task::child_spec`] makes a task the child of any supervisor.
//!
//! # Names
//!
//! Tasks have none; [`Task::pid`] tells the process.
//!
//! # Time-outs
//!
//! Awaiting a task waits five seconds; [`Task::timeout`] changes that. After a time-out of
//! [`Task::yield_for`] the task can be asked again. A task that is not awaited any more runs on,
//! linked as before; [`Task::shutdown`] ends it.
//!
//! # When not to use it
//!
//! For state that outlives one result, use a server. For work beside a server whose result the
//! server handles as a message, use [`Context::pipe`](crate::Context::pipe) or
//! [`TaskSupervisorRef::start_nolink`]. Within one process, `join!` and `select!` run futures side
//! by side at less cost, when they need not fail alone.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::child_spec::Shutdown;
use crate::gen_server::Limit;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{Kind, ProcessRef};
use crate::process::spawn::{Never, SpawnOptions, create, link_new, run};
use crate::process::wait::{Exited, exited};
use crate::process::{current, is_alive, lineage, signal};
use crate::reason::ExitReason;
use crate::supervisor::ChildError;
use crate::supervisor::shutdown::shut_down;

mod child;
mod exit;
mod many;
mod patience;
mod ready;
mod stream;
mod supervisor;
mod work;

pub use child::{TaskArgs, TaskChild};
pub use exit::{TaskDone, TaskExit};
pub use many::{AwaitMany, YieldMany};
pub use stream::{TaskFailure, TaskStream};
pub(crate) use supervisor::start_as_child;
pub use supervisor::{StartTaskSupervisor, TaskSupervisor, TaskSupervisorRef};

use many::shut_down_with;
use patience::{DEFAULT_LIMIT, Patience};
use work::{Blocking, Work};

/// A process that computes one result, and the right to wait for it: a future of the result.
///
/// Awaiting it waits five seconds at most, counted from the first poll. By reference,
/// `(&mut task).await`, the handle stays at hand, for [`Task::shutdown`] after a time-out. The
/// result is given once: awaiting again is a time-out, as in OTP.
///
/// A task that is dropped runs on, linked as before, and its result vanishes.
///
/// ```
/// use otp_core::{ExitReason, Task, TaskExit, process};
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// process::trap_exit(true); // so that this process survives the next task
/// let task: Task<u32> = Task::spawn(async { process::exit(ExitReason::error("no luck")) });
/// assert_eq!(task.await, Err(TaskExit::Exited(ExitReason::error("no luck"))));
/// # }) }
/// ```
///
/// # Errors
///
/// [`TaskExit`] says why there is no result. An owner that does not trap exits sees
/// [`TaskExit::Exited`] only for a task that is not linked to it, or that ended normally: any other
/// end of a linked one is its own.
///
/// # Cancel safety
///
/// Waiting may be given up and taken up again; the time runs on meanwhile.
///
/// Elixir: the struct `Task`, `Task.await/2`.
#[must_use = "the task runs on, but its result is dropped with it"]
pub struct Task<T> {
    owner: Option<Pid>,
    process: Option<ProcessRef>,
    stage: Stage<T>,
    patience: Patience,
}

/// Where the result is.
enum Stage<T> {
    /// Here.
    Completed(T),
    /// Still to come, if it comes.
    Running(oneshot::AsyncReceiver<T>),
    /// It will not come; the reason will.
    Ending(Exited),
    /// The task was not even started.
    NotStarted(ChildError),
    /// Given, or given up.
    Over,
}

impl<T> Unpin for Task<T> {}

impl<T: Send + 'static> Task<T> {
    /// Starts a process that runs `future`, linked to the running process, which is its owner.
    ///
    /// In a plain tokio task there is no process to link to, and whoever has the handle may await
    /// it.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    ///
    /// Elixir: `Task.async/1`.
    #[track_caller]
    pub fn spawn<F>(future: F) -> Task<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        Task::spawn_as(true, future)
    }

    /// As [`Task::spawn`], with or without a link.
    #[track_caller]
    fn spawn_as<F>(link: bool, future: F) -> Task<T>
    where
        F: Future<Output = T> + Send + 'static,
    {
        let process = prepare(link);
        let (sender, result) = oneshot::async_channel();
        run(ProcessRef::clone(&process), Work::new(future, sender));
        Task::running(process, result)
    }

    /// Runs a function that blocks its thread or computes for long, on a thread for that.
    ///
    /// It is a task like any other: a panic is its reason, and inside the function the running
    /// process is the task's. But it cannot be interrupted. A task that is killed ends at once, and
    /// the function runs on without anybody noticing, unless it has not begun; so it must not hold
    /// what others wait for.
    ///
    /// ```
    /// use otp_core::Task;
    ///
    /// # fn main() { otp_core::private::run_test(
    /// #     otp_core::private::TestOptions::new("doc"), async {
    /// let sum = Task::blocking(|| (1..=1000_u64).sum::<u64>());
    /// assert_eq!(sum.await, Ok(500_500));
    /// # }) }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[track_caller]
    pub fn blocking<F>(function: F) -> Task<T>
    where
        F: FnOnce() -> T + Send + 'static,
    {
        let process = prepare(true);
        let (sender, result) = oneshot::async_channel();
        let body = Blocking::new(&process, function, sender);
        run(ProcessRef::clone(&process), body);
        Task::running(process, result)
    }

    /// A task that has its result already, without a process.
    ///
    /// Elixir: `Task.completed/1`.
    pub fn completed(value: T) -> Task<T> {
        Task::with(None, Stage::Completed(value))
    }

    fn running(process: ProcessRef, result: oneshot::AsyncReceiver<T>) -> Task<T> {
        Task::with(Some(process), Stage::Running(result))
    }

    fn with(process: Option<ProcessRef>, stage: Stage<T>) -> Task<T> {
        Task { owner: current::pid(), process, stage, patience: Patience::new(DEFAULT_LIMIT) }
    }
}

impl Task<()> {
    /// Starts a process that runs `future`, and that nobody waits for.
    ///
    /// It is not linked to the running process; its [`callers`](crate::callers) tell who started
    /// it. The output is dropped.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    ///
    /// Elixir: `Task.start/1`.
    #[track_caller]
    pub fn start<F>(future: F) -> Pid
    where
        F: Future + Send + 'static,
    {
        SpawnOptions::new().inherit_callers().spawn(future)
    }

    /// As [`Task::start`], linked to the running process; in a plain tokio task, unlinked.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    ///
    /// Elixir: `Task.start_link/1`.
    #[track_caller]
    pub fn start_link<F>(future: F) -> Pid
    where
        F: Future + Send + 'static,
    {
        let options = SpawnOptions::new().inherit_callers();
        if current::pid().is_some() { options.link().spawn(future) } else { options.spawn(future) }
    }
}

/// Makes the process of a task, owned by the running process.
#[track_caller]
fn prepare(link: bool) -> ProcessRef {
    let process: ProcessRef = create::<Never>(&Node::expect_current(), Kind::Plain, false);
    if let Some(owner) = current::get() {
        lineage::set_callers(&*process, lineage::callers_of_started());
        if link {
            link_new(&*owner, &process);
        }
    }
    process
}

impl<T> Task<T> {
    /// The task's process; `None` for one that was completed from the beginning, or whose
    /// supervisor does not run.
    ///
    /// Elixir: the field `pid`.
    pub fn pid(&self) -> Option<Pid> {
        self.process.as_ref().map(|process| process.head().pid)
    }

    /// The only process that may wait for it; `None` when it was started in no process.
    ///
    /// Elixir: the field `owner`.
    pub fn owner(&self) -> Option<Pid> {
        self.owner
    }

    /// Waits at most this long, or until this moment.
    pub fn timeout(mut self, limit: impl Into<Limit>) -> Task<T> {
        self.patience = Patience::new(limit.into());
        self
    }

    /// Waits without a limit. Elixir: `:infinity`.
    pub fn infinity(self) -> Task<T> {
        self.timeout(Limit::Infinity)
    }

    /// Waits for the result, and ends the running process when there is none: let it crash.
    ///
    /// In a server it is the callback that fails, so `terminate` runs as after any exit in a
    /// callback. The reason has the [`TaskExit`] inside.
    ///
    /// # Panics
    ///
    /// When it is awaited outside a process.
    ///
    /// Elixir: what `Task.await/2` always does.
    pub async fn or_exit(self) -> T {
        let process = current::expect("or_exit");
        match self.await {
            Ok(value) => value,
            Err(error) => {
                signal::give_up(&*process, ExitReason::from(error));
                std::future::pending().await
            }
        }
    }

    /// Waits for the result for a time: `None` when it has not come by then, after which the task
    /// may be asked again.
    ///
    /// With a limit of zero it only looks. A task that has given its result before gives `None` at
    /// once.
    ///
    /// # Errors
    ///
    /// As for awaiting it, but never [`TaskExit::Timeout`].
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// Elixir: `Task.yield/2`.
    pub async fn yield_for(&mut self, limit: impl Into<Limit>) -> Option<Result<T, TaskExit>> {
        if let Err(error) = self.check_owner() {
            return Some(Err(error));
        }
        if self.is_over() {
            return None;
        }
        let mut patience = Patience::new(limit.into());
        poll_fn(|task| match self.poll_result(task) {
            Poll::Ready(result) => Poll::Ready(Some(result)),
            Poll::Pending => patience.poll_over(task).map(|()| None),
        })
        .await
    }

    /// Ends the task and waits until it is gone: `None` when it had no result by then.
    ///
    /// The link is removed first, so it harms nobody; what the task has sent before stays, also the
    /// [`Exit`](crate::Exit) message of an earlier crash. With a time, or without a limit, the task
    /// is asked to shut down, and killed when the time is up; [`Shutdown::BrutalKill`] kills at
    /// once. A task that does not trap exits ends at its next await point in any case.
    ///
    /// ```
    /// use otp_core::{Shutdown, Task};
    ///
    /// # fn main() { otp_core::private::run_test(
    /// #     otp_core::private::TestOptions::new("doc"), async {
    /// let mut task: Task<u32> = Task::spawn(std::future::pending());
    /// assert_eq!(task.shutdown(Shutdown::BrutalKill).await, None);
    /// # }) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`TaskExit::Exited`] when it ended for another reason than this: by itself or before, or
    /// because it had to be killed when the time was up. With [`ExitReason::NoProc`] it had given
    /// its result before and is gone.
    ///
    /// # Cancel safety
    ///
    /// When the future is dropped after the first poll, the task has been told to end; it is not
    /// killed when the time is up.
    ///
    /// Elixir: `Task.shutdown/2`.
    pub async fn shutdown(&mut self, how: impl Into<Shutdown>) -> Option<Result<T, TaskExit>> {
        let how = how.into();
        if let Err(error) = self.check_owner() {
            return Some(Err(error));
        }
        let Some(process) = self.process.clone() else { return self.take_now() };
        let pid = process.head().pid;
        if self.is_over() && !is_alive(pid) {
            return Some(Err(TaskExit::Exited(ExitReason::NoProc)));
        }
        if let Some(owner) = current::get() {
            signal::unlink(&*owner, pid);
        }
        let reason = shut_down(&process, self.owner.unwrap_or(pid), how).await;
        if let Stage::Running(result) = &mut self.stage {
            let mut nobody = Context::from_waker(Waker::noop());
            if let Poll::Ready(Ok(value)) = Pin::new(result).poll(&mut nobody) {
                self.stage = Stage::Over;
                return Some(Ok(value));
            }
        }
        self.stage = Stage::Over;
        shut_down_with(reason, how).map(Err)
    }

    /// Gives the task up: a result that is there is returned, a later one vanishes. The task runs
    /// on, linked as before.
    ///
    /// # Errors
    ///
    /// As for awaiting it, when that is known already.
    ///
    /// Elixir: `Task.ignore/1`.
    pub fn ignore(mut self) -> Option<Result<T, TaskExit>> {
        match self.check_owner() {
            Ok(()) => self.take_now(),
            Err(error) => Some(Err(error)),
        }
    }

    /// What is there without waiting.
    fn take_now(&mut self) -> Option<Result<T, TaskExit>> {
        match self.poll_result(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => Some(result),
            Poll::Pending => None,
        }
    }

    /// Whether the result was given or given up.
    fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    /// A result that comes later vanishes.
    fn give_up(&mut self) {
        self.stage = Stage::Over;
    }

    fn check_owner(&self) -> Result<(), TaskExit> {
        match self.owner {
            Some(owner) if current::pid() != Some(owner) => Err(TaskExit::NotOwner { owner }),
            _ => Ok(()),
        }
    }

    /// The result, or why there is none, or `Pending` with a wake to come. Without a limit.
    fn poll_result(&mut self, task: &mut Context<'_>) -> Poll<Result<T, TaskExit>> {
        if let Stage::Running(result) = &mut self.stage {
            match Pin::new(result).poll(task) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(value)) => {
                    self.stage = Stage::Over;
                    return Poll::Ready(Ok(value));
                }
                // What would have sent it is gone, so the process is about to be.
                Poll::Ready(Err(_)) => match &self.process {
                    Some(process) => self.stage = Stage::Ending(exited(ProcessRef::clone(process))),
                    None => self.stage = Stage::Over,
                },
            }
        }
        if let Stage::Ending(ending) = &mut self.stage {
            let Poll::Ready(reason) = ending.poll_exited(task) else { return Poll::Pending };
            self.stage = Stage::Over;
            return Poll::Ready(Err(TaskExit::of(reason)));
        }
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Completed(value) => Poll::Ready(Ok(value)),
            Stage::NotStarted(error) => Poll::Ready(Err(TaskExit::NotStarted(error))),
            Stage::Over | Stage::Running(_) | Stage::Ending(_) => Poll::Pending,
        }
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, TaskExit>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.check_owner()?;
        if this.is_over() && this.patience.is_endless() {
            return Poll::Ready(Err(TaskExit::AlreadyAwaited));
        }
        let polled = match this.poll_result(task) {
            Poll::Pending => this.patience.poll_over(task).map(|()| {
                this.give_up();
                Err(TaskExit::Timeout)
            }),
            ready => ready,
        };
        if polled.is_ready() {
            this.patience.renew();
        }
        polled
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.stage {
            Stage::Completed(_) => "completed",
            Stage::Running(_) | Stage::Ending(_) => "running",
            Stage::NotStarted(_) => "not started",
            Stage::Over => "over",
        };
        let pid = self.pid();
        let mut task = f.debug_struct("Task");
        task.field("pid", &pid).field("owner", &self.owner).field("stage", &stage).finish()
    }
}

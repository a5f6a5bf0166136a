//! Starting processes.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::message::Target;
use crate::name::Name;
use crate::node::Node;
use crate::panic;
use crate::pid::Pid;
use crate::process::block::{Block, Head, Kind, ProcessRef, with_control};
use crate::process::control::{Control, Watched, Watcher};
use crate::process::handoff::Driver;
use crate::process::lineage::{self, Lineage};
use crate::process::signal;
use crate::process::task::ProcessTask;
use crate::process::{MonitorRef, RegisterError, current};
use crate::reason::ExitReason;
use crate::seam;
use crate::sync::Arc;

/// The request type of a process that has no requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Never {}

/// Starts a process that runs `future`, and returns its pid at once.
///
/// The process is neither linked nor monitored. It ends with `Normal` when the future is ready,
/// whatever its output is.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `spawn/1`.
#[track_caller]
pub fn spawn<F>(future: F) -> Pid
where
    F: Future + Send + 'static,
{
    SpawnOptions::new().spawn(future)
}

/// As [`spawn`], with a link to the running process that exists before the new process runs.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `spawn_link/1`.
#[track_caller]
pub fn spawn_link<F>(future: F) -> Pid
where
    F: Future + Send + 'static,
{
    SpawnOptions::new().link().spawn(future)
}

/// As [`spawn`], with a monitor that exists before the new process runs.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `spawn_monitor/1`.
#[track_caller]
pub fn spawn_monitor<F>(future: F) -> (Pid, MonitorRef)
where
    F: Future + Send + 'static,
{
    let watching = current::expect("spawn_monitor");
    let node = Arc::clone(&watching.head().node);
    let process: ProcessRef = create::<Never>(&node, Kind::Plain, false);
    let pid = process.head().pid;
    let monitor = MonitorRef::new(watching.head().pid);
    let watched = Watched { pid: Some(pid), tag: None };
    with_control(&*watching, |control, _| control.rare().monitors.insert(monitor, watched));
    let watcher = Watcher { pid: watching.head().pid, target: Target::Pid(pid) };
    signal::watch(&*process, monitor, watcher);
    run(process, Plain { future });
    (pid, monitor)
}

/// How a process is to be started.
///
/// ```
/// use otp_core::process::{self, SpawnOptions};
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// let pid = SpawnOptions::new().name("sleeper").spawn(std::future::pending::<()>());
/// assert_eq!(process::whereis("sleeper"), Some(pid));
/// process::send_exit(pid, otp_core::ExitReason::Kill);
/// # process::join(pid).await;
/// # }) }
/// ```
///
/// Elixir: `spawn_opt`.
#[derive(Clone, Debug, Default)]
pub struct SpawnOptions {
    link: bool,
    name: Option<Name>,
    label: Option<String>,
    daemon: bool,
    max_queue_len: Option<usize>,
    callers: bool,
}

impl SpawnOptions {
    /// No link, no name, no label.
    pub fn new() -> SpawnOptions {
        SpawnOptions::default()
    }

    /// Links the new process to the running one before it runs.
    pub fn link(mut self) -> SpawnOptions {
        self.link = true;
        self
    }

    /// Registers the new process before it runs.
    pub fn name(mut self, name: impl Into<Name>) -> SpawnOptions {
        self.name = Some(name.into());
        self
    }

    /// Describes the process in reports.
    pub fn label(mut self, label: impl Into<String>) -> SpawnOptions {
        self.label = Some(label.into());
        self
    }

    /// Says that nobody minds when the process is still there at the end of a test.
    pub fn daemon(mut self) -> SpawnOptions {
        self.daemon = true;
        self
    }

    /// Kills the process when more than this many messages wait for it. Without it there is no
    /// limit, as in OTP.
    ///
    /// The reason is [`ExitReason::Killed`], and nothing that the process does can prevent it: the
    /// option is for processes that are better dead than hours behind.
    ///
    /// Elixir: `spawn_opt` with `max_heap_size:`.
    pub fn max_queue_len(mut self, limit: usize) -> SpawnOptions {
        self.max_queue_len = Some(limit);
        self
    }

    /// Makes the running process and its own callers the [`callers`](crate::callers) of the new
    /// one.
    ///
    /// Nothing else of a process's surroundings is inherited.
    ///
    /// Elixir: what `Task.async/1` does with `$callers`.
    pub fn inherit_callers(mut self) -> SpawnOptions {
        self.callers = true;
        self
    }

    /// Starts the process.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime; with [`SpawnOptions::link`] outside a process; and when the name is
    /// taken, which [`SpawnOptions::try_spawn`] returns instead.
    #[track_caller]
    pub fn spawn<F>(self, future: F) -> Pid
    where
        F: Future + Send + 'static,
    {
        match self.try_spawn(future) {
            Ok(pid) => pid,
            Err(error) => panic!("the process could not be named: {error}"),
        }
    }

    /// Starts the process, unless its name is taken.
    ///
    /// # Errors
    ///
    /// [`RegisterError::Taken`]; the future is dropped without having run.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime; with [`SpawnOptions::link`] outside a process.
    #[track_caller]
    pub fn try_spawn<F>(self, future: F) -> Result<Pid, RegisterError>
    where
        F: Future + Send + 'static,
    {
        let parent = if self.link { Some(current::expect("spawn_link")) } else { None };
        let process: ProcessRef = create::<Never>(&Node::expect_current(), Kind::Plain, false);
        if let Some(name) = self.name {
            if let Err(error) = signal::register(&process, name) {
                abandon(process);
                return Err(error);
            }
        }
        if let Some(label) = self.label {
            with_control(&*process, |control, _| control.rare().label = Some(label));
        }
        if let Some(limit) = self.max_queue_len {
            with_control(&*process, |control, _| control.rare().max_queue_len = Some(limit));
        }
        if self.callers {
            lineage::set_callers(&*process, lineage::callers_of_started());
        }
        if self.daemon {
            process.head().set_daemon();
        }
        if let Some(parent) = parent {
            link_new(&*parent, &process);
        }
        let pid = process.head().pid;
        run(process, Plain { future });
        Ok(pid)
    }
}

/// Makes a process that does not run yet.
pub(crate) fn create<M: Send + 'static>(
    node: &Arc<Node>,
    kind: Kind,
    trap_exit: bool,
) -> Arc<Block<M>> {
    let lineage = current::get().map(|parent| Lineage::below(&*parent));
    create_below(node, lineage, kind, trap_exit)
}

/// As [`create`], with ancestors that need not be those of the running process.
pub(crate) fn create_below<M: Send + 'static>(
    node: &Arc<Node>,
    lineage: Option<Arc<Lineage>>,
    kind: Kind,
    trap_exit: bool,
) -> Arc<Block<M>> {
    panic::install_hook();
    node.table.insert(|pid| {
        let head = Head::new(pid, lineage, Arc::clone(node), kind);
        Arc::new(Block::new(head, Control::new(trap_exit)))
    })
}

/// Links a process that does not run yet to the one that starts it.
pub(crate) fn link_new(parent: &dyn crate::process::block::Process, child: &ProcessRef) {
    let (parent_pid, child_pid) = (parent.head().pid, child.head().pid);
    let keeps_order = matches!(parent.head().kind, Kind::Root | Kind::Master);
    if keeps_order {
        forget_ended(parent);
    }
    with_control(parent, |control, _| {
        control.rare().links.insert(child_pid);
        if keeps_order {
            control.rare().started.push(child_pid);
        }
    });
    with_control(&**child, |control, _| control.rare().links.insert(parent_pid));
    child.head().set_linked();
}

/// Forgets what a root has started and what has ended since, whenever the list would have to grow:
/// a program may start any number of short tasks.
fn forget_ended(root: &dyn crate::process::block::Process) {
    let full = with_control(root, |control, _| {
        let started = &mut control.rare().started;
        (started.len() >= 64 && started.len() == started.capacity())
            .then(|| std::mem::take(started))
    });
    let Some(mut started) = full else { return };
    started.retain(|pid| signal::find(&root.head().node, *pid).is_some());
    started.reserve(started.len().max(64));
    with_control(root, |control, _| {
        let meanwhile = std::mem::replace(&mut control.rare().started, started);
        control.rare().started.extend(meanwhile);
    });
}

/// Starts a process's task.
pub(crate) fn run<F>(process: ProcessRef, body: F)
where
    F: Future<Output = ExitReason> + Send + 'static,
{
    let node = Arc::clone(&process.head().node);
    process.head().set_future_size(size_of::<ProcessTask<F>>());
    seam::spawn(&node, ProcessTask::new(process, body));
}

/// Starts the task of a server that its callers may run.
pub(crate) fn run_shared<F>(process: ProcessRef, body: F)
where
    F: Future<Output = ExitReason> + Send + 'static,
{
    let node = Arc::clone(&process.head().node);
    process.head().set_future_size(size_of::<ProcessTask<F>>());
    let future = Box::pin(ProcessTask::new(ProcessRef::clone(&process), body));
    if let Some(place) = process.body() {
        place.fill(future);
    }
    seam::spawn(&node, Driver::new(process));
}

/// Takes a process that never ran out of the table again.
pub(crate) fn abandon(process: ProcessRef) {
    signal::close(&*process, ExitReason::Normal);
    signal::announce(&process);
}

pin_project! {
    /// A future as the body of a process: its output is dropped, the reason is normal.
    pub(crate) struct Plain<F> {
        #[pin]
        pub(crate) future: F,
    }
}

impl<F: Future> Future for Plain<F> {
    type Output = ExitReason;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<ExitReason> {
        self.project().future.poll(cx).map(|_| ExitReason::Normal)
    }
}

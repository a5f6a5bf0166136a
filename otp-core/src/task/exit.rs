//! What became of a task that has no result.

use std::fmt;

use crate::pid::Pid;
use crate::process::MonitorRef;
use crate::reason::ExitReason;
use crate::supervisor::ChildError;
use crate::task::work::refusal;

/// Why a task gave no result.
///
/// It becomes an [`ExitReason`] with `into()`, for a process that cannot go on without the result:
/// `process::exit(error.into())`, or [`Task::or_exit`](crate::Task::or_exit).
///
/// Elixir: the reason with which `Task.await/2` exits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskExit {
    /// The task ended without a result, with this reason. The task is at fault, or was told to end.
    Exited(ExitReason),
    /// No result came in time. The task runs on; a result that comes later vanishes.
    Timeout,
    /// The task belongs to another process. Have that one wait, or start a task here.
    NotOwner {
        /// Whose task it is.
        owner: Pid,
    },
    /// The task has given its result before, and this wait had no limit. Keep the result.
    AlreadyAwaited,
    /// The task supervisor did not start the task, or does not run. The future is dropped.
    NotStarted(ChildError),
}

impl TaskExit {
    /// What the end of a task's process means.
    pub(super) fn of(reason: ExitReason) -> TaskExit {
        match refusal(&reason) {
            Some(error) => TaskExit::NotStarted(error.clone()),
            None => TaskExit::Exited(reason),
        }
    }
}

impl fmt::Display for TaskExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskExit::Exited(reason) => write!(f, "the task ended without a result: {reason}"),
            TaskExit::Timeout => f.write_str("the task did not finish in time"),
            TaskExit::NotOwner { owner } => write!(f, "the task belongs to {owner}"),
            TaskExit::AlreadyAwaited => f.write_str("the task has given its result before"),
            TaskExit::NotStarted(error) => write!(f, "the task was not started: {error}"),
        }
    }
}

impl std::error::Error for TaskExit {}

impl From<TaskExit> for ExitReason {
    /// A task that was shut down takes its owner down cleanly. Anything else is a fault of the
    /// owner, even a normal end, as in OTP.
    fn from(error: TaskExit) -> ExitReason {
        match &error {
            TaskExit::Exited(ExitReason::Shutdown) => ExitReason::shutdown_with(error),
            _ => ExitReason::error(error),
        }
    }
}

/// A task that was started by [`TaskSupervisorRef::start_nolink`] is over: the message that its
/// owner gets, exactly one for each task.
///
/// [`TaskSupervisorRef::start_nolink`]: crate::TaskSupervisorRef::start_nolink
///
/// Elixir: the messages `{ref, result}` and `{:DOWN, ref, ..}` of `Task.Supervisor.async_nolink/2`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskDone<T> {
    /// What the start returned.
    pub monitor: MonitorRef,
    /// The result, or why there is none. For a start that was refused it is
    /// [`ExitReason::Error`] with the [`ChildError`].
    pub result: Result<T, ExitReason>,
}

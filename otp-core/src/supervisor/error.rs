//! What can go wrong with a supervisor's children.

use std::fmt;

use crate::gen_server::{CallError, StartError};
use crate::pid::Pid;
use crate::reason::ExitReason;

/// Why a supervisor did not do what it was asked to do with a child.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChildError {
    /// It has no child with this id.
    NotFound,
    /// The child runs. Terminate it first.
    Running,
    /// The child is being restarted.
    Restarting,
    /// A child with this id runs already, as this process.
    AlreadyStarted(Pid),
    /// A child with this id is there, but does not run. Restart or delete it.
    AlreadyPresent,
    /// The child could not be started. Nothing of it is kept.
    Start(StartError),
    /// A dynamic supervisor has as many children as it may have.
    MaxChildren,
    /// The spec contradicts the supervisor's options. The text says how.
    Invalid(String),
    /// The supervisor could not be asked.
    Call(CallError),
}

impl fmt::Display for ChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChildError::NotFound => f.write_str("the supervisor has no such child"),
            ChildError::Running => f.write_str("the child is running"),
            ChildError::Restarting => f.write_str("the child is being restarted"),
            ChildError::AlreadyStarted(pid) => write!(f, "the child runs already as {pid}"),
            ChildError::AlreadyPresent => f.write_str("the child is there, but does not run"),
            ChildError::Start(error) => write!(f, "the child could not be started: {error}"),
            ChildError::MaxChildren => {
                f.write_str("the supervisor has all the children it may have")
            }
            ChildError::Invalid(fault) => f.write_str(fault),
            ChildError::Call(error) => write!(f, "the supervisor could not be asked: {error}"),
        }
    }
}

impl std::error::Error for ChildError {}

impl From<CallError> for ChildError {
    fn from(error: CallError) -> ChildError {
        ChildError::Call(error)
    }
}

/// Inside the exit reason of a supervisor whose start failed: which child it was, and why.
///
/// ```
/// # use otp_core::{ExitReason, FailedToStart};
/// fn culprit(reason: &ExitReason) -> Option<&str> {
///     match reason {
///         ExitReason::ShutdownWith(term) => {
///             term.downcast_ref::<FailedToStart>().map(|failed| failed.child.as_str())
///         }
///         _ => None,
///     }
/// }
/// # culprit(&ExitReason::Normal);
/// ```
///
/// Elixir: `{:shutdown, {:failed_to_start_child, id, reason}}`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedToStart {
    /// The supervisor's name or pid.
    pub supervisor: String,
    /// The child's id.
    pub child: String,
    /// Why it did not start.
    pub error: StartError,
}

impl FailedToStart {
    /// The path of ids from the supervisor to the child that is really at fault, through nested
    /// supervisors.
    pub fn path(&self) -> String {
        match &self.error {
            StartError::Exit(ExitReason::ShutdownWith(term)) => {
                match term.downcast_ref::<FailedToStart>() {
                    Some(inner) => format!("{}.{}", self.child, inner.path()),
                    None => self.child.clone(),
                }
            }
            _ => self.child.clone(),
        }
    }

    fn cause(&self) -> &StartError {
        match &self.error {
            StartError::Exit(ExitReason::ShutdownWith(term)) => {
                term.downcast_ref::<FailedToStart>().map_or(&self.error, FailedToStart::cause)
            }
            _ => &self.error,
        }
    }
}

impl fmt::Debug for FailedToStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "child `{}.{}` failed to start: {}", self.supervisor, self.path(), self.cause())
    }
}

//! What can go wrong with applications.

use std::error::Error;
use std::fmt;

use crate::gen_server::StartError;
use crate::reason::ExitReason;
use crate::supervisor::FailedToStart;

/// Why an application could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadAppError {
    /// It is loaded already.
    #[non_exhaustive]
    AlreadyLoaded {
        /// Its name.
        application: String,
    },
    /// An application of another type is loaded under this name. Rename one of the two.
    #[non_exhaustive]
    NameTaken {
        /// The name.
        application: String,
    },
    /// `spec` panicked.
    Spec(ExitReason),
    /// The defaults of its environment cannot stand in a configuration.
    #[cfg(feature = "config")]
    Env(crate::env::PutError),
}

impl fmt::Display for LoadAppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadAppError::AlreadyLoaded { application } => {
                write!(f, "the application `{application}` is loaded already")
            }
            LoadAppError::NameTaken { application } => {
                write!(f, "two applications of different types are called `{application}`")
            }
            LoadAppError::Spec(reason) => write!(f, "an application's spec failed: {reason}"),
            #[cfg(feature = "config")]
            LoadAppError::Env(error) => write!(f, "an application's defaults: {error}"),
        }
    }
}

impl Error for LoadAppError {}

/// Why an application could not be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnloadAppError {
    /// No application with this name is loaded.
    #[non_exhaustive]
    NotLoaded {
        /// The name.
        application: String,
    },
    /// It runs. Stop it first.
    #[non_exhaustive]
    Running {
        /// Its name.
        application: String,
    },
}

impl fmt::Display for UnloadAppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnloadAppError::NotLoaded { application } => {
                write!(f, "no application is called `{application}`")
            }
            UnloadAppError::Running { application } => {
                write!(f, "the application `{application}` is running")
            }
        }
    }
}

impl Error for UnloadAppError {}

/// Why an application was not started.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartAppError {
    /// It, or something that it needs, could not be loaded.
    Load(LoadAppError),
    /// No application with this name is loaded.
    #[non_exhaustive]
    NotLoaded {
        /// The name.
        application: String,
        /// The application that needs it, if it was not asked for itself.
        needed_by: Option<String>,
    },
    /// Something that it needs is not running. Start that first, or all of them with
    /// [`Applications::ensure_all_started`](crate::Applications::ensure_all_started).
    #[non_exhaustive]
    NotStarted {
        /// What was to be started.
        application: String,
        /// What does not run.
        dependency: String,
    },
    /// It is running.
    #[non_exhaustive]
    AlreadyStarted {
        /// Its name.
        application: String,
    },
    /// Its start callback returned an error, panicked or exited.
    #[non_exhaustive]
    Failed {
        /// Its name.
        application: String,
        /// Why. A tree that did not start is
        /// [`ExitReason::ShutdownWith`](crate::ExitReason::ShutdownWith) with a
        /// [`FailedToStart`](crate::FailedToStart); an error of any other type is
        /// [`ExitReason::Error`](crate::ExitReason::Error) with a [`StartFailure`].
        reason: ExitReason,
    },
    /// Applications need each other in a circle, or wait for each other in their callbacks.
    #[non_exhaustive]
    Cycle {
        /// The circle; the first name is also the last one.
        path: Vec<String>,
    },
    /// All applications are being stopped.
    #[non_exhaustive]
    ShuttingDown {
        /// What was to be started.
        application: String,
    },
}

impl StartAppError {
    /// The path of ids from the top supervisor to the child that did not start, if that was it.
    pub fn path(&self) -> Option<String> {
        let StartAppError::Failed { reason, .. } = self else { return None };
        failed_child(reason).map(|failed| format!("{}.{}", failed.supervisor, failed.path()))
    }
}

fn failed_child(reason: &ExitReason) -> Option<&FailedToStart> {
    match reason {
        ExitReason::ShutdownWith(term) => term.downcast_ref(),
        _ => None,
    }
}

impl fmt::Display for StartAppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartAppError::Load(error) => fmt::Display::fmt(error, f),
            StartAppError::NotLoaded { application, needed_by: Some(by) } => {
                write!(f, "no application is called `{application}`, which `{by}` needs")
            }
            StartAppError::NotLoaded { application, needed_by: None } => {
                write!(f, "no application is called `{application}`")
            }
            StartAppError::NotStarted { application, dependency } => write!(
                f,
                "the application `{application}` needs `{dependency}`, which is not running"
            ),
            StartAppError::AlreadyStarted { application } => {
                write!(f, "the application `{application}` is running already")
            }
            StartAppError::Failed { application, reason } => {
                write!(f, "the application `{application}` did not start: ")?;
                write_reason(f, reason)
            }
            StartAppError::Cycle { path } => write_cycle(f, path),
            StartAppError::ShuttingDown { application } => write!(
                f,
                "the application `{application}` was not started, as all of them are being stopped"
            ),
        }
    }
}

/// A reason in the words of the error that it comes from.
pub(super) fn write_reason(f: &mut fmt::Formatter<'_>, reason: &ExitReason) -> fmt::Result {
    if let Some(failed) = failed_child(reason) {
        return write!(f, "{failed:?}");
    }
    match reason {
        ExitReason::Error(term) => match term.downcast_ref::<StartError>() {
            Some(error) => fmt::Display::fmt(error, f),
            None => fmt::Display::fmt(reason, f),
        },
        _ => fmt::Display::fmt(reason, f),
    }
}

fn write_cycle(f: &mut fmt::Formatter<'_>, path: &[String]) -> fmt::Result {
    write!(f, "applications wait for each other in a circle: {}", path.join(" -> "))
}

impl Error for StartAppError {}

impl From<LoadAppError> for StartAppError {
    fn from(error: LoadAppError) -> StartAppError {
        StartAppError::Load(error)
    }
}

/// Why an application was not stopped, or not as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopAppError {
    /// It is not running.
    #[non_exhaustive]
    NotStarted {
        /// Its name.
        application: String,
    },
    /// It is stopped, but `prep_stop` or `stop` panicked or exited.
    #[non_exhaustive]
    CallbackFailed {
        /// Its name.
        application: String,
        /// Why.
        reason: ExitReason,
    },
    /// Applications wait for each other in their callbacks, or one for itself.
    #[non_exhaustive]
    Cycle {
        /// The circle; the first name is also the last one.
        path: Vec<String>,
    },
}

impl fmt::Display for StopAppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StopAppError::NotStarted { application } => {
                write!(f, "the application `{application}` is not running")
            }
            StopAppError::CallbackFailed { application, reason } => write!(
                f,
                "the application `{application}` is stopped, but a stop callback failed: {reason}"
            ),
            StopAppError::Cycle { path } => write_cycle(f, path),
        }
    }
}

impl Error for StopAppError {}

/// Inside the exit reason of a failed start: the error that the start callback returned.
///
/// It prints the error and its sources in one line. Errors that are exit reasons themselves are not
/// wrapped.
pub struct StartFailure(Box<dyn Error + Send + Sync>);

impl StartFailure {
    /// The error as the callback returned it.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }
}

impl fmt::Debug for StartFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

/// The exit reason for what a start callback returned.
pub(super) fn reason_of(error: Box<dyn Error + Send + Sync>) -> ExitReason {
    let error = match error.downcast::<StartError>() {
        Ok(start) => return ExitReason::from(*start),
        Err(error) => error,
    };
    match error.downcast::<ExitReason>() {
        Ok(reason) => *reason,
        Err(error) => ExitReason::error(StartFailure(error)),
    }
}

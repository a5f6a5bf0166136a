//! Why a process ended.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

/// Why a process ended, or what an exit signal says.
///
/// Reasons are plain values: they can be cloned cheaply, compared and printed, and they travel
/// unchanged over links and monitors.
///
/// ```
/// use otp_core::ExitReason;
///
/// let reason = ExitReason::error("no disk");
/// assert_eq!(reason, ExitReason::error("no disk"));
/// assert_eq!(reason.to_string(), "no disk");
/// assert!(!reason.is_normal());
/// ```
///
/// Elixir: the exit reason, `:normal`, `:shutdown`, `{:shutdown, term}`, any other term.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExitReason {
    /// The process did what it had to do. Over a link it harms nobody.
    Normal,
    /// The process was asked to stop, as a supervisor does. Not reported as a crash.
    Shutdown,
    /// As `Shutdown`, with a value that says more.
    ShutdownWith(Term),
    /// What an untrappable exit signal says; the process that it ends is seen as `Killed`.
    Kill,
    /// The process was ended by an untrappable exit signal.
    Killed,
    /// There was no such process.
    NoProc,
    /// The process's node cannot be reached.
    NoConnection,
    /// Something did not happen in time.
    Timeout,
    /// The process panicked.
    Crash(Crash),
    /// Any other reason, usually a domain error.
    Error(Term),
}

impl ExitReason {
    /// A reason from any printable value, for example a domain error.
    ///
    /// A value that is an `ExitReason` already is returned as it is.
    pub fn error<T: fmt::Debug + Send + Sync + 'static>(value: T) -> ExitReason {
        if let Some(reason) = (&value as &dyn Any).downcast_ref::<ExitReason>() {
            return reason.clone();
        }
        ExitReason::Error(Term::new(value))
    }

    /// A clean shutdown that carries a value.
    pub fn shutdown_with<T: fmt::Debug + Send + Sync + 'static>(value: T) -> ExitReason {
        ExitReason::ShutdownWith(Term::new(value))
    }

    /// Whether this is the clean end of a process: normal, shutdown, or shutdown with a value.
    ///
    /// Such an end is not reported as a crash, and does not bring back a transient child.
    pub fn is_normal(&self) -> bool {
        matches!(self, ExitReason::Normal | ExitReason::Shutdown | ExitReason::ShutdownWith(_))
    }

    /// Whether the process panicked.
    ///
    /// `terminate` sees the state as the panicking handler left it, which may be half changed.
    pub fn is_crash(&self) -> bool {
        matches!(self, ExitReason::Crash(_))
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitReason::Normal => f.write_str("normal"),
            ExitReason::Shutdown => f.write_str("shutdown"),
            ExitReason::ShutdownWith(term) => write!(f, "shutdown: {term}"),
            ExitReason::Kill => f.write_str("kill"),
            ExitReason::Killed => f.write_str("killed"),
            ExitReason::NoProc => f.write_str("no process"),
            ExitReason::NoConnection => f.write_str("no connection"),
            ExitReason::Timeout => f.write_str("timeout"),
            ExitReason::Crash(crash) => write!(f, "{crash}"),
            ExitReason::Error(term) => write!(f, "{term}"),
        }
    }
}

impl std::error::Error for ExitReason {}

/// A value of any type inside an exit reason.
///
/// Two terms are equal when they hold values of the same type that print the same with `{:?}`.
///
/// ```
/// use otp_core::{ExitReason, Term};
///
/// let term = Term::new(404_u16);
/// assert_eq!(term.downcast_ref::<u16>(), Some(&404));
/// assert_ne!(term, Term::new(404_u32));
/// ```
#[derive(Clone)]
pub struct Term(Arc<dyn Value>);

trait Value: Any + fmt::Debug + Send + Sync {
    fn as_any(&self) -> &dyn Any;
}

impl<T: fmt::Debug + Send + Sync + 'static> Value for T {
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Term {
    /// Shares `value`.
    pub fn new<T: fmt::Debug + Send + Sync + 'static>(value: T) -> Term {
        Term(Arc::new(value))
    }

    /// The value, if it is a `T`.
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        (*self.0).as_any().downcast_ref()
    }

    fn value_type(&self) -> TypeId {
        (*self.0).as_any().type_id()
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Term) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.value_type() == other.value_type()
                && format!("{self:?}") == format!("{other:?}"))
    }
}

impl Eq for Term {}

impl fmt::Debug for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Term {
    /// Texts print as they are, everything else as with `{:?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(text) = self.downcast_ref::<&str>() {
            f.write_str(text)
        } else if let Some(text) = self.downcast_ref::<String>() {
            f.write_str(text)
        } else {
            self.0.fmt(f)
        }
    }
}

/// A panic: what it said and where.
///
/// Two crashes are equal when message and place are.
#[derive(Clone, PartialEq, Eq)]
pub struct Crash(Arc<CrashParts>);

#[derive(PartialEq, Eq)]
struct CrashParts {
    message: String,
    location: Option<String>,
}

impl Crash {
    pub(crate) fn new(message: String, location: Option<String>) -> Crash {
        Crash(Arc::new(CrashParts { message, location }))
    }

    /// The panic's message.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// `file:line:column` of the panic, where known.
    pub fn location(&self) -> Option<&str> {
        self.0.location.as_deref()
    }
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.location {
            Some(location) => write!(f, "panicked at {location}: {}", self.0.message),
            None => write!(f, "panicked: {}", self.0.message),
        }
    }
}

impl fmt::Debug for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crash({self})")
    }
}

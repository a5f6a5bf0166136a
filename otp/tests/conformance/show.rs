//! How values are written in a trace.
//!
//! | value | written |
//! |---|---|
//! | `&'static str`, which stands for an atom | bare: `noproc` |
//! | `String` | `"text"` |
//! | `()` | `ok` |
//! | numbers, `bool` | `42`, `true` |
//! | `None`; `Some(v)` | `none`; `v` |
//! | a pid | `<name>` |
//! | a monitor, a timer | `<ref>` |
//! | tuples, lists, maps | `(a,b)`, `[a,b]`, `{k=v,k=v}` |
//! | `Ok(v)`, `Err(e)` | `(ok,v)`, `(error,e)` |
//! | `ShutdownWith(v)` | `shutdown:v` |
//! | a panic with message m | `crash("m")` |
//! | a failed call or stop | `failed_call(r)` |

use std::collections::BTreeMap;

use otp::{
    CallError, Down, Exit, ExitReason, FailedToStart, Message, MonitorRef, Name, NoProc, Pid,
    ServerRef, StartError, StopError, Target, Term, Timeout,
};

use super::trace::n;

/// A value that can stand in a trace.
pub trait Show {
    /// The value as the trace has it.
    fn show(&self) -> String;
}

/// Writes a value.
pub fn f<T: Show + ?Sized>(value: &T) -> String {
    value.show()
}

macro_rules! show_as_displayed {
    ($($type:ty),*) => {$(
        impl Show for $type {
            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

show_as_displayed!(bool, i32, i64, u8, u16, u32, u64, usize, &'static str, Name);

macro_rules! show_as_reference {
    ($($type:ty),*) => {$(
        impl Show for $type {
            fn show(&self) -> String {
                "<ref>".to_owned()
            }
        }
    )*};
}

show_as_reference!(MonitorRef, otp::TimerRef);

impl Show for () {
    fn show(&self) -> String {
        "ok".to_owned()
    }
}

impl Show for String {
    fn show(&self) -> String {
        format!("\"{self}\"")
    }
}

impl Show for Pid {
    fn show(&self) -> String {
        format!("<{}>", n(*self))
    }
}

impl<S: otp::GenServer> Show for ServerRef<S> {
    fn show(&self) -> String {
        self.pid().show()
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "none".to_owned(), f)
    }
}

impl<T: Show, E: Show> Show for Result<T, E> {
    fn show(&self) -> String {
        match self {
            Ok(value) => format!("(ok,{})", f(value)),
            Err(error) => format!("(error,{})", f(error)),
        }
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self) -> String {
        let items: Vec<String> = self.iter().map(f).collect();
        format!("[{}]", items.join(","))
    }
}

impl<K: Show, V: Show> Show for BTreeMap<K, V> {
    fn show(&self) -> String {
        let items: Vec<String> = self.iter().map(|(k, v)| format!("{}={}", f(k), f(v))).collect();
        format!("{{{}}}", items.join(","))
    }
}

impl<A: Show, B: Show> Show for (A, B) {
    fn show(&self) -> String {
        format!("({},{})", f(&self.0), f(&self.1))
    }
}

impl<A: Show, B: Show, C: Show> Show for (A, B, C) {
    fn show(&self) -> String {
        format!("({},{},{})", f(&self.0), f(&self.1), f(&self.2))
    }
}

impl Show for ExitReason {
    fn show(&self) -> String {
        match self {
            ExitReason::Normal => "normal".to_owned(),
            ExitReason::Shutdown => "shutdown".to_owned(),
            ExitReason::ShutdownWith(term) if term.downcast_ref::<CallError>().is_some() => f(term),
            ExitReason::ShutdownWith(term) => format!("shutdown:{}", f(term)),
            ExitReason::Kill => "kill".to_owned(),
            ExitReason::Killed => "killed".to_owned(),
            ExitReason::NoProc => "noproc".to_owned(),
            ExitReason::NoConnection => "noconnection".to_owned(),
            ExitReason::Timeout => "timeout".to_owned(),
            ExitReason::Crash(crash) => format!("crash(\"{}\")", crash.message()),
            ExitReason::Error(term) => f(term),
            other => format!("{other:?}"),
        }
    }
}

/// Writes a value of unknown type if it is one of these types.
macro_rules! show_any {
    ($value:expr, $($type:ty),*) => {
        None$(.or_else(|| $value.downcast_ref::<$type>().map(f)))*
    };
}

impl Show for Term {
    fn show(&self) -> String {
        let known = show_any!(
            self,
            &'static str,
            String,
            bool,
            i32,
            i64,
            u32,
            u64,
            usize,
            (),
            Pid,
            CallError,
            StartError,
            StopError,
            FailedToStart,
            NoProc,
            (&'static str, &'static str),
            (&'static str, i32),
            (&'static str, ExitReason)
        );
        known.unwrap_or_else(|| format!("{self:?}"))
    }
}

impl Show for Message {
    fn show(&self) -> String {
        let known = show_any!(
            self,
            Exit,
            Down,
            Timeout,
            &'static str,
            String,
            bool,
            i32,
            i64,
            u32,
            u64,
            usize,
            (),
            Pid,
            (&'static str, &'static str),
            (&'static str, String),
            (&'static str, i32),
            (&'static str, Pid)
        );
        known.unwrap_or_else(|| format!("{self:?}"))
    }
}

impl Show for Exit {
    fn show(&self) -> String {
        format!("EXIT from {} {}", n(self.from), f(&self.reason))
    }
}

impl Show for Down {
    fn show(&self) -> String {
        format!("DOWN {} {}", f(&self.target), f(&self.reason))
    }
}

impl Show for Target {
    fn show(&self) -> String {
        match self {
            Target::Pid(pid) => n(*pid),
            Target::Name(name) => f(name),
            other => format!("{other:?}"),
        }
    }
}

impl Show for Timeout {
    fn show(&self) -> String {
        "timeout".to_owned()
    }
}

impl Show for NoProc {
    fn show(&self) -> String {
        "noproc".to_owned()
    }
}

impl Show for CallError {
    fn show(&self) -> String {
        let reason = match self {
            CallError::Exited(reason) => f(reason),
            CallError::NoProc => "noproc".to_owned(),
            CallError::Timeout => "timeout".to_owned(),
            CallError::CallingSelf => "calling_self".to_owned(),
            CallError::NoReply => "no_reply".to_owned(),
            CallError::Overload => "overload".to_owned(),
            CallError::NoConnection => "noconnection".to_owned(),
            other => format!("{other:?}"),
        };
        format!("failed_call({reason})")
    }
}

impl Show for StopError {
    fn show(&self) -> String {
        let reason = match self {
            StopError::Exited(reason) => f(reason),
            StopError::NoProc => "noproc".to_owned(),
            StopError::Timeout => "timeout".to_owned(),
            StopError::CallingSelf => "calling_self".to_owned(),
            other => format!("{other:?}"),
        };
        format!("failed_call({reason})")
    }
}

impl Show for StartError {
    fn show(&self) -> String {
        match self {
            StartError::AlreadyStarted(pid) => format!("(already_started,{})", f(pid)),
            StartError::Ignore => "ignore".to_owned(),
            StartError::Timeout => "timeout".to_owned(),
            StartError::Exit(reason) => f(reason),
            other => format!("{other:?}"),
        }
    }
}

impl Show for FailedToStart {
    fn show(&self) -> String {
        format!("(failed_to_start_child,{},{})", self.child, f(&self.error))
    }
}

/// What an operation came to: `ok V`, `exit R` or `raise E`.
pub trait Outcome {
    /// The outcome as the trace has it.
    fn outcome(&self) -> String;
}

impl<T: Show> Outcome for Result<T, CallError> {
    fn outcome(&self) -> String {
        self.as_ref().map_or_else(|e| format!("exit {}", f(e)), |v| format!("ok {}", f(v)))
    }
}

impl<T: Show> Outcome for Result<T, StopError> {
    fn outcome(&self) -> String {
        self.as_ref().map_or_else(|e| format!("exit {}", f(e)), |v| format!("ok {}", f(v)))
    }
}

impl<T: Show> Outcome for Result<T, StartError> {
    fn outcome(&self) -> String {
        match self {
            Err(StartError::Ignore) => "ok ignore".to_owned(),
            other => format!("ok {}", f(other)),
        }
    }
}

/// An operation that only returns a value.
pub struct Value<T>(pub T);

impl<T: Show> Outcome for Value<T> {
    fn outcome(&self) -> String {
        format!("ok {}", f(&self.0))
    }
}

/// An operation that is refused with a usage error of this kind.
pub struct Raised(pub &'static str);

impl Outcome for Raised {
    fn outcome(&self) -> String {
        format!("raise exception({})", self.0)
    }
}

//! The process core of `otp`: processes with links, monitors and exit signals, servers and
//! supervisors, over tokio.
//!
//! This crate knows no macro. The crate `otp` adds `#[gen_server]`, `supervisor!` and their
//! like, which only write what can be written by hand with the items here.

mod agent;
mod child_spec;
#[cfg(feature = "config")]
pub mod config;
mod deadlock;
mod entry;
#[cfg(feature = "config")]
pub mod env;
mod gen_server;
mod message;
#[cfg(feature = "metrics")]
pub mod metrics;
mod name;
mod node;
mod panic;
mod pid;
#[doc(hidden)]
pub mod private;
pub mod process;
mod reason;
mod report;
mod seam;
mod supervisor;
mod sync;
pub mod sys;
mod table;
mod unique;

pub use agent::{Agent, AgentInit, AgentRequest, AgentServer};
pub use child_spec::{
    Child, ChildId, ChildSettings, ChildSpec, ChildType, FromFn, FromFnWith, Restart, RestartArgs,
    Shutdown, StartFn, Started,
};
#[cfg(feature = "config")]
pub use config::{Config, ConfigError, Sources};
pub use entry::signals::shutdown_signal;
pub use gen_server::{
    Answer, Answered, Call, CallError, CollectionError, Context, Continuation, Done, Full,
    FullCall, GenServer, HandleInfo, Init, InitResult, IntoInit, IntoNoreply, IntoReply, Limit,
    Mailbox, Next, Noreply, NoreplyStep, OrExit, Recipient, Reply, ReplyTo, Request,
    RequestCollection, ServerOptions, ServerRef, Start, StartError, Stop, StopError, Then,
    TryCastError, noreply, reply,
};
pub use message::{Dest, Down, Exit, Message, Tagged, Target, Timeout};
pub use name::Name;
pub use pid::Pid;
pub use process::lineage::{Ancestor, ancestors, callers};
pub use process::spawn::Never;
pub use process::{Alias, AliasMode, MonitorRef, NoProc, RegisterError, TimerRef};
pub use reason::{Crash, ExitReason, Term};
pub use seam::Instant;
pub use supervisor::{
    AnyChild, AsPid, AutoShutdown, ChildCounts, ChildError, ChildInfo, ChildState,
    DynamicSupervisor, DynamicSupervisorRef, FailedToStart, StartDynamicSupervisor,
    StartSupervisor, Strategy, Supervisor, SupervisorModule, SupervisorRef, Tree, TreeNode,
};

/// What tests need beside `#[otp::test]`.
pub mod test {
    pub use crate::entry::test::start_supervised;
}

//! The process core of `otp`: processes with links, monitors and exit signals, servers and
//! supervisors, over tokio.
//!
//! This crate knows no macro. The crate `otp` adds `#[gen_server]`, `supervisor!` and their
//! like, which only write what can be written by hand with the items here.

mod agent;
pub mod application;
mod child_spec;
#[cfg(feature = "config")]
pub mod config;
mod deadlock;
mod entry;
#[cfg(feature = "config")]
pub mod env;
mod gen_server;
pub mod marker;
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
pub mod registry;
mod report;
mod seam;
mod supervisor;
mod sync;
pub mod sys;
mod table;
mod task;
mod unique;

pub use agent::{Agent, AgentInit, AgentRequest, AgentServer};
pub use application::{
    AppInfo, AppSpec, Application, Applications, IntoApplication, LoadAppError, StartAppError,
    StartContext, StartFailure, StartMode, StartType, StopAppError, Terminated, UnloadAppError,
};
pub use child_spec::{
    Child, ChildId, ChildSettings, ChildSpec, ChildType, FromFn, FromFnWith, Named, Restart,
    RestartArgs, Shutdown, StartFn, Started,
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
pub use registry::{Registry, RegistryError, RegistryRef};
pub use seam::Instant;
pub use supervisor::{
    AnyChild, AsPid, AutoShutdown, Backoff, ByHash, ChildCounts, ChildError, ChildInfo, ChildState,
    DynamicSupervisor, DynamicSupervisorModule, DynamicSupervisorRef, FailedToStart,
    PartitionError, PartitionKey, PartitionSupervisor, PartitionSupervisorModule,
    PartitionSupervisorRef, StartDynamicSupervisor, StartPartitionSupervisor, StartSupervisor,
    Strategy, Supervisor, SupervisorFlags, SupervisorModule, SupervisorRef, Tree, TreeNode,
};

pub use task::{
    AwaitMany, StartTaskSupervisor, Task, TaskArgs, TaskChild, TaskDone, TaskExit, TaskFailure,
    TaskStream, TaskSupervisor, TaskSupervisorRef, YieldMany,
};

/// What tests need beside `#[otp::test]`.
pub mod test {
    pub use crate::entry::test::start_supervised;
}

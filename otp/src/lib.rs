//! OTP for Rust: servers, supervision trees and typed clients over tokio.
//!
//! You write a plain struct with plain methods. An attribute makes it a process: it owns its state,
//! handles one message after another, can be called from anywhere, and is started again when it
//! crashes. Those who know Elixir find `GenServer` and `Supervisor` here; all others need only this
//! page.
//!
//! # Example
//!
//! ```
//! use otp::prelude::*;
//!
//! /// A counter that any process can read and bump.
//! pub struct Counter {
//!     value: i64,
//! }
//!
//! #[gen_server(name)]
//! impl Counter {
//!     #[init]
//!     pub fn init(initial: i64) -> Self {
//!         Counter { value: initial }
//!     }
//!
//!     /// Adds one and returns the new value.
//!     #[handle_call]
//!     pub fn increment(&mut self) -> i64 {
//!         self.value += 1;
//!         self.value
//!     }
//!
//!     /// Adds `n` later; the caller does not wait.
//!     #[handle_cast]
//!     pub fn add(&mut self, n: i64) {
//!         self.value += n;
//!     }
//! }
//!
//! #[otp::main]
//! async fn main() -> otp::Result<()> {
//!     let counter = Counter::start_link(0).await?;
//!     counter.add(41);
//!     assert_eq!(counter.increment().await?, 42);
//!     Ok(())
//! }
//! ```
//!
//! The macro makes `start_link` from the parameters of `#[init]`, and a client with one method for
//! each handler: a call returns a future of the answer, a cast returns at once.
//! [`#[gen_server]`](macro@gen_server) lists the attributes and what their functions may return.
//!
//! # How to supervise
//!
//! A supervisor starts its children in order, starts them again when they crash, and stops them in
//! reverse. [`supervisor!`] declares a tree:
//!
//! ```
//! use otp::prelude::*;
//!
//! # pub struct Counter { value: i64 }
//! # #[gen_server(name)]
//! # impl Counter {
//! #     #[init] pub fn init(initial: i64) -> Self { Counter { value: initial } }
//! #     #[handle_call] pub fn get(&self) -> i64 { self.value }
//! #     #[handle_call] pub fn crash(&mut self) { panic!("as asked") }
//! # }
//! supervisor! {
//!     /// Everything the program runs, in start order.
//!     pub AppSup(initial: i64) {
//!         strategy: one_for_one,
//!         children: [Counter(initial)],
//!     }
//! }
//!
//! #[otp::main]
//! async fn main() -> otp::Result<()> {
//!     AppSup::start_link(7).await?;
//!     let counter = Counter::client();
//!     assert!(counter.crash().await.is_err()); // its caller gets the reason
//!     AppSup::client().count_children().await?; // answered behind the restart
//!     assert_eq!(counter.get().await?, 7);
//!     Ok(())
//! }
//! ```
//!
//! `AppSup::tree(7)` draws the tree without starting it, `AppSup::client().live_tree()` what runs.
//! `AppSup::client().child::<Counter>("id")` reaches a child that has no name, also after restarts.
//!
//! # Configuration
//!
//! A struct with [`#[derive(Config)]`](macro@Config) is read from defaults, a TOML file and the
//! environment, and handed to the tree as an argument; see [`config`].
//!
//! ```
//! # #[cfg(feature = "config")] mod example {
//! use otp::prelude::*;
//!
//! # pub struct Counter { value: i64 }
//! # #[gen_server(name)]
//! # impl Counter {
//! #     #[init] pub fn init(initial: i64) -> Self { Counter { value: initial } }
//! # }
//! #[derive(Clone, Config)]
//! pub struct AppConfig {
//!     #[config(env = "APP_INITIAL", default = 7)]
//!     initial: i64,
//! }
//!
//! supervisor! {
//!     pub AppSup(config: AppConfig) {
//!         strategy: one_for_one,
//!         children: [Counter(config.initial)],
//!     }
//! }
//!
//! #[otp::main]
//! async fn main() -> otp::Result<()> {
//!     AppSup::start_link(AppConfig::load()?).await?;
//!     Ok(())
//! }
//! # pub fn run() { let _ = main(); }
//! # }
//! # fn main() { #[cfg(feature = "config")] example::run(); }
//! ```
//!
//! # Names
//!
//! With `#[gen_server(name)]` a server has its type as name, and `Counter::client()` reaches
//! whichever process holds it: a client by name survives restarts, a client that a start returned
//! belongs to that one process. `Counter::start_link(0).name("second")` gives another name, and
//! `Counter::named("second")` its client. A name is free before anybody hears that its holder has
//! ended.
//!
//! # Time-outs
//!
//! A call waits five seconds. `.timeout(duration)` changes that and `.infinity()` waits for good. A
//! call that fails says why with a [`CallError`]; `.or_exit()` ends the calling process instead.
//! A server that wants to hear that nothing has come returns `reply(value).timeout(duration)` and
//! handles [`Timeout`].
//!
//! # Tests
//!
//! Handlers are functions, so most tests need no runtime. `#[otp::test]` is for the others: it has
//! processes and names of its own, and fails when a linked process crashes or when one is left
//! behind.
//!
//! ```
//! # use otp::prelude::*;
//! # pub struct Counter { value: i64 }
//! # #[gen_server(name)]
//! # impl Counter {
//! #     #[init] pub fn init(initial: i64) -> Self { Counter { value: initial } }
//! #     #[handle_call] pub fn increment(&mut self) -> i64 { self.value += 1; self.value }
//! # }
//! fn handlers_are_plain_functions() {
//!     assert_eq!(Counter::init(41).increment(), 42);
//! }
//!
//! #[otp::test]
//! async fn a_counter_counts() {
//!     let counter = otp::test::start_supervised(Counter::child_spec(7)).await;
//!     assert_eq!(counter.increment().or_exit().await, 8);
//! }
//! # fn main() { handlers_are_plain_functions() }
//! ```
//!
//! # In a program that has a main function already
//!
//! Nothing of this needs [`#[otp::main]`](macro@main). Processes run on whatever tokio runtime they
//! are started in, and clients work from plain tasks, too. A plain task is no process, so nothing
//! can be linked to it: there `start_link` starts without a link, and the program stops its tree
//! itself. A thread outside the runtime calls with `.blocking()`.
//!
//! ```
//! # use otp::prelude::*;
//! # pub struct Counter { value: i64 }
//! # #[gen_server(name)]
//! # impl Counter {
//! #     #[init] pub fn init(initial: i64) -> Self { Counter { value: initial } }
//! #     #[handle_call] pub fn get(&self) -> i64 { self.value }
//! # }
//! # supervisor! { pub AppSup { strategy: one_for_one, children: [Counter(7)] } }
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//!     let tree = AppSup::start_link().await?;
//!     let handler = tokio::spawn(async { Counter::client().get().await });
//!     assert_eq!(handler.await??, 7);
//!     tree.stop().await?;
//!     Ok(())
//! }
//! ```
//!
//! # Features
//!
//! - `config`, on by default: [`#[derive(Config)]`](macro@Config) and `otp::env`.
//! - `axum`: `otp::http::HttpServer`, a supervised child that serves a router and drains.
//! - `tower`: `otp::http::HttpError` and `CallErrorLayer`, errors of calls as HTTP responses.
//! - `metrics`: durations of calls, restarts, crashes and mailbox lengths; see `otp::metrics`.
//! - `trace-calls`: a handler runs in a `tracing` span `otp::call` below the span of its caller.
//!
//! # Limits
//!
//! - A handler that computes without awaiting keeps its thread until it is done.
//! - A kill takes effect at the next await point.
//! - Requests, replies and states are `Send + 'static`.
//! - Mailboxes have no limit, as in OTP; [`process::info`] tells their length.
//! - There is no hot code upgrade.
//!
//! # When not to use it
//!
//! A process is for state that several others share, for work that must not fail together, and for
//! what has to come back after a crash. For a computation call a function; for one result that
//! comes later spawn a task; for data that is only read use an `Arc`. A server handles one message
//! at a time, so do not make one out of code that only wants to be tidy.

// The page shows how a test is written; `tests/tutorial_counter.rs` runs the same ones.
#![allow(clippy::test_attr_in_doctest)]

#[cfg(doctest)]
mod doc_tests;

#[cfg(feature = "tower")]
pub mod http;

#[doc(hidden)]
pub use otp_core::private as __private;
pub use otp_core::*;
pub use otp_macros::*;

// Generated code says `::otp::..`, also in this crate's own tests and examples.
#[allow(unused_extern_crates)]
extern crate self as otp;

/// The spec of an application that is named, described and numbered as the crate that this is
/// written in.
///
/// ```
/// let spec = otp::app_spec!().depends_on_named("ledger");
/// assert_eq!(spec.name(), "otp");
/// ```
///
/// Elixir: what `mix.exs` says of a project.
#[macro_export]
macro_rules! app_spec {
    () => {
        $crate::AppSpec::new(env!("CARGO_PKG_NAME"))
            .description(env!("CARGO_PKG_DESCRIPTION"))
            .version(env!("CARGO_PKG_VERSION"))
    };
}

/// What most programs return: any error, as a box.
pub type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

/// Everything that a file with servers and supervisors needs.
pub mod prelude {
    #[cfg(feature = "config")]
    pub use otp_core::Config;
    pub use otp_core::process;
    pub use otp_core::{
        Agent, AppSpec, Application, Applications, AutoShutdown, Call, CallError, ChildId,
        ChildSpec, Context, Down, DynamicSupervisor, DynamicSupervisorRef, Exit, ExitReason,
        GenServer, Init, Message, MonitorRef, Name, Noreply, PartitionSupervisor,
        PartitionSupervisorRef, Pid, RegistryError, Reply, ReplyTo, Restart, ServerRef, Shutdown,
        StartContext, StartError, StartMode, Strategy, Supervisor, SupervisorRef, Task, TaskDone,
        TaskExit, TaskSupervisor, TaskSupervisorRef, Timeout, noreply, reply,
    };
    // Not `main` and `test`: a `test` imported with `*` would make `#[test]` ambiguous.
    pub use otp_macros::{
        Config, GenServer, dynamic_supervisor, gen_server, handle_call, handle_cast,
        handle_continue, handle_info, hibernate, init, partition_supervisor, receive, registry,
        supervisor, task_supervisor, terminate,
    };
}

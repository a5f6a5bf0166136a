//! Applications: parts of a program that start and stop as a whole.
//!
//! An application is a name, the applications that it needs, and a supervision tree:
//!
//! ```
//! use otp_core::{AppSpec, Application, Supervisor, SupervisorRef, StartContext};
//!
//! struct Ledger;
//! struct Bank;
//!
//! type StartResult = Result<SupervisorRef, Box<dyn std::error::Error + Send + Sync>>;
//!
//! impl Application for Ledger {
//!     async fn start(&self, _: &StartContext) -> StartResult {
//!         Ok(Supervisor::one_for_one().start_link().await?)
//!     }
//! }
//!
//! impl Application for Bank {
//!     fn spec(&self) -> AppSpec {
//!         AppSpec::new("bank").description("accounts").depends_on(Ledger)
//!     }
//!
//!     async fn start(&self, _: &StartContext) -> StartResult {
//!         Ok(Supervisor::one_for_one().start_link().await?)
//!     }
//!
//!     async fn stop(&self) {
//!         println!("closed");
//!     }
//! }
//! # use otp_core::{Applications, StartMode};
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! # let started = Applications::ensure_all_started(Bank, StartMode::Temporary).await;
//! # assert_eq!(started.unwrap(), ["ledger", "bank"]);
//! # }) }
//! ```
//!
//! `#[otp::main(Bank)]` starts it with all that it needs before the body of `main`, and stops it
//! after the body. The functions of [`Applications`] do the same at run time.
//!
//! Each application that runs has a *master*: a process that runs the callbacks, is the parent of
//! the top supervisor and has no parent itself. What lives between two callbacks lies in the fields
//! of the application, which is one value from its load to its unload.
//!
//! # How to supervise it
//!
//! It is what supervises: nothing restarts an application. Its [`StartMode`] says what its end
//! means for the others.
//!
//! # Names
//!
//! [`AppSpec::new`] gives the name; without a spec it is the type's name in snake case. Each tokio
//! runtime has its own applications.
//!
//! # In a program that has a main function already
//!
//! ```
//! # use otp_core::{Application, StartContext, Supervisor, SupervisorRef};
//! use otp_core::{Applications, StartMode};
//! # struct Bank;
//! # impl Application for Bank {
//! #     async fn start(
//! #         &self,
//! #         _: &StartContext,
//! #     ) -> Result<SupervisorRef, Box<dyn std::error::Error + Send + Sync>> {
//! #         Ok(Supervisor::one_for_one().start_link().await?)
//! #     }
//! # }
//!
//! # async fn serve() {}
//! # async fn adopt() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
//! // in the body of `#[tokio::main]`
//! Applications::ensure_all_started(Bank, StartMode::Permanent).await?;
//! serve().await; // or until `Applications::terminated()` is ready, in a `select!`
//! Applications::stop_all().await?;
//! # Ok(()) }
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! #     adopt().await.unwrap();
//! # }) }
//! ```
//!
//! # Time-outs
//!
//! Neither a start nor a stop has a limit, as in OTP; children have their own. `#[otp::main]` has
//! the option `stop_limit` for all that it stops.
//!
//! # When not to use it
//!
//! A program with one tree needs none: start its supervisor in `main`. Applications are for parts
//! that are developed apart and need each other in a certain order.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::future::Future;

use crate::supervisor::SupervisorRef;
use crate::sync::Arc;

mod applications;
mod apps;
mod erased;
mod error;
mod master;
pub(crate) mod registry;
mod spec;

pub use applications::{Applications, Terminated};
pub(crate) use applications::{end_of_all, start_first};
pub(crate) use erased::Erased;
pub use erased::IntoApplication;
pub use error::{LoadAppError, StartAppError, StartFailure, StopAppError, UnloadAppError};
pub use spec::AppSpec;

/// A part of a program that starts and stops as a whole. See the [module](self).
///
/// The callbacks run in a process of their own, the application's master, one after another. Write
/// them as plain `async fn`s.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an application",
    label = "no `impl Application for {Self}` was found",
    note = "an application has a function `start` that returns its top supervisor",
    note = "OTP0717"
)]
pub trait Application: Send + Sync + 'static {
    /// Name, description and dependencies. By default the name is that of the type in snake case,
    /// and nothing else is there.
    ///
    /// Elixir: the keyword list `application` of `mix.exs`.
    fn spec(&self) -> AppSpec {
        AppSpec::of::<Self>()
    }

    /// Starts the tree, with `start_link`, and returns its top supervisor.
    ///
    /// # Errors
    ///
    /// Any error, a panic and an exit are the reason of a failed start. What was started and linked
    /// before is stopped again, last one first.
    ///
    /// Elixir: `start/2`.
    fn start(
        &self,
        cx: &StartContext,
    ) -> impl Future<Output = Result<SupervisorRef, Box<dyn Error + Send + Sync>>> + Send;

    /// Runs when the application is about to be stopped, before its tree is. Not when the tree has
    /// ended by itself.
    ///
    /// Elixir: `prep_stop/1`.
    fn prep_stop(&self) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Runs when the tree is gone, also when it has ended by itself.
    ///
    /// Elixir: `stop/1`.
    fn stop(&self) -> impl Future<Output = ()> + Send {
        async {}
    }
}

/// Why an application is started.
///
/// Elixir: the first argument of `start/2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartType {
    /// Because somebody wants it to run.
    Normal,
}

impl fmt::Display for StartType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("normal")
    }
}

/// What the end of an application means for the others, when nobody has asked for it.
///
/// An end that was asked for, with [`Applications::stop`], never means anything for the others.
///
/// Elixir: the `type` of `Application.start/2`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StartMode {
    /// Any end stops all applications and the program.
    Permanent,
    /// An end with another reason than normal does. A supervisor that gives up ends with shutdown,
    /// which is not normal here.
    Transient,
    /// It is only reported.
    #[default]
    Temporary,
}

/// What a start callback is told.
#[derive(Clone)]
pub struct StartContext {
    name: String,
    start_type: StartType,
    args: Option<Arc<dyn Any + Send + Sync>>,
}

impl StartContext {
    /// The name of the application.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why it is started.
    pub fn start_type(&self) -> StartType {
        self.start_type
    }

    /// The value given with [`AppSpec::start_args`]; `None` when there is none of this type.
    ///
    /// Elixir: the second argument of `start/2`.
    pub fn args<T: 'static>(&self) -> Option<&T> {
        self.args.as_deref().and_then(|args| args.downcast_ref())
    }
}

impl fmt::Debug for StartContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartContext")
            .field("name", &self.name)
            .field("start_type", &self.start_type)
            .finish_non_exhaustive()
    }
}

/// An application as it is listed.
///
/// Elixir: `{app, description, vsn}` in `Application.started_applications/0`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AppInfo {
    /// Its name.
    pub name: String,
    /// What it is, in a few words; may be empty.
    pub description: String,
    /// Its version; may be empty.
    pub version: String,
}

//! Agents: a value in a process of its own, read and changed by functions.
//!
//! ```
//! use otp_core::Agent;
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! let list = Agent::start_link(Vec::new).await.unwrap();
//! list.update(|list| list.push("new")).await.unwrap();
//! assert_eq!(list.get(|list| list.len()).await, Ok(1));
//! assert_eq!(list.get_and_update(|list| list.pop()).await, Ok(Some("new")));
//! list.cast(|list| list.push("later"));
//! list.stop().await.unwrap();
//! # }) }
//! ```
//!
//! A function runs in the agent's process, one at a time, in the order of arrival. One that panics
//! ends the agent with that reason, not its caller; the caller hears it as an error.
//!
//! # How to supervise it
//!
//! [`Agent::child_spec`] takes a function that makes the first value, and calls it for each start.
//! A type of your own makes it readable:
//!
//! ```
//! use std::collections::HashMap;
//! use otp_core::{Agent, AgentServer, ChildSpec, Name, Supervisor};
//!
//! struct Stock;
//!
//! impl Stock {
//!     fn child_spec() -> ChildSpec<AgentServer<HashMap<String, u32>>> {
//!         Agent::child_spec(HashMap::new).id("stock").name(Name::of::<Stock>())
//!     }
//!
//!     async fn put(item: &str, count: u32) -> Result<(), otp_core::CallError> {
//!         let item = item.to_owned();
//!         let stock = Agent::<HashMap<String, u32>>::named(Name::of::<Stock>());
//!         stock.update(move |stock| { stock.insert(item, count); }).await
//!     }
//! }
//!
//! # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
//! Supervisor::one_for_one().child(Stock::child_spec()).start_link().await.unwrap();
//! Stock::put("bolts", 12).await.unwrap();
//! # }) }
//! ```
//!
//! # Names
//!
//! `Agent::start_link(f).name("stock")`; [`Agent::named`] finds it at each use.
//!
//! # Time-outs
//!
//! As with every call: five seconds, or `.timeout(duration)`. A time-out does not undo the
//! function, which runs all the same.
//!
//! # When not to use it
//!
//! When there is more to do than to keep a value: a `GenServer` has named operations that say what
//! they mean, and can answer later, keep timers and clean up. When the value never changes, an
//! `Arc` is enough.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;

use crate::child_spec::ChildSpec;
use crate::gen_server::{
    Call, Context, GenServer, InitResult, Next, ReplyTo, ServerOptions, ServerRef, Start,
};
use crate::name::Name;
use crate::sync::{Arc, Mutex};

/// The handle of an agent that keeps an `S`.
///
/// It derefs to [`ServerRef`], which has `pid`, `stop`, `monitor` and the rest.
///
/// Elixir: `Agent`.
pub struct Agent<S: Send + 'static>(ServerRef<AgentServer<S>>);

/// The server that an agent is, as it stands in the type of its [`ChildSpec`].
pub struct AgentServer<S> {
    state: S,
}

/// Makes the first value of an agent; see [`Agent::child_spec`].
pub struct AgentInit<S>(Arc<dyn Fn() -> S + Send + Sync>);

/// What an agent is asked to do; [`Agent`] has a method for each.
pub struct AgentRequest<S>(Work<S>);

/// A future that borrows the agent's value.
type Borrowing<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

enum Work<S> {
    Now(Box<dyn FnOnce(&mut S) + Send>),
    Slow(Box<dyn for<'a> FnOnce(&'a mut S) -> Borrowing<'a> + Send>),
}

impl<S: Send + 'static> Agent<S> {
    /// Starts an agent that is linked to the running process; `init` runs in the agent and makes
    /// its value.
    ///
    /// # Errors
    ///
    /// As any start: the name is taken, or `init` panicked or called
    /// [`process::exit`](crate::process::exit), with that reason.
    ///
    /// Elixir: `Agent.start_link/2`.
    pub fn start_link(init: impl FnOnce() -> S + Send + 'static) -> Start<AgentServer<S>> {
        Start::link(AgentInit::once(init))
    }

    /// As [`Agent::start_link`], without the link.
    ///
    /// Elixir: `Agent.start/2`.
    pub fn start(init: impl FnOnce() -> S + Send + 'static) -> Start<AgentServer<S>> {
        Start::alone(AgentInit::once(init))
    }

    /// How to start an agent under a supervisor: a permanent worker whose id is its type.
    ///
    /// `init` is called for each start, so a restarted agent begins again.
    ///
    /// Elixir: `Agent.child_spec/1`.
    pub fn child_spec(init: impl Fn() -> S + Send + Sync + 'static) -> ChildSpec<AgentServer<S>> {
        ChildSpec::new(AgentInit(Arc::new(init)))
    }

    /// The agent that holds a name, looked up at each use.
    pub fn named(name: impl Into<Name>) -> Agent<S> {
        Agent(ServerRef::named(name))
    }

    /// Reads the value.
    ///
    /// # Errors
    ///
    /// The future gives a [`CallError`](crate::CallError): the agent does not run, `f` panicked, or
    /// it took too long.
    ///
    /// Elixir: `Agent.get/3`.
    pub fn get<T: Send + 'static>(
        &self,
        f: impl FnOnce(&S) -> T + Send + 'static,
    ) -> Call<AgentServer<S>, T> {
        self.get_and_update(|state| f(state))
    }

    /// Changes the value.
    ///
    /// # Errors
    ///
    /// As [`Agent::get`].
    ///
    /// Elixir: `Agent.update/3`.
    pub fn update(&self, f: impl FnOnce(&mut S) + Send + 'static) -> Call<AgentServer<S>, ()> {
        self.get_and_update(f)
    }

    /// Changes the value and returns something.
    ///
    /// # Errors
    ///
    /// As [`Agent::get`].
    ///
    /// Elixir: `Agent.get_and_update/3`; the pair is what `f` returns, and what it leaves behind.
    pub fn get_and_update<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut S) -> T + Send + 'static,
    ) -> Call<AgentServer<S>, T> {
        self.0.call(|caller: ReplyTo<T>| {
            AgentRequest(Work::Now(Box::new(move |state| caller.reply(f(state)))))
        })
    }

    /// As [`Agent::get_and_update`], for a function that has to wait for something. The agent does
    /// nothing else meanwhile.
    ///
    /// ```
    /// # async fn demo(prices: otp_core::Agent<Vec<u32>>) -> Result<(), otp_core::CallError> {
    /// # async fn fetch() -> u32 { 7 }
    /// prices.get_and_update_async(|prices| Box::pin(async { prices.push(fetch().await) })).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Agent::get`].
    ///
    /// Elixir: `Agent.get_and_update/3`, whose functions may always wait.
    pub fn get_and_update_async<T, F>(&self, f: F) -> Call<AgentServer<S>, T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut S) -> Pin<Box<dyn Future<Output = T> + Send + 'a>>,
        F: Send + 'static,
    {
        self.0.call(|caller: ReplyTo<T>| {
            AgentRequest(Work::Slow(Box::new(move |state| {
                let answer = f(state);
                Box::pin(async move { caller.reply(answer.await) })
            })))
        })
    }

    /// Changes the value later. It never waits and never fails, whatever became of the agent.
    ///
    /// Elixir: `Agent.cast/2`.
    pub fn cast(&self, f: impl FnOnce(&mut S) + Send + 'static) {
        self.0.cast(AgentRequest(Work::Now(Box::new(f))));
    }
}

impl<S: Send + 'static> Deref for Agent<S> {
    type Target = ServerRef<AgentServer<S>>;

    fn deref(&self) -> &ServerRef<AgentServer<S>> {
        &self.0
    }
}

impl<S: Send + 'static> Clone for Agent<S> {
    fn clone(&self) -> Agent<S> {
        Agent(self.0.clone())
    }
}

impl<S: Send + 'static> From<ServerRef<AgentServer<S>>> for Agent<S> {
    fn from(server: ServerRef<AgentServer<S>>) -> Agent<S> {
        Agent(server)
    }
}

impl<S: Send + 'static> fmt::Debug for Agent<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Agent").field(&self.0).finish()
    }
}

impl<S> AgentInit<S> {
    /// For a start that happens once.
    fn once(init: impl FnOnce() -> S + Send + 'static) -> AgentInit<S> {
        let init = Mutex::new(Some(init));
        AgentInit(Arc::new(move || match init.lock().take() {
            Some(init) => init(),
            None => unreachable!("a start runs `init` once"),
        }))
    }
}

impl<S> Clone for AgentInit<S> {
    fn clone(&self) -> AgentInit<S> {
        AgentInit(Arc::clone(&self.0))
    }
}

impl<S> fmt::Debug for AgentInit<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgentInit")
    }
}

impl<S> fmt::Debug for AgentRequest<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgentRequest")
    }
}

impl<S> AgentServer<S> {
    /// The value, for [`sys::with_state`](crate::sys::with_state).
    pub fn state(&self) -> &S {
        &self.state
    }
}

impl<S> fmt::Debug for AgentServer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AgentServer")
    }
}

impl<S: Send + 'static> GenServer for AgentServer<S> {
    type Args = AgentInit<S>;
    type Request = AgentRequest<S>;
    type Continue = crate::Never;
    type Client = Agent<S>;

    const OPTIONS: ServerOptions = ServerOptions::new();

    async fn init(init: AgentInit<S>, _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(AgentServer { state: (init.0)() })
    }

    async fn handle(&mut self, request: AgentRequest<S>, _: &mut Context<Self>) -> Next<Self> {
        match request.0 {
            Work::Now(work) => work(&mut self.state),
            Work::Slow(work) => work(&mut self.state).await,
        }
        Next::wait()
    }
}

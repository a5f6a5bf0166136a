//! A server whose callbacks are the closures that it is sent. Every `terminate` is an event.

use std::any::Any;

use otp::{
    Call, Context, ExitReason, GenServer, InitResult, Message, Next, Pid, ReplyTo, ServerRef, Start,
};

use super::helpers::BoxFuture;
use super::show::{Show, f};
use super::trace::{ev, nm};

/// The state of a server.
pub struct Srv {
    pub name: String,
    pub n: i64,
    pub log: Vec<&'static str>,
    term: Option<Term>,
    kept: Vec<Box<dyn Any + Send>>,
}

impl Srv {
    /// Keeps a caller without an answer; dropping it would be one.
    pub fn keep<T: Send + 'static>(&mut self, from: ReplyTo<T>) {
        self.kept.push(Box::new(from));
    }
}

/// A callback that may wait.
pub type Turn =
    Box<dyn for<'a> FnOnce(&'a mut Srv, &'a mut Context<Srv>) -> BoxFuture<'a, Next<Srv>> + Send>;

type Begin =
    Box<dyn for<'a> FnOnce(Srv, &'a mut Context<Srv>) -> BoxFuture<'a, InitResult<Srv>> + Send>;

type Term = Box<dyn FnOnce(&ExitReason) -> BoxFuture<'static, ()> + Send>;

/// How a server starts.
#[derive(Default)]
pub struct Opts {
    name: Option<String>,
    trap: bool,
    init: Option<Begin>,
    term: Option<Term>,
}

impl Opts {
    pub fn new() -> Opts {
        Opts::default()
    }

    /// The name in the trace.
    pub fn name(mut self, name: impl Into<String>) -> Opts {
        self.name = Some(name.into());
        self
    }

    pub fn trap(mut self) -> Opts {
        self.trap = true;
        self
    }

    /// What `init` does with the state.
    pub fn init<F>(self, init: F) -> Opts
    where
        F: FnOnce(Srv, &mut Context<Srv>) -> InitResult<Srv> + Send + 'static,
    {
        self.init_async(move |st, cx| Box::pin(std::future::ready(init(st, cx))))
    }

    /// As [`Opts::init`], for one that waits.
    pub fn init_async<F>(mut self, init: F) -> Opts
    where
        F: for<'a> FnOnce(Srv, &'a mut Context<Srv>) -> BoxFuture<'a, InitResult<Srv>>
            + Send
            + 'static,
    {
        self.init = Some(Box::new(init));
        self
    }

    /// What `terminate` does after its event.
    pub fn term<F>(mut self, term: F) -> Opts
    where
        F: FnOnce(&ExitReason) -> BoxFuture<'static, ()> + Send + 'static,
    {
        self.term = Some(Box::new(term));
        self
    }
}

/// What the server is sent.
pub enum Request {
    Turn(Turn),
    Get(ReplyTo<i64>),
    /// Prints `NAME cast VALUE`.
    Cast(String),
}

/// A callback that arrives as an info message.
struct Info(Turn);

impl GenServer for Srv {
    type Args = Opts;
    type Request = Request;
    type Continue = Turn;
    type Client = ServerRef<Srv>;

    async fn init(opts: Opts, cx: &mut Context<Self>) -> InitResult<Self> {
        let name = opts.name.unwrap_or_else(|| "srv".to_owned());
        nm(cx.pid(), name.clone());
        if opts.trap {
            cx.trap_exit(true);
        }
        let state = Srv { name, n: 0, log: Vec::new(), term: opts.term, kept: Vec::new() };
        match opts.init {
            Some(init) => init(state, cx).await,
            None => InitResult::ok(state),
        }
    }

    async fn handle(&mut self, request: Request, cx: &mut Context<Self>) -> Next<Self> {
        match request {
            Request::Turn(turn) => turn(self, cx).await,
            Request::Get(from) => Next::answer(from, self.n),
            Request::Cast(value) => {
                ev(format!("{} cast {value}", self.name));
                Next::wait()
            }
        }
    }

    async fn handle_info(&mut self, message: Message, cx: &mut Context<Self>) -> Next<Self> {
        match message.downcast::<Info>() {
            Ok(Info(turn)) => turn(self, cx).await,
            Err(message) => {
                ev(format!("{} info {}", self.name, f(&message)));
                Next::wait()
            }
        }
    }

    async fn handle_continue(&mut self, turn: Turn, cx: &mut Context<Self>) -> Next<Self> {
        turn(self, cx).await
    }

    async fn terminate(&mut self, reason: &ExitReason, _: &mut Context<Self>) {
        ev(format!("terminate {} {}", self.name, f(reason)));
        if let Some(term) = self.term.take() {
            term(reason).await;
        }
    }
}

/// A start without a link.
pub fn start(opts: Opts) -> Start<Srv> {
    Start::alone(opts)
}

/// A linked start.
pub fn start_link(opts: Opts) -> Start<Srv> {
    Start::link(opts)
}

/// Starts a server with a name for the trace.
pub async fn up(name: impl Into<String>) -> ServerRef<Srv> {
    up_with(name, Opts::new()).await
}

/// As [`up`], with options.
pub async fn up_with(name: impl Into<String>, opts: Opts) -> ServerRef<Srv> {
    start(opts.name(name)).await.expect("it starts")
}

/// As [`up_with`], under a registered name.
pub async fn up_as(
    name: impl Into<String>,
    opts: Opts,
    registered: &'static str,
) -> ServerRef<Srv> {
    start(opts.name(name)).name(registered).await.expect("it starts")
}

/// As [`up_with`], linked.
pub async fn up_link(name: impl Into<String>, opts: Opts) -> ServerRef<Srv> {
    start_link(opts.name(name)).await.expect("it starts")
}

/// The pid of a server that runs.
pub fn pid(server: &ServerRef<Srv>) -> Pid {
    server.pid().expect("a handle of a process has a pid")
}

/// A callback that does not wait.
pub fn turn<F>(callback: F) -> Turn
where
    F: FnOnce(&mut Srv, &mut Context<Srv>) -> Next<Srv> + Send + 'static,
{
    Box::new(move |st, cx| {
        let next = callback(st, cx);
        Box::pin(std::future::ready(next))
    })
}

/// A callback that waits.
pub fn slow_turn<F>(callback: F) -> Turn
where
    F: for<'a> FnOnce(&'a mut Srv, &'a mut Context<Srv>) -> BoxFuture<'a, Next<Srv>>
        + Send
        + 'static,
{
    Box::new(callback)
}

/// A call whose handler is this closure.
pub fn call<T, F>(server: &ServerRef<Srv>, handler: F) -> Call<Srv, T>
where
    T: Send + 'static,
    F: FnOnce(ReplyTo<T>, &mut Srv, &mut Context<Srv>) -> Next<Srv> + Send + 'static,
{
    server.call(move |from| Request::Turn(turn(move |st, cx| handler(from, st, cx))))
}

/// A call whose handler is this closure and waits.
pub fn slow_call<T, F>(server: &ServerRef<Srv>, handler: F) -> Call<Srv, T>
where
    T: Send + 'static,
    F: for<'a> FnOnce(ReplyTo<T>, &'a mut Srv, &'a mut Context<Srv>) -> BoxFuture<'a, Next<Srv>>
        + Send
        + 'static,
{
    server.call(move |from| Request::Turn(slow_turn(move |st, cx| handler(from, st, cx))))
}

/// A call that answers with its argument.
pub fn echo<T: Send + 'static>(server: &ServerRef<Srv>, value: T) -> Call<Srv, T> {
    call(server, move |from, _, _| Next::answer(from, value))
}

/// A call that answers with the number in the state.
pub fn get(server: &ServerRef<Srv>) -> Call<Srv, i64> {
    server.call(Request::Get)
}

/// A cast whose handler is this closure.
pub fn cast<F>(server: &ServerRef<Srv>, handler: F)
where
    F: FnOnce(&mut Srv, &mut Context<Srv>) -> Next<Srv> + Send + 'static,
{
    server.cast(Request::Turn(turn(handler)));
}

/// A cast of a value, which the server prints.
pub fn cast_value(server: &ServerRef<Srv>, value: impl Show) {
    server.cast(Request::Cast(f(&value)));
}

/// An info message whose handler is this closure.
pub fn info<F>(pid: Pid, handler: F)
where
    F: FnOnce(&mut Srv, &mut Context<Srv>) -> Next<Srv> + Send + 'static,
{
    otp::process::send(pid, Info(turn(handler)));
}

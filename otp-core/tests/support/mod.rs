//! What the tests of this crate share: a server written by hand that can do everything.

#![allow(dead_code, unreachable_pub, missing_docs)] // each test file uses its own part

pub mod capture;
pub mod tally;

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use otp_core::private::{TestOptions, run_test};
use otp_core::{
    Call, Context, ExitReason, GenServer, InitResult, Message, MonitorRef, Name, Never, Next, Pid,
    ReplyTo, ServerOptions, ServerRef, Start, noreply, process, reply,
};

/// Runs a test body with paused time.
pub fn paused(body: impl Future<Output = ()>) {
    capture::want_reports();
    run_test(TestOptions::new("test").start_paused(true), body);
}

/// Runs a test body on two workers in real time.
pub fn threaded(body: impl Future<Output = ()>) {
    capture::want_reports();
    run_test(TestOptions::new("test").worker_threads(2).handoff(true), body);
}

/// The panic message with which a test fails.
pub fn failure(body: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let payload = std::panic::catch_unwind(body).expect_err("the test must fail");
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => payload.downcast_ref::<&str>().unwrap_or(&"?").to_string(),
    }
}

/// What a [`Probe`] tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Init(&'static str),
    Info(&'static str),
    ExitOf(Pid, ExitReason),
    DownOf(Pid),
    Terminate(&'static str, ExitReason),
}

/// How a [`Probe`] starts.
#[derive(Clone, Debug)]
pub struct Plan {
    pub id: &'static str,
    pub owner: Pid,
    pub trap: bool,
    pub name: Option<&'static str>,
    pub init: Begin,
    /// How the next starts go, before `init` says it for all that follow.
    pub script: Arc<Mutex<VecDeque<Begin>>>,
}

#[derive(Clone, Debug)]
pub enum Begin {
    Ok,
    Ignore,
    Stop(ExitReason),
    Panic,
    Never,
}

impl Plan {
    pub fn new(id: &'static str) -> Plan {
        Plan {
            id,
            owner: process::self_pid(),
            trap: false,
            name: None,
            init: Begin::Ok,
            script: Arc::default(),
        }
    }

    pub fn trap(mut self) -> Plan {
        self.trap = true;
        self
    }

    pub fn named(mut self, name: &'static str) -> Plan {
        self.name = Some(name);
        self
    }

    pub fn init(mut self, init: Begin) -> Plan {
        self.init = init;
        self
    }

    pub fn script(self, starts: impl IntoIterator<Item = Begin>) -> Plan {
        self.script.lock().unwrap().extend(starts);
        self
    }

    pub async fn start(self) -> ServerRef<Probe> {
        Start::<Probe>::alone(self).await.unwrap()
    }

    pub async fn start_link(self) -> ServerRef<Probe> {
        Start::<Probe>::link(self).await.unwrap()
    }
}

/// A server that tells its owner what happens to it.
pub struct Probe {
    plan: Plan,
    waiting: Vec<ReplyTo<&'static str>>,
    watched: Option<MonitorRef>,
}

pub enum Request {
    Ping(ReplyTo<&'static str>),
    Hold(ReplyTo<&'static str>),
    Refuse(ReplyTo<&'static str>),
    PassOn(ReplyTo<&'static str>),
    Panic(ReplyTo<&'static str>),
    Exit(ExitReason, ReplyTo<&'static str>),
    Stop(ExitReason, ReplyTo<&'static str>),
    StopSilently(ExitReason, ReplyTo<&'static str>),
    Sleep(Duration, ReplyTo<&'static str>),
    CallSelf(ReplyTo<String>),
    SelfPid(ReplyTo<Pid>),
    StopCast(ExitReason),
    Watch(Pid, ReplyTo<()>),
    Flush(ReplyTo<bool>),
    Ancestors(ReplyTo<Vec<String>>),
    Start(Plan, ReplyTo<ServerRef<Probe>>),
}

impl GenServer for Probe {
    type Args = Plan;
    type Request = Request;
    type Continue = Never;
    type Client = ServerRef<Probe>;

    const OPTIONS: ServerOptions = ServerOptions::new();

    fn name(args: &Plan) -> Option<Name> {
        args.name.map(Name::from)
    }

    async fn init(plan: Plan, cx: &mut Context<Self>) -> InitResult<Self> {
        cx.trap_exit(plan.trap);
        process::send(plan.owner, Told::Init(plan.id));
        let scripted = plan.script.lock().unwrap().pop_front();
        match scripted.unwrap_or_else(|| plan.init.clone()) {
            Begin::Ok => InitResult::ok(Probe { plan, waiting: Vec::new(), watched: None }),
            Begin::Ignore => InitResult::ignore(),
            Begin::Stop(reason) => InitResult::stop(reason),
            Begin::Panic => panic!("init oops"),
            Begin::Never => std::future::pending().await,
        }
    }

    async fn handle(&mut self, request: Request, cx: &mut Context<Self>) -> Next<Self> {
        match request {
            Request::Ping(caller) => Next::answer(caller, "pong"),
            Request::Hold(caller) => {
                self.waiting.push(caller);
                Next::wait()
            }
            Request::Refuse(caller) => {
                drop(caller);
                Next::wait()
            }
            Request::PassOn(caller) => {
                process::spawn(async move {
                    process::sleep(Duration::from_secs(1)).await;
                    caller.reply("from a third process");
                });
                Next::wait()
            }
            Request::Panic(_caller) => panic!("handler oops"),
            Request::Exit(reason, _caller) => process::exit(reason),
            Request::Stop(reason, caller) => Next::answer(caller, reply("last words").stop(reason)),
            Request::StopSilently(reason, caller) => {
                self.waiting.push(caller);
                Next::after(noreply().stop(reason))
            }
            Request::Sleep(duration, caller) => {
                process::sleep(duration).await;
                Next::answer(caller, "slept")
            }
            Request::CallSelf(caller) => {
                let call: Call<Probe, _> = cx.client().call(Request::Ping);
                Next::answer(caller, format!("{:?}", call.await))
            }
            Request::SelfPid(caller) => Next::answer(caller, process::self_pid()),
            Request::StopCast(reason) => Next::stop(reason),
            Request::Watch(pid, caller) => {
                self.watched = Some(cx.monitor(pid));
                Next::answer(caller, ())
            }
            Request::Flush(caller) => {
                let watched = self.watched.take().expect("something is watched");
                Next::answer(caller, cx.demonitor_flush(watched))
            }
            Request::Ancestors(caller) => {
                let ancestors = otp_core::ancestors();
                let names: Vec<String> = ancestors.iter().map(ToString::to_string).collect();
                Next::answer(caller, names)
            }
            Request::Start(plan, caller) => {
                let started = Start::<Probe>::link(plan).await;
                Next::answer(caller, started.expect("it starts"))
            }
        }
    }

    async fn handle_info(&mut self, message: Message, cx: &mut Context<Self>) -> Next<Self> {
        match message.downcast::<otp_core::Exit>() {
            Ok(exit) => process::send(self.plan.owner, Told::ExitOf(exit.from, exit.reason)),
            Err(message) => match message.downcast::<&'static str>() {
                Ok(text) => process::send(self.plan.owner, Told::Info(text)),
                Err(message) => match message.downcast::<otp_core::Down>() {
                    Ok(down) => {
                        let pid = down.pid.unwrap_or(cx.pid());
                        process::send(self.plan.owner, Told::DownOf(pid));
                    }
                    Err(message) => return otp_core::private::unhandled(message, cx),
                },
            },
        }
        Next::wait()
    }

    async fn terminate(&mut self, reason: &ExitReason, _: &mut Context<Self>) {
        tokio::task::yield_now().await; // whoever is told too early gets the chance to notice
        process::send(self.plan.owner, Told::Terminate(self.plan.id, reason.clone()));
    }
}

/// Everything that was told so far, in order.
pub async fn told() -> Vec<Told> {
    let mut all = Vec::new();
    while let Some(one) =
        process::receive_timeout(otp_core::Message::downcast::<Told>, Duration::ZERO).await
    {
        all.push(one);
    }
    all
}

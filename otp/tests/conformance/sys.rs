//! The scenarios of `golden/sys.txt` about `:sys` and reports.

use otp::sys::{self, SysError};
use otp::{
    ChildSpec, Context, ExitReason, GenServer, InitResult, Message, Never, Next, Pid, ReplyTo,
    Restart, ServerRef, Start, Supervisor, SupervisorRef, process,
};

use super::helpers::{down_reason, error, ms, tried};
use super::show::{Show, f};
use super::srv::{Srv, cast, cast_value, echo, get, pid, up};
use super::trace::{ev, nm, take_reports};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("SYS-T01", ["SYS-01", "SYS-02", "SYS-03", "SYS-04"], get_and_replace_state),
    scenario!("SYS-T02", ["SYS-05", "SYS-06", "SYS-07"], suspend_and_resume),
    scenario!("SYS-T03", ["SYS-08", "SYS-15"], stop_while_suspended),
    scenario!("SYS-T04", ["SYS-09"], statistics),
    scenario!(
        "LOG-T01",
        ["GS-LOG-01", "GS-LOG-02", "PROC-LIB-08", "SUP-LOG-01", "SUP-LOG-02"],
        which_ends_are_reported
    ),
];

/// A server whose state can be copied.
#[derive(Clone)]
struct Number(i64);

struct Get(ReplyTo<i64>);

impl GenServer for Number {
    type Args = ();
    type Request = Get;
    type Continue = Never;
    type Client = ServerRef<Number>;

    async fn init((): (), _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Number(0))
    }

    async fn handle(&mut self, Get(from): Get, _: &mut Context<Self>) -> Next<Self> {
        Next::answer(from, self.0)
    }
}

async fn get_and_replace_state() {
    let a = Start::<Number>::alone(()).await.unwrap();
    ev(f(&sys::get_state(&a).await.unwrap().0));
    ev(f(&sys::replace_state(&a, |state| state.0 = 7).await.unwrap().0));
    ev(f(&a.call(Get).await.unwrap()));
    let bad = sys::replace_state(&a, |state| {
        state.0 = 8;
        panic!("no")
    });
    let outcome = match bad.await {
        Ok(_) => "ok",
        Err(SysError::Panicked(_)) => "raised",
        Err(_) => "failed otherwise",
    };
    ev(format!("bad replace {outcome}"));
    ev(f(&a.call(Get).await.unwrap()));
}

async fn suspend_and_resume() {
    let a = up("a").await;
    sys::suspend(&a).await.unwrap();
    sys::suspend(&a).await.unwrap();
    cast_value(&a, 1);
    process::send(pid(&a), 2);
    tried("call", get(&a).timeout(ms(30)).await);
    ev(f(&sys::with_state(&a, |state| state.n).await.unwrap()));
    sys::resume(&a).await.unwrap();
    sys::resume(&a).await.unwrap();
    ev(f(&echo(&a, 3).await.unwrap()));
}

async fn stop_while_suspended() {
    let a = up("a").await;
    sys::suspend(&a).await.unwrap();
    tried("stop", a.stop().reason(error("bye")).await);
    ev(format!("alive {}", a.is_alive()));
}

async fn statistics() {
    let a = up("a").await;
    sys::statistics(&a, true).await.unwrap();
    get(&a).await.unwrap();
    get(&a).await.unwrap();
    let counted = sys::statistics_get(&a).await.unwrap().expect("it is on");
    ev(format!("in {} out {}", counted.messages_in, counted.messages_out));
    sys::statistics(&a, false).await.unwrap();
    let counted = sys::statistics_get(&a).await.unwrap();
    ev(if counted.is_none() { "no_statistics" } else { "statistics" });
}

/// A supervised server that ends when it is told to.
struct Kid;

struct Die(ExitReason);

impl GenServer for Kid {
    type Args = ();
    type Request = Never;
    type Continue = Never;
    type Client = ServerRef<Kid>;

    async fn init((): (), cx: &mut Context<Self>) -> InitResult<Self> {
        nm(cx.pid(), "k");
        ev("start k");
        InitResult::ok(Kid)
    }

    async fn handle(&mut self, never: Never, _: &mut Context<Self>) -> Next<Self> {
        match never {}
    }

    async fn handle_info(&mut self, message: Message, _: &mut Context<Self>) -> Next<Self> {
        match message.downcast::<Die>() {
            Ok(Die(reason)) => Next::stop(reason),
            Err(_) => Next::wait(),
        }
    }

    async fn terminate(&mut self, reason: &ExitReason, _: &mut Context<Self>) {
        ev(format!("k ends {}", f(reason)));
    }
}

async fn which_ends_are_reported() {
    let ends = [
        ("normal", ExitReason::Normal),
        ("shutdown", ExitReason::Shutdown),
        ("shutdown_x", ExitReason::shutdown_with("x")),
        ("boom", error("boom")),
    ];
    for (label, reason) in ends {
        let a: ServerRef<Srv> = up(label).await;
        let monitor = a.monitor();
        cast(&a, |_, _| Next::stop(reason));
        down_reason(monitor).await;
        ev(format!("server ending {label} reported {}", take_reports() > 0));
    }
    let ends = [
        (Restart::Transient, "transient", ExitReason::Normal),
        (Restart::Permanent, "permanent", ExitReason::Normal),
        (Restart::Temporary, "temporary", error("boom")),
        (Restart::Transient, "transient", ExitReason::Shutdown),
        (Restart::Permanent, "permanent", ExitReason::Shutdown),
    ];
    for (restart, label, reason) in ends {
        let spec = ChildSpec::<Kid>::new(()).id("k").restart(restart);
        let supervisor = Supervisor::one_for_one().child(spec).start().await.unwrap();
        take_reports();
        let kid = kid_of(&supervisor).await;
        let monitor = process::monitor(kid);
        match &reason {
            ExitReason::Error(_) => process::send_exit(kid, reason.clone()),
            _ => process::send(kid, Die(reason.clone())),
        }
        down_reason(monitor).await;
        process::sleep(ms(15)).await;
        supervisor.count_children().await.unwrap();
        let reported = take_reports() > 0;
        ev(format!("child {label} {} reported {reported}", reason.show()));
        process::send_exit(supervisor.pid().unwrap(), ExitReason::Kill);
    }
}

async fn kid_of(supervisor: &SupervisorRef) -> Pid {
    match supervisor.which_children().await.unwrap()[0].state {
        otp::ChildState::Running(pid) => pid,
        ref other => panic!("the child is {other:?}"),
    }
}

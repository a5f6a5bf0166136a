//! The scenarios of `golden/proc.txt`, and the one of `golden/gs.txt` about ancestors.

use std::time::Duration;

use otp::prelude::*;
use otp::process::dict;
use otp::{Ancestor, Next, NoProc, RegisterError, Target};

use super::helpers::{
    die, down_ref, error, idle, idle_trap, in_, kill, ms, next, next_as, sync, tell, tell_die,
    tried,
};
use super::show::{Outcome, Raised, Value, f};
use super::srv::{Opts, Srv, call, slow_call, start, up};
use super::trace::{ev, nm};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("PROC-T01", ["PROC-LINK-01"], crash_over_a_link),
    scenario!("PROC-T02", ["PROC-LINK-02", "PROC-LINK-03"], normal_end_over_links),
    scenario!("PROC-T03", ["PROC-EXIT-05", "PROC-EXIT-06"], normal_signal),
    scenario!("PROC-T04", ["PROC-EXIT-07", "PROC-EXIT-08"], normal_signal_to_oneself),
    scenario!("PROC-T05", ["PROC-EXIT-12", "PROC-EXIT-13"], kill_and_links),
    scenario!("PROC-T06", ["PROC-LINK-09", "PROC-LINK-10"], link_to_the_dead),
    scenario!("PROC-T07", ["PROC-LINK-06", "PROC-LINK-07"], unlink),
    scenario!("PROC-T08", ["PROC-LINK-05", "PROC-LINK-06"], link_twice),
    scenario!("PROC-T09", ["PROC-MON-02"], monitor_of_the_dead),
    scenario!("PROC-T10", ["PROC-MON-01", "PROC-MON-03", "PROC-MON-05"], three_monitors),
    scenario!("PROC-T11", ["PROC-MON-06", "PROC-MON-07", "PROC-MON-08"], late_demonitor),
    scenario!("PROC-T12", ["PROC-MON-10", "PROC-MON-11", "PROC-MON-12"], monitor_by_name),
    scenario!("PROC-T13", ["PROC-MON-04"], death_of_a_watcher),
    scenario!("PROC-T14", ["PROC-EXIT-01", "PROC-EXIT-02", "PROC-EXIT-03"], ways_to_end),
    scenario!("PROC-T15", ["PROC-MSG-01", "PROC-MON-14"], messages_before_the_end),
    scenario!("PROC-T16", ["PROC-EXIT-10", "PROC-EXIT-16"], order_of_an_exit_signal),
    scenario!("PROC-T17", ["PROC-MSG-02", "PROC-MSG-03", "PROC-EXIT-15"], send_to_nobody),
    scenario!("PROC-T18", ["PROC-MSG-04"], selective_receive),
    scenario!("PROC-T19", ["PROC-MSG-05", "PROC-MSG-06", "PROC-INFO-02"], receive_at_once),
    scenario!("PROC-T20", ["PROC-NAME-01", "PROC-NAME-02", "PROC-NAME-04"], names),
    scenario!("PROC-T21", ["PROC-EXIT-21"], trapping_on_and_off),
    scenario!("PROC-T23", ["PROC-DICT-01", "PROC-SPAWN-04"], dictionary),
    scenario!("PROC-T24", ["PROC-TIME-01", "PROC-TIME-02", "PROC-TIME-03"], timers),
    scenario!("PROC-T25", ["PROC-ALIAS-01", "PROC-ALIAS-06"], plain_alias),
    scenario!("PROC-T26", ["PROC-LINK-04", "PROC-LINK-13"], linked_group),
    scenario!("PROC-T27", ["PROC-LINK-11"], link_to_oneself),
    scenario!("PROC-T28", ["PROC-EXIT-08", "PROC-EXIT-12"], signals_to_oneself),
    scenario!("PROC-T29", ["PROC-MON-16"], monitor_of_oneself),
    scenario!("PROC-T31", ["PROC-SPAWN-02", "PROC-SPAWN-03"], children_that_end_at_once),
    scenario!("PROC-T32", ["PROC-MSG-07"], time_out_under_noise),
    scenario!("GS-T22", ["PROC-LIB-01"], ancestors),
];

/// Links two idle processes.
async fn link(from: Pid, to: Pid) {
    let _ = in_(from, async move { process::link(to) }).await;
}

fn alive(name: &str, pid: Pid) {
    ev(format!("{name} alive {}", process::is_alive(pid)));
}

async fn crash_over_a_link() {
    let (a, b) = (idle("a").await, idle("b").await);
    link(a, b).await;
    let (of_a, of_b) = (process::monitor(a), process::monitor(b));
    tell_die(b, error("boom"));
    down_ref(b, of_b).await;
    down_ref(a, of_a).await;
}

async fn normal_end_over_links() {
    let (a, t, b) = (idle("a").await, idle_trap("t").await, idle("b").await);
    link(a, b).await;
    link(t, b).await;
    die(b, ExitReason::Normal).await;
    sync(t).await;
    sync(a).await;
    alive("a", a);
}

async fn normal_signal() {
    let (a, t) = (idle("a").await, idle_trap("t").await);
    process::send_exit(a, ExitReason::Normal);
    process::send_exit(t, ExitReason::Normal);
    sync(a).await;
    sync(t).await;
    alive("a", a);
    alive("t", t);
}

async fn normal_signal_to_oneself() {
    let (a, t) = (idle("a").await, idle_trap("t").await);
    let of_a = process::monitor(a);
    tell(a, async { process::send_exit(process::self_pid(), ExitReason::Normal) });
    down_ref(a, of_a).await;
    let signal = async { process::send_exit(process::self_pid(), ExitReason::Normal) };
    let _ = in_(t, signal).await;
    sync(t).await;
    alive("t", t);
}

async fn kill_and_links() {
    let (v, t, a) = (idle_trap("v").await, idle_trap("t").await, idle("a").await);
    link(t, v).await;
    link(a, v).await;
    let (of_v, of_a) = (process::monitor(v), process::monitor(a));
    process::send_exit(v, ExitReason::Kill);
    down_ref(v, of_v).await;
    down_ref(a, of_a).await;
    sync(t).await;
    alive("t", t);
}

async fn link_to_the_dead() {
    let d = idle("d").await;
    die(d, ExitReason::Normal).await;
    let t = idle_trap("t").await;
    let linked = in_(t, async move { process::link(d) }).await.expect("t lives");
    ev(format!("link in trapping -> {}", linked.is_ok()));
    sync(t).await;
    let a = idle("a").await;
    let shown = match in_(a, async move { process::link(d) }).await.expect("a lives") {
        Ok(()) => "true".to_owned(),
        Err(NoProc) => format!("(raised,exception({}))", f(&NoProc)),
    };
    ev(format!("link in plain -> {shown}"));
    alive("a", a);
}

async fn unlink() {
    let (a, b) = (idle("a").await, idle("b").await);
    let links = async move {
        process::link(b).expect("b lives");
        process::unlink(b);
    };
    let _ = in_(a, links).await;
    die(b, error("boom")).await;
    sync(a).await;
    alive("a", a);
}

async fn link_twice() {
    let (a, b) = (idle("a").await, idle("b").await);
    link(a, b).await;
    link(a, b).await;
    let _ = in_(b, async move { process::unlink(a) }).await;
    die(b, error("boom")).await;
    sync(a).await;
    alive("a", a);
}

async fn monitor_of_the_dead() {
    let d = idle("d").await;
    die(d, error("boom")).await;
    process::monitor(d);
    next().await;
}

async fn three_monitors() {
    let a = idle("a").await;
    let first = process::monitor(a);
    let second = process::monitor(a);
    let third = process::monitor(a);
    process::demonitor(second);
    tell_die(a, error("boom"));
    for (label, mine) in [("m1", first), ("m3", third)] {
        receive! {
            Down { monitor, reason, .. } if monitor == mine => {
                ev(format!("{label} {}", f(&reason)));
            }
        }
    }
    next_as("rest", ms(100)).await;
}

async fn late_demonitor() {
    let a = idle("a").await;
    let first = process::monitor(a);
    let second = process::monitor(a);
    let third = process::monitor(a);
    tell_die(a, error("boom"));
    receive! { Down { monitor, .. } if monitor == third => {} }
    process::sleep(ms(10)).await;
    process::demonitor(first);
    ev(format!("plain -> {}", f(&true))); // in Elixir, without `:info`, it is always true
    ev(format!("flush+info -> {}", f(&process::demonitor_flush(second))));
    next_as("left", ms(100)).await;
    next_as("left", ms(100)).await;
}

async fn monitor_by_name() {
    let (a, b) = (idle("a").await, idle("b").await);
    process::register(a, "t12").expect("the name is free");
    process::monitor("t12");
    process::unregister("t12").expect("a holds it");
    process::register(b, "t12").expect("the name is free again");
    tell_die(a, error("boom"));
    let named = async || {
        receive! {
            Down { target: Target::Name(name), reason, .. } => {
                ev(format!("DOWN name={name} {}", f(&reason)));
            }
        }
    };
    named().await;
    alive("b", b);
    process::monitor("t12_nobody");
    named().await;
}

async fn death_of_a_watcher() {
    let (w, a) = (idle("w").await, idle("a").await);
    let _ = in_(w, async move { process::monitor(a) }).await;
    kill(w, ExitReason::Kill).await;
    sync(a).await;
    alive("a", a);
}

async fn ways_to_end() {
    let seen = async |label: &str, (child, mine): (Pid, MonitorRef)| {
        receive! {
            Down { monitor, pid, reason, .. } if monitor == mine && pid == Some(child) => {
                ev(format!("{label} -> {}", f(&reason)));
            }
        }
    };
    seen("ret", process::spawn_monitor(async { "whatever" })).await;
    seen("exit", process::spawn_monitor(async { process::exit(error("bye")) })).await;
    seen("raise", process::spawn_monitor(async { panic!("oops") })).await;
    let shutdown = async { process::exit(ExitReason::shutdown_with(7)) };
    seen("exit_shutdown", process::spawn_monitor(shutdown)).await;
}

async fn messages_before_the_end() {
    let me = process::self_pid();
    process::trap_exit(true);
    process::spawn_link(async move {
        nm(process::self_pid(), "c");
        for number in 1..=3 {
            process::send(me, ("n", number));
        }
        process::exit(error("done"));
    });
    for _ in 0..4 {
        next().await;
    }
}

async fn order_of_an_exit_signal() {
    let a = idle("a").await;
    let of_a = process::monitor(a);
    process::send(a, "one");
    process::send(a, "two");
    process::send_exit(a, error("stop_now"));
    process::send(a, "three");
    down_ref(a, of_a).await;
}

/// An operation that a usage error of Elixir's `ArgumentError` kind refuses.
fn argument<T, E>(outcome: Result<T, E>) -> Box<dyn Outcome> {
    match outcome {
        Ok(_) => Box::new(Value(true)),
        Err(_) => Box::new(Raised("ArgumentError")),
    }
}

impl Outcome for Box<dyn Outcome> {
    fn outcome(&self) -> String {
        (**self).outcome()
    }
}

async fn send_to_nobody() {
    let d = idle("d").await;
    die(d, ExitReason::Normal).await;
    process::send(d, "x");
    tried("send dead pid", Value("x")); // Elixir's `send` returns the message
    process::send_exit(d, error("x"));
    tried("exit dead pid", Value(true));
    tried("send unknown name", argument(process::send_named("t17_nobody", "x")));
}

async fn selective_receive() {
    let me = process::self_pid();
    process::send(me, ("n", 1));
    process::send(me, ("u", "a"));
    process::send(me, ("n", 2));
    process::send(me, ("u", "b"));
    process::send(me, ("n", 3));
    for _ in 0..2 {
        receive! {
            ("u", value): (&'static str, &'static str) => ev(format!("urgent {value}")),
        }
    }
    for _ in 0..4 {
        next().await;
    }
}

async fn receive_at_once() {
    let me = process::self_pid();
    for number in 1..=5 {
        process::send(me, number);
    }
    receive! {
        5 => ev("found 5"),
        after 0ms => ev("timeout"),
    }
    receive! {
        9 => ev("found 9"),
        after 0ms => ev("timeout"),
    }
    let info = process::info(me).expect("it lives");
    ev(format!("queued {}", info.message_queue_len));
}

async fn names() {
    let (a, b) = (idle("a").await, idle("b").await);
    let register = |label: &str, pid: Pid, name: &'static str| {
        let registered: Result<(), RegisterError> = process::register(pid, name);
        tried(label, argument(registered));
    };
    register("register a", a, "t20");
    register("register b same name", b, "t20");
    register("register a second name", a, "t20b");
    ev(format!("whereis {}", f(&process::whereis("t20"))));
    process::send("t20", "hello");
    sync(a).await;
    die(a, ExitReason::Normal).await;
    ev(format!("whereis {}", f(&process::whereis("t20"))));
    register("register dead", a, "t20");
    register("register b now", b, "t20");
    tried("unregister", argument(process::unregister("t20")));
    tried("unregister again", argument(process::unregister("t20")));
}

async fn trapping_on_and_off() {
    let (a, b, c) = (idle("a").await, idle("b").await, idle("c").await);
    let links = async move {
        process::link(b).expect("b lives");
        process::link(c).expect("c lives");
        process::trap_exit(true);
    };
    let _ = in_(a, links).await;
    die(b, error("boom")).await;
    sync(a).await;
    let old = in_(a, async { process::trap_exit(false) }).await.expect("a lives");
    ev(format!("old flag {old}"));
    let of_a = process::monitor(a);
    tell_die(c, error("bang"));
    down_ref(a, of_a).await;
}

async fn dictionary() {
    ev(f(&dict::put("k", 1)));
    ev(f(&dict::put("k", 2)));
    ev(f(&dict::get::<i32, _>(&"k")));
    let a = idle("a").await;
    let other = in_(a, async { dict::get::<i32, _>(&"k") }).await.expect("a lives");
    ev(format!("other sees {}", f(&other)));
    ev(f(&dict::delete::<i32, _>(&"k")));
    ev(dict::get_or(&"k", "dflt"));
}

async fn timers() {
    let me = process::self_pid();
    process::send_after(me, "late", ms(60));
    process::send_after(me, "early", ms(20));
    let timer = process::send_after(me, "never", ms(5000));
    ev(format!("read is number {}", timer.read().is_some()));
    ev(format!("cancel is number {}", timer.cancel().is_some()));
    // Where Elixir says `false` there is no time left to tell.
    ev(format!("cancel again {}", timer.cancel().is_some()));
    next_as("msg", ms(500)).await;
    next_as("msg", ms(500)).await;
    next().await;
    let timer = process::send_after(me, "now", Duration::ZERO);
    next_as("msg", ms(500)).await;
    ev(format!("cancel delivered {}", timer.cancel().is_some()));
}

async fn plain_alias() {
    let alias = process::alias::<&'static str>();
    alias.send("first");
    next().await;
    ev(format!("unalias {}", process::unalias(alias)));
    alias.send("second");
    next().await;
    ev(format!("unalias again {}", process::unalias(alias)));
}

async fn linked_group() {
    let (a, b) = (idle("a").await, idle("b").await);
    let (c, d) = (idle_trap("c").await, idle("d").await);
    for (from, to) in [(a, b), (b, c), (c, d)] {
        link(from, to).await;
    }
    let (of_a, of_b) = (process::monitor(a), process::monitor(b));
    tell_die(a, error("boom"));
    down_ref(a, of_a).await;
    down_ref(b, of_b).await;
    sync(c).await;
    alive("c", c);
    alive("d", d);
}

async fn link_to_oneself() {
    let a = idle("a").await;
    let linked = in_(a, async { process::link(process::self_pid()) }).await.expect("a lives");
    ev(format!("link self {}", linked.is_ok()));
    let links = in_(a, async { process::info(process::self_pid()).map(|info| info.links) });
    ev(format!("links {}", f(&links.await.expect("a lives"))));
}

async fn signals_to_oneself() {
    let t = idle_trap("t").await;
    let ouch = async { process::send_exit(process::self_pid(), error("ouch")) };
    let _ = in_(t, ouch).await;
    sync(t).await;
    let of_t = process::monitor(t);
    tell(t, async { process::send_exit(process::self_pid(), ExitReason::Kill) });
    down_ref(t, of_t).await;
}

async fn monitor_of_oneself() {
    let monitor = process::monitor(process::self_pid());
    ev(format!("demonitor {}", process::demonitor(monitor)));
    next().await;
}

async fn children_that_end_at_once() {
    process::trap_exit(true);
    let mut links = true;
    let mut monitors = true;
    for _ in 0..200 {
        let child = process::spawn_link(async { process::exit(error("quick")) });
        links &=
            receive! { Exit { from, reason, .. } if from == child => reason == error("quick") };
    }
    ev(format!("links {links}"));
    for _ in 0..200 {
        let (_, mine) = process::spawn_monitor(async { process::exit(error("quick")) });
        monitors &= receive! {
            Down { monitor, reason, .. } if monitor == mine => reason == error("quick"),
        };
    }
    ev(format!("monitors {monitors}"));
}

async fn time_out_under_noise() {
    let me = process::self_pid();
    let noise = process::spawn(async move {
        for _ in 0..30 {
            process::send(me, "noise");
            process::sleep(ms(10)).await;
        }
    });
    nm(noise, "noise");

    let start = process::now();
    receive! {
        "signal" => ev("signal"),
        after 80ms => ev(format!("timed out in time {}", process::now() - start < ms(200))),
    }
}

/// An ancestor as the trace has it.
fn shown(ancestor: &Ancestor) -> String {
    match &ancestor.name {
        Some(name) => f(name),
        None => f(&ancestor.pid),
    }
}

async fn ancestors() {
    process::register(process::self_pid(), "gs_t22_root").expect("the name is free");
    let a = up("a").await;
    let first = call(&a, |from, _, _| Next::answer(from, shown(&otp::ancestors()[0])));
    ev(first.await.expect("a answers"));
    let b = slow_call(&a, |from: ReplyTo<ServerRef<Srv>>, _, _| {
        Box::pin(async {
            let b = start(Opts::new().name("b")).await.expect("it starts");
            Next::answer(from, b)
        })
    });
    let b = b.await.expect("a answers");
    let two = call(&b, |from, _, _| {
        let names: Vec<String> = otp::ancestors().iter().take(2).map(shown).collect();
        Next::answer(from, names)
    });
    ev(format!("[{}]", two.await.expect("b answers").join(",")));
}

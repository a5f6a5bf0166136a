//! The scenarios of `golden/sup.txt`.

use otp::{
    AutoShutdown, ChildError, ChildSpec, ExitReason, Restart, Shutdown, Start, StartError,
    Supervisor, process,
};

use super::helpers::{down_reason, error, ms, tried};
use super::kid::{Act, Kid, Opts, Sup, kid, sup, try_sup};
use super::show::{Value, f};
use super::trace::ev;
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!(
        "SUP-T01",
        [
            "SUP-START-01",
            "SUP-START-02",
            "SUP-START-10",
            "SUP-SHUT-01",
            "SUP-SHUT-10",
            "SUP-ADM-07"
        ],
        children_start_in_order_and_stop_in_reverse
    ),
    scenario!("SUP-T02", ["SUP-STRAT-01", "SUP-SPEC-10"], one_for_one),
    scenario!("SUP-T03", ["SUP-STRAT-02", "SUP-STRAT-04", "SUP-STRAT-08"], one_for_all),
    scenario!("SUP-T04", ["SUP-STRAT-03"], rest_for_one),
    scenario!("SUP-T05", ["SUP-START-03"], a_failed_start_rolls_back),
    scenario!(
        "SUP-T06",
        ["SUP-RST-01", "SUP-RST-02", "SUP-RST-03", "SUP-RST-04", "SUP-INT-08"],
        restart_types_and_reasons
    ),
    scenario!("SUP-T07", ["SUP-INT-01", "SUP-INT-02", "SUP-INT-09"], one_restart_too_many),
    scenario!("SUP-T08", ["SUP-INT-03"], no_restart_at_all),
    scenario!("SUP-T09", ["SUP-INT-06"], normal_ends_count),
    scenario!("SUP-T10", ["SUP-SHUT-02", "SUP-SHUT-03"], shutdown_limits),
    scenario!(
        "SUP-T11",
        [
            "SUP-ADM-01",
            "SUP-ADM-02",
            "SUP-ADM-03",
            "SUP-ADM-04",
            "SUP-ADM-05",
            "SUP-ADM-06",
            "SUP-ADM-08",
            "SUP-ADM-10"
        ],
        administration
    ),
    scenario!("SUP-T12", ["SUP-STRAT-10", "SUP-ADM-07"], the_newest_is_first),
    scenario!("SUP-T13", ["SUP-START-07", "SUP-START-08"], children_that_ignore),
    scenario!("SUP-T14", ["SUP-START-09", "SUP-START-12", "SUP-ADM-09"], failures_of_start_child),
    scenario!("SUP-T15", ["SUP-RST-07"], a_restart_is_tried_again),
    scenario!("SUP-T16", ["SUP-INT-07", "SUP-INT-09"], tries_count),
    scenario!("SUP-T17", ["SUP-AUTO-02", "SUP-AUTO-08"], a_significant_end),
    scenario!("SUP-T18", ["SUP-SHUT-09", "SUP-ADM-08"], a_nested_tree),
    scenario!("SUP-T19", ["SUP-SHUT-13"], stop_waits_for_the_tree),
    scenario!("SUP-T20", ["SUP-SPEC-03", "SUP-SPEC-05"], refused_options),
    scenario!("SUP-T21", ["SUP-RST-10"], a_restart_that_ignores),
    scenario!("SUP-T22", ["SUP-SHUT-10"], the_end_of_the_parent),
    scenario!("SUP-T23", ["SUP-STRAT-10"], added_children_come_last),
    scenario!("SUP-T24", ["SUP-RST-05"], killed_is_abnormal),
    scenario!("SUP-T25", ["SUP-STRAT-09", "SUP-INT-11"], terminate_touches_one_child),
];

fn one() -> Supervisor {
    Supervisor::one_for_one()
}

/// The same children under any strategy.
fn kids<const N: usize>(supervisor: Supervisor, ids: [&'static str; N]) -> Supervisor {
    ids.into_iter().fold(supervisor, |supervisor, id| supervisor.child(kid(id)))
}

async fn children_start_in_order_and_stop_in_reverse() {
    let sup = sup(kids(one(), ["a", "b", "c"])).await;
    sup.show().await;
    sup.counts().await;
    sup.leave(ExitReason::Shutdown).await;
}

async fn one_for_one() {
    let sup = sup(kids(one(), ["a", "b", "c"])).await;
    sup.die("b", error("boom")).await;
    sup.show().await;
}

async fn one_for_all() {
    let sup = sup(kids(Supervisor::one_for_all(), ["a", "b", "c"])).await;
    sup.die("b", error("boom")).await;
    sup.show().await;
}

async fn rest_for_one() {
    let sup = sup(kids(Supervisor::rest_for_one(), ["a", "b", "c", "d"])).await;
    sup.die("b", error("boom")).await;
    sup.show().await;
}

async fn a_failed_start_rolls_back() {
    let fails = Opts::new("c").acts([Act::Fail(error("no_disk"))]).spec();
    let started = try_sup(kids(one(), ["a", "b"]).child(fails).child(kid("d"))).await;
    ev(format!("start_link -> {}", f(&started.map(|_| "up"))));
}

async fn restart_types_and_reasons() {
    let restarts = [
        ("permanent", Restart::Permanent),
        ("transient", Restart::Transient),
        ("temporary", Restart::Temporary),
    ];
    for (label, restart) in restarts {
        let reasons = [
            ExitReason::Normal,
            ExitReason::Shutdown,
            ExitReason::shutdown_with("x"),
            error("boom"),
        ];
        for reason in reasons {
            ev(format!("case {label} {}", f(&reason)));
            let sup = sup(one().child(Opts::new("a").plain().spec().restart(restart))).await;
            sup.die("a", reason).await;
            sup.show().await;
            sup.kill();
        }
    }
}

async fn one_restart_too_many() {
    let sup = sup(kids(one().max_restarts(2).max_seconds(5), ["a", "b"])).await;
    for _ in 0..3 {
        sup.die("b", error("boom")).await;
    }
    sup.exit().await;
}

async fn no_restart_at_all() {
    let sup = sup(kids(one().max_restarts(0), ["a", "b"])).await;
    sup.die("a", error("boom")).await;
    sup.exit().await;
}

async fn normal_ends_count() {
    let sup = sup(kids(one().max_restarts(1), ["a"])).await;
    sup.die("a", ExitReason::Normal).await;
    sup.die("a", ExitReason::Normal).await;
    sup.exit().await;
}

async fn shutdown_limits() {
    let brutal = kid("a").shutdown(Shutdown::BrutalKill);
    let late = Opts::new("b").slow(ms(500)).spec().shutdown(ms(30));
    let in_time = Opts::new("c").slow(ms(20)).spec().shutdown(ms(500));
    let sup = sup(one().child(brutal).child(late).child(in_time)).await;
    let mut watched = Vec::new();
    for id in ["c", "b", "a"] {
        watched.push((id, process::monitor(sup.child(id).await)));
    }
    sup.leave(ExitReason::Shutdown).await;
    for (id, monitor) in watched {
        if let Some(reason) = down_reason(monitor).await {
            ev(format!("{id} {}", f(&reason)));
        }
    }
}

async fn administration() {
    let sup = sup(kids(one(), ["a"]).child(kid("t").restart(Restart::Temporary))).await;
    let handle = &sup.handle;
    let up = |_| "up";
    tried("delete running", handle.delete_child("a").await);
    tried("restart running", handle.restart_child("a").await);
    tried("terminate", handle.terminate_child("a").await);
    sup.show().await;
    sup.counts().await;
    tried("terminate again", handle.terminate_child("a").await);
    tried("start same id", handle.start_child(kid("a")).await);
    tried("restart", handle.restart_child("a").await.map(up));
    tried("start running id", handle.start_child(kid("a")).await);
    handle.terminate_child("a").await.unwrap();
    tried("delete", handle.delete_child("a").await);
    tried("restart deleted", handle.restart_child("a").await);
    tried("terminate unknown", handle.terminate_child("zzz").await);
    tried("terminate temporary", handle.terminate_child("t").await);
    sup.show().await;
    tried("restart temporary", handle.restart_child("t").await);
}

async fn the_newest_is_first() {
    let sup = sup(kids(one(), ["a", "b"])).await;
    sup.handle.start_child(kid("c")).await.unwrap();
    sup.show().await;
    sup.counts().await;
    sup.leave(ExitReason::Shutdown).await;
}

async fn children_that_ignore() {
    let ignoring = |id| Opts::new(id).acts([Act::Ignore]).spec();
    let supervisor =
        one().child(ignoring("a")).child(ignoring("b").restart(Restart::Temporary)).child(kid("c"));
    let sup = sup(supervisor).await;
    sup.show().await;
    sup.counts().await;
    tried("restart ignored", sup.handle.restart_child("a").await.map(|_| "up"));
    sup.show().await;
}

/// What a start function returns beside the pid.
struct Extra(&'static str);

async fn failures_of_start_child() {
    let sup = sup(one()).await;
    let fails = Opts::new("a").acts([Act::Fail(error("no"))]).spec();
    if let Err(ChildError::Start(error)) = sup.handle.start_child(fails).await {
        ev(format!("err {}", f(&error)));
    }
    let raises = ChildSpec::from_fn("b", || async { panic!("start of b") });
    match sup.handle.start_child(raises).await {
        Err(ChildError::Start(StartError::Exit(ExitReason::Crash(_)))) => ev("raise exit"),
        other => ev(format!("raise {}", f(&other))),
    }
    let with_extra = ChildSpec::from_fn_with("x", || async {
        let server = Start::<Kid>::link(Opts::new("x")).await?;
        Ok((server.pid().expect("it runs"), Extra("info")))
    });
    let (_, extra) = sup.handle.start_child(with_extra).await.unwrap();
    tried("extra", Value(extra.0));
    sup.show().await;
}

async fn a_restart_is_tried_again() {
    let no = || Act::Fail(error("no"));
    let flaky = Opts::new("a").acts([Act::Up, no(), no(), Act::Up]).spec();
    let sup = sup(one().max_restarts(3).child(flaky)).await;
    sup.die("a", error("boom")).await;
    sup.show().await;
}

async fn tries_count() {
    let failures = std::iter::repeat_with(|| Act::Fail(error("no"))).take(10);
    let hopeless = Opts::new("a").acts([Act::Up]).acts(failures).spec();
    let sup = sup(kids(one().max_restarts(2), ["z"]).child(hopeless)).await;
    sup.die("a", error("boom")).await;
    sup.exit().await;
}

async fn a_significant_end() {
    let supervisor = kids(one().auto_shutdown(AutoShutdown::AnySignificant), ["a"])
        .child(kid("b").restart(Restart::Transient).significant(true));
    let sup = sup(kids(supervisor, ["c"])).await;
    sup.die("b", ExitReason::Normal).await;
    sup.exit().await;
}

async fn a_nested_tree() {
    let inner = kids(one(), ["b", "c"]).child_spec("s1");
    let sup = sup(kids(one(), ["a"]).child(inner).child(kid("d"))).await;
    sup.show().await;
    sup.counts().await;
    sup.leave(ExitReason::Shutdown).await;
}

async fn stop_waits_for_the_tree() {
    let sup = sup(kids(one(), ["a", "b"])).await;
    tried("stop", sup.handle.stop().reason(ExitReason::Normal).await);
    sup.exit().await;
}

async fn refused_options() {
    let refusal = |started: Result<Sup, StartError>| match started {
        Err(error) => error.to_string(),
        Ok(_) => "up".to_owned(),
    };
    let twice = refusal(try_sup(kids(one(), ["a", "a"])).await);
    let known = twice.contains("duplicate child id `a`");
    ev(format!("dup -> {}", if known { "duplicate a" } else { &twice }));
    let no_period = refusal(try_sup(one().max_seconds(0)).await);
    let known = no_period.contains("max_seconds must be at least 1");
    ev(format!("period -> {}", if known { "invalid_period" } else { &no_period }));
}

async fn a_restart_that_ignores() {
    let ignores = Opts::new("a").acts([Act::Up, Act::Ignore]).spec();
    let sup = sup(one().child(ignores).child(kid("b"))).await;
    sup.die("a", error("boom")).await;
    sup.show().await;
    sup.counts().await;
}

async fn the_end_of_the_parent() {
    for reason in [error("boom"), ExitReason::Normal, ExitReason::shutdown_with("x")] {
        let sup = sup(kids(one(), ["a"])).await;
        sup.leave(reason).await;
    }
}

async fn added_children_come_last() {
    let sup = sup(kids(Supervisor::rest_for_one().max_restarts(10), ["a", "b"])).await;
    sup.handle.start_child(kid("c")).await.unwrap();
    sup.die("c", error("boom")).await;
    sup.die("b", error("boom")).await;
    sup.show().await;
}

async fn killed_is_abnormal() {
    let sup = sup(one().child(kid("a").restart(Restart::Transient))).await;
    sup.kill_child("a").await;
    sup.show().await;
}

async fn terminate_touches_one_child() {
    for supervisor in [Supervisor::one_for_all(), Supervisor::rest_for_one()] {
        let plain = |id| Opts::new(id).plain().spec();
        let sup = sup(supervisor.max_restarts(0).child(plain("a")).child(plain("b"))).await;
        tried("terminate", sup.handle.terminate_child("a").await);
        sup.show().await;
        tried("restart", sup.handle.restart_child("a").await.map(|_| "up"));
        sup.show().await;
        sup.kill();
    }
}

//! The scenarios of `golden/gs.txt`.

use otp::{
    CallError, Context, ExitReason, GenServer, InitResult, IntoInit, Never, Next, Pid, ReplyTo,
    ServerRef, Start, StartError, noreply, process, reply,
};

use super::helpers::{down_ref, error, kill, ms, next, next_as, tried};
use super::show::{Value, f};
use super::srv::{
    Opts, Request, Srv, call, cast, cast_value, echo, get, info, pid, slow_call, slow_turn, start,
    start_link, turn, up, up_as, up_link, up_with,
};
use super::trace::{ev, nm};
use super::{Scenario, scenario};

/// All of them.
pub const SCENARIOS: &[Scenario] = &[
    scenario!(
        "GS-T01",
        ["GS-INIT-01", "GS-INIT-02", "GS-INIT-03", "GS-INIT-04"],
        every_outcome_of_init
    ),
    scenario!("GS-T02", ["GS-INIT-07"], failed_starts_in_a_trapping_parent),
    scenario!("GS-T03", ["GS-INIT-02", "GS-INIT-06"], failed_starts_end_a_plain_parent),
    scenario!("GS-T04", ["GS-START-03", "GS-START-04", "GS-INIT-10"], a_taken_name),
    scenario!("GS-T05", ["GS-START-08"], a_start_that_takes_too_long),
    scenario!("GS-T06", ["GS-START-01", "GS-CONT-01", "GS-CONT-04"], continue_from_init),
    scenario!("GS-T07", ["GS-CALL-01", "GS-CONT-02", "GS-CONT-03"], continue_from_a_call),
    scenario!("GS-T08", ["GS-CALL-02", "GS-CALL-03"], an_answer_by_somebody_else),
    scenario!("GS-T09", ["GS-CALL-04", "GS-CALL-05", "GS-CALL-06"], a_call_that_is_late),
    scenario!(
        "GS-T10",
        ["GS-CALL-07", "GS-CALL-08", "GS-CALL-09", "GS-CALL-10", "GS-CALL-14", "GS-CALL-17"],
        calls_to_the_dead
    ),
    scenario!("GS-T11", ["GS-CALL-16"], stop_with_an_answer),
    scenario!("GS-T12", ["GS-CALL-11", "GS-STOP-04"], calling_oneself),
    scenario!("GS-T13", ["GS-TERM-01", "GS-TERM-07", "GS-TERM-12"], when_terminate_runs),
    scenario!(
        "GS-T14",
        ["GS-TERM-02", "GS-TERM-03", "GS-TERM-05", "GS-INFO-01"],
        exit_signals_and_terminate
    ),
    scenario!("GS-T15", ["GS-TERM-04"], the_end_of_the_parent),
    scenario!("GS-T16", ["GS-CAST-01"], cast_never_fails),
    scenario!("GS-T17", ["GS-CAST-02"], one_senders_order),
    scenario!("GS-T18", ["GS-TMO-01", "GS-TMO-02"], a_time_out_fires_once),
    scenario!("GS-T19", ["GS-TMO-03"], a_time_out_of_zero),
    scenario!(
        "GS-T20",
        ["GS-STOP-01", "GS-STOP-02", "GS-STOP-03", "GS-STOP-05", "GS-TERM-06"],
        stops
    ),
    scenario!("GS-T21", ["GS-START-02", "GS-TERM-09"], ends_and_a_linked_starter),
    scenario!("GS-T23", ["GS-START-06", "GS-STOP-01"], names_are_free_at_once),
    scenario!("GS-T24", ["GS-INFO-02"], messages_without_a_handler),
    scenario!("GS-T25", ["GS-CALL-21"], a_trapping_caller_that_is_linked),
    scenario!("GS-T26", ["GS-INIT-09"], init_that_answers_with_an_error),
    scenario!("GS-T27", ["GS-TMO-05"], a_time_out_from_init),
    scenario!("GS-T28", ["GS-STOP-07"], stop_waits_its_turn),
];

/// A handle that somebody else is given.
struct Started(ServerRef<Srv>);

/// What a process that waits for an order is told.
struct Go;

async fn every_outcome_of_init() {
    let started = start(Opts::new()).await;
    tried("ok", started.map(|_| true).map_err(never_started));
    tried("ignore", start(Opts::new().init(|_, _| InitResult::ignore())).await);
    tried("stop", start(Opts::new().init(|_, _| InitResult::stop(error("nope")))).await);
    tried("raise", start(Opts::new().init(|_, _| panic!("init oops"))).await);
    tried("exit", start(Opts::new().init(|_, _| process::exit(error("bye")))).await);
    let exits = Opts::new().init(|_, _| process::exit(ExitReason::Normal));
    tried("exit normal", start(exits).await);
}

/// Lets a start that must succeed be printed like a call.
fn never_started(error: StartError) -> CallError {
    panic!("{error}")
}

async fn failed_starts_in_a_trapping_parent() {
    process::trap_exit(true);
    tried("ignore", start_link(Opts::new().init(|_, _| InitResult::ignore())).await);
    next().await;
    tried("stop", start_link(Opts::new().init(|_, _| InitResult::stop(error("nope")))).await);
    next().await;
    tried("raise", start_link(Opts::new().init(|_, _| panic!("init oops"))).await);
    next().await;
}

async fn failed_starts_end_a_plain_parent() {
    let parent = process::spawn(async {
        nm(process::self_pid(), "parent");
        let Go = process::receive_type().await;
        let _ = start_link(Opts::new().init(|_, _| InitResult::stop(error("nope")))).await;
        ev("parent survived");
    });
    let monitor = process::monitor(parent);
    process::send(parent, Go);
    down_ref(parent, monitor).await;
    let parent = process::spawn(async {
        nm(process::self_pid(), "parent2");
        let Go = process::receive_type().await;
        let _ = start_link(Opts::new().init(|_, _| InitResult::ignore())).await;
        ev("parent2 survived ignore");
    });
    let monitor = process::monitor(parent);
    process::send(parent, Go);
    down_ref(parent, monitor).await;
}

async fn a_taken_name() {
    let registered = Opts::new().init(|st, _| {
        let mine = process::whereis("gs_t04") == Some(process::self_pid());
        ev(format!("a init registered {}", f(&mine)));
        InitResult::ok(st)
    });
    let a = up_as("a", registered, "gs_t04").await;
    let second = Opts::new().name("b").init(|st, _| {
        ev("b init ran");
        InitResult::ok(st)
    });
    tried("second", start(second).name("gs_t04").await);
    a.stop().await.unwrap();
    let third = start(Opts::new().name("c")).name("gs_t04").await;
    tried("third", third.map(|_| "started").map_err(never_started));
}

async fn a_start_that_takes_too_long() {
    let me = process::self_pid();
    let slow = Opts::new().init_async(move |st, cx| {
        Box::pin(async move {
            process::send(me, cx.pid());
            process::sleep(ms(5000)).await;
            InitResult::ok(st)
        })
    });
    tried("start", start(slow).timeout(ms(50)).await);
    let server: Pid = process::receive_type().await;
    ev(format!("alive {}", f(&process::is_alive(server))));
}

async fn continue_from_init() {
    let opts = Opts::new().init(|st, cx| {
        process::send(cx.pid(), "queued_in_init");
        InitResult::ok(st).continue_with(turn(|_, _| {
            ev("continue 1");
            Next::after(noreply().continue_with(turn(|_, _| {
                ev("continue 2");
                Next::wait()
            })))
        }))
    });
    let a = up_with("a", opts).await;
    ev(format!("call {}", f(&get(&a).await.unwrap())));
}

async fn continue_from_a_call() {
    let a = up("a").await;
    let me = process::self_pid();
    let answer = call(&a, move |from: ReplyTo<&str>, _, cx| {
        info(cx.pid(), |st, _| {
            st.log.push("later");
            Next::wait()
        });
        let goes_on = slow_turn(move |st, _| {
            Box::pin(async move {
                process::send(me, "continued");
                process::sleep(ms(20)).await;
                st.log.push("continued");
                Next::wait()
            })
        });
        Next::answer(from, reply("r1").continue_with(goes_on))
    });
    ev(format!("got {}", f(&answer.await.unwrap())));
    next_as("msg", ms(500)).await;
    let log = call(&a, |from, st, _| Next::answer(from, st.log.clone()));
    ev(format!("server log {}", f(&log.await.unwrap())));
}

async fn an_answer_by_somebody_else() {
    struct From(ReplyTo<&'static str>);
    let a = up("a").await;
    let me = process::self_pid();
    let server = a.clone();
    process::spawn(async move {
        let answer = call(&server, move |from, _, _| {
            process::send(me, From(from));
            Next::wait()
        });
        ev(format!("client got {}", f(&answer.await.unwrap())));
        process::send(me, Go);
    });
    let From(from) = process::receive_type().await;
    ev(format!("server still answers {}", f(&echo(&a, 1).await.unwrap())));
    process::spawn(async move { from.reply("from_third_party") });
    let Go = process::receive_type().await;
}

async fn a_call_that_is_late() {
    let a = up("a").await;
    let slow = slow_call(&a, |from, _, _| {
        Box::pin(async move {
            process::sleep(ms(80)).await;
            Next::answer(from, "too_late")
        })
    });
    tried("call", slow.timeout(ms(20)).await);
    ev(format!("server {}", f(&echo(&a, "fine").await.unwrap())));
    next().await;
}

async fn calls_to_the_dead() {
    let a = up("a").await;
    a.stop().await.unwrap();
    tried("dead pid", get(&a).await);
    tried("unknown name", get(&ServerRef::named("gs_t10_nobody")).await);
    let stops = [
        ("stop_reason", error("why_not")),
        ("stop_normal", ExitReason::Normal),
        ("stop_shutdown", ExitReason::shutdown_with(1)),
    ];
    for (label, reason) in stops {
        let b = up(label).await;
        tried(label, stop_unanswered(&b, reason).infinity().await);
    }
    let b = up("raise").await;
    tried("raise", call(&b, |_: ReplyTo<()>, _, _| panic!("in call")).infinity().await);
    let b = up("exit").await;
    let exits = call(&b, |_: ReplyTo<()>, _, _| process::exit(error("bye")));
    tried("exit", exits.infinity().await);
    let c = up("c").await;
    let victim = pid(&c);
    process::spawn(async move {
        process::sleep(ms(30)).await;
        process::send_exit(victim, ExitReason::Kill);
    });
    let unanswered = call(&c, |from: ReplyTo<()>, st, _| {
        st.keep(from);
        Next::wait()
    });
    tried("killed", unanswered.infinity().await);
}

/// A call whose handler stops the server and gives no answer.
fn stop_unanswered(server: &ServerRef<Srv>, reason: ExitReason) -> otp::Call<Srv, ()> {
    call(server, move |from, st, _| {
        st.keep(from);
        Next::stop(reason)
    })
}

async fn stop_with_an_answer() {
    let a = up("a").await;
    let monitor = process::monitor(pid(&a));
    let stop = call(&a, |from: ReplyTo<&str>, _, _| {
        Next::answer(from, reply("the_reply").stop(ExitReason::Normal))
    });
    tried("call", stop.await);
    down_ref(pid(&a), monitor).await;
}

async fn calling_oneself() {
    let a = up("a").await;
    let calls = slow_call(&a, |from, _, cx| {
        let itself: ServerRef<Srv> = cx.client();
        Box::pin(async move {
            let refused = get(&itself).await.unwrap_err();
            Next::answer(from, f(&refused))
        })
    });
    ev(calls.await.unwrap());
    let stops = slow_call(&a, |from, _, cx| {
        let itself: ServerRef<Srv> = cx.client();
        Box::pin(async move {
            let refused = itself.stop().await.unwrap_err();
            Next::answer(from, f(&refused))
        })
    });
    ev(stops.await.unwrap());
}

async fn when_terminate_runs() {
    let ends = [
        ("normal", turn(|_, _| Next::stop(ExitReason::Normal))),
        ("other", turn(|_, _| Next::stop(error("other")))),
        ("raise", turn(|_, _| panic!("oops"))),
        ("exit", turn(|_, _| process::exit(error("bye")))),
    ];
    for (label, end) in ends {
        let a = up(label).await;
        let monitor = process::monitor(pid(&a));
        a.cast(Request::Turn(end));
        down_ref(pid(&a), monitor).await;
    }
}

async fn exit_signals_and_terminate() {
    let a = up("plain").await;
    kill(pid(&a), error("boom")).await;
    let b = up_with("trap", Opts::new().trap()).await;
    process::send_exit(pid(&b), error("boom"));
    get(&b).await.unwrap();
    kill(pid(&b), ExitReason::Kill).await;
}

async fn the_end_of_the_parent() {
    for (name, reason) in [("child", error("parent_reason")), ("child2", ExitReason::Normal)] {
        let me = process::self_pid();
        let parent = process::spawn(async move {
            let a = up_link(name, Opts::new().trap()).await;
            process::send(me, Started(a));
            process::exit(process::receive_type::<ExitReason>().await);
        });
        let Started(a) = process::receive_type().await;
        let monitor = process::monitor(pid(&a));
        process::send(parent, reason);
        down_ref(pid(&a), monitor).await;
    }
}

async fn cast_never_fails() {
    let a = up("a").await;
    a.stop().await.unwrap();
    cast_value(&a, "x");
    tried("dead", Value(()));
    cast_value(&ServerRef::<Srv>::named("gs_t16_nobody"), "x");
    tried("unknown", Value(()));
}

async fn one_senders_order() {
    let a = up("a").await;
    cast_value(&a, 1);
    process::send(pid(&a), 2);
    cast_value(&a, 3);
    process::send(pid(&a), 4);
    ev(format!("call {}", f(&echo(&a, 5).await.unwrap())));
}

async fn a_time_out_fires_once() {
    let a = up("a").await;
    let within = |limit| {
        call(&a, move |from: ReplyTo<()>, _, _| Next::answer(from, reply(()).timeout(limit)))
    };
    within(ms(30)).await.unwrap();
    process::sleep(ms(100)).await;
    within(ms(60)).await.unwrap();
    process::send(pid(&a), "interrupt");
    process::sleep(ms(120)).await;
    ev("done");
}

async fn a_time_out_of_zero() {
    let a = up("a").await;
    cast(&a, |_, cx| {
        process::send(cx.pid(), "queued");
        Next::after(noreply().timeout(ms(0)))
    });
    process::sleep(ms(30)).await;
    get(&a).await.unwrap();
    cast(&a, |_, _| Next::after(noreply().timeout(ms(0))));
    process::sleep(ms(30)).await;
    ev("done");
}

async fn stops() {
    let a = up("a").await;
    tried("stop", a.stop().await);
    ev(format!("alive {}", f(&a.is_alive())));
    tried("stop again", a.stop().await);
    let b = up("b").await;
    let monitor = process::monitor(pid(&b));
    tried("stop reason", b.stop().reason(ExitReason::Shutdown).await);
    down_ref(pid(&b), monitor).await;
    let exits = Opts::new().term(|_| Box::pin(async { process::exit(error("term_failed")) }));
    let c = up_with("c", exits).await;
    tried("terminate exits", c.stop().await);
    let d = up_with("d", Opts::new().term(|_| Box::pin(process::sleep(ms(200))))).await;
    let monitor = process::monitor(pid(&d));
    tried("stop time-out", d.stop().timeout(ms(20)).await);
    down_ref(pid(&d), monitor).await;
}

async fn ends_and_a_linked_starter() {
    let shutdown_x = ExitReason::shutdown_with("x");
    for reason in [ExitReason::Normal, ExitReason::Shutdown, shutdown_x, error("boom")] {
        let me = process::self_pid();
        let parent = process::spawn(async move {
            nm(process::self_pid(), "par");
            let a = up_link("a", Opts::new()).await;
            process::send(me, Started(a));
            let Go = process::receive_type().await;
        });
        let Started(a) = process::receive_type().await;
        let (monitor, of_parent) = (process::monitor(pid(&a)), process::monitor(parent));
        cast(&a, move |_, _| Next::stop(reason));
        down_ref(pid(&a), monitor).await;
        process::send(parent, Go);
        down_ref(parent, of_parent).await;
    }
}

async fn names_are_free_at_once() {
    for i in 1..=3 {
        let a = up_as(format!("a{i}"), Opts::new(), "gs_h12").await;
        a.stop().await.unwrap();
        let bad = Opts::new().init(|_, _| InitResult::stop(error("no")));
        tried("bad start", start(bad).name("gs_h12").await);
    }
}

/// A server without a handler for anything.
struct Bare;

impl GenServer for Bare {
    type Args = ();
    type Request = Never;
    type Continue = Never;
    type Client = ServerRef<Bare>;

    async fn init((): (), _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Bare)
    }

    async fn handle(&mut self, request: Never, _: &mut Context<Self>) -> Next<Self> {
        match request {}
    }
}

async fn messages_without_a_handler() {
    let a = Start::<Bare>::alone(()).await.unwrap();
    process::send(a.pid().unwrap(), "hello");
    process::sleep(ms(10)).await;
    ev(format!("alive {}", f(&a.is_alive())));
}

async fn a_trapping_caller_that_is_linked() {
    process::trap_exit(true);
    let a = up_link("a", Opts::new()).await;
    tried("call", stop_unanswered(&a, error("why")).await);
    next().await;
    next().await;
}

async fn init_that_answers_with_an_error() {
    process::trap_exit(true);
    let fails = || Opts::new().init(|_, _| Err::<Srv, _>("nope").into_init());
    tried("start", start(fails()).await);
    tried("start_link", start_link(fails()).await);
    next().await;
}

async fn a_time_out_from_init() {
    let within = |limit| Opts::new().init(move |st, _| InitResult::ok(st).timeout(limit));
    up_with("a", within(ms(30))).await;
    process::sleep(ms(90)).await;
    let b = up_with("b", within(ms(60))).await;
    process::send(pid(&b), "early");
    process::sleep(ms(120)).await;
    ev("done");
}

async fn stop_waits_its_turn() {
    let a = up("a").await;
    let slow = slow_turn(|_, _| {
        Box::pin(async {
            process::sleep(ms(20)).await;
            Next::wait()
        })
    });
    a.cast(Request::Turn(slow));
    cast_value(&a, "one");
    process::send(pid(&a), "two");
    a.stop().await.unwrap();
    ev("stopped");
}

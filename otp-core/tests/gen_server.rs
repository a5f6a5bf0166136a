//! Servers: starts, calls, casts, stops, and what callers see of each end.

mod support;

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use otp_core::{CallError, Exit, ExitReason, Start, StartError, StopError, process};
use support::{Begin, Plan, Probe, Request, Told, paused, threaded, told};

const SECOND: Duration = Duration::from_secs(1);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// GS-START-01, GS-START-02.
#[test]
fn start_returns_when_init_has_and_link_links() {
    paused(async {
        let me = process::self_pid();
        let server = Plan::new("a").start().await;
        assert_eq!(told().await, [Told::Init("a")]);
        let pid = server.pid().unwrap();
        assert!(process::info(pid).unwrap().links.is_empty());
        assert_eq!(server.call(Request::SelfPid).await, Ok(pid));
        assert_eq!(server.stop().await, Ok(()));

        let linked = Plan::new("b").start_link().await;
        assert_eq!(process::info(linked.pid().unwrap()).unwrap().links, [me]);
    });
}

/// GS-START-06, GS-START-08, GS-INIT-01, GS-INIT-02, GS-INIT-03.
#[test]
fn a_failing_start_gives_its_reason_and_leaves_nothing_behind() {
    paused(async {
        let before = process::list().len();
        for (init, expected) in [
            (Begin::Ignore, StartError::Ignore),
            (Begin::Stop(error("nope")), StartError::Exit(error("nope"))),
        ] {
            let plan = Plan::new("a").named("a").init(init);
            assert_eq!(Start::<Probe>::link(plan).await.err(), Some(expected));
        }
        let panics = Plan::new("a").named("a").init(Begin::Panic);
        let Err(StartError::Exit(ExitReason::Crash(crash))) = Start::<Probe>::link(panics).await
        else {
            panic!("a panic must be the reason");
        };
        assert_eq!(crash.message(), "init oops");
        let never = Plan::new("a").named("a").init(Begin::Never);
        let late = Start::<Probe>::link(never).timeout(SECOND).await;
        assert_eq!(late.err(), Some(StartError::Timeout));

        assert_eq!(process::whereis("a"), None);
        assert_eq!(process::list().len(), before);
        assert!(!told().await.iter().any(|told| matches!(told, Told::Terminate(..))));
    });
}

/// GS-INIT-06, GS-INIT-07.
#[test]
fn a_failing_linked_start_ends_an_ordinary_starter_but_not_a_trapping_one() {
    paused(async {
        let owner = process::self_pid();
        let starter = |trap: bool, init: Begin| {
            let plan = Plan { owner, ..Plan::new("x") }.init(init);
            let (pid, _) = process::spawn_monitor(async move {
                process::trap_exit(trap);
                let failed = Start::<Probe>::link(plan).await.is_err();
                let exits =
                    process::receive_timeout(otp_core::Message::downcast::<Exit>, Duration::ZERO);
                process::exit(ExitReason::error((failed, exits.await.is_some())));
            });
            pid
        };
        let reason = async |pid| process::join(pid).await.unwrap_or(ExitReason::NoProc);
        let survived = ExitReason::error((true, false)); // an error, and no exit message
        assert_eq!(reason(starter(false, Begin::Stop(error("nope")))).await, error("nope"));
        assert_eq!(reason(starter(false, Begin::Ignore)).await, survived);
        assert_eq!(reason(starter(true, Begin::Stop(error("nope")))).await, survived);
        assert!(reason(starter(true, Begin::Panic)).await == survived);
    });
}

/// GS-START-03, GS-START-04.
#[test]
fn a_taken_name_is_told_before_init_runs() {
    paused(async {
        let first = Plan::new("a").named("taken").start_link().await;
        let second = Start::<Probe>::link(Plan::new("b").named("taken")).await;
        assert_eq!(second.err(), Some(StartError::AlreadyStarted(first.pid().unwrap())));
        assert_eq!(told().await, [Told::Init("a")]);
        first.stop().await.unwrap();
        Plan::new("c").named("taken").start_link().await; // free at once
    });
}

/// GS-INIT-11.
#[test]
fn a_starter_that_is_killed_takes_the_starting_server_down() {
    paused(async {
        let owner = process::self_pid();
        let plan = Plan { owner, ..Plan::new("slow") }.named("slow").init(Begin::Never);
        let starter = process::spawn(async move { Start::<Probe>::link(plan).await.is_ok() });
        while process::whereis("slow").is_none() {
            tokio::task::yield_now().await;
        }
        let server = process::whereis("slow").unwrap();
        process::send_exit(starter, ExitReason::Kill);
        assert_eq!(process::join(server).await, Some(ExitReason::Killed));
    });
}

/// GS-CALL-10, GS-CAST-01, GS-STOP-03.
#[test]
fn a_call_to_the_dead_or_to_nobody_fails_at_once() {
    paused(async {
        let server = Plan::new("a").start().await;
        server.stop().await.unwrap();
        let start = tokio::time::Instant::now();
        assert_eq!(server.call(Request::Ping).await, Err(CallError::NoProc));
        let nobody = otp_core::ServerRef::<Probe>::named("nobody");
        assert_eq!(nobody.call(Request::Ping).await, Err(CallError::NoProc));
        assert_eq!(nobody.stop().await, Err(StopError::NoProc));
        nobody.cast(Request::StopCast(error("nobody hears it")));
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

/// GS-CALL-11.
#[test]
fn a_call_to_oneself_fails_at_once() {
    paused(async {
        let server = Plan::new("a").start_link().await;
        let answer = server.call(Request::CallSelf).await.unwrap();
        assert_eq!(answer, "Err(CallingSelf)");
    });
}

/// GS-CALL-04, GS-CALL-05, GS-CALL-06.
#[test]
fn a_late_answer_is_dropped_and_the_server_unharmed() {
    paused(async {
        let server = Plan::new("a").start_link().await;
        let slow = server.call(|caller| Request::Sleep(SECOND * 2, caller)).timeout(SECOND);
        assert_eq!(slow.await, Err(CallError::Timeout));
        let start = tokio::time::Instant::now();
        assert_eq!(server.call(Request::Ping).await, Ok("pong"));
        assert_eq!(start.elapsed(), SECOND);
        let by_default = server.call(|caller| Request::Sleep(SECOND * 9, caller));
        assert_eq!(by_default.await, Err(CallError::Timeout));
        let patient = server.call(|caller| Request::Sleep(SECOND * 9, caller)).infinity();
        assert_eq!(patient.await, Ok("slept"));
        assert!(start.elapsed() >= SECOND * 18);
    });
}

/// GS-CALL-07, GS-CALL-08, GS-CALL-09.
#[test]
fn a_caller_learns_why_the_server_ended() {
    paused(async {
        let exited = |reason| Err(CallError::Exited(reason));
        let server = Plan::new("a").start().await;
        let answer = server.call(Request::Panic).await;
        let Err(CallError::Exited(ExitReason::Crash(crash))) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(crash.message(), "handler oops");

        let server = Plan::new("a").start().await;
        let answer = server.call(|caller| Request::Exit(error("bye"), caller)).await;
        assert_eq!(answer, exited(error("bye")));

        for reason in [ExitReason::Normal, ExitReason::shutdown_with(1), error("why not")] {
            let server = Plan::new("a").start().await;
            let held = reason.clone();
            let answer = server.call(|caller| Request::StopSilently(held, caller)).await;
            assert_eq!(answer, exited(reason));
        }

        let server = Plan::new("a").start().await;
        let pid = server.pid().unwrap();
        let killer = process::spawn(async move {
            process::sleep(SECOND).await;
            process::send_exit(pid, ExitReason::Kill);
        });
        let answer = server.call(Request::Hold).await;
        assert_eq!(answer, exited(ExitReason::Killed));
        process::join(killer).await;
    });
}

/// GS-CALL-17.
#[test]
fn queued_callers_learn_the_reason_too() {
    threaded(async {
        for _ in 0..200 {
            let server = Plan::new("a").start().await;
            let callers: Vec<_> = (0..4)
                .map(|_| tokio::spawn(server.call(Request::Ping)))
                .chain([tokio::spawn(server.call(Request::Panic))])
                .chain((0..4).map(|_| tokio::spawn(server.call(Request::Ping))))
                .collect();
            for caller in callers {
                match caller.await.unwrap() {
                    Ok("pong") | Err(CallError::NoProc) => {}
                    Err(CallError::Exited(reason)) => assert!(reason.is_crash()),
                    other => panic!("{other:?}"),
                }
            }
        }
    });
}

/// GS-CALL-02, GS-CALL-03.
#[test]
fn an_answer_may_come_later_from_anywhere() {
    paused(async {
        let server = Plan::new("a").start_link().await;
        assert_eq!(server.call(Request::PassOn).await, Ok("from a third process"));
        assert_eq!(server.call(Request::Refuse).await, Err(CallError::NoReply));
    });
}

/// GS-CALL-07.
#[test]
fn an_answer_kept_elsewhere_does_not_hide_the_servers_end() {
    paused(async {
        let server = Plan::new("a").start().await;
        let call = tokio::spawn(server.call(Request::PassOn));
        tokio::task::yield_now().await;
        let pid = server.pid().unwrap();
        tokio::task::yield_now().await;
        process::send_exit(pid, error("gone"));
        assert_eq!(call.await.unwrap(), Err(CallError::Exited(error("gone"))));
        process::sleep(SECOND * 2).await; // the third process answers in vain
    });
}

/// GS-CALL-16.
#[test]
fn stop_with_an_answer_runs_terminate_first_and_frees_the_name() {
    paused(async {
        let server = Plan::new("a").named("stopping").start().await;
        let answer = server.call(|caller| Request::Stop(ExitReason::Normal, caller)).await;
        assert_eq!(answer, Ok("last words"));
        assert_eq!(process::whereis("stopping"), None);
        let terminated = Told::Terminate("a", ExitReason::Normal);
        assert_eq!(told().await, [Told::Init("a"), terminated]);
    });
}

/// Notes at each wake whether the name `stopping` is held.
struct Look(Mutex<Vec<bool>>);

impl Wake for Look {
    fn wake(self: Arc<Self>) {
        self.0.lock().unwrap().push(process::whereis("stopping").is_some());
    }
}

/// GS-CALL-16: whoever has the answer can take the name.
#[test]
fn the_name_of_a_server_that_stops_is_free_when_its_answer_comes() {
    paused(async {
        let server = Plan::new("a").named("stopping").start().await;
        let look = Arc::new(Look(Mutex::default()));
        let waker = Waker::from(Arc::clone(&look));
        let mut task = Context::from_waker(&waker);
        let mut call = server.call(|caller| Request::Stop(ExitReason::Normal, caller));
        for _ in 0..2 {
            assert!(Pin::new(&mut call).poll(&mut task).is_pending()); // sent, then armed
        }
        assert!(std::mem::take(&mut *look.0.lock().unwrap()).iter().all(|held| *held));
        process::sleep(SECOND).await;
        let held = std::mem::take(&mut *look.0.lock().unwrap());
        assert!(!held.is_empty() && held.iter().all(|held| !held), "{held:?}");
        assert_eq!(Pin::new(&mut call).poll(&mut task), Poll::Ready(Ok("last words")));
    });
}

/// GS-TERM-01, GS-TERM-02, GS-TERM-03.
#[test]
fn terminate_runs_exactly_when_otp_runs_it() {
    paused(async {
        let terminated = async || {
            let told = told().await;
            told.iter().any(|told| matches!(told, Told::Terminate(..)))
        };
        let server = Plan::new("a").start().await;
        server.cast(Request::StopCast(ExitReason::error("stopped")));
        assert_eq!(process::join(server.pid().unwrap()).await, Some(error("stopped")));
        assert!(terminated().await);

        let server = Plan::new("a").start().await;
        let _ = server.call(Request::Panic).await;
        assert!(terminated().await);

        let server = Plan::new("a").start().await;
        process::send_exit(server.pid().unwrap(), error("signal"));
        process::join(server.pid().unwrap()).await;
        assert!(!terminated().await, "it does not trap exits");

        let server = Plan::new("a").trap().start().await;
        process::send_exit(server.pid().unwrap(), ExitReason::Kill);
        process::join(server.pid().unwrap()).await;
        assert!(!terminated().await, "never after a kill");
    });
}

/// GS-TERM-04, GS-TERM-05.
#[test]
fn a_trapping_server_obeys_its_parent_and_hears_of_others() {
    paused(async {
        let owner = process::self_pid();
        let plan = Plan { owner, ..Plan::new("a") }.trap();
        let parent = process::spawn(async move {
            let server = plan.start_link().await;
            process::send(owner, server);
            let _: () = process::receive_type().await;
            process::exit(error("parent's reason"));
        });
        let server: otp_core::ServerRef<Probe> = process::receive_type().await;
        let pid = server.pid().unwrap();
        process::send_exit(pid, error("not the parent"));
        assert_eq!(server.call(Request::Ping).await, Ok("pong"));
        let heard = Told::ExitOf(owner, error("not the parent"));
        assert_eq!(told().await, [Told::Init("a"), heard]);
        process::send(parent, ());
        assert_eq!(process::join(pid).await, Some(error("parent's reason")));
        assert_eq!(told().await, [Told::Terminate("a", error("parent's reason"))]);
    });
}

/// GS-STOP-01, GS-STOP-02, GS-STOP-07.
#[test]
fn stop_waits_for_its_turn_and_for_the_end() {
    paused(async {
        let server = Plan::new("a").named("a").start().await;
        process::send(server.pid().unwrap(), "first");
        assert_eq!(server.stop().reason(ExitReason::Shutdown).await, Ok(()));
        assert_eq!(process::whereis("a"), None);
        let terminated = Told::Terminate("a", ExitReason::Shutdown);
        assert_eq!(told().await, [Told::Init("a"), Told::Info("first"), terminated]);
        assert_eq!(server.stop().await, Err(StopError::NoProc));

        let server = Plan::new("b").start().await;
        let busy = tokio::spawn(server.call(|caller| Request::Sleep(SECOND * 3, caller)));
        tokio::task::yield_now().await;
        assert_eq!(server.stop().timeout(SECOND).await, Err(StopError::Timeout));
        assert_eq!(process::join(server.pid().unwrap()).await, Some(ExitReason::Normal));
        assert_eq!(busy.await.unwrap(), Ok("slept"));
    });
}

/// GS-CAST-02.
#[test]
fn messages_casts_and_calls_of_one_sender_keep_their_order() {
    threaded(async {
        let server = Plan::new("a").start_link().await;
        let pid = server.pid().unwrap();
        told().await;
        for round in 0..500 {
            process::send(pid, "one");
            process::send(pid, "two");
            assert_eq!(server.call(Request::Ping).await, Ok("pong"), "round {round}");
            assert_eq!(told().await, [Told::Info("one"), Told::Info("two")]);
        }
    });
}

/// GS-CALL-14.
#[test]
fn or_exit_ends_the_caller_with_the_failure() {
    paused(async {
        let server = Plan::new("a").start().await;
        server.stop().await.unwrap();
        let (pid, _) = process::spawn_monitor(async move {
            server.call(Request::Ping).or_exit().await;
            unreachable!("the caller has ended");
        });
        let reason = process::join(pid).await;
        assert_eq!(reason, Some(ExitReason::error(CallError::NoProc)));
    });
}

#[test]
fn a_thread_outside_the_runtime_can_call() {
    threaded(async {
        let server = Plan::new("a").start_link().await;
        let caller = server.clone();
        let calls = tokio::task::spawn_blocking(move || {
            let limit = Duration::from_millis(20);
            (
                caller.call(Request::Ping).blocking(),
                caller.call(Request::Hold).timeout(limit).blocking(),
            )
        });
        assert_eq!(calls.await.unwrap(), (Ok("pong"), Err(CallError::Timeout)));
    });
}

#[test]
fn a_call_works_from_a_plain_task_and_a_start_there_does_not_link() {
    threaded(async {
        let plan = Plan::new("a");
        let started = tokio::spawn(async move { Start::<Probe>::link(plan).await });
        let server = started.await.unwrap().unwrap();
        assert!(process::info(server.pid().unwrap()).unwrap().links.is_empty());
        server.stop().await.unwrap();
    });
}

#[test]
fn a_flood_of_messages_is_handled_to_the_last_one() {
    threaded(async {
        let server = Plan::new("a").start_link().await;
        let pid = server.pid().unwrap();
        for _ in 0..10_000 {
            process::send(pid, "flood");
        }
        assert_eq!(server.call(Request::Ping).await, Ok("pong"));
        assert_eq!(process::info(pid).unwrap().message_queue_len, 0);
        assert_eq!(told().await.len(), 10_001);
    });
}

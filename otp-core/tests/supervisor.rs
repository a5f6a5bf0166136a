//! Supervisors: start and stop order, strategies, restart types, intensity, shutdown, the client.

#[path = "supervisor/administration.rs"]
mod administration;
#[path = "supervisor/ending.rs"]
mod ending;
#[path = "supervisor/restarts.rs"]
mod restarts;
#[path = "supervisor/significant.rs"]
mod significant;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use otp_core::{
    AutoShutdown, CallError, ChildError, ChildId, ChildSpec, ChildState, ExitReason, FailedToStart,
    Restart, Shutdown, StartError, Strategy, Supervisor, SupervisorRef, process,
};
use support::capture::Capture;
use support::{Begin, Plan, Probe, Request, Told, paused, threaded, told};

const SECOND: Duration = Duration::from_secs(1);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// A child that traps exits, so that it tells of its end, named like its id.
fn child(id: &'static str) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id).trap().named(id)).id(id)
}

/// A child that an exit signal ends at once.
fn plain(id: &'static str) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id).named(id)).id(id)
}

/// Ends a child with a reason, and waits until the supervisor has dealt with it.
async fn end(supervisor: &SupervisorRef, id: &'static str, reason: ExitReason) {
    let pid = process::whereis(id).expect("the child runs");
    let server = otp_core::ServerRef::<Probe>::named(id);
    server.cast(support::Request::StopCast(reason));
    process::join(pid).await;
    // The exit message lies in the mailbox before this request.
    let _ = supervisor.count_children().await;
}

fn init(id: &'static str) -> Told {
    Told::Init(id)
}

fn shut(id: &'static str) -> Told {
    Told::Terminate(id, ExitReason::Shutdown)
}

fn boom(id: &'static str) -> Told {
    Told::Terminate(id, error("boom"))
}

fn running(state: ChildState) -> bool {
    matches!(state, ChildState::Running(_))
}

async fn ids(supervisor: &SupervisorRef) -> Vec<(String, bool)> {
    let children = supervisor.which_children().await.unwrap();
    children.into_iter().map(|child| (child.id.to_string(), running(child.state))).collect()
}

/// SUP-START-01, SUP-START-02, SUP-SHUT-01, SUP-ADM-07.
#[test]
fn children_start_in_order_and_stop_in_reverse() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a")).child(child("b"));
        let supervisor = supervisor.child(child("c")).start_link().await.unwrap();
        assert_eq!(told().await, [init("a"), init("b"), init("c")]);
        let newest_first = [("c".into(), true), ("b".into(), true), ("a".into(), true)];
        assert_eq!(ids(&supervisor).await, newest_first);
        supervisor.stop().await.unwrap();
        assert_eq!(told().await, [shut("c"), shut("b"), shut("a")]);
    });
}

/// SUP-STRAT-01, SUP-STRAT-02, SUP-STRAT-03, SUP-STRAT-04.
#[test]
fn the_strategies_restart_whom_they_say() {
    let after_the_end_of_b = |supervisor: Supervisor| async move {
        let supervisor = supervisor.child(child("a")).child(child("b")).child(child("c"));
        let supervisor = supervisor.start_link().await.unwrap();
        told().await;
        end(&supervisor, "b", error("boom")).await;
        let told = told().await;
        assert!(ids(&supervisor).await.iter().all(|(_, running)| *running));
        supervisor.stop().await.unwrap();
        support::told().await;
        told
    };
    paused(async move {
        let one_for_one = after_the_end_of_b(Supervisor::one_for_one()).await;
        assert_eq!(one_for_one, [boom("b"), init("b")]);
        let one_for_all = after_the_end_of_b(Supervisor::one_for_all()).await;
        let all_again = [boom("b"), shut("c"), shut("a"), init("a"), init("b"), init("c")];
        assert_eq!(one_for_all, all_again);
        let rest_for_one = after_the_end_of_b(Supervisor::rest_for_one()).await;
        assert_eq!(rest_for_one, [boom("b"), shut("c"), init("b"), init("c")]);
    });
}

/// SUP-START-03.
#[test]
fn a_failing_child_rolls_the_start_back_in_reverse() {
    paused(async {
        let failing = Plan::new("c").init(Begin::Stop(error("no disk")));
        let supervisor = Supervisor::one_for_one().child(child("a")).child(child("b"));
        let supervisor = supervisor
            .child(ChildSpec::<Probe>::new(failing).id("c"))
            .child(child("d"))
            .name("top");
        let before = process::list().len();
        let Err(StartError::Exit(ExitReason::ShutdownWith(term))) = supervisor.start_link().await
        else {
            panic!("the start must fail");
        };
        let failed = term.downcast_ref::<FailedToStart>().unwrap();
        assert_eq!((failed.child.as_str(), failed.path().as_str()), ("c", "c"));
        assert_eq!(failed.error, StartError::Exit(error("no disk")));
        let order = [init("a"), init("b"), init("c"), shut("b"), shut("a")];
        assert_eq!(told().await, order);
        assert_eq!((process::list().len(), process::whereis("top")), (before, None));
    });
}

/// SUP-START-03.
#[test]
fn a_nested_failure_names_the_path_to_the_culprit() {
    paused(async {
        let failing = Plan::new("db").init(Begin::Panic);
        let inner = Supervisor::one_for_all().child(ChildSpec::<Probe>::new(failing).id("db"));
        let outer = Supervisor::one_for_one().child(child("a")).child(inner.child_spec("web"));
        let Err(StartError::Exit(ExitReason::ShutdownWith(term))) = outer.name("app").start().await
        else {
            panic!("the start must fail");
        };
        let failed = term.downcast_ref::<FailedToStart>().unwrap();
        assert_eq!(failed.path(), "web.db");
        let text = format!("{failed:?}");
        assert!(text.contains("app.web.db") && text.contains("init oops"), "{text}");
        assert_eq!(told().await, [init("a"), init("db"), shut("a")]);
    });
}

/// SUP-RST-01, SUP-RST-02, SUP-RST-03, SUP-RST-04.
#[test]
fn a_panic_of_a_start_function_is_a_failed_start() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a")).start_link().await.unwrap();
        let panics = ChildSpec::from_fn("b", || async { panic!("start oops") });
        let refused = supervisor.start_child(panics).await;
        let Err(ChildError::Start(StartError::Exit(reason))) = refused else {
            panic!("it must fail");
        };
        assert!(reason.is_crash());
        assert_eq!(ids(&supervisor).await, [("a".to_owned(), true)]);
    });
}

#[test]
fn restart_types_decide_who_comes_back() {
    paused(async {
        let reasons = [
            ExitReason::Normal,
            ExitReason::Shutdown,
            ExitReason::shutdown_with("x"),
            error("boom"),
        ];
        for (restart, comes_back, keeps_spec) in [
            (Restart::Permanent, [true, true, true, true], true),
            (Restart::Transient, [false, false, false, true], true),
            (Restart::Temporary, [false, false, false, false], false),
        ] {
            for (reason, comes_back) in reasons.iter().zip(comes_back) {
                let supervisor = Supervisor::one_for_one().child(plain("a").restart(restart));
                let supervisor = supervisor.start_link().await.unwrap();
                end(&supervisor, "a", reason.clone()).await;
                let expected = if keeps_spec { vec![("a".into(), comes_back)] } else { vec![] };
                assert_eq!(ids(&supervisor).await, expected, "{restart:?} {reason}");
                supervisor.stop().await.unwrap();
            }
        }
    });
}

/// SUP-INT-01, SUP-INT-02, SUP-INT-06, SUP-INT-09.
#[test]
fn exactly_the_maximum_of_restarts_is_tolerated() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(2).child(child("z"));
        let supervisor = supervisor.child(plain("a")).start().await.unwrap();
        end(&supervisor, "a", error("boom")).await;
        end(&supervisor, "a", ExitReason::Normal).await; // counts as well
        assert!(ids(&supervisor).await.iter().all(|(_, running)| *running));
        let pid = supervisor.pid().unwrap();
        told().await;
        end(&supervisor, "a", error("boom")).await;
        assert_eq!(process::join(pid).await, None); // gone already, with what it supervised
        assert_eq!(told().await, [boom("a"), shut("z")]);
    });
}

/// SUP-INT-04.
#[test]
fn the_window_slides() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(1).max_seconds(5);
        let supervisor = supervisor.child(plain("a")).start().await.unwrap();
        for _ in 0..5 {
            end(&supervisor, "a", error("boom")).await;
            process::sleep(SECOND * 6).await;
        }
        end(&supervisor, "a", error("boom")).await;
        process::sleep(SECOND * 5).await;
        let (pid, monitor) =
            (supervisor.pid().unwrap(), process::monitor(supervisor.pid().unwrap()));
        end(&supervisor, "a", error("boom")).await; // exactly five seconds old still counts
        let down: otp_core::Down = process::receive_type().await;
        assert_eq!(
            (down.monitor, down.pid, down.reason),
            (monitor, Some(pid), ExitReason::Shutdown)
        );
    });
}

/// SUP-RST-07, SUP-INT-07.
#[test]
fn failed_restarts_are_tried_again_and_count() {
    paused(async {
        let no = || Begin::Stop(error("no"));
        let flaky = Plan::new("a").named("a").script([Begin::Ok, no(), no()]);
        let supervisor = Supervisor::one_for_one().max_restarts(3);
        let supervisor = supervisor.child(ChildSpec::<Probe>::new(flaky).id("a"));
        let supervisor = supervisor.start_link().await.unwrap();
        end(&supervisor, "a", error("boom")).await;
        while process::whereis("a").is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(ids(&supervisor).await, [("a".into(), true)]);
        let tries = told().await.iter().filter(|told| **told == init("a")).count();
        assert_eq!(tries, 4);
        supervisor.stop().await.unwrap();

        let hopeless = Plan::new("b").named("b").script([Begin::Ok]).init(no());
        let supervisor = Supervisor::one_for_one().max_restarts(2).child(child("z"));
        let supervisor = supervisor.child(ChildSpec::<Probe>::new(hopeless).id("b"));
        let supervisor = supervisor.start().await.unwrap();
        told().await;
        let pid = supervisor.pid().unwrap();
        otp_core::ServerRef::<Probe>::named("b").cast(support::Request::StopCast(error("boom")));
        assert_eq!(process::join(pid).await, Some(ExitReason::Shutdown));
        assert_eq!(told().await, [boom("b"), init("b"), init("b"), shut("z")]);
    });
}

/// SUP-STRAT-07.
#[test]
fn a_group_restart_starts_again_from_the_child_that_failed() {
    paused(async {
        let no = || Begin::Stop(error("no"));
        let flaky = |id| Plan::new(id).trap().named(id).script([Begin::Ok, no()]);
        for (supervisor, expected) in [
            (
                Supervisor::rest_for_one(),
                vec![boom("a"), shut("c"), shut("b"), init("a"), init("b"), init("b"), init("c")],
            ),
            (
                Supervisor::one_for_all(),
                vec![
                    boom("a"),
                    shut("c"),
                    shut("b"),
                    init("a"),
                    init("b"),
                    shut("a"),
                    init("a"),
                    init("b"),
                    init("c"),
                ],
            ),
        ] {
            let supervisor = supervisor
                .child(child("a"))
                .child(ChildSpec::<Probe>::new(flaky("b")).id("b"))
                .child(child("c"));
            let supervisor = supervisor.start_link().await.unwrap();
            told().await;
            end(&supervisor, "a", error("boom")).await;
            while process::whereis("c").is_none() {
                tokio::task::yield_now().await;
            }
            assert_eq!(told().await, expected);
            supervisor.stop().await.unwrap();
            told().await;
        }
    });
}

/// SUP-SHUT-02, SUP-SHUT-03, SUP-SHUT-05.
#[test]
fn each_child_has_its_own_shutdown_limit() {
    paused(async {
        let slow = |id| {
            process::SpawnOptions::new().name(id).link().spawn(async {
                process::trap_exit(true);
                std::future::pending::<()>().await;
            })
        };
        let supervisor = Supervisor::one_for_one()
            .child(child("brutal").shutdown(Shutdown::BrutalKill))
            .child(
                ChildSpec::from_fn("slow", move || async move { Ok(slow("slow")) })
                    .shutdown(SECOND * 3),
            )
            .child(
                ChildSpec::from_fn("zero", move || async move { Ok(slow("zero")) })
                    .shutdown(Duration::ZERO),
            );
        let supervisor = supervisor.start_link().await.unwrap();
        let start = tokio::time::Instant::now();
        let watched: Vec<_> = ["zero", "slow", "brutal"].map(process::monitor).into();
        tokio::task::yield_now().await;
        supervisor.stop().await.unwrap();
        for monitor in watched {
            let down: otp_core::Down = process::receive_type().await;
            assert_eq!((down.monitor, down.reason), (monitor, ExitReason::Killed));
        }
        assert_eq!(start.elapsed(), SECOND * 3);
        assert_eq!(told().await, [init("brutal")]);
    });
}

/// SUP-SHUT-08.
#[test]
fn a_child_that_unlinked_itself_is_still_waited_for() {
    paused(async {
        let start = || async {
            Ok(process::SpawnOptions::new().name("loose").link().spawn(async {
                let supervisor = process::info(process::self_pid()).unwrap().parent.unwrap();
                process::unlink(supervisor);
                process::register(process::spawn(async {}), "unlinked").unwrap();
                std::future::pending::<()>().await;
            }))
        };
        let supervisor = Supervisor::one_for_one().child(ChildSpec::from_fn("loose", start));
        let supervisor = supervisor.start_link().await.unwrap();
        let loose = process::whereis("loose").unwrap();
        tokio::task::yield_now().await;
        supervisor.stop().await.unwrap();
        assert!(!process::is_alive(loose));
        assert_eq!(process::whereis("loose"), None);
    });
}

/// SUP-SHUT-09, SUP-SHUT-12, SUP-ADM-08.
#[test]
fn nested_trees_stop_depth_first_and_a_killed_supervisor_takes_its_children_along() {
    paused(async {
        let inner = Supervisor::one_for_one().child(child("b")).child(child("c"));
        let outer = Supervisor::one_for_one()
            .child(child("a"))
            .child(inner.child_spec("inner"))
            .child(child("d"));
        let outer = outer.start_link().await.unwrap();
        told().await;
        let counts = outer.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active), (3, 3));
        assert_eq!((counts.supervisors, counts.workers), (1, 2));
        outer.stop().await.unwrap();
        assert_eq!(told().await, [shut("d"), shut("c"), shut("b"), shut("a")]);

        let doomed = Supervisor::one_for_one().child(child("x")).child(plain("y"));
        let doomed = doomed.start().await.unwrap();
        told().await;
        let (x, y) = (process::whereis("x").unwrap(), process::whereis("y").unwrap());
        process::send_exit(doomed.pid().unwrap(), ExitReason::Kill);
        assert_eq!(process::join(x).await, Some(ExitReason::Killed));
        assert!(matches!(process::join(y).await, None | Some(ExitReason::Killed)));
        assert_eq!(told().await, [Told::Terminate("x", ExitReason::Killed)]);
    });
}

/// SUP-SHUT-10.
#[test]
fn the_parents_end_ends_the_supervisor_with_that_reason() {
    paused(async {
        let owner = process::self_pid();
        for reason in [error("boom"), ExitReason::Normal, ExitReason::shutdown_with("x")] {
            let (a, held) = (child("a"), reason.clone());
            let parent = process::spawn(async move {
                let supervisor = Supervisor::one_for_one().child(a).start_link().await.unwrap();
                process::send(owner, supervisor.pid().unwrap());
                let _: () = process::receive_type().await;
                process::exit(held);
            });
            let supervisor: otp_core::Pid = process::receive_type().await;
            process::send(parent, ());
            assert_eq!(process::join(supervisor).await, Some(reason));
            assert_eq!(told().await, [init("a"), shut("a")]);
        }
    });
}

/// SUP-ADM-01, SUP-ADM-02, SUP-ADM-03, SUP-ADM-04, SUP-ADM-05, SUP-ADM-06, SUP-ADM-09, SUP-ADM-10.
#[test]
fn administration_answers_as_otp_does() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a"));
        let supervisor = supervisor.child(child("t").restart(Restart::Temporary));
        let supervisor = supervisor.start_link().await.unwrap();
        let pid = process::whereis("a").unwrap();
        assert_eq!(supervisor.delete_child("a").await, Err(ChildError::Running));
        assert_eq!(supervisor.restart_child("a").await, Err(ChildError::Running));
        let again = supervisor.start_child(child("a")).await;
        assert_eq!(again.err(), Some(ChildError::AlreadyStarted(pid)));
        assert_eq!(supervisor.terminate_child("a").await, Ok(()));
        assert!(!process::is_alive(pid));
        assert_eq!(supervisor.terminate_child("a").await, Ok(()));
        let again = supervisor.start_child(child("a")).await;
        assert_eq!(again.err(), Some(ChildError::AlreadyPresent));
        assert!(supervisor.restart_child("a").await.is_ok());
        supervisor.terminate_child("a").await.unwrap();
        assert_eq!(supervisor.delete_child("a").await, Ok(()));
        assert_eq!(supervisor.restart_child("a").await, Err(ChildError::NotFound));
        assert_eq!(supervisor.terminate_child("zzz").await, Err(ChildError::NotFound));
        supervisor.terminate_child("t").await.unwrap();
        assert_eq!(supervisor.restart_child("t").await, Err(ChildError::NotFound));
        let client = supervisor.start_child(child("b")).await.unwrap();
        assert_eq!(client.call(support::Request::Ping).await, Ok("pong"));
        let failing =
            ChildSpec::<Probe>::new(Plan::new("f").init(Begin::Stop(error("no")))).id("f");
        let failed = supervisor.start_child(failing).await.err();
        assert_eq!(failed, Some(ChildError::Start(StartError::Exit(error("no")))));
        assert_eq!(ids(&supervisor).await, [("b".into(), true)]);
    });
}

/// SUP-START-07, SUP-START-08.
#[test]
fn a_child_that_ignores_keeps_its_spec_unless_it_is_temporary() {
    paused(async {
        let ignoring = |id| ChildSpec::<Probe>::new(Plan::new(id).script([Begin::Ignore])).id(id);
        let supervisor = Supervisor::one_for_one()
            .child(ignoring("a"))
            .child(ignoring("b").restart(Restart::Temporary))
            .child(child("c"));
        let supervisor = supervisor.start_link().await.unwrap();
        assert_eq!(ids(&supervisor).await, [("c".into(), true), ("a".into(), false)]);
        assert!(supervisor.restart_child("a").await.is_ok());
    });
}

/// SUP-SPEC-03, SUP-SPEC-04, SUP-SPEC-05, SUP-SPEC-08.
#[test]
fn contradictions_are_refused_at_the_start() {
    paused(async {
        let refused = async |supervisor: Supervisor, word: &str| match supervisor.start_link().await
        {
            Err(StartError::Exit(reason)) => assert!(reason.to_string().contains(word), "{reason}"),
            other => panic!("{other:?}"),
        };
        let twice = Supervisor::one_for_one().child(plain("a")).child(plain("a"));
        refused(twice, "duplicate child id `a`").await;
        refused(Supervisor::one_for_one().max_seconds(0), "max_seconds").await;
        let significant = || plain("s").significant(true);
        refused(Supervisor::one_for_one().child(significant()), "permanent").await;
        let never = significant().restart(Restart::Transient);
        refused(Supervisor::one_for_one().child(never), "auto_shutdown").await;
        assert_eq!(told().await, []);
    });
}

/// SUP-AUTO-02, SUP-AUTO-03, SUP-AUTO-04, SUP-AUTO-08.
#[test]
fn significant_children_shut_their_supervisor_down() {
    paused(async {
        let key = |id| child(id).restart(Restart::Transient).significant(true);
        let any = Supervisor::one_for_one().auto_shutdown(AutoShutdown::AnySignificant);
        let any = any.child(child("a")).child(key("b")).child(child("c")).start().await.unwrap();
        told().await;
        let pid = any.pid().unwrap();
        end(&any, "b", error("boom")).await; // restarted, so nothing happens
        assert!(process::is_alive(pid));
        end(&any, "b", ExitReason::Normal).await;
        assert!(!process::is_alive(pid));
        let ended = Told::Terminate("b", ExitReason::Normal);
        assert_eq!(told().await, [boom("b"), init("b"), ended, shut("c"), shut("a")]);

        let all = Supervisor::one_for_one().auto_shutdown(AutoShutdown::AllSignificant);
        let all = all.child(key("a")).child(key("b")).start().await.unwrap();
        let pid = all.pid().unwrap();
        end(&all, "a", ExitReason::Normal).await;
        assert!(process::is_alive(pid));
        end(&all, "b", ExitReason::Normal).await;
        assert!(!process::is_alive(pid));
    });
}

#[test]
fn the_live_tree_shows_pids_restarts_and_states() {
    paused(async {
        let inner = Supervisor::one_for_one().child(plain("b"));
        let top = Supervisor::one_for_one().name("top").child(plain("a"));
        let top =
            top.child(inner.child_spec("inner")).child(plain("c")).start_link().await.unwrap();
        end(&top, "a", error("boom")).await;
        top.terminate_child(ChildId::from("c")).await.unwrap();
        let pid = |name: &'static str| process::whereis(name).unwrap();
        let children = top.which_children().await.unwrap();
        let ChildState::Running(inner) = children[1].state else { panic!("inner runs") };
        let expected = format!(
            "top {}\n├── a {} (restarts: 1)\n├── inner {inner}\n│   └── b {}\n└── c stopped",
            pid("top"),
            pid("a"),
            pid("b")
        );
        assert_eq!(top.live_tree().await.to_string(), expected);
    });
}

/// SUP-STRAT-02.
#[test]
fn no_two_incarnations_of_a_child_are_ever_alive_together() {
    threaded(async {
        let supervisor = Supervisor::one_for_all().max_restarts(100_000);
        let supervisor = supervisor.child(child("a")).child(child("b")).start_link().await.unwrap();
        for _ in 0..300 {
            end(&supervisor, "a", error("boom")).await;
        }
        supervisor.stop().await.unwrap();
        let mut alive = std::collections::HashMap::new();
        for told in told().await {
            match told {
                Told::Init(id) => {
                    let count = alive.entry(id).or_insert(0);
                    *count += 1;
                    assert_eq!(*count, 1, "{id} was started while it ran");
                }
                Told::Terminate(id, _) => *alive.get_mut(id).unwrap() -= 1,
                other => panic!("{other:?}"),
            }
        }
        assert!(alive.values().all(|count| *count == 0));
    });
}

//! Dynamic supervisors: starts, restarts, limits, shutdown, the client.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use otp_core::{
    ChildCounts, ChildError, ChildId, ChildSpec, ChildState, DynamicSupervisor,
    DynamicSupervisorRef, ExitReason, Pid, Restart, ServerRef, Shutdown, StartError, Supervisor,
    process, sys,
};
use support::{Begin, Plan, Probe, Request, Told, paused, threaded, told};

const SECOND: Duration = Duration::from_secs(1);

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// A child that traps exits, so that it tells of its end.
fn child(id: &'static str) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id).trap())
}

/// A child whose starts go as told, one after another.
fn scripted(id: &'static str, starts: impl IntoIterator<Item = Begin>) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id).script(starts))
}

/// A child that nothing but a kill ends.
fn deaf(id: &'static str) -> ChildSpec<impl otp_core::Child<Args: Clone, Client = Pid>> {
    ChildSpec::from_fn(id, || async {
        Ok(process::spawn_link(async {
            process::trap_exit(true);
            std::future::pending::<()>().await;
        }))
    })
}

async fn empty(supervisor: DynamicSupervisor) -> DynamicSupervisorRef {
    supervisor.start_link().await.unwrap()
}

/// Ends a child with a reason, and waits until the supervisor has dealt with it.
async fn end(supervisor: &DynamicSupervisorRef, child: &ServerRef<Probe>, reason: ExitReason) {
    let pid = child.pid().unwrap();
    child.cast(Request::StopCast(reason));
    process::join(pid).await;
    // The exit message lies in the mailbox before this request.
    let _ = supervisor.count_children().await;
}

async fn counts(supervisor: &DynamicSupervisorRef) -> (usize, usize, usize, usize) {
    let ChildCounts { specs, active, supervisors, workers, .. } =
        supervisor.count_children().await.unwrap();
    (specs, active, supervisors, workers)
}

/// Where the children run.
async fn running(supervisor: &DynamicSupervisorRef) -> Vec<Pid> {
    let pid = |state| match state {
        ChildState::Running(pid) => Some(pid),
        _ => None,
    };
    let children = supervisor.which_children().await.unwrap();
    children.into_iter().filter_map(|child| pid(child.state)).collect()
}

fn shut(id: &'static str) -> Told {
    Told::Terminate(id, ExitReason::Shutdown)
}

/// DYN-01.
#[test]
fn it_starts_empty_and_tolerates_three_restarts_in_five_seconds() {
    paused(async {
        process::trap_exit(true);
        let supervisor = empty(DynamicSupervisor::new()).await;
        assert_eq!(counts(&supervisor).await, (0, 0, 0, 0));
        for _ in 0..20 {
            supervisor.start_child(child("a")).await.unwrap();
        }
        for _ in 0..3 {
            process::send_exit(running(&supervisor).await[0], ExitReason::Kill);
            process::sleep(SECOND).await;
        }
        assert_eq!(counts(&supervisor).await, (20, 20, 0, 20));
        let pid = supervisor.pid().unwrap();
        process::send_exit(running(&supervisor).await[0], ExitReason::Kill);
        assert_eq!(process::join(pid).await, Some(ExitReason::Shutdown));
    });
}

/// DYN-02, DYN-03.
#[test]
fn ids_mean_nothing_and_nobody_sees_them() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let first = supervisor.start_child(child("a").id("same")).await.unwrap();
        let second = supervisor.start_child(child("b").id("same")).await.unwrap();
        assert_ne!(first.pid(), second.pid());
        let other = supervisor.start_child(deaf("c").shutdown(Shutdown::BrutalKill)).await.unwrap();
        let mut running = running(&supervisor).await;
        running.sort();
        let mut started = [first.pid().unwrap(), second.pid().unwrap(), other];
        started.sort();
        assert_eq!(running, started);
        let children = supervisor.which_children().await.unwrap();
        assert!(children.iter().all(|child| matches!(child.id, ChildId::Undefined { .. })));
        assert_eq!(children[0].id.to_string(), "undefined");
        assert_eq!(children[0].id, children[1].id);
        supervisor.stop().await.unwrap();
    });
}

/// DYN-04, DYN-05, DYN-06.
#[test]
fn a_start_that_fails_keeps_nothing() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new().max_children(1)).await;
        let starts = [Begin::Ignore, Begin::Stop(error("no")), Begin::Panic];
        let spec = || Plan::new("a").script(starts.clone());
        for (skip, is_expected) in [
            (0, (|error| *error == StartError::Ignore) as fn(&StartError) -> bool),
            (1, |error| *error == StartError::Exit(ExitReason::error("no"))),
            (2, |error| matches!(error, StartError::Exit(reason) if reason.is_crash())),
        ] {
            let plan = spec();
            plan.script.lock().unwrap().drain(..skip);
            let Err(ChildError::Start(error)) =
                supervisor.start_child(ChildSpec::<Probe>::new(plan)).await
            else {
                panic!("it must fail");
            };
            assert!(is_expected(&error), "{error}");
        }
        assert_eq!(counts(&supervisor).await, (0, 0, 0, 0));
        supervisor.start_child(child("b")).await.unwrap(); // the only place is free
    });
}

/// DYN-06.
#[test]
fn a_panic_or_an_exit_of_the_start_function_ends_nothing() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let panics = ChildSpec::from_fn("a", || async { panic!("start oops") });
        let Err(ChildError::Start(StartError::Exit(ExitReason::Crash(crash)))) =
            supervisor.start_child(panics).await
        else {
            panic!("it must fail");
        };
        assert_eq!(crash.message(), "start oops");
        let exits = ChildSpec::from_fn("a", || async { process::exit(error("left")) });
        let left = supervisor.start_child(exits).await;
        assert_eq!(left, Err(ChildError::Start(StartError::Exit(error("left")))));
        let early = ChildSpec::from_fn("a", early_panic);
        assert!(matches!(supervisor.start_child(early).await, Err(ChildError::Start(_))));
        assert_eq!(counts(&supervisor).await, (0, 0, 0, 0));
    });
}

fn early_panic() -> std::future::Ready<Result<Pid, StartError>> {
    panic!("before the future")
}

/// DYN-07.
#[test]
fn a_place_is_free_again_when_a_child_has_ended() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new().max_children(1)).await;
        let first = supervisor.start_child(child("a").restart(Restart::Temporary)).await.unwrap();
        let refused = supervisor.start_child(child("b")).await.unwrap_err();
        assert_eq!(refused, ChildError::MaxChildren);
        assert_eq!(refused.to_string(), "the supervisor has all the children it may have");
        assert_eq!(told().await, [Told::Init("a")], "the other was not even tried");
        end(&supervisor, &first, ExitReason::Normal).await;
        let second = supervisor.start_child(child("b")).await.unwrap();
        supervisor.terminate_child(&second).await.unwrap();
        supervisor.start_child(child("c")).await.unwrap();
        let none = empty(DynamicSupervisor::new().max_children(0)).await;
        assert_eq!(none.start_child(child("d")).await.unwrap_err(), ChildError::MaxChildren);
    });
}

/// A supervisor whose only child ended and fails in every restart, and the child's pid.
async fn with_one_restarting(begin: Begin) -> (DynamicSupervisorRef, Pid) {
    let supervisor = DynamicSupervisor::new().max_children(1).max_restarts(u32::MAX);
    let supervisor = empty(supervisor).await;
    let plan = Plan::new("a").script([Begin::Ok]).init(begin);
    let child = supervisor.start_child(ChildSpec::<Probe>::new(plan)).await.unwrap();
    end(&supervisor, &child, error("boom")).await;
    (supervisor, child.pid().unwrap())
}

/// DYN-08, DYN-14, DYN-21.
#[test]
fn a_child_that_waits_for_its_restart_keeps_its_place() {
    paused(async {
        let (supervisor, _) = with_one_restarting(Begin::Stop(error("no"))).await;
        assert_eq!(counts(&supervisor).await, (1, 0, 0, 1));
        let children = supervisor.which_children().await.unwrap();
        assert_eq!((children[0].state, children[0].restarts), (ChildState::Restarting, 0));
        let refused = supervisor.start_child(child("b")).await;
        assert_eq!(refused.unwrap_err(), ChildError::MaxChildren);
        supervisor.stop().await.unwrap();
    });
}

/// DYN-14.
#[test]
fn a_failed_restart_is_tried_again_until_it_succeeds() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new().max_restarts(3)).await;
        let no = || Begin::Stop(error("no"));
        let spec = scripted("a", [Begin::Ok, no(), no(), Begin::Ok]);
        let child = supervisor.start_child(spec).await.unwrap();
        end(&supervisor, &child, error("boom")).await;
        process::sleep(SECOND).await;
        assert_eq!(counts(&supervisor).await, (1, 1, 0, 1));
        let children = supervisor.which_children().await.unwrap();
        assert_eq!(children[0].restarts, 1);
        assert_ne!(children[0].state, ChildState::Running(child.pid().unwrap()));
    });
}

/// DYN-09.
#[test]
fn what_all_children_share_is_there_at_every_restart() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let shared = Arc::new(AtomicUsize::new(0));
        let spec = |own: usize| {
            let shared = Arc::clone(&shared);
            ChildSpec::from_fn("adder", move || {
                shared.fetch_add(own, Ordering::SeqCst);
                async { Ok(process::spawn_link(std::future::pending::<()>())) }
            })
        };
        let pid = supervisor.start_child(cloneable(spec(1))).await.unwrap();
        supervisor.start_child(cloneable(spec(10))).await.unwrap();
        process::send_exit(pid, error("boom"));
        process::join(pid).await;
        assert_eq!(counts(&supervisor).await, (2, 2, 0, 2));
        assert_eq!(shared.load(Ordering::SeqCst), 12);
    });
}

fn cloneable<S: otp_core::Child<Args: Clone>>(spec: ChildSpec<S>) -> ChildSpec<S> {
    spec
}

/// DYN-10, DYN-11, DYN-12, DYN-21.
#[test]
fn restart_types_decide_who_comes_back() {
    paused(async {
        let reasons = [
            ExitReason::Normal,
            ExitReason::Shutdown,
            ExitReason::shutdown_with("x"),
            error("boom"),
        ];
        for (restart, comes_back) in [
            (Restart::Permanent, [true, true, true, true]),
            (Restart::Transient, [false, false, false, true]),
            (Restart::Temporary, [false, false, false, false]),
        ] {
            for (reason, comes_back) in reasons.iter().zip(comes_back) {
                let supervisor = empty(DynamicSupervisor::new()).await;
                let child = supervisor.start_child(child("a").restart(restart)).await.unwrap();
                end(&supervisor, &child, reason.clone()).await;
                let n = usize::from(comes_back);
                assert_eq!(counts(&supervisor).await, (n, n, 0, n), "{restart:?} {reason}");
                let restarts = supervisor.which_children().await.unwrap();
                assert!(restarts.iter().all(|child| child.restarts == 1));
                supervisor.stop().await.unwrap();
            }
        }
    });
}

/// DYN-13.
#[test]
fn a_restart_that_chooses_not_to_run_drops_the_child() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let child = supervisor.start_child(scripted("a", [Begin::Ok, Begin::Ignore])).await;
        end(&supervisor, &child.unwrap(), error("boom")).await;
        assert_eq!(counts(&supervisor).await, (0, 0, 0, 0));
    });
}

/// DYN-15, SUP-INT-05.
#[test]
fn too_many_restarts_of_all_children_together_end_it() {
    paused(async {
        process::trap_exit(true);
        let supervisor = empty(DynamicSupervisor::new().max_restarts(1).max_seconds(5)).await;
        let a = supervisor.start_child(child("a")).await.unwrap();
        let b = supervisor.start_child(child("b")).await.unwrap();
        supervisor.start_child(child("z")).await.unwrap();
        let monitor = process::monitor(supervisor.pid().unwrap());
        end(&supervisor, &a, error("boom")).await;
        told().await;
        end(&supervisor, &b, error("boom")).await;
        let down: otp_core::Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (monitor, ExitReason::Shutdown));
        let told = told().await;
        assert_eq!(told[0], Told::Terminate("b", error("boom")));
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.contains(&shut("a")) && told.contains(&shut("z")));
    });
}

/// DYN-14, DYN-15: failed attempts count, so a child that never starts again ends the supervisor.
#[test]
fn failed_attempts_count() {
    paused(async {
        process::trap_exit(true);
        let supervisor = empty(DynamicSupervisor::new()).await;
        let plan = Plan::new("a").script([Begin::Ok]).init(Begin::Stop(error("no")));
        let child = supervisor.start_child(ChildSpec::<Probe>::new(plan)).await.unwrap();
        let pid = supervisor.pid().unwrap();
        child.cast(Request::StopCast(error("boom")));
        assert_eq!(process::join(pid).await, Some(ExitReason::Shutdown));
        let starts = told().await.iter().filter(|told| **told == Told::Init("a")).count();
        assert_eq!(starts, 1 + 3);
    });
}

/// DYN-16.
#[test]
fn terminate_child_takes_a_pid_or_a_client_once() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let a = supervisor.start_child(child("a")).await.unwrap();
        let b = supervisor.start_child(child("b")).await.unwrap();
        told().await;
        supervisor.terminate_child(&a).await.unwrap();
        assert!(!a.is_alive());
        assert_eq!(told().await, [shut("a")]);
        supervisor.terminate_child(b.pid().unwrap()).await.unwrap();
        assert_eq!(supervisor.terminate_child(&a).await, Err(ChildError::NotFound));
        let stranger = process::self_pid();
        assert_eq!(supervisor.terminate_child(stranger).await, Err(ChildError::NotFound));
        let nobody = ServerRef::<Probe>::named("nobody");
        assert_eq!(supervisor.terminate_child(nobody).await, Err(ChildError::NotFound));
        assert_eq!(counts(&supervisor).await, (0, 0, 0, 0));
        let killed = supervisor.start_child(child("c").shutdown(Shutdown::BrutalKill)).await;
        let killed = killed.unwrap();
        let monitor = process::monitor(killed.pid().unwrap());
        supervisor.terminate_child(&killed).await.unwrap();
        let down: otp_core::Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (monitor, ExitReason::Killed));
    });
}

/// DYN-17.
#[test]
fn a_restarting_child_is_terminated_by_the_pid_it_had() {
    paused(async {
        let (supervisor, old) = with_one_restarting(Begin::Stop(error("no"))).await;
        supervisor.terminate_child(old).await.unwrap();
        assert_eq!(counts(&supervisor).await, (0, 0, 0, 0));
        told().await;
        process::sleep(SECOND).await;
        assert_eq!(told().await, [], "no more attempts");
        assert_eq!(supervisor.terminate_child(old).await, Err(ChildError::NotFound));
    });
}

/// DYN-18: limits run side by side, and nobody waits for another one's end to be told.
#[test]
fn all_children_are_told_at_the_same_time() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        for limit in [3, 1, 3, 2] {
            let spec = deaf("deaf").shutdown(SECOND * limit);
            supervisor.start_child(spec).await.unwrap();
        }
        for id in ["a", "b", "c"] {
            supervisor.start_child(child(id)).await.unwrap();
        }
        told().await;
        let (begin, pid) = (process::now(), supervisor.pid().unwrap());
        process::spawn(async move { supervisor.stop().await.unwrap() });
        process::sleep(Duration::from_millis(1)).await;
        let told = told().await;
        assert_eq!(told.len(), 3, "those that can end at once have: {told:?}");
        process::join(pid).await;
        assert_eq!(process::now() - begin, SECOND * 3);
    });
}

/// DYN-18, DYN-19: each has its own limit.
#[test]
fn each_child_ends_as_its_spec_says() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let specs = [
            deaf("brutal").shutdown(Shutdown::BrutalKill),
            deaf("long").shutdown(SECOND * 2),
            deaf("short").shutdown(SECOND),
            deaf("at once").shutdown(Duration::ZERO),
        ];
        let mut ends = Vec::new();
        for spec in specs {
            ends.push(supervisor.start_child(spec).await.unwrap());
        }
        let good = supervisor.start_child(child("good").shutdown(Shutdown::Infinity)).await;
        let good = good.unwrap().pid().unwrap();
        let own = ChildSpec::from_fn("own", || async {
            Ok(process::spawn_link(async {
                process::trap_exit(true);
                process::receive().await;
                process::sleep(SECOND * 4).await;
                process::exit(error("own"));
            }))
        });
        let own = supervisor.start_child(own.shutdown(Shutdown::Infinity)).await.unwrap();
        let begin = process::now();
        let all: Vec<Pid> = ends.into_iter().chain([good, own]).collect();
        all.iter().for_each(|pid| {
            process::monitor(*pid);
        });
        process::spawn(async move { supervisor.stop().await.unwrap() });
        let mut seen = Vec::new();
        for _ in &all {
            let down: otp_core::Down = process::receive_type().await;
            let place = all.iter().position(|pid| Some(*pid) == down.pid).unwrap();
            seen.push((place, (process::now() - begin).as_secs(), down.reason));
        }
        seen.sort_by_key(|(place, ..)| *place);
        let killed = |place, second| (place, second, ExitReason::Killed);
        let expected = [
            killed(0, 0),
            killed(1, 2),
            killed(2, 1),
            killed(3, 0),
            (4, 0, ExitReason::Shutdown),
            (5, 4, error("own")),
        ];
        assert_eq!(seen, expected);
    });
}

/// DYN-20.
#[test]
fn what_contradicts_itself_is_refused_before_anything_starts() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let spec = child("a").restart(Restart::Transient).significant(true);
        let refused = supervisor.start_child(spec).await;
        let Err(ChildError::Invalid(fault)) = refused else { panic!("it must be refused") };
        assert_eq!(fault, "a child of a dynamic supervisor cannot be significant");
        assert_eq!(told().await, []);
        let failed = DynamicSupervisor::new().max_seconds(0).start().await;
        let reason = ExitReason::error("max_seconds must be at least 1");
        assert_eq!(failed.unwrap_err(), StartError::Exit(reason));
    });
}

/// DYN-21.
#[test]
fn supervisors_are_counted_apart() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new().name("top")).await;
        let inner = Supervisor::one_for_one().child(child("x").id("x")).child_spec("inner");
        supervisor.start_child(inner).await.unwrap();
        let nested = DynamicSupervisor::of::<Probe>().child_spec("nested");
        let nested: DynamicSupervisorRef<Probe> = supervisor.start_child(nested).await.unwrap();
        nested.start_child(child("y")).await.unwrap();
        supervisor.start_child(child("z")).await.unwrap();
        assert_eq!(counts(&supervisor).await, (3, 3, 2, 1));
    });
}

/// DYN-22: so many that a cost which grows with their square would exceed the test's limit; the
/// figure itself is the benchmarks' business.
#[test]
fn very_many_children_start_and_end() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new()).await;
        let mut children = Vec::new();
        for _ in 0..20_000 {
            let spec = ChildSpec::from_fn("idle", || async {
                Ok(process::spawn_link(std::future::pending::<()>()))
            });
            let spec = spec.restart(Restart::Temporary);
            children.push(supervisor.start_child(spec).await.unwrap());
        }
        for pid in children {
            process::send_exit(pid, ExitReason::Kill);
        }
        while counts(&supervisor).await.0 > 0 {}
        supervisor.stop().await.unwrap();
    });
}

#[test]
fn a_parent_that_ends_takes_it_along() {
    paused(async {
        let parent = process::spawn(async {
            let supervisor = DynamicSupervisor::new().name("below").start_link().await.unwrap();
            supervisor.start_child(deaf("a").shutdown(SECOND)).await.unwrap();
            process::exit(ExitReason::Shutdown);
        });
        process::join(parent).await;
        let pid = process::whereis("below").expect("it waits for its child");
        assert_eq!(process::join(pid).await, Some(ExitReason::Shutdown));
    });
}

#[test]
fn it_is_a_child_that_comes_back_empty() {
    paused(async {
        let dynamic = DynamicSupervisor::of::<Probe>().name("workers");
        let top = Supervisor::one_for_one().child(dynamic.child_spec("workers"));
        let top = top.name("top").start_link().await.unwrap();
        let workers = DynamicSupervisorRef::<Probe>::named("workers");
        let worker = workers.start_child(child("a")).await.unwrap();
        let (of_workers, of_worker) = (workers.pid().unwrap(), worker.pid().unwrap());
        let tree = top.live_tree().await.to_string();
        assert!(tree.contains(&format!("workers {of_workers}\n    └── {of_worker}")), "{tree}");
        process::send_exit(of_workers, ExitReason::Kill);
        process::join(of_worker).await;
        top.count_children().await.unwrap();
        assert_eq!(workers.count_children().await.unwrap().specs, 0);
        top.stop().await.unwrap();
        assert!(workers.which_children().await.is_err());
        assert!(matches!(workers.start_child(child("a")).await, Err(ChildError::Call(_))));
    });
}

#[test]
fn the_system_can_look_into_it() {
    paused(async {
        let supervisor = empty(DynamicSupervisor::new().name("workers")).await;
        let taken = DynamicSupervisor::new().name("workers").start().await;
        assert!(matches!(taken, Err(StartError::AlreadyStarted(_))));
        let status = sys::get_status(&supervisor).await.unwrap();
        assert_eq!(status.name.map(|name| name.to_string()).as_deref(), Some("workers"));
        sys::suspend(&supervisor).await.unwrap();
        sys::resume(&supervisor).await.unwrap();
        assert!(format!("{supervisor:?}").contains("DynamicSupervisorRef"));
    });
}

#[test]
fn it_works_on_several_threads() {
    threaded(async {
        let supervisor = empty(DynamicSupervisor::new().max_restarts(1_000)).await;
        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let supervisor = supervisor.clone();
                process::spawn(async move {
                    for _ in 0..50 {
                        let spec = ChildSpec::<Probe>::new(Plan::new("a"));
                        let child = supervisor.start_child(spec).await.unwrap();
                        end(&supervisor, &child, ExitReason::error("boom")).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            process::join(task).await;
        }
        assert_eq!(counts(&supervisor).await, (200, 200, 0, 200));
        supervisor.stop().await.unwrap();
    });
}

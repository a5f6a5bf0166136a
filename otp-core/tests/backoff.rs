//! Waiting before restarts: how long, what happens meanwhile, and what ends the wait.

mod support;

use std::time::Duration;

use otp_core::{
    AutoShutdown, Backoff, ChildError, ChildSpec, ChildState, DynamicSupervisor, ExitReason, Pid,
    Restart, ServerRef, StartError, Strategy, Supervisor, SupervisorRef, process,
};
use support::{Begin, Plan, Probe, Request, Told, paused, told};

const SECOND: Duration = Duration::from_secs(1);
const BACKOFF: Backoff = Backoff::exponential(SECOND, Duration::from_secs(5));

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// A child that traps exits, so that it tells of its end, named like its id.
fn child(id: &'static str) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id).trap().named(id)).id(id)
}

/// A supervisor that waits, with room for many restarts within a minute.
fn patient(strategy: Strategy) -> Supervisor {
    Supervisor::new(strategy).max_restarts(100).max_seconds(60).backoff(BACKOFF)
}

/// Ends a child, and waits until it is gone and its supervisor has heard of it.
async fn end(supervisor: &SupervisorRef, id: &'static str, reason: ExitReason) -> Pid {
    let pid = process::whereis(id).expect("the child runs");
    ServerRef::<Probe>::named(id).cast(Request::StopCast(reason));
    process::join(pid).await;
    let _ = supervisor.count_children().await;
    pid
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

/// The next init, and how long it took to come.
async fn next_init() -> (&'static str, Duration) {
    let start = tokio::time::Instant::now();
    loop {
        if let Told::Init(id) = process::receive_type().await {
            return (id, start.elapsed());
        }
    }
}

async fn state(supervisor: &SupervisorRef, id: &'static str) -> ChildState {
    let children = supervisor.which_children().await.unwrap();
    children.into_iter().find(|child| child.id == id.into()).unwrap().state
}

#[test]
fn each_wait_is_twice_as_long_until_the_window_is_empty() {
    paused(async {
        let supervisor = patient(Strategy::OneForOne).child(child("a")).start_link().await.unwrap();
        next_init().await;
        for seconds in [1, 2, 4, 5, 5] {
            end(&supervisor, "a", error("boom")).await;
            assert_eq!(next_init().await, ("a", SECOND * seconds));
        }
        process::sleep(SECOND * 62).await;
        end(&supervisor, "a", error("boom")).await;
        assert_eq!(next_init().await, ("a", SECOND));
    });
}

#[test]
fn without_a_backoff_and_after_a_normal_end_there_is_no_wait() {
    paused(async {
        let impatient = Supervisor::one_for_one();
        for (supervisor, reason) in
            [(impatient, error("boom")), (patient(Strategy::OneForOne), ExitReason::Normal)]
        {
            let supervisor = supervisor.child(child("a")).start_link().await.unwrap();
            next_init().await;
            end(&supervisor, "a", reason).await;
            assert_eq!(next_init().await, ("a", Duration::ZERO));
            supervisor.stop().await.unwrap();
        }
    });
}

#[test]
fn the_supervisor_does_its_other_work_meanwhile() {
    paused(async {
        let supervisor = patient(Strategy::OneForOne).child(child("a")).start_link().await.unwrap();
        end(&supervisor, "a", error("boom")).await;
        told().await;
        let start = tokio::time::Instant::now();
        assert_eq!(state(&supervisor, "a").await, ChildState::Restarting);
        let counts = supervisor.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active), (1, 0));
        assert_eq!(supervisor.restart_child("a").await, Err(ChildError::Restarting));
        assert_eq!(supervisor.delete_child("a").await, Err(ChildError::Restarting));
        let again = supervisor.start_child(child("a")).await.err();
        assert_eq!(again, Some(ChildError::AlreadyPresent));
        supervisor.start_child(child("b")).await.unwrap();
        assert_eq!(supervisor.live_tree().await.root().children[0].to_string(), "a restarting");
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(told().await, [init("b")]);
        assert_eq!(next_init().await.0, "a");
        assert_eq!(supervisor.which_children().await.unwrap()[1].restarts, 1);
    });
}

#[test]
fn terminating_a_child_that_waits_ends_the_wait() {
    paused(async {
        for strategy in [Strategy::OneForOne, Strategy::RestForOne, Strategy::OneForAll] {
            let supervisor = patient(strategy).child(child("a")).start_link().await.unwrap();
            end(&supervisor, "a", error("boom")).await;
            assert_eq!(supervisor.terminate_child("a").await, Ok(()));
            assert_eq!(state(&supervisor, "a").await, ChildState::Stopped);
            told().await;
            process::sleep(SECOND * 10).await;
            assert_eq!(told().await, [], "{strategy:?}");
            assert_eq!(supervisor.delete_child("a").await, Ok(()));
            supervisor.stop().await.unwrap();
        }
    });
}

/// A wait that was called off must not shorten the one that follows.
#[test]
fn each_wait_has_its_full_length() {
    paused(async {
        let supervisor = patient(Strategy::OneForOne).child(child("a")).start_link().await.unwrap();
        end(&supervisor, "a", error("boom")).await;
        process::sleep(SECOND / 2).await;
        supervisor.terminate_child("a").await.unwrap();
        supervisor.restart_child("a").await.unwrap();
        end(&supervisor, "a", error("boom")).await;
        told().await;
        assert_eq!(next_init().await, ("a", SECOND * 2));
    });
}

#[test]
fn the_end_of_the_supervisor_ends_the_wait() {
    paused(async {
        let supervisor = patient(Strategy::OneForOne).child(child("a")).start_link().await.unwrap();
        end(&supervisor, "a", error("boom")).await;
        let start = tokio::time::Instant::now();
        supervisor.stop().await.unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
        told().await;
        process::sleep(SECOND * 10).await;
        assert_eq!(told().await, []);
    });
}

#[test]
fn the_siblings_stop_at_once_and_start_after_the_wait() {
    paused(async {
        for (strategy, stopped, started) in [
            (Strategy::OneForAll, vec![boom("b"), shut("c"), shut("a")], vec!["a", "b", "c"]),
            (Strategy::RestForOne, vec![boom("b"), shut("c")], vec!["b", "c"]),
        ] {
            let supervisor = patient(strategy).child(child("a")).child(child("b"));
            let supervisor = supervisor.child(child("c")).start_link().await.unwrap();
            told().await;
            end(&supervisor, "b", error("boom")).await;
            assert_eq!(told().await, stopped);
            assert_eq!(state(&supervisor, "b").await, ChildState::Restarting);
            assert_eq!(state(&supervisor, "c").await, ChildState::Stopped);
            assert_eq!(next_init().await, (started[0], SECOND));
            for id in &started[1..] {
                assert_eq!(next_init().await, (*id, Duration::ZERO));
            }
            supervisor.stop().await.unwrap();
            told().await;
        }
    });
}

/// The group that an earlier child brings back holds the later one that waits.
#[test]
fn an_earlier_child_takes_a_waiting_one_along() {
    paused(async {
        let supervisor = patient(Strategy::RestForOne).child(child("a")).child(child("b"));
        let supervisor = supervisor.start_link().await.unwrap();
        end(&supervisor, "b", error("boom")).await;
        process::sleep(SECOND / 2).await;
        told().await;
        end(&supervisor, "a", error("boom")).await;
        assert_eq!(told().await, [boom("a")]);
        assert_eq!(next_init().await, ("a", SECOND * 2));
        assert_eq!(next_init().await, ("b", Duration::ZERO));
        process::sleep(SECOND * 10).await;
        assert_eq!(told().await, []);
    });
}

#[test]
fn restarts_count_as_always() {
    paused(async {
        let supervisor = patient(Strategy::OneForOne).max_restarts(1).child(child("a"));
        let supervisor = supervisor.start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        end(&supervisor, "a", error("boom")).await;
        told().await;
        next_init().await;
        let start = tokio::time::Instant::now();
        end(&supervisor, "a", error("boom")).await;
        assert!(!process::is_alive(pid));
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

#[test]
fn failed_restarts_wait_and_count_too() {
    paused(async {
        let plan = Plan::new("a").named("a").script([Begin::Ok]).init(Begin::Stop(error("no")));
        let supervisor = patient(Strategy::OneForOne).max_restarts(3);
        let supervisor = supervisor.child(ChildSpec::<Probe>::new(plan).id("a"));
        let supervisor = supervisor.start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        next_init().await;
        end(&supervisor, "a", error("boom")).await;
        for seconds in [1, 2, 4] {
            assert_eq!(next_init().await, ("a", SECOND * seconds));
        }
        assert!(matches!(process::join(pid).await, None | Some(ExitReason::Shutdown)));
        assert_eq!(told().await, []);
    });
}

/// A significant child that will be back is no reason to shut down.
#[test]
fn a_significant_child_that_waits_still_counts() {
    paused(async {
        let key = |id| child(id).restart(Restart::Transient).significant(true);
        let supervisor = patient(Strategy::OneForOne).auto_shutdown(AutoShutdown::AllSignificant);
        let supervisor = supervisor.child(key("a")).child(key("b")).start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        told().await;
        end(&supervisor, "a", error("boom")).await;
        end(&supervisor, "b", ExitReason::Normal).await;
        assert!(process::is_alive(pid));
        assert_eq!(next_init().await.0, "a");
        end(&supervisor, "a", ExitReason::Normal).await;
        assert!(!process::is_alive(pid));
    });
}

#[test]
fn dynamic_children_wait_as_well() {
    paused(async {
        let workers = DynamicSupervisor::of::<Probe>().backoff(BACKOFF).max_children(1);
        let workers = workers.max_restarts(10).start_link().await.unwrap();
        let worker = workers.start_child(child("a")).await.unwrap();
        let old = worker.pid().unwrap();
        told().await;
        worker.cast(Request::StopCast(error("boom")));
        process::join(old).await;
        let children = workers.which_children().await.unwrap();
        assert_eq!(children[0].state, ChildState::Restarting);
        let full = workers.start_child(child("b")).await.err();
        assert_eq!(full, Some(ChildError::MaxChildren));
        told().await;
        assert_eq!(next_init().await, ("a", SECOND));
        let again = process::whereis("a").unwrap();
        ServerRef::<Probe>::named("a").cast(Request::StopCast(error("boom")));
        process::join(again).await;
        assert_eq!(workers.terminate_child(again).await, Ok(()));
        told().await;
        process::sleep(SECOND * 10).await;
        assert_eq!(told().await, []);
        assert_eq!(workers.count_children().await.unwrap().specs, 0);
    });
}

#[test]
fn times_that_make_no_sense_fail_the_start() {
    paused(async {
        for (times, word) in
            [(SECOND * 2..SECOND, "2s"), (Duration::ZERO..SECOND, "longer than zero")]
        {
            let refused = Supervisor::one_for_one().backoff(times.clone()).start().await;
            let Err(StartError::Exit(reason)) = refused else { panic!("it must fail") };
            assert!(reason.to_string().contains(word), "{reason}");
            let refused = DynamicSupervisor::new().backoff(times).start().await;
            let Err(StartError::Exit(reason)) = refused else { panic!("it must fail") };
            assert!(reason.to_string().contains(word), "{reason}");
        }
    });
}

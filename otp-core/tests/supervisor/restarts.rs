//! Restarts that are tried again, group restarts, and what counts.

use super::*;

/// A child that comes up once and never again.
fn hopeless(id: &'static str) -> ChildSpec<Probe> {
    let plan = Plan::new(id).named(id).script([Begin::Ok]).init(Begin::Stop(error("no")));
    ChildSpec::<Probe>::new(plan).id(id)
}

/// Starts the children and has `a` end, so that its restart is tried again and again.
async fn looping(supervisor: Supervisor) -> SupervisorRef {
    let supervisor = supervisor.max_restarts(1_000_000).child(hopeless("a"));
    let supervisor = supervisor.child(child("z")).start_link().await.unwrap();
    end(&supervisor, "a", error("boom")).await;
    supervisor
}

async fn state(supervisor: &SupervisorRef, id: &'static str) -> ChildState {
    let children = supervisor.which_children().await.unwrap();
    children.into_iter().find(|child| child.id == id.into()).unwrap().state
}

/// SUP-RST-06.
#[test]
fn the_end_of_a_linked_stranger_means_nothing() {
    paused(async {
        let supervisor = Supervisor::one_for_all().child(child("a")).start_link().await.unwrap();
        let pid = supervisor.pid().unwrap();
        told().await;
        let stranger = process::spawn(async move {
            process::link(pid).unwrap();
            process::exit(error("boom"));
        });
        assert_eq!(process::join(stranger).await, Some(error("boom")));
        assert_eq!(ids(&supervisor).await, [("a".into(), true)]);
        assert_eq!(told().await, []);
    });
}

/// SUP-RST-07, SUP-RST-08: requests are served between two attempts.
#[test]
fn a_child_that_is_being_restarted_is_neither_started_nor_deleted() {
    paused(async {
        let supervisor = looping(Supervisor::one_for_one()).await;
        assert_eq!(state(&supervisor, "a").await, ChildState::Restarting);
        assert_eq!(supervisor.restart_child("a").await, Err(ChildError::Restarting));
        assert_eq!(supervisor.delete_child("a").await, Err(ChildError::Restarting));
        let again = supervisor.start_child(child("a")).await.err();
        assert_eq!(again, Some(ChildError::AlreadyPresent));
        let counts = supervisor.count_children().await.unwrap();
        assert_eq!((counts.specs, counts.active, counts.workers), (2, 1, 2));
        supervisor.stop().await.unwrap();
    });
}

/// SUP-RST-09.
#[test]
fn terminate_child_and_stop_end_the_attempts() {
    paused(async {
        for strategy in [Strategy::OneForOne, Strategy::RestForOne, Strategy::OneForAll] {
            let supervisor = looping(Supervisor::new(strategy)).await;
            assert_eq!(supervisor.terminate_child("a").await, Ok(()));
            assert_eq!(state(&supervisor, "a").await, ChildState::Stopped);
            told().await;
            process::sleep(SECOND).await;
            assert_eq!(told().await, [], "{strategy:?}");
            assert_eq!(supervisor.delete_child("a").await, Ok(()));
            supervisor.stop().await.unwrap();

            let supervisor = looping(Supervisor::new(strategy)).await;
            supervisor.stop().await.unwrap();
            told().await;
            process::sleep(SECOND).await;
            assert_eq!(told().await, [], "{strategy:?}");
        }
    });
}

/// SUP-RST-11.
#[test]
fn a_plain_message_is_reported_and_nothing_else() {
    let (capture, _guard) = Capture::install();
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a")).start_link().await.unwrap();
        process::send(supervisor.pid().unwrap(), "hello");
        assert_eq!(ids(&supervisor).await, [("a".into(), true)]);
        assert_eq!(told().await, [init("a")]);
    });
    assert_eq!(capture.take("otp::unhandled").len(), 1);
}

/// SUP-STRAT-05.
#[test]
fn a_temporary_bystander_is_ended_and_forgotten() {
    paused(async {
        for supervisor in [Supervisor::one_for_all(), Supervisor::rest_for_one()] {
            let bystander = child("t").restart(Restart::Temporary);
            let supervisor = supervisor.child(child("a")).child(bystander).child(child("b"));
            let supervisor = supervisor.start_link().await.unwrap();
            told().await;
            end(&supervisor, "a", error("boom")).await;
            let order = [boom("a"), shut("b"), shut("t"), init("a"), init("b")];
            assert_eq!(told().await, order);
            assert_eq!(ids(&supervisor).await, [("b".into(), true), ("a".into(), true)]);
            supervisor.stop().await.unwrap();
            told().await;
        }
    });
}

/// SUP-STRAT-06, SUP-INT-08.
#[test]
fn a_group_restart_brings_back_a_child_that_had_ended_normally() {
    paused(async {
        let transient = plain("t").restart(Restart::Transient);
        let supervisor = Supervisor::one_for_all().max_restarts(1).child(child("a"));
        let supervisor = supervisor.child(transient).start_link().await.unwrap();
        end(&supervisor, "t", ExitReason::Normal).await;
        assert_eq!(ids(&supervisor).await, [("t".into(), false), ("a".into(), true)]);
        end(&supervisor, "a", error("boom")).await;
        assert_eq!(ids(&supervisor).await, [("t".into(), true), ("a".into(), true)]);
    });
}

/// SUP-STRAT-08, SUP-STRAT-04: one restart, and the limit of each child.
#[test]
fn a_group_restart_counts_once_and_obeys_every_shutdown_setting() {
    paused(async {
        let brutal = child("b").shutdown(Shutdown::BrutalKill);
        let supervisor = Supervisor::one_for_all().max_restarts(1).child(child("a"));
        let supervisor = supervisor.child(brutal).child(child("c")).start_link().await.unwrap();
        told().await;
        end(&supervisor, "a", error("boom")).await;
        let order = [boom("a"), shut("c"), init("a"), init("b"), init("c")];
        assert_eq!(told().await, order);
    });
}

/// SUP-INT-05.
#[test]
fn the_restarts_of_all_children_are_counted_together() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(1);
        let supervisor = supervisor.child(plain("a")).child(plain("b")).start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        end(&supervisor, "a", error("boom")).await;
        assert!(process::is_alive(pid));
        end(&supervisor, "b", error("boom")).await;
        assert!(!process::is_alive(pid));
    });
}

/// SUP-INT-10.
#[test]
fn a_supervisor_that_gives_up_comes_back_only_if_it_is_permanent() {
    paused(async {
        for (restart, comes_back) in [(Restart::Permanent, true), (Restart::Transient, false)] {
            let inner = Supervisor::one_for_one().max_restarts(0).name("inner").child(child("a"));
            let inner = inner.child_spec("inner").restart(restart);
            let outer = Supervisor::one_for_one().child(inner).start_link().await.unwrap();
            let pid = process::whereis("inner").unwrap();
            otp_core::ServerRef::<Probe>::named("a").cast(Request::StopCast(error("boom")));
            // Nobody to ask, when it has ended before the question.
            assert!(matches!(process::join(pid).await, None | Some(ExitReason::Shutdown)));
            assert_eq!(ids(&outer).await, [("inner".into(), comes_back)]);
            assert_eq!(process::whereis("a").is_some(), comes_back);
            outer.stop().await.unwrap();
        }
    });
}

/// SUP-INT-11.
#[test]
fn starts_that_are_asked_for_do_not_count() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(0).child(plain("a"));
        let supervisor = supervisor.start_link().await.unwrap();
        for _ in 0..10 {
            supervisor.terminate_child("a").await.unwrap();
            supervisor.restart_child("a").await.unwrap();
            supervisor.start_child(plain("b")).await.unwrap();
            supervisor.terminate_child("b").await.unwrap();
            supervisor.delete_child("b").await.unwrap();
        }
        assert_eq!(ids(&supervisor).await, [("a".into(), true)]);
    });
}

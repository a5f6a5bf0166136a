//! Automatic shutdown: which ends count, and which do not.

use super::*;

fn key(id: &'static str, restart: Restart) -> ChildSpec<Probe> {
    child(id).restart(restart).significant(true)
}

fn any() -> Supervisor {
    Supervisor::one_for_one().auto_shutdown(AutoShutdown::AnySignificant)
}

/// SUP-AUTO-01.
#[test]
fn without_automatic_shutdown_no_end_stops_the_supervisor() {
    paused(async {
        let supervisor = Supervisor::one_for_one()
            .child(plain("a").restart(Restart::Temporary))
            .child(plain("b").restart(Restart::Transient));
        let supervisor = supervisor.start_link().await.unwrap();
        end(&supervisor, "a", error("boom")).await;
        end(&supervisor, "b", ExitReason::Normal).await;
        assert_eq!(ids(&supervisor).await, [("b".into(), false)]);
        let significant = plain("c").restart(Restart::Transient).significant(true);
        let refused = supervisor.start_child(significant).await;
        assert!(matches!(refused, Err(ChildError::Invalid(_))));
    });
}

/// SUP-AUTO-05.
#[test]
fn a_temporary_child_counts_whatever_its_reason() {
    paused(async {
        for reason in [ExitReason::Normal, ExitReason::Shutdown, error("boom")] {
            let supervisor = any().child(child("a")).child(key("s", Restart::Temporary));
            let supervisor = supervisor.start().await.unwrap();
            let pid = supervisor.pid().unwrap();
            told().await;
            end(&supervisor, "s", reason.clone()).await;
            assert!(!process::is_alive(pid), "{reason}");
            assert_eq!(told().await, [Told::Terminate("s", reason), shut("a")]);
        }
    });
}

/// SUP-AUTO-06.
#[test]
fn a_child_that_is_terminated_on_request_does_not_count() {
    paused(async {
        for auto in [AutoShutdown::AnySignificant, AutoShutdown::AllSignificant] {
            let supervisor = Supervisor::one_for_one()
                .auto_shutdown(auto)
                .child(key("s", Restart::Transient))
                .child(key("t", Restart::Temporary));
            let supervisor = supervisor.start_link().await.unwrap();
            supervisor.terminate_child("s").await.unwrap();
            supervisor.terminate_child("t").await.unwrap();
            assert_eq!(ids(&supervisor).await, [("s".into(), false)], "{auto:?}");
            supervisor.restart_child("s").await.unwrap();
            supervisor.stop().await.unwrap();
        }
    });
}

/// SUP-AUTO-07.
#[test]
fn a_bystander_of_a_group_restart_does_not_count() {
    paused(async {
        for auto in [AutoShutdown::AnySignificant, AutoShutdown::AllSignificant] {
            for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
                let supervisor = Supervisor::new(strategy)
                    .auto_shutdown(auto)
                    .child(child("a"))
                    .child(key("s", Restart::Temporary))
                    .child(key("t", Restart::Transient));
                let supervisor = supervisor.start_link().await.unwrap();
                told().await;
                end(&supervisor, "a", error("boom")).await;
                let order = [boom("a"), shut("t"), shut("s"), init("a"), init("t")];
                assert_eq!(told().await, order, "{auto:?} {strategy:?}");
                assert_eq!(ids(&supervisor).await, [("t".into(), true), ("a".into(), true)]);
                supervisor.stop().await.unwrap();
                told().await;
            }
        }
    });
}

/// SUP-AUTO-09.
#[test]
fn a_significant_supervisor_passes_its_shutdown_on() {
    paused(async {
        let inner = any().child(key("s", Restart::Transient)).name("inner").child_spec("inner");
        let inner = inner.restart(Restart::Transient).significant(true);
        let outer = any().child(child("a")).child(inner).start().await.unwrap();
        let (pid, inner) = (outer.pid().unwrap(), process::whereis("inner").unwrap());
        told().await;
        otp_core::ServerRef::<Probe>::named("s").cast(Request::StopCast(ExitReason::Normal));
        assert_eq!(process::join(pid).await, Some(ExitReason::Shutdown));
        assert!(!process::is_alive(inner));
        assert_eq!(told().await, [Told::Terminate("s", ExitReason::Normal), shut("a")]);
    });
}

//! Shutdown: how long it waits, and what does not disturb it.

use super::*;

/// Gives a child work that it does before it hears of a shutdown. Keep what is returned.
fn keep_busy(id: &'static str, time: Duration) -> impl Sized {
    let server = otp_core::ServerRef::<Probe>::named(id);
    server.call(move |caller| Request::Sleep(time, caller)).send()
}

/// SUP-SHUT-04.
#[test]
fn infinity_waits_as_long_as_it_takes() {
    paused(async {
        let patient = child("a").shutdown(Shutdown::Infinity);
        let supervisor = Supervisor::one_for_one().child(patient).start_link().await.unwrap();
        let _work = keep_busy("a", SECOND * 3600);
        let start = tokio::time::Instant::now();
        supervisor.stop().await.unwrap();
        assert_eq!(start.elapsed(), SECOND * 3600);
        assert_eq!(told().await, [init("a"), shut("a")]);
    });
}

/// SUP-SHUT-06.
#[test]
fn a_child_that_ends_with_a_reason_of_its_own_does_not_disturb_the_others() {
    paused(async {
        let own_way = || async {
            Ok(process::SpawnOptions::new().name("odd").link().spawn(async {
                process::trap_exit(true);
                let _: otp_core::Exit = process::receive_type().await;
                process::exit(error("own"));
            }))
        };
        let supervisor = Supervisor::one_for_one().child(child("a"));
        let supervisor = supervisor.child(ChildSpec::from_fn("odd", own_way)).child(child("c"));
        let supervisor = supervisor.start_link().await.unwrap();
        let odd = process::monitor("odd");
        tokio::task::yield_now().await;
        supervisor.stop().await.unwrap();
        assert_eq!(told().await, [init("a"), init("c"), shut("c"), shut("a")]);
        let down: otp_core::Down = process::receive_type().await;
        assert_eq!((down.monitor, down.reason), (odd, error("own")));
    });
}

/// SUP-SHUT-07.
#[test]
fn a_child_that_ends_while_others_are_shut_down_stays_ended() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a")).child(child("slow"));
        let supervisor = supervisor.start_link().await.unwrap();
        let _work = keep_busy("slow", SECOND * 3);
        told().await;
        process::spawn(async {
            process::sleep(SECOND).await;
            otp_core::ServerRef::<Probe>::named("a").cast(Request::StopCast(error("boom")));
        });
        supervisor.stop().await.unwrap();
        assert_eq!(told().await, [boom("a"), shut("slow")]);
    });
}

/// SUP-SHUT-11.
#[test]
fn only_kill_ends_a_supervisor_from_outside() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a")).start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        for reason in [error("boom"), ExitReason::Shutdown, ExitReason::Normal] {
            let stranger = process::spawn(async move { process::send_exit(pid, reason) });
            process::join(stranger).await;
            assert_eq!(ids(&supervisor).await, [("a".into(), true)]);
        }
        process::send_exit(pid, ExitReason::Kill);
        assert!(matches!(process::join(pid).await, None | Some(ExitReason::Killed)));
    });
}

/// SUP-SHUT-14.
#[test]
fn nothing_of_a_terminated_child_is_left_in_the_mailbox() {
    let (capture, _guard) = Capture::install();
    paused(async {
        let supervisor = Supervisor::one_for_all().child(child("a")).child(plain("b"));
        let supervisor = supervisor.start_link().await.unwrap();
        let pid = supervisor.pid().unwrap();
        for _ in 0..3 {
            for id in ["a", "b"] {
                supervisor.terminate_child(id).await.unwrap();
                supervisor.count_children().await.unwrap();
                let info = process::info(pid).unwrap();
                assert_eq!((info.message_queue_len, info.monitors.len()), (0, 0));
                supervisor.restart_child(id).await.unwrap();
            }
        }
        end(&supervisor, "a", error("boom")).await; // shuts `b` down, too
        assert_eq!(process::info(pid).unwrap().message_queue_len, 0);
        assert_eq!(ids(&supervisor).await, [("b".into(), true), ("a".into(), true)]);
        let restarts: Vec<u64> = {
            let children = supervisor.which_children().await.unwrap();
            children.iter().map(|child| child.restarts).collect()
        };
        assert_eq!(restarts, [1, 1]);
    });
    assert_eq!(capture.take("otp::unhandled").len(), 0);
}

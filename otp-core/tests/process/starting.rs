//! Starting and stopping in step: `PROC-LIB`.

use otp_core::process;
use otp_core::{Exit, ExitReason, Start, StartError, StopError};

use crate::support::{Begin, Plan, Probe, Request, Told, paused, told};
use crate::{SECOND, down, error, nothing_waits};

/// PROC-LIB-02
#[test]
fn a_start_returns_when_the_child_is_up() {
    paused(async {
        let server = Plan::new("up").start_link().await;
        assert_eq!(told().await, [Told::Init("up")]); // it was told before the start returned
        server.stop().await.unwrap();
    });
}

/// PROC-LIB-03
#[test]
fn a_child_that_dies_first_makes_the_start_fail_with_its_reason() {
    paused(async {
        process::trap_exit(true);
        let plan = Plan::new("no").init(Begin::Stop(error("no")));
        assert_eq!(Start::<Probe>::link(plan).await.unwrap_err(), StartError::Exit(error("no")));
        let plan = Plan::new("no").init(Begin::Panic);
        let failed = Start::<Probe>::alone(plan).await.unwrap_err();
        let StartError::Exit(ExitReason::Crash(crash)) = failed else { panic!("{failed:?}") };
        assert_eq!(crash.message(), "init oops");
        let _ = told().await;
        assert!(nothing_waits().await);
        process::trap_exit(false);
    });
}

/// PROC-LIB-04
#[test]
fn a_start_that_takes_too_long_kills_the_child_and_leaves_nothing() {
    paused(async {
        process::trap_exit(true);
        let plan = Plan::new("slow").named("slow").init(Begin::Never);
        let start = Start::<Probe>::link(plan).timeout(SECOND);
        let begin = process::now();
        assert_eq!(start.await.unwrap_err(), StartError::Timeout);
        assert_eq!(process::now() - begin, SECOND);
        assert_eq!(process::whereis("slow"), None);
        assert_eq!(told().await, [Told::Init("slow")]);
        assert!(nothing_waits().await); // no `Exit` of the child
        process::trap_exit(false);
    });
}

/// PROC-LIB-05
#[test]
fn stop_waits_until_the_target_is_gone() {
    paused(async {
        let server = Plan::new("a").named("a").start().await;
        let pid = server.pid().unwrap();
        assert_eq!(server.stop().await, Ok(()));
        assert!(!process::is_alive(pid) && process::whereis("a").is_none());
        assert_eq!(server.stop().await, Err(StopError::NoProc));

        let server = Plan::new("b").start().await;
        assert_eq!(server.stop().reason(error("asked for")).await, Ok(()));

        let server = Plan::new("c").start().await;
        server.cast(Request::StopCast(error("another")));
        assert_eq!(server.stop().await, Err(StopError::Exited(error("another"))));
        let _ = told().await;
    });
}

/// PROC-LIB-06
#[test]
fn a_stop_that_times_out_still_ends_the_target() {
    paused(async {
        let server = Plan::new("busy").start().await;
        let busy = server.clone();
        let call = process::spawn(async move {
            busy.call(|caller| Request::Sleep(SECOND * 3, caller)).await.unwrap();
        });
        tokio::task::yield_now().await;
        assert_eq!(server.stop().timeout(SECOND).await, Err(StopError::Timeout));
        assert!(server.is_alive());
        let monitor = process::monitor(server.pid().unwrap());
        process::join(call).await;
        let seen = down().await;
        assert_eq!((seen.monitor, seen.reason), (monitor, ExitReason::Normal));
        let _ = told().await;
    });
}

/// PROC-LIB-02: a linked child is linked from its first moment.
#[test]
fn a_linked_child_takes_its_starter_along_only_after_the_start() {
    paused(async {
        process::trap_exit(true);
        let server = Plan::new("linked").start_link().await;
        let pid = server.pid().unwrap();
        process::send_exit(pid, error("boom"));
        let exit: Exit = process::receive_type().await;
        assert_eq!((exit.from, exit.reason), (pid, error("boom")));
        let _ = told().await;
        process::trap_exit(false);
    });
}

//! Starts, specs, and requests that cannot be done.

use std::marker::PhantomData;

use otp_core::SupervisorModule;

use super::*;

/// SUP-SPEC-01, SUP-ADM-13.
#[test]
fn a_spec_can_be_asked_for() {
    paused(async {
        let inner = Supervisor::one_for_one().child_spec("inner");
        let special = plain("b").restart(Restart::Transient).shutdown(Shutdown::BrutalKill);
        let supervisor = Supervisor::one_for_one()
            .auto_shutdown(AutoShutdown::AllSignificant)
            .child(ChildSpec::<Probe>::new(Plan::new("a")))
            .child(special.significant(true))
            .child(inner);
        let supervisor = supervisor.start_link().await.unwrap();
        let spec = supervisor.get_childspec(ChildId::of::<Probe>()).await.unwrap();
        assert_eq!(spec.to_string(), "Probe: permanent worker, shutdown 5s");
        assert_eq!((spec.restart, spec.significant), (Restart::Permanent, false));
        let before = supervisor.get_childspec("b").await.unwrap();
        assert_eq!(before.to_string(), "b: transient worker, shutdown brutal_kill, significant");
        supervisor.terminate_child("b").await.unwrap();
        assert_eq!(supervisor.get_childspec("b").await, Ok(before));
        let spec = supervisor.get_childspec("inner").await.unwrap();
        assert_eq!(spec.to_string(), "inner: permanent supervisor, shutdown infinity");
        assert_eq!(supervisor.get_childspec("zzz").await, Err(ChildError::NotFound));
    });
}

/// SUP-SPEC-02.
#[test]
fn three_restarts_in_five_seconds_are_tolerated_unless_said_otherwise() {
    let flags = format!("{:?}", Supervisor::one_for_one());
    assert!(flags.contains("max_restarts: 3, max_seconds: 5, auto_shutdown: Never"), "{flags}");
    paused(async {
        let supervisor = Supervisor::one_for_one().child(plain("a")).start().await.unwrap();
        let pid = supervisor.pid().unwrap();
        for _ in 0..3 {
            end(&supervisor, "a", error("boom")).await;
            assert!(process::is_alive(pid));
        }
        end(&supervisor, "a", error("boom")).await;
        assert!(!process::is_alive(pid));
    });
}

/// What `supervisor!` makes of a declaration, by hand.
struct Optional;

impl SupervisorModule for Optional {
    type Args = bool;

    fn init(wanted: bool) -> Supervisor {
        if wanted { Supervisor::one_for_one() } else { Supervisor::ignore() }
    }
}

/// SUP-START-04; SUP-START-05: what `init` returns is always a supervisor.
#[test]
fn a_supervisor_can_choose_not_to_run() {
    let init: fn(bool) -> Supervisor = Optional::init;
    paused(async move {
        let ignored = init(false).name("opt").child(child("a"));
        assert_eq!(ignored.start_link().await.err(), Some(StartError::Ignore));
        assert_eq!((told().await, process::whereis("opt")), (vec![], None));
        let outer = Supervisor::one_for_one()
            .child(init(false).child_spec("off"))
            .child(init(true).child_spec("on"));
        let outer = outer.start_link().await.unwrap();
        assert_eq!(ids(&outer).await, [("on".into(), true), ("off".into(), false)]);
    });
}

/// SUP-START-13: nobody can tell whether an idle supervisor sleeps more deeply.
#[test]
fn an_idle_supervisor_does_its_work_as_ever() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(plain("a")).start_link().await.unwrap();
        process::sleep(SECOND * 3600).await;
        end(&supervisor, "a", error("boom")).await;
        assert_eq!(ids(&supervisor).await, [("a".into(), true)]);
    });
}

/// SUP-START-06.
#[test]
fn a_supervisor_whose_name_is_taken_does_not_start() {
    paused(async {
        let first = Supervisor::one_for_one().name("top").start_link().await.unwrap();
        let second = Supervisor::one_for_one().name("top").child(child("a")).start_link().await;
        assert_eq!(second.err(), Some(StartError::AlreadyStarted(first.pid().unwrap())));
        assert_eq!(told().await, []);
    });
}

/// SUP-START-11.
#[test]
fn a_child_that_ends_during_the_start_comes_back_after_it() {
    paused(async {
        let b = Plan::new("b").named("b");
        let slow = move || {
            let b = b.clone();
            async move {
                process::sleep(SECOND).await;
                Ok(b.start_link().await.pid().unwrap())
            }
        };
        let supervisor = Supervisor::one_for_one().child(child("a"));
        let supervisor = supervisor.child(ChildSpec::from_fn("b", slow)).child(child("c"));
        process::spawn(async {
            process::sleep(SECOND / 2).await;
            otp_core::ServerRef::<Probe>::named("a").cast(Request::StopCast(error("boom")));
        });
        let supervisor = supervisor.start_link().await.unwrap();
        assert!(ids(&supervisor).await.iter().all(|(_, running)| *running));
        assert_eq!(told().await, [init("a"), boom("a"), init("b"), init("c"), init("a")]);
    });
}

/// SUP-START-12: the supervisor survives it, at the start, on request and at a restart.
#[test]
fn a_start_function_that_panics_or_exits_has_failed() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("z")).start_link().await.unwrap();
        let panics = ChildSpec::from_fn("p", || async { panic!("start oops") });
        match supervisor.start_child(panics).await {
            Err(ChildError::Start(StartError::Exit(ExitReason::Crash(crash)))) => {
                assert_eq!(crash.message(), "start oops");
            }
            other => panic!("{other:?}"),
        }
        let exits = ChildSpec::from_fn("e", || async { process::exit(error("bye")) });
        let failed = supervisor.start_child(exits).await.err();
        assert_eq!(failed, Some(ChildError::Start(StartError::Exit(error("bye")))));
        assert_eq!(ids(&supervisor).await, [("z".into(), true)]);

        let starts = Arc::new(AtomicU32::new(0));
        let moody = move || {
            let start = starts.fetch_add(1, Ordering::Relaxed);
            async move {
                assert!(!(1..3).contains(&start), "not now");
                Ok(Plan::new("m").named("m").start_link().await.pid().unwrap())
            }
        };
        supervisor.start_child(ChildSpec::from_fn("m", moody)).await.unwrap();
        end(&supervisor, "m", error("boom")).await;
        while process::whereis("m").is_none() {
            tokio::task::yield_now().await;
        }
        supervisor.stop().await.unwrap();

        let panics = ChildSpec::from_fn("p", || async { panic!("start oops") });
        let started = Supervisor::one_for_one().child(child("a")).child(panics).start().await;
        let Err(StartError::Exit(ExitReason::ShutdownWith(term))) = started else {
            panic!("the start must fail");
        };
        assert_eq!(term.downcast_ref::<FailedToStart>().unwrap().child, "p");
    });
}

/// SUP-START-09.
#[test]
fn what_a_start_function_returns_goes_to_who_has_asked() {
    paused(async {
        let supervisor = Supervisor::one_for_one().start_link().await.unwrap();
        let spec = ChildSpec::from_fn_with("a", || async {
            Ok((Plan::new("a").named("a").start_link().await.pid().unwrap(), String::from("info")))
        });
        let spec = spec.restart(Restart::Transient);
        let (pid, extra) = supervisor.start_child(spec).await.unwrap();
        assert_eq!((Some(pid), extra.as_str()), (process::whereis("a"), "info"));
        end(&supervisor, "a", error("boom")).await;
        assert_eq!(ids(&supervisor).await, [("a".into(), true)]);
    });
}

/// SUP-ADM-11.
#[test]
fn a_supervisor_that_is_gone_cannot_be_asked() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(child("a")).start_link().await.unwrap();
        supervisor.stop().await.unwrap();
        let gone = || ChildError::Call(CallError::NoProc);
        assert_eq!(supervisor.which_children().await, Err(CallError::NoProc));
        assert_eq!(supervisor.count_children().await, Err(CallError::NoProc));
        assert_eq!(supervisor.start_child(child("b")).await.err(), Some(gone()));
        assert_eq!(supervisor.terminate_child("a").await, Err(gone()));
        assert_eq!(supervisor.restart_child("a").await, Err(gone()));
        assert_eq!(supervisor.delete_child("a").await, Err(gone()));
        assert_eq!(supervisor.get_childspec("a").await, Err(gone()));
    });
}

/// SUP-ADM-12: `terminate_child` takes what becomes an id, and a pid does not.
#[test]
fn a_pid_is_no_child_id() {
    struct Is<T>(PhantomData<T>);
    trait Otherwise {
        const AN_ID: bool = false;
    }
    impl<T> Otherwise for Is<T> {}
    impl<T: Into<ChildId>> Is<T> {
        const AN_ID: bool = true;
    }
    assert_eq!((Is::<&'static str>::AN_ID, Is::<otp_core::Pid>::AN_ID), (true, false));
}

/// SUP-ADM-14: so many that a cost which grows with their square would exceed the test's limit; the
/// figure itself is the benchmarks' business.
#[test]
fn very_many_children_are_started_and_stopped() {
    paused(async {
        let supervisor = Supervisor::one_for_one().start_link().await.unwrap();
        for id in 0..20_000 {
            let pause = || async { Ok(process::spawn_link(std::future::pending::<()>())) };
            supervisor.start_child(ChildSpec::from_fn(id.to_string(), pause)).await.unwrap();
        }
        assert_eq!(supervisor.count_children().await.unwrap().active, 20_000);
        supervisor.stop().await.unwrap();
    });
}

/// SUP-ADM-15.
#[test]
fn a_child_that_runs_elsewhere_already_is_not_taken_over() {
    paused(async {
        let elsewhere = Plan::new("a").named("a").start().await;
        let supervisor = Supervisor::one_for_one().start_link().await.unwrap();
        let refused = supervisor.start_child(child("a")).await.err();
        let pid = elsewhere.pid().unwrap();
        assert_eq!(refused, Some(ChildError::Start(StartError::AlreadyStarted(pid))));
        assert_eq!(ids(&supervisor).await, []);
        supervisor.stop().await.unwrap();
        assert!(process::is_alive(pid));
        elsewhere.stop().await.unwrap();
    });
}

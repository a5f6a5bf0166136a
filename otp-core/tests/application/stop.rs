//! Stopping applications.

use std::time::Duration;

use otp_core::private::{MainOptions, TestOptions, run_main, run_test};
use otp_core::{
    AppSpec, Application, Applications, ExitReason, StartAppError, StartContext, StartMode,
    StopAppError, Supervisor, process,
};

use crate::app::{App, StartResult, Step, end, ensure_all, running, start, steps};
use crate::support::{failure, paused, threaded};

/// APP-STOP-01: `prep_stop`, the tree, `stop`; it can be started again.
#[test]
fn a_stop_has_three_steps() {
    paused(async {
        start(App::new("a")).await.unwrap();
        Applications::stop("a").await.unwrap();
        let steps_of_a = ["start", "prep_stop", "terminate", "stop"].map(|step| Step("a", step));
        assert_eq!(steps().await, steps_of_a);
        assert_eq!(Applications::loaded().len(), 1);
        Applications::start("a", StartMode::Temporary).await.unwrap();
    });
}

/// APP-STOP-02: what does not run cannot be stopped.
#[test]
fn what_does_not_run_cannot_be_stopped() {
    paused(async {
        App::new("a").load();
        for name in ["a", "unknown"] {
            let error = Applications::stop(name).await.unwrap_err();
            let StopAppError::NotStarted { application, .. } = error else { panic!("{error}") };
            assert_eq!(application, name);
        }
    });
}

/// APP-STOP-03: those that need it go on.
#[test]
fn who_needs_a_stopped_application_goes_on() {
    paused(async {
        App::new("ledger").load();
        App::new("bank").needs("ledger").load();
        ensure_all("bank").await.unwrap();
        Applications::stop("ledger").await.unwrap();
        assert_eq!(running(), ["bank"]);
        assert!(process::whereis("bank").is_some());
    });
}

/// APP-STOP-04: `stop` runs, `prep_stop` does not.
#[test]
fn the_stop_callback_runs_when_the_tree_has_ended_by_itself() {
    paused(async {
        start(App::new("a")).await.unwrap();
        end("a", ExitReason::error("broken"));
        process::sleep(Duration::from_secs(1)).await;
        let steps_of_a = ["start", "terminate", "stop"].map(|step| Step("a", step));
        assert_eq!(steps().await, steps_of_a);
        assert!(running().is_empty());
    });
}

/// APP-STOP-05: in reverse start order, whoever asks for the end.
#[test]
fn the_end_of_everything_is_the_reverse_of_its_start() {
    let apps = || {
        App::new("a").load();
        App::new("b").needs("a").load();
        App::new("c").needs("b").load();
    };
    let stops = |steps: Vec<Step>| -> Vec<&'static str> {
        steps.into_iter().filter(|step| step.1 == "stop").map(|step| step.0).collect()
    };
    paused(async move {
        apps();
        ensure_all("c").await.unwrap();
        Applications::stop_all().await.unwrap();
        assert_eq!(stops(steps().await), ["c", "b", "a"]);
        assert!(running().is_empty());
        ensure_all("a").await.unwrap(); // nothing forbids a new start
    });
}

/// APP-STOP-05: what is still there when time is up is killed.
#[test]
fn a_stop_limit_ends_what_hangs() {
    let options = MainOptions::new().stop_limit(Duration::from_millis(20));
    let code = run_main(options, async {
        let hangs = App::new("hangs").stop(std::future::pending);
        start(hangs).await.unwrap();
    });
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::FAILURE));
}

#[test]
fn the_program_stops_applications_before_what_the_body_has_started() {
    let (tell, told) = std::sync::mpsc::channel();
    let code = run_main(MainOptions::new(), async move {
        let of_app = tell.clone();
        let app = App::new("a").stop(move || {
            let of_app = of_app.clone();
            async move { of_app.send("application").unwrap() }
        });
        process::spawn_link(async move {
            process::trap_exit(true);
            process::receive_type::<otp_core::Exit>().await;
            tell.send("body").unwrap();
        });
        start(app).await.unwrap();
    });
    assert_eq!(told.try_iter().collect::<Vec<_>>(), ["application", "body"]);
    assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS));
}

/// APP-STOP-06: callbacks may ask for anything while everything stops.
#[test]
fn questions_and_starts_during_the_end_do_not_wait() {
    threaded(async {
        let owner = process::self_pid();
        App::new("late").load();
        let app = App::new("a").prep_stop(move || async move {
            process::send(owner, ensure_all("late").await);
            process::send(owner, Applications::stop("b").await);
            process::send(owner, Applications::stop("a").await);
            process::send(owner, Applications::stop_all().await);
            assert_eq!(Applications::loaded().len(), 3);
        });
        App::new("b").load();
        ensure_all("b").await.unwrap();
        start(app).await.unwrap();
        Applications::stop_all().await.unwrap();
        let late: Result<Vec<String>, StartAppError> = process::receive_type().await;
        assert!(matches!(late, Err(StartAppError::ShuttingDown { .. })));
        let b: Result<(), StopAppError> = process::receive_type().await;
        assert_eq!(b, Ok(()));
        for _ in ["stop", "stop_all"] {
            let own: Result<(), StopAppError> = process::receive_type().await;
            let Err(StopAppError::Cycle { path, .. }) = own else { panic!("{own:?}") };
            assert_eq!(path, ["a", "a"]);
        }
        assert!(running().is_empty());
    });
}

#[test]
fn two_stop_callbacks_that_wait_for_each_other_are_refused() {
    paused(async {
        for (name, other) in [("a", "b"), ("b", "a")] {
            let owner = process::self_pid();
            let app = App::new(name).stop(move || async move {
                process::sleep(Duration::from_secs(1)).await;
                process::send(owner, Applications::stop(other).await);
            });
            start(app).await.unwrap();
        }
        let me = process::self_pid();
        for name in ["a", "b"] {
            process::spawn(
                async move { process::send(me, (name, Applications::stop(name).await)) },
            );
        }
        for _ in 0..2 {
            let (_, stopped): (&'static str, Result<(), StopAppError>) =
                process::receive_type().await;
            assert_eq!(stopped, Ok(()));
        }
        let outcomes: [Result<(), StopAppError>; 2] =
            [process::receive_type().await, process::receive_type().await];
        let refused = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        assert_eq!(refused, 1, "{outcomes:?}");
    });
}

#[test]
fn a_stop_callback_that_asks_after_its_tree_has_ended_does_not_wait() {
    paused(async {
        let owner = process::self_pid();
        let app = App::new("a").stop(move || async move {
            process::send(owner, Applications::stop("a").await);
        });
        start(app).await.unwrap();
        end("a", ExitReason::error("broken"));
        let own: Result<(), StopAppError> = process::receive_type().await;
        assert!(matches!(own, Err(StopAppError::Cycle { .. })));
    });
}

#[test]
fn a_stop_callback_that_panics_does_not_stop_the_stop() {
    paused(async {
        let app = App::new("a")
            .prep_stop(|| async { panic!("first") })
            .stop(|| async { process::exit(ExitReason::error("second")) });
        start(app).await.unwrap();
        let error = Applications::stop("a").await.unwrap_err();
        let StopAppError::CallbackFailed { reason, .. } = &error else { panic!("{error}") };
        assert!(reason.is_crash(), "{reason}");
        let steps_of_a = ["start", "prep_stop", "terminate", "stop"].map(|step| Step("a", step));
        assert_eq!(steps().await, steps_of_a);
        assert!(running().is_empty());
    });
}

#[test]
fn a_start_during_a_stop_waits_for_it() {
    paused(async {
        let owner = process::self_pid();
        let app = App::new("a").stop(move || async move {
            process::send(owner, "stopping");
            process::sleep(Duration::from_secs(1)).await;
        });
        start(app).await.unwrap();
        process::spawn(async { Applications::stop("a").await });
        let "stopping" = process::receive_type::<&'static str>().await else { panic!() };
        assert!(running().is_empty());
        Applications::start("a", StartMode::Temporary).await.unwrap();
        assert_eq!(running(), ["a"]);
    });
}

#[test]
fn a_start_that_hangs_is_given_up_at_the_end() {
    paused(async {
        let owner = process::self_pid();
        let app = App::new("a").start(move || async move {
            let child = otp_core::ChildSpec::<crate::support::Probe>::new({
                let mut plan = crate::support::Plan::new("never").trap();
                plan.owner = owner;
                plan.init(crate::support::Begin::Never)
            });
            Ok(Supervisor::one_for_one().child(child).start_link().await?)
        });
        app.load();
        let me = process::self_pid();
        process::spawn(async move { process::send(me, ensure_all("a").await) });
        let crate::support::Told::Init("never") = process::receive_type().await else { panic!() };
        Applications::stop_all().await.unwrap();
        let outcome: Result<Vec<String>, StartAppError> = process::receive_type().await;
        assert!(matches!(outcome, Err(StartAppError::ShuttingDown { .. })), "{outcome:?}");
        // The test fails if any process of it is left.
    });
}

#[test]
fn who_kills_the_master_ends_the_application() {
    paused(async {
        start(App::new("a")).await.unwrap();
        let probe = process::whereis("a").unwrap();
        let master = process::info(probe).unwrap().ancestors.last().unwrap().pid;
        process::send_exit(master, ExitReason::Kill);
        process::join(probe).await;
        assert_eq!(steps().await, [Step("a", "start"), Step("a", "terminate")]);
        assert!(running().is_empty());
        start(App::new("a")).await.unwrap();
    });
}

/// A test ends its applications, too: nothing is left behind here, and nothing is stopped.
#[test]
fn a_test_stops_its_applications() {
    struct Plain;
    impl Application for Plain {
        fn spec(&self) -> AppSpec {
            AppSpec::new("plain")
        }
        async fn start(&self, _: &StartContext) -> StartResult {
            // Not even linked.
            Ok(Supervisor::one_for_one().start().await?)
        }
    }
    paused(async {
        Applications::start(Plain, StartMode::Permanent).await.unwrap();
    });
}

#[test]
fn a_test_whose_application_never_stops_fails() {
    let text = failure(|| {
        let limit = Duration::from_millis(20);
        run_test(TestOptions::new("hanging").timeout(limit), async {
            start(App::new("hangs").stop(std::future::pending)).await.unwrap();
        });
    });
    assert!(text.starts_with("`hanging` did not finish within 20ms"), "{text}");
}

/// A program of its own main function: start, work, stop.
#[test]
fn a_plain_tokio_program_adopts_applications() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    struct Bank;
    impl Application for Bank {
        async fn start(&self, _: &StartContext) -> StartResult {
            Ok(Supervisor::one_for_one().name("bank_sup").start_link().await?)
        }
    }
    runtime.block_on(async {
        let started = Applications::ensure_all_started(Bank, StartMode::Permanent).await;
        assert_eq!(started.unwrap(), ["bank"]);
        assert!(process::whereis("bank_sup").is_some());
        let in_task = tokio::spawn(async { running() }).await.unwrap();
        assert_eq!(in_task, ["bank"]);
        Applications::stop_all().await.unwrap();
        assert!(process::whereis("bank_sup").is_none());
        assert!(running().is_empty());
    });
}

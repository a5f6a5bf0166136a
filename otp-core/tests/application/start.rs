//! Starting applications.

use otp_core::{
    AppSpec, Application, Applications, ExitReason, FailedToStart, LoadAppError, StartAppError,
    StartContext, StartFailure, StartMode, StartType, Supervisor, process,
};

use crate::app::{App, StartResult, Step, ensure_all, running, start, steps, tree};
use crate::support::{Begin, Plan, Probe, paused, threaded};

fn failed(error: StartAppError) -> (String, ExitReason) {
    match error {
        StartAppError::Failed { application, reason, .. } => (application, reason),
        other => panic!("not a failed start: {other}"),
    }
}

/// APP-START-01: what is needed has to run.
#[test]
fn a_dependency_that_does_not_run_refuses_the_start() {
    paused(async {
        App::new("ledger").load();
        App::new("bank").needs("ledger").load();
        let error = Applications::start("bank", StartMode::Temporary).await.unwrap_err();
        let StartAppError::NotStarted { application, dependency, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!((application.as_str(), dependency.as_str()), ("bank", "ledger"));
        assert!(steps().await.is_empty());
        let error = Applications::start("nobody", StartMode::Temporary).await.unwrap_err();
        assert_eq!(error.to_string(), "no application is called `nobody`");
    });
}

/// APP-START-02: dependencies first, each once, and only new ones are returned.
#[test]
fn everything_needed_is_started_first_and_once() {
    paused(async {
        App::new("base").load();
        App::new("left").needs("base").load();
        App::new("right").needs("base").load();
        App::new("top").needs("left").needs("right").load();
        ensure_all("right").await.unwrap();
        steps().await;
        assert_eq!(ensure_all("top").await.unwrap(), ["left", "top"]);
        assert_eq!(steps().await, [Step("left", "start"), Step("top", "start")]);
        assert_eq!(ensure_all("top").await.unwrap(), Vec::<String>::new());
    });
}

#[test]
fn a_dependency_by_value_is_loaded_with_its_own() {
    struct Base;
    struct Middle;
    struct HTTPTop;
    impl Application for Base {
        async fn start(&self, _: &StartContext) -> StartResult {
            Ok(Supervisor::one_for_one().start_link().await?)
        }
    }
    impl Application for Middle {
        fn spec(&self) -> AppSpec {
            AppSpec::of::<Middle>().depends_on(Base)
        }
        async fn start(&self, _: &StartContext) -> StartResult {
            Ok(Supervisor::one_for_one().start_link().await?)
        }
    }
    impl Application for HTTPTop {
        fn spec(&self) -> AppSpec {
            AppSpec::of::<HTTPTop>().depends_on(Middle).depends_on(Base)
        }
        async fn start(&self, _: &StartContext) -> StartResult {
            Ok(Supervisor::one_for_one().start_link().await?)
        }
    }
    paused(async {
        let started = Applications::ensure_all_started(HTTPTop, StartMode::Temporary).await;
        assert_eq!(started.unwrap(), ["base", "middle", "http_top"]);
        Applications::stop_all().await.unwrap();
    });
}

/// APP-START-03: a second start is refused, `ensure_started` is content.
#[test]
fn a_running_application_is_not_started_again() {
    paused(async {
        start(App::new("a")).await.unwrap();
        let error = start(App::new("a")).await.unwrap_err();
        assert!(matches!(error, StartAppError::AlreadyStarted { .. }), "{error}");
        Applications::ensure_started("a", StartMode::Temporary).await.unwrap();
        assert_eq!(steps().await, [Step("a", "start")]);
    });
}

/// APP-START-04: the reason is in the error, and nothing runs.
#[test]
fn a_failed_start_tells_why() {
    paused(async {
        let failing = App::new("a").start(|| async { Err("no disk".into()) });
        let error = start(failing).await.unwrap_err();
        assert_eq!(error.to_string(), "the application `a` did not start: no disk");
        let (name, reason) = failed(error);
        let ExitReason::Error(term) = &reason else { panic!("{reason}") };
        let failure = term.downcast_ref::<StartFailure>().unwrap();
        assert_eq!((name.as_str(), failure.error().to_string().as_str()), ("a", "no disk"));
        assert!(running().is_empty());
        // The next start may go well; the new value takes the place of the old one.
        start(App::new("a")).await.unwrap();
    });
}

#[test]
fn the_error_names_the_path_of_the_child() {
    paused(async {
        let app = App::new("a").start(|| async {
            let child = otp_core::ChildSpec::<Probe>::new(
                Plan::new("endpoint").init(Begin::Stop(ExitReason::error("in use"))),
            );
            let web = Supervisor::one_for_one().child(child.id("endpoint")).child_spec("web");
            Ok(Supervisor::one_for_one().name("top").child(web).start_link().await?)
        });
        let error = start(app).await.unwrap_err();
        assert_eq!(error.path().as_deref(), Some("top.web.endpoint"));
        assert_eq!(
            error.to_string(),
            "the application `a` did not start: child `top.web.endpoint` failed to start: `init` \
             failed: in use"
        );
        let (_, reason) = failed(error);
        let ExitReason::ShutdownWith(term) = reason else { panic!("{reason}") };
        assert!(term.downcast_ref::<FailedToStart>().is_some());
    });
}

/// APP-START-05: what was started is stopped again in reverse, what ran before goes on.
#[test]
fn a_failed_start_of_many_leaves_things_as_they_were() {
    paused(async {
        App::new("before").load();
        App::new("one").needs("before").load();
        App::new("two").needs("one").load();
        App::new("bad").needs("two").start(|| async { Err("no".into()) }).load();
        ensure_all("before").await.unwrap();
        steps().await;
        assert_eq!(failed(ensure_all("bad").await.unwrap_err()).0, "bad");
        let expected = [
            Step("one", "start"),
            Step("two", "start"),
            Step("bad", "start"),
            Step("two", "prep_stop"),
            Step("two", "terminate"),
            Step("two", "stop"),
            Step("one", "prep_stop"),
            Step("one", "terminate"),
            Step("one", "stop"),
        ];
        assert_eq!(steps().await, expected);
        assert_eq!(running(), ["before"]);
    });
}

#[test]
fn what_a_failed_start_has_begun_is_stopped_before_the_error() {
    paused(async {
        let owner = process::self_pid();
        let app = App::new("a").start(move || async move {
            tree("first", owner).await?;
            tree("second", owner).await?;
            Err("no".into())
        });
        start(app).await.unwrap_err();
        let expected =
            [Step("a", "start"), Step("second", "terminate"), Step("first", "terminate")];
        assert_eq!(steps().await, expected);
    });
}

/// APP-START-06: the start type and the argument arrive, and the tree is the master's.
#[test]
fn the_callback_gets_type_and_argument() {
    struct Args(u32);
    struct WithArgs;
    impl Application for WithArgs {
        fn spec(&self) -> AppSpec {
            AppSpec::of::<WithArgs>().start_args(Args(7))
        }
        async fn start(&self, cx: &StartContext) -> StartResult {
            assert_eq!((cx.name(), cx.start_type()), ("with_args", StartType::Normal));
            assert_eq!(cx.args::<Args>().map(|args| args.0), Some(7));
            assert!(cx.args::<u32>().is_none());
            assert_eq!(Applications::current().as_deref(), Some("with_args"));
            Ok(Supervisor::one_for_one().name("args_top").start_link().await?)
        }
    }
    paused(async {
        assert_eq!(Applications::current(), None);
        Applications::start(WithArgs, StartMode::Temporary).await.unwrap();
        let top = process::info(process::whereis("args_top").unwrap()).unwrap();
        assert_eq!(top.ancestors.len(), 1, "the master has no parent");
        let master = process::info(top.ancestors[0].pid).unwrap();
        assert!(master.trap_exit && master.ancestors.is_empty());
        assert_eq!(master.label.as_deref(), Some("application with_args"));
    });
}

/// APP-START-07: a panic, an exit or a supervisor that is gone is a start error.
#[test]
fn a_start_callback_that_goes_wrong_harms_nobody() {
    paused(async {
        let panics = App::new("panics").start(|| async { panic!("oops") });
        let (_, reason) = failed(start(panics).await.unwrap_err());
        assert!(matches!(&reason, ExitReason::Crash(crash) if crash.message() == "oops"));

        let exits = App::new("exits").start(|| async { process::exit(ExitReason::error("bye")) });
        assert_eq!(failed(start(exits).await.unwrap_err()).1, ExitReason::error("bye"));

        let dead = App::new("dead").start(|| async {
            let top = Supervisor::one_for_one().start_link().await?;
            top.stop().await?;
            Ok(top)
        });
        assert_eq!(failed(start(dead).await.unwrap_err()).1, ExitReason::NoProc);

        let killed = App::new("killed").start(|| async {
            let master = process::self_pid();
            process::spawn(async move { process::send_exit(master, ExitReason::Kill) });
            std::future::pending().await
        });
        assert_eq!(failed(start(killed).await.unwrap_err()).1, ExitReason::Killed);
        assert!(running().is_empty());
    });
}

/// APP-START-08: the second request waits for the first.
#[test]
fn two_requests_at_once_start_it_once() {
    for succeeds in [true, false] {
        threaded(async move {
            let owner = process::self_pid();
            let app = App::new("a").start(move || async move {
                process::send(owner, "begun");
                process::sleep(std::time::Duration::from_millis(1)).await;
                if succeeds { tree("a", owner).await } else { Err("no".into()) }
            });
            app.load();
            for _ in 0..8 {
                process::spawn(async move {
                    process::send(owner, ensure_all("a").await);
                });
            }
            let mut new = 0;
            for _ in 0..8 {
                match process::receive_type::<Result<Vec<String>, StartAppError>>().await {
                    Ok(started) => new += started.len(),
                    Err(error) => assert!(!succeeds, "{error}"),
                }
            }
            assert_eq!(new, usize::from(succeeds));
            if succeeds {
                let starts = steps().await.into_iter().filter(|step| step.1 == "start").count();
                assert_eq!(starts, 1);
            }
        });
    }
}

/// APP-START-10: an optional one is started before when it is there, and not needed otherwise.
#[test]
fn optional_dependencies_come_first_when_they_are_loaded() {
    paused(async {
        App::new("bank").optional("metrics").load();
        assert_eq!(ensure_all("bank").await.unwrap(), ["bank"]);
        Applications::stop("bank").await.unwrap();
        App::new("metrics").load();
        Applications::start("bank", StartMode::Temporary).await.unwrap();
        Applications::stop("bank").await.unwrap();
        assert_eq!(ensure_all("bank").await.unwrap(), ["metrics", "bank"]);
    });
}

/// APP-START-12: a circle of dependencies is refused, whoever is asked for.
#[test]
fn a_circle_of_dependencies_is_refused() {
    paused(async {
        App::new("a").needs("b").load();
        App::new("b").needs("c").load();
        App::new("c").needs("a").load();
        let error = ensure_all("b").await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "applications wait for each other in a circle: b -> c -> a -> b"
        );
        assert!(steps().await.is_empty());
        App::new("d").needs("e").load();
        let error = ensure_all("d").await.unwrap_err();
        assert_eq!(error.to_string(), "no application is called `e`, which `d` needs");
    });
}

#[test]
fn a_circle_by_value_is_refused() {
    struct Chicken;
    struct Egg;
    impl Application for Chicken {
        fn spec(&self) -> AppSpec {
            AppSpec::of::<Chicken>().depends_on(Egg)
        }
        async fn start(&self, _: &StartContext) -> StartResult {
            unreachable!("it needs what needs it")
        }
    }
    impl Application for Egg {
        fn spec(&self) -> AppSpec {
            AppSpec::of::<Egg>().depends_on(Chicken)
        }
        async fn start(&self, _: &StartContext) -> StartResult {
            unreachable!("it needs what needs it")
        }
    }
    paused(async {
        let error = Applications::ensure_all_started(Egg, StartMode::Temporary).await.unwrap_err();
        let StartAppError::Cycle { path, .. } = &error else { panic!("{error}") };
        assert_eq!(path, &["egg", "chicken", "egg"]);
    });
}

#[test]
fn a_start_that_waits_for_itself_is_refused() {
    paused(async {
        // a starts b in its callback, and b needs a.
        App::new("b").needs("a").load();
        let app = App::new("a").start(|| async {
            ensure_all("b").await?;
            unreachable!("b needs this application")
        });
        let error = start(app).await.unwrap_err();
        let (name, reason) = failed(error);
        assert_eq!(name, "a");
        assert_eq!(
            reason.to_string(),
            "applications wait for each other in a circle: a -> a",
            "{reason}"
        );
    });
}

/// Two applications that start each other, also when it is a child of theirs that asks.
#[test]
fn starts_that_wait_for_each_other_are_refused() {
    paused(async {
        for (name, other) in [("a", "b"), ("b", "a")] {
            let app = App::new(name).start(move || async move {
                let (asked, answer) = tokio::sync::oneshot::channel();
                process::spawn(async move {
                    let _ = asked.send(ensure_all(other).await);
                });
                answer.await??;
                Ok(Supervisor::one_for_one().start_link().await?)
            });
            app.load();
        }
        let error = ensure_all("a").await.unwrap_err().to_string();
        assert!(error.contains("b -> a -> b"), "{error}");
    });
}

#[test]
fn an_application_may_start_another_one_in_its_callback() {
    paused(async {
        App::new("helper").load();
        let owner = process::self_pid();
        let app = App::new("a").start(move || async move {
            ensure_all("helper").await?;
            tree("a", owner).await
        });
        start(app).await.unwrap();
        assert_eq!(running().len(), 2);
    });
}

#[test]
fn two_types_cannot_have_one_name() {
    struct Other;
    impl Application for Other {
        fn spec(&self) -> AppSpec {
            AppSpec::new("a")
        }
        async fn start(&self, _: &StartContext) -> StartResult {
            unreachable!("it cannot be loaded")
        }
    }
    paused(async {
        App::new("a").load();
        let error = Applications::start(Other, StartMode::Temporary).await.unwrap_err();
        assert!(matches!(error, StartAppError::Load(LoadAppError::NameTaken { .. })));
        assert_eq!(error.to_string(), "two applications of different types are called `a`");
        let again = Applications::load(App::new("a")).unwrap_err();
        assert!(matches!(again, LoadAppError::AlreadyLoaded { .. }));
    });
}

#[test]
fn a_name_in_the_tree_that_is_taken_is_said_clearly() {
    paused(async {
        let holder = process::self_pid();
        process::register(holder, "a").unwrap();
        let error = start(App::new("a")).await.unwrap_err().to_string();
        let expected = format!("already started: the name is held by {holder}");
        assert!(error.starts_with("the application `a` did not start: child `"), "{error}");
        assert!(error.ends_with(&expected), "{error}");
    });
}

#[test]
fn a_spec_that_panics_is_an_error() {
    struct Bad;
    impl Application for Bad {
        fn spec(&self) -> AppSpec {
            panic!("no spec")
        }
        async fn start(&self, _: &StartContext) -> StartResult {
            unreachable!("it cannot be loaded")
        }
    }
    threaded(async {
        let me = process::self_pid();
        process::spawn(async move {
            process::send(me, Applications::start(Bad, StartMode::Temporary).await);
        });
        let outcome = process::receive_type::<Result<(), StartAppError>>().await;
        let expected = "an application's spec failed: panicked at";
        assert!(outcome.unwrap_err().to_string().starts_with(expected));
    });
}

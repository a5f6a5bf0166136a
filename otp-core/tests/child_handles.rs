//! Handles of children that survive restarts.

mod support;

use std::time::Duration;

use otp_core::{
    AnyChild, CallError, ChildId, ChildSpec, Down, DynamicSupervisor, ExitReason, Pid,
    RegisterError, ServerRef, Supervisor, SupervisorRef, process,
};
use support::tally::Tally;
use support::{Begin, Plan, Probe, Request, Told, paused, threaded, told};

fn error(text: &'static str) -> ExitReason {
    ExitReason::error(text)
}

/// A child without a name.
fn nameless(id: &'static str) -> ChildSpec<Probe> {
    ChildSpec::<Probe>::new(Plan::new(id)).id(id)
}

/// Ends a child, and waits until its supervisor has dealt with it.
async fn crash(supervisor: &SupervisorRef, child: &ServerRef<Probe>) -> Pid {
    let pid = child.pid().expect("the child runs");
    child.cast(Request::StopCast(error("boom")));
    process::join(pid).await;
    let _ = supervisor.count_children().await;
    pid
}

#[test]
fn a_child_without_a_name_is_found_again_after_restarts() {
    paused(async {
        let supervisor = Supervisor::one_for_one().max_restarts(10).child(nameless("a"));
        let supervisor = supervisor.child(ChildSpec::<Probe>::new(Plan::new("b")));
        let supervisor = supervisor.start_link().await.unwrap();
        let (a, b) = (supervisor.child::<Probe>("a"), supervisor.child_of::<Probe>());
        assert_ne!(a.pid(), b.pid());
        assert_eq!(b.pid(), supervisor.child::<Probe>(ChildId::of::<Probe>()).pid());
        for _ in 0..5 {
            assert_eq!(a.call(Request::Ping).await, Ok("pong"));
            let old = crash(&supervisor, &a).await;
            assert_ne!(a.pid(), Some(old));
        }
        let text = format!("{a:?}");
        assert_eq!(text, format!("ServerRef({}.a)", supervisor.pid().unwrap()));
    });
}

#[test]
fn a_child_that_does_not_run_is_no_process() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(nameless("a")).start_link().await.unwrap();
        let early = supervisor.child::<Probe>("b");
        assert_eq!(early.call(Request::Ping).await, Err(CallError::NoProc));
        supervisor.start_child(nameless("b")).await.unwrap();
        assert_eq!(early.call(Request::Ping).await, Ok("pong"));
        supervisor.terminate_child("b").await.unwrap();
        assert_eq!(early.pid(), None);
        supervisor.restart_child("b").await.unwrap();
        assert_eq!(early.call(Request::Ping).await, Ok("pong"));
        supervisor.terminate_child("b").await.unwrap();
        supervisor.delete_child("b").await.unwrap();
        assert_eq!((early.pid(), early.is_alive()), (None, false));
        assert_eq!(supervisor.child::<Tally>("a").pid(), None); // a server of another type
        supervisor.stop().await.unwrap();
        let late = supervisor.child::<Probe>("a");
        assert_eq!(late.call(Request::Ping).await, Err(CallError::NoProc));
    });
}

/// The supervisor is in the middle of a start that never ends, and is not needed.
#[test]
fn the_supervisor_is_not_asked() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(nameless("a")).start().await.unwrap();
        let asked = supervisor.clone();
        let asker = process::spawn(async move {
            let stuck = Plan { owner: process::self_pid(), ..Plan::new("s") };
            let _ = asked.start_child(ChildSpec::<Probe>::new(stuck.init(Begin::Never))).await;
        });
        process::sleep(Duration::from_millis(1)).await;
        assert_eq!(supervisor.child::<Probe>("a").call(Request::Ping).await, Ok("pong"));
        process::send_exit(asker, ExitReason::Kill);
        process::send_exit(supervisor.pid().unwrap(), ExitReason::Kill);
        process::join(supervisor.pid().unwrap()).await;
    });
}

#[test]
fn a_handle_through_a_name_outlives_the_supervisor_and_goes_deep() {
    paused(async {
        let pool = DynamicSupervisor::of::<Probe>().child_spec("pool");
        let web = Supervisor::one_for_one().max_restarts(0).child(nameless("router")).child(pool);
        let spec = Supervisor::one_for_one().name("app").child(web.child_spec("web"));
        let app = spec.clone().start_link().await.unwrap();
        let web = SupervisorRef::named("app").supervisor("web");
        let router = web.child::<Probe>("router");
        let pool = web.dynamic_supervisor::<Probe>("pool");
        assert_eq!(web.count_children().await.unwrap().active, 2);
        assert_eq!(pool.count_children().await.unwrap().active, 0);
        pool.start_child(nameless("w")).await.unwrap();
        let (old_web, old_pool) = (web.pid().unwrap(), pool.pid());
        let old = router.pid().unwrap();
        router.cast(Request::StopCast(error("boom"))); // one too many for `web`
        process::join(old_web).await;
        app.count_children().await.unwrap();
        assert_ne!((web.pid(), router.pid(), pool.pid()), (Some(old_web), Some(old), old_pool));
        assert_eq!(router.call(Request::Ping).await, Ok("pong"));
        assert_eq!(pool.count_children().await.unwrap().active, 0);
        let any = web.dynamic_supervisor::<AnyChild>("pool");
        assert_eq!(any.pid(), pool.pid());
        assert_eq!(format!("{router:?}"), "ServerRef(app.web.router)");

        let here = app.supervisor("web").child::<Probe>("router");
        app.stop().await.unwrap();
        assert_eq!((web.pid(), router.pid(), pool.pid()), (None, None, None));
        spec.start_link().await.unwrap();
        assert_eq!(router.call(Request::Ping).await, Ok("pong"));
        assert_eq!(here.call(Request::Ping).await, Err(CallError::NoProc));
        told().await;
    });
}

/// Children that are no servers have the name only.
#[test]
fn the_name_of_a_child_can_be_sent_to_and_watched_but_not_taken() {
    paused(async {
        let owner = process::self_pid();
        let start = move || async move {
            Ok(process::spawn_link(async move {
                let text: &str = process::receive_type().await;
                process::send(owner, text);
                std::future::pending::<()>().await;
            }))
        };
        let supervisor = Supervisor::one_for_one().child(ChildSpec::from_fn("echo", start));
        let supervisor = supervisor.start_link().await.unwrap();
        let name = supervisor.child_name("echo");
        process::send(name.clone(), "hello");
        assert_eq!(process::receive_type::<&str>().await, "hello");
        let pid = process::whereis(name.clone()).unwrap();
        let watched = process::monitor(name.clone());
        let taken = process::register(owner, name.clone());
        assert_eq!(taken, Err(RegisterError::Taken(pid)));
        supervisor.terminate_child("echo").await.unwrap();
        let down: Down = process::receive_type().await;
        assert_eq!((down.monitor, process::whereis(name.clone())), (watched, None));
        assert_eq!(process::register(owner, name), Err(RegisterError::NoRegistry));
    });
}

/// Callers that meet a child in the middle of its restart get an answer or a clean error, and an
/// answer again in the end.
#[test]
fn callers_on_other_threads_get_an_answer_or_an_error() {
    threaded(async {
        let supervisor = Supervisor::one_for_one().max_restarts(1_000_000).child(nameless("a"));
        let supervisor = supervisor.start_link().await.unwrap();
        let caller = |handle: ServerRef<Probe>| async move {
            let mut answered = 0;
            while answered < 500 {
                match handle.call(Request::Ping).await {
                    Ok(_) if answered % 10 == 9 => handle.cast(Request::StopCast(error("boom"))),
                    Ok(_) => {}
                    Err(CallError::NoProc | CallError::Exited(_)) => {
                        tokio::task::yield_now().await;
                        continue;
                    }
                    Err(other) => panic!("{other}"),
                }
                answered += 1;
            }
        };
        let handle = supervisor.child::<Probe>("a");
        let tasks = [(); 4].map(|()| tokio::spawn(caller(handle.clone())));
        for task in tasks {
            task.await.unwrap();
        }
        supervisor.stop().await.unwrap();
        assert!(handle.pid().is_none());
        told().await;
    });
}

/// Nothing that a handle needs stays behind: not at the node, not at the dead process.
#[test]
fn what_a_handle_finds_ends_with_the_supervisor() {
    paused(async {
        let supervisor = Supervisor::one_for_one().child(nameless("a")).start().await.unwrap();
        let handle = supervisor.child::<Probe>("a");
        let child = handle.pid().unwrap();
        process::send_exit(supervisor.pid().unwrap(), ExitReason::Kill);
        process::join(child).await;
        assert_eq!((supervisor.is_alive(), handle.pid()), (false, None));
        assert!(told().await.contains(&Told::Init("a")));
    });
}

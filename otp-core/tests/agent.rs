//! Agents: values in processes, changed by functions.

mod support;

use std::collections::HashMap;
use std::time::Duration;

use otp_core::{
    Agent, AgentServer, CallError, ChildSettings, ChildSpec, ChildState, ChildType, ExitReason,
    Name, Restart, Shutdown, StartError, Supervisor, process, sys,
};
use support::{paused, threaded};

const SECOND: Duration = Duration::from_secs(1);

fn crashed(error: &CallError, text: &str) -> bool {
    matches!(error, CallError::Exited(ExitReason::Crash(crash)) if crash.message() == text)
}

/// AGT-01: get, update, get_and_update, cast work on the state in the agent's process, one at a
/// time.
#[test]
fn functions_run_in_the_agent_one_at_a_time() {
    threaded(async {
        let agent = Agent::start_link(|| 1).await.unwrap();
        assert_eq!(agent.get(|n| n + 1).await, Ok(2));
        agent.update(|n| *n += 10).await.unwrap();
        assert_eq!(agent.get_and_update(|n| std::mem::replace(n, 22)).await, Ok(11));
        agent.cast(|n| *n += 1);
        assert_eq!(agent.get(|n| *n).await, Ok(23));
        let inside = agent.get(|_| process::self_pid()).await.unwrap();
        assert_eq!(Some(inside), agent.pid());

        let me = process::self_pid();
        for _ in 0..50 {
            let agent = agent.clone();
            process::spawn(async move {
                process::send(me, agent.update(|n| *n += 1).await);
            });
        }
        for _ in 0..50 {
            process::receive_type::<Result<(), CallError>>().await.unwrap();
        }
        assert_eq!(agent.get(|n| *n).await, Ok(73));
    });
}

/// AGT-02: a failure in the function ends the agent and makes the caller exit with the same reason.
#[test]
fn a_panic_ends_the_agent_and_reaches_the_caller() {
    paused(async {
        let agent = Agent::start(|| 1).await.unwrap();
        let monitor = process::monitor(agent.pid().unwrap());
        let error = agent.get(|_| -> u8 { panic!("in agent") }).await.unwrap_err();
        assert!(crashed(&error, "in agent"), "{error:?}");
        let down = process::receive_type::<otp_core::Down>().await;
        assert_eq!(down.monitor, monitor);
        assert!(matches!(down.reason, ExitReason::Crash(crash) if crash.message() == "in agent"));

        let agent = Agent::start(|| 1).await.unwrap();
        let caller = process::spawn(async move {
            agent.update(|_| process::exit(ExitReason::error("enough"))).or_exit().await;
        });
        let failed = CallError::Exited(ExitReason::error("enough"));
        assert_eq!(process::join(caller).await, Some(ExitReason::error(failed)));
    });
}

/// AGT-03: get_and_update must return a pair: in Rust the function returns what the caller gets,
/// and the type checker sees to it.
#[test]
fn what_the_function_returns_is_what_the_caller_gets() {
    paused(async {
        let agent = Agent::start_link(|| vec!["a", "b"]).await.unwrap();
        let popped: Option<&'static str> = agent.get_and_update(Vec::pop).await.unwrap();
        assert_eq!((popped, agent.get(Vec::len).await), (Some("b"), Ok(1)));
    });
}

/// AGT-04: a caller's time-out does not cancel the operation.
#[test]
fn a_time_out_leaves_the_function_running() {
    paused(async {
        let agent = Agent::start_link(|| 0).await.unwrap();
        let slow = agent.get_and_update_async(|n| {
            Box::pin(async move {
                process::sleep(6 * SECOND).await;
                *n += 1;
            })
        });
        assert_eq!(slow.await, Err(CallError::Timeout));
        assert_eq!(agent.get(|n| *n).await, Ok(1));
    });
}

/// AGT-05: cast returns ok at once and never fails for the caller.
#[test]
fn a_cast_never_fails() {
    paused(async {
        let agent = Agent::start(|| 0).await.unwrap();
        agent.cast(|_| panic!("on its own"));
        process::join(agent.pid().unwrap()).await;
        agent.cast(|n| *n += 1);
        Agent::<u8>::named("nobody").cast(|n| *n += 1);
    });
}

/// AGT-06: start failures: the init function's crash or exit reason is the start error; a taken
/// name is already_started.
#[test]
fn a_start_fails_with_the_reason() {
    paused(async {
        let error = Agent::start(|| -> u8 { panic!("no init") }).await.unwrap_err();
        let StartError::Exit(ExitReason::Crash(crash)) = error else { panic!("{error:?}") };
        assert_eq!(crash.message(), "no init");
        let error = Agent::start(|| -> u8 { process::exit(ExitReason::error("nope")) }).await;
        assert_eq!(error.unwrap_err(), StartError::Exit(ExitReason::error("nope")));

        let first = Agent::start_link(|| 1).name("one").await.unwrap();
        let second = Agent::start_link(|| 2).name("one").await;
        assert_eq!(second.unwrap_err(), StartError::AlreadyStarted(first.pid().unwrap()));
    });
}

/// AGT-07: stop is synchronous and frees the name.
#[test]
fn a_stop_waits_and_frees_the_name() {
    paused(async {
        let agent = Agent::start_link(|| 1).name("one").await.unwrap();
        Agent::<i32>::named("one").stop().await.unwrap();
        assert!(!agent.is_alive());
        assert_eq!(process::whereis("one"), None);
        Agent::start_link(|| 2).name("one").await.unwrap();
    });
}

/// AGT-08: a throw in the function: Rust has none; `process::exit` is the way out, with its reason.
#[test]
fn an_exit_in_the_function_is_its_reason() {
    paused(async {
        let agent = Agent::start(|| 1).await.unwrap();
        let error = agent.get(|_| -> u8 { process::exit(ExitReason::error("ball")) }).await;
        assert_eq!(error, Err(CallError::Exited(ExitReason::error("ball"))));
    });
}

/// AGT-09: operations on a dead agent exit with noproc.
#[test]
fn an_agent_that_is_gone_is_an_error() {
    paused(async {
        let agent = Agent::start(|| 1).await.unwrap();
        agent.stop().await.unwrap();
        assert_eq!(agent.get(|n| *n).await, Err(CallError::NoProc));
        assert_eq!(agent.update(|n| *n = 1).await, Err(CallError::NoProc));
        assert_eq!(Agent::<i32>::named("nobody").get(|n| *n).await, Err(CallError::NoProc));
    });
}

/// AGT-10: functions are closures sent to the agent; the state never leaves its process except
/// through what they return. It need not be `Clone` or `Sync`.
#[test]
fn the_state_stays_in_its_process() {
    struct Secret(std::cell::Cell<u32>);
    threaded(async {
        let agent = Agent::start_link(|| Secret(std::cell::Cell::new(7))).await.unwrap();
        let name = String::from("moved into the closure");
        let answer = agent.get(move |secret| (name.len(), secret.0.replace(8))).await;
        assert_eq!(answer, Ok((22, 7)));
        assert_eq!(agent.get(|secret| secret.0.get()).await, Ok(8));
    });
}

/// AGT-11: child spec: permanent worker with id = module.
#[test]
fn as_a_child_it_is_permanent_and_begins_again() {
    paused(async {
        let spec: ChildSpec<AgentServer<HashMap<u8, u8>>> = Agent::child_spec(HashMap::new);
        let spec = spec.id("stock").name(Name::from("stock"));
        let supervisor = Supervisor::one_for_one().child(spec).start_link().await.unwrap();
        let ChildSettings { restart, shutdown, kind, .. } =
            supervisor.get_childspec("stock").await.unwrap();
        assert_eq!(
            (restart, shutdown, kind),
            (Restart::Permanent, Shutdown::After(5 * SECOND), ChildType::Worker)
        );

        let stock = Agent::<HashMap<u8, u8>>::named("stock");
        stock.get_and_update(|stock| stock.insert(1, 1)).await.unwrap();
        assert_eq!(stock.get(HashMap::len).await, Ok(1));
        stock.update(|_| panic!("once")).await.unwrap_err();
        supervisor.count_children().await.unwrap();
        assert_eq!(stock.get(HashMap::len).await, Ok(0));
        let children = supervisor.which_children().await.unwrap();
        assert!(matches!(children[0].state, ChildState::Running(_)));
    });
}

#[test]
fn an_agent_is_a_server_like_others() {
    paused(async {
        let agent = Agent::start_link(|| 5).await.unwrap();
        assert_eq!(sys::with_state(&agent, |server| *server.state()).await, Ok(5));
        sys::suspend(&agent).await.unwrap();
        assert_eq!(agent.get(|n| *n).timeout(SECOND).await, Err(CallError::Timeout));
        sys::resume(&agent).await.unwrap();
        assert_eq!(agent.get(|n| *n).await, Ok(5));
    });
}

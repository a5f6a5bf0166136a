//! Servers that are run by their callers: who runs what, and that nothing else changes.

mod support;

use std::time::Duration;

use otp_core::private::{TestOptions, run_test};
use otp_core::{
    CallError, Context, ExitReason, GenServer, InitResult, Never, Next, Pid, ReplyTo,
    ServerOptions, ServerRef, Start, process,
};
use support::{Plan, Request, Told, told};
use tokio::task::Id;

/// A server that says where it runs. `SHARED` is whether callers may run it.
struct Where<const SHARED: bool>;

enum Ask {
    Task(ReplyTo<(Option<Id>, Pid)>),
    Nothing(ReplyTo<()>),
    Through(ServerRef<Where<true>>, ReplyTo<Result<(), CallError>>),
    Back(ServerRef<Where<true>>, ServerRef<Where<true>>, ReplyTo<Result<(), CallError>>),
}

impl<const SHARED: bool> GenServer for Where<SHARED> {
    type Args = ();
    type Request = Ask;
    type Continue = Never;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = ServerOptions::new().handoff(SHARED);

    async fn init(_: (), _: &mut Context<Self>) -> InitResult<Self> {
        InitResult::ok(Where)
    }

    async fn handle(&mut self, ask: Ask, _: &mut Context<Self>) -> Next<Self> {
        match ask {
            Ask::Task(caller) => Next::answer(caller, (tokio::task::try_id(), process::self_pid())),
            Ask::Nothing(caller) => Next::answer(caller, ()),
            Ask::Through(next, caller) => Next::answer(caller, next.call(Ask::Nothing).await),
            Ask::Back(through, first, caller) => {
                let call = through.call(|caller| Ask::Through(first, caller));
                Next::answer(caller, call.timeout(Duration::from_millis(20)).await.and_then(|a| a))
            }
        }
    }
}

fn with_handoff(options: TestOptions, body: impl Future<Output = ()>) {
    run_test(options.handoff(true), body);
}

fn one_thread() -> TestOptions {
    TestOptions::new("handoff")
}

/// Calls a server many times, and says who runs it in the end.
async fn runner<const SHARED: bool>(server: &ServerRef<Where<SHARED>>) -> Option<Id> {
    let server_pid = server.pid().unwrap();
    let mut task = None;
    for _ in 0..200 {
        let (id, pid) = server.call(Ask::Task).await.unwrap();
        assert_eq!(pid, server_pid, "the handler is the server, whoever runs it");
        task = id;
    }
    task
}

#[test]
fn a_waiting_server_is_run_by_its_caller_unless_it_says_no() {
    with_handoff(one_thread(), async {
        let caller = tokio::spawn(async {
            let shared = Start::<Where<true>>::alone(()).await.unwrap();
            let own = Start::<Where<false>>::alone(()).await.unwrap();
            let me = tokio::task::try_id();
            assert_eq!(runner(&shared).await, me);
            assert_ne!(runner(&own).await, me, "unless it says no");
            assert_eq!(process::current(), None, "the caller is itself again");
            shared.stop().await.unwrap();
            own.stop().await.unwrap();
        });
        caller.await.unwrap();
    });
}

#[test]
fn a_caller_in_a_loop_lets_others_run() {
    with_handoff(one_thread(), async {
        let server = Start::<Where<true>>::link(()).await.unwrap();
        runner(&server).await;
        let (done, mut is_done) = tokio::sync::oneshot::channel();
        let other = tokio::spawn(async move { done.send(()) });
        let mut calls = 0_u32;
        while is_done.try_recv().is_err() {
            server.call(Ask::Task).await.unwrap();
            calls += 1;
            assert!(calls < 100_000, "the other task starves");
        }
        other.await.unwrap().unwrap();
    });
}

#[test]
fn servers_that_call_each_other_in_a_circle_time_out_and_live() {
    for threads in [1, 2] {
        with_handoff(one_thread().worker_threads(threads), async {
            let first = Start::<Where<true>>::link(()).await.unwrap();
            let second = Start::<Where<true>>::link(()).await.unwrap();
            runner(&first).await;
            runner(&second).await;
            for _ in 0..5 {
                let (through, back) = (second.clone(), first.clone());
                let answer = first.call(|caller| Ask::Back(through, back, caller)).await;
                assert_eq!(answer, Ok(Err(CallError::Timeout)));
            }
            assert!(first.call(Ask::Task).await.is_ok() && second.call(Ask::Task).await.is_ok());
        });
    }
}

#[test]
fn a_chain_of_servers_answers_however_deep() {
    with_handoff(one_thread(), async {
        let last = Start::<Where<true>>::link(()).await.unwrap();
        let first = Start::<Where<true>>::link(()).await.unwrap();
        for _ in 0..200 {
            let next = last.clone();
            assert_eq!(first.call(|caller| Ask::Through(next, caller)).await, Ok(Ok(())));
        }
    });
}

#[test]
fn an_end_while_a_caller_runs_the_server_is_like_any_other() {
    with_handoff(one_thread(), async {
        for request in [0, 1, 2] {
            let server = Plan::new("a").named("a").start().await;
            for _ in 0..200 {
                assert_eq!(server.call(Request::Ping).await, Ok("pong"));
            }
            told().await;
            let stopped = ExitReason::error("stopped");
            let answer = match request {
                0 => server.call(Request::Panic).await,
                1 => server.call(|c| Request::Exit(ExitReason::error("stopped"), c)).await,
                _ => server.call(|c| Request::Stop(ExitReason::error("stopped"), c)).await,
            };
            match answer {
                Ok("last words") => assert_eq!(request, 2),
                Err(CallError::Exited(reason)) => {
                    assert!(if request == 0 { reason.is_crash() } else { reason == stopped });
                }
                other => panic!("{other:?}"),
            }
            assert_eq!(process::whereis("a"), None);
            assert!(matches!(told().await.as_slice(), [Told::Terminate("a", _)]));
            assert_eq!(server.call(Request::Ping).await, Err(CallError::NoProc));
        }
    });
}

#[test]
fn many_callers_on_two_threads_lose_nothing() {
    with_handoff(one_thread().worker_threads(2), async {
        let server = Plan::new("a").start_link().await;
        let callers: Vec<_> = (0..16)
            .map(|_| {
                let server = server.clone();
                tokio::spawn(async move {
                    for _ in 0..2_000 {
                        assert_eq!(server.call(Request::Ping).await, Ok("pong"));
                    }
                })
            })
            .collect();
        for caller in callers {
            caller.await.unwrap();
        }
    });
}

#[test]
fn a_server_never_leaves_its_own_runtime() {
    with_handoff(one_thread().worker_threads(2), async {
        let server = Start::<Where<true>>::link(()).await.unwrap();
        runner(&server).await;
        let (elsewhere, outside) = (server.clone(), server.clone());
        let other = tokio::task::spawn_blocking(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async move {
                let me = tokio::spawn(async move {
                    let (task, _) = elsewhere.call(Ask::Task).infinity().await.unwrap();
                    (task, tokio::task::try_id())
                });
                me.await.unwrap()
            })
        });
        let (ran_by, called_by) = other.await.unwrap();
        assert_ne!(ran_by, called_by);
        let thread = std::thread::spawn(move || outside.call(Ask::Task).blocking());
        assert!(thread.join().unwrap().unwrap().0.is_some(), "no task of a thread ran it");
    });
}

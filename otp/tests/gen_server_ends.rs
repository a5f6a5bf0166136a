//! How servers end: what `terminate` sees, and what callers learn, when a callback fails.

#![allow(unreachable_pub)] // written as in a library, where others see it

use std::time::Duration;

use otp::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

/// What [`Worker`] tells its owner.
#[derive(Debug, PartialEq)]
struct Terminated(ExitReason);

/// What a worker's `terminate` does after it has told its owner.
#[derive(Clone, Copy, PartialEq)]
enum Farewell {
    AtOnce,
    Slow,
    Panic,
}

/// A server that fails in every way.
struct Worker {
    owner: Pid,
    farewell: Farewell,
    held: Vec<ReplyTo<u8>>,
}

#[gen_server(trap_exit = false)]
impl Worker {
    #[init]
    fn init(owner: Pid, farewell: Farewell) -> Self {
        Worker { owner, farewell, held: Vec::new() }
    }

    #[handle_call]
    fn hold(&mut self, #[from] caller: ReplyTo<u8>) {
        self.held.push(caller);
    }

    #[handle_call]
    async fn panics(&self) -> u8 {
        process::sleep(SECOND).await;
        panic!("no disk")
    }

    #[handle_call]
    async fn exits(&self, reason: ExitReason) -> u8 {
        process::sleep(SECOND).await;
        process::exit(reason)
    }

    /// Drops its caller, and stops or goes on.
    #[handle_call]
    async fn drops(&self, stop: Option<ExitReason>, #[from] caller: ReplyTo<u8>) -> Noreply {
        drop(caller);
        match stop {
            Some(reason) => noreply().stop(reason),
            None => noreply(),
        }
    }

    /// Drops its caller, and has other things to do before it stops.
    #[handle_call]
    async fn drops_and_works(&self, #[from] caller: ReplyTo<u8>) -> Noreply {
        drop(caller);
        process::sleep(SECOND).await;
        noreply().stop(ExitReason::Normal)
    }

    /// Asks another server, and ends when that fails.
    #[handle_call]
    async fn asks(&self, other: WorkerClient) -> u8 {
        other.hold().timeout(SECOND).or_exit().await
    }

    #[handle_call]
    fn stops(&self, reason: ExitReason) -> Reply<&'static str> {
        reply("last words").stop(reason)
    }

    #[terminate]
    async fn terminate(&mut self, reason: &ExitReason) {
        process::send(self.owner, Terminated(reason.clone()));
        match self.farewell {
            Farewell::AtOnce => {}
            Farewell::Slow => process::sleep(SECOND).await,
            Farewell::Panic => panic!("no farewell"),
        }
    }
}

async fn start(farewell: Farewell) -> WorkerClient {
    Worker::start(process::self_pid(), farewell).await.unwrap()
}

async fn terminated() -> Option<ExitReason> {
    let told = process::receive_timeout(Message::downcast::<Terminated>, Duration::ZERO).await;
    told.map(|Terminated(reason)| reason)
}

fn exited(reason: ExitReason) -> Result<u8, CallError> {
    Err(CallError::Exited(reason))
}

/// GS-CALL-07, GS-TERM-01: the caller whose handler panics, and one that waits, however long
/// `terminate` takes.
#[otp::test(start_paused = true)]
async fn callers_learn_the_reason_when_terminate_takes_its_time() {
    for farewell in [Farewell::AtOnce, Farewell::Slow] {
        let worker = start(farewell).await;
        let waiting = worker.hold().infinity().send();
        let answer = worker.panics().await;
        let Err(CallError::Exited(reason)) = &answer else { panic!("{answer:?}") };
        assert!(reason.is_crash());
        assert_eq!(waiting.await, answer);
        assert_eq!(terminated().await.as_ref(), Some(reason));

        let worker = start(farewell).await;
        let waiting = worker.hold().infinity().send();
        let reason = ExitReason::error("bye");
        assert_eq!(worker.exits(reason.clone()).await, exited(reason.clone()));
        assert_eq!(waiting.await, exited(reason.clone()));
        assert_eq!(terminated().await, Some(reason));
    }
}

/// GS-CALL-14, GS-TERM-01: a failed call ends the server that made it as an exit of its callback
/// does, and each caller on the way has the failure of the one below inside its own.
#[otp::test(start_paused = true)]
async fn a_failed_call_ends_the_callback_that_made_it() {
    for farewell in [Farewell::AtOnce, Farewell::Slow] {
        let below = start(Farewell::AtOnce).await;
        below.stop().await.unwrap();
        assert_eq!(terminated().await, Some(ExitReason::Normal));
        let worker = start(farewell).await;
        let waiting = worker.hold().infinity().send();
        let reason = ExitReason::error(CallError::NoProc);
        assert_eq!(worker.asks(below).await, exited(reason.clone()));
        assert_eq!(waiting.await, exited(reason.clone()));
        assert_eq!(terminated().await, Some(reason.clone()));

        let silent = start(Farewell::AtOnce).await;
        let worker = start(farewell).await;
        let reason = ExitReason::error(CallError::Timeout);
        assert_eq!(worker.asks(silent.clone()).await, exited(reason.clone()));
        assert_eq!(terminated().await, Some(reason));
        silent.stop().await.unwrap();
        terminated().await;
    }
}

/// GS-CALL-17: the handler that stops the server has dropped its caller, as a stop without a reply
/// does.
#[otp::test(start_paused = true)]
async fn a_caller_that_is_dropped_by_a_stop_learns_the_reason() {
    for farewell in [Farewell::AtOnce, Farewell::Slow] {
        let worker = start(farewell).await;
        let reason = ExitReason::error("why not");
        assert_eq!(worker.drops(Some(reason.clone())).await, exited(reason.clone()));
        assert_eq!(terminated().await, Some(reason));

        let worker = start(farewell).await;
        assert_eq!(worker.drops(None).await, Err(CallError::NoReply));
        assert!(worker.is_alive());
        assert_eq!(worker.drops_and_works().await, Err(CallError::NoReply));
        assert!(worker.is_alive(), "it was told at once");
        process::join(worker.pid().unwrap()).await;
        assert_eq!(terminated().await, Some(ExitReason::Normal));
    }
}

/// The same with callers on other threads, which look at any moment.
#[otp::test(worker_threads = 2)]
async fn no_caller_mistakes_a_stop_for_a_refusal_or_waits_in_vain() {
    for round in 0..300 {
        let worker = start(Farewell::AtOnce).await;
        let calls: Vec<_> = (0..4).map(|_| worker.drops(None).infinity().send()).collect();
        let reason = ExitReason::error(round);
        let last = worker.drops(Some(reason.clone())).infinity().send();
        for call in calls {
            let answer = call.await;
            assert!(matches!(answer, Err(CallError::NoReply | CallError::Exited(_))), "{answer:?}");
        }
        assert_eq!(last.await, exited(reason));

        let worker = start(Farewell::AtOnce).await;
        for _ in 0..4 {
            assert_eq!(worker.drops(None).infinity().await, Err(CallError::NoReply));
        }
        worker.stop().await.unwrap();
    }
}

/// Asks a server in `init`, in `terminate`, or after it has started.
struct Asker {
    other: WorkerClient,
    owner: Pid,
}

#[derive(Clone, Copy, PartialEq)]
enum When {
    Init,
    Continue,
    Terminate,
}

struct Ask;

#[gen_server(trap_exit = false)]
impl Asker {
    #[init]
    async fn init(other: WorkerClient, owner: Pid, when: When) -> Init<Self> {
        if when == When::Init {
            other.hold().or_exit().await;
        }
        let state = Init::ok(Asker { other, owner });
        if when == When::Continue { state.continue_with(Ask) } else { state }
    }

    #[handle_continue]
    async fn ask(&mut self, _: Ask) {
        self.other.hold().or_exit().await;
    }

    #[terminate]
    async fn terminate(&mut self, reason: &ExitReason) {
        process::send(self.owner, Terminated(reason.clone()));
        self.other.hold().or_exit().await;
    }
}

/// GS-CALL-14, GS-INIT-04, GS-TERM-06: in every callback a failed call is an exit of the callback.
#[otp::test(start_paused = true)]
async fn a_failed_call_fails_any_callback() {
    let gone = start(Farewell::AtOnce).await;
    gone.stop().await.unwrap();
    terminated().await;
    let me = process::self_pid();
    let reason = ExitReason::error(CallError::NoProc);

    let failed = Asker::start(gone.clone(), me, When::Init).await.err();
    assert_eq!(failed, Some(StartError::Exit(reason.clone())));
    assert_eq!(terminated().await, None);

    for (when, stopped) in
        [(When::Continue, reason.clone()), (When::Terminate, ExitReason::Shutdown)]
    {
        let asker = Asker::start(gone.clone(), me, when).await.unwrap();
        let monitor = asker.monitor();
        let _ = asker.stop().reason(ExitReason::Shutdown).await;
        let down: Down = process::receive_type().await;
        assert_eq!(down.monitor, monitor);
        assert!(down.reason == reason || down.reason == ExitReason::NoProc, "{:?}", down.reason);
        assert_eq!(terminated().await, Some(stopped));
    }
}

/// GS-CALL-16, GS-TERM-06: a failing `terminate` takes nothing from the caller of the stop.
#[otp::test(start_paused = true)]
async fn the_last_answer_is_given_whatever_terminate_does() {
    for farewell in [Farewell::AtOnce, Farewell::Slow, Farewell::Panic] {
        let worker = start(farewell).await;
        let monitor = worker.monitor();
        assert_eq!(worker.stops(ExitReason::Shutdown).await, Ok("last words"));
        let down: Down = process::receive_type().await;
        assert_eq!(down.monitor, monitor);
        assert_eq!(down.reason.is_crash(), farewell == Farewell::Panic);
        assert_eq!(terminated().await, Some(ExitReason::Shutdown));
    }
}

/// GS-TERM-01, GS-CALL-08: an exit with `normal` ends a server, too.
#[otp::test(start_paused = true)]
async fn a_normal_exit_of_a_callback_ends_the_server() {
    let worker = start(Farewell::AtOnce).await;
    assert_eq!(worker.exits(ExitReason::Normal).await, exited(ExitReason::Normal));
    assert_eq!(terminated().await, Some(ExitReason::Normal));
}

/// How a process ends that calls a server with `or_exit` while that ends with `reason`.
async fn end_of_a_caller(reason: ExitReason) -> ExitReason {
    let worker = start(Farewell::AtOnce).await;
    let caller = worker.clone();
    let (_, monitor) = process::spawn_monitor(async move { caller.exits(reason).or_exit().await });
    let down: Down = process::receive_type().await;
    assert_eq!(down.monitor, monitor);
    down.reason
}

/// GS-CALL-14: only a plain shutdown of the server is one of the caller, as in OTP, where the
/// caller's reason is the pair of the server's reason and the call.
#[otp::test(start_paused = true)]
async fn a_caller_ends_with_the_reason_of_the_call_inside_its_own() {
    let failed = |reason| CallError::Exited(reason);
    assert_eq!(
        end_of_a_caller(ExitReason::Shutdown).await,
        ExitReason::shutdown_with(failed(ExitReason::Shutdown))
    );
    for reason in [ExitReason::Normal, ExitReason::shutdown_with(1), ExitReason::error("boom")] {
        let ended = end_of_a_caller(reason.clone()).await;
        assert_eq!(ended, ExitReason::error(failed(reason)));
        assert!(!ended.is_normal());
    }
}

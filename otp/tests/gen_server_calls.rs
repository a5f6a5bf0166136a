//! What a call leaves behind, and what comes in between: callers, answers, other messages.

#![allow(unreachable_pub)] // written as in a library, where others see it

use std::time::{Duration, Instant};

use otp::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

/// A server that keeps its callers until it is told to answer them.
struct Waiter {
    waiting: Vec<ReplyTo<u32>>,
    heard: Vec<String>,
}

#[derive(Debug, PartialEq)]
struct Note(&'static str);

#[gen_server(trap_exit)]
impl Waiter {
    #[init]
    fn init() -> Self {
        Waiter { waiting: Vec::new(), heard: Vec::new() }
    }

    #[handle_call]
    fn get(&self) -> u32 {
        7
    }

    #[handle_call]
    async fn slow(&self) -> u32 {
        process::sleep(SECOND).await;
        8
    }

    #[handle_call]
    fn wait(&mut self, #[from] caller: ReplyTo<u32>) {
        self.waiting.push(caller);
    }

    /// Answers everybody who waits; how many of them had given up.
    #[handle_call]
    fn answer_all(&mut self, value: u32) -> usize {
        let waiting = std::mem::take(&mut self.waiting);
        let gone = waiting.iter().filter(|caller| caller.is_closed()).count();
        waiting.into_iter().for_each(|caller| caller.reply(value));
        gone
    }

    /// Sends the caller messages before it has its answer.
    #[handle_call]
    fn chat(&self, to: Pid) -> u32 {
        process::send(to, Note("during"));
        9
    }

    #[handle_call]
    async fn call_by_name(&self) -> [bool; 3] {
        let itself = Waiter::named("itself");
        [
            itself.get().await == Err(CallError::CallingSelf),
            itself.slow().infinity().await == Err(CallError::CallingSelf),
            itself.stop().await == Err(otp::StopError::CallingSelf),
        ]
    }

    #[handle_call]
    fn watch(&mut self, other: Pid, cx: &mut Context<Self>) {
        cx.monitor(other);
        cx.link(other).expect("it is alive");
        cx.send_after(SECOND * 2, Note("timer"));
    }

    #[handle_call]
    fn heard(&mut self, within: Duration) -> Reply<Vec<String>> {
        reply(std::mem::take(&mut self.heard)).timeout(within)
    }

    #[handle_cast]
    fn end(&mut self, reason: ExitReason) -> Noreply {
        noreply().stop(reason)
    }

    #[handle_info]
    fn note(&mut self, note: Note) {
        self.heard.push(format!("note {}", note.0));
    }

    #[handle_info]
    fn exit(&mut self, exit: Exit) {
        self.heard.push(format!("exit {}", exit.reason));
    }

    #[handle_info]
    fn down(&mut self, down: Down) {
        self.heard.push(format!("down {}", down.reason));
    }

    #[handle_info]
    fn late(&mut self, _: Timeout) {
        self.heard.push("timeout".to_owned());
    }
}

/// Runs `body` in a process that is not the root, so that its mailbox is its own.
async fn in_process(body: impl Future<Output = ()> + Send + 'static) {
    let ended = process::join(process::spawn(body)).await;
    assert_eq!(ended, Some(ExitReason::Normal));
}

/// Whether the running process gets no message at all within a second.
async fn hears_nothing() -> bool {
    process::receive_timeout(Ok, SECOND).await.is_none()
}

/// GS-CALL-12: neither after one that is answered at once nor after one that takes its time.
#[otp::test(start_paused = true)]
async fn a_finished_call_leaves_no_monitor() {
    let server = Waiter::start().await.unwrap();
    in_process(async move {
        assert_eq!(server.get().await, Ok(7));
        assert_eq!(server.slow().await, Ok(8));
        let late = server.slow().timeout(SECOND / 2).await;
        assert_eq!(late, Err(CallError::Timeout));
        let me = process::info(process::self_pid()).unwrap();
        let other = process::info(server.pid().unwrap()).unwrap();
        assert!(me.monitors.is_empty() && me.links.is_empty(), "{me:?}");
        assert!(other.monitored_by.is_empty(), "{other:?}");
        server.stop().reason(ExitReason::error("boom")).await.unwrap();
        assert!(hears_nothing().await);
    })
    .await;
}

/// GS-CALL-13: an answer consumes the caller, and one that comes too late goes nowhere.
#[otp::test(start_paused = true)]
async fn a_call_is_answered_once() {
    let _: fn(ReplyTo<u32>, u32) = ReplyTo::reply; // by value, so there is no second time
    let server = Waiter::start().await.unwrap();
    in_process(async move {
        let late = server.wait().timeout(SECOND).await;
        assert_eq!(late, Err(CallError::Timeout));
        assert_eq!(server.answer_all(1).await, Ok(1)); // it could have known
        assert_eq!(server.get().await, Ok(7)); // not the late answer
        assert!(hears_nothing().await);
        server.stop().await.unwrap();
    })
    .await;
}

/// GS-CALL-17: all of them, in whatever stage of waiting they are.
#[otp::test(start_paused = true)]
async fn every_pending_caller_learns_the_reason() {
    let server = Waiter::start().await.unwrap();
    let (me, mut callers) = (process::self_pid(), Vec::new());
    for _ in 0..3 {
        let server = server.clone();
        callers.push(process::spawn(async move {
            process::send(me, server.wait().infinity().await);
        }));
        process::sleep(SECOND).await;
    }
    server.end(ExitReason::error("enough"));
    for _ in callers {
        let answer: Result<u32, CallError> = process::receive_type().await;
        assert_eq!(answer, Err(CallError::Exited(ExitReason::error("enough"))));
    }
}

/// GS-CALL-18.
#[otp::test(start_paused = true)]
async fn a_caller_that_dies_does_not_disturb_the_server() {
    let server = Waiter::start_link().await.unwrap();
    let waiting = server.clone();
    let caller = process::spawn(async move { waiting.wait().infinity().await });
    let waiting = server.clone();
    let other = process::spawn(async move {
        assert_eq!(waiting.wait().infinity().await, Ok(3));
    });
    process::sleep(SECOND).await;
    process::send_exit(caller, ExitReason::Kill);
    assert_eq!(process::join(caller).await, Some(ExitReason::Killed));
    let answered = process::monitor(other);
    assert_eq!(server.answer_all(3).await, Ok(1)); // one of the two had gone
    let down: Down = process::receive_type().await;
    assert_eq!((down.monitor, down.reason), (answered, ExitReason::Normal));
    assert_eq!(server.get().await, Ok(7));
    assert_eq!(server.heard(SECOND * 9).await.unwrap(), [""; 0]);
}

/// GS-CALL-19.
#[otp::test(start_paused = true)]
async fn other_messages_wait_in_order_while_a_call_is_pending() {
    let server = Waiter::start().await.unwrap();
    in_process(async move {
        let me = process::self_pid();
        process::send(me, Note("before"));
        assert_eq!(server.chat(me).await, Ok(9));
        process::send(me, Note("after"));
        process::send_after(me, Note("while it is slow"), SECOND / 2);
        assert_eq!(server.slow().await, Ok(8));
        for expected in ["before", "during", "after", "while it is slow"] {
            let note = process::receive().await.downcast::<Note>().unwrap();
            assert_eq!(note, Note(expected));
        }
        assert!(hears_nothing().await);
        server.stop().await.unwrap();
    })
    .await;
}

/// How long a number of calls takes, at best.
async fn best_of_three(server: &WaiterClient) -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        for _ in 0..300 {
            assert_eq!(server.get().await, Ok(7));
        }
        best = best.min(start.elapsed());
    }
    best
}

/// GS-CALL-15: a call that looked at each message would take a thousand times as long.
#[otp::test]
async fn a_call_costs_the_same_whatever_lies_in_the_callers_mailbox() {
    const MESSAGES: usize = 100_000;
    let server = Waiter::start().await.unwrap();
    in_process(async move {
        let empty = best_of_three(&server).await;
        let me = process::self_pid();
        (0..MESSAGES).for_each(|_| process::send(me, Note("in the way")));
        let full = best_of_three(&server).await;
        assert!(full < empty * 20 + Duration::from_millis(20), "{empty:?}, then {full:?}");
        assert_eq!(process::info(me).unwrap().message_queue_len, MESSAGES);
        server.stop().await.unwrap();
    })
    .await;
}

/// GS-CALL-11, GS-STOP-04: by name, too.
#[otp::test(start_paused = true)]
async fn a_server_cannot_call_itself_by_name() {
    let server = Waiter::start_link().name("itself").await.unwrap();
    assert_eq!(server.call_by_name().await, Ok([true; 3]));
}

/// GS-STOP-06: no duration is wrong.
#[otp::test(start_paused = true)]
async fn the_longest_and_the_shortest_limit_are_limits() {
    let server = Waiter::start_link().timeout(Duration::MAX).await.unwrap();
    assert_eq!(server.slow().timeout(Duration::MAX).await, Ok(8));
    let at_once = server.slow().timeout(Duration::ZERO).await;
    assert_eq!(at_once, Err(CallError::Timeout));
    assert_eq!(server.get().timeout(Duration::MAX).await, Ok(7));
    assert_eq!(server.stop().timeout(Duration::MAX).await, Ok(()));

    let server = Waiter::start_link().await.unwrap();
    let busy = server.clone();
    process::spawn(async move { busy.slow().await });
    process::sleep(SECOND / 2).await;
    let at_once = server.stop().timeout(Duration::ZERO).await;
    assert_eq!(at_once, Err(otp::StopError::Timeout));
    assert!(server.is_alive());
}

/// GS-INFO-01, GS-INFO-03: plain messages, timers, and the ones that the runtime sends, each with a
/// handler of its type.
#[otp::test(start_paused = true)]
async fn every_kind_of_message_has_its_handler() {
    let server = Waiter::start_link().await.unwrap();
    let other = process::spawn(std::future::pending::<()>());
    server.watch(other).await.unwrap();
    server.send(Note("sent"));
    process::send_exit(other, ExitReason::error("boom"));
    process::sleep(SECOND).await;
    let mut heard = server.heard(SECOND * 9).await.unwrap();
    heard.sort();
    assert_eq!(heard, ["down boom", "exit boom", "note sent"]);
    process::sleep(SECOND * 2).await;
    assert_eq!(server.heard(SECOND).await.unwrap(), ["note timer"]);
    process::sleep(SECOND * 3).await;
    assert_eq!(server.heard(SECOND).await.unwrap(), ["timeout"]);
}

//! Servers that wait for each other in a circle.

use std::time::Duration;

use otp::__private::{TestOptions, run_test};
use otp::prelude::*;
use otp::sys;

/// A server that asks another one before it answers.
struct Asker {
    next: Option<AskerClient>,
    kept: Vec<ReplyTo<u32>>,
}

#[gen_server]
impl Asker {
    #[init]
    fn init() -> Self {
        Asker { next: None, kept: Vec::new() }
    }

    #[handle_call]
    fn set_next(&mut self, next: AskerClient) {
        self.next = Some(next);
    }

    /// Asks down the line; who has nobody to ask answers.
    #[handle_call]
    async fn ask(&mut self) -> Result<u32, CallError> {
        match &self.next {
            Some(next) => next.ask().await?,
            None => Ok(7),
        }
    }

    /// As `ask`, with a request that is sent first and waited for later.
    #[handle_call]
    async fn send_and_ask(&mut self) -> Result<u32, CallError> {
        match &self.next {
            Some(next) => next.send_and_ask().send().await?,
            None => Ok(7),
        }
    }

    /// Gives up on the next one before anybody calls it a deadlock.
    #[handle_call]
    async fn ask_briefly(&mut self) -> u32 {
        match &self.next {
            Some(next) => next.ask_briefly().timeout(Duration::from_millis(20)).await.unwrap_or(0),
            None => 7,
        }
    }

    /// Answers when it is told to.
    #[handle_call]
    fn ask_later(&mut self, #[from] caller: ReplyTo<u32>) {
        self.kept.push(caller);
    }

    #[handle_cast]
    fn answer(&mut self) {
        for caller in self.kept.drain(..) {
            caller.reply(7);
        }
    }

    #[handle_call]
    async fn ask_it_later(&mut self) -> Result<u32, CallError> {
        match &self.next {
            Some(next) => next.ask_later().await,
            None => Ok(7),
        }
    }

    #[handle_call]
    async fn ask_myself(&mut self, cx: &mut Context<Self>) -> Result<u32, CallError> {
        cx.client().ask_briefly().await
    }
}

/// Servers by these names, each of which asks the next one and the last one the first.
async fn ring(names: &[&'static str]) -> Vec<AskerClient> {
    let mut servers = Vec::new();
    for name in names {
        servers.push(Asker::start_link().name(*name).await.unwrap());
    }
    for (index, server) in servers.iter().enumerate() {
        let next = servers[(index + 1) % servers.len()].clone();
        server.set_next(next).await.unwrap();
    }
    servers
}

/// The message with which a test fails.
fn failure(body: impl Future<Output = ()>) -> String {
    let options = TestOptions::new("test").start_paused(true);
    let run = std::panic::AssertUnwindSafe(move || run_test(options, body));
    let payload = std::panic::catch_unwind(run);
    *payload.expect_err("the test must fail").downcast::<String>().expect("it is a text")
}

#[test]
fn a_circle_fails_the_test_and_is_named() {
    let message = failure(async {
        ring(&["bank", "ledger"]).await[0].ask().await.unwrap().unwrap();
    });
    assert_eq!(message, "deadlock: each waits for the answer of the next: bank -> ledger -> bank");
}

#[test]
fn a_longer_circle_is_found_too() {
    let message = failure(async {
        ring(&["a", "b", "c"]).await[1].send_and_ask().await.unwrap().unwrap();
    });
    assert!(message.ends_with("b -> c -> a -> b"), "{message}");
}

#[test]
fn a_server_without_a_name_appears_by_its_type() {
    let message = failure(async {
        let first = Asker::start_link().await.unwrap();
        let second = Asker::start_link().name("second").await.unwrap();
        first.set_next(second.clone()).await.unwrap();
        second.set_next(first.clone()).await.unwrap();
        first.ask().await.unwrap().unwrap();
    });
    assert!(message.contains("Asker #PID<"), "{message}");
}

#[otp::test(start_paused = true)]
async fn a_line_is_no_circle() {
    let servers = ring(&["a", "b"]).await;
    let last = Asker::start_link().await.unwrap();
    servers[1].set_next(last).await.unwrap();
    assert_eq!(servers[0].ask().await.unwrap(), Ok(7));
}

#[otp::test(start_paused = true)]
async fn a_circle_that_a_time_out_breaks_is_none() {
    let servers = ring(&["a", "b"]).await;
    assert_eq!(servers[0].ask_briefly().await, Ok(0));
}

/// The first waits for the second, which kept its caller and may well answer later.
#[otp::test(start_paused = true)]
async fn a_caller_that_is_kept_is_no_circle() {
    let servers = ring(&["a", "b"]).await;
    let asked = servers[0].ask_it_later().send();
    process::sleep(Duration::from_secs(1)).await;
    servers[1].answer();
    assert_eq!(asked.await, Ok(Ok(7)));
}

#[otp::test(start_paused = true)]
async fn it_can_be_switched_off() {
    sys::watch_deadlocks(false);
    let servers = ring(&["a", "b"]).await;
    // Both calls have the same limit; which of them is heard of first does not matter here.
    let answer = servers[0].ask().timeout(Duration::from_secs(60)).await;
    assert_eq!(answer, Ok(Err(CallError::Timeout)));
}

#[otp::test]
async fn a_call_to_oneself_fails_at_once() {
    let server = Asker::start_link().await.unwrap();
    assert_eq!(server.ask_myself().await, Ok(Err(CallError::CallingSelf)));
}

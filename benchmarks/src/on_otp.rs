//! The counter as a `gen_server`.

use std::time::{Duration, Instant};

use otp::prelude::*;

use crate::variant::{Alive, Variant};

/// This library.
pub(crate) enum OnOtp {}

pub(crate) struct Counter {
    value: i64,
    _alive: Alive,
}

#[gen_server]
impl Counter {
    #[init]
    pub(crate) fn init(alive: Alive) -> Self {
        Counter { value: 0, _alive: alive }
    }

    #[handle_call]
    pub(crate) fn get(&self) -> i64 {
        self.value
    }

    #[handle_cast]
    pub(crate) fn add(&mut self, n: i64) {
        self.value += n;
    }

    #[handle_cast]
    pub(crate) fn finish(&mut self) -> Noreply {
        noreply().stop(ExitReason::Normal)
    }
}

impl Variant for OnOtp {
    type Client = CounterClient;

    async fn start(alive: Alive) -> Self::Client {
        Counter::start(alive).await.expect("the server starts")
    }

    async fn get(client: &Self::Client) -> i64 {
        client.get().infinity().await.expect("the server answers")
    }

    /// The default time-out of a call is [`crate::variant::CALL_TIMEOUT`].
    async fn get_in_time(client: &Self::Client) -> i64 {
        client.get().await.expect("the server answers")
    }

    fn add(client: &Self::Client, n: i64) {
        client.add(n);
    }

    fn finish(client: &Self::Client) {
        client.finish();
    }

    /// A process owns the tasks, so each is linked to it.
    async fn tasks(count: u64) -> Duration {
        let owner = Task::spawn(async move {
            let start = Instant::now();
            for n in 0..count {
                assert_eq!(Task::spawn(async move { n }).await, Ok(n));
            }
            start.elapsed()
        });
        owner.infinity().await.expect("it does not fail")
    }
}

//! The counter as one writes it with tokio alone: a task, an unbounded channel, and a oneshot for
//! every answer.

use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use crate::variant::{Alive, CALL_TIMEOUT, Variant};

/// The baseline.
pub(crate) enum ByHand {}

#[derive(Debug)]
pub(crate) enum Request {
    Get(oneshot::Sender<i64>),
    Add(i64),
    Finish,
}

struct Counter {
    value: i64,
    _alive: Alive,
}

impl Counter {
    async fn run(mut self, mut requests: mpsc::UnboundedReceiver<Request>) {
        while let Some(request) = requests.recv().await {
            match request {
                // A caller that went away does not want the answer.
                Request::Get(reply_to) => drop(reply_to.send(self.value)),
                Request::Add(n) => self.value += n,
                Request::Finish => return,
            }
        }
    }
}

impl Variant for ByHand {
    type Client = mpsc::UnboundedSender<Request>;

    async fn start(alive: Alive) -> Self::Client {
        let (client, requests) = mpsc::unbounded_channel();
        tokio::spawn(Counter { value: 0, _alive: alive }.run(requests));
        client
    }

    async fn get(client: &Self::Client) -> i64 {
        let (reply_to, reply) = oneshot::channel();
        client.send(Request::Get(reply_to)).expect("the server runs");
        reply.await.expect("the server answers")
    }

    async fn get_in_time(client: &Self::Client) -> i64 {
        tokio::time::timeout(CALL_TIMEOUT, Self::get(client)).await.expect("the server answers")
    }

    fn add(client: &Self::Client, n: i64) {
        client.send(Request::Add(n)).expect("the server runs");
    }

    fn finish(client: &Self::Client) {
        client.send(Request::Finish).expect("the server runs");
    }

    async fn tasks(count: u64) -> Duration {
        let start = Instant::now();
        for n in 0..count {
            assert_eq!(tokio::spawn(async move { n }).await.expect("it does not panic"), n);
        }
        start.elapsed()
    }
}

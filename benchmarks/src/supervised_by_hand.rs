//! Supervision as one writes it with tokio alone: a task that joins its children and spawns them
//! again, with a window of restarts, and a place where everybody finds the newest sender.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio::task::{Id, JoinSet};

use crate::by_hand::ByHand;
use crate::variant::{Fault, Started, Supervised};

type Sender = mpsc::UnboundedSender<Fault>;

/// Where the sender to the newest child lies.
type Place = Arc<Mutex<Option<Sender>>>;

const WINDOW: Duration = Duration::from_secs(1);

async fn child(mut orders: mpsc::UnboundedReceiver<Fault>) -> Result<(), &'static str> {
    match orders.recv().await {
        Some(Fault::Panic) => panic!("as asked"),
        Some(Fault::Error) => Err("as asked"),
        None => Ok(()),
    }
}

/// Keeps one child up until it ends well or its restarts are too many.
async fn supervise(place: Place, started: Started) {
    let mut recent = VecDeque::new();
    loop {
        let (sender, orders) = mpsc::unbounded_channel();
        *place.lock().expect("nobody panics here") = Some(sender);
        let running = tokio::spawn(child(orders));
        let _ = started.send(());
        if let Ok(Ok(())) = running.await {
            return;
        }
        let now = Instant::now();
        recent.push_back(now);
        while recent.front().is_some_and(|oldest| now - *oldest > WINDOW) {
            recent.pop_front();
        }
        if recent.len() > u32::MAX as usize {
            return;
        }
    }
}

/// What the supervisor of many children is asked.
enum Ask {
    Start(oneshot::Sender<Sender>),
    Stop(oneshot::Sender<()>),
}

async fn supervise_many(mut asked: mpsc::UnboundedReceiver<Ask>) {
    let mut running = JoinSet::new();
    let mut senders: HashMap<Id, Sender> = HashMap::new();
    loop {
        tokio::select! {
            ask = asked.recv() => match ask {
                Some(Ask::Start(caller)) => {
                    let (sender, orders) = mpsc::unbounded_channel();
                    let id = running.spawn(child(orders)).id();
                    senders.insert(id, sender.clone());
                    let _ = caller.send(sender);
                }
                Some(Ask::Stop(caller)) => {
                    senders.clear();
                    while running.join_next().await.is_some() {}
                    let _ = caller.send(());
                    return;
                }
                None => return,
            },
            Some(ended) = running.join_next_with_id() => {
                if let Ok((id, _)) = ended {
                    senders.remove(&id);
                }
            }
        }
    }
}

impl Supervised for ByHand {
    async fn restarts(count: u64, fault: Fault) -> Duration {
        let (started, mut starts) = mpsc::unbounded_channel();
        let place = Place::default();
        let supervisor = tokio::spawn(supervise(Arc::clone(&place), started));
        starts.recv().await.expect("it starts");
        let start = Instant::now();
        for _ in 0..count {
            let child = place.lock().expect("nobody panics here").clone().expect("it runs");
            child.send(fault).expect("it runs");
            starts.recv().await.expect("it starts again");
        }
        let took = start.elapsed();
        *place.lock().expect("nobody panics here") = None;
        supervisor.await.expect("it ends");
        took
    }

    async fn children(count: u64) -> Duration {
        let (supervisor, asked) = mpsc::unbounded_channel();
        tokio::spawn(supervise_many(asked));
        let start = Instant::now();
        for _ in 0..count {
            let (caller, answer) = oneshot::channel();
            supervisor.send(Ask::Start(caller)).expect("it runs");
            drop(answer.await.expect("it answers"));
        }
        let (caller, stopped) = oneshot::channel();
        supervisor.send(Ask::Stop(caller)).expect("it runs");
        stopped.await.expect("it stops");
        start.elapsed()
    }
}

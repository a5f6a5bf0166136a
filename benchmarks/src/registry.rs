//! Finding processes by a key: a registry against a map behind a lock.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use otp::prelude::*;
use otp::registry::Duplicate;
use otp::{Registry, RegistryRef};
use tokio::runtime::Builder;
use tokio::sync::mpsc;

/// One row of the table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    work: Work,
    /// Operations in a round of `--quick`.
    pub(crate) count: u64,
}

#[derive(Clone, Copy)]
enum Work {
    /// One process enters keys.
    Register,
    /// So many readers find them.
    Lookup(u64),
    /// It takes them back.
    Unregister,
    /// One message to 10,000 subscribers, until all have it.
    Broadcast,
}

pub(crate) const ROWS: [Row; 5] = [
    Row { name: "registry_register", work: Work::Register, count: 20_000 },
    Row { name: "registry_lookup_1", work: Work::Lookup(1), count: 200_000 },
    Row { name: "registry_lookup_2", work: Work::Lookup(2), count: 200_000 },
    Row { name: "registry_unregister", work: Work::Unregister, count: 20_000 },
    Row { name: "broadcast_10000", work: Work::Broadcast, count: 200_000 },
];

const NAMES: u64 = 10_000;
const SUBSCRIBERS: u64 = 10_000;

/// Measures one row in a fresh runtime with two workers, after a warm-up of a tenth.
pub(crate) fn run<D: Directory>(row: &Row, count: u64) -> f64 {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).enable_all().build().expect("a runtime can be built");
    let work = row.work;
    let (report, took) = std::sync::mpsc::channel();
    runtime.spawn(async move {
        // A registry is used by processes.
        process::spawn(async move {
            let mut took = Duration::ZERO;
            for count in [count / 10, count] {
                took = measure::<D>(work, count).await;
            }
            report.send(took).expect("somebody waits");
        });
    });
    took.recv().expect("the measurement does not panic").as_secs_f64() * 1e9 / count as f64
}

async fn measure<D: Directory>(work: Work, count: u64) -> Duration {
    match work {
        Work::Register | Work::Unregister => {
            let directory = D::start().await;
            let names: Vec<String> = (0..count).map(name).collect();
            let start = Instant::now();
            for name in &names {
                directory.register(name.clone());
            }
            let registered = start.elapsed();
            let start = Instant::now();
            for name in &names {
                directory.unregister(name);
            }
            if matches!(work, Work::Register) { registered } else { start.elapsed() }
        }
        Work::Lookup(readers) => lookups::<D>(readers, count).await,
        Work::Broadcast => D::broadcasts(count / SUBSCRIBERS).await,
    }
}

/// Each reader looks up its share of the count.
async fn lookups<D: Directory>(readers: u64, count: u64) -> Duration {
    let directory = D::start().await;
    (0..NAMES).for_each(|number| directory.register(name(number)));
    let names: Arc<Vec<String>> = Arc::new((0..NAMES).map(name).collect());
    let (done, mut all) = mpsc::channel::<()>(1);
    let start = Instant::now();
    for reader in 0..readers {
        let (directory, names, done) = (directory.clone(), Arc::clone(&names), done.clone());
        process::spawn(async move {
            let mut at = reader * 31;
            for _ in 0..count / readers {
                at = (at + 7_919) % NAMES;
                assert!(directory.finds(&names[usize::try_from(at).expect("a small number")]));
            }
            drop(done);
        });
    }
    drop(done);
    assert!(all.recv().await.is_none(), "nothing is sent");
    start.elapsed()
}

fn name(number: u64) -> String {
    format!("user:{number}")
}

/// A way to find processes.
pub(crate) trait Directory: Clone + Send + 'static {
    fn start() -> impl Future<Output = Self> + Send;
    fn register(&self, name: String);
    fn unregister(&self, name: &str);
    fn finds(&self, name: &str) -> bool;

    /// Sends to all subscribers so many times; until each has each message.
    fn broadcasts(times: u64) -> impl Future<Output = Duration> + Send;
}

/// A registry of this library.
#[derive(Clone)]
pub(crate) struct OnOtp(RegistryRef<String>);

impl Directory for OnOtp {
    async fn start() -> OnOtp {
        OnOtp(Registry::unique().start_link().await.expect("it starts"))
    }

    fn register(&self, name: String) {
        self.0.register(name, ()).expect("the name is free");
    }

    fn unregister(&self, name: &str) {
        self.0.unregister(name).expect("it runs");
    }

    fn finds(&self, name: &str) -> bool {
        self.0.lookup(name).is_ok_and(|entry| entry.is_some())
    }

    async fn broadcasts(times: u64) -> Duration {
        let topics: RegistryRef<&'static str, (), Duplicate> =
            Registry::duplicate().start_link().await.expect("it starts");
        let (ready, mut all_ready) = mpsc::channel::<()>(1);
        let (done, mut all) = mpsc::channel::<()>(1);
        for _ in 0..SUBSCRIBERS {
            let (topics, ready, done) = (topics.clone(), ready.clone(), done.clone());
            process::spawn(async move {
                topics.register("news", ()).expect("it runs");
                drop(ready);
                for _ in 0..times {
                    process::receive_type::<u64>().await;
                }
                drop(done);
            });
        }
        drop((ready, done));
        assert!(all_ready.recv().await.is_none(), "nothing is sent");
        let start = Instant::now();
        for number in 0..times {
            topics.broadcast("news", number).expect("it runs");
            tokio::task::yield_now().await;
        }
        assert!(all.recv().await.is_none(), "nothing is sent");
        start.elapsed()
    }
}

/// A map behind a lock, and a list of channels.
#[derive(Clone, Default)]
pub(crate) struct ByHand(Arc<RwLock<HashMap<String, mpsc::UnboundedSender<u64>>>>);

impl Directory for ByHand {
    async fn start() -> ByHand {
        ByHand::default()
    }

    fn register(&self, name: String) {
        let (sender, _) = mpsc::unbounded_channel();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(name, sender);
    }

    fn unregister(&self, name: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn finds(&self, name: &str) -> bool {
        let names = self.0.read().unwrap_or_else(PoisonError::into_inner);
        names.get(name).cloned().is_some()
    }

    async fn broadcasts(times: u64) -> Duration {
        let (done, mut all) = mpsc::channel::<()>(1);
        let subscribers: Vec<_> = (0..SUBSCRIBERS)
            .map(|_| {
                let (sender, mut messages) = mpsc::unbounded_channel::<u64>();
                let done = done.clone();
                tokio::spawn(async move {
                    for _ in 0..times {
                        messages.recv().await;
                    }
                    drop(done);
                });
                sender
            })
            .collect();
        drop(done);
        let start = Instant::now();
        for number in 0..times {
            for subscriber in &subscribers {
                subscriber.send(number).expect("it runs");
            }
            tokio::task::yield_now().await;
        }
        assert!(all.recv().await.is_none(), "nothing is sent");
        start.elapsed()
    }
}

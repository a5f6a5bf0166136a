//! The measurements. Each gives nanoseconds an operation.

use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use crate::variant::{Fault, Variant};

/// One row of the table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    runtime: Flavor,
    work: Work,
    /// Operations in a round of `--quick`.
    pub(crate) count: u64,
}

#[derive(Clone, Copy)]
enum Flavor {
    CurrentThread,
    /// Two workers, and the main thread does nothing but wait.
    MultiThread,
}

#[derive(Clone, Copy)]
enum Work {
    /// One client calls, one call after the other.
    Call,
    /// The same with a time-out.
    CallInTime,
    /// Many clients call one server.
    CallContended,
    /// One producer casts, and all of it is handled.
    Cast,
    /// Servers start, run their `init`, are told to stop, and are gone.
    Spawn,
    /// A child panics and is restarted.
    RestartPanic,
    /// A child ends with an error and is restarted.
    RestartError,
    /// Children are started under one supervisor, and all are stopped.
    Children,
    /// A task that is done at once is started and awaited, one after the other.
    Task,
}

const fn row(name: &'static str, runtime: Flavor, work: Work, count: u64) -> Row {
    Row { name, runtime, work, count }
}

pub(crate) const ROWS: [Row; 17] = [
    row("call_ct", Flavor::CurrentThread, Work::Call, 200_000),
    row("call_mt", Flavor::MultiThread, Work::Call, 200_000),
    row("call_contended", Flavor::MultiThread, Work::CallContended, 256_000),
    row("call_timeout_ct", Flavor::CurrentThread, Work::CallInTime, 200_000),
    row("call_timeout_mt", Flavor::MultiThread, Work::CallInTime, 200_000),
    row("cast_ct", Flavor::CurrentThread, Work::Cast, 500_000),
    row("cast_mt", Flavor::MultiThread, Work::Cast, 500_000),
    row("spawn_ct", Flavor::CurrentThread, Work::Spawn, 50_000),
    row("spawn_mt", Flavor::MultiThread, Work::Spawn, 50_000),
    row("restart_panic_ct", Flavor::CurrentThread, Work::RestartPanic, 20_000),
    row("restart_panic_mt", Flavor::MultiThread, Work::RestartPanic, 20_000),
    row("restart_error_ct", Flavor::CurrentThread, Work::RestartError, 50_000),
    row("restart_error_mt", Flavor::MultiThread, Work::RestartError, 50_000),
    row("children_100k_ct", Flavor::CurrentThread, Work::Children, CHILDREN),
    row("children_100k_mt", Flavor::MultiThread, Work::Children, CHILDREN),
    row("task_ct", Flavor::CurrentThread, Work::Task, 200_000),
    row("task_mt", Flavor::MultiThread, Work::Task, 200_000),
];

const CLIENTS: u64 = 64;
const CASTS_BEFORE_YIELD: u64 = 100;
const ALIVE_AT_A_TIME: u64 = 1_000;
/// How many children a supervisor has at once.
const CHILDREN: u64 = 100_000;

/// Measures one row in a fresh runtime, after a warm-up of a tenth.
pub(crate) fn run<V: Variant>(row: &Row, count: u64) -> f64 {
    let runtime = runtime(row.runtime);
    // The work is a task of its own: the main thread of a multi-thread runtime is no worker.
    let task = runtime.spawn(work::<V>(row.work, count));
    let took = runtime.block_on(task).expect("the measurement does not panic");
    took.as_secs_f64() * 1e9 / count as f64
}

fn runtime(flavor: Flavor) -> Runtime {
    let mut builder = match flavor {
        Flavor::CurrentThread => Builder::new_current_thread(),
        Flavor::MultiThread => Builder::new_multi_thread(),
    };
    builder.worker_threads(2).enable_all().build().expect("a runtime can be built")
}

async fn work<V: Variant>(work: Work, count: u64) -> Duration {
    let mut took = Duration::ZERO;
    for count in [count / 10, count] {
        took = match work {
            Work::Call => calls::<V>(count).await,
            Work::CallInTime => calls_in_time::<V>(count).await,
            Work::CallContended => contended_calls::<V>(count).await,
            Work::Cast => casts::<V>(count).await,
            Work::Spawn => spawns::<V>(count).await,
            Work::RestartPanic => V::restarts(count, Fault::Panic).await,
            Work::RestartError => V::restarts(count, Fault::Error).await,
            Work::Children => children::<V>(count).await,
            Work::Task => V::tasks(count).await,
        };
    }
    took
}

async fn calls<V: Variant>(count: u64) -> Duration {
    let client = V::start(None).await;
    let start = Instant::now();
    for _ in 0..count {
        assert_eq!(V::get(&client).await, 0);
    }
    let took = start.elapsed();
    V::finish(&client);
    took
}

async fn calls_in_time<V: Variant>(count: u64) -> Duration {
    let client = V::start(None).await;
    let start = Instant::now();
    for _ in 0..count {
        assert_eq!(V::get_in_time(&client).await, 0);
    }
    let took = start.elapsed();
    V::finish(&client);
    took
}

async fn contended_calls<V: Variant>(count: u64) -> Duration {
    let client = V::start(None).await;
    let start = Instant::now();
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..count / CLIENTS {
                    assert_eq!(V::get(&client).await, 0);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a client does not panic");
    }
    let took = start.elapsed();
    V::finish(&client);
    took
}

/// The clock stops when the last cast has been handled, which a call behind them all tells.
async fn casts<V: Variant>(count: u64) -> Duration {
    let client = V::start(None).await;
    let start = Instant::now();
    for _ in 0..count / CASTS_BEFORE_YIELD {
        for _ in 0..CASTS_BEFORE_YIELD {
            V::add(&client, 1);
        }
        tokio::task::yield_now().await;
    }
    let value = V::get(&client).await;
    let took = start.elapsed();
    assert_eq!(value, i64::try_from(count).expect("a small count"));
    V::finish(&client);
    took
}

async fn spawns<V: Variant>(count: u64) -> Duration {
    let start = Instant::now();
    for _ in 0..count / ALIVE_AT_A_TIME {
        let (alive, mut gone) = mpsc::channel(1);
        let mut clients = Vec::new();
        for _ in 0..ALIVE_AT_A_TIME {
            clients.push(V::start(Some(alive.clone())).await);
        }
        for client in &clients {
            V::finish(client);
        }
        drop(alive);
        assert!(gone.recv().await.is_none(), "nothing is sent");
    }
    start.elapsed()
}

async fn children<V: Variant>(count: u64) -> Duration {
    let mut took = Duration::ZERO;
    let mut left = count;
    while left > 0 {
        let now = left.min(CHILDREN);
        took += V::children(now).await;
        left -= now;
    }
    took
}

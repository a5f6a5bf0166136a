//! `#[partition_supervisor]` on the real runtime.

#![deny(warnings)]
#![allow(missing_docs, missing_debug_implementations)]

use std::collections::HashSet;

use otp::prelude::*;
use otp::{ByHash, CallError, PartitionError};

pub struct Worker {
    id: String,
    done: u64,
}

#[gen_server(restart = transient)]
impl Worker {
    #[init]
    pub fn init(id: String) -> Self {
        Worker { id, done: 0 }
    }

    #[handle_call]
    pub fn get(&self) -> (String, u64) {
        (self.id.clone(), self.done)
    }

    #[handle_cast]
    pub fn work(&mut self, units: u64) {
        self.done += units;
    }
}

pub struct Counter {
    value: usize,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init(initial: usize) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn get(&self) -> usize {
        self.value
    }

    #[handle_cast]
    pub fn crash(&mut self) {
        panic!("told to");
    }
}

#[dynamic_supervisor]
pub struct WorkerSup(Worker);

/// One `WorkerSup` a core; a key always lands on the same one.
#[partition_supervisor]
pub struct WorkerSups(WorkerSup);

#[partition_supervisor(partitions = 3, with = |partition| Counter::child_spec(partition * 10))]
#[derive(Debug)]
pub struct Counters(Counter);

const MANY: usize = 4;

fn counter(partition: usize) -> ChildSpec<Counter> {
    Counter::child_spec(partition).restart(Restart::Temporary)
}

#[partition_supervisor(
    partitions = MANY, with = counter, strategy = one_for_all, max_restarts = 1, max_seconds = 60,
    crate = ::otp,
)]
pub(crate) struct All(Counter);

supervisor! {
    pub Shard {
        strategy: one_for_one,
        children: [WorkerSup { name: "never two of them" }],
    }
}

#[partition_supervisor(partitions = 1)]
pub struct Shards(Shard);

#[partition_supervisor(partitions = 2)]
struct Nested(Shards);

/// The chapter of the tutorial: `{PartitionSupervisor, child_spec: DynamicSupervisor, name: ..}`.
#[dynamic_supervisor]
pub struct AnySup;

#[partition_supervisor]
pub struct DynamicSupervisors(AnySup);

supervisor! {
    App {
        strategy: one_for_one,
        children: [DynamicSupervisors],
    }
}

#[otp::test(timeout = 20s, flavor = multi_thread, worker_threads = 2)]
async fn the_chapter_of_the_tutorial() {
    App::start_link().await.expect("it starts");
    let spec = Worker::child_spec("a".into());
    let worker =
        DynamicSupervisors::of(process::self_pid()).start_child(spec).await.expect("it starts");
    worker.work(3);
    assert_eq!(worker.get().await, Ok(("a".into(), 3)));
    assert_eq!(DynamicSupervisors::partitions(), Ok(2)); // one a worker of the runtime
}

#[otp::test(timeout = 20s)]
async fn workers_under_the_supervisor_of_their_key() {
    WorkerSups::start_link_with(|sups| sups.partitions(4)).await.expect("it starts");
    let mut used = HashSet::new();
    for number in 0..40 {
        let id = format!("user:{number}");
        let sup = WorkerSups::of(&id);
        assert_eq!(sup.pid(), WorkerSups::of(id.as_str()).pid());
        let worker = sup.start_child(Worker::child_spec(id.clone())).await.expect("it starts");
        assert_eq!(worker.get().await, Ok((id, 0)));
        used.insert(sup.pid());
    }
    assert_eq!(used.len(), 4);
    let mut children = 0;
    for partition in 0..4 {
        children += WorkerSups::of(partition).count_children().await.expect("it runs").active;
    }
    assert_eq!(children, 40);
    // The copies do not have the name of the type.
    assert_eq!(WorkerSup::client().pid(), None);
    let counts = WorkerSups::count_children().await.expect("it runs");
    assert_eq!((counts.specs, counts.active, counts.supervisors, counts.workers), (4, 4, 4, 0));
}

#[otp::test(timeout = 20s)]
async fn servers_with_arguments_of_their_own() {
    let counters = Counters::start_link().await.expect("it starts");
    assert_eq!(Counters::client().pid(), counters.pid());
    for (key, value) in [(0, 0), (1, 10), (2, 20), (3, 0), (7, 10), (-1, 10), (-4, 10)] {
        assert_eq!(Counters::of(key).get().await, Ok(value), "{key}");
    }
    // Copies are not registered under the type, however the server is.
    assert_eq!(Counter::client().pid(), None);
    let counter = Counters::of(ByHash("key"));
    let (pid, value) = (counter.pid().expect("it runs"), counter.get().await);
    counter.crash();
    process::join(pid).await;
    let _ = Counters::count_children().await;
    assert_ne!(counter.pid(), Some(pid));
    assert_eq!(counter.get().await, value);
    assert_eq!(Counters::which_children().await.expect("it runs")[0].id.to_string(), "2");
    assert_eq!(Counters::name_of(1).to_string(), "Counters[1]");
    assert_eq!(process::whereis(Counters::name_of(1)), Counters::of(-1).pid());
}

#[otp::test(timeout = 20s)]
async fn more_and_fewer_partitions() {
    assert_eq!(Counters::partitions(), Err(PartitionError::NoProc));
    assert_eq!(Counters::of(1).get().await, Err(CallError::NoProc));
    Counters::start_link().await.expect("it starts");
    assert_eq!(Counters::resize(1).await, Ok(3));
    assert_eq!(Counters::of(2).get().await, Ok(0));
    assert_eq!(Counters::resize(0).await, Ok(1));
    assert_eq!(Counters::try_of("key").expect_err("there is none"), PartitionError::NoPartitions);
    assert_eq!(Counters::resize(4).await, Err(PartitionError::TooMany { asked: 4, most: 3 }));
    assert_eq!(Counters::resize(3).await, Ok(0));
    assert_eq!(Counters::try_of(2).expect("there is one").get().await, Ok(20));
    Counters::stop().await.expect("it runs");
    assert_eq!(Counters::partitions(), Err(PartitionError::NoProc));
}

#[otp::test(timeout = 20s)]
async fn options_as_expressions_and_paths() {
    All::start().await.expect("it starts");
    assert_eq!(All::partitions(), Ok(MANY));
    assert_eq!(All::of(6).get().await, Ok(2));
    All::stop().await.expect("it runs");
}

#[otp::test(timeout = 20s)]
async fn partitions_of_trees_and_of_partitions() {
    let spec = Nested::child_spec_with(|nested| nested.partitions(1));
    let top = Supervisor::one_for_one().child(spec).start_link().await.expect("it starts");
    let shard: SupervisorRef = Nested::of("a").of("b");
    assert_eq!(shard.count_children().await.expect("it runs").supervisors, 1);
    assert_eq!(Shard::client().pid(), None);
    assert_eq!(Shards::client().pid(), None);
    let tree = top.live_tree().await.to_string();
    assert!(tree.contains("Nested #PID") && tree.contains("└── 0 #PID"), "{tree}");
}

#[task_supervisor]
pub struct Mailer;

/// The other example of Elixir's documentation: a task supervisor for each core.
#[partition_supervisor(partitions = 2)]
pub struct Mailers(Mailer);

#[otp::test(timeout = 20s)]
async fn task_supervisors_can_be_partitions() {
    Mailers::start_link().await.expect("it starts");
    let (first, second) = (Mailers::of(0), Mailers::of(1));
    assert_ne!(first.pid(), second.pid());
    assert_eq!(first.spawn(async { 1 }).await, Ok(1));
    assert_eq!(second.spawn(async { 2 }).await, Ok(2));
}

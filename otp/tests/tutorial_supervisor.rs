//! The tutorial's chapters on supervisors, as its reader writes them: they run, and so does `main`.

#![allow(missing_debug_implementations, missing_docs)] // the text is the one that people read

use std::collections::HashMap;
use std::time::Duration;

use otp::prelude::*;
use otp::{ChildError, ChildState};

/// A counter that any process can read and bump.
pub struct Counter {
    value: i64,
}

#[gen_server(name)]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn increment(&mut self) -> i64 {
        self.value += 1;
        self.value
    }

    #[handle_call]
    pub fn divide(&self, by: i64) -> i64 {
        self.value / by
    }
}

/// Texts by their keys.
pub struct KvStore {
    values: HashMap<String, String>,
}

#[gen_server(name)]
impl KvStore {
    #[init]
    pub fn init(values: Vec<(String, String)>) -> Self {
        KvStore { values: values.into_iter().collect() }
    }

    #[handle_call]
    pub fn get(&self, key: String) -> Option<String> {
        self.values.get(&key).cloned()
    }

    #[handle_cast]
    pub fn put(&mut self, key: String, value: String) {
        self.values.insert(key, value);
    }
}

/// How it is supervised stands at the server: always restarted, five seconds to stop.
pub struct MyWorker {
    jobs: u64,
}

#[gen_server(restart = permanent, shutdown = 5s)]
impl MyWorker {
    #[init]
    pub fn init(jobs: u64) -> Self {
        MyWorker { jobs }
    }

    #[handle_call]
    pub fn work(&mut self) -> u64 {
        self.jobs += 1;
        self.jobs
    }

    #[handle_cast]
    pub fn finish(&mut self) -> Noreply {
        noreply().stop(ExitReason::Normal)
    }

    #[handle_cast]
    pub fn fail(&mut self) -> Noreply {
        noreply().stop(ExitReason::error("out of work"))
    }
}

supervisor! {
    /// The application's supervisor.
    pub MySupervisor {
        strategy: one_for_one,
        children: [
            Counter(0),
            KvStore(Vec::new()),
            MyWorker(0),
        ],
    }
}

/// Workers that are started when they are needed.
pub struct Worker {
    id: String,
}

#[gen_server(restart = transient)]
impl Worker {
    #[init]
    pub fn init(id: String) -> Self {
        Worker { id }
    }

    #[handle_call]
    pub fn id(&self) -> String {
        self.id.clone()
    }
}

supervisor! {
    /// Both kinds of supervisors in one tree.
    pub MyApp {
        strategy: one_for_all,
        max_restarts: 3, // at most so many restarts
        max_seconds: 5,  // within so many seconds
        children: [
            supervisor MySupervisor,
            WorkerSupervisor,
        ],
    }
}

/// Starts workers and stops them. Everything that has a `child_spec` can be a child.
pub struct WorkerSupervisor;

impl WorkerSupervisor {
    pub fn child_spec() -> ChildSpec<DynamicSupervisor<Worker>> {
        let supervisor = DynamicSupervisor::of::<Worker>().name(Name::of::<WorkerSupervisor>());
        supervisor.child_spec(ChildId::of::<WorkerSupervisor>())
    }

    pub fn client() -> DynamicSupervisorRef<Worker> {
        DynamicSupervisorRef::named(Name::of::<WorkerSupervisor>())
    }

    pub async fn start_worker(id: &str) -> Result<WorkerClient, ChildError> {
        WorkerSupervisor::client().start_child(Worker::child_spec(id.to_owned())).await
    }

    pub async fn stop_worker(worker: &WorkerClient) -> Result<(), ChildError> {
        WorkerSupervisor::client().terminate_child(worker).await
    }
}

#[otp::main]
async fn main() -> otp::Result<()> {
    let app = MyApp::start_link().await?;
    Counter::client().increment().await?;
    KvStore::client().put("lang".into(), "Rust".into());
    assert_eq!(KvStore::client().get("lang".into()).await?.as_deref(), Some("Rust"));

    let worker = WorkerSupervisor::start_worker("user:123").await?;
    assert_eq!(worker.id().await?, "user:123");
    let counts = WorkerSupervisor::client().count_children().await?;
    assert_eq!((counts.active, counts.specs), (1, 1));
    assert_eq!((counts.supervisors, counts.workers), (0, 1));
    WorkerSupervisor::stop_worker(&worker).await?;
    assert_eq!(WorkerSupervisor::client().count_children().await?.active, 0);

    println!("{}", MyApp::tree());
    println!("{}", app.live_tree().await);
    Ok(())
}

#[test]
fn the_program_succeeds() {
    assert_eq!(main(), std::process::ExitCode::SUCCESS);
}

#[test]
fn the_tree_is_known_before_anything_runs() {
    let expected = "\
MyApp: one_for_all, 3 restarts in 5s
├── MySupervisor: permanent supervisor, shutdown infinity; one_for_one, 3 restarts in 5s
│   ├── Counter: permanent worker, shutdown 5s
│   ├── KvStore: permanent worker, shutdown 5s
│   └── MyWorker: permanent worker, shutdown 5s
└── WorkerSupervisor: permanent supervisor, shutdown infinity";
    assert_eq!(MyApp::tree().to_string(), expected);
    assert!(MyApp::to_dot().starts_with("digraph "));
    assert!(MyApp::to_mermaid().starts_with("flowchart "));
}

#[otp::test]
async fn a_crashed_child_comes_back_as_it_was_at_first() {
    let app = otp::test::start_supervised(MySupervisor::child_spec()).await;
    let counter = Counter::client();
    assert_eq!(counter.increment().or_exit().await, 1);
    assert!(counter.divide(0).await.is_err()); // its caller gets the reason
    app.count_children().await.expect("answered behind the restart");
    assert_eq!(counter.increment().or_exit().await, 1);
}

/// A worker without a name is reached through its supervisor, also after a restart.
#[otp::test]
async fn a_child_is_found_by_its_type_or_id() {
    otp::test::start_supervised(MySupervisor::child_spec()).await;
    let app = MySupervisor::client();
    let worker = app.child_of::<MyWorker>();
    assert_eq!(worker.work().or_exit().await, 1);
    worker.fail();
    app.count_children().await.expect("it runs");
    assert_eq!(worker.work().or_exit().await, 1);
    assert_eq!(app.child::<MyWorker>(ChildId::of::<MyWorker>()).work().or_exit().await, 2);
}

/// Runs a tree of three workers, has the second one fail, and tells which have a new process.
async fn who_is_restarted(tree: Supervisor) -> [bool; 3] {
    let ids = ["first", "second", "third"];
    let mut tree = tree;
    for id in ids {
        tree = tree.child(MyWorker::child_spec(0).id(id));
    }
    let tree = tree.start_link().await.expect("it starts");
    let workers = ids.map(|id| tree.child::<MyWorker>(id));
    let before = workers.each_ref().map(|worker| worker.pid());
    workers[1].fail();
    while workers[1].pid() == before[1] {
        tree.count_children().await.expect("it runs");
    }
    tree.count_children().await.expect("it runs");
    let after = workers.each_ref().map(|worker| worker.pid());
    tree.stop().await.expect("it runs");
    [0, 1, 2].map(|at| before[at] != after[at])
}

#[otp::test]
async fn the_strategies() {
    // Only the one that died: the children do not need each other.
    assert_eq!(who_is_restarted(Supervisor::one_for_one()).await, [false, true, false]);
    // All of them: they depend on each other.
    assert_eq!(who_is_restarted(Supervisor::one_for_all()).await, [true, true, true]);
    // That one and those started after it: each depends on those before it.
    assert_eq!(who_is_restarted(Supervisor::rest_for_one()).await, [false, true, true]);
}

#[otp::test]
async fn the_restart_types() {
    for (restart, after_finish, after_fail) in [
        (Restart::Permanent, true, true),
        (Restart::Transient, false, true),
        (Restart::Temporary, false, false),
    ] {
        for (fails, comes_back) in [(false, after_finish), (true, after_fail)] {
            let tree = Supervisor::one_for_one().child(MyWorker::child_spec(0).restart(restart));
            let tree = tree.start_link().await.expect("it starts");
            let worker = tree.child_of::<MyWorker>();
            let pid = worker.pid().expect("it runs");
            if fails {
                worker.fail();
            } else {
                worker.finish();
            }
            process::join(pid).await;
            let children = tree.which_children().await.expect("it runs");
            let runs = |state| matches!(state, ChildState::Running(_));
            assert_eq!(children.iter().any(|child| runs(child.state)), comes_back, "{restart:?}");
            tree.stop().await.expect("it runs");
        }
    }
}

#[otp::test]
async fn too_many_restarts_end_the_supervisor() {
    let tree = supervisor! {
        strategy: one_for_one,
        max_restarts: 3,
        max_seconds: 5,
        children: [MyWorker(0)],
    };
    let tree = tree.start().await.expect("it starts");
    let pid = tree.pid().expect("it runs");
    for _ in 0..4 {
        let worker = tree.child_of::<MyWorker>();
        let old = worker.pid().expect("it runs");
        worker.fail();
        process::join(old).await;
        let _ = tree.count_children().await;
    }
    assert!(!process::is_alive(pid));
}

#[otp::test(start_paused)]
async fn restarts_may_wait() {
    let tree = supervisor! {
        strategy: one_for_one,
        backoff: 100ms..5s,
        children: [MyWorker(0)],
    };
    let tree = tree.start_link().await.expect("it starts");
    let worker = tree.child_of::<MyWorker>();
    let (old, start) = (worker.pid().expect("it runs"), process::now());
    worker.fail();
    process::join(old).await;
    let waiting = &tree.which_children().await.expect("it runs")[0];
    assert_eq!(waiting.state, ChildState::Restarting);
    process::sleep(Duration::from_millis(100)).await;
    tree.count_children().await.expect("it runs");
    assert_eq!(worker.work().or_exit().await, 1);
    assert_eq!(process::now() - start, Duration::from_millis(100));
}

#[otp::test]
async fn children_come_and_go() {
    let workers = DynamicSupervisor::of::<Worker>().max_children(2).start_link().await;
    let workers = workers.expect("it starts");
    let first = workers.start_child(Worker::child_spec("a".into())).await.expect("there is room");
    workers.start_child(Worker::child_spec("b".into())).await.expect("there is room");
    let third = workers.start_child(Worker::child_spec("c".into())).await;
    assert_eq!(third.err(), Some(ChildError::MaxChildren));
    let pid = first.pid().expect("it runs");
    workers.terminate_child(pid).await.expect("it is there"); // by pid, as in Elixir
    assert_eq!(workers.terminate_child(pid).await, Err(ChildError::NotFound));
    workers.start_child(Worker::child_spec("c".into())).await.expect("there is room again");
    assert_eq!(workers.count_children().await.expect("it runs").active, 2);
}

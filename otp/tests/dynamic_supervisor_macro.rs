//! `#[dynamic_supervisor]` on the real runtime.

#![deny(warnings)]
#![allow(missing_docs, missing_debug_implementations)]

use otp::prelude::*;
use otp::{AsPid, CallError, ChildError, ChildType};

pub struct Worker {
    pool: &'static str,
    id: String,
}

#[gen_server(restart = transient)]
impl Worker {
    #[init]
    pub fn init(pool: &'static str, id: String) -> Self {
        Worker { pool, id }
    }

    #[handle_call]
    pub fn id(&self) -> (&'static str, String) {
        (self.pool, self.id.clone())
    }

    #[handle_cast]
    pub fn crash(&mut self) {
        panic!("told to");
    }
}

pub struct Counter {
    value: i64,
}

#[gen_server]
impl Counter {
    #[init]
    pub fn init(initial: i64) -> Self {
        Counter { value: initial }
    }

    #[handle_call]
    pub fn get(&self) -> i64 {
        self.value
    }
}

/// All workers.
#[dynamic_supervisor(max_children = 2, max_restarts = 1 + 1, max_seconds = 5)]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorkerSup(Worker);

/// Children of every type.
#[dynamic_supervisor]
pub(crate) struct Pool;

#[dynamic_supervisor(crate = ::otp)]
struct Inner(
    /// With a note.
    pub Counter,
);

fn spec(id: &str) -> ChildSpec<Worker> {
    Worker::child_spec("main", id.into())
}

/// Ends a worker, and waits until its supervisor has dealt with that.
async fn crash(worker: &WorkerClient) {
    let pid = worker.pid().expect("it runs");
    worker.crash();
    process::join(pid).await;
    let _ = WorkerSup::count_children().await;
}

#[otp::test(timeout = 20s)]
async fn children_come_and_go() {
    let sup = WorkerSup::start_link().await.expect("it starts");
    assert_eq!(WorkerSup::client().pid(), sup.pid());
    let worker = WorkerSup::start_child(spec("a")).await.expect("the worker starts");
    assert_eq!(worker.id().await, Ok(("main", "a".into())));
    let counts = WorkerSup::count_children().await.expect("it runs");
    assert_eq!((counts.active, counts.specs, counts.supervisors, counts.workers), (1, 1, 0, 1));
    assert_eq!(WorkerSup::which_children().await.expect("it runs").len(), 1);
    WorkerSup::start_child(spec("b")).await.expect("there is a place");
    let third = WorkerSup::start_child(spec("c")).await;
    assert_eq!(third.expect_err("there is none"), ChildError::MaxChildren);
    WorkerSup::terminate_child(&worker).await.expect("it is a child");
    let again = WorkerSup::terminate_child(worker.as_pid().expect("of a process")).await;
    assert_eq!(again, Err(ChildError::NotFound));
    WorkerSup::stop().await.expect("it runs");
    assert_eq!(WorkerSup::count_children().await, Err(CallError::NoProc));
    // What the user derives is there: the struct is a value, if anybody needs one.
    assert_eq!(format!("{WorkerSup:?}"), "WorkerSup");
}

#[otp::test(timeout = 20s)]
async fn one_supervisor_for_each_type() {
    let first = WorkerSup::start_link().await.expect("it starts");
    let pid = first.pid().expect("it runs");
    assert_eq!(WorkerSup::start().await.expect_err("twice"), StartError::AlreadyStarted(pid));
    let other = WorkerSup::start().name("other").await.expect("another name");
    assert_ne!(other.pid(), first.pid());
    other.stop().await.expect("it runs");
}

#[otp::test(timeout = 20s)]
async fn options_of_the_attribute_and_of_the_start() {
    process::trap_exit(true);
    let sup = WorkerSup::start_link_with(|sup| sup.max_children(1)).await.expect("it starts");
    let worker = WorkerSup::start_child(spec("a")).await.expect("there is a place");
    assert_eq!(
        WorkerSup::start_child(spec("b")).await.expect_err("there is none"),
        ChildError::MaxChildren
    );
    let pid = sup.pid().expect("it runs");
    // The attribute allows two restarts.
    crash(&worker).await;
    for _ in 0..2 {
        let children = WorkerSup::which_children().await.expect("it runs");
        let otp::ChildState::Running(child) = children[0].state else { panic!("{children:?}") };
        process::send_exit(child, ExitReason::error("boom"));
        process::join(child).await;
        let _ = WorkerSup::count_children().await;
    }
    assert!(!process::is_alive(pid));
}

#[otp::test(timeout = 20s)]
async fn children_of_every_type() {
    Pool::start_link().await.expect("it starts");
    let counter = Pool::start_child(Counter::child_spec(7)).await.expect("it starts");
    let worker = Pool::start_child(spec("a")).await.expect("it starts");
    assert_eq!((counter.get().await, worker.is_alive()), (Ok(7), true));
    Pool::start_child(Inner::child_spec()).await.expect("a supervisor below another one");
    assert_eq!(Inner::start_child(Counter::child_spec(8)).await.expect("up").get().await, Ok(8));
    let counts = Pool::count_children().await.expect("it runs");
    assert_eq!((counts.supervisors, counts.workers), (1, 2));
}

supervisor! {
    Tree {
        strategy: one_for_one,
        children: [WorkerSup, Pool { id: "pool", shutdown: infinity }],
    }
}

#[otp::test(timeout = 20s)]
async fn a_child_of_a_declared_tree() {
    let tree = Tree::start_link().await.expect("it starts");
    let children = tree.which_children().await.expect("it runs");
    assert_eq!(children[1].id.to_string(), "WorkerSup");
    assert_eq!(children[1].kind, ChildType::Supervisor);
    let before = WorkerSup::client().pid().expect("it runs");
    WorkerSup::start_child(spec("a")).await.expect("it starts");
    process::send_exit(before, ExitReason::Kill);
    process::join(before).await;
    let _ = tree.count_children().await;
    // Restarted it is empty.
    assert_eq!(WorkerSup::count_children().await.expect("it is back").specs, 0);
    let spec = WorkerSup::child_spec_with(|sup| sup.max_children(1).name("small")).id("small");
    let small = tree.start_child(spec).await.expect("it starts");
    assert_eq!(small.pid(), process::whereis("small"));
}

/// What Elixir's tutorial calls `start_worker` and `stop_worker`.
impl WorkerSup {
    async fn start_worker(id: &str) -> Result<WorkerClient, ChildError> {
        Self::start_child(Worker::child_spec("shared", id.into())).await
    }

    async fn stop_worker(worker: &WorkerClient) -> Result<(), ChildError> {
        Self::terminate_child(worker).await
    }
}

/// DYN-09: arguments that all children share come from the function that makes their specs, and are
/// there again after a restart. It is the `DynamicSupervisor` chapter of the tutorial.
#[otp::test(timeout = 20s)]
async fn a_function_of_the_supervisor_starts_its_workers() {
    WorkerSup::start_link().await.expect("it starts");
    let worker = WorkerSup::start_worker("a").await.expect("it starts");
    let counts = WorkerSup::count_children().await.expect("it runs");
    assert_eq!((counts.active, counts.specs, counts.supervisors, counts.workers), (1, 1, 0, 1));
    assert_eq!(worker.id().await, Ok(("shared", "a".into())));
    crash(&worker).await;
    let children = WorkerSup::which_children().await.expect("it runs");
    let otp::ChildState::Running(pid) = children[0].state else { panic!("{children:?}") };
    assert_ne!(worker.pid(), Some(pid));
    WorkerSup::terminate_child(pid).await.expect("it was started again");
    let worker = WorkerSup::start_worker("b").await.expect("it starts");
    WorkerSup::stop_worker(&worker).await.expect("it is a child");
    assert_eq!(WorkerSup::count_children().await.expect("it runs").specs, 0);
}

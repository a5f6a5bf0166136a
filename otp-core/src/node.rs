//! A node: the processes and names of one tokio runtime.

use std::collections::HashMap;

use tokio::runtime::{Handle, Id};

use crate::application::registry::Registry;
use crate::deadlock::Deadlocks;
use crate::name::Names;
use crate::process::current;
use crate::process::routes::AllRoutes;
use crate::registry::Registries;
use crate::report::Limiter;
use crate::seam;
use crate::sync::{Arc, AtomicU8, AtomicU32, Mutex, OnceLock, Ordering, Weak};
use crate::table::Table;

/// The world that a process lives in: pids, names and the runtime that runs it.
///
/// There is one node for each tokio runtime of the program, made when it is first needed, so that
/// tests with a runtime each never see each other's processes.
pub(crate) struct Node {
    pub(crate) id: u32,
    pub(crate) table: Table,
    pub(crate) names: Names,
    pub(crate) registries: Registries,
    pub(crate) reports: Limiter,
    pub(crate) deadlocks: Deadlocks,
    /// The application environment.
    #[cfg(feature = "config")]
    pub(crate) env: crate::env::store::Store,
    pub(crate) applications: Registry,
    pub(crate) partitions: AllRoutes,
    /// When callers run waiting servers; a [`Handoff`] as a number.
    handoff: AtomicU8,
    /// Runs the node's tasks. Only `crate::seam` uses it.
    pub(crate) runtime: Handle,
}

/// When callers run waiting servers on their own thread.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handoff {
    /// Never: what runs when must not hang on how long handlers take. So it is in tests.
    Never,
    /// When the server's handlers have proved to be short. So it is in programs.
    Measured,
    /// Whenever it is possible. So it is in tests of just that.
    Always,
}

/// The nodes of this program by their runtimes, and by their number.
#[derive(Default)]
struct Nodes {
    by_runtime: HashMap<Id, Weak<Node>>,
    by_id: HashMap<u32, Weak<Node>>,
}

fn nodes() -> &'static Mutex<Nodes> {
    static NODES: OnceLock<Mutex<Nodes>> = OnceLock::new();
    NODES.get_or_init(Mutex::default)
}

/// Keeps a node alive as long as its runtime, by living in a task of it.
struct Keeper(Arc<Node>);

impl Drop for Keeper {
    fn drop(&mut self) {
        let mut nodes = nodes().lock();
        nodes.by_runtime.remove(&self.0.runtime.id());
        nodes.by_id.remove(&self.0.id);
    }
}

impl Node {
    /// The node of the running process, or else of the runtime that this thread is in.
    ///
    /// `None` outside any runtime.
    pub(crate) fn current() -> Option<Arc<Node>> {
        if let Some(node) = current::with(|process| Arc::clone(&process.head().node)) {
            return Some(node);
        }
        Handle::try_current().ok().map(|runtime| Node::of(&runtime))
    }

    /// Runs `f` with the node of the running process, or else of the runtime of this thread.
    ///
    /// In a process it counts references of nothing but that process, so that cores which ask at
    /// the same time do not disturb each other.
    pub(crate) fn with_current<T>(f: impl FnOnce(&Arc<Node>) -> T) -> Option<T> {
        match current::get() {
            Some(process) => Some(f(&process.head().node)),
            None => Node::current().map(|node| f(&node)),
        }
    }

    /// As [`Node::current`], for operations that make no sense outside a runtime.
    #[track_caller]
    pub(crate) fn expect_current() -> Arc<Node> {
        match Node::current() {
            Some(node) => node,
            None => panic!(
                "this needs a tokio runtime: call it inside `#[otp::main]`, `#[otp::test]` or \
                 another tokio runtime"
            ),
        }
    }

    /// Whether a caller runs a waiting server whose handlers have proved short, or not.
    pub(crate) fn hands_off(&self, short: bool) -> bool {
        let handoff = self.handoff.load(Ordering::Relaxed);
        handoff == Handoff::Always as u8 || (short && handoff == Handoff::Measured as u8)
    }

    pub(crate) fn set_handoff(&self, handoff: Handoff) {
        self.handoff.store(handoff as u8, Ordering::Relaxed);
    }

    /// The node with this number, if its runtime still runs.
    pub(crate) fn by_id(id: u32) -> Option<Arc<Node>> {
        nodes().lock().by_id.get(&id).and_then(Weak::upgrade)
    }

    /// The node of a runtime, made now if there is none yet.
    fn of(runtime: &Handle) -> Arc<Node> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let mut nodes_guard = nodes().lock();
        if let Some(node) = nodes_guard.by_runtime.get(&runtime.id()).and_then(Weak::upgrade) {
            return node;
        }
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let node = Arc::new(Node {
            id,
            table: Table::new(id),
            names: Names::default(),
            registries: Registries::default(),
            reports: Limiter::default(),
            deadlocks: Deadlocks::default(),
            #[cfg(feature = "config")]
            env: crate::env::store::Store::inherited(),
            applications: Registry::default(),
            partitions: AllRoutes::default(),
            handoff: AtomicU8::new(Handoff::Measured as u8),
            runtime: runtime.clone(),
        });
        nodes_guard.by_runtime.insert(runtime.id(), Arc::downgrade(&node));
        nodes_guard.by_id.insert(id, Arc::downgrade(&node));
        drop(nodes_guard);
        let keeper = Keeper(Arc::clone(&node));
        seam::spawn_seldom(&node, async move {
            let _keeper = keeper;
            std::future::pending::<()>().await;
        });
        node
    }
}

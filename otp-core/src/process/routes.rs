//! Which process runs which partition of a partition supervisor.

use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::Process;
use crate::sync::{Arc, AtomicUsize, Mutex, OnceLock, Ordering, Weak};

/// Where the partitions of one running supervisor are.
///
/// The supervisor owns it and writes; whoever has a key reads, without asking the supervisor. The
/// node finds it by the supervisor's pid, until the supervisor's state is dropped.
pub(crate) struct Routes {
    /// One for each partition of the start; each lock is held for one read or write.
    slots: Box<[Mutex<Option<Pid>>]>,
    /// How many of them are in use.
    active: AtomicUsize,
    /// Where it is entered, and as what.
    home: OnceLock<(Arc<Node>, Pid)>,
}

/// The routes of the partition supervisors of a node.
#[derive(Default)]
pub(crate) struct AllRoutes(papaya::HashMap<Pid, Weak<Routes>>);

impl Routes {
    pub(crate) fn new(partitions: usize) -> Routes {
        Routes {
            slots: (0..partitions).map(|_| Mutex::new(None)).collect(),
            active: AtomicUsize::new(partitions),
            home: OnceLock::new(),
        }
    }

    /// Makes them known as those of this supervisor, or says what is wrong with them.
    pub(crate) fn open(self: &Arc<Self>, supervisor: &dyn Process) -> Result<(), &'static str> {
        if self.slots.is_empty() {
            return Err("partitions must be at least 1");
        }
        let (node, pid) = (Arc::clone(&supervisor.head().node), supervisor.head().pid);
        node.partitions.0.pin().insert(pid, Arc::downgrade(self));
        let _ = self.home.set((node, pid)); // routes are made for one start
        Ok(())
    }

    /// The routes of a running supervisor.
    pub(crate) fn of(supervisor: Pid) -> Option<Arc<Routes>> {
        let find = |node: &Node| node.partitions.0.pin().get(&supervisor).and_then(Weak::upgrade);
        match Node::current() {
            Some(node) if node.id == supervisor.node() => find(&node),
            _ => find(&*Node::by_id(supervisor.node())?),
        }
    }

    /// How many partitions there are.
    pub(crate) fn active(&self) -> usize {
        self.active.load(Ordering::Acquire)
    }

    pub(crate) fn set_active(&self, partitions: usize) {
        self.active.store(partitions, Ordering::Release);
    }

    /// How many partitions there were at the start.
    pub(crate) fn most(&self) -> usize {
        self.slots.len()
    }

    /// Says which process a partition is from now on.
    pub(crate) fn enter(&self, partition: usize, pid: Pid) {
        *self.slots[partition].lock() = Some(pid);
    }

    /// The process of the partition that a route leads to.
    pub(crate) fn find(&self, route: u128) -> Option<Pid> {
        let partition = partition(route, self.active())?;
        *self.slots[partition].lock()
    }
}

/// `route` modulo `partitions`.
fn partition(route: u128, partitions: usize) -> Option<usize> {
    match u64::try_from(route) {
        Ok(route) => route.checked_rem(partitions as u64).map(|rest| rest as usize), // much faster
        Err(_) => route.checked_rem(partitions as u128).map(|rest| rest as usize),
    }
}

impl Drop for Routes {
    fn drop(&mut self) {
        if let Some((node, pid)) = self.home.get() {
            node.partitions.0.pin().remove(pid);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private::{TestOptions, run_test};
    use crate::{ChildSpec, DynamicSupervisor, ExitReason, PartitionSupervisor, process};

    #[test]
    fn a_node_forgets_the_routes_of_a_supervisor_that_has_ended() {
        run_test(TestOptions::new("test"), async {
            let known = || Node::expect_current().partitions.0.len();
            let spec: ChildSpec<DynamicSupervisor> = DynamicSupervisor::new().child_spec("copy");
            let first = PartitionSupervisor::new(spec.clone()).start().await.unwrap();
            let second = PartitionSupervisor::new(spec).start().await.unwrap();
            assert_eq!(known(), 2);
            first.stop().await.unwrap();
            assert_eq!(known(), 1);
            let pid = second.pid().unwrap();
            process::send_exit(pid, ExitReason::Kill);
            process::join(pid).await;
            assert_eq!(known(), 0);
        });
    }

    #[test]
    fn routes_lead_to_partitions_by_the_remainder() {
        assert_eq!(partition(7, 3), Some(1));
        assert_eq!(partition(u128::MAX, 4), Some(3));
        assert_eq!(partition(7, 0), None);
        assert_eq!(partition(u128::MAX, 0), None);
    }
}

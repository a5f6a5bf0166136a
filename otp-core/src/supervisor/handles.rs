//! Which process each child is now, for handles that survive restarts.

use std::collections::HashMap;
use std::fmt;

use crate::child_spec::ChildId;
use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{Process, holder, with_control};
use crate::process::via::ViaName;
use crate::process::{RegisterError, find_pid};
use crate::sync::{Arc, Mutex};

/// The processes of a supervisor's children by their ids.
///
/// It lies at the supervisor's process, so that nobody has to ask the supervisor, which may be busy
/// starting a child, and goes with the process. The entry of a child that has ended stays until the
/// next start: a pid is never used twice, so it finds nobody.
#[derive(Default)]
pub(super) struct Incarnations(Mutex<HashMap<ChildId, Pid>>);

impl Incarnations {
    /// An empty table that is found at the process.
    pub(super) fn at(supervisor: &dyn Process) -> Arc<Incarnations> {
        let table = Arc::<Incarnations>::default();
        let shown = Arc::clone(&table);
        with_control(supervisor, |control, _| control.rare().shown = Some(shown));
        table
    }

    /// Enters the process that a child is from now on.
    pub(super) fn set(&self, id: &ChildId, pid: Pid) {
        let mut pids = self.0.lock();
        match pids.get_mut(id) {
            Some(entry) => *entry = pid,
            None => drop(pids.insert(id.clone(), pid)),
        }
    }

    /// Forgets a child.
    pub(super) fn remove(&self, id: &ChildId) {
        let removed = self.0.lock().remove_entry(id);
        drop(removed);
    }
}

/// What a child is called by those who know its supervisor.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ChildName {
    pub(super) supervisor: Above,
    pub(super) id: ChildId,
}

/// A supervisor: this process, or whoever holds the name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Above {
    Process(Pid),
    Named(Name),
}

impl ViaName for ChildName {
    fn whereis(&self) -> Option<Pid> {
        let supervisor = match &self.supervisor {
            Above::Process(pid) => find_pid(*pid),
            Above::Named(name) => holder(&*Node::current()?, name),
        };
        let shown = with_control(&*supervisor?, |control, _| {
            control.get_rare().and_then(|rare| rare.shown.clone())
        });
        let table = shown?.downcast::<Incarnations>().ok()?;
        table.0.lock().get(&self.id).copied()
    }

    /// Only the supervisor says which process its child is.
    fn register(&self, _: Pid) -> Result<(), RegisterError> {
        match self.whereis().filter(|pid| find_pid(*pid).is_some()) {
            Some(holder) => Err(RegisterError::Taken(holder)),
            None => Err(RegisterError::NoRegistry),
        }
    }

    fn unregister(&self, _: Pid) {}
}

impl fmt::Debug for ChildName {
    /// As the path of the child in the tree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.supervisor {
            Above::Process(pid) => write!(f, "{pid}.{}", self.id),
            Above::Named(name) => write!(f, "{name}.{}", self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private::{TestOptions, run_test};
    use crate::{ChildSpec, Restart, Supervisor, process};

    /// How many children are entered at a supervisor.
    fn entered(supervisor: Pid) -> usize {
        let process = find_pid(supervisor).expect("it runs");
        let shown =
            with_control(&*process, |control, _| control.get_rare().and_then(|r| r.shown.clone()));
        let table = shown.and_then(|shown| shown.downcast::<Incarnations>().ok());
        table.map_or(0, |table| table.0.lock().len())
    }

    #[test]
    fn a_child_that_is_forgotten_leaves_no_entry() {
        run_test(TestOptions::new("test").start_paused(true), async {
            let waits = || async { Ok(process::spawn_link(std::future::pending::<()>())) };
            let supervisor = Supervisor::one_for_one().start_link().await.unwrap();
            let pid = supervisor.pid().unwrap();
            for number in 0..100 {
                let spec = ChildSpec::from_fn(format!("child {number}"), waits);
                let spec = if number % 2 == 0 { spec } else { spec.restart(Restart::Temporary) };
                supervisor.start_child(spec).await.unwrap();
            }
            assert_eq!(entered(pid), 100);
            for number in 0..100 {
                supervisor.terminate_child(format!("child {number}")).await.unwrap();
            }
            assert_eq!(entered(pid), 50);
            for number in (0..100).step_by(2) {
                supervisor.delete_child(format!("child {number}")).await.unwrap();
            }
            assert_eq!(entered(pid), 0);
        });
    }
}

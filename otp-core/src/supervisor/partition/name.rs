//! The names that stand for partitions.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::gen_server::ServerRef;
use crate::name::Name;
use crate::pid::Pid;
use crate::process::routes::Routes;
use crate::process::{self, RegisterError, ViaName};
use crate::supervisor::server::Server;

/// The name of whichever process runs the partition of a key.
pub(super) struct PartitionName {
    pub(super) supervisor: ServerRef<Server>,
    pub(super) route: u128,
}

impl PartitionName {
    fn supervisor(&self) -> Result<Pid, &Name> {
        self.supervisor.as_process().map(|process| process.head().pid)
    }
}

impl ViaName for PartitionName {
    fn whereis(&self) -> Option<Pid> {
        let pid = Routes::of(self.supervisor.pid()?)?.find(self.route)?;
        process::is_alive(pid).then_some(pid)
    }

    /// Partitions are what their supervisor has started, so nobody else can be one.
    fn register(&self, _: Pid) -> Result<(), RegisterError> {
        match self.whereis() {
            Some(partition) => Err(RegisterError::Taken(partition)),
            None => Err(RegisterError::NoRegistry),
        }
    }

    fn unregister(&self, _: Pid) {}
}

impl PartialEq for PartitionName {
    fn eq(&self, other: &PartitionName) -> bool {
        (self.supervisor(), self.route) == (other.supervisor(), other.route)
    }
}

impl Eq for PartitionName {}

impl Hash for PartitionName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.supervisor(), self.route).hash(state);
    }
}

impl fmt::Debug for PartitionName {
    /// As `WorkerSups[7]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.supervisor() {
            Ok(pid) => write!(f, "{pid}[{}]", self.route),
            Err(name) => write!(f, "{name}[{}]", self.route),
        }
    }
}

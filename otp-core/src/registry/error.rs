//! What can go wrong with a registry.

use std::fmt;

use crate::pid::Pid;
use crate::process::RegisterError;
use crate::reason::ExitReason;

/// Why a registry did not do what it was asked.
///
/// Whatever can meet a registry that does not run returns it; look-ups fail for no other reason.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryError {
    /// The key is taken, by this process. Choose another key, or talk to that process.
    AlreadyRegistered {
        /// The holder; it may be the caller itself.
        pid: Pid,
    },
    /// No registry with these types runs under this name, or the one of the handle has ended. Start
    /// it first, in a tree before those who use it.
    NotRunning,
    /// The caller is no process, or has been told to end. Plain tasks and threads cannot register.
    NoProcess,
    /// The key has no entry of the calling process. Only the process itself changes its entries.
    NotOwner,
    /// The function given to `dispatch_parallel` failed for one of the partitions.
    Failed(ExitReason),
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegistryError::AlreadyRegistered { pid } => write!(f, "the key is held by {pid}"),
            RegistryError::NotRunning => f.write_str("the registry does not run"),
            RegistryError::NoProcess => f.write_str("only a running process can register"),
            RegistryError::NotOwner => f.write_str("the process has no entry under this key"),
            RegistryError::Failed(reason) => write!(f, "the dispatched function failed: {reason}"),
        }
    }
}

impl std::error::Error for RegistryError {}

impl From<RegistryError> for RegisterError {
    fn from(error: RegistryError) -> RegisterError {
        match error {
            RegistryError::AlreadyRegistered { pid } => RegisterError::Taken(pid),
            RegistryError::NotRunning => RegisterError::NoRegistry,
            RegistryError::NoProcess | RegistryError::NotOwner | RegistryError::Failed(_) => {
                RegisterError::NoProc
            }
        }
    }
}

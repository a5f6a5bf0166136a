//! The handle of a partition supervisor.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::child_spec::{Child, Named};
use crate::gen_server::{CallError, ServerRef, Stop};
use crate::name::Name;
use crate::pid::Pid;
use crate::process::routes::Routes;
use crate::supervisor::partition::name::PartitionName;
use crate::supervisor::partition::{PartitionError, PartitionKey};
use crate::supervisor::server::{Ask, Request, Server};
use crate::supervisor::{ChildCounts, ChildInfo, SupervisorRef, Tree};
use crate::sync::Arc;

/// The handle of a partition supervisor, whose partitions are `S`.
///
/// Finding a partition never asks the supervisor; what does waits without a limit. It derefs to the
/// [`ServerRef`] of the server that a supervisor is, for the functions of [`sys`](crate::sys).
///
/// Elixir: what the functions of `PartitionSupervisor` take, a name.
pub struct PartitionSupervisorRef<S>(SupervisorRef, PhantomData<fn() -> S>);

impl<S> Clone for PartitionSupervisorRef<S> {
    fn clone(&self) -> PartitionSupervisorRef<S> {
        PartitionSupervisorRef::new(self.0.clone())
    }
}

impl<S> fmt::Debug for PartitionSupervisorRef<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PartitionSupervisorRef").field(&self.0.0).finish()
    }
}

impl<S> Deref for PartitionSupervisorRef<S> {
    type Target = ServerRef<Server>;

    fn deref(&self) -> &ServerRef<Server> {
        &self.0
    }
}

impl<S: Child + Named> PartitionSupervisorRef<S> {
    /// The client of the partition that a key leads to. It is a client by name: it finds the
    /// partition at each use, also when that was started again, or when there are more or fewer
    /// partitions by then.
    ///
    /// Integers lead to the partition `|key| mod n`, other keys go by a hash; see [`PartitionKey`].
    /// While the supervisor does not run, or has no partitions, calls of the client fail with
    /// [`CallError::NoProc`]; [`PartitionSupervisorRef::try_of`] tells that at once.
    ///
    /// ```
    /// # use otp_core::{PartitionSupervisorRef, Child, Named};
    /// # fn demo<Worker: Child + Named>(workers: PartitionSupervisorRef<Worker>, id: &String) {
    /// workers.of("user:9");
    /// workers.of(id);
    /// workers.of(7);
    /// # }
    /// ```
    ///
    /// Elixir: `{:via, PartitionSupervisor, {name, key}}`.
    pub fn of(&self, key: impl PartitionKey) -> S::Client {
        S::named_client(self.name_of(key))
    }

    /// As [`PartitionSupervisorRef::of`], when there is such a partition now.
    ///
    /// # Errors
    ///
    /// The supervisor does not run, or has no partitions.
    pub fn try_of(&self, key: impl PartitionKey) -> Result<S::Client, PartitionError> {
        match self.partitions()? {
            0 => Err(PartitionError::NoPartitions),
            _ => Ok(self.of(key)),
        }
    }
}

impl<S> PartitionSupervisorRef<S> {
    pub(crate) fn new(supervisor: SupervisorRef) -> PartitionSupervisorRef<S> {
        PartitionSupervisorRef(supervisor, PhantomData)
    }

    /// The partition supervisor that holds a name, looked up at each use.
    pub fn named(name: impl Into<Name>) -> PartitionSupervisorRef<S> {
        PartitionSupervisorRef::new(SupervisorRef::named(name))
    }

    /// The supervisor's pid; `None` when its name has no holder.
    pub fn pid(&self) -> Option<Pid> {
        self.0.pid()
    }

    /// The name of the partition that a key leads to, for everything that takes a name. No process
    /// can be registered under it.
    ///
    /// Elixir: `{:via, PartitionSupervisor, {name, key}}`.
    pub fn name_of(&self, key: impl PartitionKey) -> Name {
        let supervisor = ServerRef::clone(&self.0);
        Name::via(PartitionName { supervisor, route: key.route() })
    }

    /// How many partitions there are.
    ///
    /// # Errors
    ///
    /// [`PartitionError::NoProc`]: the supervisor does not run.
    ///
    /// Elixir: `PartitionSupervisor.partitions/1`.
    pub fn partitions(&self) -> Result<usize, PartitionError> {
        let routes: Option<Arc<Routes>> = self.pid().and_then(Routes::of);
        routes.map(|routes| routes.active()).ok_or(PartitionError::NoProc)
    }

    /// Changes the number of partitions, and returns what it was before. The last ones are stopped,
    /// or started again with the arguments of the start. From then on keys lead to partitions by
    /// the new number.
    ///
    /// # Errors
    ///
    /// There cannot be more partitions than at the start; or one of them does not start, and then
    /// the number does not change.
    ///
    /// # Cancel safety
    ///
    /// Once it was polled, the number changes even if the future is dropped.
    ///
    /// Elixir: `PartitionSupervisor.resize!/2`.
    pub async fn resize(&self, partitions: usize) -> Result<usize, PartitionError> {
        self.0.call(|caller| Request(Ask::Resize(partitions, caller))).infinity().await?
    }

    /// The partitions, the last one first. The id of each is its number.
    ///
    /// # Errors
    ///
    /// The supervisor is not running.
    ///
    /// Elixir: `PartitionSupervisor.which_children/1`.
    pub async fn which_children(&self) -> Result<Vec<ChildInfo>, CallError> {
        self.0.which_children().await
    }

    /// How many partitions there are; those that were stopped by a resize are not active.
    ///
    /// # Errors
    ///
    /// The supervisor is not running.
    ///
    /// Elixir: `PartitionSupervisor.count_children/1`.
    pub async fn count_children(&self) -> Result<ChildCounts, CallError> {
        self.0.count_children().await
    }

    /// Stops the supervisor and its partitions and waits until they are gone.
    ///
    /// Elixir: `PartitionSupervisor.stop/3`.
    pub fn stop(&self) -> Stop {
        self.0.stop()
    }

    /// The tree below the supervisor as it is now.
    pub async fn live_tree(&self) -> Tree {
        self.0.live_tree().await
    }
}

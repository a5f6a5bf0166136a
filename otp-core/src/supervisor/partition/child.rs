//! One partition, and growing and shrinking.

use std::marker::PhantomData;

use crate::child_spec::{Child, ChildId, ChildSpec, Started};
use crate::gen_server::StartError;
use crate::name::Name;
use crate::process::routes::Routes;
use crate::supervisor::ChildError;
use crate::supervisor::partition::PartitionError;
use crate::supervisor::server::Server;
use crate::sync::Arc;

/// A child that says in the routes where it runs, at each start.
pub(super) struct Partition<S>(PhantomData<fn() -> S>);

/// What a partition is started with.
pub(super) struct Place<S: Child> {
    args: S::Args,
    name: Option<Name>,
    routes: Arc<Routes>,
    index: usize,
}

impl<S: Child> Clone for Place<S>
where
    S::Args: Clone,
{
    fn clone(&self) -> Place<S> {
        Place {
            args: self.args.clone(),
            name: self.name.clone(),
            routes: Arc::clone(&self.routes),
            index: self.index,
        }
    }
}

/// The spec of the partition `index`.
pub(super) fn spec<S: Child>(
    spec: ChildSpec<S>,
    index: usize,
    routes: &Arc<Routes>,
) -> ChildSpec<Partition<S>> {
    let ChildSpec { args, name, settings, .. } = spec;
    let place = Place { args, name, routes: Arc::clone(routes), index };
    ChildSpec::with_settings(place, settings).id(ChildId::Index(index))
}

impl<S: Child> Child for Partition<S> {
    type Args = Place<S>;
    type Client = S::Client;

    async fn start(place: Place<S>, _: Option<Name>) -> Result<Started<Partition<S>>, StartError> {
        let Place { args, name, routes, index } = place;
        let started = match name {
            Some(name) => S::start(args, Some(name)).await?,
            None => S::start_copy(args).await?,
        };
        routes.enter(index, started.process.head().pid);
        Ok(Started::new(Arc::clone(&started.process), started.into_client()))
    }
}

impl Server {
    /// Stops the last partitions, or starts them again, and returns how many there were.
    pub(in crate::supervisor) async fn resize(
        &mut self,
        partitions: usize,
    ) -> Result<usize, PartitionError> {
        let Some(routes) = self.routes.clone() else { return Err(PartitionError::NoProc) };
        let (before, most) = (routes.active(), routes.most());
        if partitions > most {
            return Err(PartitionError::TooMany { asked: partitions, most });
        }
        for partition in before..partitions {
            match self.restart_child(&ChildId::Index(partition)).await {
                // One that runs was brought back by the strategy, with another one.
                Ok(_)
                | Err(ChildError::Running | ChildError::Restarting)
                | Err(ChildError::Start(StartError::Ignore)) => {}
                Err(error) => {
                    self.stop_partitions(before, partition).await;
                    return Err(PartitionError::Start { partition, error });
                }
            }
        }
        // Nobody is sent to a partition that is about to end.
        routes.set_active(partitions);
        self.stop_partitions(partitions, before).await;
        Ok(before)
    }

    /// Stops those from `first` to before `end`, the last one first.
    async fn stop_partitions(&mut self, first: usize, end: usize) {
        for partition in (first..end).rev() {
            // A temporary one that has ended is not known any more, and need not be stopped.
            let _ = self.terminate_child(&ChildId::Index(partition)).await;
        }
    }
}

//! One child of a supervisor, whatever its type.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use crate::child_spec::{
    Child, ChildId, ChildSettings, ChildSpec, ChildType, Restart, RestartArgs, Shutdown,
};
use crate::gen_server::StartError;
use crate::name::Name;
use crate::panic::catch;
use crate::process::block::ProcessRef;
use crate::supervisor::backoff::Retry;
use crate::supervisor::{ChildCounts, ChildInfo, ChildState, Supervisor};

/// A child's spec and what became of it.
pub(super) struct Entry {
    pub(super) settings: ChildSettings,
    pub(super) starter: Box<dyn Starter>,
    pub(super) state: State,
    pub(super) restarts: u64,
}

/// Whether a child runs.
pub(super) enum State {
    Running(ProcessRef),
    /// It will be started again.
    Restarting(Retry),
    Stopped,
}

impl Clone for Entry {
    /// A copy of the spec, as yet without a process.
    fn clone(&self) -> Entry {
        Entry {
            settings: self.settings.clone(),
            starter: self.starter.copy(),
            state: State::Stopped,
            restarts: 0,
        }
    }
}

impl Entry {
    pub(super) fn new<S: Child>(spec: ChildSpec<S>) -> Entry
    where
        S::Args: RestartArgs,
    {
        let ChildSpec { args, name, settings, .. } = spec;
        let starter = Box::new(Typed::<S> { args, name });
        Entry { settings, starter, state: State::Stopped, restarts: 0 }
    }

    /// A child that was made elsewhere, and is never started again.
    pub(super) fn adopted(process: ProcessRef, shutdown: Shutdown) -> Entry {
        let settings = ChildSettings {
            id: ChildId::Undefined {},
            restart: Restart::Temporary,
            shutdown,
            significant: false,
            kind: ChildType::Worker,
        };
        let (starter, state) = (Box::new(NeverAgain), State::Running(process));
        Entry { settings, starter, state, restarts: 0 }
    }

    /// Starts the child. A panic or an exit in its start function is the error, and ends nothing.
    pub(super) fn start(&self) -> impl Future<Output = Result<Up, StartError>> + Send + use<> {
        let starting = catch(|| self.starter.start());
        async move {
            let mut starting = starting.map_err(StartError::Exit)?;
            poll_fn(|task| match catch(|| starting.as_mut().poll(task)) {
                Ok(polled) => polled,
                Err(reason) => Poll::Ready(Err(StartError::Exit(reason))),
            })
            .await
        }
    }

    /// What is told of the child, under this id.
    pub(super) fn info(&self, id: ChildId) -> ChildInfo {
        ChildInfo {
            id,
            state: match &self.state {
                State::Running(process) => ChildState::Running(process.head().pid),
                State::Restarting(_) => ChildState::Restarting,
                State::Stopped => ChildState::Stopped,
            },
            kind: self.settings.kind,
            restarts: self.restarts,
        }
    }

    /// Whether the attempt with this ticket is to be made.
    pub(super) fn is_due(&self, ticket: u64) -> bool {
        matches!(&self.state, State::Restarting(retry) if retry.is(ticket))
    }

    /// Whether it is there, or will be when it has waited for its restart.
    pub(super) fn is_or_will_be_up(&self) -> bool {
        match &self.state {
            State::Running(_) => true,
            State::Restarting(retry) => retry.waits(),
            State::Stopped => false,
        }
    }

    pub(super) fn process(&self) -> Option<&ProcessRef> {
        match &self.state {
            State::Running(process) => Some(process),
            State::Restarting(_) | State::Stopped => None,
        }
    }
}

/// How many there are of each kind.
pub(super) fn count<'a>(entries: impl Iterator<Item = &'a Entry>) -> ChildCounts {
    let mut counts = ChildCounts { specs: 0, active: 0, supervisors: 0, workers: 0 };
    for entry in entries {
        counts.specs += 1;
        counts.active += usize::from(entry.process().is_some());
        match entry.settings.kind {
            ChildType::Supervisor => counts.supervisors += 1,
            ChildType::Worker => counts.workers += 1,
        }
    }
    counts
}

/// What a start gives: the process, and the typed client in a box.
pub(super) type Up = (ProcessRef, Box<dyn Any + Send>);

/// Starts a child again and again with the same arguments.
pub(super) trait Starter: Send {
    fn start(&self) -> Pin<Box<dyn Future<Output = Result<Up, StartError>> + Send>>;
    fn copy(&self) -> Box<dyn Starter>;
    /// The supervisor that the child is, if it is one whose children are known.
    fn declared(&self) -> Option<Supervisor>;
}

/// The starter of a child that is not started by its supervisor.
struct NeverAgain;

impl Starter for NeverAgain {
    fn start(&self) -> Pin<Box<dyn Future<Output = Result<Up, StartError>> + Send>> {
        Box::pin(std::future::ready(Err(StartError::Ignore)))
    }

    fn copy(&self) -> Box<dyn Starter> {
        Box::new(NeverAgain)
    }

    fn declared(&self) -> Option<Supervisor> {
        None
    }
}

struct Typed<S: Child> {
    args: S::Args,
    name: Option<Name>,
}

impl<S: Child> Starter for Typed<S>
where
    S::Args: RestartArgs,
{
    fn start(&self) -> Pin<Box<dyn Future<Output = Result<Up, StartError>> + Send>> {
        let starting = S::start(self.args.clone(), self.name.clone());
        Box::pin(async move {
            let started = starting.await?;
            let process = ProcessRef::clone(&started.process);
            Ok((process, Box::new(started.into_client()) as Box<dyn Any + Send>))
        })
    }

    fn copy(&self) -> Box<dyn Starter> {
        Box::new(Typed::<S> { args: self.args.clone(), name: self.name.clone() })
    }

    fn declared(&self) -> Option<Supervisor> {
        S::declared(self.args.clone())
    }
}

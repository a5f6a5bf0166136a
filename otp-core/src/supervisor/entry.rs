//! One child of a supervisor, whatever its type.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use crate::child_spec::{Child, ChildSettings, ChildSpec, RestartArgs};
use crate::gen_server::StartError;
use crate::name::Name;
use crate::panic;
use crate::process::block::ProcessRef;

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
    /// Its last restart failed, and the next attempt is due.
    Restarting,
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

    pub(super) fn process(&self) -> Option<&ProcessRef> {
        match &self.state {
            State::Running(process) => Some(process),
            State::Restarting | State::Stopped => None,
        }
    }
}

/// What a start gives: the process, and the typed client in a box.
pub(super) type Up = (ProcessRef, Box<dyn Any + Send>);

/// Starts a child again and again with the same arguments.
pub(super) trait Starter: Send {
    fn start(&self) -> Pin<Box<dyn Future<Output = Result<Up, StartError>> + Send>>;
    fn copy(&self) -> Box<dyn Starter>;
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
        // A panic or an exit in here is a failed start, and must not end the supervisor.
        let starting = panic::catch(|| S::start(self.args.clone(), self.name.clone()));
        Box::pin(async move {
            let mut starting = pin!(starting.map_err(StartError::Exit)?);
            let started = poll_fn(|task| {
                panic::catch(|| starting.as_mut().poll(task))
                    .unwrap_or_else(|reason| Poll::Ready(Err(StartError::Exit(reason))))
            });
            let started = started.await?;
            let process = ProcessRef::clone(&started.process);
            Ok((process, Box::new(started.into_client()) as Box<dyn Any + Send>))
        })
    }

    fn copy(&self) -> Box<dyn Starter> {
        Box::new(Typed::<S> { args: self.args.clone(), name: self.name.clone() })
    }
}

//! Processes that are made by those who want them, and run by a dynamic supervisor as its children.
//!
//! So the one who wants a task need not wait for the supervisor to have its pid, and a supervisor
//! that is full or gone is an ordinary end of that process.

use std::future::Future;

use crate::child_spec::Shutdown;
use crate::gen_server::{CallError, Request};
use crate::panic::catch;
use crate::process::block::ProcessRef;
use crate::process::signal;
use crate::process::spawn::run;
use crate::reason::ExitReason;
use crate::supervisor::dynamic::DynamicSupervisorRef;
use crate::supervisor::dynamic::server::{self, Ask};
use crate::supervisor::error::ChildError;

/// A process that waits to be run.
pub(crate) trait Adoptee: Send {
    fn process(&self) -> &ProcessRef;
    /// Runs it.
    fn run(self: Box<Self>);
    /// Ends it without having run it. So does dropping it.
    fn refuse(self: Box<Self>, error: ChildError);
}

/// A process, and what it will run.
pub(crate) struct Prepared<B> {
    process: ProcessRef,
    /// Who is linked to it, and must not be harmed when it is refused.
    owner: Option<ProcessRef>,
    body: Option<B>,
    /// The reason of a process that was refused.
    refused: fn(ChildError) -> ExitReason,
}

impl<B> Prepared<B> {
    pub(crate) fn new(
        process: ProcessRef,
        owner: Option<ProcessRef>,
        body: B,
        refused: fn(ChildError) -> ExitReason,
    ) -> Prepared<B> {
        Prepared { process, owner, body: Some(body), refused }
    }

    /// Close, drop, announce: the three steps of every end.
    fn end(&mut self, error: ChildError) {
        let Some(body) = self.body.take() else { return };
        if let Some(owner) = &self.owner {
            signal::unlink(&**owner, self.process.head().pid);
        }
        signal::close(&*self.process, (self.refused)(error));
        let _ = catch(|| drop(body)); // what it owned may panic, which must not harm the supervisor
        signal::announce(&self.process);
    }
}

impl<B> Adoptee for Prepared<B>
where
    B: Future<Output = ExitReason> + Send + 'static,
{
    fn process(&self) -> &ProcessRef {
        &self.process
    }

    fn run(mut self: Box<Self>) {
        if let Some(body) = self.body.take() {
            run(ProcessRef::clone(&self.process), body);
        }
    }

    fn refuse(mut self: Box<Self>, error: ChildError) {
        self.end(error);
    }
}

impl<B> Drop for Prepared<B> {
    fn drop(&mut self) {
        self.end(ChildError::Call(CallError::NoProc));
    }
}

impl<S> DynamicSupervisorRef<S> {
    /// The supervisor's process, if it runs.
    pub(crate) fn process(&self) -> Option<ProcessRef> {
        self.0.resolve().map(|block| block as ProcessRef)
    }

    /// Has the supervisor run a process as its temporary child. The request is sent at once.
    pub(crate) fn adopt(
        &self,
        child: Box<dyn Adoptee>,
        shutdown: Shutdown,
    ) -> Request<Result<(), ChildError>> {
        self.0.call(|caller| server::Request(Ask::Adopt(child, shutdown, caller))).send()
    }
}

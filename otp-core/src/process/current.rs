//! Which process this thread is running.

use std::cell::Cell;

use crate::pid::Pid;
use crate::process::block::{Kind, Process, ProcessRef};

thread_local! {
    static CURRENT: Cell<Option<ProcessRef>> = const { Cell::new(None) };
}

/// Makes `process` the running one and returns the one before.
#[inline]
pub(crate) fn replace(process: Option<ProcessRef>) -> Option<ProcessRef> {
    CURRENT.try_with(|current| current.replace(process)).unwrap_or(None)
}

/// Runs `f` with the running process, if this thread runs one. No other function of this module may
/// be called in `f`.
pub(crate) fn with<R>(f: impl FnOnce(&ProcessRef) -> R) -> Option<R> {
    struct PutBack(Option<ProcessRef>);
    impl Drop for PutBack {
        fn drop(&mut self) {
            let process = self.0.take();
            let _ = CURRENT.try_with(|current| current.set(process));
        }
    }
    let process = PutBack(CURRENT.try_with(Cell::take).ok().flatten());
    process.0.as_ref().map(f)
}

/// The running process.
pub(crate) fn get() -> Option<ProcessRef> {
    with(ProcessRef::clone)
}

/// The running process's pid.
pub(crate) fn pid() -> Option<Pid> {
    with(|process| process.head().pid)
}

/// The running process, for operations that only a process can do.
#[track_caller]
pub(crate) fn expect(what: &str) -> ProcessRef {
    match get() {
        Some(process) => process,
        None => panic!(
            "`{what}` needs a process: call it inside a server, a spawned process, `#[otp::main]` \
             or `#[otp::test]`; a plain task or thread is not a process"
        ),
    }
}

/// The running process, for operations on a mailbox that the process may read itself.
#[track_caller]
pub(crate) fn expect_receiver(what: &str) -> ProcessRef {
    let process = expect(what);
    if process.head().kind == Kind::Server {
        panic!(
            "`{what}` inside a server would take messages away from its handlers: use \
             `#[handle_info]`, or a process of its own"
        );
    }
    process
}

/// The panic payload by which a process ends itself.
pub(crate) struct ExitUnwind(pub(crate) crate::reason::ExitReason);

/// Whether `process` is the running one.
#[inline]
pub(crate) fn is<P: Process + ?Sized>(process: &P) -> bool {
    CURRENT
        .try_with(|current| {
            let running = current.take();
            let same = running.as_ref().is_some_and(|running| {
                std::ptr::addr_eq(std::sync::Arc::as_ptr(running), std::ptr::from_ref(process))
            });
            current.set(running);
            same
        })
        .unwrap_or(false)
}

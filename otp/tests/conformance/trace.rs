//! The trace of a scenario: the lines it has printed, and the names of its processes.
//!
//! A scenario has a tokio runtime of its own, and everything that runs in it reports to the same
//! trace; so nothing has to be handed around.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use otp::Pid;
use tokio::runtime::{Handle, Id};

static TRACES: LazyLock<Mutex<HashMap<Id, Arc<Trace>>>> = LazyLock::new(Mutex::default);

/// What one scenario has reported.
#[derive(Default)]
pub struct Trace(Mutex<Parts>);

#[derive(Default)]
struct Parts {
    lines: Vec<String>,
    names: HashMap<Pid, String>,
    reports: usize,
    closed: bool,
}

impl Trace {
    /// Makes the trace of the running runtime.
    pub fn open() -> Arc<Trace> {
        let trace = Arc::new(Trace::default());
        lock(&TRACES).insert(Handle::current().id(), Arc::clone(&trace));
        trace
    }

    /// The trace of the running runtime, if it has one.
    pub fn current() -> Option<Arc<Trace>> {
        let id = Handle::try_current().ok()?.id();
        lock(&TRACES).get(&id).map(Arc::clone)
    }

    /// Takes no more events: what happens while everything is taken down is not part of the trace.
    pub fn close(&self) {
        lock(&self.0).closed = true;
    }

    /// Adds a line although the trace is closed.
    pub fn late(&self, line: String) {
        lock(&self.0).lines.push(line);
    }

    /// Counts an error report.
    pub fn count_report(&self) {
        lock(&self.0).reports += 1;
    }

    /// The lines, when all is over.
    pub fn finish(&self) -> Vec<String> {
        lock(&TRACES).remove(&Handle::current().id());
        std::mem::take(&mut lock(&self.0).lines)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn current() -> Arc<Trace> {
    Trace::current().expect("events are printed inside a scenario")
}

/// Prints one event line.
pub fn ev(line: impl Into<String>) {
    let trace = current();
    let mut parts = lock(&trace.0);
    if !parts.closed {
        parts.lines.push(line.into());
    }
}

/// Gives a process a name that is the same in every run.
pub fn nm(pid: Pid, name: impl Into<String>) -> Pid {
    lock(&current().0).names.insert(pid, name.into());
    pid
}

/// The name of a process, or `pid`.
pub fn n(pid: Pid) -> String {
    lock(&current().0).names.get(&pid).cloned().unwrap_or_else(|| "pid".to_owned())
}

/// How many error reports there were since the last question.
pub fn take_reports() -> usize {
    std::mem::take(&mut lock(&current().0).reports)
}

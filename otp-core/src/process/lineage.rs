//! Who started whom.

use std::fmt;

use crate::name::Name;
use crate::pid::Pid;
use crate::process::block::{Process, with_control};
use crate::process::current;
use crate::sync::Arc;

/// How many ancestors a process remembers: the nearest ones.
const LIMIT: usize = 32;

/// The ancestors of a process, the starter first. It is never empty, and shared by all the
/// processes that one process starts.
pub(crate) struct Lineage(Box<[Ancestor]>);

/// A process among the [`ancestors`] of another one, as it was when it started that.
///
/// It prints as its name, or as its pid when it had none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ancestor {
    /// The process.
    pub pid: Pid,
    /// The name it had.
    pub name: Option<Name>,
}

impl fmt::Display for Ancestor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Some(name) => name.fmt(f),
            None => self.pid.fmt(f),
        }
    }
}

impl Lineage {
    /// What the processes that `parent` starts have as their ancestors.
    pub(crate) fn below(parent: &dyn Process) -> Arc<Lineage> {
        let head = parent.head();
        with_control(parent, |control, _| {
            if let Some(known) = control.get_rare().and_then(|rare| rare.lineage.clone()) {
                return known; // forgotten when the name changes
            }
            let mut ancestors = vec![Ancestor { pid: head.pid, name: control.name().cloned() }];
            let above = head.lineage.as_ref().map_or(&[][..], |lineage| &lineage.0);
            ancestors.extend(above.iter().take(LIMIT - 1).cloned());
            let lineage = Arc::new(Lineage(ancestors.into()));
            control.rare().lineage = Some(Arc::clone(&lineage));
            lineage
        })
    }

    /// The process that did the starting.
    pub(crate) fn parent(&self) -> Pid {
        self.0[0].pid
    }

    pub(crate) fn to_vec(&self) -> Vec<Ancestor> {
        self.0.to_vec()
    }
}

/// The processes that led to the running one: its starter first, then that one's starter, and so on
/// up to the 32 nearest. A process that had a name when it started the next one appears by name.
///
/// It is empty in the body of `main` or a test, and outside a process.
///
/// ```
/// use otp_core::process;
///
/// # fn main() { otp_core::private::run_test(otp_core::private::TestOptions::new("doc"), async {
/// process::register(process::self_pid(), "root").unwrap();
/// let me = process::self_pid();
/// process::spawn(async move {
///     let names: Vec<String> = otp_core::ancestors().iter().map(ToString::to_string).collect();
///     process::send(me, names);
/// });
/// assert_eq!(process::receive_type::<Vec<String>>().await, ["root"]);
/// # }) }
/// ```
///
/// Elixir: `Process.get(:"$ancestors")`.
pub fn ancestors() -> Vec<Ancestor> {
    let lineage = current::with(|process| process.head().lineage.clone()).flatten();
    lineage.map(|lineage| lineage.to_vec()).unwrap_or_default()
}

/// The callers of what the running process starts on its own behalf: itself, and then its own.
pub(crate) fn callers_of_started() -> Vec<Pid> {
    let callers = current::with(|process| {
        with_control(&**process, |control, _| {
            let own = control.get_rare().map_or(&[][..], |rare| &rare.callers);
            let mut all = Vec::with_capacity(own.len() + 1);
            all.push(process.head().pid);
            all.extend_from_slice(own);
            all
        })
    });
    callers.unwrap_or_default()
}

/// Says on whose behalf a process that does not run yet will work.
pub(crate) fn set_callers(process: &dyn Process, callers: Vec<Pid>) {
    if !callers.is_empty() {
        with_control(process, |control, _| control.rare().callers = callers);
    }
}

/// The processes on whose behalf the running one works: the nearest first.
///
/// Unlike the ancestors, a process has callers only when it is started with
/// [`SpawnOptions::inherit_callers`](crate::process::SpawnOptions::inherit_callers), as tasks are:
/// a task under a supervisor has the supervisor as its ancestor, and as its caller the process that
/// waits for it.
///
/// It is empty in the body of `main` or a test, and outside a process.
///
/// Elixir: `Process.get(:"$callers")`.
pub fn callers() -> Vec<Pid> {
    let callers = current::with(|process| {
        with_control(&**process, |control, _| {
            control.get_rare().map(|rare| rare.callers.clone()).unwrap_or_default()
        })
    });
    callers.unwrap_or_default()
}

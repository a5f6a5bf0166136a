//! Looking at processes from outside.

use crate::name::Name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::with_control;
use crate::process::control::Phase;
use crate::process::lineage::Ancestor;
use crate::process::{current, find_pid};

/// What [`info`] tells of a process.
///
/// It is read out of band: without waiting for the process, whatever that is doing.
///
/// Elixir: `Process.info/1`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessInfo {
    /// The process.
    pub pid: Pid,
    /// Its registered name.
    pub name: Option<Name>,
    /// What [`set_label`] said.
    pub label: Option<String>,
    /// The process that started it.
    pub parent: Option<Pid>,
    /// Those that led to it; see [`ancestors`](crate::ancestors).
    pub ancestors: Vec<Ancestor>,
    /// Whether it waits for a message or not.
    pub status: Status,
    /// How many messages wait to be handled.
    pub message_queue_len: usize,
    /// How many casts were dropped because its bounded mailbox was full.
    pub dropped: u64,
    /// The processes it is linked to.
    pub links: Vec<Pid>,
    /// The processes it monitors.
    pub monitors: Vec<Pid>,
    /// The processes that monitor it.
    pub monitored_by: Vec<Pid>,
    /// Whether exit signals become messages.
    pub trap_exit: bool,
    /// How often the process was given a turn, up to `u32::MAX`.
    pub polls: u32,
    /// About how many bytes it has: its future, its block and its mailbox, without what those point
    /// to.
    pub memory: usize,
}

/// What a process is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// It runs, or waits for something else than a message.
    Running,
    /// It waits for a message.
    Waiting,
}

/// What can be known of a live process; `None` when it has ended.
///
/// Elixir: `Process.info/1`.
pub fn info(pid: Pid) -> Option<ProcessInfo> {
    let process = find_pid(pid)?;
    let head = process.head();
    with_control(&*process, |control, inbox| {
        if control.phase != Phase::Running {
            return None;
        }
        let rare = control.get_rare();
        let saved = rare.map_or(0, |rare| rare.saved.len());
        let watched =
            rare.map(|rare| rare.monitors.values().filter_map(|watched| watched.pid).collect());
        let watching =
            rare.map(|rare| rare.monitored_by.values().map(|watcher| watcher.pid).collect());
        Some(ProcessInfo {
            pid,
            name: control.name().cloned(),
            label: rare.and_then(|rare| rare.label.clone()),
            parent: head.parent(),
            ancestors: head.lineage.as_ref().map(|lineage| lineage.to_vec()).unwrap_or_default(),
            status: if control.parked && !head.is_handling() {
                Status::Waiting
            } else {
                Status::Running
            },
            message_queue_len: inbox.len() + head.held() + saved,
            dropped: rare
                .and_then(|rare| rare.bounded.as_ref())
                .map_or(0, |bounded| bounded.dropped),
            links: rare.map(|rare| rare.links.to_vec()).unwrap_or_default(),
            monitors: watched.unwrap_or_default(),
            monitored_by: watching.unwrap_or_default(),
            trap_exit: control.trap_exit,
            polls: head.polls(),
            memory: inbox.bytes() + head.future_size() + rare.map_or(0, size_of_val),
        })
    })
}

/// Whether a process has not ended, and has not been told to end.
///
/// Elixir: `Process.alive?/1`.
pub fn is_alive(pid: Pid) -> bool {
    find_pid(pid).is_some_and(|process| {
        with_control(&*process, |control, _| control.phase == Phase::Running)
    })
}

/// All live processes of this node.
///
/// # Panics
///
/// Outside a tokio runtime.
///
/// Elixir: `Process.list/0`.
#[track_caller]
pub fn list() -> Vec<Pid> {
    let all = Node::expect_current().table.all();
    let alive = all
        .iter()
        .filter(|process| with_control(&***process, |control, _| control.phase == Phase::Running));
    alive.map(|process| process.head().pid).collect()
}

/// Describes the running process in reports.
///
/// # Panics
///
/// Outside a process.
///
/// Elixir: `Process.set_label/1`.
#[track_caller]
pub fn set_label(label: impl Into<String>) {
    let label = label.into();
    let process = current::expect("set_label");
    with_control(&*process, |control, _| control.rare().label = Some(label));
}

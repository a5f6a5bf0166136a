//! What processes do to each other: links, monitors, exit signals, and the announcement of an end.
//!
//! A signal takes effect when it is sent, under the receiver's lock, and never more than one lock
//! is held at a time. A signal that becomes a message goes into the receiver's one queue, so it
//! keeps its place among the sender's other messages.

use std::task::Waker;

use crate::message::{Dest, Down, Exit, Message, Target};
use crate::name::Name;
use crate::node::Node;
use crate::panic::catch;
use crate::pid::Pid;
use crate::process::block::{Inbox, Kind, Process, ProcessRef, holder, with_control};
use crate::process::control::{Control, Departure, Phase, Rare, Tag, Watched, Watcher};
use crate::process::via::{Via, ViaName};
use crate::process::{MonitorRef, RegisterError};
use crate::reason::ExitReason;
use crate::sync::Arc;

/// The process that a pid names, seen from a process of `node`.
pub(crate) fn find(node: &Node, pid: Pid) -> Option<ProcessRef> {
    if pid.node() == node.id {
        node.table.get(pid)
    } else {
        Node::by_id(pid.node())?.table.get(pid)
    }
}

/// How an exit signal came about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Somebody sent it.
    Sent,
    /// A linked process ended.
    Link,
    /// A linked process ended before it had told its starter that it is up.
    FailedStart,
}

/// Delivers an exit signal.
pub(crate) fn exit(target: &dyn Process, from: Pid, reason: &ExitReason, cause: Cause) {
    let head = target.head();
    let wake = with_control(target, |control, inbox| {
        if control.phase != Phase::Running {
            return false;
        }
        if cause != Cause::Sent && !control.unlink(from) {
            return false; // unlinked in the meantime
        }
        let quiet = control.trap_exit || head.kind == Kind::Root;
        if cause == Cause::FailedStart && quiet {
            return false; // the start itself returns the reason
        }
        if cause == Cause::Sent && *reason == ExitReason::Kill {
            return condemn(target, control, ExitReason::Killed);
        }
        if control.trap_exit {
            let exit = Exit { from, reason: reason.clone() };
            let is_order = Some(from) == head.guardian();
            if is_order {
                head.set_ordered();
            }
            return deliver(target, control, inbox, Message::new(exit)) || is_order;
        }
        let to_itself = cause == Cause::Sent && from == head.pid;
        if *reason == ExitReason::Normal && !to_itself {
            return false;
        }
        condemn(target, control, reason.clone())
    });
    if wake {
        head.wake_for_mail();
    }
}

/// Puts a message into the mailbox; whether the process must be woken.
pub(crate) fn deliver(
    target: &dyn Process,
    control: &mut Control,
    inbox: &mut dyn Inbox,
    message: Message,
) -> bool {
    inbox.push(message);
    if let Some(rare) = control.get_rare() {
        let waiting = || inbox.len() + target.head().held() + rare.saved.len();
        if rare.max_queue_len.is_some_and(|limit| waiting() > limit) {
            return condemn(target, control, ExitReason::Killed);
        }
    }
    std::mem::take(&mut control.parked)
}

/// Gives a process its reason to end at once; its task must then be woken.
fn condemn(target: &dyn Process, control: &mut Control, reason: ExitReason) -> bool {
    let closed = control.close(reason);
    if closed {
        target.head().set_closed();
        target.head().set_condemned();
    }
    closed
}

/// Ends the running process at its next await point, as an exit signal from outside would.
pub(crate) fn condemn_self(process: &dyn Process, reason: ExitReason) {
    if with_control(process, |control, _| condemn(process, control, reason)) {
        process.head().wake();
    }
}

/// Ends what the running process is doing, because it cannot go on without what it waited for.
///
/// A server's callback fails as if it had exited, so that `terminate` runs. Any other process ends.
pub(crate) fn give_up(process: &dyn Process, reason: ExitReason) {
    if process.head().kind != Kind::Server {
        return condemn_self(process, reason);
    }
    with_control(process, |control, _| {
        control.rare().given_up.get_or_insert(reason);
    });
    process.head().set_given_up(true);
}

/// The reason with which the running callback of a server fails, if a call of it has failed.
pub(crate) fn take_given_up(process: &dyn Process) -> Option<ExitReason> {
    if !process.head().has_given_up() {
        return None;
    }
    process.head().set_given_up(false);
    with_control(process, |control, _| control.rare().given_up.take())
}

/// Tells the callers that a server has dropped unanswered that it goes on without answering them.
pub(crate) fn tell_refused(process: &dyn Process) {
    if !process.head().is_refusing() {
        return;
    }
    process.head().set_refusing(false);
    // They are among those who wait for its end, and look again.
    let waiting = with_control(process, |control, _| control.rare().waiters.take());
    waiting.into_iter().for_each(Waker::wake);
}

/// Links two processes. `Err` when the peer is dead and the running process does not trap exits.
pub(crate) fn link(process: &dyn Process, peer: Pid) -> Result<(), ()> {
    let own = process.head();
    if peer == own.pid {
        return Ok(());
    }
    with_control(process, |control, _| control.rare().links.insert(peer));
    let linked = find(&own.node, peer).is_some_and(|peer| {
        with_control(&*peer, |control, _| {
            let alive = control.phase == Phase::Running;
            if alive {
                control.rare().links.insert(own.pid);
            }
            alive
        })
    });
    if linked {
        return Ok(());
    }
    let told = with_control(process, |control, inbox| {
        if !control.unlink(peer) {
            return Ok(false); // the peer's end has been told already
        }
        if !control.trap_exit {
            return Err(());
        }
        let exit = Exit { from: peer, reason: ExitReason::NoProc };
        Ok(deliver(process, control, inbox, Message::new(exit)))
    });
    if told? {
        own.wake_for_mail();
    }
    Ok(())
}

/// Links two live processes, and tells neither when that is not possible. Whether it was.
pub(crate) fn link_quietly(process: &dyn Process, peer: &dyn Process) -> bool {
    let (own, other) = (process.head().pid, peer.head().pid);
    with_control(process, |control, _| control.rare().links.insert(other));
    let linked = with_control(peer, |control, _| {
        let alive = control.phase == Phase::Running;
        if alive {
            control.rare().links.insert(own);
        }
        alive
    });
    if !linked {
        with_control(process, |control, _| control.unlink(other));
    }
    linked
}

/// Removes a link from both ends, neither of which need be running.
pub(crate) fn unlink_quietly(process: &dyn Process, peer: &dyn Process) {
    with_control(process, |control, _| control.unlink(peer.head().pid));
    with_control(peer, |control, _| control.unlink(process.head().pid));
}

/// Makes sure that a process which ends tells this; `false` when it is ending already.
pub(crate) fn tell_departure(process: &dyn Process, departure: Arc<dyn Departure>) -> bool {
    with_control(process, |control, _| {
        let running = control.phase == Phase::Running;
        if running {
            control.rare().kept().departures.push(departure);
        }
        running
    })
}

/// Removes a link from both ends.
pub(crate) fn unlink(process: &dyn Process, peer: Pid) {
    let own = process.head();
    with_control(process, |control, _| control.unlink(peer));
    if let Some(peer) = find(&own.node, peer) {
        with_control(&*peer, |control, _| control.unlink(own.pid));
    }
}

/// Starts watching a process or the holder of a name.
pub(crate) fn monitor(process: &dyn Process, dest: Dest) -> MonitorRef {
    let monitor = MonitorRef::new(process.head().pid);
    monitor_as(process, dest, monitor, None);
    monitor
}

/// As [`monitor`], under a reference that was made before, and with a message instead of `Down`.
pub(crate) fn monitor_as(process: &dyn Process, dest: Dest, monitor: MonitorRef, tag: Option<Tag>) {
    let own = process.head();
    let (peer, pid, target) = match dest {
        Dest::Pid(pid) => (find(&own.node, pid), Some(pid), Target::Pid(pid)),
        Dest::Name(name) => {
            let peer = holder(&own.node, &name);
            let pid = peer.as_ref().map(|peer| peer.head().pid);
            (peer, pid, Target::Name(name))
        }
    };
    if pid == Some(own.pid) {
        return; // allowed, but there is nothing to watch
    }
    let watched = Watched { pid, tag };
    with_control(process, |control, _| control.rare().monitors.insert(monitor, watched));
    let watcher = Watcher { pid: own.pid, target: target.clone() };
    let watching = peer.is_some_and(|peer| watch(&*peer, monitor, watcher));
    if !watching {
        down(process, monitor, &Watcher { pid: own.pid, target }, pid, &ExitReason::NoProc);
    }
}

/// Enters a monitor at its target; `false` when the target is ending.
pub(crate) fn watch(target: &dyn Process, monitor: MonitorRef, watcher: Watcher) -> bool {
    with_control(target, |control, _| {
        let alive = control.phase == Phase::Running;
        if alive {
            control.rare().monitored_by.insert(monitor, watcher);
        }
        alive
    })
}

/// Stops watching. Whether the monitor was there and had not fired.
pub(crate) fn demonitor(process: &dyn Process, monitor: MonitorRef) -> bool {
    let found = with_control(process, |control, _| control.unwatch(monitor));
    let Some(watched) = found else { return false };
    forget_watcher(process, monitor, &watched);
    true
}

/// Removes a monitor that is over from its target.
pub(crate) fn forget_watcher(process: &dyn Process, monitor: MonitorRef, watched: &Watched) {
    if let Some(peer) = watched.pid.and_then(|pid| find(&process.head().node, pid)) {
        with_control(&*peer, |control, _| {
            control.get_rare_mut().and_then(|rare| rare.monitored_by.remove(&monitor))
        });
    }
}

/// Delivers the end of a watched process to its watcher.
fn down(
    watcher_process: &dyn Process,
    monitor: MonitorRef,
    watcher: &Watcher,
    pid: Option<Pid>,
    reason: &ExitReason,
) {
    let wake = with_control(watcher_process, |control, inbox| {
        if control.phase != Phase::Running {
            return false;
        }
        let Some(watched) = control.unwatch(monitor) else { return false };
        let target = watcher.target.clone();
        let down = Down { monitor, target, pid, reason: reason.clone() };
        let message = match watched.tag {
            None => Message::new(down),
            Some(tag) => tag(down),
        };
        deliver(watcher_process, control, inbox, message)
    });
    if wake {
        watcher_process.head().wake_for_mail();
    }
}

/// Frees the names of a process: its own, and those that registries keep for it.
fn release_names(process: &dyn Process) {
    let (name, kept) = with_control(process, |control, _| {
        let Some(rare) = control.get_rare_mut() else { return (None, None) };
        rare.lineage = None;
        (rare.name.take(), rare.kept.take())
    });
    if let Some(name) = name {
        process.head().node.names.release(&name);
    }
    let Some(kept) = kept else { return };
    let pid = process.head().pid;
    // A registry that fails must not keep the process from ending.
    for via in kept.vias {
        let _ = catch(|| via.unregister(pid));
    }
    for departure in kept.departures {
        let _ = catch(|| departure.departed(pid));
    }
}

/// Frees a name that the process holds. Whether it held it.
pub(crate) fn release(process: &dyn Process, name: &Name) -> bool {
    let held = with_control(process, |control, _| {
        let Some(rare) = control.get_rare_mut() else { return false };
        if let Name::Via(via) = name {
            let before = rare.vias().len();
            if before > 0 {
                rare.kept().vias.retain(|held| held != via);
            }
            return rare.vias().len() < before;
        }
        let held = rare.name.as_ref() == Some(name);
        if held {
            rare.name = None;
            rare.lineage = None;
        }
        held
    });
    match name {
        Name::Via(via) if held => via.unregister(process.head().pid),
        name if held => process.head().node.names.release(name),
        _ => {}
    }
    held
}

/// Gives a process its reason to end and closes its mailbox; the first reason stays.
pub(crate) fn close(process: &dyn Process, reason: ExitReason) {
    let closed = with_control(process, |control, _| control.close(reason));
    if closed {
        process.head().set_closed();
    }
    release_names(process);
}

/// Tells everybody that a closed process has ended, and takes it out of the table.
///
/// Links are told before monitors. What the process had in its mailbox is dropped last, when its
/// end is known, so that a caller whose request lay there learns the reason.
pub(crate) fn announce(process: &ProcessRef) {
    let head = process.head();
    let (rare, backlog) = with_control(&**process, |control, inbox| {
        let waiting = inbox.len() > 0;
        let backlog = if waiting { Some(inbox.take_all()) } else { None };
        let rare = control.get_rare_mut().map(|rare| {
            let (reason, waiters) = (rare.reason.clone(), std::mem::take(&mut rare.waiters));
            let kept = Rare { reason, waiters, ..Rare::default() };
            std::mem::replace(rare, kept)
        });
        (rare, backlog)
    });
    let Some(mut rare) = rare else {
        head.node.table.remove(head.pid);
        with_control(&**process, |control, _| control.phase = Phase::Dead);
        return;
    };
    let reason = rare.reason.clone().unwrap_or(ExitReason::Normal);
    if head.kind == Kind::Root {
        // What the root has started is stopped in order by whoever runs the root.
        with_control(&**process, |control, _| {
            control.rare().started = std::mem::take(&mut rare.started);
        });
        for pid in &with_control(&**process, |control, _| control.rare().started.clone()) {
            rare.links.remove(*pid);
        }
    }
    let cause = if head.is_starting() { Cause::FailedStart } else { Cause::Link };
    for peer in rare.links.to_vec() {
        if let Some(peer) = find(&head.node, peer) {
            let cause = if Some(peer.head().pid) == head.parent() { cause } else { Cause::Link };
            exit(&*peer, head.pid, &reason, cause);
        }
    }
    for (monitor, watcher) in std::mem::take(&mut rare.monitored_by) {
        if let Some(watching) = find(&head.node, watcher.pid) {
            down(&*watching, monitor, &watcher, Some(head.pid), &reason);
        }
    }
    for (monitor, watched) in std::mem::take(&mut rare.monitors) {
        forget_watcher(&**process, monitor, &watched);
    }
    head.node.table.remove(head.pid);
    // Dead only now: whoever waits must not go on before all the others have been told.
    let waiters = with_control(&**process, |control, _| {
        control.phase = Phase::Dead;
        control.rare().waiters.take()
    });
    waiters.into_iter().for_each(Waker::wake);
    if let Some(bounded) = &mut rare.bounded {
        bounded.queue.take().into_iter().for_each(std::task::Waker::wake);
    }
    drop(rare);
    drop(backlog);
}

/// Gives a live process a name that nobody holds.
pub(crate) fn register(process: &ProcessRef, name: Name) -> Result<(), RegisterError> {
    let name = match name {
        Name::Via(via) => return register_via(process, via),
        name => name,
    };
    let node = Arc::clone(&process.head().node);
    with_control(&**process, |control, _| {
        if control.phase != Phase::Running {
            return Err(RegisterError::NoProc);
        }
        if control.name().is_some() {
            return Err(RegisterError::HasName);
        }
        match node.names.claim(&name, process) {
            Ok(()) => {
                let rare = control.rare();
                rare.name = Some(name);
                rare.lineage = None;
                Ok(())
            }
            Err(holder) => Err(RegisterError::Taken(holder.head().pid)),
        }
    })
}

/// Gives a live process a name that a registry keeps. It may have several of them.
fn register_via(process: &ProcessRef, via: Via) -> Result<(), RegisterError> {
    via.register(process.head().pid)?;
    let entered = with_control(&**process, |control, _| {
        let running = control.phase == Phase::Running;
        if running {
            control.rare().kept().vias.push(via.clone());
        }
        running
    });
    if entered {
        return Ok(());
    }
    via.unregister(process.head().pid); // it has ended meanwhile
    Err(RegisterError::NoProc)
}

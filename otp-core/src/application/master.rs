//! The master: the process that runs an application's callbacks and owns its tree.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::application::applications::end_of_all;
use crate::application::erased::{BoxFuture, Erased};
use crate::application::error::{StartAppError, reason_of};
use crate::application::registry::{Ended, Life};
use crate::application::{StartContext, StartMode, Terminated};
use crate::child_spec::Shutdown;
use crate::message::{Exit, Message};
use crate::node::Node;
use crate::panic::catch;
use crate::pid::Pid;
use crate::process::block::{ProcessRef, with_control};
use crate::process::signal::{self, Cause};
use crate::process::{self, spawn};
use crate::reason::ExitReason;
use crate::report;
use crate::seam;
use crate::supervisor::SupervisorRef;
use crate::supervisor::shutdown::{shut_down, stop_started, take_started};
use crate::sync::Arc;

/// How long what a start has begun may take to end when the start is given up.
const ABORT_LIMIT: Duration = Duration::from_secs(5);

/// The application is to be stopped.
struct StopOrder;

/// Runs the master of an application.
pub(super) fn run(node: &Arc<Node>, life: &Arc<Life>, app: Arc<dyn Erased>, cx: StartContext) {
    let tenure = Tenure {
        node: Arc::clone(node),
        name: cx.name().to_owned(),
        life: Arc::clone(life),
        verdict: None,
        end: None,
    };
    let label = format!("application {}", cx.name());
    with_control(&*life.master, |control, _| control.rare().label = Some(label));
    spawn::run(ProcessRef::clone(&life.master), serve(app, cx, tenure));
}

/// Tells a master that its application is to be stopped.
pub(super) fn order_stop(life: &Life) {
    process::block::send(&*life.master, Message::new(StopOrder));
}

async fn serve(app: Arc<dyn Erased>, cx: StartContext, mut tenure: Tenure) -> ExitReason {
    let master = ProcessRef::clone(&tenure.life.master);
    let (supervisor, top) = match start(&*app, &cx, &tenure).await {
        Ok(started) => started,
        Err(error) => {
            give_up(&master, &tenure.life).await;
            tenure.verdict = Some(error);
            return ExitReason::Shutdown;
        }
    };
    if !tenure.node.applications.up(&tenure.name, &tenure.life) {
        give_up(&master, &tenure.life).await;
        tenure.verdict = Some(tenure.given_up());
        return ExitReason::Shutdown;
    }
    tenure.life.started.send_replace(Some(Ok(())));
    let end = watch_tree(top).await;
    match &end {
        None => tenure.note(guarded(|| app.prep_stop()).await, "prep_stop"),
        Some(_) => tenure.node.applications.ending(&tenure.name),
    }
    stop_started(&master).await;
    if end.is_none() {
        let _ = supervisor.stop().await; // still there if it was started without a link
    }
    tenure.note(guarded(|| app.stop()).await, "stop");
    tenure.end = end;
    ExitReason::Shutdown
}

/// Runs the start callback; gives the top supervisor, linked to the master, and its pid.
async fn start(
    app: &dyn Erased,
    cx: &StartContext,
    tenure: &Tenure,
) -> Result<(SupervisorRef, Pid), StartAppError> {
    let failed = |reason| StartAppError::Failed { application: tenure.name.clone(), reason };
    let mut abort = tenure.life.abort.subscribe();
    let mut aborted = pin!(abort.wait_for(|abort| *abort));
    let mut starting = pin!(guarded(|| app.start(cx)));
    let outcome = poll_fn(|task| {
        if aborted.as_mut().poll(task).is_ready() {
            return Poll::Ready(Err(tenure.given_up()));
        }
        starting.as_mut().poll(task).map(Ok)
    });
    let supervisor = match outcome.await?.map_err(failed)? {
        Ok(supervisor) => supervisor,
        Err(error) => return Err(failed(reason_of(error))),
    };
    // A master traps exits, so a link to a process that is gone would only be a message.
    let top = supervisor.pid().filter(|pid| process::is_alive(*pid));
    let top = top.ok_or_else(|| failed(ExitReason::NoProc))?;
    let linked = signal::link(&*tenure.life.master, top);
    linked.map_err(|()| failed(ExitReason::NoProc))?;
    Ok((supervisor, top))
}

/// Ends what a failed or unfinished start has begun.
async fn give_up(master: &ProcessRef, life: &Life) {
    if !*life.abort.borrow() {
        return stop_started(master).await;
    }
    // Who hangs in its start hears nothing, so it gets a limit.
    let pid = master.head().pid;
    for begun in take_started(master) {
        shut_down(&begun, pid, Shutdown::After(ABORT_LIMIT)).await;
    }
    for process in master.head().node.table.all() {
        let lineage = process.head().lineage.as_ref().map(|lineage| lineage.to_vec());
        if lineage.is_some_and(|above| above.iter().any(|ancestor| ancestor.pid == pid)) {
            signal::exit(&*process, pid, &ExitReason::Kill, Cause::Sent);
        }
    }
}

/// Waits until the tree ends, which gives its reason, or until it is to be stopped.
async fn watch_tree(top: Pid) -> Option<ExitReason> {
    loop {
        let message = match process::receive().await.downcast::<Exit>() {
            Ok(exit) if exit.from == top => return Some(exit.reason),
            Ok(_) => continue,
            Err(message) => message,
        };
        if message.is::<StopOrder>() {
            return None;
        }
    }
}

/// Runs a callback. A panic or an exit in it is the error, and ends nothing.
async fn guarded<'a, T>(callback: impl FnOnce() -> BoxFuture<'a, T>) -> Result<T, ExitReason> {
    let mut running = catch(callback)?;
    poll_fn(|task| match catch(|| running.as_mut().poll(task)) {
        Ok(polled) => polled.map(Ok),
        Err(reason) => Poll::Ready(Err(reason)),
    })
    .await
}

/// The time of a master. However that ends, the list of applications learns of it.
struct Tenure {
    node: Arc<Node>,
    name: String,
    life: Arc<Life>,
    /// Why the start failed.
    verdict: Option<StartAppError>,
    /// Why the tree ended by itself.
    end: Option<ExitReason>,
}

impl Tenure {
    fn given_up(&self) -> StartAppError {
        StartAppError::ShuttingDown { application: self.name.clone() }
    }

    /// Reports what went wrong in a stop callback, and keeps it; the first fault counts.
    fn note(&self, outcome: Result<(), ExitReason>, callback: &str) {
        let Err(reason) = outcome else { return };
        report::application_callback(&self.name, callback, &reason);
        self.life.trouble.lock().get_or_insert(reason);
    }

    /// Why the master itself has ended, when nothing else is known.
    fn own_reason(&self) -> ExitReason {
        let reason = with_control(&*self.life.master, |control, _| control.reason().cloned());
        reason.unwrap_or(ExitReason::Killed)
    }
}

impl Drop for Tenure {
    fn drop(&mut self) {
        let (name, life) = (std::mem::take(&mut self.name), Arc::clone(&self.life));
        match self.node.applications.ended(&name, life.seq) {
            Ended::Asked => {}
            Ended::WhileStarting => {
                let failed = |reason| StartAppError::Failed { application: name.clone(), reason };
                let verdict = self.verdict.take();
                let verdict = verdict.unwrap_or_else(|| failed(self.own_reason()));
                life.started.send_replace(Some(Err(verdict)));
            }
            Ended::ByItself { has_root } => {
                let reason = self.end.take().unwrap_or_else(|| self.own_reason());
                report::application_ended(&name, &reason);
                let ends_all = match life.mode {
                    StartMode::Permanent => true,
                    StartMode::Transient => reason != ExitReason::Normal,
                    StartMode::Temporary => false,
                };
                if ends_all {
                    end_program(&self.node, Terminated { application: name, reason }, has_root);
                }
            }
        }
    }
}

/// Stops all applications, because of this one; the root does it itself where there is one.
fn end_program(node: &Arc<Node>, terminated: Terminated, has_root: bool) {
    if has_root {
        node.applications.terminated.send_replace(Some(terminated));
        return;
    }
    let of_node = Arc::clone(node);
    seam::spawn_seldom(node, async move {
        end_of_all(&of_node).await;
        of_node.applications.terminated.send_replace(Some(terminated));
    });
}

//! Reports for people: crashes, messages without a handler, what supervisors did.
//!
//! They are `tracing` events. A program without a `tracing` subscriber gets errors and warnings on
//! standard error, one line each, so that no crash is ever silent.

use crate::process::block::{Process, display_name};
use crate::reason::ExitReason;

/// Whether anybody listens to `tracing` events.
fn has_subscriber() -> bool {
    tracing::dispatcher::has_been_set()
}

/// Reports that a process ended with a reason that is a fault.
pub(crate) fn crash(process: &dyn Process, last_message: Option<&str>, reason: &ExitReason) {
    let head = process.head();
    let name = display_name(process);
    let last = last_message.unwrap_or("none");
    if has_subscriber() {
        tracing::error!(
            target: "otp::crash",
            name = %name,
            pid = %head.pid,
            parent = head.parent.map(tracing::field::display),
            last_message = last,
            reason = %reason,
            "process crashed"
        );
    } else {
        eprintln!("[error] {name} ({}) crashed: {reason} (last message: {last})", head.pid);
    }
}

/// Reports a message that a server has no handler for.
pub(crate) fn unhandled(process: &dyn Process, message_type: &str, dropped: u32) {
    let name = display_name(process);
    if has_subscriber() {
        tracing::warn!(
            target: "otp::unhandled",
            name = %name,
            pid = %process.head().pid,
            message_type,
            dropped,
            "message without a handler was dropped"
        );
    } else {
        eprintln!(
            "[warning] {name} dropped a message without a handler: {message_type} \
             ({dropped} so far)"
        );
    }
}

/// Reports what went wrong below a supervisor.
pub(crate) fn supervisor(supervisor: &str, child: &str, event: &str, reason: &ExitReason) {
    if has_subscriber() {
        tracing::error!(target: "otp::supervisor", supervisor, child, event, reason = %reason);
    } else {
        eprintln!("[error] supervisor {supervisor}: child {child}: {event}: {reason}");
    }
}

/// Reports that a child has started.
pub(crate) fn progress(supervisor: &str, child: &str, pid: crate::Pid) {
    tracing::info!(target: "otp::progress", supervisor, child, %pid, "started");
}

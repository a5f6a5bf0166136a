//! Reports for people: crashes, messages without a handler, what supervisors did.
//!
//! They are `tracing` events. A program without a `tracing` subscriber gets errors and warnings on
//! standard error, one line each, so that no crash is ever silent.

use crate::process::block::{Process, display_name, with_control};
use crate::reason::ExitReason;

/// How the type of an ordinary process's future begins.
const PLAIN: &str = "otp_core::process::spawn::Plain<";

/// Whether anybody listens to `tracing` events.
fn has_subscriber() -> bool {
    tracing::dispatcher::has_been_set()
}

/// Reports that a process ended with a reason that is a fault. `initial` is the type of what it
/// ran.
pub(crate) fn crash(
    process: &dyn Process,
    initial: &str,
    last_message: Option<&str>,
    reason: &ExitReason,
) {
    let head = process.head();
    let label =
        with_control(process, |control, _| control.get_rare().and_then(|rare| rare.label.clone()));
    let ancestors = head.lineage.as_ref().map(|lineage| lineage.to_vec()).unwrap_or_default();
    let ancestors: Vec<String> = ancestors.iter().map(ToString::to_string).collect();
    let ancestors = ancestors.join(", ");
    let initial = initial.strip_prefix(PLAIN).map_or(initial, |rest| rest.trim_end_matches('>'));
    let name = display_name(process);
    let last = last_message.unwrap_or("none");
    if has_subscriber() {
        tracing::error!(
            target: "otp::crash",
            name = %name,
            pid = %head.pid,
            label,
            parent = head.parent().map(tracing::field::display),
            ancestors,
            initial,
            last_message = last,
            reason = %reason,
            "process crashed"
        );
    } else {
        let pid = head.pid;
        let label = label.map(|label| format!(", {label}")).unwrap_or_default();
        eprintln!(
            "[error] {name} ({pid}{label}) crashed: {reason} (runs {initial}, started by \
             [{ancestors}], last message: {last})"
        );
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

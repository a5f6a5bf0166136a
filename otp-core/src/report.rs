//! Reports for people: crashes, messages without a handler, what supervisors did.
//!
//! They are `tracing` events, one line each, whatever the names and reasons contain. A program
//! without a `tracing` subscriber gets errors and warnings on standard error, so that no crash is
//! ever silent; but for the failed start of a tree, which its starter gets as an error. A storm of
//! them is cut short: see [`Limiter`].

use std::fmt::{Display, Write as _};
use std::time::Duration;

use crate::child_spec::Restart;
use crate::name::short_type_name;
use crate::node::Node;
use crate::pid::Pid;
use crate::process::block::{Process, display_name, with_control};
use crate::process::signal::find;
use crate::reason::ExitReason;
use crate::seam::{self, Instant};
use crate::sync::{Arc, AtomicBool, Mutex, Ordering};
use crate::sys::Event;

/// The program is given up: what dies with it is nobody's news.
static MUTED: AtomicBool = AtomicBool::new(false);

/// Reports nothing more, in the whole program.
pub(crate) fn mute() {
    MUTED.store(true, Ordering::Relaxed);
}

fn is_muted() -> bool {
    MUTED.load(Ordering::Relaxed)
}

/// Whether anybody listens to `tracing` events.
fn has_subscriber() -> bool {
    tracing::dispatcher::has_been_set()
}

/// One line of text that cannot pretend to be several, nor turn the terminal's colours.
pub(crate) fn clean(text: impl Display) -> String {
    let text = text.to_string();
    let mut line = String::with_capacity(text.len());
    for char in text.chars() {
        let turns_direction = matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if char.is_control() || turns_direction || matches!(char, '\u{2028}' | '\u{2029}') {
            line.extend(char.escape_default());
        } else {
            line.push(char);
        }
    }
    line
}

/// Processes by name, or by pid where they have none.
fn list(pids: impl IntoIterator<Item = Pid>, node: &Node) -> String {
    let mut text = String::new();
    for pid in pids {
        let separator = if text.is_empty() { "" } else { ", " };
        let _ = match find(node, pid) {
            Some(process) => write!(text, "{separator}{}", display_name(&*process)),
            None => write!(text, "{separator}{pid}"),
        };
    }
    clean(text)
}

/// The processes that led to one, the starter first.
fn ancestors(process: &dyn Process) -> String {
    let lineage = process.head().lineage.as_ref();
    let ancestors = lineage.map(|lineage| lineage.to_vec()).unwrap_or_default();
    let names: Vec<String> = ancestors.iter().map(ToString::to_string).collect();
    clean(names.join(", "))
}

/// What only the process itself can add to the report of its crash.
#[derive(Default)]
pub(crate) struct Details<'a> {
    /// The type of the state, with its path.
    pub(crate) server: Option<&'static str>,
    /// The function that an ordinary process runs, with its path.
    pub(crate) runs: Option<&'a str>,
    pub(crate) last_message: Option<&'a str>,
    /// The state, if it may be seen.
    pub(crate) state: Option<String>,
}

/// Reports that servers wait for each other.
pub(crate) fn deadlock(node: &Arc<Node>, circle: &str) {
    if !admit(node) {
        return;
    }
    let circle = clean(circle);
    if has_subscriber() {
        tracing::error!(target: "otp::deadlock", circle, "servers wait for each other");
    } else {
        eprintln!("[error] servers wait for each other: {circle}");
    }
}

/// Reports that a process ended with a reason that is a fault.
pub(crate) fn crash(process: &dyn Process, details: &Details<'_>, reason: &ExitReason) {
    let head = process.head();
    #[cfg(feature = "metrics")]
    crate::metrics::crashed(details.server);
    if !admit(&head.node) {
        return;
    }
    let (name, reason) = (clean(display_name(process)), clean(reason));
    let (label, links, queue_len) = with_control(process, |control, inbox| {
        let rare = control.get_rare();
        let label = rare.and_then(|rare| rare.label.clone());
        let links = rare.map(|rare| rare.links.to_vec()).unwrap_or_default();
        (label, links, inbox.len() + head.held())
    });
    let label = label.map(clean);
    let last = clean(details.last_message.unwrap_or("none"));
    let state = details.state.as_ref().map(clean);
    if has_subscriber() {
        tracing::error!(
            target: "otp::crash",
            name,
            pid = %head.pid,
            label,
            server = details.server,
            runs = details.runs,
            ancestors = ancestors(process),
            links = list(links, &head.node),
            queue_len,
            last_message = last,
            state,
            reason,
            "process crashed"
        );
    } else {
        let label = label.map(|label| format!(" \"{label}\"")).unwrap_or_default();
        let state = state.map(|state| format!("; state: {state}")).unwrap_or_default();
        eprintln!(
            "[error] {name} ({}){label} crashed: {reason} (last message: {last}{state})",
            head.pid
        );
    }
}

/// Reports a message that a server has no handler for; `dropped` is how many there were so far.
pub(crate) fn unhandled(process: &dyn Process, message_type: &str, dropped: u64) {
    let head = process.head();
    if !admit(&head.node) {
        return;
    }
    let name = clean(display_name(process));
    if has_subscriber() {
        tracing::warn!(
            target: "otp::unhandled",
            name,
            pid = %head.pid,
            message_type,
            dropped,
            "message without a handler was dropped"
        );
    } else {
        let message = short_type_name(message_type);
        eprintln!(
            "[warning] {name} ({}) dropped a message without a handler: {message} ({dropped} so \
             far; not said again for a minute)",
            head.pid
        );
    }
}

/// What a supervisor reports of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChildEvent {
    /// It could not be started together with its supervisor, whose starter gets the error.
    NotStarted,
    /// It could not be started or restarted.
    StartError,
    /// It ended, and that was a fault or brings it back.
    Terminated,
    /// It ended otherwise than it was told to.
    ShutdownError,
    /// It has to be restarted too often, so the supervisor ends.
    GivingUp,
}

impl ChildEvent {
    /// OTP's word for it, and what it means.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            ChildEvent::NotStarted | ChildEvent::StartError => {
                ("start_error", "could not be started")
            }
            ChildEvent::Terminated => ("child_terminated", "ended"),
            ChildEvent::ShutdownError => {
                ("shutdown_error", "ended otherwise while it was shut down")
            }
            ChildEvent::GivingUp => ("shutdown", "was restarted too often, giving up"),
        }
    }
}

/// A child as its supervisor reports it.
pub(crate) struct ChildReport<'a> {
    pub(crate) supervisor: &'a str,
    pub(crate) id: String,
    pub(crate) pid: Option<Pid>,
    pub(crate) restart: Restart,
    pub(crate) restarts: u64,
}

/// Reports what went wrong below a supervisor.
pub(crate) fn supervisor(child: &ChildReport<'_>, event: ChildEvent, reason: &ExitReason) {
    if !Node::current().is_none_or(|node| admit(&node)) {
        return;
    }
    let (context, words) = event.words();
    let (supervisor, id) = (clean(child.supervisor), clean(&child.id));
    let (reason, restart) = (clean(reason), format!("{:?}", child.restart).to_lowercase());
    if has_subscriber() {
        tracing::error!(
            target: "otp::supervisor",
            supervisor,
            context,
            id,
            pid = child.pid.map(tracing::field::display),
            restart,
            restarts = child.restarts,
            reason,
            "child {words}"
        );
    } else if event != ChildEvent::NotStarted {
        let pid = child.pid.map(|pid| format!(" ({pid})")).unwrap_or_default();
        eprintln!("[error] supervisor {supervisor}: {restart} child {id}{pid} {words}: {reason}");
    }
}

/// How a child came to be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// With its supervisor.
    First,
    /// Once more, by its supervisor.
    Again,
    /// Because somebody asked for it, who gets the answer.
    Asked,
}

/// Reports that a child has started. What somebody asked for is not worth a line at level info.
pub(crate) fn progress(child: &ChildReport<'_>, occasion: Occasion) {
    #[cfg(feature = "metrics")]
    if occasion == Occasion::Again {
        crate::metrics::restarted(&child.id);
    }
    let (supervisor, id) = (child.supervisor, &child.id);
    let pid = child.pid.map(tracing::field::display);
    if occasion == Occasion::Asked {
        tracing::debug!(target: "otp::progress", supervisor, id, pid, "started");
        return;
    }
    let heard = || tracing::enabled!(target: "otp::progress", tracing::Level::INFO);
    let admitted = || Node::current().is_none_or(|node| admit(&node));
    if occasion == Occasion::First || (heard() && admitted()) {
        let (supervisor, id) = (clean(supervisor), clean(id));
        tracing::info!(target: "otp::progress", supervisor, id, pid, "started");
    }
}

/// Reports that an application has ended although nobody has asked for it.
pub(crate) fn application_ended(name: &str, reason: &ExitReason) {
    if is_muted() {
        return;
    }
    let (name, line) = (clean(name), clean(reason));
    if *reason == ExitReason::Normal {
        tracing::info!(target: "otp::application", name, reason = line, "ended");
    } else if has_subscriber() {
        tracing::error!(target: "otp::application", name, reason = line, "ended");
    } else {
        eprintln!("[error] application {name} ended: {line}");
    }
}

/// Reports that a callback failed which nobody may be waiting for.
pub(crate) fn application_callback(name: &str, callback: &str, reason: &ExitReason) {
    if is_muted() {
        return;
    }
    let (name, reason) = (clean(name), clean(reason));
    if has_subscriber() {
        tracing::error!(target: "otp::application", name, callback, reason, "callback failed");
    } else {
        eprintln!("[error] application {name}: {callback} failed: {reason}");
    }
}

/// Reports an event of a server that is traced.
pub(crate) fn trace(process: &dyn Process, event: &Event) {
    let (name, event) = (clean(display_name(process)), clean(event));
    if has_subscriber() {
        tracing::info!(target: "otp::sys", name, pid = %process.head().pid, event, "trace");
    } else {
        eprintln!("[trace] {name} ({}) {event}", process.head().pid);
    }
}

/// Reports that an installed debug function panicked.
pub(crate) fn debug_function(process: &dyn Process, id: &str, reason: &ExitReason) {
    if !admit(&process.head().node) {
        return;
    }
    let (name, id, reason) = (clean(display_name(process)), clean(id), clean(reason));
    if has_subscriber() {
        tracing::warn!(target: "otp::sys", name, id, reason, "debug function was removed");
    } else {
        eprintln!("[warning] {name}: the debug function {id} failed and was removed: {reason}");
    }
}

/// Reports a configuration that cannot be used, where nobody can be told by a result.
#[cfg(feature = "config")]
pub(crate) fn configuration(text: &str) {
    if Node::current().is_some_and(|node| !admit(&node)) {
        return;
    }
    let text = clean(text);
    if has_subscriber() {
        tracing::warn!(target: "otp::env", text, "configuration");
    } else {
        eprintln!("[warning] configuration: {text}");
    }
}

/// How many reports may come at once.
const BURST: u32 = 16;
/// How long it takes until one more may come.
const REFILL: Duration = Duration::from_secs(5);
/// A storm is over when nothing was suppressed for so long.
const CALM: Duration = Duration::from_secs(1);
/// A storm that does not end is summed up so often, in units of [`CALM`].
const SUM_UP: u32 = 10;

/// Bounds the reports of a node.
///
/// In any ten seconds there are at most 20 lines: `BURST` of them at once, then one every `REFILL`.
/// What is left out is counted, and one last line says how much that was.
#[derive(Default)]
pub(crate) struct Limiter(Mutex<Bucket>);

#[derive(Default)]
struct Bucket {
    used: u32,
    /// Since when the next refill is due.
    since: Option<Instant>,
    suppressed: u64,
    /// Somebody waits for the end of the storm.
    waiting: bool,
}

impl Bucket {
    fn take(&mut self, now: Instant) -> bool {
        let since = *self.since.get_or_insert(now);
        let elapsed = now.saturating_duration_since(since).as_secs() / REFILL.as_secs();
        let refilled = u32::try_from(elapsed).unwrap_or(u32::MAX).min(self.used);
        self.used -= refilled;
        self.since = if self.used == 0 { Some(now) } else { Some(since + REFILL * refilled) };
        let admitted = self.used < BURST;
        if admitted {
            self.used += 1;
        } else {
            self.suppressed += 1;
        }
        admitted
    }
}

/// Whether a report may appear. Counts it otherwise, and has somebody tell the count.
fn admit(node: &Arc<Node>) -> bool {
    if is_muted() {
        return false;
    }
    let mut bucket = node.reports.0.lock();
    let admitted = bucket.take(seam::now());
    let starts_waiting = !admitted && !std::mem::replace(&mut bucket.waiting, true);
    drop(bucket);
    if starts_waiting {
        seam::spawn_seldom(node, sum_up(Arc::clone(node)));
    }
    admitted
}

/// Waits for the end of a storm and says how much of it was not reported.
async fn sum_up(node: Arc<Node>) {
    let suppressed = || node.reports.0.lock().suppressed;
    for _ in 0..SUM_UP {
        let before = suppressed();
        seam::sleep(CALM).await;
        if suppressed() == before {
            break;
        }
    }
    flush(&node);
}

/// Says how many reports were suppressed, if there were any.
pub(crate) fn flush(node: &Node) {
    let mut bucket = node.reports.0.lock();
    bucket.waiting = false;
    let suppressed = std::mem::take(&mut bucket.suppressed);
    drop(bucket);
    if suppressed == 0 {
        return;
    }
    if has_subscriber() {
        tracing::warn!(target: "otp::report", suppressed, "further reports were suppressed");
    } else {
        eprintln!("[warning] {suppressed} further reports were suppressed");
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BURST, Bucket, REFILL, clean};
    use crate::seam;

    #[test]
    fn a_report_is_one_line() {
        assert_eq!(clean("a\nb\u{1b}[31m\u{202e}\u{2028}"), "a\\nb\\u{1b}[31m\\u{202e}\\u{2028}");
        assert_eq!(clean("값 ≤ 3"), "값 ≤ 3");
    }

    #[test]
    fn a_storm_gets_its_burst_and_then_one_line_now_and_then() {
        let mut bucket = Bucket::default();
        let start = seam::now();
        let admitted =
            |bucket: &mut Bucket, after| (0..100).filter(|_| bucket.take(start + after)).count();
        assert_eq!(admitted(&mut bucket, Duration::ZERO), BURST as usize);
        assert_eq!(admitted(&mut bucket, REFILL), 1);
        assert_eq!(admitted(&mut bucket, REFILL + REFILL / 2), 0);
        assert_eq!(admitted(&mut bucket, REFILL * 2), 1);
        assert_eq!(bucket.suppressed, 400 - u64::from(BURST) - 2);
        assert_eq!(admitted(&mut bucket, REFILL * 100), BURST as usize);
    }
}
